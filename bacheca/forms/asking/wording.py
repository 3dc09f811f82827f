"""What people read of a form, in every language it is written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

OF_BOTH: Mapping[str, tuple[str, ...]] = MappingProxyType({"title": ("title",), "description": ("description",)})
"""Where the texts stand that a form has and a field has."""

OF_A_FORM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "button": ("form:button",),
        "after_title": ("form:afterwards", "title"),
        "after_text": ("form:afterwards", "text"),
        "after_page": ("form:afterwards", "page"),
        "mail_subject": ("form:mail", "subject"),
        "mail_text": ("form:mail", "text"),
    }
)
"""Where the texts stand that only a form has."""

OF_A_FIELD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "notice": ("form:notice",),
        "section": ("form:section", "title"),
        "section_text": ("form:section", "text"),
        "stem": ("form:stem",),
        "low": ("form:ends", "low"),
        "high": ("form:ends", "high"),
    }
)
"""Where the texts stand that only a field has."""

TEXTS: Mapping[str, tuple[str, ...]] = MappingProxyType({**OF_BOTH, **OF_A_FIELD, **OF_A_FORM})
"""Where each text stands in the entry of a form or of a field."""


@dataclass(frozen=True)
class Wording:
    """The words of a form or of a field in one language.

    Args:
        title: the question, or the form's name.
        description: the hint beneath it; may be empty.
        labels: the label of each category and of each code for a missing answer, by its value.
        notice: the text agreed to, on a consent.
        section: the heading of the section that the field opens; mostly empty.
        section_text: the Markdown that stands under that heading; mostly empty.
        stem: the question that the rows of a matrix share, on the first of them.
        low: what the first step of a scale means.
        high: what its last step means.
        button: what the button says that sends a form; mostly empty, as all that follows.
        after_title: the heading of what a form says once it was sent.
        after_text: that, in Markdown.
        after_page: the page of the portal to go on to, an address under the language's root.
        mail_subject: the subject of the mail that asks to confirm.
        mail_text: what that mail says first.
    """

    title: str = ""
    description: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    notice: str = ""
    section: str = ""
    section_text: str = ""
    stem: str = ""
    low: str = ""
    high: str = ""
    button: str = ""
    after_title: str = ""
    after_text: str = ""
    after_page: str = ""
    mail_subject: str = ""
    mail_text: str = ""


def text_at(entry: Mapping[str, Any], place: tuple[str, ...]) -> str:
    """Give a text of an entry; empty where it is not there.

    A section without text under its heading may be written as its title alone.
    """
    value: Any = entry.get(place[0])
    if value is None:
        return ""
    for key in place[1:]:
        if isinstance(value, str):
            return value if key == "title" else ""
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def wording_of(entry: Mapping[str, Any]) -> Wording:
    """Take the words out of a form's or a field's entry, of the form file or of a translation."""
    labels = {}
    for key in ("categories", "missingValues"):
        listed = entry.get(key)
        for item in listed if isinstance(listed, list) else ():
            if isinstance(item, dict) and "value" not in item:
                continue
            value = item["value"] if isinstance(item, dict) else item
            labels[str(value)] = str(item.get("label", value) if isinstance(item, dict) else value)
    texts = {name: text_at(entry, place) for name, place in TEXTS.items()}
    return Wording(labels=MappingProxyType(labels), **texts)


def entry_of(words: Wording, codes: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Write words back into the shape of a translation's entry.

    Args:
        words: the words.
        codes: the codes of the entry's `categories` and `missingValues`.
    """
    entry: dict[str, Any] = {}
    for name, place in TEXTS.items():
        if text := getattr(words, name):
            inner = entry
            for key in place[:-1]:
                inner = inner.setdefault(key, {})
            inner[place[-1]] = text
    for key, listed in codes.items():
        if listed:
            entry[key] = [{"value": code, "label": words.labels.get(code, code)} for code in listed]
    return entry
