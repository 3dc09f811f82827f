"""Conditions of a form as the `relevant` of an XLSForm."""

from __future__ import annotations

from bacheca.forms.asking.conditions import Comparison, Condition
from bacheca.forms.definition.form import Form

JOINTS = {"all": " and ", "any": " or "}


def write_condition(form: Form, condition: Condition) -> str:
    """Write a condition of a form as a `relevant`."""
    return _written(form, condition)[0]


def _written(form: Form, condition: Condition) -> tuple[str, str]:
    """Write a condition; what joins its parts comes with it, empty where nothing does."""
    if isinstance(condition, Comparison):
        return _compared(form, condition)
    if condition.key == "not":
        return f"not({write_condition(form, condition.parts[0])})", ""
    joint = JOINTS[condition.key]
    parts = [_written(form, part) for part in condition.parts]
    if len(parts) == 1:
        return parts[0]
    return joint.join(text if inner in ("", joint) else f"({text})" for text, inner in parts), joint


def _compared(form: Form, comparison: Comparison) -> tuple[str, str]:
    earlier = form.field(comparison.field)
    reference = "${" + comparison.field + "}"
    if comparison.answered is not None:
        sign, joint = ("!=", JOINTS["all"]) if comparison.answered else ("=", JOINTS["any"])
        blank = ["", *(code for code in earlier.listed_missing if code)]
        return joint.join(f"{reference} {sign} '{code}'" for code in blank), joint if len(blank) > 1 else ""
    if comparison.any_of:
        codes = ["OK" if earlier.agrees and code == "true" else code for code in comparison.any_of]
        several = earlier.xlsform in ("select_multiple", "rank")
        said = [f"selected({reference}, '{code}')" if several else f"{reference} = '{code}'" for code in codes]
        return JOINTS["any"].join(said), JOINTS["any"] if len(said) > 1 else ""
    is_calendar = earlier.columns[0].cell_type.is_calendar
    said = [
        f"{reference} {sign} " + (f"date('{(bound + '-01-01')[:10]}')" if is_calendar else bound)
        for sign, bound in ((">=", comparison.at_least), ("<=", comparison.at_most))
        if bound
    ]
    return JOINTS["all"].join(said), JOINTS["all"] if len(said) > 1 else ""
