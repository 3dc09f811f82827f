"""From the rows of an XLSForm to the entries of a form file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any

from bacheca.forms.asking.conditions import SHOW_IF, Condition, comparisons_of
from bacheca.forms.community import USUAL, Community
from bacheca.forms.definition.checks.form import SCHEMA
from bacheca.forms.kinds import Field, kind_of
from bacheca.forms.xlsform.draft import Draft
from bacheca.forms.xlsform.languages import languages_of
from bacheca.forms.xlsform.names import form_name_of, names_of
from bacheca.forms.xlsform.questions import Questions
from bacheca.forms.xlsform.relevant.reading import read_condition, written_as
from bacheca.forms.xlsform.relevant.xpath import NotRead
from bacheca.forms.xlsform.survey import LOGIC, OURS, WORDS, When, overwrite
from bacheca.forms.xlsform.types import BEGIN, BEGIN_REPEAT, END, END_REPEAT, asked, refusal
from bacheca.forms.xlsform.workbook.sheets import Row, Workbook

NO_MATTER = {"type", "name", "label", "hint", "required", "relevant", "constraint", "appearance", "parameters", OURS}
"""The columns that are read."""

SETTINGS_READ = {"form_title", "form_id", "default_language", "style", OURS}
SETTINGS_REFUSED = re.compile(r"public_key|submission_url|namespaces|attribute::.*")


class Mapper(Questions):
    """Maps one workbook."""

    def run(self) -> None:
        """Map every row."""
        self.names = names_of(row.get("name") for row in self.rows() if row.get("name"))
        for row in filter(self.is_comment, self.book.sheet("survey").rows):
            self.draft.remark("XLS_ROW_LEFT_OUT", self.place(row), value=next(iter(row.cells.values())))
        for row in self.rows():
            self.columns(row)
            of_type = re.sub(r"\s+", " ", row.get("type"))
            if BEGIN.fullmatch(of_type) or BEGIN_REPEAT.fullmatch(of_type):
                self.begin(row, bool(BEGIN_REPEAT.fullmatch(of_type)))
            elif END.fullmatch(of_type) or END_REPEAT.fullmatch(of_type):
                self.end(row)
            elif of_type.lower() in ("note", "add note prompt"):
                self.note(row)
            elif question := asked(of_type):
                self.question(row, question)
            else:
                self.draft.refuse(refusal(of_type), self.place(row), type=of_type or "–")
        for group in self.groups:
            self.draft.refuse("XLS_GROUP", self.place(group.row))
        if self.heading and self.heading_row:
            self.draft.refuse("XLS_NOTE", self.place(self.heading_row))
        self.conditions()
        self.apply_rest()

    def conditions(self) -> None:
        """Read the conditions, now that every question is known; a section has those that all its questions share."""
        for first, end in self.sections():
            shared = _shared(self.asked[first:end]) if "form:section" in self.fields[first] else ()
            before = {entry["name"] for entry in self.fields[:first]}
            of_section = self.read(self.asked[first].row, shared)
            if any(comparison.field not in before for comparison in comparisons_of(of_section)):
                shared, of_section = (), None
            for when in self.asked[first:end]:
                for row, read_if in when.notes:
                    if read_if != shared:
                        self.draft.refuse("XLS_NOTE", self.place(row))
            if of_section is not None:
                self.fields[first]["form:section"][SHOW_IF] = written_as(of_section, self.typed)
            for i in range(first, end):
                when = self.asked[i]
                own = (*when.around[len(shared) :], *([when.own] if when.own else []))
                if (condition := self.read(when.row, own)) is not None:
                    self.fields[i][SHOW_IF] = written_as(condition, self.typed)

    def sections(self) -> Iterator[tuple[int, int]]:
        """Give where each section begins and ends."""
        starts = [i for i, entry in enumerate(self.fields) if i == 0 or "form:section" in entry]
        yield from pairwise((*starts, len(self.fields)))

    def read(self, row: Row, texts: tuple[str, ...]) -> Condition | None:
        """Read conditions that must hold together; None where there are none, or none that a form can say."""
        try:
            return read_condition(texts, self.field_of)
        except NotRead:
            self.draft.refuse("XLS_RELEVANT", self.place(row), value=" and ".join(texts))
            return None

    def field_of(self, name: str) -> Field | None:
        """Find the question of a name as its entry stands."""
        ours = self.names.get(name, name)
        entry = next((entry for entry in self.fields if entry["name"] == ours), None)
        kind = kind_of(entry) if entry else None
        return kind(entry, {}) if kind and entry else None

    def typed(self, name: str, value: str) -> object:
        """Write a value of a condition as the form file does."""
        return typed_for(next((entry for entry in self.fields if entry["name"] == name), {}), value)

    def apply_rest(self) -> None:
        """Write the conditions that XLSForm could not say."""
        for i, ours in self.ours.items():
            said = ours.get("form", {})
            self.apply(i, {"form": {key: said[key] for key in (SHOW_IF,) if key in said}})
            if "form:section" in said and isinstance(said["form:section"], dict) and SHOW_IF in said["form:section"]:
                self.apply(i, {"form": {"form:section": said["form:section"]}})


def _shared(asked: Sequence[When]) -> tuple[str, ...]:
    """Give the conditions that the groups around some questions have in common."""
    shared = asked[0].around
    for when in asked:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(shared, when.around, strict=False))
        shared = tuple(text for text, _ in same)
    return shared


def typed_for(entry: Mapping[str, Any], value: str) -> object:
    """Write a value of a condition as the form file of a field does."""
    if entry.get("type") == "boolean":
        return {"OK": True, "true": True, "false": False}.get(value, value)
    if entry.get("type") in ("integer", "number", "year") and re.fullmatch(r"-?\d+", value):
        return int(value)
    return float(value) if entry.get("type") == "number" and re.fullmatch(r"-?\d+\.\d+", value) else value


def map_workbook(book: Workbook, name: str, community: Community = USUAL) -> Draft:
    """Map a workbook.

    Args:
        book: the workbook.
        name: the name of the form, where the sheet settings gives none.
        community: whose form it will be: what is usual there is not written.

    Returns:
        The form in the making; it may be used only where `problems` is empty.
    """
    languages = languages_of(book, community.language)
    settings = next(iter(book.sheet("settings").rows), Row(1, {}))
    called = form_name_of(settings.get("form_id") or name)
    title = settings.get("form_title") or settings.get("form_id") or name
    descriptor = {"$schema": SCHEMA, "name": called, "title": title, "form:kind": "survey", "form:publish": "nothing"}
    if languages.main != community.language:
        descriptor["form:language"] = languages.main
    translations = {language: {"title": title, "fields": []} for language in languages.others}
    draft = Draft(book.file, descriptor | {"fields": []}, translations)
    draft.places[()] = ("survey", 1, "")
    draft.places["name",] = draft.places["title",] = ("settings", settings.number, called)
    draft.problems += [*book.problems, *languages.problems]
    if "pages" in settings.get("style").split():
        draft.written["form:steps"] = True
    mapper = Mapper(book, draft, languages)
    mapper.run()
    _settings(mapper, settings)
    if draft.written.get("form:zone") == community.zone.key:
        del draft.written["form:zone"]
    _left_out(book, draft)
    return draft


def _settings(mapper: Mapper, settings: Row) -> None:
    """Look at the other settings, and write those that are ours."""
    draft = mapper.draft
    for (column, _), value in settings.cells.items():
        place = ("settings", settings.number, column)
        if SETTINGS_REFUSED.fullmatch(column):
            draft.refuse("XLS_CELL", place, column=column, value=value)
        elif column == "name" and settings.get(OURS):
            continue
        elif column not in SETTINGS_READ or (column == "style" and value != "pages"):
            draft.remark("XLS_LEFT_OUT", place, column=column, value=value)
    for key, said in mapper.read_ours(settings).items():
        if key == "form" and isinstance(said, dict):
            overwrite(draft.written, said)
        elif key in draft.translations and isinstance(said, dict):
            overwrite(draft.translations[key], said)


def _left_out(book: Workbook, draft: Draft) -> None:
    """Say which sheets, columns and lists nobody reads."""
    for name in book.others:
        draft.remark("XLS_SHEET_LEFT_OUT", (name, 1, ""), sheet=name)
    for name, read in (("survey", NO_MATTER | WORDS | {"disabled"}), ("choices", {"list_name", "name", "label", OURS})):
        sheet = book.sheet(name)
        for column in dict.fromkeys(head for head, _ in sheet.columns if head and head not in read):
            used = any(column == head for row in sheet.rows for head, _ in row.cells)
            if name == "choices" and column.startswith("media::") and used:
                row = next(row for row in sheet.rows if any(column == head for head, _ in row.cells))
                draft.refuse("XLS_CELL", (name, row.number, row.get("name")), column=column, value="…")
            elif used and not LOGIC.fullmatch(column) and not column.startswith(("body::", "control::")):
                draft.remark("XLS_COLUMN_LEFT_OUT", (name, 1, ""), column=column)
    used_lists = {question.choices for row in book.sheet("survey").rows if (question := asked(row.get("type")))}
    for row in book.sheet("choices").rows:
        listed = row.get("list_name")
        if listed and listed not in used_lists:
            used_lists.add(listed)
            draft.remark("XLS_LIST_LEFT_OUT", ("choices", row.number, row.get("name")), list=listed)
