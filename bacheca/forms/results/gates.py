"""After which answers a question is asked, where the counts of one earlier question tell how many were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bacheca.forms.asking.conditions import (
    NOT_SHOWN,
    Combination,
    Comparison,
    Condition,
    comparisons_of,
    holds,
    joined,
    plain,
)
from bacheca.forms.definition.form import Form
from bacheca.forms.definition.satisfying import is_implied
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.counted import Counted

Gate = tuple[str, frozenset[str]]
"""An earlier question, and its codes after which another one is asked."""


def gate_of(form: Form, asked: Field, counted: Mapping[str, Sequence[str]]) -> Gate | None:
    """Find what decides whether a question is asked.

    How many were asked is a count like others. It may be known only where it is one: of the answers to a single
    earlier question. After answers to several, whoever subtracts would know how few gave one and not the other.

    Args:
        form: the form.
        asked: a question of it that has a condition.
        counted: the categories of the questions that are counted, by their names.

    Returns:
        The gate; None where more than one earlier question decides, or one that is not counted by its codes.
    """
    condition = _decisive(form, asked.condition) if asked.condition else None
    names = {comparison.field for comparison in comparisons_of(condition)}
    if condition is None or len(names) > 1 or not names <= counted.keys():
        return None
    earlier = form.field(names.pop())
    if isinstance(condition, Comparison) and condition.any_of:
        return earlier.name, frozenset(condition.any_of)
    if earlier.condition and _holds(earlier, condition, NOT_SHOWN):
        return None  # those who were not asked the earlier question are no category of it
    missing = [code for code in earlier.missing if code != NOT_SHOWN]
    if earlier.counted is Counted.ONE:
        codes = (*counted[earlier.name], *missing)
        return earlier.name, frozenset(code for code in codes if _holds(earlier, condition, code))
    if isinstance(condition, Comparison) and condition.answered is not None:
        return earlier.name, frozenset(counted[earlier.name] if condition.answered else missing)
    return None


def _holds(earlier: Field, condition: Condition, code: str) -> bool:
    given = (code,) if code else ()
    return holds(condition, lambda comparison: earlier.meets(comparison, given))


def _decisive(form: Form, condition: Condition) -> Condition:
    """Leave out what holds anyway where the rest does: of a section, what decides whether its questions are seen."""
    said = plain(condition)
    parts = list(said.parts) if isinstance(said, Combination) and said.key == "all" else [said]
    for part in tuple(parts):
        others = joined(*(other for other in parts if other is not part))
        if others is not None and is_implied(form.fields_by_name, part, others):
            parts.remove(part)
    return joined(*parts) or said
