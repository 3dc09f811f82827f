"""What people read of a form, in every language it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Wording:
    """The words of a form or of a field in one language.

    Args:
        title: the question, or the form's name.
        description: the hint beneath it; may be empty.
        labels: the label of each category and of each code for a missing answer, by its value.
        notice: the text agreed to, on a consent.
        section: the heading of the section that the field opens; mostly empty.
    """

    title: str = ""
    description: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""
    section: str = ""


def wording_of(entry: Mapping[str, Any]) -> Wording:
    """Take the words out of a form's or a field's entry, of the form file or of a translation."""
    labels = {
        str(item["value"]): str(item.get("label", item["value"]))
        for key in ("categories", "missingValues")
        for item in entry.get(key) or ()
        if isinstance(item, dict) and "value" in item
    }
    labels |= {
        str(item): str(item)
        for key in ("categories", "missingValues")
        for item in entry.get(key) or ()
        if not isinstance(item, dict)
    }
    return Wording(
        str(entry.get("title", "")),
        str(entry.get("description", "")),
        MappingProxyType(labels),
        str(entry.get("form:notice", "")),
        str(entry.get("form:section", "")),
    )
