"""`bacheca.portal.rules`: what a community may judge for itself, and what nobody may."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bacheca.portal.build.pipeline import build
from bacheca.portal.errors import ContentProblems
from bacheca.portal.messages import SENTENCES, WARNINGS
from bacheca.portal.rules import LIMITS, RULES
from bacheca.portal.settings import read_portal
from tests.bacheca.portal.conftest import SETTINGS, Sketch, quiet

PAGE = Path(__file__).parents[3] / "docs" / "pages.md"


def judged(sketch: Sketch, **extra: Any) -> Sketch:
    """Give a portal settings of its own."""
    sketch.settings("mkdocs.yml", SETTINGS | {"extra": {**SETTINGS["extra"], **extra}})
    return sketch


@pytest.mark.parametrize(
    ("level", "found"),
    [("error", [True]), ("warning", [False]), ("off", []), (False, [])],
)
def test_a_rule_is_an_error_a_warning_or_off(sketch: Sketch, level: object, found: list[bool]) -> None:
    sketch.page("it/a.md", "![](a.svg)", translation="a")
    judged(sketch, rules={"PICTURE_WORDS": level})
    assert [problem.stops for problem in sketch.problems()] == found


def test_a_warning_can_be_made_an_error(sketch: Sketch) -> None:
    sketch.page("it/a.md", "Testo.", translation="a", description="")
    assert [problem.stops for problem in sketch.problems()] == [False]
    assert [problem.stops for problem in judged(sketch, rules={"DESCRIPTION_NONE": "error"}).problems()] == [True]


def test_limits_are_settings(sketch: Sketch) -> None:
    sketch.page("it/a.md", "![Una foto](foto.svg)", translation="a", description="x" * 160)
    sketch.write("content/it/foto.svg", "x" * 200_000)
    assert {code for _, _, code in sketch.places()} == {"PICTURE_HEAVY", "DESCRIPTION_LONG"}
    assert judged(sketch, limits={"picture": 200, "description": 160}).places() == []


@pytest.mark.parametrize(
    ("extra", "code", "near"),
    [
        ({"rules": {"PICTURE_WORD": "off"}}, "SETTING_RULE", "PICTURE_WORDS"),
        ({"rules": {"PAGE_CODE": "off"}}, "SETTING_RULE_KEPT", ""),
        ({"rules": {"FILE_LINK": "warning"}}, "SETTING_RULE_KEPT", ""),
        ({"rules": {"FORM_TOO_MANY": "off"}}, "SETTING_RULE_KEPT", ""),
        ({"rules": {"RELEASE_PLACEHOLDER": "off"}}, "SETTING_RULE_KEPT", ""),
        ({"rules": {"LINK_HOME": "off"}}, "SETTING_RULE_KEPT", ""),
        ({"rules": {"PICTURE_WORDS": "warn"}}, "SETTING_RULE_LEVEL", "PICTURE_WORDS: warning"),
        ({"rules": ["PICTURE_WORDS"]}, "SETTING_RULE_LEVEL", ""),
        ({"limits": {"picture": "molto"}}, "SETTING_RULE_LEVEL", "picture: 150"),
        ({"limits": {"picture": 0}}, "SETTING_RULE_LEVEL", "picture: 150"),
        ({"limits": {"pictures": 9}}, "SETTING_RULE_LEVEL", "picture: 150"),
    ],
)
def test_what_cannot_be_set_is_told_at_its_line(sketch: Sketch, extra: dict[str, Any], code: str, near: str) -> None:
    judged(sketch, **extra)
    _, (problem,) = read_portal(sketch.config_file)
    text = sketch.config_file.read_text(encoding="utf-8").split("\n")
    (inner,) = extra.values()
    written = next(iter(inner)) if isinstance(inner, dict) else "rules"
    assert problem.code == code
    assert written in text[problem.line - 1]
    assert near in problem.remedy("en")


def test_a_rule_that_is_off_does_not_come_back_in_the_build(sketch: Sketch) -> None:
    sketch.page("it/a.md", "[Nulla](nulla.md) e [altro](modulo.md#altro)", translation="a")
    with pytest.raises(ContentProblems):
        build(sketch.portal("it"), sketch.root / "site", quiet, engine="mkdocs", full=False)
    judged(sketch, rules={"LINK_DEAD": "warning", "ANCHOR_DEAD": "off"})
    build(sketch.portal("it"), sketch.root / "site", quiet, engine="mkdocs", full=False)
    assert "nulla.md" in (sketch.root / "site/a/index.html").read_text(encoding="utf-8")


def test_the_rules_and_the_limits_are_documented_with_what_is_usual() -> None:
    text = PAGE.read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([A-Z_]+)` \| (errore|avviso) \|", text, re.MULTILINE)
    assert dict(listed) == {code: "avviso" if code in WARNINGS else "errore" for code in RULES}
    limits = re.findall(r"^\| `extra\.limits\.(\w+)` \| (\d+) \|", text, re.MULTILINE)
    assert {key: int(usual) for key, usual in limits} == dict(LIMITS)
    assert set(SENTENCES) >= RULES
