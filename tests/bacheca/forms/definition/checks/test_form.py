"""Each test names a rule of form files; each problem stands at its line, counted from the first of the fields.

One list: every rule of a form file, a row or two each, so that what is ruled can be read in one go.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bacheca.forms import Form, FormProblems, load_form
from bacheca.forms.definition.checks.form import (
    CONSTRAINTS,
    FIELD_KEYS,
    FORM_KEYS,
    code_for,
    free_name,
    kind_meant,
)
from bacheca.forms.form_files.loading import read_form
from bacheca.forms.kinds import KINDS
from bacheca.forms.messages import SENTENCES
from bacheca.forms.results_messages import SENTENCES as RESULTS
from tests.bacheca.forms.conftest import HEAD, as_form

Faults = Callable[..., list[tuple[str, int]]]
Written = Callable[..., Form]
CODES = "categories: [{value: a, label: A}, {value: b, label: B}]"
TEXT = "- {name: x, title: X, type: string}"
CHOICE = f"- {{name: prima, title: Prima, type: string, {CODES}}}"
NUMBER = "- {name: ore, title: Ore, type: integer, constraints: {minimum: 0, maximum: 10}}"
ROW = f"type: string, categoriesOrdered: true, {CODES}, form:matrix: m"

WRONG_FIELDS = {
    "a field is a list of properties": ("- solo testo", [("FIELD_SHAPE", 1)]),
    "a field has a title": ("- name: x\n  type: string", [("LACKS_TEXT", 1)]),
    "a blank title is none": ("- name: x\n  title: ' '\n  type: string", [("LACKS_TEXT", 2)]),
    "a name is plain": ("- {name: Età, title: X, type: string}", [("FIELD_NAME", 1)]),
    "a name has no double underscore": ("- {name: a__b, title: X, type: string}", [("FIELD_NAME", 1)]),
    "a name is no fixed column": ("- {name: language, title: X, type: string}", [("FIELD_RESERVED", 1)]),
    "a name is used once": (f"{TEXT}\n{TEXT}", [("FIELD_TWICE", 2)]),
    "a kind exists": ("- name: x\n  title: X\n  type: geopoint", [("FIELD_KIND", 3)]),
    "a property is known": ("- name: x\n  title: X\n  type: string\n  form:colour: red", [("UNKNOWN_KEY", 4)]),
    "a property suits the kind": (
        "- name: x\n  title: X\n  type: date\n  form:choose: {max: 1}",
        [("KEY_UNSUITED", 4)],
    ),
    "a constraint suits the kind": (
        "- name: x\n  title: X\n  type: date\n  constraints:\n    maxLength: 3",
        [("KEY_UNSUITED", 5)],
    ),
    "constraints are properties": (
        "- name: x\n  title: X\n  type: string\n  constraints: 3",
        [("CONSTRAINTS_SHAPE", 4)],
    ),
    "a length is a number": (
        "- name: x\n  title: X\n  type: string\n  constraints: {maxLength: molto}",
        [("CONSTRAINT_NUMBER", 4)],
    ),
    "lengths are in order": (
        "- name: x\n  title: X\n  type: string\n  constraints: {minLength: 9, maxLength: 3}",
        [("CONSTRAINT_ORDER", 4)],
    ),
    "required is true or false": (
        "- name: x\n  title: X\n  type: string\n  constraints: {required: sì}",
        [("CONSTRAINT_BOOLEAN", 4)],
    ),
    "a pattern is a pattern": (
        "- name: x\n  title: X\n  type: string\n  constraints: {pattern: 'a)(b'}",
        [("CONSTRAINT_PATTERN", 4)],
    ),
    "a bound is a number": (
        "- name: x\n  title: X\n  type: integer\n  constraints: {minimum: 1.5}",
        [("CONSTRAINT_BOUND", 4)],
    ),
    "a bound of a date is a date": (
        "- name: x\n  title: X\n  type: date\n  constraints: {minimum: 2027-13-01}",
        [("CONSTRAINT_BOUND", 4)],
    ),
    "bounds are in order": (
        "- name: x\n  title: X\n  type: year\n  constraints: {minimum: 2000, maximum: 1999}",
        [("CONSTRAINT_ORDER", 4)],
    ),
    "privacy is one of four": ("- name: x\n  title: X\n  type: string\n  form:privacy: segreto", [("NOT_ONE_OF", 4)]),
    "categories have labels": ("- name: x\n  title: X\n  type: string\n  categories: [a, b]", [("CODE_SHAPE", 4)] * 2),
    "categories are a list": ("- name: x\n  title: X\n  type: string\n  categories: {a: b}", [("CODES_SHAPE", 4)]),
    "a code is plain": (
        "- name: x\n  title: X\n  type: string\n  categories:\n  - {value: è, label: È}",
        [("CODE", 5)],
    ),
    "a code is not read as nothing": (
        "- name: x\n  title: X\n  type: string\n  categories:\n  - {value: NA, label: N}",
        [("CODE", 5)],
    ),
    "a code is not a truth": (
        "- name: x\n  title: X\n  type: string\n  categories:\n  - {value: true, label: N}",
        [("CODE", 5)],
    ),
    "a code has no leading zero": (
        "- name: x\n  title: X\n  type: string\n  categories:\n  - {value: '01', label: N}",
        [("CODE", 5)],
    ),
    "a category is not our own code": (
        "- name: x\n  title: X\n  type: string\n  categories:\n  - {value: not-shown, label: N}",
        [("CODE", 5)],
    ),
    "a code is used once": (
        f"- name: x\n  title: X\n  type: string\n  {CODES}\n  missingValues: [{{value: b, label: Niente}}]",
        [("CODE_TWICE", 5)],
    ),
    "a label is used once": (
        "- name: x\n  title: X\n  type: string\n  categories:\n"
        "  - {value: a, label: Non so}\n  missingValues:\n  - {value: b, label: non  so}",
        [("LABEL_TWICE", 7)],
    ),
    "a choice does not read like another one in one's own words": (
        "- name: x\n  title: X\n  type: list\n  form:other: true\n  categories:\n"
        "  - {value: a, label: A}\n  - {value: b, label: ALTRO}",
        [("LABEL_IMPLIED", 7)],
    ),
    "a reason for not answering does not read like yes or no": (
        "- name: x\n  title: X\n  type: boolean\n  missingValues:\n  - {value: boh, label: No}",
        [("LABEL_IMPLIED", 5)],
    ),
    "numbers have numbers for codes": (f"- name: x\n  title: X\n  type: integer\n  {CODES}", [("CODE_NUMBER", 4)] * 2),
    "an other answer is a text": (
        "- name: x\n  title: X\n  type: integer\n  form:other: true\n  categories: [{value: 1, label: B}]",
        [("OTHER_NUMBER", 4)],
    ),
    "a switch is true or false": (
        f"- name: x\n  title: X\n  type: string\n  form:shuffle: forse\n  {CODES}",
        [("NOT_ONE_OF", 4)],
    ),
    "columns have names of their own": (
        "- name: x\n  title: X\n  type: list\n  categories: [{value: a-b, label: A}, {value: A_b, label: B}]",
        [("COLUMN_TWICE", 1)],
    ),
    "choose has a shape": (f"- name: x\n  title: X\n  type: list\n  form:choose: 2\n  {CODES}", [("CHOOSE_SHAPE", 4)]),
    "choose counts the categories": (
        f"- name: x\n  title: X\n  type: list\n  form:choose: {{max: 3}}\n  {CODES}",
        [("CHOOSE_NUMBER", 4)],
    ),
    "choose is in order": (
        f"- name: x\n  title: X\n  type: list\n  form:choose: {{min: 2, max: 1}}\n  {CODES}",
        [("CONSTRAINT_ORDER", 4)],
    ),
    "the exclusive one is a category": (
        f"- name: x\n  title: X\n  type: list\n  form:exclusive: c\n  {CODES}",
        [("EXCLUSIVE", 4)],
    ),
    "a scale has ends": ("- name: x\n  title: X\n  type: integer\n  form:widget: scale", [("SCALE_ENDS", 1)]),
    "a scale fits": (
        "- name: x\n  title: X\n  type: integer\n  form:widget: scale\n"
        "  form:ends: {low: a, high: b}\n  constraints: {maximum: 11}",
        [("SCALE_LENGTH", 6)],
    ),
    "a consent has a notice": ("- name: x\n  title: X\n  type: boolean\n  form:widget: consent", [("LACKS_TEXT", 1)]),
    "a section has a title": (
        "- name: x\n  title: X\n  type: string\n  form:section: {text: Ciao}",
        [("LACKS_TEXT", 4)],
    ),
    "a section is a title or two texts": (
        "- name: x\n  title: X\n  type: string\n  form:section: [a]",
        [("SECTION_SHAPE", 4)],
    ),
    "texts fit the body": (
        "- {name: x, title: X, type: string, constraints: {maxLength: 70000}}",
        [("FORM_TOO_LONG", 0)],
    ),
    "the rows of a matrix stand together": (
        f"- {{name: a, title: A, form:stem: S, {ROW}}}\n{TEXT}\n- {{name: b, title: B, {ROW}}}",
        [("MATRIX_APART", 3)],
    ),
    "the rows of a matrix are alike": (
        f"- {{name: a, title: A, form:stem: S, {ROW}}}\n"
        f"- {{name: b, title: B, {ROW}, constraints: {{required: true}}}}",
        [("MATRIX_ROWS", 2)],
    ),
    "a matrix has a stem": (f"- {{name: a, title: A, {ROW}}}", [("LACKS_TEXT", 1)]),
    "a matrix has one stem": (
        f"- {{name: a, title: A, form:stem: S, {ROW}}}\n- {{name: b, title: B, form:stem: S, {ROW}}}",
        [("MATRIX_FIRST", 2)],
    ),
    "a matrix is in order": (
        f"- {{name: a, title: A, type: string, form:stem: S, form:matrix: m, {CODES}}}",
        [("MATRIX_ORDER", 1)],
    ),
    "a stem belongs to a matrix": (
        f"- {{name: a, title: A, type: string, form:stem: S, {CODES}}}",
        [("KEY_UNSUITED", 1)],
    ),
    "a condition has a shape": (f"{CHOICE}\n{TEXT[:-1]}, form:showIf: prima}}", [("SHOWIF_SHAPE", 2)]),
    "a condition asks one thing": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{field: prima, equals: a, answered: true}}}}",
        [("SHOWIF_MIXED", 2)],
    ),
    "a group of conditions stands alone": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{all: [{{field: prima, equals: a}}], field: prima}}}}",
        [("SHOWIF_MIXED", 2)],
    ),
    "conditions are joined in one way": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{all: [{{field: prima, equals: a}}], any: []}}}}",
        [("SHOWIF_MIXED", 2)],
    ),
    "a group of conditions is a list": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{all: {{field: prima, equals: a}}}}}}",
        [("SHOWIF_LIST", 2)],
    ),
    "a group of conditions holds some": (f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{any: []}}}}", [("SHOWIF_EMPTY", 2)]),
    "some codes are compared": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{field: prima, in: []}}}}",
        [("SHOWIF_EMPTY", 2)],
    ),
    "each part of a condition has its line": (
        f"{CHOICE}\n{TEXT[:-1]},\n  form:showIf: {{any: [\n    {{field: prima, equals: a}},\n    {{field: prima}},\n"
        "    {not: prima},\n    {not: {field: prima, answered: 1}},\n    {field: altra, equals: a}]}}",
        [("SHOWIF_SHAPE", 5), ("SHOWIF_SHAPE", 6), ("NOT_ONE_OF", 7)],
    ),
    "a part of a condition may look at nothing": (
        f"{CHOICE}\n{TEXT[:-1]},\n  form:showIf: {{any: [\n    {{field: prima, equals: a}},\n"
        "    {field: altra, equals: a},\n    {field: prima, equals: c}]}}",
        [("SHOWIF_UNKNOWN", 5), ("SHOWIF_UNREACHABLE", 6)],
    ),
    "groups of conditions are two deep": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{all: [{{not: {{any: [\n"
        "{all: [{field: prima, equals: a}]}]}}]}}",
        [("SHOWIF_DEEP", 3)],
    ),
    "a property of a condition is known": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{field: prima, equal: a}}}}",
        [("PROPERTY_TYPO", 2)],
    ),
    "only what has an order is compared by it": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{field: prima, atLeast: 3}}}}",
        [("SHOWIF_ORDER", 2)],
    ),
    "a number is compared with a number": (
        f"{NUMBER}\n{TEXT[:-1]}, form:showIf: {{field: ore, atLeast: molte}}}}",
        [("CONSTRAINT_BOUND", 2)],
    ),
    "a day is compared with a day": (
        f"- {{name: dal, title: Dal, type: date}}\n{TEXT[:-1]}, form:showIf: {{field: dal, atMost: 30/6/2027}}}}",
        [("CONSTRAINT_BOUND", 2)],
    ),
    "the bounds of a comparison are in order": (
        f"{NUMBER}\n{TEXT[:-1]}, form:showIf: {{field: ore, atLeast: 9, atMost: 3}}}}",
        [("CONSTRAINT_ORDER", 2)],
    ),
    "an answer is not two at once": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{all: [{{field: prima, equals: a}}, {{field: prima, equals: b}}]}}}}",
        [("SHOWIF_NEVER", 2)],
    ),
    "a number keeps to its limits": (
        f"{NUMBER}\n{TEXT[:-1]}, form:showIf: {{field: ore, atLeast: 11}}}}",
        [("SHOWIF_NEVER", 2)],
    ),
    "what is asked after one answer is not answered after another": (
        f"{CHOICE}\n{NUMBER[:-1]}, form:showIf: {{field: prima, equals: a}}}}\n"
        f"{TEXT[:-1]}, form:showIf: {{all: [{{field: prima, equals: b}}, {{field: ore, answered: true}}]}}}}",
        [("SHOWIF_NEVER", 3)],
    ),
    "a section has a condition like a field": (
        f"{CHOICE}\n{TEXT[:-1]}, form:section: {{title: S, form:showIf: {{field: altra, answered: true}}}}}}",
        [("SHOWIF_UNKNOWN", 2)],
    ),
    "a section looks at fields before it": (
        f"{TEXT[:-1]}, form:section: {{title: S, form:showIf: {{field: ore, answered: true}}}}}}\n{NUMBER}",
        [("SHOWIF_LATER", 1)],
    ),
    "what a section asks holds for its fields": (
        f"{CHOICE}\n{TEXT[:-1]}, form:section: {{title: S, form:showIf: {{field: prima, equals: a}}}}}}\n"
        f"{NUMBER[:-1]}, form:showIf: {{field: prima, equals: b}}}}",
        [("SHOWIF_NEVER", 3)],
    ),
    "nothing is answered in a section that is not shown": (
        f"{CHOICE}\n{NUMBER[:-1]}, form:section: {{title: S, form:showIf: {{field: prima, equals: a}}}}}}\n"
        f"{TEXT[:-1]}, form:section: {{title: T}},\n"
        "  form:showIf: {all: [{field: prima, equals: b}, {field: ore, answered: true}]}}",
        [("SHOWIF_NEVER", 4)],
    ),
    "a condition looks at a field": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{field: altra, equals: a}}}}",
        [("SHOWIF_UNKNOWN", 2)],
    ),
    "a condition looks at an earlier field": (
        f"{TEXT[:-1]}, form:showIf: {{field: prima, equals: a}}}}\n{CHOICE}",
        [("SHOWIF_LATER", 1)],
    ),
    "a condition does not look at itself": (
        f"{CHOICE[:-1]}, form:showIf: {{field: prima, equals: a}}}}",
        [("SHOWIF_LOOP", 1)],
    ),
    "conditions do not go round": (
        f"{CHOICE[:-1]}, form:showIf: {{field: x, answered: true}}}}\n"
        f"{TEXT[:-1]}, form:showIf: {{field: prima, equals: a}}}}",
        [("SHOWIF_LOOP", 1), ("SHOWIF_LOOP", 2)],
    ),
    "a condition can come true": (
        f"{CHOICE}\n{TEXT[:-1]}, form:showIf: {{field: prima, in: [a, c]}}}}",
        [("SHOWIF_UNREACHABLE", 2)],
    ),
    "what must be answered is answered": (
        f"{CHOICE[:-1]}, constraints: {{required: true}}}}\n"
        f"{TEXT[:-1]}, form:showIf: {{field: prima, answered: false}}}}",
        [("SHOWIF_NEVER", 2)],
    ),
    "a condition compares codes": (
        f"{TEXT}\n- {{name: y, title: Y, type: string, form:showIf: {{field: x, equals: a}}}}",
        [("SHOWIF_COMPARES", 2)],
    ),
}


@pytest.mark.parametrize(("fields", "found"), WRONG_FIELDS.values(), ids=WRONG_FIELDS)
def test_a_rule_of_fields_is_kept(faults: Faults, fields: str, found: list[tuple[str, int]]) -> None:
    assert faults(fields) == found


def test_what_is_sensitive_is_sealed_and_nothing_can_be_done_by_it(faults: Faults) -> None:
    asked = "- {name: cure, title: Cure, type: string, form:privacy: sensitive, categories: [{value: a, label: A%s}]}"
    address = (
        "- {name: posta, title: P, type: string, format: email, form:privacy: sensitive, constraints: {required: true}}"
    )
    sealed = HEAD + "form:seal: true\n"
    assert faults(asked % "", sealed) == []
    sign_up = sealed.replace("survey", "signup")
    codes = [code for code, _ in faults(f"{asked % ', form:places: 2'}\n{address}", sign_up + "form:remind: 2 days\n")]
    assert sorted(codes) == ["PLACES_SEALED", "REMIND_SEALED"]


FOLLOWING = """
- {name: nome, title: N, type: string, form:privacy: personal}
- {name: prima, title: P, type: boolean}
- {name: cura, title: C, type: boolean, form:privacy: sensitive, form:showIf: {field: prima, equals: "true"}}
- name: dove
  title: D
  type: boolean
  form:showIf: {any: [{field: prima, equals: "true"}, {not: {field: cura, answered: true}}]}
