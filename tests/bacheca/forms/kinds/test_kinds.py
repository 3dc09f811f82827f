"""What every kind of field keeps to; `examples.py` has a field of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bacheca.forms import Form, render_answers, render_form
from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.definition.form import data_of
from bacheca.forms.kinds import KINDS, Field
from bacheca.forms.kinds.calendar import Date
from bacheca.forms.kinds.cells.cell_checks import codes
from bacheca.forms.messages import SENTENCES
from bacheca.forms.package.codebook import Codebook
from bacheca.forms.package.package import flat_schema
from bacheca.forms.submission.mail_template import mail_lines, mail_text
from bacheca.forms.submission.read import problems_of_cells, read_response
from tests.bacheca.forms.kinds.examples import EXAMPLES, NO_ANSWER, Example, Posted, entry

PROFILE = json.loads((Path(__file__).parents[1] / "profiles" / "tableschema.json").read_text(encoding="utf-8"))
SHOWN_IF = "- {name: prima, title: Prima, type: boolean}\n"
CONDITION = "  form:showIf: {field: prima, equals: true}\n"


def named(*parts: object) -> str:
    """Name an example without backslashes: where pytest collects twice, as under mutation, it would double them."""
    return "-".join(map(str, parts)).encode("ascii", "backslashreplace").decode().replace("\\", "/")[:60]


every_kind = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
every_kept = pytest.mark.parametrize(
    ("example", "posted", "cells"),
    [(example, posted, cells) for example in EXAMPLES.values() for posted, cells in example.kept],
    ids=[named(kind, posted) for kind, example in EXAMPLES.items() for posted, _ in example.kept],
)
every_refused = pytest.mark.parametrize(
    ("example", "posted", "code"),
    [(example, posted, code) for example in EXAMPLES.values() for posted, code in example.refused],
    ids=[named(kind, code, posted) for kind, example in EXAMPLES.items() for posted, code in example.refused],
)
Written = Callable[..., Form]
Cells = dict[str, str]


class Controls(HTMLParser):
    """The controls of a page: their names, ids and labels."""

    def __init__(self, html: str):
        super().__init__()
        self.names: list[str] = []
        self.ids: list[str] = []
        self.to_label: set[str] = set()
        self.labelled: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"] or "")
        if tag in ("input", "select", "textarea"):
            self.names.append(found.get("name") or "")
            if found.get("type") != "hidden" and "aria-labelledby" not in found:
                self.to_label.add(found.get("id") or "")
        if tag == "label":
            self.labelled.add(found.get("for") or "")


def test_there_is_an_example_of_every_kind() -> None:
    assert set(EXAMPLES) == {kind.kind for kind in KINDS.values()}


def test_no_two_kinds_are_written_alike() -> None:
    written = [signature for kind in set(KINDS.values()) for signature in kind.signatures]
    assert len(written) == len(set(written)) == len(KINDS)


@every_kept
def test_an_answer_is_kept_in_one_way(written: Written, example: Example, posted: Posted, cells: Cells) -> None:
    form = written(example.written)
    response, problems = read_response(form, posted, "it")
    assert [problem.sentence("it") for problem in problems] == []
    assert dict(response.cells) == cells


@every_kept
def test_a_kept_answer_posted_again_gives_the_same_cells(
    written: Written, example: Example, posted: Posted, cells: Cells
) -> None:
    form = written(example.written)
    response, _ = read_response(form, posted, "it")
    again, problems = read_response(form, form.fields[0].posted(response.cells), "it")
    assert (dict(again.cells), problems) == (dict(response.cells), ())
    assert problems_of_cells(form, response.cells) == []


@every_refused
def test_a_refused_answer_says_why(written: Written, example: Example, posted: Posted, code: str) -> None:
    form = written(example.written)
    response, problems = read_response(form, posted, "it")
    assert [(problem.code, problem.field) for problem in problems] == [(code, "x")]
    assert "La domanda" in problems[0].sentence("it")
    assert "{" not in problems[0].sentence("it") + problems[0].sentence("en")
    assert set(response.cells) == {column.name for column in form.columns}


@every_kind
def test_it_has_a_cell_for_each_of_its_columns(written: Written, example: Example) -> None:
    form = written(example.written)
    names = [column.name for column in form.columns]
    assert len(names) == len(set(names))
    for posted, _ in example.kept:
        assert list(form.fields[0].read(posted, "it").cells) == names


@every_kind
def test_its_columns_are_valid_for_the_official_profile(written: Written, example: Example) -> None:
    for text in (example.written, SHOWN_IF + example.written + CONDITION):
        schema = flat_schema(written(text))
        jsonschema.validate(schema, PROFILE)
        json.dumps(schema, allow_nan=False)


@every_kind
def test_it_never_begins_with_a_problem(written: Written, example: Example) -> None:
    response, problems = read_response(written(example.written), {}, "it")
    assert problems == ()
    assert set(response.cells.values()) <= {"", "false"}


@every_kind
def test_where_it_is_required_a_blank_is_a_problem(written: Written, example: Example) -> None:
    field = written(example.written).fields[0]
    if "required" not in field.constraint_names:
        assert field.kind == "hidden source"
        return
    limits = {**field.constraints, "required": True}
    required = type(field)({**field.descriptor, "constraints": limits}, field.words)
    codes_said = [problem.code for problem in required.read({}, "it").problems]
    assert codes_said in (["required"], ["choose"], ["agree"], ["rank"])


@every_kind
def test_its_controls_post_what_it_reads_and_have_labels(written: Written, example: Example) -> None:
    form = written(example.written)
    page = Controls(render_form(form, "it", action="/forms/prova"))
    ours = {name for name in page.names if name and not name.startswith("_")}
    assert ours <= set(form.fields[0].inputs)
    assert ours
    assert page.to_label <= page.labelled
    assert len(page.ids) == len(set(page.ids))


@every_kept
def test_what_was_posted_stands_in_the_form_again(
    written: Written, example: Example, posted: Posted, cells: Cells
) -> None:
    form = written(example.written)
    html = render_form(form, "it", action="/", posted=form.fields[0].posted(cells))
    read, _ = read_response(form, submitted(html), "it")
    expected, _ = read_response(form, posted, "it")
    assert dict(read.cells) == dict(expected.cells)


@every_kind
def test_a_problem_leads_to_one_of_its_controls(written: Written, example: Example) -> None:
    form = written(example.written)
    for posted, _ in example.refused:
        _, problems = read_response(form, posted, "it")
        html = render_form(form, "it", action="/", posted=posted, problems=problems)
        assert f'<a href="#{form.fields[0].anchor}">' in html
        assert form.fields[0].anchor in Controls(html).ids or form.fields[0].kind == "hidden source"


@every_kind
def test_the_codebook_describes_every_column_and_every_code(written: Written, example: Example) -> None:
    form = written(example.written)
    rows = Codebook({"responses": form}).rows()
    assert {row["column"] for row in rows} == {column.name for column in form.columns}
    for column in form.columns:
        described = {row["code"] for row in rows if row["column"] == column.name and row["code"]}
        listed = set(codes(column.descriptor.get("categories"))) if column.name == "x" else set()
        assert listed <= described


@every_kept
def test_it_says_the_answer_in_words(written: Written, example: Example, posted: Posted, cells: Cells) -> None:
    form = written(example.written)
    shown = form.fields[0].show(cells, "it")
    nothing = not any(cell for name, cell in cells.items() if not name.endswith("__seed"))
    assert bool(shown) != nothing
    assert (
        shown == "" or "<" not in render_answers(form, "it", cells, masked=False).split("<bdi>")[1].split("</bdi>")[0]
    )


@every_kind
def test_what_was_not_shown_is_kept_as_such_in_all_its_columns(written: Written, example: Example) -> None:
    form = written(SHOWN_IF + example.written + CONDITION)
    posted = {"prima": ["false"], **example.kept[0][0]}
    response, problems = read_response(form, posted, "it")
    assert problems == ()
    assert {response.cells[column.name] for column in form.fields[1].columns} == {NOT_SHOWN}
    assert problems_of_cells(form, response.cells) == []
    assert not form.fields[1].was_shown(response.cells)
    assert form.fields[1].posted(response.cells) == {}
    shown, problems = read_response(form, {**posted, "prima": ["true"]}, "it")
    assert problems == ()
    assert form.fields[1].was_shown(shown.cells)


@every_kind
def test_a_form_made_again_from_its_source_is_the_same(written: Written, example: Example) -> None:
    field = written(example.written).fields[0]
    again = type(field)(json.loads(json.dumps(field.descriptor)), field.words)
    assert data_of(again.descriptor) == data_of(field.descriptor)
    assert [column.descriptor for column in again.columns] == [column.descriptor for column in field.columns]


@every_kept
def test_an_answer_stands_in_the_text_for_the_e_mail(
    written: Written, example: Example, posted: Posted, cells: Cells
) -> None:
    form = written(example.written)
    field: Field = form.fields[0]
    empty = mail_text(mail_lines(form, "it", {}))
    assert ("[x]" in empty) == field.asks
    again = field.posted(cells)
    filled = mail_text(mail_lines(form, "it", again))
    assert (filled != empty) == (bool(set(again) - {"x__seed"}) and field.asks)


def test_a_field_whose_type_is_not_written_is_a_text(written: Written) -> None:
    (field,) = written("- {name: x, title: X}").fields
    assert (field.kind, field.columns[0].type) == ("text", "string")


@pytest.mark.parametrize(
    ("said", "personal", "told"),
    [
        ("type: string\nformat: uri", True, "personal"),
        ("type: string\nformat: uri\nform:privacy: public", False, "public"),
        ("type: string\nformat: uri\nform:privacy: sensitive", True, "sensitive"),
        ("type: string\nformat: email\nform:privacy: public", True, "personal"),
        ("type: string", False, "free-text"),
    ],
)
def test_what_leads_to_somebody_is_personal_until_its_form_says_otherwise(
    written: Written, said: str, personal: bool, told: str
) -> None:
    field = written(entry(said)).fields[0]
    assert (field.is_personal, field.codebook_rows()[0]["privacy"]) == (personal, told)


def test_a_code_for_no_answer_is_none_where_it_is_not_offered(written: Written) -> None:
    field = written(entry("type: string" + NO_ANSWER)).fields[0]
    (problem,) = field.read({"x": ["non-so"]}, "it").problems
    assert (problem.code, problem.values["code"]) == ("reserved", "non-so")


def test_a_date_that_was_posted_whole_stands_in_its_boxes(written: Written) -> None:
    field = written(entry("type: date")).fields[0]
    assert isinstance(field, Date)
    assert [field.typed({"x": ["2024-02-03"]}, part) for part in field.parts] == ["3", "2", "2024"]
    assert [field.typed({"x": ["3/2"]}, part) for part in field.parts] == ["", "", ""]
    assert [field.typed({"x__day": ["03"], "x": ["2024-02-04"]}, part) for part in field.parts] == ["03", "2", "2024"]


@pytest.mark.parametrize(
    ("more", "constraints"),
    [
        ("type: integer\nform:widget: scale\nform:ends: {low: L, high: H}", {"minimum": 0, "maximum": 10}),
        ("type: string\nform:widget: tel", {"pattern": r"(\+[1-9][0-9]{6,14})"}),
        ("type: string", {"maxLength": 200}),
        ("type: string\nformat: uri", {"maxLength": 2000}),
        ("type: boolean", {}),
    ],
)
def test_what_must_be_answered_says_so_in_its_column(
    written: Written, more: str, constraints: dict[str, object]
) -> None:
    (column,) = written(entry(f"{more}\nconstraints: {{required: true}}")).fields[0].columns
    assert column.constraints == {"required": True, **constraints}


def test_a_consent_says_the_text_that_was_agreed_to(written: Written) -> None:
    field = written(EXAMPLES["consent"].written).fields[0]
    assert field.read({"x": ["true"]}, "it").notice == "Il testo."
    assert field.read({}, "it").notice == ""


def test_a_length_that_the_form_says_holds_before_anything_is_read(written: Written) -> None:
    for kind in ("", "format: uri", "form:widget: textarea"):
        field = written(entry(f"type: string\n{kind}\nconstraints: {{maxLength: 12}}")).fields[0]
        (problem,) = field.read({"x": ["a" * 4000]}, "it").problems
        assert problem.values["limit"] == 12


def test_every_code_of_a_kind_has_a_sentence() -> None:
    said = {code for kind in KINDS.values() for code in kind.says.values()}
    assert said <= set(SENTENCES)


def submitted(html: str) -> dict[str, list[str]]:
    """Give what a browser would post of a page as it stands."""
    page = Submitted()
    page.feed(html)
    return page.posted


class Submitted(HTMLParser):
    """What a browser posts of a page as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: dict[str, list[str]] = {}
        self.name = ""
        self.first = True
        self.text: str | None = None

    def add(self, name: str | None, value: str) -> None:
        if name and not name.startswith("_"):
            self.posted.setdefault(name, []).append(value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found: dict[str, Any] = dict(attrs)
        if tag == "input" and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self.add(found.get("name"), found.get("value", "on"))
        elif tag == "select":
            self.name, self.text = found["name"], None
        elif tag == "option" and "selected" in found:
            self.text = ""
            if "value" in found:
                self.add(self.name, found["value"])
                self.text = None
        elif tag == "textarea":
            self.name, self.text = found["name"], ""

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "option") and self.text is not None:
            text = self.text.removeprefix("\n") if tag == "textarea" else self.text
            self.add(self.name, text)
            self.text = None
