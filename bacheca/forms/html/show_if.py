"""Conditions as the script of the page reads them (`holds` in `assets/form.js`)."""

from __future__ import annotations

from typing import Any

from bacheca.forms.asking.conditions import Comparison, Condition, comparisons_of
from bacheca.forms.definition.form import Form


def show_if(form: Form, condition: Condition) -> dict[str, Any]:
    """Give a condition as JSON types, with what a script must know of the answers that it looks at."""
    if not isinstance(condition, Comparison):
        parts = [show_if(form, part) for part in condition.parts]
        return {condition.key: parts[0] if condition.key == "not" else parts}
    said: dict[str, Any] = {"field": condition.field}
    if condition.any_of:
        return said | {"in": condition.any_of}
    earlier = form.field(condition.field)
    said["missing"] = [code for code in earlier.missing if code]
    if condition.answered is not None:
        return said | {"answered": condition.answered}
    bounds = {"atLeast": condition.at_least, "atMost": condition.at_most}
    if earlier.boxes:
        return said | {"boxes": earlier.boxes} | {key: bound for key, bound in bounds.items() if bound}
    typed = {key: earlier.posted({earlier.name: bound}) for key, bound in bounds.items() if bound}
    return said | {key: posted[earlier.name][0] for key, posted in typed.items()}


def months_compared(form: Form, language: str) -> dict[str, str]:
    """Give the numbers of the months by their names, where a script must read days or months; nothing elsewhere."""
    for field in form.fields:
        for comparison in comparisons_of(field.condition):
            earlier = form.field(comparison.field)
            if earlier.boxes and (comparison.at_least or comparison.at_most):
                return dict(earlier.months(language))
    return {}
