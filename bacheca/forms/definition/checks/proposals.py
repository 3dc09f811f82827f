"""What a limit was probably meant to be: read from what was written as people write it, and given as files want it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from bacheca.forms.definition.checks.nearest import nearest, plain
from bacheca.forms.definition.checks.written_dates import date_meant
from bacheca.forms.definition.places import hold_of
from bacheca.forms.kinds.cells.cell_checks import codes
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES

UNITS = {
    "days": ("day", "giorn", "tag", "jour", "dia"),
    "months": ("month", "mes", "mois", "monat"),
    "years": ("year", "ann", "jahr", "ans", "anos"),
}
"""How the units of a period begin, in the languages of people who write forms."""

WEEKS = ("week", "settiman", "woche", "semain", "seman")
NUMBERS = (
    ("un", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci"),
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    ("ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn"),
    ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"),
    ("un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"),
)
"""The first numbers in those languages, as `plain` gives them."""

LONGEST = 40


def bound_meant(of_type: str, written: str) -> str:
    """Give the bound of a type that was meant: `5` for `"5"`, `0.5` for `0,5`, `2027-04-30` for `30/04/2027`."""
    text = written.strip().strip("\"'")[:LONGEST]
    usual = CELL_TYPES[of_type].usual_bound
    number = re.search(r"[-−]?\d+(?:[.,]\d+)?", text)
    figures = number[0].replace("−", "-").replace(",", ".") if number else ""
    if of_type == "number" and figures:
        return figures
    if of_type in ("date", "yearmonth"):
        day = date_meant(text) or date_meant(f"1/{text}")
        return str(day)[: len(usual)] if day else usual
    if of_type == "year" and (year := re.search(r"\d{4}", text)):
        return year[0]
    return figures.partition(".")[0] or usual


def period_meant(written: object) -> str:
    """Give the period that was meant: `24 months` for `24 mesi`, `2 years` for `due anni`."""
    text = plain(str(written)[:LONGEST])
    figures = re.search(r"\d+", text)
    words = re.findall(r"[^\W\d_]+", text)
    said = [i + 1 for listed in NUMBERS for i, name in enumerate(listed) for word in words if word == name]
    count = int(figures[0]) if figures else said[0] if said else 1
    if count < 1:
        return "24 months"
    if any(word.startswith(WEEKS) for word in words):
        return f"{count * 7} days"
    for unit, begins in UNITS.items():
        if any(word.startswith(begins) for word in words):
            return f"{count} {unit if count > 1 else unit[:-1]}"
    return f"{count} months" if figures and count > 1 else "24 months"


def places_meant(written: object) -> str:
    """Give the whole number that was meant; 40 where there is none."""
    found = re.search(r"[1-9]\d*", str(written))
    return found[0] if found else "40"


def hold_meant(written: object) -> str:
    """Give the time that a place is held: `12 hours` for `12 ore`, `2 days` for `due giorni`."""
    found = re.search(r"[1-9]\d*", str(written)[:LONGEST])
    if found and any(word.startswith(("hour", "or", "stund", "heure")) for word in plain(str(written)).split()):
        near = f"{found[0]} hours" if found[0] != "1" else "1 hour"
    else:
        near = period_meant(written)
    return near if hold_of(near) else "48 hours"


def limit_meant(code: str, entry: Mapping[str, Any], place: tuple[str | int, ...], written: str, allowed: str) -> str:
    """Give what should stand in the place of a limit.

    Args:
        code: the problem's code.
        entry: the field's entry.
        place: where in the entry it stands.
        written: the limit, as it stands in the file.
        allowed: what may stand there, where that is a list.
    """
    if code == "CONSTRAINT_BOUND":
        return bound_meant(str(entry.get("type")), written)
    known = codes(entry.get("categories")) if code == "EXCLUSIVE" else tuple(filter(None, allowed.split(", ")))
    return nearest(written, known) or (known[0] if known else "")


def constraints_with(written: object, limit: str, value: object) -> str:
    """Give the constraints of a field with one more, as a line of YAML has them."""
    limits = {**(written if isinstance(written, dict) else {}), limit: value}
    if limit == "required" and not isinstance(value, bool):
        limits[limit] = True
    return yaml.safe_dump(limits, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000).strip()
