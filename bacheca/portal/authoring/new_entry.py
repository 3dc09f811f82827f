"""New entries of pages that hold many: a term of the glossary, a question of the FAQ."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path

from bacheca.forms.atomic_file import overwrite
from bacheca.portal.content.pages import Page, read_pages
from bacheca.portal.errors import PortalProblem, SettingsProblems
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.postprocess.pages import GLOSSARY
from bacheca.portal.settings import Language, Portal

FAQ = "faq"
"""The translation key of the page of questions, in every language."""

ENTRY = re.compile(r"##[ \t]+(.*?)[ \t]*(?:\{.*)?$")
NAME = re.compile(r"[^\W_][^#{}\n]*")


def new_term(portal: Portal, language: Language, name: str, today: dt.date) -> Path:
    """Put a term into the glossary, where the alphabet wants it.

    Raises:
        SettingsProblems: the name cannot be one, it is there already, or there is no glossary.
    """
    page = _page_of(language, GLOSSARY, name)
    after = [line for line, heading in _entries(page) if _order(heading) > _order(name)]
    end = page.body_line + page.body.rstrip("\n").count("\n") + 1
    return _insert(page, name, after[0] if after else end, say(SAYINGS["new_term"], language.code))


def new_question(portal: Portal, language: Language, name: str, today: dt.date) -> Path:
    """Put a question at the end of the FAQ.

    Raises:
        SettingsProblems: the question cannot be one, it is there already, or there is no page of questions.
    """
    page = _page_of(language, FAQ, name)
    end = page.body_line + page.body.rstrip("\n").count("\n") + 1
    return _insert(page, name, end, say(SAYINGS["new_answer"], language.code))


def _page_of(language: Language, key: str, name: str) -> Page:
    if not NAME.fullmatch(name):
        raise SettingsProblems(PortalProblem("NAME_ENTRY", name, 1, values={"name": name}))
    page = next((page for page in read_pages(language)[0] if page.key == key), None)
    if page is None:
        values = {"key": key, "folder": language.content.as_posix()}
        raise SettingsProblems(PortalProblem("NO_PAGE", language.content.as_posix(), 1, values=values))
    for line, heading in _entries(page):
        if _order(heading) == _order(name):
            raise SettingsProblems(PortalProblem("EXISTS", page.file, line))
    return page


def _entries(page: Page) -> list[tuple[int, str]]:
    return [(line, found[1]) for line, text in page.text() if (found := ENTRY.match(text))]


def _order(heading: str) -> str:
    """Give what a dictionary orders a word by: neither capitals nor accents."""
    plain = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _insert(page: Page, name: str, line: int, text: str) -> Path:
    file = Path(page.file)
    lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    before, after = lines[: line - 1], lines[line - 1 :]
    while before and not before[-1].strip():
        before.pop()
    entry = ["", f"## {name}", "", text, *([""] if after else [])]
    overwrite(file, "\n".join([*before, *entry, *after]) + "\n")
    return file
