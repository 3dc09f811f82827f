"""Conditions made up by chance, with answers as people type them, and a plain way to tell whether they hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any

from babel.dates import get_month_names

CODES = {"a": ("r", "v", "b", "non-so"), "s": ("true", "false"), "m": ("x", "y", "z"), "c": ("true",)}
"""The codes of the questions that have some."""

ORDERED = ("n", "d", "v", "g", "w", "y")
NAMES = (*CODES, *ORDERED, "t")

ASKED = """
- name: a
  title: A?
  type: string
  categories: [{value: r, label: Rosso}, {value: v, label: Verde}, {value: b, label: Blu}]
  missingValues: [{value: non-so, label: Non so}]
- {name: s, title: S?, type: boolean}
- name: m
  title: M?
  type: list
  form:exclusive: z
  categories: [{value: x, label: X}, {value: y, label: Y}, {value: z, label: Z}]
- {name: c, title: C, type: boolean, form:widget: consent, form:notice: Va bene.}
- {name: n, title: N?, type: integer, constraints: {minimum: -2000000, maximum: 2000000}}
- {name: d, title: D?, type: number}
- name: v
  title: V?
  type: integer
  form:widget: scale
  form:ends: {low: poco, high: molto}
  constraints: {minimum: 0, maximum: 5}
  missingValues: [{value: non-so, label: Non so}]
- {name: g, title: G?, type: date}
- {name: w, title: W?, type: yearmonth}
- {name: y, title: Y?, type: year}
- {name: t, title: T?, type: string}
"""

Answers = Mapping[str, Any]
"""What was answered: a code, a set of codes, a number, a day, a month and a year as its first day; None for nothing."""


def some_answer(name: str, chance: Random) -> Any:
    """Make up an answer, or none."""
    if chance.random() < 0.25:
        return None
    if name == "m":
        return chance.choice([{"x"}, {"y"}, {"x", "y"}, {"z"}])
    if name in CODES:
        return chance.choice(CODES[name])
    if name == "t":
        return chance.choice(["ciao", "0", "non so"])
    return some_place(name, chance) if name != "v" or chance.random() < 0.8 else "non-so"


def some_place(name: str, chance: Random) -> Any:
    """Make up a number or a day, from a few so that they meet each other."""
    if name == "n":
        return chance.choice([-1200, -1, 0, 1, 1200, 1234566, 1234567])
    if name == "d":
        return chance.choice([-0.5, 0.0, 0.25, 1.0, 1234.5, 1234.75])
    if name == "v":
        return chance.randint(0, 5)
    day = chance.choice([date(1999, 12, 31), date(2026, 2, 9), date(2026, 2, 10), date(2026, 11, 1), date(2027, 2, 9)])
    return {"g": day, "w": day.replace(day=1), "y": day.replace(month=1, day=1)}[name]


def as_bound(name: str, place: Any) -> Any:
    """Write a number or a day as a form file has it."""
    if not isinstance(place, date):
        return place
    return {"g": place.isoformat(), "w": place.isoformat()[:7], "y": place.year}[name]


def typed(name: str, answer: Any, language: str, chance: Random) -> list[tuple[str, str]]:
    """Type an answer in one of the ways in which people do, as a page posts it."""
    if answer is None:
        parts = {"g": ("day", "month", "year"), "w": ("month", "year")}.get(name, ())
        return [(f"{name}__{part}", "") for part in parts] or ([(name, "")] if name in ("n", "d", "t", "y") else [])
    if isinstance(answer, set):
        return [(name, code) for code in sorted(answer)]
    if isinstance(answer, date):
        return _typed_day(name, answer, language, chance)
    if isinstance(answer, str) or name == "v":
        return [(name, str(answer))]
    return [(name, _typed_number(answer, language, chance))]


def _typed_number(number: float, language: str, chance: Random) -> str:
    sign = chance.choice(["-", "−"]) if number < 0 else chance.choice(["", "", "+"])
    whole, _, decimals = f"{abs(number)}".partition(".")
    group, mark = (".", ",") if language == "it" else (",", ".")
    if len(whole) > 3 and (isinstance(number, int) or decimals != "0"):
        whole = f"{int(whole):,}".replace(",", chance.choice(["", group, " ", "’"]))
    if not decimals or decimals == "0":
        return f"{sign}{whole}"
    return f" {sign}{whole}{mark}{decimals}{chance.choice(['', '0'])}"


def _typed_day(name: str, day: date, language: str, chance: Random) -> list[tuple[str, str]]:
    if name == "y":
        return [(name, f" {day.year}")]
    month = get_month_names(locale=language)[day.month]
    said = chance.choice([str(day.month), f"{day.month:02}", month, month.upper(), f"{month[:3]}."])
    of_day = [(f"{name}__day", chance.choice([str(day.day), f"{day.day:02}", f"{day.day}°"]))] if name == "g" else []
    return [*of_day, (f"{name}__month", said), (f"{name}__year", str(day.year))]


def some_comparison(chance: Random, names: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """Make up a comparison as a form file has it."""
    name = chance.choice(names)
    if name == "t" or chance.random() < 0.2:
        return {"field": name, "answered": chance.random() < 0.5}
    if name in CODES:
        codes = chance.sample(CODES[name], chance.randint(1, len(CODES[name])))
        listed = [{"true": True, "false": False}.get(code, code) for code in codes]
        return {"field": name, "equals": listed[0]} if len(listed) == 1 else {"field": name, "in": listed}
    low, high = sorted([some_place(name, chance), some_place(name, chance)])
    bounds = {"atLeast": as_bound(name, low), "atMost": as_bound(name, high)}
    kept = chance.choice([("atLeast",), ("atMost",), ("atLeast", "atMost")])
    return {"field": name, **{key: bounds[key] for key in kept}}


def some_condition(chance: Random, names: tuple[str, ...] = NAMES, levels: int = 2) -> dict[str, Any]:
    """Make up a condition as a form file has it."""
    kind = chance.random()
    if kind < 0.2:
        return {"not": some_condition(chance, names, levels)}
    if kind < 0.5 or not levels:
        return some_comparison(chance, names)
    parts = [some_condition(chance, names, levels - 1) for _ in range(chance.randint(1, 3))]
    return {chance.choice(["all", "any"]): parts}


def is_true(condition: Mapping[str, Any], answers: Answers) -> bool:
    """Tell, as plainly as can be, whether a condition holds after some answers."""
    if "all" in condition:
        return all(is_true(part, answers) for part in condition["all"])
    if "any" in condition:
        return any(is_true(part, answers) for part in condition["any"])
    if "not" in condition:
        return not is_true(condition["not"], answers)
    return _is_met(condition, condition["field"], answers[condition["field"]])


def _is_met(condition: Mapping[str, Any], name: str, answer: Any) -> bool:
    if "answered" in condition:
        return bool(condition["answered"] == (answer not in (None, "non-so")))
    if "equals" in condition or "in" in condition:
        wanted = condition["in"] if "in" in condition else [condition["equals"]]
        codes = {str(code).lower() if isinstance(code, bool) else code for code in wanted}
        return bool(codes & (answer if isinstance(answer, set) else {answer}))
    if answer is None or answer == "non-so":
        return False
    place = as_bound(name, answer)
    return bool(condition.get("atLeast", place) <= place <= condition.get("atMost", place))
