"""Which versions of a form are counted together."""

from __future__ import annotations

from bacheca.forms.definition.evolution import Verdict, changes_since
from bacheca.forms.definition.form import Form

COUNTS_ON = frozenset(("codes-reordered", "fields-reordered", "field-inserted", "field-removed", "made-required"))
"""Changes that begin another file of responses and leave every count what it was."""


def counts_on(before: Form, after: Form) -> bool:
    """Tell whether what was answered to two versions of a form adds up to one result."""
    changes = changes_since([before], after)
    return all(change.verdict is Verdict.COMPATIBLE or change.code in COUNTS_ON for change in changes)


def changed_questions(before: Form, after: Form) -> tuple[str, ...]:
    """Name the questions of a version that are new in it or not what they were; one empty name where none is."""
    earlier = before.fields_by_name
    changed = [
        name
        for name, asked in after.fields_by_name.items()
        if name not in earlier or not asked.is_written_like(earlier[name])
    ]
    return tuple(changed) or ("",)
