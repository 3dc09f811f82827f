"""What pyreadstat reads of an SPSS file is what the package holds."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyreadstat
import pytest

from bacheca.forms import Form
from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.kinds.cells.cell_types import CELL_TYPES
from bacheca.forms.package.formats import make_copies
from bacheca.forms.package.formats.package_reader import sheets_of
from bacheca.forms.package.formats.spss import GREGORIAN, RESERVED, spss_names
from bacheca.forms.package.incremental_csv import Day, block_of
from bacheca.forms.package.package import Table, write_package
from tests.bacheca.forms.package.formats.conftest import answers
from tests.bacheca.forms.package.test_package import EVERY_KIND, NOW, every_answer, row, table

Packaged = Callable[..., Path]
Written = Callable[..., Form]


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
        for cells, value in zip(rows, columns[variable.name], strict=True):
            cell = cells[variable.name]
            if isinstance(value, str):
                assert value == ("" if cell in variable.missing else cell.rstrip(" "))  # another variable says why
            elif cell == "":
                assert blank(value)
            elif cell in said:
                assert labels[value] == said[cell]
            elif variable.type in ("date", "yearmonth"):
                day = date.fromisoformat(cell if len(cell) == 10 else f"{cell}-01")
                seconds = (day - GREGORIAN).days * 86_400
                assert blank(value) if seconds < 0 else value == seconds
            else:
                assert value == float(cell)
        assert meta.column_names_to_labels[variable.name] == variable.title


def test_every_type_of_cell_has_its_measure_and_is_printed_as_such(written: Written, tmp_path: Path) -> None:
    types = ["string", "integer", "number", "boolean", "date", "yearmonth", "year"]
    assert set(types) == set(CELL_TYPES)
    form = written("".join(f"- {{name: {of_type}, title: T, type: {of_type}}}\n" for of_type in types))
    write_package(tmp_path / "p", [table(form)], {}, NOW)
    _, meta = read(tmp_path / "p")
    assert {name: (meta.variable_measure[name], meta.original_variable_types[name]) for name in types} == {
        "string": ("nominal", "A1"),
        "integer": ("scale", "F8.0"),
        "number": ("scale", "F8.2"),
        "boolean": ("nominal", "F1.0"),
        "date": ("scale", "SDATE10"),
        "yearmonth": ("scale", "MOYR8"),
        "year": ("scale", "F4.0"),
    }


@pytest.mark.parametrize(
    ("of_type", "below"),
    [("integer", True), ("number", True), ("boolean", False), ("date", False), ("yearmonth", False), ("year", False)],
)
def test_a_code_for_no_answer_is_below_all_answers_where_these_may_be_negative(
    written: Written, tmp_path: Path, of_type: str, below: bool
) -> None:
    reasons = "missingValues: [{value: non-so, label: Non so}]"
    form = written(f"- {{name: x, title: T, type: {of_type}, {reasons}}}")
    write_package(tmp_path / "p", [table(form, row(form, {"x": "non-so"}))], {}, NOW)
    columns, _ = read(tmp_path / "p")
    assert (columns["x"][0] < -(10**14)) is below
    assert columns["x"][0] < 0


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


def codes_of(folder: Path, name: str, column: str) -> list[str]:
    """Give what the cells of a column mean, by the labels of their numbers."""
    columns, meta = read(folder, name)
    labels = meta.variable_value_labels[column]
    return [labels[value] for value in columns[column]]


def test_a_code_keeps_its_number_wherever_the_next_options_are_put(
    written: Callable[..., Form], tmp_path: Path
) -> None:
    def version(codes: str, missing: str) -> Form:
        listed = ", ".join(f"{{value: {code}, label: {code.upper()}}}" for code in codes)
        unsaid = ", ".join(f"{{value: {code}, label: {code}}}" for code in missing.split())
        coded = f"categories: [{listed}], missingValues: [{unsaid}]"
        return written(f"- {{name: x, title: X, type: string, {coded}, form:other: true}}")

    versions = [
        version("abc", "non-so"),
        version("dabc", "altro-motivo non-so"),
        version("cdab", "altro-motivo non-so"),
    ]
    numbers = []
    for count in (1, 2, 3):
        newest = versions[count - 1]
        rows = [
            row(newest, {"x": code, "x__other": ""}, f"{n:032x}")
            for n, code in enumerate(("a", "b", "c", "other", "non-so"))
        ]
        tables = [Table(versions[:count], [Day("", [block_of(rows, (*FIXED_COLUMNS, "x", "x__other"))])])]
        write_package(tmp_path / str(count), tables, {}, NOW)
        numbers.append(read(tmp_path / str(count))[0]["x"])
        assert codes_of(tmp_path / str(count), "responses", "x") == ["A", "B", "C", "Altro", "non-so"]
    assert numbers[0] == numbers[1] == numbers[2] == [1, 2, 3, 4, -3]


def test_the_number_of_no_answer_is_the_same_in_every_file(package: Packaged) -> None:
    folder = package([answers(1, colore="non-so")], [answers(2, colore="non-so")])
    found = {read(folder, name)[0]["colore"][0] for name in ("responses", "responses_v2", "responses_all")}
    assert found == {-3}


HARD = sorted(RESERVED) + [f"{word}_" for word in sorted(RESERVED)] + ["all__", "x__A", "x__a", "a" * 70, "A" * 70]


def test_every_name_is_one_that_spss_takes_and_none_is_there_twice() -> None:
    names = spss_names([(name, number % 2 == 0) for number, name in enumerate(HARD)])
    given = [name for pair in names.values() for name in pair if name]
    assert len({name.casefold() for name in given}) == len(given) == len(HARD) + len(HARD[::2])
    assert not RESERVED & {name.casefold() for name in given}
    assert all(len(name.encode()) <= 64 for name in given)
    assert names["all_"][0] == "all_"  # who has a name that can stay keeps it


def test_fields_called_as_spss_calls_its_own_words_are_written(written: Callable[..., Form], tmp_path: Path) -> None:
    fields = "".join(
        f"- {{name: {name}, title: {name}!, type: string}}\n" for name in HARD if "__" not in name and name.islower()
    )
    form = written(fields)
    cells = {column.name: f"«{column.name}»" for column in form.columns}
    write_package(tmp_path / "p", [table(form, row(form, cells))], {}, NOW)
    columns, meta = read(tmp_path / "p")
    assert [columns[name][0] for name in meta.column_names[5:]] == list(cells.values())


def test_a_file_without_rows_has_the_types_and_labels_of_one_with_rows(
    written: Callable[..., Form], tmp_path: Path
) -> None:
    form = written(EVERY_KIND)
    write_package(tmp_path / "full", [table(form, *every_answer(form))], {}, NOW)
    write_package(tmp_path / "empty", [table(form)], {}, NOW)
    (_, full), (_, empty) = read(tmp_path / "full"), read(tmp_path / "empty")
    assert empty.number_rows == 0
    assert empty.readstat_variable_types == full.readstat_variable_types
    assert empty.variable_value_labels == full.variable_value_labels
    assert empty.column_names_to_labels == full.column_names_to_labels
    assert empty.variable_measure == full.variable_measure


def test_a_cell_that_spss_cannot_hold_is_named_and_the_rest_is_written(package: Packaged) -> None:
    folder = package(
        [answers(1, giorno="0001-01-01", numero="3"), answers(2, giorno="2024-02-03"), answers(3, giorno="1582-10-14")]
    )
    (copy,) = make_copies(folder, ["sav"])
    assert copy.left_out == ()
    (said,) = copy.unlike
    assert f"response {1:032x}, giorno" in said
    assert "14/10/1582" in said
    columns, meta = read(folder)
    assert [blank(value) for value in columns["giorno"]] == [True, False, False]
    assert columns["numero"][0] == 3
    assert said in " ".join(line.strip() for line in meta.notes)


def test_texts_of_every_length_that_spss_treats_in_its_own_way_come_back(package: Packaged) -> None:
    texts = ["a" * length for length in (7, 8, 9, 255, 256, 32_766, 32_767)]
    columns, _ = read(package([answers(n, colore="rosso", testo=text) for n, text in enumerate(texts)]))
    assert columns["testo"] == texts
