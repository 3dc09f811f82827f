"""Which column of an XLSForm is in which language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError

from bacheca.forms.definition.checks.localities import LANGUAGE_CODE
from bacheca.forms.definition.checks.written_dates import LANGUAGES
from bacheca.forms.errors import Problem
from bacheca.forms.locales import language_name
from bacheca.forms.xlsform.workbook.sheets import TRANSLATED, Row, Workbook

BARE = TRANSLATED[:2]
"""The texts that are read."""

CODED = re.compile(r".*\(([A-Za-z]{2,3}(?:-[A-Za-z]{2})?)\)\s*")


@dataclass(frozen=True)
class Languages:
    """The languages of a workbook.

    Args:
        columns: for each language of the form, the languages of columns that hold it, the best first; the language
            of the form file comes first.
        problems: languages that are none.
    """

    columns: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()

    @property
    def main(self) -> str:
        """The language of the form file."""
        return next(iter(self.columns))

    @property
    def others(self) -> tuple[str, ...]:
        """The languages of the translations."""
        return tuple(self.columns)[1:]

    def text(self, row: Row, column: str, language: str) -> str:
        """Give a text of a row in a language; empty where there is none."""
        return next((said for written in self.columns[language] if (said := row.get(column, written))), "")


def languages_of(book: Workbook, usual: str) -> Languages:
    """Find the languages of a workbook; words without a language are in its default one.

    Args:
        book: the workbook.
        usual: the language of the community: the default where the workbook names none.
    """
    heads = {
        language
        for sheet in (book.sheet("survey"), book.sheet("choices"))
        for name, language in sheet.columns
        if language and name in BARE
    }
    settings = next(iter(book.sheet("settings").rows), Row(0, {}))
    default = settings.get("default_language")
    codes = {head: code_of(head) for head in sorted(heads)}
    problems = tuple(
        book.problem("XLS_LANGUAGE", "survey", 1, language=head) for head, code in codes.items() if not code
    )
    found: dict[str, tuple[str, ...]] = {}
    for head, code in codes.items():
        found[code or head] = (*found.get(code or head, ()), head)
    bare = any(row.get(column) for name in ("survey", "choices") for row in book.sheet(name).rows for column in BARE)
    if bare or not found:
        language = code_of(default) or usual
        found[language] = (*found.get(language, ()), "")
    main = next((language for language in (code_of(default), usual) if language in found), next(iter(found)))
    return Languages({main: found[main], **found}, problems)


def code_of(name: str) -> str:
    """Find the code of a language written as `English (en)`, `en` or `English`; empty where it is none."""
    coded = CODED.fullmatch(name)
    code = (coded[1] if coded else name).strip()
    if LANGUAGE_CODE.fullmatch(code) and (coded or _exists(code)):
        return code
    return _names().get(name.strip().casefold(), "")


def written_as(code: str) -> str:
    """Write a language as XLSForm wants it: `Italiano (it)`."""
    name = language_name(code, code)
    return f"{name[:1].upper()}{name[1:]} ({code})"


def _exists(code: str) -> bool:
    try:
        Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


@cache
def _names() -> Mapping[str, str]:
    """Know the languages by their names in the languages of the catalogues, and in themselves."""
    names: dict[str, str] = {}
    for of in LANGUAGES:
        for code, name in Locale.parse(of).languages.items():
            if LANGUAGE_CODE.fullmatch(code):
                names.setdefault(name.casefold(), code)
    for code in ("fr", "es", "de", "pt", "ro", "sq", "ar", "uk", "pl", "nl"):
        names.setdefault((Locale.parse(code).get_language_name(code) or code).casefold(), code)
    return names
