"""The results that a build takes: from a folder or the service, checked, kept, never half."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import markdown
import pytest

from bacheca.forms import Form, limits, load_form
from bacheca.forms.results.package import DESCRIPTOR, QUOTATIONS, RESULTS, open_results, write_results
from bacheca.forms.set_days import SET_DAYS, TOLD, SetDays, as_text
from bacheca.portal.build.fetch_results import take_results, take_set_days
from bacheca.portal.build.read import Content, read_content
from bacheca.portal.errors import ContentProblems
from bacheca.portal.settings import Portal, load_portal
from tests.bacheca.forms.samples import NOW, sample_form, sample_results
from tests.bacheca.portal.conftest import SETTINGS

PAGE = """\
---
title: Risultati
description: Che cosa avete risposto.
translation: results
---
# Risultati

/// results | prova
///
"""


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    import yaml  # noqa: PLC0415

    (tmp_path / "content" / "it").mkdir(parents=True)
    (tmp_path / "content" / "forms").mkdir()
    (tmp_path / "content" / "it" / "index.md").write_text(PAGE, encoding="utf-8")
    settings = {**SETTINGS, "nav": ["index.md"], "plugins": {"search": {}}}
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    sample_form(tmp_path / "content" / "forms")
    return load_portal(tmp_path / "mkdocs.yml")


@pytest.fixture
def content(portal: Portal) -> Content:
    found, problems = read_content(portal)
    assert not problems
    return found


@pytest.fixture
def form(portal: Portal) -> Form:
    return load_form(portal.forms / "prova.yaml")


@pytest.fixture
def source(portal: Portal, form: Form) -> Path:
    folder = portal.root / "data" / "results"
    write_results(folder / "prova", form, sample_results(form))
    return folder


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def service(portal: Portal, form: Form) -> Iterator[str]:
    write_results(portal.root / "served" / "forms" / "prova" / "results", form, sample_results(form))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(portal.root / "served")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def codes(portal: Portal, content: Content, source: str) -> set[str]:
    with pytest.raises(ContentProblems) as raised:
        take_results(portal, content, source)
    return {problem.code for problem in raised.value.problems}


def drawn(portal: Portal) -> str:
    settings = {"folder": str(portal.forms), "results": str(portal.build / "results")}
    return markdown.markdown(
        "/// results | prova\n///\n",
        extensions=["bacheca.portal.markdown.results_block"],
        extension_configs={"bacheca.portal.markdown.results_block": settings},
    )


def test_the_block_draws_what_was_taken(portal: Portal, content: Content, source: Path) -> None:
    assert take_results(portal, content, "data/results") == []
    assert "results-bar" in drawn(portal)
    assert str(source)


def test_without_results_the_block_says_when_they_come(portal: Portal, content: Content) -> None:
    assert take_results(portal, content, "data/results") == []
    assert "dopo la chiusura" in drawn(portal)


def test_results_come_from_the_service(portal: Portal, content: Content, form: Form, service: str) -> None:
    assert take_results(portal, content, service) == []
    assert open_results(portal.build / "results" / "prova", form) == sample_results(form)


def test_when_the_service_is_away_the_last_good_results_stay_and_say_so(
    portal: Portal, content: Content, service: str
) -> None:
    take_results(portal, content, service)
    assert take_results(portal, content, "http://127.0.0.1:9") == ["prova"]
    assert "risultati più recenti" in drawn(portal)
    take_results(portal, content, service)
    assert "risultati più recenti" not in drawn(portal)


Answer = Callable[[str, bytes], bytes]


def plain(name: str, body: bytes, *, status: str = "200 OK", kind: str = "", more: str = "") -> bytes:
    kind = kind or {"json": "application/json", "csv": "text/csv"}[name.rpartition(".")[2]]
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def saying(**changes: Any) -> Answer:
    """Change what the descriptor says."""

    def answer(name: str, body: bytes) -> bytes:
        if name == DESCRIPTOR:
            body = json.dumps(
                {**json.loads(body), **{key.replace("__", ":"): v for key, v in changes.items()}}
            ).encode()
        return plain(name, body)

    return answer


def listing(**changes: Any) -> Answer:
    """Change what the descriptor says of its table."""

    def answer(name: str, body: bytes) -> bytes:
        if name == DESCRIPTOR:
            said = json.loads(body)
            said["resources"][0].update(changes)
            body = json.dumps(said).encode()
        return plain(name, body)

    return answer


def instead(file: str, text: bytes) -> Answer:
    return lambda name, body: plain(name, text if name == file else body)


def counting(value: str) -> Answer:
    """Change a count of the table, and what depends on it."""

    def answer(name: str, body: bytes) -> bytes:
        if name == RESULTS:
            body = re.sub(rb"(,count,)\d+", rb"\g<1>" + value.encode(), body, count=1)
        return plain(name, body)

    return answer


STRANGE: dict[str, tuple[Answer, str]] = {
    "a redirect": (
        lambda name, body: plain(name, b"", status="302 Found", more="Location: /other\r\n"),
        "RESULTS_SOURCE",
    ),
    "another status": (lambda name, body: plain(name, body, status="204 No Content"), "RESULTS_SOURCE"),
    "a page": (lambda name, body: plain(name, b"<html>", kind="text/html"), "RESULTS_SOURCE"),
    "packed": (
        lambda name, body: plain(name, gzip.compress(b"0" * 10**7), more="Content-Encoding: gzip\r\n"),
        "RESULTS_SOURCE",
    ),
    "too long": (lambda name, body: plain(name, b" " * (limits.RESULTS + 1)), "RESULTS_SOURCE"),
    "no JSON": (instead(DESCRIPTOR, b"{"), "RESULTS_FILE"),
    "no object": (instead(DESCRIPTOR, b"[]"), "RESULTS_FILE"),
    "no UTF-8": (instead(DESCRIPTOR, b"\xff"), "RESULTS_FILE"),
    "brackets": (instead(DESCRIPTOR, b"[" * 100_000), "RESULTS_FILE"),
    "digits": (instead(DESCRIPTOR, b'{"a": ' + b"1" * 100_000 + b"}"), "RESULTS_FILE"),
    "NaN in JSON": (instead(DESCRIPTOR, b'{"a": NaN}'), "RESULTS_FILE"),
    "another form": (saying(bacheca__form="altra"), "RESULTS_FORM"),
    "a form of another kind": (saying(bacheca__form=["prova"]), "RESULTS_FILE"),
    "a name that moves the cursor": (saying(bacheca__form="\x1b[2J"), "RESULTS_FILE"),
    "a threshold in words": (saying(bacheca__threshold="5"), "RESULTS_FILE"),
    "a threshold that is none": (saying(bacheca__threshold=True), "RESULTS_FILE"),
    "a negative threshold": (saying(bacheca__threshold=-5), "RESULTS_FILE"),
    "a day that is none": (saying(bacheca__since="2026-02-30"), "RESULTS_FILE"),
    "a moment without a zone": (saying(created="2026-11-23T10:00:00"), "RESULTS_FILE"),
    "no resources": (saying(resources=None), "RESULTS_FILE"),
    "a resource elsewhere": (listing(path="http://127.0.0.1:9/x.csv"), "RESULTS_INVALID"),
    "a path that leads out": (listing(path="../../x.csv"), "RESULTS_INVALID"),
    "a database": (listing(path="sqlite:///x.db"), "RESULTS_INVALID"),
    "several paths": (listing(path=["results.csv", "x.csv"]), "RESULTS_INVALID"),
    "a schema elsewhere": (listing(schema="http://127.0.0.1:9/schema.json"), "RESULTS_INVALID"),
    "NaN": (counting("NaN"), "RESULTS_FILE"),
    "infinity": (counting("Infinity"), "RESULTS_FILE"),
    "a number beyond all": (counting("1E+100000"), "RESULTS_FILE"),
    "a negative count": (counting("-7"), "RESULTS_FILE"),
    "half a person": (counting("7.5"), "RESULTS_FILE"),
    "other digits": (counting("١٢"), "RESULTS_FILE"),
    "another count": (counting("777"), "RESULTS_TORN"),
    "other columns": (instead(RESULTS, b"a,b\n1,2\n"), "RESULTS_FILE"),
    "a quote left open": (lambda name, body: plain(name, body + (b'"' if name == RESULTS else b"")), "RESULTS_FILE"),
    "NUL": (lambda name, body: plain(name, body + (b"\0,,,,,\n" if name == RESULTS else b"")), "RESULTS_FILE"),
    "an escape": (
        lambda name, body: plain(name, body + (b"\x1b[2J,,,,count,9\n" if name == RESULTS else b"")),
        "RESULTS_FILE",
    ),
}


@pytest.fixture
def answering(portal: Portal, form: Form) -> Iterator[tuple[str, list[Answer], list[str]]]:
    """Run a service that answers as a test says; what it was asked for is written down."""
    package = portal.root / "served"
    write_results(package, form, sample_results(form))
    answers: list[Answer] = [plain]
    asked: list[str] = []

    class Strange(StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline().decode().split(" ")[1])
            while self.rfile.readline().strip():
                pass
            name = asked[-1].rpartition("/")[2]
            with suppress(OSError):
                self.wfile.write(answers[0](name, (package / name).read_bytes()))

    server = ThreadingTCPServer(("127.0.0.1", 0), Strange)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", answers, asked
    server.shutdown()
    server.server_close()


def test_whatever_else_a_service_answers_is_said_and_what_was_shown_stays(
    portal: Portal, content: Content, form: Form, answering: Any
) -> None:
    url, answers, asked = answering
    take_results(portal, content, url)
    found = {}
    for what, (answer, _) in STRANGE.items():
        answers[0] = answer
        with pytest.raises(ContentProblems) as raised:
            take_results(portal, content, url)
        found[what] = "/".join({problem.code for problem in raised.value.problems})
        assert "\x1b" not in str(raised.value)
        assert open_results(portal.build / "results" / "prova", form) == sample_results(form)
    assert found == {what: code for what, (_, code) in STRANGE.items()}
    place = "/forms/prova/results/"
    assert set(asked) <= {place + DESCRIPTOR, place + RESULTS, place + QUOTATIONS}, "it led elsewhere"


@pytest.mark.parametrize("status", ["404 Not Found", "500 Internal Server Error", "503 Service Unavailable"])
def test_a_service_that_has_none_now_leaves_what_was_shown(
    portal: Portal, content: Content, answering: Any, status: str
) -> None:
    url, answers, _ = answering
    take_results(portal, content, url)
    answers[0] = lambda name, body: plain(name, body, status=status)
    assert take_results(portal, content, url) == ["prova"]


def test_a_service_that_breaks_off_or_never_ends_is_away(
    portal: Portal, content: Content, answering: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, answers, _ = answering
    take_results(portal, content, url)
    answers[0] = lambda name, body: plain(name, body)[:-1]
    assert take_results(portal, content, url) == ["prova"]
    monkeypatch.setattr("bacheca.forms.limits.RESULTS_SECONDS", 1)
    until = threading.Event()

    def slowly(name: str, body: bytes) -> bytes:
        until.wait(20)  # far longer than the limit, and shorter than nobody's patience
        return plain(name, body)

    answers[0] = slowly
    assert take_results(portal, content, url) == ["prova"]
    assert not until.is_set()
    until.set()


def test_an_address_that_no_service_has_is_said(portal: Portal, content: Content) -> None:
    strange = ["ftp://127.0.0.1/", "file:///etc", "http://", "http://127.0.0.1:x", "http://a@127.0.0.1", "http://a b"]
    assert [codes(portal, content, url) for url in strange] == [{"RESULTS_SOURCE"}] * len(strange)


def test_what_is_kept_of_a_service_s_answer_is_written_from_our_own_form(
    portal: Portal, content: Content, answering: Any
) -> None:
    url, answers, _ = answering
    answers[0] = saying(title="<script>", profile="http://127.0.0.1:9/profile.json", licenses=[], extra={"a": 1})
    take_results(portal, content, url)
    said = json.loads((portal.build / "results" / "prova" / DESCRIPTOR).read_text(encoding="utf-8"))
    assert (said["title"], said.get("profile"), said.get("extra")) == ("Risultati: Come va la comunità", None, None)


def test_older_results_than_those_shown_stop_the_build(
    portal: Portal, content: Content, form: Form, source: Path
) -> None:
    take_results(portal, content, "data/results")
    write_results(source / "prova", form, sample_results(form, created=NOW - timedelta(days=1)))
    assert codes(portal, content, "data/results") == {"RESULTS_OLDER"}


def test_the_results_of_another_form_stop_the_build(portal: Portal, content: Content, source: Path) -> None:
    other = sample_form(portal.root, "altra")
    write_results(source / "prova", other, sample_results(other))
    assert codes(portal, content, "data/results") == {"RESULTS_FORM"}


def test_results_that_do_not_hold_stop_the_build_and_leave_what_is_shown(
    portal: Portal, content: Content, form: Form, source: Path
) -> None:
    take_results(portal, content, "data/results")
    descriptor = source / "prova" / "datapackage.json"
    said = json.loads(descriptor.read_text(encoding="utf-8"))
    said["resources"][0]["schema"]["fields"][0]["name"] = "campo"
    descriptor.write_text(json.dumps(said), encoding="utf-8")
    assert codes(portal, content, "data/results") == {"RESULTS_INVALID"}
    assert open_results(portal.build / "results" / "prova", form) == sample_results(form)


def test_a_block_of_no_form_or_left_open_is_a_problem(portal: Portal) -> None:
    text = PAGE.replace("results | prova\n///", "results | altra\n")
    (portal.root / "content" / "it" / "index.md").write_text(text, encoding="utf-8")
    found = [problem.code for problem in read_content(portal)[1]]
    assert [code for code in found if code != "FORM_NOWHERE"] == ["BLOCK_OPEN", "FORM_UNKNOWN"]


def test_days_set_at_the_desk_hold_in_pages_and_in_what_is_said_of_forms(
    portal: Portal, form: Form, source: Path, answering: Any
) -> None:
    url, answers, _ = answering
    path = portal.forms / "prova.yaml"
    path.write_text(path.read_text("utf-8").replace("fields:", 'form:closes: "2031-06-30"\nfields:', 1), "utf-8")
    said = {name: days.told() for name, days in {"prova": SetDays(shut_at=NOW), "altra": SetDays()}.items()}
    answers[0] = lambda name, _body: plain(name, json.dumps({"forms": {}, TOLD: said}).encode())
    (portal.root / "served" / "state.json").touch()

    def shown() -> tuple[bool, bool, str]:
        (found, _), now = read_content(portal), NOW + timedelta(hours=1)
        config = {"folder": str(portal.forms), "results": str(portal.told), "mail_to": "a@example.org"}
        block = "bacheca.portal.markdown.form_block"
        page = markdown.markdown("/// form | prova\n///\n", extensions=[block], extension_configs={block: config})
        reader = found.pages["it"][0].reader
        assert reader
        return found.forms["prova"].is_closed(now), "data-until" in page, reader.known["form.prova.closes"]

    as_filed = shown()
    assert as_filed == (False, True, "30 giugno 2031")
    assert take_set_days(portal, url)
    assert shown()[:2] == (True, True)  # there, for whoever opens it again to show
    assert read_content(portal)[0].rescheduled == ("prova",)
    answers[0] = lambda name, body: plain(name, body, status="503 Service Unavailable")
    assert not take_set_days(portal, url), "it is away: what it told last goes on to hold"
    assert shown()[0]
    (source / SET_DAYS).write_text(as_text({"prova": SetDays(closes=date.max)}), encoding="utf-8")
    assert take_set_days(portal, "data/results")
    assert shown() == (False, False, "…")
    (source / SET_DAYS).unlink()
    assert take_set_days(portal, "data/results")
    assert shown() == as_filed


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b"[" * 100_000, b'{"set": 7}', b'{"set": {"prova": []}}', b'{"set": {"prova": {"closes": 7}}}']
    + [b'{"set": {"prova": {"shut_at": "%s"}}}' % at for at in (b"2027-01-01", b"9999-12-31T23:00:00+00:00", b"x")],
)
def test_days_that_nobody_can_mean_change_nothing(portal: Portal, answering: Any, body: bytes) -> None:
    url, answers, _ = answering
    (portal.root / "served" / "state.json").touch()
    answers[0] = lambda name, _body: plain(name, body)
    assert take_set_days(portal, url) is (body == b'{"set": {"prova": []}}')
    assert read_content(portal)[0].rescheduled in ((), ("prova",))
