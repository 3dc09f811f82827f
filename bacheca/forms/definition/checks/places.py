"""What a form file says of places, checked: they are numbers, somebody can count them and write to those who wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from bacheca.forms.definition.checks.privacy import sealed_entries
from bacheca.forms.definition.checks.proposals import hold_meant, places_meant
from bacheca.forms.definition.places import hold_of
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import kind_of

PLACES = "form:places"
PLACES_KEYS = frozenset((PLACES, "form:hold", "form:waiting"))
"""The properties of a form that are about places."""

MOST_PLACES = 1_000_000


def problems_of_places(source: Source) -> Iterator[Problem]:
    """Find what is wrong with what a form file says of places.

    Args:
        source: a form file whose data is a mapping.
    """
    form = source.data
    fields = form["fields"] if isinstance(form.get("fields"), list) else []
    choices = [(i, j, item) for i, entry in enumerate(fields) for j, item in _with_places(entry)]
    yield from _number(source, form, PLACES)
    yield from _number(source, form, "form:waiting")
    if "form:hold" in form and hold_of(form["form:hold"]) is None:
        written = source.as_written("form:hold")
        yield source.problem("FORM_HOLD", "form:hold", value=written, near=hold_meant(written))
    for key in ("form:hold", "form:waiting"):
        if key in form and PLACES not in form and not choices:
            yield source.problem("PLACES_NONE", key, key=key)
    if form.get("form:kind") != "signup":
        for at in ((PLACES,) if PLACES in form else (), *(_place(i, j) for i, j, _ in choices)):
            if at:
                yield source.problem("FORM_PLACES_KIND", *at)
        return
    if "form:waiting" in form:
        yield from _reachable(source, fields)
    for i, j, item in choices:
        yield from _choice(source, i, j, item)


def _number(source: Source, entry: Mapping[str, Any], key: str, *at: str | int) -> Iterator[Problem]:
    if key in entry and not _is_number(entry[key]):
        written = source.as_written(*at, key)
        yield source.problem("FORM_PLACES", *at, key, key=key, value=written, near=places_meant(written))


def _is_number(places: object) -> TypeGuard[int]:
    return type(places) is int and 0 < places <= MOST_PLACES


def _with_places(entry: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Give the choices of a field that have places, each with its position."""
    listed = entry.get("categories") if isinstance(entry, Mapping) else None
    for j, item in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(item, Mapping) and PLACES in item:
            yield j, item


def _place(i: int, j: int) -> tuple[str | int, ...]:
    return "fields", i, "categories", j, PLACES


def _choice(source: Source, i: int, j: int, item: Mapping[str, Any]) -> Iterator[Problem]:
    form, entry, at = source.data, source.data["fields"][i], _place(i, j)
    yield from _number(source, item, PLACES, *at[:-1])
    kind, said = kind_of(entry), {"choice": item.get("value"), "name": entry.get("name")}
    if kind and (not kind.shares_places or "form:matrix" in entry):
        yield source.problem("PLACES_CHOICE", *at, **said)
    whole, places = form.get(PLACES), item[PLACES]
    if _is_number(whole) and _is_number(places) and places > whole:
        yield source.problem("PLACES_MORE", *at, choice=item.get("value"), value=places, most=whole)
    after = sealed_entries(form).get(str(entry.get("name")))
    if after == "":
        yield source.problem("PLACES_SEALED", *at, **said)
    elif after:
        yield source.problem("PLACES_FOLLOW", *at, **said, after=after)


def _reachable(source: Source, fields: list[Any]) -> Iterator[Problem]:
    """Find a waiting list whose people nobody could write to."""
    kinds = [kind_of(entry) for entry in fields if isinstance(entry, Mapping)]
    if not any(kind.is_mail_address for kind in kinds if kind):
        yield source.problem("WAITING_ADDRESS", "form:waiting")
    elif source.data.get("form:seal") is True:
        yield source.problem("WAITING_SEALED", "form:waiting")
