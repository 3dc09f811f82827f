"""The sheet survey as it is mapped: its rows, and the entries that they become."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bacheca.forms.xlsform.draft import Draft, Place
from bacheca.forms.xlsform.expressions import REFERENCE
from bacheca.forms.xlsform.languages import Languages
from bacheca.forms.xlsform.workbook.sheets import Row, Workbook

OURS = "bacheca"
"""The column that holds, as JSON, what a form says and XLSForm cannot."""

WORDS = {"required_message", "constraint_message", "guidance_hint", "autoplay", "intent", "query"}
LOGIC = re.compile(
    r"calculation|choice_filter|default|trigger|read_only|repeat_count|save_to|media::.*|bind::.*|instance::.*|attribute::.*"
)
"""What a form cannot do: a row that uses it is refused; other columns, looks and remarks to oneself, are left out."""

YES, NO = {"yes", "true", "true()", "1", "required"}, {"", "no", "false", "false()", "0"}

Words = dict[str, dict[str, str]]


@dataclass
class Group:
    """A group that is open.

    Args:
        row: where it began.
        name: its name.
        words: its label by language; empty where it has none.
        condition: the conditions of all groups around it and its own.
        table: whether it is a table of radios.
        first: how many fields there were before it.
        repeats: whether it is repeated, which is refused.
    """

    row: Row
    name: str
    words: Words
    condition: tuple[str, ...]
    table: bool
    first: int
    repeats: bool = False


@dataclass
class When:
    """When a field is asked.

    Args:
        row: its row.
        around: the conditions of the groups around it, the outermost first.
        own: its own condition; mostly empty.
        notes: the notes in the heading that it opens, each with the conditions under which it is read.
    """

    row: Row
    around: tuple[str, ...]
    own: str
    notes: tuple[tuple[Row, tuple[str, ...]], ...] = ()


@dataclass
class Survey:
    """The state of one mapping."""

    book: Workbook
    draft: Draft
    languages: Languages
    names: dict[str, str] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    heading: Words = field(default_factory=dict)
    heading_row: Row | None = None
    heading_of: Group | None = None
    heading_notes: list[tuple[Row, tuple[str, ...]]] = field(default_factory=list)
    asked: list[When] = field(default_factory=list)
    ours: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def around(self) -> tuple[str, ...]:
        """The conditions of the groups that are open."""
        return self.groups[-1].condition if self.groups else ()

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The entries of the form file."""
        listed: list[dict[str, Any]] = self.draft.written["fields"]
        return listed

    def words(self, row: Row, column: str) -> dict[str, str]:
        """Give a text by language."""
        return {language: self.languages.text(row, column, language) for language in self.languages.columns}

    def place(self, row: Row) -> Place:
        """Say where a row of the survey is."""
        return "survey", row.number, row.get("name")

    def is_comment(self, row: Row) -> bool:
        """Tell whether nobody would ever see a row."""
        nothing = not row.get("type") and not row.get("name") and not self.words(row, "label")[self.languages.main]
        return nothing or row.get("disabled").lower() in YES or row.get("type").startswith("#")

    def rows(self) -> Iterator[Row]:
        """Give the rows of the survey that ask or open something; comments and disabled ones do not."""
        for row in self.book.sheet("survey").rows:
            if not self.is_comment(row):
                yield row

    def columns(self, row: Row) -> None:
        """Look at the cells that no question reads."""
        for (column, language), value in row.cells.items():
            said = {"column": f"{column}::{language}" if language else column, "value": value}
            if column in ("label", "hint") and REFERENCE.search(value):
                self.draft.refuse("XLS_REFERENCE", self.place(row), column=said["column"])
            elif LOGIC.fullmatch(column) and not (column == "read_only" and value.lower() in NO):
                self.draft.refuse("XLS_CELL", self.place(row), **said)
            elif column in WORDS or column.startswith(("body::", "control::")):
                self.draft.remark("XLS_LEFT_OUT", self.place(row), **said)

    def entry(self, language: str, i: int) -> dict[str, Any]:
        """Give the entry of a field in the form file or in a translation."""
        fields = self.fields if language == self.languages.main else self.draft.translations[language]["fields"]
        found: dict[str, Any] = fields[i]
        return found

    def read_ours(self, row: Row) -> dict[str, Any]:
        """Read the column that is ours."""
        try:
            read = json.loads(row.get(OURS) or "{}")
            if not isinstance(read, dict) or not all(isinstance(said, dict | str) for said in read.values()):
                raise ValueError("JSON")
        except ValueError as error:
            self.draft.refuse("XLS_OURS", ("survey", row.number, row.get("name")), reason=str(error))
            return {}
        return read

    def apply(self, i: int, ours: Mapping[str, Any]) -> None:
        """Write into the entries of a field what XLSForm could not say."""
        for key, said in ours.items():
            language = self.languages.main if key == "form" else key
            if isinstance(said, dict) and key != "blank" and language in self.languages.columns:
                overwrite(self.entry(language, i), said)


def overwrite(entry: dict[str, Any], said: Mapping[str, Any]) -> None:
    """Write properties into an entry; those that are null are taken out."""
    for key, value in said.items():
        if value is None:
            entry.pop(key, None)
        else:
            entry[key] = value
