"""What is done to rendered pages before they are published: tooltips, linked data, boxed tables, a script for later."""

from __future__ import annotations

import html
import json
import posixpath
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from markupsafe import Markup

from bacheca.portal.content.pages import Page
from bacheca.portal.postprocess.glossary_index import term_set, with_index
from bacheca.portal.postprocess.glossary_links import MAIN_END, Linked, Matcher, link_terms
from bacheca.portal.postprocess.glossary_terms import Term, read_terms
from bacheca.portal.postprocess.json_ld import data_of
from bacheca.portal.postprocess.snippets import data_block, piece
from bacheca.portal.settings import Language

HEAD_END = "</head>"
INDEX = "search/search_index.json"
UNUSED = re.compile(r'<link rel="stylesheet" href="[^"]*/palette\.[^"]*">\s*')
"""Material's palettes: `tokens.css` says every colour."""

LATER = re.compile(r'<script (src="[^"]*/bundle\.[0-9a-f]+\.min\.js")></script>')
"""Material's script, which `page.js` fetches when the search is asked for."""

TOGGLE = re.compile(r'(<input class="md-toggle"[^>]*) autocomplete="off">')
"""A box that the theme's script ticks and nobody sees; HTML knows no `autocomplete` of boxes, `page.js` empties it."""

TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
"""A table of a page; those of forms and results have a class, and their own ways."""

BOXED = r'<div class="md-typeset__scrollwrap"><div class="md-typeset__table">\g<0></div></div>'
"""A table in a box that scrolls where a phone is too narrow: made here, so that nothing moves as the page loads."""

GLOSSARY = "glossary"
"""The translation key of the glossary's page, in every language."""


def dress(language: Language, pages: Iterable[Page], folder: Path) -> None:
    """Complete the rendered pages of a language, in place.

    Args:
        language: the language.
        pages: the pages that editors wrote in it.
        folder: where they were rendered.
    """
    written = {folder / page.url / "index.html": page for page in pages}
    glossary = next((file for file, page in written.items() if page.key == GLOSSARY and file.is_file()), None)
    terms = read_terms(glossary.read_text(encoding="utf-8")) if glossary else []
    matcher = Matcher(tuple(terms))
    home = written[glossary].url if glossary else ""
    uses: dict[str, list[tuple[str, str]]] = {}
    for file in sorted(folder.rglob("*.html")):
        rendered = file.read_text(encoding="utf-8")
        text = TABLE.sub(BOXED, TOGGLE.sub(r"\1 hidden>", rendered))
        text = LATER.sub(r'<script type="text/plain" id="engine" \1></script>', UNUSED.sub("", text))
        page = written.get(file)
        if page and glossary and file != glossary:
            linked = link_terms(text, matcher, posixpath.relpath(f"/{home}", f"/{page.url}") + "/")
            text = _noted(linked, language.code)
            address = posixpath.relpath(f"/{page.url}", f"/{home}") + "/"
            for name in linked.used:
                uses.setdefault(name, []).append((str(page.meta.get("title") or page.url), address))
        if page:
            text = _headed(text, *data_of(page, rendered, language))
        if text != rendered:
            file.write_text(text, encoding="utf-8")
    if glossary:
        text = with_index(glossary.read_text(encoding="utf-8"), terms, uses, language.code)
        data = term_set(terms, str(written[glossary].meta["title"]), language.url + home, language.code)
        glossary.write_text(_headed(text, data), encoding="utf-8")
        _teach_search(folder / INDEX, home, terms)


def _teach_search(index: Path, home: str, terms: Iterable[Term]) -> None:
    """Let the search find entries by the inflected forms that they do not show."""
    forms = {f"{home}#{term.name}": ", ".join(term.forms) for term in terms if term.forms}
    if not forms or not index.is_file():
        return
    found = json.loads(index.read_text(encoding="utf-8"))
    for entry in found["docs"]:
        if entry["location"] in forms:
            entry["text"] += f"<p>{html.escape(forms[entry['location']])}</p>"
    index.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _noted(linked: Linked, language: str) -> str:
    """Add the tooltips that a page needs at the end of its main part."""
    if not linked.noted:
        return linked.html
    before, end, after = linked.html.rpartition(MAIN_END)
    notes = Markup("").join(_note(term, language) for term in linked.noted)
    return f"{before}{piece('term-notes.html', language, notes=notes)}{end}{after}"


@cache
def _note(term: Term, language: str) -> Markup:
    return Markup(piece("term-note.html", language, term=term))  # noqa: S704  a template with autoescape made it


def _headed(page: str, *data: dict[str, object]) -> str:
    """Put linked data into a page's head."""
    blocks = "".join(map(data_block, data))
    return page.replace(HEAD_END, f"{blocks}{HEAD_END}", 1) if blocks else page
