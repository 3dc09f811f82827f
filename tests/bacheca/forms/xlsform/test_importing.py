"""What maps cleanly is mapped; what does not is refused by sheet, row and name, all at once.

One table: types, limits, conditions and choices, each beside what is refused of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
import yaml

from bacheca.forms import FormProblems, limits, load_form
from bacheca.forms.xlsform import Imported, read_xlsform, write_xlsform
from tests.bacheca.forms.xlsform.conftest import Read, write_tables

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
    select_multiple colori or_other | m_o | MO |  |          |                                              |
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
    assert (found["m_o"]["type"], found["m_o"]["form:other"]) == ("list", True)
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
    ("relevant", "condition"),
    [
        ("${x} != 'r'", "not: {field: x, equals: r}"),
        ("not(selected(${x}, 'r') or 'b' = ${x})", "not: {field: x, in: [r, b]}"),
        ("${x} = 'r' or ${x} = ''", "any: [{field: x, equals: r}, {field: x, answered: false}]"),
        ("${x} = 'r' or ${z} = 'b'", "any: [{field: x, equals: r}, {field: z, equals: b}]"),
        (
            "${x} = 'r' and (${n} >= 3 or ${z} != '')",
            "all: [{field: x, equals: r}, {any: [{field: n, atLeast: 3}, {field: z, answered: true}]}]",
        ),
        (
            "${x} = 'r' and not(${n} < 3 and ${z} = '')",
            "all: [{field: x, equals: r}, {any: [{not: {field: n, atMost: 2}}, {field: z, answered: true}]}]",
        ),
        ("5 > number(${n}) and true()", "{field: n, atMost: 4}"),
        ("${n} > 2.5", "{field: n, atLeast: 3}"),
        ("${n} = 4", "{field: n, atLeast: 4, atMost: 4}"),
        ("${n} != 4.0", "not: {field: n, atLeast: 4, atMost: 4}"),
        ("${d} < 0.5", "all: [{field: d, answered: true}, {not: {field: d, atLeast: 0.5}}]"),
        ("${g} > date('2027-02-28')", "{field: g, atLeast: 2027-03-01}"),
        ("${g} <= '2027-02-28'", "{field: g, atMost: 2027-02-28}"),
        ("${v} >= 2", "{field: v, in: ['2', '3']}"),
        ("count-selected(${s}) = 0", "{field: s, answered: false}"),
        ("selected(${s}, 'r') = false()", "not: {field: s, equals: r}"),
        (
            "${x} = 'r' or (${z} = 'b' and (${n} >= 3 or ${v} = '1'))",
            "any: [{field: x, equals: r}, {all: [{field: z, equals: b}, {field: n, atLeast: 3}]},"
            " {all: [{field: z, equals: b}, {field: v, equals: '1'}]}]",
        ),
    ],
)
def test_a_condition_of_several_parts_is_kept(imported: Read, relevant: str, condition: str) -> None:
    survey = f"""
    type                   | name | label | relevant
    select_one colori      | x    | X     |
    select_one colori      | z    | Z     |
    integer                | n    | N     |
    decimal                | d    | D     |
    date                   | g    | G     |
    select_one voti        | v    | V     |
    select_multiple colori | s    | S     |
    text                   | y    | Y     | {relevant}
    """
    votes = "".join(f"voti | {vote} | {vote} voti\n" for vote in range(1, 4))
    expected = yaml.safe_load(condition if condition.startswith("{") else "{" + condition + "}")
    found = fields(imported(survey, choices=CHOICES.rstrip() + "\n" + votes))[-1]["form:showIf"]
    assert found == json.loads(json.dumps(expected, default=str))


def test_the_condition_of_a_group_is_that_of_its_section(imported: Read) -> None:
    survey = """
    type              | name | label            | relevant
    select_one colori | x    | X                |
    begin_group       | g    | Il lavoro        | ${x} = 'r'
    note              | t    | Due parole prima |
    text              | a    | A                |
    text              | b    | B                | ${a} != ''
    end_group         |      |                  |
    begin_group       | h    | Il resto         |
    text              | c    | C                |
    end_group         |      |                  |
    """
    _, a, b, c = fields(imported(survey, choices=CHOICES))
    of_section = {"field": "x", "equals": "r"}
    assert a["form:section"] == {"title": "Il lavoro", "text": "Due parole prima", "form:showIf": of_section}
    assert "form:showIf" not in a
    assert b["form:showIf"] == {"field": "a", "answered": True}
    assert "form:showIf" not in c["form:section"]


def test_the_condition_of_a_group_that_others_follow_is_that_of_its_questions(imported: Read) -> None:
    survey = """
    type              | name | label     | relevant
    select_one colori | x    | X         |
    begin_group       | g    | Il lavoro | ${x} = 'r'
    text              | a    | A         |
    text              | b    | B         | ${a} != ''
    end_group         |      |           |
    text              | c    | C         |
    """
    _, a, b, c = fields(imported(survey, choices=CHOICES))
    assert a["form:showIf"] == {"field": "x", "equals": "r"}
    assert b["form:showIf"] == {"all": [{"field": "x", "equals": "r"}, {"field": "a", "answered": True}]}
    assert "form:showIf" not in c


@pytest.mark.parametrize(
    "relevant",
    [
        "${x} > 3",
        "count-selected(${x}) > 1",
        "false()",
        "${x} = 'r' and",
        "${x} = today()",
        "regex(${x}, 'r')",
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


def test_the_language_of_the_form_is_the_default_one_of_the_workbook_or_that_of_the_community(imported: Read) -> None:
    survey = "type|name|label::English (en)|label::Français (fr)\ntext|x|What?|Quoi ?"
    first = imported(survey)
    assert (imported_as(first), set(first.files)) == (("en", "What?"), {"prova.yaml", "prova.fr.yaml"})
    french = imported(survey, settings="form_id|default_language\nprova|Français (fr)")
    assert (imported_as(french), set(french.files)) == (("fr", "Quoi ?"), {"prova.yaml", "prova.en.yaml"})
    usual = imported("type|name|label::English (en)|label::Italiano (it)\ntext|x|What?|Che cosa?")
    assert imported_as(usual) == (None, "Che cosa?")


def imported_as(read: Imported) -> tuple[str | None, str]:
    form = yaml.safe_load(read.files[f"{read.name}.yaml"])
    return form.get("form:language"), form["fields"][0]["title"]


def test_a_language_without_a_name_is_refused(refused: Refused) -> None:
    assert ("XLS_LANGUAGE", "survey", 1, "") in refused("type|name|label|label::Klingonese\ntext|x|X|X")


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


TABLE = {"survey": "type|name|label\ntext|x|LABEL"}
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def rewritten(path: Path, **parts: Callable[[str], str]) -> Path:
    """Write a workbook with some of its parts changed."""
    write_tables(path, TABLE)
    with ZipFile(path) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            change = parts.get(name.rpartition("/")[2].partition(".")[0], str)
            archive.writestr(name, change(text))
    return path


def with_entities(text: str) -> str:
    head, rest = text.split("?>", 1)
    return f'{head}?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{rest.replace("LABEL", "&a;")}'


BEYOND: dict[str, tuple[dict[str, Callable[[str], str]], str]] = {
    "a cell": ({"sharedStrings": lambda text: text.replace("LABEL", "x" * 45_000_000)}, "20 MB"),
    "a cell, less": ({"sharedStrings": lambda text: text.replace("LABEL", "x" * limits.CELL + "y")}, "32767"),
    "a cell in pieces": (
        {"sharedStrings": lambda text: text.replace("<t>LABEL</t>", f"<r><t>{'x' * 1_000}</t></r>" * 33)},
        "32767",
    ),
    "cells": ({"sheet1": lambda text: text.replace("</row>", "<c/>" * 500_000 + "</row>", 1)}, "400000"),
    "empty cells": (
        {"sheet1": lambda text: text.replace("</sheetData>", '<row><c r="XFD1"/></row>' * 30 + "</sheetData>")},
        "400000",
    ),
    "elements": ({"styles": lambda text: text.replace("<fills", "<a/>" * 500_001 + "<fills", 1)}, ""),
    "levels": ({"sheet1": lambda text: text.replace("<sheetData>", "<a>" * 100 + "</a>" * 100 + "<sheetData>")}, "50"),
    "a number's format": (
        {"styles": lambda text: text.replace("<fonts", f"<numFmt formatCode='{'[' * 300}'/><fonts", 1)},
        "255",
    ),
}


@pytest.mark.parametrize(("parts", "limit"), BEYOND.values(), ids=BEYOND.keys())
def test_a_workbook_beyond_a_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: dict[str, Callable[[str], str]], limit: str
) -> None:
    monkeypatch.delattr("openpyxl.load_workbook")  # nothing else may see it
    path = rewritten(tmp_path / "x.xlsx", **parts)
    assert path.stat().st_size < 100_000
    with pytest.raises(FormProblems, match=f"XLS_LARGE.*{limit}"):
        read_xlsform(path)


def test_what_a_workbook_says_of_its_sizes_is_not_believed(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "x.xlsx", sharedStrings=lambda text: text.replace("LABEL", "x" * 45_000_000))
    with ZipFile(path) as archive:
        size = archive.getinfo(STRINGS).file_size
    said = path.read_bytes()
    assert said.count(size.to_bytes(4, "little")) == 2
    for lie in (1_000, 0):
        path.write_bytes(said.replace(size.to_bytes(4, "little"), lie.to_bytes(4, "little")))
        with pytest.raises(FormProblems, match="XLS_FILE"):
            read_xlsform(path)


def test_more_parts_than_a_workbook_has_are_not_unpacked(tmp_path: Path) -> None:
    path = write_tables(tmp_path / "x.xlsx", TABLE)
    with ZipFile(path, "a") as archive:
        for number in range(limits.WORKBOOK_PARTS):
            archive.writestr(f"{number}.xml", "<a/>")
    with pytest.raises(FormProblems, match="XLS_LARGE"):
        read_xlsform(path)


def test_a_workbook_longer_than_any_is_not_opened(tmp_path: Path) -> None:
    path = write_tables(tmp_path / "x.xlsx", TABLE)
    with path.open("ab") as file:
        file.truncate(limits.WORKBOOK + 1)
    with pytest.raises(FormProblems, match="XLS_LARGE"):
        read_xlsform(path)


@pytest.mark.parametrize("part", ["sharedStrings", "sheet1", "workbook", "styles"])
def test_a_workbook_defines_no_entities(tmp_path: Path, part: str) -> None:
    with pytest.raises(FormProblems, match="XLS_FILE"):
        read_xlsform(rewritten(tmp_path / "x.xlsx", **{part: with_entities}))


def test_pictures_in_a_workbook_are_not_looked_at(tmp_path: Path) -> None:
    path = write_tables(tmp_path / "x.xlsx", TABLE)
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * 30_000_000)
    assert read_xlsform(path).name == "x"


ESCAPED = [
    "_x0041_",
    "_x005F_",
    "_x005F_x0041_",
    "a_x000D_b",
    "__x0041__",
    "_x0041_x0042_",
    "_X0041_",
    "_x00e8_",
    "x005F_",
]


@pytest.mark.parametrize("text", ESCAPED)
def test_what_looks_like_an_escape_of_a_workbook_is_a_text(tmp_path: Path, text: str) -> None:
    read = read_xlsform(write_tables(tmp_path / "x.xlsx", {"survey": f"type|name|label\ntext|x|{text}"}))
    assert f"title: {text}\n" in read.files["x.yaml"]


def test_an_escape_of_other_programs_is_read_where_xml_needs_it_and_left_elsewhere(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "x.xlsx", sharedStrings=lambda text: text.replace("LABEL", "a_x000D__x000A_b _x0041_"))
    assert yaml.safe_load(read_xlsform(path).files["x.yaml"])["fields"][0]["title"] == "a\nb _x0041_"


def test_names_in_any_script_become_names_of_their_own_and_each_is_told(imported: Read, tmp_path: Path) -> None:
    survey = """
    type        | name  | label | relevant          | appearance
    text        | имя   | A     |                   |
    text        | фамилия | B   | ${имя} != ''      |
    text        | 年龄  | C     | ${фамилия} != ''  |
    text        | العمر | D     |                   |
    text        | 😀    | E     |                   |
    text        | 🎵    | F     | ${😀} != ''       |
    text        | Età   | G     |                   |
    text        | eta   | H     | ${Età} != ''      |
    text        | ETÀ   | I     | ${eta} != ''      |
    begin_group | 🎵🎵  | K     |                   | table-list
    select_one colori | k  | K  |                   |
    end_group   |       |       |                   |
    begin_group | 😀😀  | L     |                   | table-list
    select_one colori | l  | L  |                   |
    end_group   |       |       |                   |
    """
    read = imported(survey, choices=CHOICES)
    names = ["imia", "familiia", "nian_ling", "l_mr", "q", "q_2", "eta_2", "eta", "eta_3", "k", "l"]
    assert [entry["name"] for entry in fields(read)] == names
    asked = [entry["form:showIf"]["field"] for entry in fields(read) if "form:showIf" in entry]
    assert asked == ["imia", "familiia", "q", "eta_2", "eta"]
    assert fields(read)[9]["form:matrix"] != fields(read)[10]["form:matrix"]
    told = {remark.field: remark.values["name"] for remark in read.remarks if remark.code == "XLS_RENAMED"}
    assert told["фамилия"] == "familiia"
    assert [told.get(given) for given in ("имя", "😀", "🎵", "Età", "ETÀ")] == ["imia", "q", "q_2", "eta_2", "eta_3"]
    assert "eta" not in told
    (tmp_path / "prova.yaml").write_text(read.files["prova.yaml"], encoding="utf-8")
    write_xlsform(load_form(tmp_path / "prova.yaml"), tmp_path / "again.xlsx")
    assert [entry["name"] for entry in fields(read_xlsform(tmp_path / "again.xlsx"))] == names


def test_a_form_called_in_another_script_has_a_name_that_can_be_typed(imported: Read) -> None:
    assert imported("type|name|label\ntext|a|A", settings="form_id\nАнкета 2027").name == "anketa-2027"
