"""What does not go from an XLSForm to a form, or back: by sheet, row and name.

English here; the catalogue `xlsform` translates. A code of `bacheca.forms.messages` is said in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass

from bacheca.forms.catalogues import Catalogue
from bacheca.forms.catalogues import marked as _
from bacheca.forms.errors import Problem
from bacheca.forms.messages import SENTENCES as OF_FORMS

CATALOGUE = Catalogue("xlsform")
say = CATALOGUE.say
OF_THE_CHECK = Catalogue("forms")


SENTENCES: dict[str, tuple[str, str]] = {
    # the file
    "XLS_FILE": (_("The workbook cannot be read ({reason})"), _("save it as .xlsx and try again")),
    "XLS_LARGE": (_("The workbook is larger than any form ({limit})"), _("remove what is not the form")),
    "XLS_SHEET": (_("There is no sheet called {sheet}"), _("an XLSForm has one")),
    "XLS_COLUMN": (_("There is no column {column}"), _("an XLSForm has that column")),
    "XLS_FORMULA": (_("{column} is a formula without a value"), _("open the workbook, save it, or write the value")),
    "XLS_LANGUAGE": (_("{language} is not a language that is known here"), _("write its code: `label::English (en)`")),
    "XLS_OURS": (_("The column bacheca cannot be read: {reason}"), _("empty this cell, or export the form again")),
    # rows
    "XLS_TYPE": (_("There is no kind of question like {type}"), _("remove the row, or ask in another way")),
    "XLS_REPEAT": (_("Questions cannot be repeated"), _("write each of them as many times as it is needed")),
    "XLS_CALCULATE": (_("Nothing is calculated in a form"), _("remove the row: analysts calculate from the package")),
    "XLS_DEVICE": (
        _("{type} is taken from the device, and only answers are kept"),
        _("remove the row; the day of each response is kept anyway"),
    ),
    "XLS_MEDIA": (_("{type} is no answer in words or numbers"), _("remove the row, or ask for an address")),
    "XLS_OUTSIDE": (_("{type} reads its choices from outside the form"), _("write the choices in the sheet choices")),
    "XLS_CELL": (_("{column} is {value}, which a form does not have"), _("empty the cell")),
    "XLS_REQUIRED": (_("required is {value}"), _("write yes or nothing")),
    "XLS_RELEVANT": (
        _("The condition cannot be kept: {value}"),
        _(
            "compare earlier questions: `${{NAME}} = 'CODE'`, `selected(${{NAME}}, 'CODE')`, `${{NAME}} >= 5`,"
            " `${{NAME}} != ''`, joined by `and`, `or`, `not()`"
        ),
    ),
    "XLS_CONSTRAINT": (
        _("The limit cannot be kept: {value}"),
        _("write `. >= 0 and . <= 10`, `string-length(.) <= 200`, `regex(., '…')` or `count-selected(.) <= 3`"),
    ),
    "XLS_REFERENCE": (_("{column} shows the answer to another question"), _("say it without ${{…}}")),
    "XLS_LIST": (_("There is no list {list} in the sheet choices"), _("write it there")),
    "XLS_RANGE": (_("A scale goes by whole steps of one: {value}"), _("write `start=0 end=10 step=1`")),
    "XLS_GROUP": (_("A group does not begin and end where it should"), _("give every begin_group its end_group")),
    "XLS_NOTE": (
        _("A note opens a section or follows its heading, under the same conditions: this one does not"),
        _("put it first in a group, or before a question and in one line, without a condition of its own"),
    ),
    # remarks
    "XLS_LEFT_OUT": (_("{column} is left out: {value}"), ""),
    "XLS_ROW_LEFT_OUT": (_("The row is left out, since it asks nothing: {value}"), ""),
    "XLS_COLUMN_LEFT_OUT": (_("The column {column} is left out"), ""),
    "XLS_SHEET_LEFT_OUT": (_("The sheet {sheet} is left out"), ""),
    "XLS_LIST_LEFT_OUT": (_("The list {list} is left out: no question uses it"), ""),
    "XLS_RENAMED": (_("The name becomes {name}"), ""),
    "XLS_UNDER": (_("The group {group} has ended, but its heading goes on above this question"), ""),
    "XLS_HEADINGS": (_("Two headings in a row become one"), ""),
    "XLS_RANGE_NUMBER": (_("The slider becomes a number to write, since its ends have no words"), ""),
    "XLS_TIME": (_("The time becomes a short text"), ""),
    # exports
    "XLS_LONG": (_("{column} is longer than a cell of a workbook holds ({limit})"), _("shorten it")),
    "XLS_RESERVED": (_("XLSForm keeps the name {name} for itself"), _("no export is possible under this name")),
    "XLS_WORDS": (_("{text} would be read as a reference by XLSForm"), _("say it without ${{")),
}

EXAMPLE_OF_TIME = _("For example 14:30")
"""The hint of a time without one."""


@dataclass(frozen=True, order=True)
class RowProblem(Problem):
    """One thing wrong with a row of a sheet; `path` is `FILE:SHEET`, `line` the row, `field` its name."""

    def sentence(self, language: str) -> str:
        """Say what is wrong, after the name of the row."""
        said = self._in_words(0, language)
        return f"{self.field}: {said}" if self.field else said

    def remedy(self, language: str) -> str:
        """Say how to mend it."""
        return self._in_words(1, language)

    def _in_words(self, which: int, language: str) -> str:
        if self.code in SENTENCES:
            return say(SENTENCES[self.code][which], language, **self.values)
        said = OF_FORMS[self.code][which]
        return OF_THE_CHECK.say(said, language, **self.values)
