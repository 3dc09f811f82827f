"""What maps cleanly is mapped; what does not is refused by sheet, row and name, all at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from forms import FormProblems, load_form
from forms.xlsform import Imported, read_xlsform
from tests.forms.xlsform.conftest import Read, write_tables

Refused = Callable[..., list[tuple[str, str, int, str]]]
CHOICES = """
list_name | name | label
colori    | r    | Rosso
colori    | b    | Blu
colori    | v    | Verde
"""


def fields(read: Imported) -> list[dict[str, Any]]:
    return list(yaml.safe_load(read.files[f"{read.name}.yaml"])["fields"])


def remarks(read: Imported) -> list[tuple[str, int]]:
    return [(remark.code, remark.line) for remark in read.remarks]


def test_every_clean_type_becomes_a_question_that_loads(imported: Read, tmp_path: Path) -> None:
    several = "count-selected(.)<3 and not(selected(., 'v') and count-selected(.)>1)"
    survey = f"""
    type                    | name | label | hint | required | constraint                                   | appearance
    text                    | a    | A     | Ah   | yes      | string-length(.) <= 50 and regex(., '[a-z]+')|
    text                    | b    | B     |      |          |                                              | multiline
    integer                 | c    | C     |      | false    | . > 0 and (. <= 10)                          |
    decimal                 | d    | D     |      |          | . >= -1.5                                    |
    date                    | e    | E     |      |          | . >= date('2020-01-01') and . < '2021-01-01' |
    date                    | f    | F     |      |          |                                              | month-year
    date                    | g    | G     |      |          |                                              | year
    select_one colori       | h    | H     |      | TRUE     |                                              |
    select_one colori       | i    | I     |      |          |                                              | minimal
    select_multiple colori  | l    | L     |      |   | {several} |
    rank colori             | m    | M     |      |          |                                              |
    acknowledge             | n    | N     | Sì   | yes      |                                              |
    select_one colori or_other | o | O     |      |          |                                              |
    hidden                  | p    |       |      |          |                                              |
    """
    read = imported(survey, choices=CHOICES)
    colours = [{"value": v, "label": said} for v, said in (("r", "Rosso"), ("b", "Blu"), ("v", "Verde"))]
    limits = [entry.get("constraints") for entry in fields(read)]
    assert limits[:5] == [
        {"required": True, "maxLength": 50, "pattern": "[a-z]+"},
        None,
        {"minimum": 1, "maximum": 10},
        {"minimum": -1.5},
        {"minimum": "2020-01-01", "maximum": "2020-12-31"},
    ]
    found = {entry["name"]: entry for entry in fields(read)}
    assert found["b"]["form:widget"] == "textarea"
    assert (found["f"]["type"], found["g"]["type"]) == ("yearmonth", "year")
    assert found["h"]["categories"] == found["m"]["categories"] == colours
    assert found["i"]["form:widget"] == "select"
    assert (found["l"]["form:choose"], found["l"]["form:exclusive"]) == ({"max": 2}, "v")
    assert (found["n"]["form:notice"], found["n"]["constraints"]) == ("Sì", {"required": True})
    assert found["o"]["form:other"] is True
    assert found["p"]["title"] == "p"
    assert read.remarks == ()
    (tmp_path / "prova.yaml").write_text(read.files["prova.yaml"], encoding="utf-8")
    kinds = [field.kind for field in load_form(tmp_path / "prova.yaml").fields]
    assert kinds[:8] == ["text", "long text", "integer", "number", "date", "month", "year", "single choice"]


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${x} = 'r'", {"equals": "r"}),
        ("(${x}='r' or ${x} = \"b\")", {"in": ["r", "b"]}),
        ("selected(${x}, 'r')", {"equals": "r"}),
        ("${x} != ''", {"answered": True}),
        ("string-length(${x}) > 0", {"answered": True}),
        ("${x} = ''", {"answered": False}),
    ],
)
def test_a_condition_on_one_question_is_kept(imported: Read, relevant: str, condition: dict[str, Any]) -> None:
    survey = f"type|name|label|relevant\nselect_one colori|x|X|\ntext|y|Y|{relevant}"
    assert fields(imported(survey, choices=CHOICES))[1]["form:showIf"] == {"field": "x", **condition}


@pytest.mark.parametrize(
    "relevant",
    [
        "${x} != 'r'",
        "${x} = 'r' and ${x} = 'b'",
        "${x} = 'r' or ${z} = 'b'",
        "not(${x} = 'r')",
        "${x} > 3",
        "${x} = 'r' or ${x} = ''",
        "${x} != '' or ${x} != 'r'",
        "count-selected(${x}) > 1",
        "true()",
        "${x} = ${z}",
    ],
)
def test_a_condition_that_a_form_cannot_say_is_refused(refused: Refused, relevant: str) -> None:
    survey = f"type|name|label|relevant\nselect_one colori|x|X|\nselect_one colori|z|Z|\ntext|y|Y|{relevant}"
    assert refused(survey, choices=CHOICES) == [("XLS_RELEVANT", "survey", 4, "y")]


@pytest.mark.parametrize(
    ("of_type", "constraint"),
    [
        ("integer", ". mod 2 = 0"),
        ("integer", ". >= ${a}"),
        ("integer", ". >= 1 or . = 99"),
        ("integer", ". >= 1 and . >= 2"),
        ("decimal", ". > 0"),
        ("date", ". <= today()"),
        ("date", ". <= '2020-02-31'"),
        ("text", ". >= 3"),
        ("select_one colori", ". != 'r'"),
        ("select_multiple colori", "selected(., 'r')"),
        ("acknowledge", ". = 'OK'"),
    ],
)
def test_a_limit_that_a_form_cannot_say_is_refused(refused: Refused, of_type: str, constraint: str) -> None:
    survey = f"type|name|label|constraint\n{of_type}|x|X|{constraint}"
    assert refused(survey, choices=CHOICES) == [("XLS_CONSTRAINT", "survey", 2, "x")]


@pytest.mark.parametrize(
    ("of_type", "code"),
    [
        ("begin_repeat", "XLS_REPEAT"),
        ("calculate", "XLS_CALCULATE"),
        ("geopoint", "XLS_MEDIA"),
        ("image", "XLS_MEDIA"),
        ("start", "XLS_DEVICE"),
        ("deviceid", "XLS_DEVICE"),
        ("select_one_from_file a.csv", "XLS_OUTSIDE"),
        ("select_one_external a", "XLS_OUTSIDE"),
        ("datetime", "XLS_TYPE"),
        ("qualcosa", "XLS_TYPE"),
        ("select_multiple colori or_other", "XLS_OTHER"),
        ("select_one altri", "XLS_LIST"),
    ],
)
def test_a_type_without_an_equal_is_refused(refused: Refused, of_type: str, code: str) -> None:
    found = refused(f"type|name|label\ntext|a|A\n{of_type}|x|X", choices=CHOICES)
    assert (code, "survey", 3, "x") in found


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("calculation", "1+1"),
        ("default", "5"),
        ("choice_filter", "a=1"),
        ("read_only", "yes"),
        ("trigger", "${a}"),
        ("media::image", "a.png"),
        ("image::English (en)", "a.png"),
        ("bind::odk:x", "1"),
        ("parameters", "max-pixels=3"),
    ],
)
def test_a_cell_that_changes_answers_is_refused_and_never_dropped(refused: Refused, column: str, value: str) -> None:
    assert refused(f"type|name|label|{column}\ntext|x|X|{value}") == [("XLS_CELL", "survey", 2, "x")]


def test_every_problem_comes_at_once_with_its_sheet_row_and_name(refused: Refused) -> None:
    survey = """
    type              | name | label     | required | relevant
    geopoint          | p    | Dove      |          |
    text              | q    | Di ${p}   | ${p}     | ${p} > 1
    select_one colori | r    |           |          |
    text              | q    | Ancora    |          |
    text              | s    | S         |          | ${t} = 'a'
    """
    choices = "list_name|name|label\ncolori|none|Nessuno\ncolori|b|\ncolori|c|Come ${q}"
    assert set(refused(survey, choices=choices)) == {
        ("XLS_MEDIA", "survey", 2, "p"),
        ("XLS_REFERENCE", "survey", 3, "q"),
        ("XLS_REQUIRED", "survey", 3, "q"),
        ("XLS_RELEVANT", "survey", 3, "q"),
        ("LACKS_TEXT", "survey", 4, "r"),
        ("FIELD_TWICE", "survey", 5, "q"),
        ("CODE", "choices", 2, "none"),
        ("LACKS_TEXT", "choices", 3, "b"),
        ("XLS_REFERENCE", "choices", 4, "c"),
        ("SHOWIF_UNKNOWN", "survey", 6, "s"),
    }


def test_what_is_only_looks_is_left_out_with_a_word(imported: Read) -> None:
    survey = """
    type              | name | label | appearance | constraint_message | note to self
    # un commento     |      |       |            |                    |
    select_one colori | X1   | X     | likert     | No!                | da rivedere
    """
    read = imported(survey, choices=CHOICES + "altri | a | A\n", appunti="a|b", settings="version\n3")
    assert [(remark.code, remark.path.rpartition(":")[2], remark.line) for remark in read.remarks] == [
        ("XLS_ROW_LEFT_OUT", "survey", 2),
        ("XLS_LEFT_OUT", "survey", 3),
        ("XLS_RENAMED", "survey", 3),
        ("XLS_LEFT_OUT", "survey", 3),
        ("XLS_LEFT_OUT", "settings", 2),
        ("XLS_SHEET_LEFT_OUT", "appunti", 1),
        ("XLS_COLUMN_LEFT_OUT", "survey", 1),
        ("XLS_LIST_LEFT_OUT", "choices", 5),
    ]
    assert all(remark.line_of_text("it") and remark.line_of_text("en") for remark in read.remarks)


def test_groups_become_sections_notes_their_texts_and_tables_matrices(imported: Read) -> None:
    survey = """
    type              | name | label        | appearance | relevant
    begin_group       | g    | Chi sei      |            |
    note              | n    | Due **cose** |            |
    text              | a    | A            |            |
    end_group         |      |              |            |
    begin_group       | m    | Ti piace?    | table-list |
    select_one colori | b    | Il mare      |            |
    select_one colori | c    | Il cielo     |            |
    end_group         |      |              |            |
    begin_group       | h    |              |            | ${b} = 'r'
    text              | d    | D            |            |
    end_group         |      |              |            |
    """
    a, b, c, d = fields(read := imported(survey, choices=CHOICES))
    assert a["form:section"] == {"title": "Chi sei", "text": "Due **cose**"}
    assert (b["form:matrix"], b["form:stem"], b["categoriesOrdered"]) == ("m", "Ti piace?", True)
    assert (c["form:matrix"], "form:stem" in c) == ("m", False)
    assert d["form:showIf"] == {"field": "b", "equals": "r"}
    assert remarks(read) == [("XLS_UNDER", 7)]


@pytest.mark.parametrize("rows", ["end_group|||", "begin_group|g|G|\ntext|y|Y|", "note|n|In fondo|"])
def test_a_group_or_a_note_that_goes_nowhere_is_refused(refused: Refused, rows: str) -> None:
    assert refused(f"type|name|label|hint\ntext|x|X|\n{rows}")[0][0] in ("XLS_GROUP", "XLS_NOTE")


def test_each_language_has_its_file(imported: Read, tmp_path: Path) -> None:
    survey = """
    type              | name | label::Italiano (it) | label::English (en) | hint::Italiano (it) | hint::English (en)
    select_one colori | x    | Colore?              | Colour?             | Uno                 | One
    """
    choices = "list_name|name|label::Italiano (it)|label::English (en)\ncolori|r|Rosso|Red"
    read = imported(survey, choices=choices, settings="form_title|form_id\nI colori|i-colori")
    assert set(read.files) == {"i-colori.yaml", "i-colori.en.yaml"}
    for name, text in read.files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    form = load_form(tmp_path / "i-colori.yaml")
    assert [form.fields[0].words[lang].title for lang in ("it", "en")] == ["Colore?", "Colour?"]
    assert [form.fields[0].label("r", lang) for lang in ("it", "en")] == ["Rosso", "Red"]


def test_a_translation_that_lacks_words_is_refused_at_its_row(refused: Refused) -> None:
    survey = "type|name|label|label::English (en)\ntext|x|X|X\ntext|y|Y|"
    assert refused(survey) == [("TRANSLATION_LACKS", "survey", 3, "y")]


def test_languages_without_italian_or_without_a_name_are_refused(refused: Refused) -> None:
    survey = "type|name|label::English (en)|label::Français (fr)\ntext|x|X|X"
    assert ("XLS_NO_ITALIAN", "survey", 1, "") in refused(survey)
    assert ("XLS_LANGUAGE", "survey", 1, "") in refused("type|name|label|label::Klingonese\ntext|x|X|X")


def test_one_language_that_is_not_italian_stands_in_for_it_with_a_word(imported: Read) -> None:
    read = imported("type|name|label::English (en)\ntext|x|What?")
    assert fields(read)[0]["title"] == "What?"
    assert remarks(read) == [("XLS_ONE_LANGUAGE", 1)]


def test_cells_that_a_spreadsheet_calculated_are_read_and_those_it_did_not_are_refused(tmp_path: Path) -> None:
    path = write_tables(tmp_path / "x.xlsx", {"survey": "type|name|label\ntext|x|X"})
    book = openpyxl.load_workbook(path)
    book["survey"]["C2"] = '="Quale" & "?"'
    book.save(path)
    with pytest.raises(FormProblems, match="XLS_FORMULA"):
        read_xlsform(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"type,name\n", b"\xd0\xcf\x11\xe0" * 50])
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(FormProblems, match="XLS_FILE"):
        read_xlsform(path)


def test_a_workbook_without_survey_or_its_columns_is_refused(tmp_path: Path) -> None:
    for tables, code in (({"choices": CHOICES}, "XLS_SHEET"), ({"survey": "domanda|testo\na|b"}, "XLS_COLUMN")):
        with pytest.raises(FormProblems, match=code):
            read_xlsform(write_tables(tmp_path / "x.xlsx", tables))


def test_a_workbook_that_unpacks_beyond_reason_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms.xlsform.sheets.LARGEST", 1000)
    path = write_tables(tmp_path / "x.xlsx", {"survey": "type|name|label\ntext|x|X"})
    with pytest.raises(FormProblems, match="XLS_LARGE"):
        read_xlsform(path)
