"""How far catalogues are, and that a language without one is one of which everything is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bacheca.portal import catalogue_status
from bacheca.portal.catalogue_status import Status, folders, languages, said_in_english, status_of
from bacheca.portal.commands.build import main
from tests.bacheca.portal.conftest import Sketch


def test_the_catalogues_of_all_three_are_counted() -> None:
    assert {status.domain for status in status_of("it")} >= {"forms", "portal", "forms_server"}
    assert [(one.fuzzy, one.missing, one.stale) for one in status_of("it")] == [(0, 0, 0)] * len(list(status_of("it")))
    assert {"it", "de", "fr", "es"} <= set(languages())


def test_what_is_empty_is_missing_what_is_in_doubt_is_told_apart_and_what_nobody_asks_for_is_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folders()[0] / "it", tmp_path / "it")
    own = tmp_path / "pt" / "LC_MESSAGES"
    own.mkdir(parents=True)
    for path in (tmp_path / "it" / "LC_MESSAGES").glob("*.po"):
        if path.stem != "codebook":
            path.unlink()
    text = (tmp_path / "it" / "LC_MESSAGES" / "codebook.po").read_text(encoding="utf-8")
    head, first, second, *rest = text.split("\n\n")
    first = first[: first.index("msgstr")] + 'msgstr ""'
    extra = 'msgid "Nobody asks for this"\nmsgstr "x"\n'
    (own / "codebook.po").write_text("\n\n".join([head, first, f"#, fuzzy\n{second}", *rest, extra]), encoding="utf-8")
    monkeypatch.setattr(catalogue_status, "folders", lambda: (tmp_path,))
    (whole,) = status_of("it")
    assert list(status_of("pt")) == [Status("pt", "codebook", whole.done - 2, 1, 1, 1)]
    assert list(status_of("pt-BR")) == [Status("pt-BR", "codebook", whole.done - 2, 1, 1, 1)]
    assert said_in_english("pt") == (2, whole.total)
    assert said_in_english("en-GB") == (0, 0)


def test_the_command_says_it_of_each_catalogue_and_the_check_of_each_language(sketch: Sketch) -> None:
    run = CliRunner()
    said = run.invoke(main, ["translations", "status", "--lang", "en", "it", "pt"]).output
    assert "it portal.po: " in said
    assert "0 missing, 0 stale" in said
    assert "pt: no catalogue yet" in said
    shutil.move(sketch.root / "content/en", sketch.root / "content/pt")
    (sketch.root / "mkdocs.en.yml").unlink()
    sketch.settings(
        "mkdocs.pt.yml",
        {
            "INHERIT": "mkdocs.yml",
            "site_url": "https://prova.example.org/pt/",
            "docs_dir": "content/pt",
            "theme": {"language": "pt"},
            "plugins": {"blog": {"enabled": False}},
            "nav": [{"Form": "form.md"}],
        },
    )
    (sketch.root / "content/forms/prova.en.yaml").rename(sketch.root / "content/forms/prova.pt.yaml")
    checked = run.invoke(main, ["check", "--config-file", str(sketch.config_file)])
    total = f"{said_in_english('pt')[1]:,}".replace(",", ".")
    assert f"Português: sono in inglese {total} frasi su {total}" in checked.output
    assert checked.exit_code == 0, checked.output
