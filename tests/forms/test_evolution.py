"""What each edit of a form means for the responses that are kept."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from forms import Form
from forms.evolution import Verdict, changes_since, verdict_of

Written = Callable[..., Form]
LAST = "H}}\n"
YEAR = "- {name: d, title: D, type: year}\n"
BEFORE = """
- name: a
  title: A
  type: string
  form:privacy: personal
  constraints: {maxLength: 20}
- name: b
  title: B
  type: string
  categories: [{value: r, label: Rosso}, {value: v, label: Verde}]
  missingValues: [{value: "", label: Vuoto}]
- {name: c, title: C, type: integer, form:widget: scale, form:ends: {low: L, high: H}}
"""
CATEGORIES = "[{value: r, label: Rosso}, {value: v, label: Verde}]"
EDITS = {
    "a new title": ("title: A\n", "title: Un’altra A\n", Verdict.COMPATIBLE, ["reworded"]),
    "a hint": ("title: B\n", "title: B\n  description: Uno solo\n", Verdict.COMPATIBLE, ["reworded"]),
    "a section": ("title: B\n", "title: B\n  form:section: {title: S, text: T}\n", Verdict.COMPATIBLE, ["reworded"]),
    "other words at the ends": ("low: L", "low: M", Verdict.COMPATIBLE, ["reworded"]),
    "a corrected label": ("label: Verde", "label: Verde chiaro", Verdict.COMPATIBLE, ["reworded"]),
    "a looser limit": ("maxLength: 20", "maxLength: 30", Verdict.COMPATIBLE, ["limit-looser"]),
    "a tighter limit": ("maxLength: 20", "maxLength: 10", Verdict.NEW_VERSION, ["limit-tighter"]),
    "an optional field at the end": (
        "H}}\n",
        "H}}\n- {name: d, title: D, type: year}\n",
        Verdict.COMPATIBLE,
        ["field-added"],
    ),
    "a field in between": (
        "- name: b",
        "- {name: d, title: D, type: year}\n- name: b",
        Verdict.NEW_VERSION,
        ["field-inserted"],
    ),
    "a required field": (
        "H}}\n",
        "H}}\n- {name: d, title: D, type: year, constraints: {required: true}}\n",
        Verdict.NEW_VERSION,
        ["required-field-added"],
    ),
    "a field made required": ("maxLength: 20", "maxLength: 20, required: true", Verdict.NEW_VERSION, ["made-required"]),
    "a new category": (CATEGORIES, f"{CATEGORIES[:-1]}, {{value: g, label: G}}]", Verdict.COMPATIBLE, ["code-added"]),
    "a category taken away": (CATEGORIES, "[{value: r, label: Rosso}]", Verdict.NEW_VERSION, ["code-removed"]),
    "categories in another order": (
        CATEGORIES,
        "[{value: v, label: Verde}, {value: r, label: Rosso}]",
        Verdict.NEW_VERSION,
        ["codes-reordered"],
    ),
    "labels exchanged": (
        CATEGORIES,
        "[{value: r, label: Verde}, {value: v, label: Rosso}]",
        Verdict.REFUSED,
        ["label-moved", "label-moved"],
    ),
    "another kind": ("type: string\n  form:privacy", "type: date\n  form:privacy", Verdict.REFUSED, ["kind-changed"]),
    "less privacy": ("form:privacy: personal", "form:privacy: public", Verdict.REFUSED, ["privacy-loosened"]),
    "more privacy": ("form:privacy: personal", "form:privacy: sensitive", Verdict.COMPATIBLE, ["privacy-tightened"]),
    "a condition": (
        "title: B\n",
        "title: B\n  form:showIf: {field: a, answered: true}\n",
        Verdict.NEW_VERSION,
        ["property-changed"],
    ),
}


@pytest.mark.parametrize(("old", "new", "verdict", "codes"), EDITS.values(), ids=EDITS)
def test_an_edit_has_a_verdict(written: Written, old: str, new: str, verdict: Verdict, codes: list[str]) -> None:
    assert old in BEFORE
    edited = BEFORE.replace(old, new)
    if new.startswith("type: date"):
        edited = edited.replace("  constraints: {maxLength: 20}\n", "")
    changes = changes_since([written(BEFORE)], written(edited))
    assert verdict_of(changes) == verdict
    assert [change.code for change in changes] == codes or (codes and codes[0] in [change.code for change in changes])
    assert all("{" not in change.sentence("it") for change in changes)


@pytest.mark.parametrize(("old", "new", "verdict", "codes"), EDITS.values(), ids=EDITS)
def test_only_what_touches_data_changes_the_version(
    written: Written, old: str, new: str, verdict: Verdict, codes: list[str]
) -> None:
    if new.startswith("type: date"):
        return  # refused by its kind alone
    same = written(BEFORE).version == written(BEFORE.replace(old, new)).version
    assert same == (codes[0] in ("reworded", "label-moved")) or "privacy" in old


def test_fields_taken_away_or_moved_begin_a_new_file(written: Written) -> None:
    fields = dedent(BEFORE).strip().split("\n- ")
    first, *rest = [fields[0].removeprefix("- "), *fields[1:]]
    shorter, moved = (written("\n".join(f"- {entry}" for entry in entries)) for entries in (rest, [*rest, first]))
    assert [change.code for change in changes_since([written(BEFORE)], shorter)] == ["field-removed"]
    assert "fields-reordered" in [change.code for change in changes_since([written(BEFORE)], moved)]
