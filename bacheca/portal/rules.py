"""The rules of `check` that a community may judge for itself, and the limits that it may set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.errors import Problem
from bacheca.forms.messages import SENTENCES as FORM_SENTENCES
from bacheca.portal.messages import SENTENCES

LEVELS = ("error", "warning", "off")

RULES = frozenset(
    (
        *("KEY_TYPO", "DESCRIPTION_NONE", "DESCRIPTION_LONG", "TOPIC_TYPO"),
        *("PAGE_EMPTY", "PAGE_NAME", "PAGE_STRAY", "PAGE_LEFT_OUT", "PAGE_HIDDEN", "PAGE_STALE", "ADDRESS_NAME"),
        *("HEADING_LEVEL", "PICTURE_WORDS", "PICTURE_HEAVY", "PICTURE_UNUSED", "IMAGE_TEXT"),
        *("FORM_PICTURE_WORDS", "SETTING_UNKNOWN"),
        "SETTING_UNREAD",
        *("LINK_DEAD", "LINK_DRAFT", "LINK_ADDRESS", "LINK_SLASH", "LINK_ELSEWHERE", "ANCHOR_DEAD"),
        *("LINK_NOTHING", "LINK_LETTERS"),
        *("FORM_NOWHERE", "FORM_STRAY", "FORM_STRAY_NAME", "SPELLING", "SPELLING_NONE"),
        *("REFERENCE_DEAD", "REFERENCE_NAME"),
        *("HTML_OPEN", "HTML_CLOSE", "HTML_MOVED", "HTML_ERROR", "DATA_LACKS", "DATA_VALUE"),
    )
)
"""The codes whose level the settings may say: any other keeps readers and answers safe, or the build from failing."""

FOLLOWS = MappingProxyType(
    {
        "REFERENCE_DEAD": "LINK_DEAD",
        "REFERENCE_NAME": "ANCHOR_DEAD",
        "LINK_NOTHING": "LINK_DEAD",
        "LINK_LETTERS": "LINK_DEAD",
    }
)
"""What has the level of another rule where nothing is said of it: the same, found otherwise or in the built site."""

LIMITS = MappingProxyType({"description": 155, "picture": 150, "file": 25, "page": 1024, "site": 2048})
"""The limits: the most characters of a description, the most kilobytes of a picture, the most megabytes of a file.

Of what is published: the most kilobytes of a page's HTML, and the most megabytes of the whole.
"""

Tell = Callable[..., None]
"""Tells of a problem: its code, the keys that lead to the setting, and the values of its sentence."""


def levels_of(extra: Mapping[str, Any]) -> dict[str, str]:
    """Give the levels that the settings say, those alone that they may."""
    given = extra.get("rules")
    named = {str(code): level_of(value) for code, value in given.items()} if isinstance(given, dict) else {}
    said = {code: level for code, level in named.items() if code in RULES and level in LEVELS}
    return {**{code: said[other] for code, other in FOLLOWS.items() if other in said}, **said}


def level_of(value: object) -> str:
    """Give a level as it is called: to YAML, `off` is false."""
    return "off" if value is False else str(value)


def limits_of(extra: Mapping[str, Any]) -> dict[str, int]:
    """Give the limits, those of the settings where they say some."""
    given = extra.get("limits")
    said = given if isinstance(given, dict) else {}
    return {key: said[key] if _is_limit(said.get(key)) else usual for key, usual in LIMITS.items()}


def _is_limit(value: object) -> bool:
    return type(value) is int and value > 0


def check_rules(extra: Mapping[str, Any], tell: Tell) -> None:
    """Tell what is wrong with the levels and the limits of the settings.

    Args:
        extra: the settings of the portal's own.
        tell: is told of each problem.
    """
    for name, example in (("rules", "rules: {PICTURE_WORDS: warning}"), ("limits", "limits: {picture: 300}")):
        if not isinstance(extra.get(name, {}), dict):
            tell("SETTING_RULE_LEVEL", ("extra", name), key=f"extra.{name}", value=extra[name], example=example)
    given = extra.get("rules")
    for code, value in given.items() if isinstance(given, dict) else ():
        way, level = ("extra", "rules", str(code)), level_of(value)
        if code not in RULES and (code in SENTENCES or code in FORM_SENTENCES):
            tell("SETTING_RULE_KEPT", way, value=code)
        elif code not in RULES:
            tell("SETTING_RULE", way, value=code, near=nearest(code, RULES, 0.0))
        elif level not in LEVELS:
            near = f"{code}: {nearest(level, LEVELS, 0.0)}"
            tell("SETTING_RULE_LEVEL", way, key=code, value=value, example=near)
    given = extra.get("limits")
    for key, value in given.items() if isinstance(given, dict) else ():
        near = str(key) if key in LIMITS else nearest(key, LIMITS, 0.0)
        if key not in LIMITS or not _is_limit(value):
            values = {"key": f"extra.limits.{key}", "value": value, "example": f"{near}: {LIMITS[near]}"}
            tell("SETTING_RULE_LEVEL", ("extra", "limits", str(key)), **values)


def levelled(problems: Iterable[Problem], levels: Mapping[str, str]) -> Iterator[Problem]:
    """Give problems at the levels that the settings say, and none that they switch off.

    Args:
        problems: what was found.
        levels: the levels, by code.
    """
    for problem in problems:
        level = levels.get(problem.code, "")
        if level != "off":
            yield replace(problem, level=level) if level else problem
