"""What the front matter of other tools says, in the words that it has here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

DESCRIPTIONS = ("description", "summary", "excerpt", "subtitle", "lead", "abstract")
"""What other tools call the description, the best first."""

KEPT = ("keywords", "image", "lastmod", "contributors", "series", "search", "hide", "icon")
"""What may stay as it is: here it means the same, or nothing."""


def mapped(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Give the front matter of a page as it is written here.

    Args:
        meta: as the other tool has it.
    """
    given = {str(key).lower(): value for key, value in meta.items()}
    made: dict[str, Any] = {}
    if title := _text(given.get("title")):
        made["title"] = title
    described = (_text(given.get(key)) for key in DESCRIPTIONS)
    if description := next((said for said in described if said), ""):
        made["description"] = description
    if day := day_of(given.get("date")):
        made["date"] = day
    for key in ("tags", "categories"):
        if words := texts(given.get(key)):
            made[key] = words
    if given.get("draft") is True or given.get("published") is False:
        made["draft"] = True
    return made


def day_of(value: object) -> dt.date | None:
    """Give the day that a value says, as YAML, TOML or people write it; None where it says none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip()[:10].replace("/", "-"))
    except ValueError:
        return None


def texts(value: object) -> list[str]:
    """Give the texts of a list, of a text with blanks or commas between them, or of a list of mappings with labels."""
    if isinstance(value, str):
        parts: Iterable[object] = value.split(",") if "," in value else value.split()
    elif isinstance(value, Mapping):
        parts = value.values()
    elif isinstance(value, list | tuple):
        parts = [part.get("label") or part.get("name") if isinstance(part, Mapping) else part for part in value]
    else:
        parts = ()
    said = (str(part).strip() for part in parts if part not in (None, ""))
    return list(dict.fromkeys(part for part in said if part))


def number_of(value: object, otherwise: float = float("inf")) -> float:
    """Give a number, or what is to be taken for one where there is none."""
    try:
        return float(str(value))
    except ValueError:
        return otherwise


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else "" if value is None else str(value)
