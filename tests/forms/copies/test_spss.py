"""What pyreadstat reads of an SPSS file is what the package holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyreadstat

from forms import Form
from forms.copies import make_copies
from forms.copies.sheets import sheets_of
from forms.package import write_package
from tests.forms.copies.conftest import answers
from tests.forms.test_package import NOW, table

Packaged = Callable[..., Path]


def blank(value: Any) -> bool:
    return value is None or math.isnan(value)


def read(folder: Path, name: str = "responses") -> tuple[dict[str, list[Any]], Any]:
    list(make_copies(folder, ["sav"]))
    columns, meta = pyreadstat.read_sav(
        str(folder / f"{name}.sav"), user_missing=True, output_format="dict", disable_datetime_conversion=True
    )
    return {column: list(values) for column, values in columns.items()}, meta


def test_every_cell_of_every_kind_comes_back(every_kind: tuple[Form, list[dict[str, str]], Path]) -> None:
    _, rows, folder = every_kind
    columns, meta = read(folder)
    assert meta.number_rows == len(rows)
    (sheet,) = sheets_of(folder).responses
    for variable in sheet.variables:
        labels = {float(code): said for code, said in meta.variable_value_labels.get(variable.name, {}).items()}
        said = {**variable.labels, **variable.missing}
        for row, value in zip(rows, columns[variable.name], strict=True):
            cell = row[variable.name]
            if isinstance(value, str):
                assert value == cell.rstrip(" ")
            elif cell == "":
                assert blank(value)
            elif cell in said:
                assert labels[value] == said[cell]
            elif variable.type in ("date", "yearmonth"):
                day = date.fromisoformat(cell if len(cell) == 10 else f"{cell}-01")
                assert value / 86_400 == (day - date(1582, 10, 14)).days
            else:
                assert value == float(cell)
        assert meta.column_names_to_labels[variable.name] == variable.title


def test_codes_have_labels_measures_and_user_missing_numbers(package: Packaged) -> None:
    folder = package(
        [
            answers(1, colore="rosso", testo="ciao", numero="-1", giorno="2024-02-03", all="true"),
            answers(2, colore="non-so", testo="not-shown", all="false"),
            answers(3, testo="not-shown"),
        ]
    )
    columns, meta = read(folder)
    assert columns["colore"][0] == 1
    missing = columns["colore"][1]
    assert missing < 0
    assert blank(columns["colore"][2])
    assert meta.variable_value_labels["colore"] == {1: "Rosso", 2: "=BLU", 3: "Altro", missing: "Non so"}
    assert meta.missing_ranges["colore"] == [{"lo": missing, "hi": missing}]
    assert meta.variable_measure["colore"] == "ordinal"
    assert meta.variable_measure["numero"] == meta.variable_measure["giorno"] == "scale"
    assert meta.variable_measure["testo"] == "nominal"
    assert columns["testo"] == ["ciao", "", ""]
    assert [blank(columns["testo__why"][0]), *columns["testo__why"][1:]] == [True, -1, -1]
    assert meta.variable_value_labels["testo__why"] == {-1: "Non mostrata"}
    assert columns["all_"][:2] == [1, 0]
    assert meta.variable_value_labels["all_"] == {0: "No", 1: "Sì"}
    assert meta.original_variable_types["giorno"] == "SDATE10"
    assert meta.file_label == "Una prova"


def test_a_missing_code_is_never_an_answer_of_some_version(package: Packaged) -> None:
    folder = package([answers(1, colore="blu", numero="-2")], [answers(2, colore="verde", numero="2")])
    columns, meta = read(folder, "responses_all")
    assert columns["numero"] == [-2, 2]
    ranges = meta.missing_ranges["numero"]
    assert all(not low["lo"] <= -2 <= low["hi"] for low in ranges)
    labels = meta.variable_value_labels["colore"]
    assert [labels[value] for value in columns["colore"]] == ["=BLU", "=BLU"]
    assert len(set(columns["colore"])) == 2


def test_a_text_too_long_for_spss_says_that_it_was_cut(package: Packaged) -> None:
    folder = package([answers(1, colore="rosso", testo="è" * 20_000)])
    assert [copy.cut for copy in make_copies(folder, ["sav"])] == [1]
    columns, _ = read(folder)
    assert len(columns["testo"][0].encode()) <= 32_767
    assert columns["testo"][0].endswith("[tagliato qui: il testo intero è in responses.csv]")


def test_a_package_without_responses_has_its_variables(package: Packaged) -> None:
    _, meta = read(package([]))
    assert meta.number_rows == 0
    assert "colore" in meta.column_names


def test_names_are_those_that_spss_takes(written: Callable[..., Form], tmp_path: Path) -> None:
    long = "a" * 80
    form = written(f"- {{name: {long}1, title: Uno, type: year}}\n- {{name: {long}2, title: Due, type: year}}")
    write_package(tmp_path / "p", [table(form)], {}, NOW)
    _, meta = read(tmp_path / "p")
    names = meta.column_names[-2:]
    assert len(set(names)) == 2
    assert all(len(name) <= 64 for name in names)
    assert [meta.column_names_to_labels[name] for name in names] == ["Uno", "Due"]
