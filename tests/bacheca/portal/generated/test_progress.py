"""The page on how the community is doing: what it shows, and that nothing is needed for it to be there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from bacheca.portal.build.read import read_content
from bacheca.portal.generated.progress import counts_of, digest
from bacheca.portal.settings import Portal, load_portal
from tests.bacheca.forms.samples import sample_form
from tests.bacheca.portal.conftest import SETTINGS

HOME = "---\ntitle: Prova\ndescription: Una prova.\ntranslation: home\n---\n# Prova\n"
GLOSSARY = "---\ntitle: Parole\ndescription: Le parole.\ntranslation: glossary\n---\n# Parole\n\n## Chat\n\n## Post\n"


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    (tmp_path / "content" / "it").mkdir(parents=True)
    (tmp_path / "content" / "it" / "index.md").write_text(HOME, encoding="utf-8")
    (tmp_path / "content" / "it" / "glossario.md").write_text(GLOSSARY, encoding="utf-8")
    extra: dict[str, Any] = {**SETTINGS["extra"], "progress": True}
    settings = {**SETTINGS, "nav": ["index.md"], "plugins": {"search": {}}, "extra": extra}
    (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return load_portal(tmp_path / "mkdocs.yml")


def keep(portal: Portal, path: str, text: str) -> None:
    file = portal.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def body(portal: Portal) -> str:
    content, problems = read_content(portal)
    assert not problems
    (page,) = content.written["it"]
    assert (page.path, page.url) == ("andamento.md", "andamento/")
    return page.body


def test_the_page_is_there_before_anything_was_counted(portal: Portal) -> None:
    text = body(portal)
    assert "parole spiegate" in text
    assert text.count("<h2") == 1  # what is empty is not there
    assert "<strong>2</strong> parole spiegate" in text  # and one number is no chart
    assert "<table" not in text
    (portal.root / "content" / "it" / "glossario.md").unlink()
    assert body(portal).count("Ancora niente da mostrare.") == 1
    assert "\n\n<" not in text.split("<div", 1)[1]  # one block of HTML for Markdown


def test_it_shows_members_traffic_and_answering_times(portal: Portal) -> None:
    keep(portal, "data/progress/progress.csv", "month,kind,form,count\n2026-10,members,gruppo,40\n")
    views = "2026-11-02,page,/x/,12\n2026-11-03,page,/glossario/,8\n"
    keep(portal, "data/traffic/traffic.csv", f"day,kind,name,views\n{views}")
    keep(portal, "content/answering-times.csv", "month,hours\n2026-11,5.5\n")
    text = body(portal)
    for said in ("ottobre 2026", ">40<", "/x/", ">Parole<", ">12<", ">20<", ">5,5<", "results-bar"):
        assert said in text


def test_the_home_page_says_the_largest_counts_that_are_known(portal: Portal, tmp_path: Path) -> None:
    forms = {name: sample_form(tmp_path, name) for name in ("prova", "altra")}
    assert counts_of(portal, portal.main, forms) == []
    rows = ("confirmations,prova,1240", "confirmations,altra,90", "confirmations,gone,9000", "answers,prova,0")
    keep(portal, "data/progress/progress.csv", "month,kind,form,count\n" + "".join(f"2026-10,{row}\n" for row in rows))
    assert counts_of(portal, portal.main, forms) == [
        {"value": "1.240", "what": "Adesioni confermate, arrotondate alle decine", "form": "Come va la comunità"}
    ]


def test_lines_that_are_no_figures_are_left_out(portal: Portal) -> None:
    keep(portal, "content/answering-times.csv", "month,hours\n2026-11,presto\nieri,3\n2026-10,4\n2026-09\n")
    assert body(portal).count("<strong>") == 2  # the glossary's, and that of October


def test_a_portal_that_does_not_ask_for_it_has_no_such_page(portal: Portal) -> None:
    config = {**portal.main.config, "extra": {**portal.main.config["extra"], "progress": False}}
    quiet = replace(portal, languages=(replace(portal.main, config=config),))
    assert read_content(quiet)[0].written["it"] == ()


def test_the_digest_of_a_month_is_markdown(portal: Portal) -> None:
    keep(portal, "data/traffic/traffic.csv", "day,kind,name,views\n2026-11-02,page,/profilo/,12\n2026-10-03,page,/,8\n")
    content, _ = read_content(portal)
    text = digest(portal, portal.main, content.pages["it"], content.forms, "2026-11")
    assert text.startswith("## Come va la comunità: novembre 2026\n")
    assert "- /profilo/: 12" in text
    assert "- /: 8" not in text
