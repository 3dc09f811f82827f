"""The rows that a form has as an XLSForm."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bacheca.forms.asking.wording import Wording
from bacheca.forms.definition.form import Form
from bacheca.forms.definition.layout import Group, Section, sections_of
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.choice import OTHER
from bacheca.forms.xlsform.expressions import write_choices, write_limits
from bacheca.forms.xlsform.languages import written_as
from bacheca.forms.xlsform.relevant.writing import write_condition
from bacheca.forms.xlsform.survey import OURS
from bacheca.forms.xlsform.workbook.sheets import Header

Cells = dict[Header, str]
RANGE = "range"
"""The type of a scale, which has no reasons for not answering: one that has them is a list of choices."""

XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass
class Outline:
    """The rows of an XLSForm, to be written or read.

    Args:
        languages: how the columns of each language are marked; empty for a form of one language.
        survey: the rows of the sheet survey.
        choices: the rows of the sheet choices.
        settings: the row of the sheet settings.
        fields: the rows of the fields, which stand in `survey` too.
        names: the names that are taken.
    """

    languages: Mapping[str, str]
    survey: list[Cells] = field(default_factory=list)
    choices: list[Cells] = field(default_factory=list)
    settings: Cells = field(default_factory=dict)
    fields: list[Cells] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    lists: dict[str, str] = field(default_factory=dict)

    def sheets(self) -> dict[str, list[Cells]]:
        """Give the sheets that have rows, by name."""
        all_of_them = {"survey": self.survey, "choices": self.choices, "settings": [self.settings]}
        return {name: rows for name, rows in all_of_them.items() if rows}

    def words(self, column: str, words: Mapping[str, Wording], say: Callable[[Wording], str]) -> Cells:
        """Write a text in every language."""
        return {(column, mark): said for language, mark in self.languages.items() if (said := say(words[language]))}

    def add(self, of_type: str, name: str, *words: Cells, **cells: str) -> Cells:
        """Add a row to the survey."""
        row: Cells = {("type", ""): of_type}
        row |= {("name", ""): name} if name else {}
        for said in words:
            row |= said
        row |= {(column, ""): text for column, text in cells.items() if text}
        self.survey.append(row)
        return row

    def free_name(self, name: str) -> str:
        """Give a name that no field and no group has."""
        while name in self.names:
            name += "_"
        self.names.add(name)
        return name


def outline_of(form: Form) -> Outline:
    """Write the rows of a form, but for our own column."""
    several = len(form.languages) > 1
    outline = Outline({language: written_as(language) if several else "" for language in form.languages})
    outline.names = {column.name for column in form.columns} | {of_field.name for of_field in form.fields}
    for number, section in enumerate(sections_of(form), 1):
        _section(form, outline, section, f"section_{number}")
    style = "pages" if form.steps else ""
    settings = {"form_title": form.wording(form.languages[0]).title, "form_id": form.name, "style": style}
    settings["name"] = outline.free_name("data") if "data" in outline.names else ""  # what pyxform calls the whole
    settings["default_language"] = written_as(form.language)
    outline.settings = {(column, ""): text for column, text in settings.items() if text}
    return outline


def _section(form: Form, outline: Outline, section: Section, name: str) -> None:
    opener = section.opened_by
    if opener is not None:
        begun = outline.words("label", opener.words, lambda w: w.section)
        relevant = write_condition(form, section.condition) if section.condition else ""
        outline.add("begin_group", outline.free_name(name), begun, relevant=relevant)
        text = outline.words("label", opener.words, lambda w: w.section_text)
        if text:
            outline.add("note", outline.free_name(f"{name}_text"), text)
    for group in section.groups:
        _group(form, outline, group)
    if opener is not None:
        outline.add("end_group", "")


def _group(form: Form, outline: Outline, group: Group) -> None:
    if not group.is_matrix:
        _question(form, outline, group.first)
        return
    name = group.first.matrix
    name = outline.free_name(name if XML_NAME.fullmatch(name) else "matrix")
    stem = outline.words("label", group.first.words, lambda words: words.stem)
    outline.add("begin_group", name, stem, appearance="table-list")
    for of_field in group.fields:
        _question(form, outline, of_field)
    outline.add("end_group", "")


def _question(form: Form, outline: Outline, of_field: Field) -> None:
    of_type, cells = _type(outline, of_field)
    words = [
        outline.words("label", of_field.words, lambda said: said.title),
        outline.words("hint", of_field.words, lambda said: said.notice if of_field.agrees else said.description),
    ]
    row = outline.add(of_type, of_field.name, *words, **cells)
    row |= {("required", ""): "yes"} if of_field.required else {}
    if of_field.own_condition:
        row["relevant", ""] = write_condition(form, of_field.own_condition)
    if of_type.partition(" ")[2] and of_field.listed_missing[:1] == ("",):
        blank = {language: said.labels[""] for language, said in of_field.words.items()}
        row[OURS, ""] = json.dumps({"blank": blank}, ensure_ascii=False)
    outline.fields.append(row)
    if of_field.other:
        label = {language: of_field.label(OTHER, language) for language in of_field.words}
        said = {("label", mark): label[language] for language, mark in outline.languages.items()}
        several = of_field.xlsform == "select_multiple"
        asked = f"selected(${{{of_field.name}}}, '{OTHER}')" if several else f"${{{of_field.name}}} = '{OTHER}'"
        other = outline.add("text", of_field.other_name, said, relevant=asked)
        other[OURS, ""] = json.dumps({"other-of": of_field.name})


def _type(outline: Outline, of_field: Field) -> tuple[str, dict[str, str]]:
    """Give the type of a row, and what goes with it."""
    cells = {"appearance": of_field.xlsform_appearance}
    if of_field.xlsform == RANGE and not any(of_field.listed_missing):
        return RANGE, {"parameters": f"start={of_field.options[0]} end={of_field.options[-1]} step=1"}
    if of_field.options:
        of_type = "select_one" if of_field.xlsform == RANGE else of_field.xlsform
        cells["parameters"] = "randomize=true" if of_field.shuffles else ""
        if of_type == "select_multiple":
            cells["constraint"] = write_choices(of_field.choose, of_field.exclusive)
        return f"{of_type} {_list(outline, of_field)}", cells
    cells["constraint"] = write_limits(of_field.columns[0].type, of_field.stated_limits)
    return of_field.xlsform, cells


def _list(outline: Outline, of_field: Field) -> str:
    """Write the choices of a field as a list, or find one that is the same."""
    rows = list(_choices(outline, of_field))
    content = json.dumps([sorted(map(str, row.items())) for row in rows])
    if content not in outline.lists:
        outline.lists[content] = of_field.name
        outline.choices += [{("list_name", ""): of_field.name, **row} for row in rows]
    return outline.lists[content]


def _choices(outline: Outline, of_field: Field) -> Iterator[Cells]:
    shown = of_field.options
    other = [OTHER] if of_field.other and OTHER not in shown else []
    missing = [code for code in of_field.listed_missing if code]
    for flag, some in (("", shown), ("other", other), ("missing", missing)):
        for code in some:
            row: Cells = {("name", ""): code}
            row |= {("label", mark): of_field.label(code, language) for language, mark in outline.languages.items()}
            yield row | ({(OURS, ""): flag} if flag else {})
