"""What each type of an XLSForm row becomes, and why the others become nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SELECT = re.compile(
    r"(select_one|select one from|select one|select1|add select one prompt using|select_multiple|select all that apply"
    r"|select all that apply from|select multiple from|select multiple|add select multiple prompt using|rank)"
    r"\s+(\S+)(?:\s+(or_other|or other|or specify other))?",
    re.IGNORECASE,
)
TIME = "([01][0-9]|2[0-3]):[0-5][0-9]"

QUESTIONS: Mapping[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "string": {"type": "string"},
    "q string": {"type": "string"},
    "add text prompt": {"type": "string"},
    "integer": {"type": "integer"},
    "int": {"type": "integer"},
    "q int": {"type": "integer"},
    "add integer prompt": {"type": "integer"},
    "decimal": {"type": "number"},
    "q decimal": {"type": "number"},
    "date": {"type": "date"},
    "q date": {"type": "date"},
    "add date prompt": {"type": "date"},
    "phone number": {"type": "string", "form:widget": "tel"},
    "q phone number": {"type": "string", "form:widget": "tel"},
    "add phone number prompt": {"type": "string", "form:widget": "tel"},
    "time": {"type": "string", "constraints": {"pattern": TIME}},
    "acknowledge": {"type": "boolean", "form:widget": "consent"},
    "trigger": {"type": "boolean", "form:widget": "consent"},
    "hidden": {"type": "string", "form:widget": "hidden"},
    "range": {"type": "integer"},
}
"""The types that are a question, and how a form file begins it."""

APPEARANCES: Mapping[tuple[str, str], dict[str, Any]] = {
    ("text", "multiline"): {"form:widget": "textarea"},
    ("date", "month-year"): {"type": "yearmonth"},
    ("date", "year"): {"type": "year"},
    ("select_one", "minimal"): {"form:widget": "select"},
    ("select_one", "autocomplete"): {"form:widget": "select"},
}
"""The appearances that are more than looks."""

DEVICE = frozenset(
    (
        "start",
        "end",
        "today",
        "deviceid",
        "device_id",
        "subscriberid",
        "simserial",
        "phonenumber",
        "phone_number",
        "username",
        "email",
        "uri:deviceid",
        "audit",
        "start-geopoint",
        "background-audio",
        "background-geopoint",
    )
)
MEDIA = frozenset(
    (
        "image",
        "photo",
        "audio",
        "video",
        "file",
        "barcode",
        "geopoint",
        "geotrace",
        "geoshape",
        "location",
        "gps",
        "osm",
        "draw",
        "signature",
        "annotate",
    )
)
OUTSIDE = re.compile(r"(select_\w+_from_file|select_\w+_external|csv-external|xml-external|cascading_select)\b.*", re.I)
BEGIN = re.compile(r"begin[ _](group|lgroup|section)", re.IGNORECASE)
END = re.compile(r"end[ _](group|lgroup|section)", re.IGNORECASE)
BEGIN_REPEAT = re.compile(r"begin[ _](repeat|looped group|loop.*)", re.IGNORECASE)
END_REPEAT = re.compile(r"end[ _](repeat|looped group|loop)", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What a row asks.

    Args:
        kind: the type in its one spelling: `select_one`, `select_multiple`, `rank`, or a key of `QUESTIONS`.
        choices: the name of its list of choices; mostly empty.
        other: whether it takes another answer in one's own words.
    """

    kind: str
    choices: str = ""
    other: bool = False


def asked(of_type: str) -> Asked | None:
    """Read the type of a question; None where it is none that a form has."""
    if found := SELECT.fullmatch(of_type):
        first = found[1].lower()
        several = "multiple" in first or "all that" in first
        kind = "rank" if first == "rank" else "select_multiple" if several else "select_one"
        return Asked(kind, found[2], bool(found[3]))
    kind = of_type.lower()
    return Asked(kind) if kind in QUESTIONS else None


def refusal(of_type: str) -> str:
    """Say by which code a type is refused."""
    kind = of_type.lower()
    if OUTSIDE.fullmatch(of_type):
        return "XLS_OUTSIDE"
    if kind.startswith("calculate"):
        return "XLS_CALCULATE"
    if BEGIN_REPEAT.fullmatch(of_type) or END_REPEAT.fullmatch(of_type):
        return "XLS_REPEAT"
    if kind in DEVICE:
        return "XLS_DEVICE"
    return "XLS_MEDIA" if kind in MEDIA else "XLS_TYPE"
