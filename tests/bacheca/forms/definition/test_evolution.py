"""What each edit of a form means for the responses that are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import dedent
from typing import Any

import pytest
import yaml

from bacheca.forms import Form, FormProblems, read_response
from bacheca.forms.definition import evolution
from bacheca.forms.definition.checks.form import CONSTRAINTS, FIELD_KEYS, PROPERTIES
from bacheca.forms.definition.evolution import Verdict, changes_since, verdict_of
from bacheca.forms.kinds import KINDS
from bacheca.forms.submission.read import problems_of_cells
from tests.bacheca.forms.conftest import HEAD
from tests.bacheca.forms.kinds.examples import EXAMPLES

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


def test_what_is_personal_unless_a_form_says_otherwise_is_not_made_public_afterwards(written: Written) -> None:
    page = "- {name: w, title: W, type: string, format: uri}\n"
    told = written(BEFORE + page.replace("}\n", ", form:privacy: public}\n"))
    assert [change.code for change in changes_since([written(BEFORE + page)], told)] == ["privacy-loosened"]


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


def known_properties() -> dict[str, set[str]]:
    """Give every property that the form language knows, by the table that must say what a change of it means."""
    return {
        "OF_THE_FORM": set(PROPERTIES["form"]),
        "OF_A_FIELD": {*FIELD_KEYS, *(key for kind in KINDS.values() for key in kind.properties)},
        "OF_CONSTRAINTS": {*CONSTRAINTS, *(key for kind in KINDS.values() for key in kind.constraint_names)},
    }


@pytest.mark.parametrize("table", ["OF_THE_FORM", "OF_A_FIELD", "OF_CONSTRAINTS"])
def test_every_property_of_the_form_language_has_a_verdict(table: str) -> None:
    assert set(getattr(evolution, table)) == known_properties()[table]


PLACED = """
- {name: x, title: X, type: string, categories: [{value: a, label: A%s}, {value: b, label: B}]}
- {name: posta, title: E-mail, type: string, format: email, constraints: {required: true}}
"""
SIGNUP = "form:kind: signup\nform:publish: nothing\n%s"


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        (("", ""), ("form:places: 9\n", ""), ["fewer-places"]),
        (("form:places: 9\n", ""), ("form:places: 8\n", ""), ["fewer-places"]),
        (("form:places: 9\n", ""), ("form:places: 10\n", ""), ["form-changed"]),
        (("form:places: 9\n", ""), ("form:places: 9\nform:waiting: 2\n", ""), ["form-changed"]),
        (("form:places: 9\nform:waiting: 2\n", ""), ("form:places: 9\nform:waiting: 1\n", ""), ["fewer-places"]),
        (("form:places: 9\n", ""), ("form:places: 9\nform:hold: 2 days\n", ""), ["form-changed"]),
        (("", ""), ("", ", form:places: 4"), ["fewer-places-of-choice"]),
        (("", ", form:places: 4"), ("", ", form:places: 3"), ["fewer-places-of-choice"]),
        (("", ", form:places: 4"), ("", ", form:places: 5"), ["more-places-of-choice"]),
        (("", ", form:places: 4"), ("", ""), ["more-places-of-choice"]),
    ],
)
def test_another_number_of_places_is_compatible_and_fewer_are_told(
    written: Written, before: tuple[str, str], after: tuple[str, str], codes: list[str]
) -> None:
    old, new = (
        written(PLACED % of_choice, HEAD.replace("form:kind: survey\n", SIGNUP % of_form))
        for of_form, of_choice in (before, after)
    )
    changes = changes_since([old], new)
    assert [change.code for change in changes] == codes
    assert verdict_of(changes) is Verdict.COMPATIBLE
    assert old.version == new.version
    assert all("{" not in change.sentence("it") for change in changes)


SCALE = "- {name: x, title: X, type: integer, form:widget: scale, form:ends: {low: No, high: Sì}"
CODED = "- {name: x, title: X, type: string, categories: [{value: '1', label: Uno}, {value: '2', label: Due}]"
LISTED = "- {name: x, title: X, type: list, categories: [{value: a, label: A}, {value: b, label: B}]"
MEANINGS = {
    "a scale of another length": (
        f"{SCALE}, constraints: {{minimum: 1, maximum: 5}}}}",
        f"{SCALE}, constraints: {{minimum: 1, maximum: 10}}}}",
        Verdict.NEW_VERSION,
        "scale-moved",
    ),
    "a scale of the length that is implied, written": (
        f"{SCALE}}}",
        f"{SCALE}, constraints: {{minimum: 0, maximum: 10}}}}",
        Verdict.COMPATIBLE,
        "",
    ),
    "ends exchanged": (
        f"{SCALE}}}",
        f"{SCALE}}}".replace("low: No, high: Sì", "low: Sì, high: No"),
        Verdict.REFUSED,
        "ends-exchanged",
    ),
    "numbers for texts": (
        f"{CODED}}}",
        f"{CODED}}}".replace("string", "integer"),
        Verdict.NEW_VERSION,
        "property-changed",
    ),
    "the type that is implied, written": (
        "- {name: x, title: X}",
        "- {name: x, title: X, type: string}",
        Verdict.COMPATIBLE,
        "",
    ),
    "a list that opens": (f"{CODED}}}", f"{CODED}, form:widget: select}}", Verdict.COMPATIBLE, "property-harmless"),
    "no longer required": (
        "- {name: x, title: X, type: year, constraints: {required: true}}",
        "- {name: x, title: X, type: year}",
        Verdict.COMPATIBLE,
        "made-optional",
    ),
    "one more to rank": (
        f"{LISTED}, form:widget: ranking}}",
        f"{LISTED}, form:widget: ranking}}".replace("B}]", "B}, {value: c, label: C}]"),
        Verdict.NEW_VERSION,
        "ranking-widened",
    ),
    "a condition said in another way": (
        f"{CODED}}}\n- {{name: y, title: Y, type: year, form:showIf: {{field: x, in: ['1', '2']}}}}",
        f"{CODED}}}\n- {{name: y, title: Y, type: year, form:showIf:"
        " {not: {all: [{not: {field: x, in: ['2', '1']}}]}}}",
        Verdict.COMPATIBLE,
        "property-harmless",
    ),
    "a condition with one part less": (
        f"{CODED}}}\n- {{name: y, title: Y, type: year, form:showIf:"
        " {any: [{field: x, equals: '1'}, {field: x, answered: false}]}}",
        f"{CODED}}}\n- {{name: y, title: Y, type: year, form:showIf: {{field: x, equals: '1'}}}}",
        Verdict.NEW_VERSION,
        "property-changed",
    ),
    "a section that not everybody sees any more": (
        f"{CODED}}}\n- {{name: y, title: Y, type: year, form:section: Poi}}\n- {{name: z, title: Z, type: year}}",
        f"{CODED}}}\n- {{name: y, title: Y, type: year, form:section: {{title: Poi, form:showIf:"
        " {field: x, equals: '1'}}}\n- {name: z, title: Z, type: year}",
        Verdict.NEW_VERSION,
        "property-changed",
    ),
    "one more to tick": (
        f"{LISTED}}}",
        f"{LISTED}}}".replace("[", "[{value: c, label: C}, "),
        Verdict.COMPATIBLE,
        "code-added",
    ),
    "more to tick at once": (
        f"{LISTED}, form:choose: {{max: 1}}}}",
        f"{LISTED}, form:choose: {{max: 2}}}}",
        Verdict.NEW_VERSION,
        "property-changed",
    ),
    "a code for no answer that may be an answer": (
        "- {name: x, title: X, type: string}",
        "- {name: x, title: X, type: string, missingValues: [{value: boh, label: Boh}]}",
        Verdict.NEW_VERSION,
        "missing-added",
    ),
    "a code for no answer where answers are coded": (
        f"{CODED}}}",
        f"{CODED}, missingValues: [{{value: boh, label: Boh}}]}}",
        Verdict.COMPATIBLE,
        "code-added",
    ),
    "an answer that comes to be no answer": (
        f"{CODED}}}",
        "- {name: x, title: X, type: string, categories: [{value: '1', label: Uno}],"
        " missingValues: [{value: '2', label: Due}]}",
        Verdict.REFUSED,
        "code-reused",
    ),
    "labels exchanged with a reason for not answering": (
        f"{CODED}, missingValues: [{{value: boh, label: Boh}}]}}",
        f"{CODED}, missingValues: [{{value: boh, label: Due}}]}}".replace("'2', label: Due", "'2', label: Boh"),
        Verdict.REFUSED,
        "label-moved",
    ),
    "the same condition in other words": (
        f"{CODED}}}\n- {{name: y, title: Y, type: year, form:showIf: {{field: x, equals: '1'}}}}",
        f"{CODED}}}\n- {{name: y, title: Y, type: year, form:showIf: {{field: x, in: ['1']}}}}",
        Verdict.COMPATIBLE,
        "property-harmless",
    ),
    "quoting more than was agreed to": (
        "- {name: t, title: T, type: string, form:widget: textarea}\n"
        "- {name: u, title: U, type: string, form:widget: textarea}\n"
        "- {name: x, title: X, type: boolean, form:widget: consent, form:notice: N, form:quotes: [t]}",
        "- {name: t, title: T, type: string, form:widget: textarea}\n"
        "- {name: u, title: U, type: string, form:widget: textarea}\n"
        "- {name: x, title: X, type: boolean, form:widget: consent, form:notice: N, form:quotes: [t, u]}",
        Verdict.REFUSED,
        "quotes-widened",
    ),
}


@pytest.mark.parametrize(("before", "after", "verdict", "code"), MEANINGS.values(), ids=MEANINGS)
def test_an_edit_that_changes_what_a_kept_value_means_is_never_called_compatible(
    written: Written, before: str, after: str, verdict: Verdict, code: str
) -> None:
    changes = changes_since([written(before)], written(after))
    assert verdict_of(changes) == verdict
    assert code in [change.code for change in changes] or not code


def test_labels_exchanged_in_a_translation_are_refused(written: Written) -> None:
    def english(one: str, two: str) -> str:
        labels = f"[{{value: '1', label: {one}}}, {{value: '2', label: {two}}}]"
        return f"title: A test\nfields:\n- {{name: x, title: X, categories: {labels}}}\n"

    before, after = (written(f"{CODED}}}", en=english(*words)) for words in (("One", "Two"), ("Two", "One")))
    changes = changes_since([before], after)
    assert verdict_of(changes) is Verdict.REFUSED
    assert {change.code for change in changes} == {"label-moved"}, "it is no mere rewording"


def test_ends_exchanged_in_a_translation_are_refused(written: Written) -> None:
    def english(low: str, high: str) -> str:
        return f"title: A test\nfields:\n- {{name: x, title: X, form:ends: {{low: {low}, high: {high}}}}}\n"

    before, after = (written(f"{SCALE}}}", en=english(*ends)) for ends in (("No", "Yes"), ("Yes", "No")))
    (change,) = changes_since([before], after)
    assert (change.verdict, change.code) == (Verdict.REFUSED, "ends-exchanged"), "it is no mere rewording"


def edited(entry: Any, cells: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Give a field in many other states, each an edit away: valid or not."""
    for key in ("minimum", "maximum", "minLength", "maxLength"):
        value = (entry.get("constraints") or {}).get(key)
        for near in (value - 1, value + 1) if isinstance(value, int) else ():
            yield {**entry, "constraints": {**entry["constraints"], key: near}}
        if value is not None:
            yield {**entry, "constraints": {k: v for k, v in entry["constraints"].items() if k != key}}
    for constraint in (
        {"required": True},
        {"maxLength": 5000},
        {"minimum": -3},
        {"maximum": 10_000},
        {"pattern": "[a-z]+"},
    ):
        yield {**entry, "constraints": {**(entry.get("constraints") or {}), **constraint}}
    for key, value in (("type", "integer"), ("type", "string"), ("type", "number"), ("form:widget", "select")):
        yield {**entry, key: value}
    for key in ("form:other", "form:shuffle", "categoriesOrdered"):
        yield {**entry, key: not entry.get(key, False)}
    yield {**entry, "description": "Un suggerimento."}
    new, gone = {"value": "nuovo", "label": "Nuovo"}, {"value": "boh", "label": "Boh"}
    listed = entry.get("categories") or []
    for codes in ([new, *listed], [*listed, new], listed[1:], listed[::-1]) if listed else ():
        yield {**entry, "categories": codes}
    unsaid = entry.get("missingValues") or []
    rest = {k: v for k, v in entry.items() if k != "missingValues"}
    taken = [[*unsaid, {"value": cell, "label": f"«{cell}»"}] for cell in cells]
    for codes in ([gone], [*unsaid, gone], [gone, *unsaid], *taken):
        yield {**rest, "missingValues": codes}
    for key, value in (("form:choose", {"max": 1}), ("form:choose", {"min": 2}), ("form:exclusive", "verde")):
        yield {**entry, key: value}
    for key in set(entry) - {"name", "title", "type"}:
        yield {k: v for k, v in entry.items() if k != key}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_whatever_is_compatible_keeps_every_answer_valid_and_meaning_the_same(written: Written, kind: str) -> None:
    """Every edit of one step, of every kind: what was accepted before is read alike under the newest schema."""
    example = EXAMPLES[kind]
    before = written(example.written)
    kept = [dict(read_response(before, posted, "it")[0].cells) for posted, _ in example.kept]
    compared = 0
    for entry in edited(yaml.safe_load(example.written)[0], {cell for cells in kept for cell in cells.values()}):
        try:
            after = written(yaml.safe_dump([entry], allow_unicode=True))
        except FormProblems:
            continue
        if verdict_of(changes_since([before], after)) is not Verdict.COMPATIBLE:
            continue
        old, new = before.fields[0], after.fields[0]
        for cells in kept:
            compared += 1
            row = {column.name: cells.get(column.name, "") for column in after.columns}
            assert problems_of_cells(after, row) == [], entry
            assert new.given(row) == old.given(cells), entry
            assert new.show(row, "it") == old.show(cells, "it"), entry
            assert {c: old.says_nothing(cells[c]) for c in cells if c == "x"} == {
                c: new.says_nothing(row[c]) for c in cells if c == "x"
            }, entry
    assert compared
