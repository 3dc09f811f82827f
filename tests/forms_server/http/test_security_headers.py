"""A page runs its own scripts and posts to its own addresses, and no others."""

import base64
import hashlib
from functools import partial
from typing import Any

import pytest
from werkzeug import Response
from werkzeug.test import Client

from forms_server.http.security_headers import (
    Inline,
    StrictTransport,
    content_policy,
    harden,
    inline_of,
    is_encrypted,
)
from forms_server.settings import Settings

PORTAL = "https://portal.example"


def source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_scripts_and_styles_that_stand_in_a_page_are_found_as_they_stand() -> None:
    script = 'if (a < b && "</p>") {\n  perché("<b>&amp;");\n}'
    page = (
        f"<!doctype html><STYLE>p > a {{ x: '&' }}</STYLE><script>{script}</script>"
        '<script src="a.js"></script><script type="module">b</script>'
        '<script type="application/json">{"c": 1}</script><script type="application/ld+json">{}</script>'
        "<p>script</p><script></script>"
    )
    found = inline_of(page)
    assert found.scripts == {source(script), source("b"), source("")}
    assert found.styles == {source("p > a { x: '&' }")}


def test_what_stands_in_several_pages_is_put_together() -> None:
    both = inline_of("<script>a</script>") | inline_of("<script>b</script><style>c</style>")
    assert both == Inline(frozenset({source("a"), source("b")}), frozenset({source("c")}))


def test_a_policy_allows_what_is_its_own_and_nothing_unsafe() -> None:
    policy = content_policy(inline_of("<script>a</script>"), ["https://forms.example"])
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == f"'self' {source('a')}"
    assert directives["style-src"] == "'self'"
    assert directives["form-action"] == "'self' https://forms.example"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'self'"
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize(
    ("settings", "asked", "strict"),
    [
        ({}, {}, False),
        ({}, {"base_url": "https://forms.example"}, True),
        ({"public_url": "https://forms.example"}, {}, True),
        ({"public_url": "http://forms.example"}, {}, False),
        ({"proxies": 1}, {"headers": {"X-Forwarded-Proto": "https"}}, True),
        ({"proxies": 1}, {"headers": {"X-Forwarded-Proto": "https, http"}}, False),
        ({}, {"headers": {"X-Forwarded-Proto": "https"}}, False),
    ],
)
def test_who_has_come_by_tls_is_told_to_come_by_nothing_else(
    settings: dict[str, Any], asked: dict[str, Any], strict: bool
) -> None:
    answer = Client(StrictTransport(Response("ok"), partial(is_encrypted, Settings(**settings)))).get("/", **asked)
    assert answer.text == "ok"
    sent = answer.headers.get("Strict-Transport-Security")
    assert sent == ("max-age=31536000" if strict else None)


def test_an_answer_is_private_and_its_page_to_itself() -> None:
    response = Response("<h1>", mimetype="text/html")
    harden(response, Inline(), (PORTAL,))
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert f"form-action 'self' {PORTAL};" in response.headers["Content-Security-Policy"]


def test_what_an_answer_says_itself_stays() -> None:
    response = Response("{}", mimetype="application/json", headers={"Cache-Control": "max-age=60"})
    harden(response, Inline(), ())
    assert response.headers["Cache-Control"] == "max-age=60"
    assert "Content-Security-Policy" not in response.headers


def test_only_the_scripts_of_the_shell_may_run_whatever_the_page_holds() -> None:
    response = Response("<script>alert(1)</script>", mimetype="text/html")
    harden(response, Inline(), ())
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    (injected,) = inline_of("<script>alert(1)</script>").scripts
    assert injected not in policy
