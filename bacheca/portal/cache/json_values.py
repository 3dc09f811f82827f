"""Values of YAML as values of JSON, which has no dates: what comes back is what was given, type by type."""

from __future__ import annotations

import datetime as dt
from typing import Any

DATE = ""
"""The one key of what stands for a date."""


def as_json(value: Any) -> Any:
    """Give what stands for a value in JSON.

    Raises:
        TypeError: nothing does.
    """
    kind = type(value)
    if value is None or kind in {str, int, float, bool}:
        return value
    if kind is list:
        return [as_json(inner) for inner in value]
    if kind is dict and DATE not in value and all(type(key) is str for key in value):
        return {key: as_json(inner) for key, inner in value.items()}
    if kind in {dt.date, dt.datetime}:
        return {DATE: value.isoformat()}
    raise TypeError(f"JSON has nothing for {kind.__name__}")


def of_json(value: Any) -> Any:
    """Give the value that `as_json` made this of."""
    if isinstance(value, list):
        return [of_json(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if DATE not in value:
        return {key: of_json(inner) for key, inner in value.items()}
    written = value[DATE]
    return dt.datetime.fromisoformat(written) if "T" in written else dt.date.fromisoformat(written)