- {name: poi, title: P, type: boolean, form:showIf: {field: dove, answered: true}}
- {name: altro, title: A, type: string, form:section: {title: S, form:showIf: {field: poi, equals: "true"}}}
- {name: pagina, title: P, type: string, format: uri}
- {name: si, title: S, type: boolean, form:widget: consent, form:notice: N}
- {name: fine, title: F, type: boolean, form:section: {title: T}, form:showIf: {field: prima, answered: true}}
"""


def test_whatever_is_asked_after_what_is_sealed_is_sealed_with_it(written: Written, tmp_path: Path) -> None:
    head = HEAD + "form:seal: true\nform:publish: results\n"
    form = written(FOLLOWING, head)
    assert form.sealed_fields == {"nome", "cura", "dove", "poi", "altro", "pagina", "si"}
    assert form.sealed_by_themselves == {"nome", "cura"}
    assert [field.name for field in form.readable_part.fields] == ["prima", "fine"]
    said = [(each.code, each.values.get("after", "")) for each in read_form(tmp_path / "prova.yaml", ())[1]]
    assert said == [
        ("SEAL_UNCOUNTED", ""),
        *(("SEAL_FOLLOWS", after) for after in ("cura", "dove", "poi")),
        ("SEAL_CONSENT", ""),
    ]
    assert not written(FOLLOWING).sealed_fields


WRONG_HEADS = {
    "the schema is named": (HEAD.replace("2.0", "1.0"), "FORM_PROFILE"),
    "the name is the file's": (HEAD.replace("prova", "altra"), "FORM_NAME"),
    "a kind of form is said": (HEAD.replace("form:kind: survey\n", ""), "KEY_LACKS"),
    "what is published is one of two": (HEAD + "form:publish: tutto\n", "NOT_ONE_OF"),
    "its zone is one": (HEAD + "form:zone: CET\n", "FORM_ZONE"),
    "it opens on a day": (HEAD + "form:opens: tomorrow\n", "FORM_DATE"),
    "it opens before it closes": (HEAD + "form:opens: '2027-07-01'\nform:closes: '2027-06-30'\n", "OPENS_LATE"),
    "it closes on a day": (HEAD + "form:closes: 2027-06-31\n", "FORM_DATE"),
    "it is titled": (HEAD.replace("title: Una prova\n", ""), "LACKS_TEXT"),
    "its properties are known": (HEAD + "form:color: red\n", "UNKNOWN_KEY"),
    "whether it has steps is true or false": (HEAD + "form:steps: forse\n", "NOT_ONE_OF"),
    "a property of fields goes with fields": (HEAD + "constraints: {}\n", "KEY_UNSUITED"),
    "its description is a text": (HEAD + "description: [1]\n", "NOT_TEXT"),
    "whether it is sealed is true or false": (HEAD + "form:seal: forse\n", "NOT_ONE_OF"),
    "steps need sections": (HEAD + "form:steps: true\n", "STEPS_ALONE"),
    "its button says something": (HEAD + "form:button: ''\n", "LACKS_TEXT"),
    "its button is a text": (HEAD + "form:button: [Invia]\n", "NOT_TEXT"),
    "its button is short": (HEAD + f"form:button: {'x' * 61}\n", "WORDS_LONG"),
    "its button is one line": (HEAD + 'form:button: "a\\u2028b"\n', "WORDS_LINES"),
    "what it says afterwards is several texts": (HEAD + "form:afterwards: Grazie\n", "WORDS_SHAPE"),
    "what it says afterwards is something": (HEAD + "form:afterwards: {}\n", "WORDS_SHAPE"),
    "what it says afterwards is known": (HEAD + "form:afterwards: {titolo: Grazie}\n", "PROPERTY_TYPO"),
    "what it says afterwards is a text": (HEAD + "form:afterwards: {text: 3}\n", "NOT_TEXT"),
    "its mail is of a sign-up": (HEAD + "form:mail: {subject: Ciao}\n", "MAIL_NOBODY"),
    "it reminds of something signed up for": (HEAD + "form:remind: 2 days\n", "MAIL_NOBODY"),
}


@pytest.mark.parametrize(("head", "code"), WRONG_HEADS.values(), ids=WRONG_HEADS)
def test_a_rule_of_the_form_itself_is_kept(faults: Faults, head: str, code: str) -> None:
    assert [found for found, _ in faults(TEXT, head)] == [code]


def test_every_problem_is_found_in_one_run(faults: Faults) -> None:
    fields = "- {name: A, title: X, type: boh}\n- {name: b, type: string}\n- {name: c, title: C, type: string, x: 1}"
    assert [code for code, _ in faults(fields)] == ["FIELD_NAME", "FIELD_KIND", "LACKS_TEXT", "UNKNOWN_KEY"]


ENGLISH = "title: A test\nfields:\n- {name: x, title: X}\n"
WRONG_WORDS = {
    "a title is translated": ("title: ''\nfields:\n- {name: x, title: X}", "TRANSLATION_LACKS"),
    "a field is translated": ("title: A\nfields: []", "TRANSLATION_LACKS"),
    "a hint is translated": ("title: A\nfields:\n- {name: x, title: X, description: H}", "TRANSLATION_MORE"),
    "only words are translated": ("title: A\nfields:\n- {name: x, title: X, type: string}", "TRANSLATION_MORE"),
    "no field is new": ("title: A\nfields:\n- {name: x, title: X}\n- {name: y, title: Y}", "TRANSLATION_MORE"),
    "a field is translated once": (
        "title: A\nfields:\n- {name: x, title: X}\n- {name: x, title: X}",
        "TRANSLATION_SHAPE",
    ),
    "a translation has fields": ("title: A", "TRANSLATION_SHAPE"),
    "a translation is a form": ("[1, 2]", "TRANSLATION_SHAPE"),
    "no code is new": (
        "title: A\nfields:\n- {name: x, title: X, categories: [{value: a, label: A}]}",
        "TRANSLATION_MORE",
    ),
}


@pytest.mark.parametrize(("words", "code"), WRONG_WORDS.values(), ids=WRONG_WORDS)
def test_a_rule_of_translations_is_kept(faults: Faults, words: str, code: str) -> None:
    assert [found for found, _ in faults(TEXT, en=words)] == [code]


LISTED_OTHER = "categories: [{value: a, label: A}, {value: other, label: Altro}]"


@pytest.mark.parametrize(
    "sound",
    [
        f"- {{name: x, title: X, type: list, form:other: true, {LISTED_OTHER}}}",
        f"- {{name: x, title: X, type: list, {LISTED_OTHER.replace('Altro', 'Nessuna risposta')}}}",
        f"- {{name: x, title: X, type: string, {LISTED_OTHER}, constraints: {{required: true}}}}",
        "- {name: x, title: X, type: boolean, missingValues: [{value: '', label: Nessuna risposta}]}",
        "- {name: x, title: X, type: boolean, form:widget: consent, form:notice: Sì}",
    ],
)
def test_what_the_form_does_not_offer_by_itself_may_be_called_so(faults: Faults, sound: str) -> None:
    assert faults(sound) == []


def test_a_choice_that_reads_like_no_answer_is_warned_of(tmp_path: Path) -> None:
    written = as_form("- name: x\n  title: X\n  type: string\n  categories: [{value: a, label: Nessuna  risposta}]")
    (tmp_path / "prova.yaml").write_text(written, encoding="utf-8")
    form, problems = read_form(tmp_path / "prova.yaml", [])
    assert form is not None
    assert [(problem.code, problem.level, problem.place) for problem in problems] == [
        ("LABEL_IMPLIED", "warning", ("fields", 0, "categories", 0))
    ]
    (tmp_path / "prova.yaml").write_text(f"{written}    constraints: {{required: true}}\n", encoding="utf-8")
    assert read_form(tmp_path / "prova.yaml", [])[1] == []  # where an answer is asked for, none is offered


def test_a_choice_reads_like_no_other_in_every_language(faults: Faults) -> None:
    fields = f"- {{name: x, title: X, type: list, form:other: true, {CODES}}}"
    labels = "categories: [{value: a, label: Altro}, {value: b, label: Other}]"
    assert faults(fields, en=f"title: A\nfields:\n- name: x\n  title: X\n  {labels}") == [("LABEL_IMPLIED", 5)]


def test_every_word_of_a_form_is_asked_of_a_translation(faults: Faults) -> None:
    fields = f"""
    - name: x
      title: X
      description: D
      type: string
      form:section: {{title: S, text: T}}
      form:stem: Q
      form:matrix: m
      categoriesOrdered: true
      {CODES}
    - {{name: y, title: Y, type: integer, form:widget: scale, form:ends: {{low: L, high: H}}}}
    """
    bare = "title: A\nfields:\n- {name: x, title: X}\n- {name: y, title: Y}"
    assert len(faults(fields, en=bare)) == len(["hint", "section", "its text", "stem", "a", "b", "low", "high"])


def test_the_first_language_has_no_translation(faults: Faults) -> None:
    assert faults(TEXT, it=ENGLISH) == [("TRANSLATION_LANGUAGE", 1)]


def test_a_third_language_works_by_adding_a_file(written: Written) -> None:
    form = written(TEXT, en=ENGLISH, fr="title: Un essai\nfields:\n- {name: x, title: Iks}\n")
    assert form.languages == ("it", "en", "fr")
    assert form.field("x").words["fr"].title == "Iks"
    assert form.wording("de").title == "Una prova"


def test_a_form_stays_open_until_the_end_of_its_last_day_in_italy(written: Written) -> None:
    form = written(TEXT, HEAD + "form:closes: '2027-06-30'\n")
    assert not form.is_closed(datetime(2027, 6, 30, 21, 59, tzinfo=UTC))
    assert form.is_closed(datetime(2027, 6, 30, 22, 0, tzinfo=UTC))


def test_a_form_opens_as_its_first_day_begins_in_italy(written: Written) -> None:
    form = written(TEXT, HEAD + "form:opens: '2027-06-30'\nform:closes: '2027-06-30'\n")
    states = [
        (form.is_early(moment), form.is_open(moment), form.is_closed(moment))
        for moment in (
            datetime(2027, 6, 29, 21, 59, tzinfo=UTC),
            datetime(2027, 6, 29, 22, 0, tzinfo=UTC),
            datetime(2027, 6, 30, 22, 0, tzinfo=UTC),
        )
    ]
    assert states == [(True, False, False), (False, True, False), (False, False, True)]


def test_days_of_a_form_begin_and_end_in_its_own_zone(written: Written) -> None:
    days = "form:opens: '2027-06-30'\nform:closes: '2027-06-30'\n"
    form = written(TEXT, HEAD + days + "form:zone: America/New_York\n")
    assert (form.opens_at, form.closes_at) == (
        datetime(2027, 6, 30, 4, tzinfo=UTC),
        datetime(2027, 7, 1, 4, tzinfo=UTC),
    )
    assert form.is_early(datetime(2027, 6, 30, 3, 59, tzinfo=UTC))
    assert form.is_open(datetime(2027, 7, 1, 3, 59, tzinfo=UTC))
    assert form.is_closed(datetime(2027, 7, 1, 4, tzinfo=UTC))


ROME = "Europe/Rome"


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("London", "Europe/London"),
        ("europe/rome", ROME),
        ("new york", "America/New_York"),
        ("3", ROME),
    ],
)
def test_a_zone_that_is_none_is_answered_with_the_nearest(written: Written, typed: str, near: str) -> None:
    with pytest.raises(FormProblems) as raised:
        written(TEXT, HEAD + f"form:zone: {typed}\n")
    (problem,) = raised.value.problems
    assert (problem.code, problem.values["near"]) == ("FORM_ZONE", near)


def test_words_do_not_change_the_version_and_data_do(written: Written) -> None:
    before = written("- {name: x, title: X, type: string}").version
    assert written("- {name: x, title: Y, description: D, type: string, form:section: S}").version == before
    assert written("- {name: x, title: X, type: string, constraints: {maxLength: 9}}").version != before


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 99)
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "a", "x", "prima", "true"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["value", "label", "min", "max", "field", "equals", "in", "low", "title", "required"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
KEYS = sorted(FORM_KEYS | FIELD_KEYS | CONSTRAINTS | {key for kind in KINDS.values() for key in kind.properties})
FIELDS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["x", "y", "prima"]),
        "title": st.just("T"),
        "type": st.sampled_from(["string", "integer", "list", "date", "boolean"]),
    },
    optional={
        "categories": st.just([{"value": "a", "label": "A"}, {"value": "1", "label": "B"}]),
        "form:widget": st.sampled_from(["scale", "ranking", "select", "textarea", "hidden", "tel", "consent"]),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.lists(st.tuples(FIELDS, st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3)), max_size=3), VALUES)
def test_whatever_is_written_is_a_form_or_a_list_of_problems(
    tmp_path: Path, parts: list[tuple[dict[str, Any], dict[str, Any]]], words: Any
) -> None:
    data = {**yaml.safe_load(HEAD), "fields": [field | more for field, more in parts]}
    (tmp_path / "prova.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    (tmp_path / "prova.en.yaml").write_text(yaml.safe_dump({"title": "A", "fields": words}), encoding="utf-8")
    try:
        form = load_form(tmp_path / "prova.yaml")
    except FormProblems as error:
        for problem in error.problems:
            assert problem.line > 0
            assert problem.code in {**SENTENCES, **RESULTS}
            assert problem.line_of_text("it") != problem.line_of_text("en")
    else:
        assert form.columns is not None


def test_a_form_in_this_file_is_written_as_editors_write_it(tmp_path: Path) -> None:
    path = tmp_path / "prova.yaml"
    path.write_text(as_form(TEXT), encoding="utf-8")
    assert load_form(path).name == "prova"


@pytest.mark.parametrize(
    ("field", "code", "ambiguous"),
    [
        ("type: integer, form:widget: scale, form:ends: {low: Poco, high: Molto}", "5", True),
        ("type: integer, form:widget: scale, form:ends: {low: Poco, high: Molto}", "99", False),
        ("type: integer, constraints: {minimum: 0, maximum: 120}", "99", True),
        ("type: integer, constraints: {minimum: 0, maximum: 120}", "999", False),
        ("type: integer", "99", True),
        ("type: integer", "non-so", False),
        ("type: number", "99", True),
        ("type: year", "1999", True),
        ("type: year", "99", False),
        ("type: year, constraints: {minimum: 2000}", "1999", False),
        ("type: date", "1900-01-01", True),
        ("type: yearmonth", "1900-01", True),
        ("type: boolean", "9", False),
        ("type: string", "nessuno", False),
        ("type: string, description: Il CAP, constraints: {pattern: '[0-9]{5}'}", "99999", True),
        ("type: string, description: Il CAP, constraints: {pattern: '[0-9]{5}'}", "999", False),
        ("type: string, format: email", "9", False),
        ("type: list, categories: [{value: a, label: A}, {value: b, label: B}]", "1", True),
        ("type: list, categories: [{value: a, label: A}, {value: b, label: B}]", "9", False),
        ("type: list, form:widget: ranking, categories: [{value: a, label: A}, {value: b, label: B}]", "2", True),
        ("type: list, form:widget: ranking, categories: [{value: a, label: A}, {value: b, label: B}]", "3", False),
        ("type: string, form:other: true, categories: [{value: a, label: A}, {value: b, label: B}]", "other", True),
        ("type: string, form:shuffle: true, categories: [{value: a, label: A}, {value: b, label: B}]", "99", False),
    ],
)
def test_a_code_for_no_answer_that_could_be_an_answer_is_refused_and_another_proposed(
    faults: Callable[..., list[tuple[str, int]]], written: Callable[..., Form], field: str, code: str, ambiguous: bool
) -> None:
    whole = "- {{name: x, title: X, {field}, missingValues: [{{value: {code}, label: Non lo dico}}]}}".format
    assert [found for found, _ in faults(whole(field=field, code=f"'{code}'"))] == ["CODE_ANSWER"] * ambiguous
    if ambiguous:
        with pytest.raises(FormProblems) as refused:
            written(whole(field=field, code=f"'{code}'"))
        proposed = refused.value.problems[0].values["near"]
        assert faults(whole(field=field, code=f"'{proposed}'")) == []


@pytest.mark.parametrize(
    ("entry", "near"),
    [
        ("type: strng", "type: string"),
        ("type: testo", "type: string"),
        ("type: intero", "type: integer"),
        ("type: scala", "type: integer, form:widget: scale"),
        ("type: email", "type: string, format: email"),
        ("type: strng, form:widget: textare", "type: string, form:widget: textarea"),
    ],
)
def test_of_the_ways_to_write_a_kind_the_plainest_near_one_is_proposed(
    written: Callable[..., Form], entry: str, near: str
) -> None:
    with pytest.raises(FormProblems) as refused:
        written(f"- {{name: x, title: X, {entry}}}")
    assert refused.value.problems[0].values["near"] == near


@pytest.mark.parametrize("signature", list(KINDS), ids=" ".join)
def test_a_kind_of_which_one_letter_is_missing_is_the_one_that_is_proposed(signature: tuple[str, str, str]) -> None:
    kind, form, widget = signature
    whole = {"type": kind, "format": form, "form:widget": widget}
    listed = whole["format"] == "categories"
    whole = {key: word for key, word in whole.items() if word not in ("", "default", "categories")}
    meant = ", ".join(f"{key}: {word}" for key, word in whole.items()) + ", categories" * listed
    for key, word in whole.items():
        for at in range(len(word)):
            typed = whole | {key: word[:at] + word[at + 1 :]} | ({"categories": [{"value": "a"}]} if listed else {})
            assert kind_meant(typed)["near"] == meant, typed


@pytest.mark.parametrize(
    ("name", "names", "free"),
    [
        ("eta", ["nome"], "eta"),
        ("eta", ["eta"], "eta_2"),
        ("eta", ["eta", "eta_2"], "eta_3"),
        ("eta_", ["eta_"], "eta_2"),
        ("domanda", [], "domanda_2"),
        ("2x", [], "domanda_2"),
    ],
)
def test_a_name_that_is_free_is_proposed(name: str, names: list[str], free: str) -> None:
    assert free_name(name, names) == free


@pytest.mark.parametrize(
    ("written", "code"),
    [("Non so", "non-so"), ("NA", "c-na"), ("01", "c-01"), ("not-shown", "c-not-shown"), ("!", "c"), ("È", "e")],
)
def test_a_code_is_made_of_what_is_written(written: str, code: str) -> None:
    assert code_for(written) == code
