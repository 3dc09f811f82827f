"""A page runs its own scripts and posts to its own addresses, and no others."""

import base64
import hashlib
from typing import Any
from unittest.mock import Mock

import pytest
from werkzeug import Response
from werkzeug.test import Client

from forms_server.crypto.tokens import Secret
from forms_server.http.guard import Guard
from forms_server.http.page_shell import Shell
from forms_server.http.security_headers import Inline, StrictTransport, content_policy, inline_of
from forms_server.settings import Settings


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
    guard = Guard(Settings(**settings), Secret("s" * 32), Mock(), Shell(None))
    answer = Client(StrictTransport(Response("ok"), guard.is_encrypted)).get("/", **asked)
    assert answer.text == "ok"
    sent = answer.headers.get("Strict-Transport-Security")
    assert sent == ("max-age=31536000" if strict else None)
