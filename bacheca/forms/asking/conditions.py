"""When a question is shown: `form:showIf` on a field, about the answer to an earlier one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NOT_SHOWN = "not-shown"
"""The code kept in the columns of a question that was not shown."""

NOT_ASKED = "not-asked"
"""The code for a question that the answered version of the form did not ask, where versions stand together."""

RESERVED = frozenset((NOT_SHOWN, NOT_ASKED))
"""Codes that no answer and no choice may be."""

OPERATORS = ("equals", "in", "answered")


@dataclass(frozen=True)
class Condition:
    """What an earlier answer must be for a question to be shown.

    Args:
        field: the name of the earlier field.
        any_of: the codes of which one must be its answer; empty where only `answered` counts.
        answered: whether there must be an answer, or must not; None where `any_of` counts.
    """

    field: str
    any_of: tuple[str, ...] = ()
    answered: bool | None = None

    def holds(self, given: Sequence[str], missing: Sequence[str]) -> bool:
        """Tell whether the question is shown.

        Args:
            given: the codes or texts that the earlier field was answered with; none where it was not.
            missing: the codes of the earlier field that stand for no answer.
        """
        if self.answered is None:
            return any(code in self.any_of for code in given)
        return self.answered == any(code not in missing for code in given)

    def as_json(self, missing: Sequence[str]) -> str:
        """Write it for the script of the page."""
        if self.answered is None:
            return json.dumps({"field": self.field, "any": self.any_of})
        return json.dumps({"field": self.field, "answered": self.answered, "missing": missing})


def condition_of(entry: Mapping[str, Any]) -> Condition | None:
    """Read the condition of a field as it is written (checked before); None where it has none."""
    written = entry.get("form:showIf")
    if not written:
        return None
    if "answered" in written:
        return Condition(str(written["field"]), answered=bool(written["answered"]))
    listed = written["in"] if "in" in written else [written["equals"]]
    return Condition(str(written["field"]), tuple(as_code(value) for value in listed))


def as_code(value: object) -> str:
    """Write a value of a form file as the code that is kept: `true` for a YAML true."""
    return str(value).lower() if isinstance(value, bool) else str(value)
