"""The addresses that a page had before (`redirect_from`, as Jekyll calls it), and what leads on from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from bacheca.forms.errors import Problem
from bacheca.forms.jinja import make_environment
from bacheca.portal.content.pages import Page
from bacheca.portal.messages import CATALOGUE
from bacheca.portal.settings import Language

TEMPLATES = Path(__file__).parents[1] / "templates" / "site"
KEY = "redirect_from"

ADDRESS = re.compile(r"/?(?!/)[^\s\\?#:*|<>\"\x00-\x1f\x7f]+")
"""An address under that of the portal: no other site, no question, nothing that no file can be called."""


def old_addresses(page: Page) -> tuple[str, ...]:
    """Give the addresses as they are written, those alone that can be one."""
    return tuple(said for said in _written(page) if file_at(said))


def file_at(address: str) -> str:
    """Give the file of a site that answers at an address under its root; empty where there can be none."""
    path = unquote(address).removeprefix("/")
    if not ADDRESS.fullmatch(address) or not path or {".", ".."} & set(path.split("/")) or "//" in path or "\\" in path:
        return ""
    if path.endswith("/"):
        return f"{path}index.html"
    return path if path.endswith((".html", ".htm")) else f"{path}/index.html"


def check_old_addresses(pages: Iterable[tuple[Page, str]]) -> Iterator[Problem]:
    """Give the old addresses that are none, and those where something else is.

    Args:
        pages: every page of all languages, with where its language stands under the root of the site.
    """
    known = list(pages)
    taken = {f"{prefix}{page.destination}": page.file for page, prefix in known}
    for page, _prefix in known:
        for said in _written(page):
            file = file_at(said)
            if not file:
                yield page.problem("REDIRECT_ADDRESS", KEY, address=said, example=f"{KEY}: /guida/vecchia/")
            elif other := taken.get(file):
                yield page.problem("REDIRECT_TAKEN", KEY, address=said, other=other)
            else:
                taken[file] = page.file


def redirects(language: Language, pages: Iterable[Page]) -> Mapping[str, str]:
    """Give the HTML of what leads to the pages of a language, by its path under the root of the site."""
    environment = make_environment(TEMPLATES, language.code, CATALOGUE.of(language.code))
    template = environment.get_template("moved.html")
    return {
        file_at(address): template.render(
            language=language.code, title=page.meta.get("title") or "", address=language.url + page.url
        )
        + "\n"
        for page in pages
        for address in old_addresses(page)
    }


def _written(page: Page) -> list[str]:
    given = page.meta.get(KEY)
    listed = given if isinstance(given, list) else [given]
    return [said for said in listed if isinstance(said, str) and said]  # of any other, the check of the keys tells
