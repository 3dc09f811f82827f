"""`bacheca.portal.checks.release`: what is still to be filled in before the portal is published."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
from click.testing import CliRunner

from bacheca.portal.authoring.new_page import MAKERS
from bacheca.portal.checks.release import check_release
from bacheca.portal.commands.build import main as portal_command
from tests.bacheca.portal.conftest import ENGLISH, SETTINGS, Sketch


@pytest.fixture
def finished(sketch: Sketch) -> Sketch:
    """A portal with nothing left to fill in."""
    settings = copy.deepcopy(SETTINGS) | {"site_url": "https://bacheca.it/"}
    settings["extra"]["community"]["email"] = "noi@bacheca.it"
    sketch.settings("mkdocs.yml", settings)
    sketch.settings("mkdocs.en.yml", ENGLISH | {"site_url": "https://bacheca.it/en/"})
    return sketch


def found(sketch: Sketch) -> list[tuple[str, int, str]]:
    return [(p.path.replace(f"{sketch.root}/", ""), p.line, p.code) for p in check_release(sketch.portal())]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Il titolare è [DA COMPILARE: nome].", "RELEASE_PLACEHOLDER"),
        ("The controller is [TO BE FILLED IN: who].", "RELEASE_PLACEHOLDER"),
        ("Verantwortlich ist [AUSZUFÜLLEN: Name].", "RELEASE_PLACEHOLDER"),
        ("Le responsable est [À COMPLÉTER : nom].", "RELEASE_PLACEHOLDER"),
        ("El responsable es [POR COMPLETAR: nombre].", "RELEASE_PLACEHOLDER"),
        ("Lorem ipsum dolor sit amet.", "RELEASE_PLACEHOLDER"),
        ("Scrivi a info@bacheca.example.org.", "RELEASE_ADDRESS"),
        ("[Il sito](https://example.com/x)", "RELEASE_ADDRESS"),
    ],
)
def test_what_is_still_to_be_filled_in_is_named_at_its_line(finished: Sketch, text: str, code: str) -> None:
    assert found(finished) == []
    finished.page("it/a.md", f"Uno.\n\n{text}\n", translation="a")
    assert found(finished) == [("content/it/a.md", 8, code)]


def test_a_sample_page_is_named(finished: Sketch) -> None:
    finished.page("it/a.md", "Uno.\n", translation="a", sample="true")
    assert found(finished) == [("content/it/a.md", 5, "RELEASE_SAMPLE")]


def test_settings_and_forms_count_too_and_their_comments_do_not(finished: Sketch) -> None:
    file = finished.root / "content/forms/prova.yaml"
    file.write_text(file.read_text() + "# come example.org\n")
    assert found(finished) == []
    file.write_text(file.read_text().replace("Serve a provare.", "Vedi example.org."))
    assert found(finished) == [("content/forms/prova.yaml", 4, "RELEASE_ADDRESS")]


@pytest.mark.parametrize("kind", ["page", "article"])
def test_a_new_page_is_to_be_filled_in(finished: Sketch, kind: str) -> None:
    portal = finished.portal()
    made = MAKERS[kind](portal, portal.main, "nuova", dt.date(2026, 11, 23))
    if kind == "article":  # it begins as a draft, which is not released
        assert found(finished) == []
        made.write_text(made.read_text(encoding="utf-8").replace("draft: true", "draft: false"), encoding="utf-8")
    assert {code for _, _, code in found(finished)} == {"RELEASE_PLACEHOLDER"}


def test_the_command_fails_until_nothing_is_left(finished: Sketch) -> None:
    finished.page("it/a.md", "[DA COMPILARE: nome]\n", translation="a")
    asked = ["check", "--release", "--config-file", str(finished.config_file)]
    done = CliRunner().invoke(portal_command, asked)
    assert done.exit_code == 1
    assert "a.md:6: RELEASE_PLACEHOLDER [errore] [DA COMPILARE: nome] è ancora da compilare" in done.output
    finished.page("it/a.md", "Ada\n", translation="a")
    done = CliRunner().invoke(portal_command, asked)
    assert (done.exit_code, done.output) == (0, "Non resta nulla da compilare.\n")
