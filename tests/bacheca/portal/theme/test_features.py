"""What Material calls the features of its theme: all may be asked for, and the documents say what becomes of each."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import material  # type: ignore[import-untyped]
import pytest

from bacheca.portal.build.stage import staged_settings
from tests.bacheca.portal.conftest import SETTINGS, Sketch
from tests.bacheca.portal.theme.rendered import Theme
from tests.journeys.service import ROOT

TEMPLATES = Path(material.__file__).parent / "templates"
ASKED = re.compile(r'"((?:announce|content|header|navigation|search|toc)\.[a-z.]+)" (?:not )?in features')
SAID = re.compile(r"`((?:announce|content|header|navigation|search|toc)\.[a-z.*]+)`")


def known() -> set[str]:
    files = (*TEMPLATES.rglob("*.html"), *(TEMPLATES / "assets/javascripts").glob("bundle.*.js"))
    return {name for file in files for name in ASKED.findall(file.read_text(encoding="utf-8"))}


def test_the_engine_s_theme_is_asked_for_nothing(sketch: Sketch) -> None:
    settings = copy.deepcopy(SETTINGS)
    settings["theme"]["features"] = sorted(known() | {"search.highlight"})
    sketch.settings("mkdocs.yml", settings)
    for language in sketch.portal().languages:
        staged = staged_settings(sketch.portal(), language, sketch.content())
        assert staged["theme"]["features"] == []


def test_the_documents_say_what_becomes_of_every_feature() -> None:
    said = SAID.findall((ROOT / "docs/pages.md").read_text(encoding="utf-8"))
    names = {name for name in said if not name.endswith("*")}
    kinds = tuple(name[:-1] for name in said if name.endswith("*"))
    families = ("navigation.instant.",)
    assert len(known()) > 10
    assert {name for name in known() - names if not name.startswith((*kinds, *families))} == set()


@pytest.mark.parametrize(("language", "spoken", "search"), [("rm", "en", "Search"), ("de-AT", "de", "Suche")])
def test_the_words_of_material_are_said_where_it_lacks_the_language(
    tmp_path: Path, language: str, spoken: str, search: str
) -> None:
    config = {"theme": {"language": language}, "extra": {"spoken": spoken}}
    template = Theme(tmp_path, ["index.md"]).environment.get_template("partials/language.html")
    t = vars(template.make_module({"config": config}))["t"]
    assert (t("language"), t("search")) == (language, search)
