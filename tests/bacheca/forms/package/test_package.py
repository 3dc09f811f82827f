"""Packages against frictionless, the official profile and a process that dies halfway."""

from __future__ import annotations

import csv
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bacheca.forms import Form, PackageProblems, load_forms
from bacheca.forms.atomic_file import replaced
from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.package.codebook import Codebook
from bacheca.forms.package.incremental_csv import Day, block_of
from bacheca.forms.package.package import Table, flat_schema, validate_package, write_package
from bacheca.forms.submission.read import read_response
from bacheca.forms.text import canonical_text
from tests.bacheca.forms.kinds.examples import EXAMPLES
from tests.portal import PORTAL

Written = Callable[..., Form]
PROFILES = Path(__file__).parents[1] / "profiles"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVERY_KIND = "".join(
    example.written.replace("name: x", f"name: f{number}") for number, example in enumerate(EXAMPLES.values())
)


def row(form: Form, cells: Mapping[str, str], identity: str = "") -> dict[str, str]:
    fixed = (identity or uuid.uuid4().hex, "2026-11-23", form.version, "it", "web")
    return {**dict(zip(FIXED_COLUMNS, fixed, strict=True)), **cells}


def read(form: Form, posted: Mapping[str, list[str]]) -> dict[str, str]:
    response, problems = read_response(form, posted, "it")
    assert problems == ()
    return dict(response.cells)


def table(form: Form, *rows: Mapping[str, str]) -> Table:
    columns = FIXED_COLUMNS + tuple(column.name for column in form.columns)
    return Table((form,), [Day("", [block_of(rows, columns)])])


def every_answer(form: Form) -> list[dict[str, str]]:
    """Answer a form of every kind: once with each of the answers that its examples list."""
    kept = [example.kept for example in EXAMPLES.values()]
    rows = []
    for turn in range(max(map(len, kept))):
        posted: dict[str, list[str]] = {}
        for number, answers in enumerate(kept):
            said = answers[turn % len(answers)][0]
            posted |= {name.replace("x", f"f{number}", 1): values for name, values in said.items()}
        rows.append(row(form, read(form, posted)))
    return rows


def test_a_package_of_every_kind_is_valid_for_everybody(written: Written, tmp_path: Path) -> None:
    form = written(EVERY_KIND)
    rows = every_answer(form)
    assert write_package(tmp_path / "p", [table(form, *rows)], {"received": len(rows)}, NOW) == len(rows)
    validate_package(tmp_path / "p" / "datapackage.json")
    descriptor = json.loads((tmp_path / "p" / "datapackage.json").read_text(encoding="utf-8"))
    jsonschema.validate(descriptor, json.loads((PROFILES / "datapackage.json").read_text(encoding="utf-8")))
    profile = json.loads((PROFILES / "tableschema.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        jsonschema.validate(resource["schema"], profile)
    assert kept(tmp_path / "p" / "responses.csv") == rows


def test_whole_forms_are_valid_table_schemas() -> None:
    profile = json.loads((PROFILES / "tableschema.json").read_text(encoding="utf-8"))
    forms = load_forms(PORTAL / "content/forms")
    assert forms
    for form in forms.values():
        jsonschema.validate(flat_schema(form), profile)


LINES = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(LINES, LINES), min_size=1, max_size=8))
def test_whatever_people_write_comes_back_verbatim(
    written: Written, tmp_path: Path, answers: list[tuple[str, str]]
) -> None:
    form = written(
        "- {name: a, title: A, type: string, form:widget: textarea}\n"
        "- {name: b, title: B, type: string, form:widget: textarea}"
    )
    rows = [row(form, read(form, {"a": [one], "b": [other]})) for one, other in answers]
    write_package(tmp_path / "p", [table(form, *rows)], {}, NOW)
    assert kept(tmp_path / "p" / "responses.csv") == rows
    assert [found["a"] for found in rows] == [canonical_text(one) for one, _ in answers]
    validate_package(tmp_path / "p" / "datapackage.json")


def kept(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("1999", "19x9"),
        lambda text: text + text.splitlines()[-1] + "\n",
        lambda text: text.replace("response_id", "id"),
        lambda text: text.replace("2026-11-23", "23/11/2026"),
    ],
)
def test_a_package_that_does_not_hold_is_refused(written: Written, tmp_path: Path, spoil: Callable[[str], str]) -> None:
    form = written("- {name: x, title: X, type: year}")
    write_package(tmp_path / "p", [table(form, row(form, {"x": "1999"}))], {}, NOW)
    path = tmp_path / "p" / "responses.csv"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(PackageProblems) as caught:
        validate_package(tmp_path / "p" / "datapackage.json")
    codes = {problem.code for problem in caught.value.problems}
    assert "PACKAGE_CHANGED" in codes
    assert codes <= {"PACKAGE", "PACKAGE_CHANGED"}
    assert "responses.csv is not as it was exported" in str(caught.value)


