"""What a form may ask of its results: which questions are crossed, and how strictly counts are protected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bacheca.forms.asking.conditions import conditional
from bacheca.forms.definition.privacy import SEALED
from bacheca.forms.definition.protection import DISCLOSURES, disclosure_of, least_threshold
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.kinds import kind_of
from bacheca.forms.kinds.counted import Counted
from bacheca.forms.results_messages import ResultsProblem

RESULTS_KEYS = frozenset(("form:cross", "form:threshold", "form:disclosure"))
"""The properties of a form that are about its results."""


def problems_of_results(source: Source) -> Iterator[ResultsProblem]:
    """Find every problem of what a form file says about its results."""
    form = source.data
    entries = [entry for entry in _listed(form) if isinstance(entry, dict)]
    least = least_threshold([str(entry.get("form:privacy")) for entry in entries])
    threshold = form.get("form:threshold", least)
    if isinstance(threshold, bool) or not isinstance(threshold, int) or threshold < least:
        yield _problem(source, "RESULTS_THRESHOLD", "form:threshold", value=threshold, least=least)
    disclosure = disclosure_of(form)
    if disclosure not in DISCLOSURES:
        allowed = ", ".join(DISCLOSURES)
        yield _problem(source, "RESULTS_DISCLOSURE", "form:disclosure", value=disclosure, allowed=allowed)
    yield from _quotes(source, form)
    if "form:cross" in form:
        if disclosure == "rounding":
            yield _problem(source, "CROSS_ROUNDED", "form:cross")
        yield from _crossings(source, form["form:cross"], {str(entry.get("name")): entry for entry in entries})


def _quotes(source: Source, form: dict[str, Any]) -> Iterator[ResultsProblem]:
    """Find consents to be quoted that name no free text."""
    entries = [entry for entry in _listed(form) if isinstance(entry, dict)]
    kinds = {str(entry.get("name")): kind_of(entry) for entry in entries}
    texts = {name for name, kind in kinds.items() if kind is not None and kind.privacy_unless_said == "free-text"}
    for i, entry in enumerate(_listed(form)):
        listed = entry.get("form:quotes") if isinstance(entry, dict) else None
        if listed is not None and not (isinstance(listed, list) and listed and set(map(str, listed)) <= texts):
            allowed = ", ".join(sorted(texts)) or "—"
            yield _problem(source, "QUOTES", "fields", i, "form:quotes", allowed=allowed)


def _listed(form: dict[str, Any]) -> list[Any]:
    fields = form.get("fields")
    return fields if isinstance(fields, list) else []


def _crossings(source: Source, listed: Any, entries: dict[str, dict[str, Any]]) -> Iterator[ResultsProblem]:
    if not isinstance(listed, list):
        yield _problem(source, "CROSS_SHAPE", "form:cross")
        return
    fields = _listed(source.data)
    not_for_all = {str(fields[i].get("name")) for i in conditional(fields)}
    group = {name: name for name in entries}  # questions that crossings join share one
    for i, pair in enumerate(listed):
        at = ("form:cross", i)
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(name, str) for name in pair):
            yield _problem(source, "CROSS_SHAPE", *at)
            continue
        unknown = [name for name in pair if name not in entries]
        wrong = [
            name
            for name in pair
            if name in entries and (name in not_for_all or not _countable(source.data, entries[name]))
        ]
        for name in unknown:
            yield _problem(source, "CROSS_UNKNOWN", *at, name=name)
        for name in wrong:
            yield _problem(source, "CROSS_KIND", *at, name=name)
        if unknown or wrong:
            continue
        first, second = (group[name] for name in pair)
        if first == second:
            yield _problem(source, "CROSS_RING", *at, pair=" × ".join(pair))
        group = {name: first if joined == second else joined for name, joined in group.items()}


def _countable(form: dict[str, Any], entry: dict[str, Any]) -> bool:
    kind, privacy = kind_of(entry), entry.get("form:privacy")
    uncounted = privacy == "personal" or (form.get("form:seal") is True and privacy in SEALED)
    return kind is None or (kind.counted is Counted.ONE and not uncounted)  # one of no kind is a problem already


def _problem(source: Source, code: str, *key: str | int, **values: object) -> ResultsProblem:
    return ResultsProblem(code, source.path, source.line(*key), values=values)
