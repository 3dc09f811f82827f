"""What single values of a form file must be; each problem proposes what to write in place of what stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeGuard

from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.checks.written_dates import date_meant
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds.cells.cell_checks import codes

EXAMPLE_DAY = "2027-06-30"


def unknown_keys(
    source: Source, entry: Mapping[str, Any], known: Collection[str], *at: str | int, elsewhere: Collection[str] = ()
) -> Iterator[Problem]:
    """Find properties that mean nothing where they stand.

    Args:
        source: the file.
        entry: the properties.
        known: those that may stand there.
        at: where they stand.
        elsewhere: those that may stand in other entries of the same sort.
    """
    for key in entry:
        if key in known:
            continue
        near = nearest(key, known)
        if key in elsewhere:
            allowed = ", ".join(sorted(known))
            yield source.problem("KEY_UNSUITED", *at, key, key=key, allowed=allowed)
        elif near:
            yield source.problem("PROPERTY_TYPO", *at, key, key=key, near=near)
        else:
            yield source.problem("UNKNOWN_KEY", *at, key, key=key, allowed=", ".join(sorted(known)))


def text(source: Source, entry: Mapping[str, Any], key: str, *at: str | int) -> Iterator[Problem]:
    """Find a text that is missing, or a value that is not read as one."""
    value = entry.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        yield source.problem("LACKS_TEXT", *at, key, key=key)
    elif not isinstance(value, str):
        yield source.problem("NOT_TEXT", *at, key, key=key, value=source.quoted(*at, key))


def one_of(
    source: Source, entry: Mapping[str, Any], key: str, allowed: Sequence[str], *at: str | int, required: bool = False
) -> Iterator[Problem]:
    """Find a value that is none of those allowed."""
    if key not in entry and required:
        yield source.problem("KEY_LACKS", *at, key, key=key, near=allowed[0], allowed=", ".join(allowed))
    elif key in entry and entry[key] not in allowed:
        yield source.problem("NOT_ONE_OF", *at, key, **of(source, key, allowed, *at))


def of(source: Source, key: str, allowed: Sequence[str], *at: str | int) -> dict[str, object]:
    """Say of a value which of those allowed was meant."""
    value = source.as_written(*at, key)
    near = nearest(value, allowed) or allowed[0]
    return {"key": key, "value": value, "near": near, "allowed": ", ".join(allowed)}


def switch(source: Source, entry: Mapping[str, Any], key: str, *at: str | int) -> Iterator[Problem]:
    """Find a value that is neither true nor false."""
    if key in entry and not isinstance(entry[key], bool):
        yield source.problem("NOT_ONE_OF", *at, key, **of(source, key, ("true", "false"), *at))


def day(source: Source, entry: Mapping[str, Any], key: str) -> Iterator[Problem]:
    """Find a value that is no date of the calendar."""
    value = entry.get(key)
    if key in entry and not is_day(value):
        meant = date_meant(source.as_written(key))
        yield source.problem("FORM_DATE", key, key=key, value=source.as_written(key), near=meant or EXAMPLE_DAY)


def is_day(value: object) -> TypeGuard[str]:
    """Tell whether a value is a date as ISO 8601 writes it."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def codes_written(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Give every code of an entry, whatever else is wrong with it."""
    return tuple(code for key in ("categories", "missingValues") for code in codes_of(entry, key))


def codes_of(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Give the codes of `categories` or `missingValues`, whatever else is wrong with them."""
    listed = entry.get(key)
    if not isinstance(listed, list):
        return ()
    return codes([item for item in listed if isinstance(item, dict) and "value" in item])