class Killed(Exception):
    """What a killed process looks like from inside."""


def test_a_kill_between_two_files_leaves_a_valid_package(
    written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "p"
    old = written("- {name: x, title: X, type: year}")
    new = written("- {name: x, title: X, type: year}\n- {name: y, title: Y, type: integer}")
    first = row(old, {"x": "1999"}, "0" * 32)
    after = [table(old, first), table(new, row(new, {"x": "2000", "y": "7"}, "1" * 32))]
    replace = Path.replace
    for steps in range(8):
        write_package(folder, [table(old, first)], {}, NOW)
        left = steps

        def replace_or_die(self: Path, target: Path) -> Path:
            nonlocal left
            if not left:
                raise Killed
            left -= 1
            return replace(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", replace_or_die)
            with pytest.raises(Killed):
                write_package(folder, after, {}, NOW)
        validate_package(folder / "datapackage.json")
        assert [path.name for path in folder.iterdir() if path.name.endswith(".new")] == []
    write_package(folder, after, {}, NOW)
    validate_package(folder / "datapackage.json")


def test_a_kill_while_a_file_is_written_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("prima\n", encoding="utf-8")

    def die_halfway() -> None:
        with replaced(path) as file:
            file.write("mezzo")
            raise Killed

    with pytest.raises(Killed):
        die_halfway()
    assert path.read_text(encoding="utf-8") == "prima\n"
    assert list(tmp_path.iterdir()) == [path]


def test_each_resource_bears_its_hash_and_its_size(written: Written, tmp_path: Path) -> None:
    old = written("- {name: x, title: X, type: year}")
    new = written("- {name: x, title: X, type: year}\n- {name: y, title: Y, type: integer}")
    for year in ("1999", "2000"):  # the second time, most of it is taken over
        tables = [table(old, row(old, {"x": "1999"}, "0" * 32)), table(new, row(new, {"x": year, "y": "7"}, "1" * 32))]
        write_package(tmp_path, tables, {}, NOW)
        resources = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["resources"]
        assert [of["name"] for of in resources] == ["responses", "responses_v2", "responses_all", "codebook"]
        for of in resources:
            held = (tmp_path / of["path"]).read_bytes()
            assert (of["hash"], of["bytes"]) == (f"sha256:{hashlib.sha256(held).hexdigest()}", len(held))
    for of in resources:
        path = tmp_path / of["path"]
        before = path.read_bytes()
        path.write_bytes(before.replace(b"a", b"b", 1))
        with pytest.raises(PackageProblems, match=f"{of['path']} is not as it was exported"):
            validate_package(tmp_path / "datapackage.json")
        path.write_bytes(before)
    validate_package(tmp_path / "datapackage.json")


def test_a_package_can_be_read_by_its_owner_alone(written: Written, tmp_path: Path) -> None:
    form = written("- {name: x, title: X, type: year}")
    write_package(tmp_path / "p", [table(form)], {}, NOW)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [tmp_path / "p", *(tmp_path / "p").iterdir()]}
    assert modes.pop("p") == 0o700
    assert set(modes.values()) == {0o600}


def test_the_codebook_says_questions_codes_and_conditions_in_every_language(written: Written) -> None:
    fields = """
    - name: x
      title: Colore?
      description: Uno solo.
      type: string
      categories: [{value: r, label: Rosso}]
      missingValues: [{value: "", label: Vuoto}]
    - {name: y, title: Perché?, type: string, form:showIf: {field: x, equals: r}}
    """
    english = """
    title: A test
    fields:
    - name: x
      title: Colour?
      description: One only.
      categories: [{value: r, label: Red}]
      missingValues: [{value: "", label: Blank}]
    - {name: y, title: Why?}
    """
    rows: list[Any] = Codebook({"responses": written(fields, en=english)}).rows()
    assert [(r["column"], r["code"], r["stands_for"]) for r in rows] == [
        ("x", "", ""),
        ("x", "r", "category"),
        ("x", "", "missing"),
        ("y", "", ""),
        ("y", "not-shown", "missing"),
    ]
    assert (rows[0]["question_it"], rows[0]["question_en"], rows[0]["hint_en"]) == ("Colore?", "Colour?", "One only.")
    assert (rows[1]["label_it"], rows[1]["label_en"]) == ("Rosso", "Red")
    assert (rows[4]["label_it"], rows[4]["label_en"]) == ("Non mostrata", "Not shown")
