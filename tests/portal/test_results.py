"""The results that a build takes: from a folder or the service, checked, kept, never half."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import markdown
import pytest

from forms import Form, load_form
from forms.results.package import read_results, write_results
from portal.content import Content, read_content
from portal.errors import ContentProblems
from portal.results import take_results
from portal.settings import Portal, load_portal
from tests.forms.samples import NOW, sample_form, sample_results
from tests.portal.conftest import SETTINGS

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
        extensions=["portal.results_block"],
        extension_configs={"portal.results_block": settings},
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
    assert read_results(portal.build / "results" / "prova", form) == sample_results(form)


def test_when_the_service_is_away_the_last_good_results_stay_and_say_so(
    portal: Portal, content: Content, service: str
) -> None:
    take_results(portal, content, service)
    assert take_results(portal, content, "http://127.0.0.1:9") == ["prova"]
    assert "risultati più recenti" in drawn(portal)
    take_results(portal, content, service)
    assert "risultati più recenti" not in drawn(portal)


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
    assert read_results(portal.build / "results" / "prova", form) == sample_results(form)


def test_a_block_of_no_form_or_left_open_is_a_problem(portal: Portal) -> None:
    text = PAGE.replace("results | prova\n///", "results | altra\n")
    (portal.root / "content" / "it" / "index.md").write_text(text, encoding="utf-8")
    assert [problem.code for problem in read_content(portal)[1]] == ["BLOCK_OPEN", "FORM_UNKNOWN"]
