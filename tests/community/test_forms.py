"""The forms of this community: valid for everybody, walked in every branch, the same after a spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import jsonschema
import pytest

from bacheca.forms import Form, load_form, read_response
from bacheca.forms.definition.yaml_source import read_source
from bacheca.forms.form_files.json_schema import form_schema, translation_schema
from bacheca.forms.package.package import flat_schema
from bacheca.forms.simulation.respondents import branches_of, people_of
from tests.bacheca.forms.package.test_package import PROFILES
from tests.bacheca.forms.xlsform.test_exporting import same, there_and_back
from tests.journeys.service import ROOT

FILES = sorted((ROOT / "content/forms").rglob("*.yaml"))
FORMS = [path for path in FILES if "." not in path.stem]


@pytest.fixture(params=FORMS, ids=lambda path: path.stem)
def form(request: pytest.FixtureRequest) -> Form:
    """Each form in turn."""
    path: Path = request.param
    return load_form(path)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_it_is_what_the_schema_for_editors_says(path: Path) -> None:
    schema = translation_schema("en") if "." in path.stem else form_schema("en")
    jsonschema.validate(read_source(path).data, schema)


def test_its_columns_are_valid_for_the_official_profile(form: Form) -> None:
    profile = json.loads((PROFILES / "tableschema.json").read_text(encoding="utf-8"))
    jsonschema.validate(flat_schema(form), profile)


def test_people_walk_every_branch_and_are_taken(form: Form) -> None:
    people = list(people_of(form, 40, Random(2)))
    assert set().union(*(person.branches for person in people)) == set(branches_of(form))
    assert [read_response(form, person.posted, form.languages[0])[1] for person in people] == [()] * 40


def test_it_comes_back_the_same_from_a_spreadsheet(form: Form, tmp_path: Path) -> None:
    back = there_and_back(form, tmp_path)
    assert same(form, back)
    assert back.version == form.version
