"""Translated pages and the words that they are of: each bears the mark of the page that it translates."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bacheca.forms.atomic_file import overwrite
from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import Page, paired, read_pages
from bacheca.portal.errors import PortalProblem, SettingsProblems
from bacheca.portal.settings import Portal

KEY = "translates"
"""The key of the front matter that holds the mark."""

LINE = re.compile(rf"^{KEY}:.*\n", re.MULTILINE)


def mark_of(page: Page) -> str:
    """Give the mark of a page's words: eight hex digits, the same as long as nobody changes them."""
    words = [str(page.meta.get(key, "")) for key in ("title", "description")]
    words += [
        json.dumps(page.meta[key], ensure_ascii=False, default=str)
        for key in ("eyebrow", "hero", "cards", "aside")
        if key in page.meta
    ]
    text = " ".join("\n".join((*words, page.body)).split())
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def lagging(pages: Iterable[Page], originals: Iterable[Page]) -> Iterator[Page]:
    """Give the translations whose original has changed since they were marked as being of it.

    Whatever is changed in a translation, it lags until it is marked again.

    Args:
        pages: the pages of a language.
        originals: those of the main language.
    """
    by_key = {page.key: page for page in originals if page.key}
    for page in pages:
        original = by_key.get(page.key)
        # A further language that is built alone is the main one then, and no page is its own original.
        if (
            original
            and original.language != page.language
            and str(page.meta.get(KEY, "")) not in ("", mark_of(original))
        ):
            yield page


def check_translations(pages: Iterable[Page], originals: Iterable[Page]) -> Iterator[Problem]:
    """Give the problem of each translation that lags; the arguments are those of `lagging`."""
    for page in lagging(pages, originals):
        yield page.problem("PAGE_STALE", KEY, key=page.key, file=page.file)


def mark_page(portal: Portal, file: Path) -> Path:
    """Write into a translated page which words it translates.

    Args:
        portal: the portal.
        file: the page, as `check` names it.

    Raises:
        SettingsProblems: there is no such page, or no page of the main language that it translates.
    """
    pages = paired({language.code: read_pages(language)[0] for language in portal.languages})
    originals = {page.key: page for page in pages[portal.main.code] if page.key}
    translations = [page for language in portal.languages[1:] for page in pages[language.code]]
    meant = [page for page in translations if page.key in originals and Path(page.file).resolve() == file.resolve()]
    if not meant:
        raise SettingsProblems(PortalProblem("PAGE_NO_ORIGINAL", file.as_posix(), 1))
    text = file.read_text(encoding="utf-8-sig")
    overwrite(file, _marked(text, mark_of(originals[meant[0].key]), headed=bool(meant[0].key_lines)))
    return file


def _marked(text: str, mark: str, *, headed: bool) -> str:
    """Give a page with its mark, written as its front matter is; that is begun where there is none."""
    line = f'{KEY}: "{mark}"\n'
    if not headed:
        return f"---\n{line}---\n{text}"
    if text.startswith("+++"):
        first, rest = re.sub(rf"^{KEY}[ \t]*=.*\n", "", text, flags=re.MULTILINE).split("\n", 1)
        return f'{first}\n{KEY} = "{mark}"\n{rest}'
    if text.startswith("{"):
        return "{" + f'"{KEY}": "{mark}",' + re.sub(rf"[ \t]*\"{KEY}\":[ ]*\"[^\"]*\",", "", text[1:], count=1)
    if not text.startswith("---"):
        first, rest = LINE.sub("", text, count=1).split("\n", 1)
        return f"{first}\n{KEY}: {mark}\n{rest}"
    begin, head, rest = text.split("---\n", 2)
    return f"{begin}---\n{LINE.sub('', head)}{line}---\n{rest}"
