"""The public package of results: written valid, read strictly."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bacheca.forms import Form, PackageProblems
from bacheca.forms.package.package import validate_package
from bacheca.forms.results.package import PAGE, QUOTATIONS, RESULTS, open_results, write_results
from tests.bacheca.forms.samples import sample_form, sample_results

PROFILES = Path(__file__).parents[1] / "profiles"


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return sample_form(tmp_path)


@pytest.fixture
def package(tmp_path: Path, form: Form) -> Path:
    write_results(tmp_path / "results", form, sample_results(form, quotations=("Va bene, «quasi»\nsempre",)))
    return tmp_path / "results"


def codes(folder: Path, form: Form) -> set[str]:
    with pytest.raises(PackageProblems) as raised:
        open_results(folder, form)
    assert all(problem.sentence("it") != problem.sentence("en") for problem in raised.value.problems)
    return {problem.code for problem in raised.value.problems}


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    change(descriptor)
    path.write_text(json.dumps(descriptor), encoding="utf-8")


def test_what_is_written_is_read_back(package: Path, form: Form) -> None:
    assert open_results(package, form) == sample_results(form, quotations=("Va bene, «quasi»\nsempre",))


def test_the_descriptor_holds_against_the_official_profile(package: Path) -> None:
    profile = json.loads((PROFILES / "datapackage.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(profile).validate(json.loads((package / "datapackage.json").read_text(encoding="utf-8")))


def test_the_descriptor_says_licence_source_method_threshold_dates_and_version(package: Path, form: Form) -> None:
    said = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    assert said["licenses"][0]["name"] == "CC-BY-SA-4.0"
    assert said["sources"] == [{"title": "Come va la comunità"}]
    assert "5" in said["description"]
    assert (said["bacheca:threshold"], said["version"]) == (5, form.version)
    assert said["bacheca:since"] < said["bacheca:until"] < said["created"]


def test_everybody_may_read_the_files(package: Path) -> None:
    assert {stat.S_IMODE(file.stat().st_mode) for file in package.iterdir()} == {0o644}


def test_the_page_as_json_says_what_the_table_says(package: Path) -> None:
    rows = json.loads((package / PAGE).read_text(encoding="utf-8"))["rows"]
    assert len(rows) == (package / RESULTS).read_text(encoding="utf-8").count("\n") - 1


def test_quotations_go_when_there_are_none_any_more(package: Path, form: Form) -> None:
    write_results(package, form, sample_results(form))
    assert not (package / QUOTATIONS).exists()
    assert open_results(package, form).quotations == ()


def test_a_package_of_another_form_is_refused(package: Path, tmp_path: Path) -> None:
    assert codes(package, sample_form(tmp_path, "altro")) == {"RESULTS_FORM"}


def test_a_package_with_what_the_form_does_not_have_is_refused(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "prova.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: chat", "value: voce"), encoding="utf-8")
    from bacheca.forms import load_form  # noqa: PLC0415

    assert codes(package, load_form(path)) == {"RESULTS_STRANGE"}


def test_a_file_that_is_not_there_or_not_json_is_refused(package: Path, form: Form) -> None:
    (package / RESULTS).unlink()
    assert codes(package, form) == {"RESULTS_FILE"}
    (package / "datapackage.json").write_text("{", encoding="utf-8")
    assert codes(package, form) == {"RESULTS_FILE"}


def test_a_value_that_is_no_number_is_refused(package: Path, form: Form) -> None:
    table = (package / RESULTS).read_text(encoding="utf-8")
    (package / RESULTS).write_text(table.replace("answered,", "answered,x", 1), encoding="utf-8")
    assert codes(package, form) == {"RESULTS_FILE"}


def test_a_package_that_frictionless_refuses_is_refused(package: Path, form: Form) -> None:
    changed(package, lambda said: said["resources"][0]["schema"]["fields"][5].update(name="valore"))
    assert codes(package, form) == {"RESULTS_INVALID"}


def test_files_of_two_publications_are_refused(package: Path, form: Form) -> None:
    table = (package / RESULTS).read_text(encoding="utf-8")
    (package / RESULTS).write_text(table.rsplit("\n", 2)[0] + "\n", encoding="utf-8")
    assert codes(package, form) == {"RESULTS_TORN"}


def test_a_count_below_the_threshold_of_the_form_is_refused(package: Path, tmp_path: Path) -> None:
    stricter = sample_form(tmp_path, more="form:threshold: 40\n")
    assert codes(package, stricter) == {"RESULTS_COUNT"}


HOSTILE = ("+cmd|' /C calc'!A0", "-2+3", "=1+1", "@SUM(A1)", "\tx", "＝1", "bene;=1+1;", "bene\n=1", "'=1")


def test_no_quotation_can_be_run_as_a_formula_and_each_is_read_back_as_written(tmp_path: Path, form: Form) -> None:
    shown = sample_results(form, quotations=HOSTILE)
    write_results(tmp_path / "results", form, shown)
    with (tmp_path / "results" / QUOTATIONS).open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    assert len(rows) == len(HOSTILE)
    for _, text in rows:
        for cell in re.split(r"[\t;,\n]", text):
            assert not cell.startswith(tuple("=+-@＝"))
    assert open_results(tmp_path / "results", form) == shown
    validate_package(tmp_path / "results" / "datapackage.json")
    page = json.loads((tmp_path / "results" / PAGE).read_text(encoding="utf-8"))
    assert [quotation["text"] for quotation in page["quotations"]] == list(HOSTILE)


def test_each_public_file_bears_its_hash_and_its_size(package: Path) -> None:
    resources = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert {of["path"] for of in resources} == {RESULTS, QUOTATIONS}
    for of in resources:
        held = (package / of["path"]).read_bytes()
        assert (of["hash"], of["bytes"]) == (f"sha256:{hashlib.sha256(held).hexdigest()}", len(held))
