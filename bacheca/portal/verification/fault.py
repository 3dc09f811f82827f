"""What a reader of a file would stumble over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a file.

    Args:
        code: a key of `bacheca.portal.messages.SENTENCES`.
        line: where it stands, from 1.
        values: what its sentence names.
    """

    code: str
    line: int = 1
    values: Mapping[str, object] = field(default_factory=dict)


def lacks(element: str, name: str) -> Fault:
    """Say that something without which no reader takes an element is not there."""
    return Fault("DATA_LACKS", values={"element": element, "name": name})


def unfit(element: str, name: str, value: object) -> Fault:
    """Say that the value of something is none that it can have."""
    return Fault("DATA_VALUE", values={"element": element, "name": name, "value": str(value)[:200]})


def unreadable(reason: object) -> Fault:
    """Say that a file is not what its name says."""
    return Fault("SITE_FILE", values={"reason": str(reason).replace("\n", " ")[:200]})
