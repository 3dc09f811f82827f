"""What choices read like: people choose among labels, so no two of a question may be the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bacheca.forms.asking.wording import Wording
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import kind_of
from bacheca.forms.kinds.base import STANDARD_LABELS

LISTS = ("categories", "missingValues")


def same_labels(
    source: Source, words: Mapping[str, Any], entry: Mapping[str, Any], language: str, *at: str | int
) -> Iterator[Problem]:
    """Find choices of a field, reasons for not answering among them, that read alike, or like one that is implied.

    Args:
        source: the form file, or a translation.
        words: the field's entry in it, with the labels.
        entry: the field's entry in the form file.
        language: the language of the labels.
        at: where `words` stands.
    """
    implied = {_said(label): code for code, label in _implied_labels(entry, language).items()}
    seen: set[str] = set()
    for key in LISTS:
        for i, (_, label) in enumerate(_listed(words, key)):
            said = _said(label)
            if said and said in seen:
                yield source.problem("LABEL_TWICE", *at, key, i, label=label)
            elif said in implied:
                problem = source.problem("LABEL_IMPLIED", *at, key, i, label=label)
                # Two ways to give no answer are one too many; of anything else nobody could tell what was meant.
                yield problem if implied[said] else replace(problem, level="warning")
            seen.add(said)


def _implied_labels(entry: Mapping[str, Any], language: str) -> dict[str, str]:
    """Give the labels of what a question offers without its being listed: yes, no, another choice, no answer."""
    kind = kind_of(entry)
    if kind is None:
        return {}
    listed = {key: [code for code, _ in _listed(entry, key)] for key in LISTS}
    constraints = entry.get("constraints")
    required = isinstance(constraints, Mapping) and constraints.get("required") is True
    kept = {key: entry[key] for key in ("form:other", "form:widget", "type") if key in entry}
    field = kind(
        {
            "name": "",
            **kept,
            "constraints": {"required": required},
            **{key: codes for key, codes in listed.items() if codes},
        },
        {language: Wording()},
    )
    known = {code for codes in listed.values() for code in codes}
    return {
        code: field.label(code, language) for code in field.offered if code in STANDARD_LABELS and code not in known
    }


def _listed(entry: Mapping[str, Any], key: str) -> Iterator[tuple[str, str]]:
    """Give the codes and labels of a list, whatever else is wrong with it; empty ones for what is neither."""
    listed = entry.get(key)
    for item in listed if isinstance(listed, list) else ():
        value, label = (item.get("value"), item.get("label")) if isinstance(item, Mapping) else (None, None)
        yield "" if value is None else str(value), label if isinstance(label, str) else ""


def _said(label: str) -> str:
    return " ".join(label.split()).casefold()
