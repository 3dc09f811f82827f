"""What a value of a page's front matter was probably meant to be, written as it should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from bacheca.forms import USUAL
from bacheca.forms.definition.checks.nearest import nearest, slug
from bacheca.forms.definition.checks.written_dates import date_meant
from bacheca.forms.definition.yaml_lines import in_quotes
from bacheca.forms.local_time import NoSuchHour, read_moment

TIME = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")


def line_meant(key: str, value: Any, written: str, example: str) -> str:
    """Give the line of a front matter that was meant.

    Args:
        key: the key.
        value: its value, as YAML has it.
        written: its value as it stands in the file.
        example: a line with a good value, for where nothing can be recognised.
    """
    text = " ".join(str(value if isinstance(value, str) else written).split()) or str(value)
    meant = MEANT[key](value, text) if key in MEANT else ""
    return f"{key}: {meant}" if meant else example


def _text(value: Any, text: str) -> str:
    return in_quotes(text)


def _name(value: Any, text: str) -> str:
    return _as_text(slug(text))


def _as_text(word: str) -> str:
    return word if isinstance(yaml.safe_load(word), str) else in_quotes(word)


def _day(value: Any, text: str) -> str:
    return str(date_meant(text) or "")


def _moment(value: Any, text: str) -> str:
    day, time = date_meant(text), TIME.search(text.partition(" ")[2])
    if not day:
        return ""
    moment = f"{day} {int(time[1]):02}:{time[2]}" if time else f"{day} 18:00"
    try:
        read_moment(moment, USUAL.zone)
    except NoSuchHour as error:
        moment = error.proposed[0]
    except ValueError:
        return ""
    return f'"{moment}"'


def _list(value: Any, text: str) -> str:
    items = _items(value, text)
    return f"[{', '.join(items)}]" if items else ""


def _address(value: Any, text: str) -> str:
    return f"https://{text}" if re.match(r"[\w-]+(\.[\w-]+)+", text) else ""


def _switch(value: Any, text: str) -> str:
    return nearest(text, ("true", "false"))


def _number(value: Any, text: str) -> str:
    found = re.search(r"[1-9]\d*", text)
    return found[0] if found else ""


MEANT: dict[str, Callable[[Any, str], str]] = {
    **dict.fromkeys(("title", "description", "place", "address"), _text),
    **dict.fromkeys(("translation", "slug"), _name),
    **dict.fromkeys(("starts", "ends"), _moment),
    **dict.fromkeys(("authors", "categories", "tags"), _list),
    "date": _day,
    "online": _address,
    "cancelled": _switch,
    "numero": _number,
}
"""What makes of a value, and of its text, the value that was meant; empty where nothing can be recognised."""


def _items(value: Any, text: str) -> list[str]:
    """Split what should be a list into its items, each written as a text."""
    if isinstance(value, list) and (not text or all(isinstance(item, str) for item in value)):
        listed = value
    else:
        listed = re.split(r"(?:^|\s)-\s+" if re.match(r"-\s", text) else r"\s*[,;]\s*", text.strip("[] "))
    said = [str(item).strip() for item in listed if str(item).strip()]
    said = [item.strip("\"'") for item in said]
    return [_as_text(item) if re.fullmatch(r"[^\W\d][\w ’'-]*", item) else in_quotes(item) for item in said]
