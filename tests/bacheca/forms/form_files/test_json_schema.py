"""`json_schema`: what editors' tools say while a form is written agrees with what the check says afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bacheca.forms.definition.checks.form import CONSTRAINTS
from bacheca.forms.definition.yaml_source import read_source
from bacheca.forms.form_files.json_schema import LIMITS, SHAPES, form_schema, translation_schema
from bacheca.forms.form_files.json_schema_messages import ABOUT
from bacheca.forms.kinds import KINDS
from tests.bacheca.forms.conftest import HEAD, as_form
from tests.bacheca.forms.definition.checks.test_form import ENGLISH, TEXT, WRONG_FIELDS, WRONG_HEADS, WRONG_WORDS
from tests.bacheca.forms.kinds.examples import EXAMPLES
from tests.portal import PORTAL

FILES = sorted((PORTAL / "content/forms").glob("*.yaml"))
SCHEMA = form_schema("it")
TRANSLATION = translation_schema("it")
STRUCTURAL = frozenset(
    [
        "FORM_SHAPE",
        "FORM_PROFILE",
        "FORM_KEEP",
        "FORM_PLACES",
        "FORM_HOLD",
        "FORM_NO_FIELDS",
        "UNKNOWN_KEY",
        "LACKS_TEXT",
        "NOT_ONE_OF",
        "FIELD_SHAPE",
        "FIELD_NAME",
        "FIELD_RESERVED",
        "FIELD_KIND",
        "CODES_SHAPE",
        "CODE_SHAPE",
        "CODE",
        "CONSTRAINTS_SHAPE",
        "CONSTRAINT_NUMBER",
        "CONSTRAINT_BOOLEAN",
        "CHOOSE_SHAPE",
        "SECTION_SHAPE",
        "SHOWIF_SHAPE",
        "SHOWIF_MIXED",
        "SHOWIF_LIST",
        "SHOWIF_EMPTY",
        "SHOWIF_DEEP",
        "SCALE_ENDS",
        "CROSS_SHAPE",
        "RESULTS_DISCLOSURE",
        "TRANSLATION_SHAPE",
    ]
)
"""The codes of problems that a schema can see."""

BEYOND = ("a matrix has a stem", "a stem belongs to a matrix")
"""Structural problems that depend on other fields, which a schema does not see."""


def holds(tmp_path: Path, text: str, schema: dict[str, Any] = SCHEMA) -> bool:
    path = tmp_path / "prova.yaml"
    path.write_text(text, encoding="utf-8")
    return bool(jsonschema.Draft7Validator(schema).is_valid(read_source(path).data))


def test_the_schemas_are_schemas() -> None:
    for schema in (SCHEMA, TRANSLATION):
        jsonschema.Draft7Validator.check_schema(schema)
        assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_sound_form_and_its_translation_are_valid(path: Path) -> None:
    jsonschema.validate(read_source(path).data, TRANSLATION if "." in path.stem else SCHEMA)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
def test_every_kind_is_valid_as_editors_write_it(tmp_path: Path, example: Any) -> None:
    assert holds(tmp_path, as_form(example.written))


WRONG = {
    rule: as_form(fields)
    for rule, (fields, found) in WRONG_FIELDS.items()
    if {code for code, _ in found} <= STRUCTURAL and rule not in BEYOND
} | {rule: as_form(TEXT, head) for rule, (head, code) in WRONG_HEADS.items() if code in STRUCTURAL}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_what_is_wrong_by_its_shape_is_seen_while_it_is_written(tmp_path: Path, text: str) -> None:
    assert not holds(tmp_path, text)


def test_most_rules_of_shape_are_among_them() -> None:
    assert len(WRONG) > 25


def test_a_translation_has_words_only(tmp_path: Path) -> None:
    assert holds(tmp_path, ENGLISH, TRANSLATION)
    for rule in ("only words are translated", "a translation has fields", "a translation is a form"):
        assert not holds(tmp_path, WRONG_WORDS[rule][0], TRANSLATION)


def test_every_property_of_every_kind_has_a_shape_and_a_sentence() -> None:
    fields = SCHEMA["$defs"]["field"]["properties"]
    used = set(SCHEMA["properties"]) | set(fields) | CONSTRAINTS | {"field.name", "form:translates"}
    assert used == set(ABOUT)
    assert set(SHAPES) == set(SCHEMA["properties"]) | set(fields)
    assert set(LIMITS) == CONSTRAINTS
    assert all(about["description"] for about in (*SCHEMA["properties"].values(), *fields.values()))


def test_a_property_of_another_kind_is_seen(tmp_path: Path) -> None:
    assert len(SCHEMA["$defs"]["field"]["allOf"]) == len(KINDS)
    assert not holds(tmp_path, as_form("- {name: x, title: X, type: date, form:ends: {low: a, high: b}}"))
    assert not holds(tmp_path, as_form("- {name: x, title: X, type: date, constraints: {maxLength: 3}}"))


def test_the_published_schemas_are_those_of_the_code() -> None:
    docs = Path(__file__).parents[4] / "docs"
    for name, schema in (("form.schema.json", SCHEMA), ("translation.schema.json", TRANSLATION)):
        assert json.loads((docs / name).read_text(encoding="utf-8")) == schema, "run `python build.py schema --write`"


def test_a_form_without_its_head_is_no_form(tmp_path: Path) -> None:
    for line in HEAD.splitlines():
        head = HEAD.replace(f"{line}\n", "")
        assert not holds(tmp_path, as_form(TEXT, head)), line
