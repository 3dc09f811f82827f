"""What is done to rendered pages before they are published.

Each page is read once, changed as a tree by one transform after the other, and written once.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from markupsafe import Markup

from bacheca.portal.content.pages import Page
from bacheca.portal.postprocess.fingerprints import Names
from bacheca.portal.postprocess.glossary_index import add_index, term_set
from bacheca.portal.postprocess.glossary_links import Linked, Matcher, link_terms
from bacheca.portal.postprocess.glossary_terms import Term, read_terms
from bacheca.portal.postprocess.html_tree import Tree, element, nodes_of, read_tree, wrap, written
from bacheca.portal.postprocess.json_ld import data_of
from bacheca.portal.postprocess.page_shell import make_shell
from bacheca.portal.postprocess.snippets import piece
from bacheca.portal.postprocess.unused_css import ThemeStyles
from bacheca.portal.settings import Language

NOT_FOUND, SHELL = "404.html", "shell.html"
INDEX = "search/search_index.json"
DIAGRAM = "pre.mermaid"
GLOSSARY = "glossary"
"""The translation key of the glossary's page, in every language."""


def dress(
    language: Language,
    pages: Iterable[Page],
    folder: Path,
    inner: Iterable[Path] = (),
    names: Names | None = None,
) -> list[str]:
    """Complete the rendered pages of a language, in place, and make the shell of the page for missing addresses.

    Args:
        language: the language.
        pages: the pages that editors wrote in it.
        folder: where they were rendered.
        inner: folders of other languages inside that one.
        names: the new names of assets; None where a preview keeps their names and all of the theme's style.

    Returns:
        The addresses of the pages that search engines may show, as the pages say them.

    Raises:
        RenderFailed: the page for missing addresses lacks its marks.
    """
    by_file = {folder / page.destination: page for page in pages}
    inner = tuple(inner)
    files = sorted(file for file in folder.rglob("*.html") if not any(map(file.is_relative_to, inner)))
    styles = ThemeStyles(folder)
    glossary = Glossary(language, folder, by_file)
    done: dict[Path, str] = {}
    diagrams = False
    shown: list[str] = []
    for file, tree in _read(files, last=glossary.file):
        before = written(tree)
        shown += addresses_of(tree)
        diagrams = diagrams or tree.css_first(DIAGRAM) is not None
        page = by_file.get(file)
        for change in (put_under_title, box_tables, hide_toggles, drop_palettes, delay_engine):
            change(tree)
        data = list(data_of(page, tree, language)) if page else []
        if page and file == glossary.file:
            data.append(glossary.complete(tree))
        elif page:
            glossary.link(tree, page)
        add_data(tree, *data)
        if names:
            styles.see(tree)
            names.rename_in(tree, file)
        after = written(tree)
        if after != before:  # what an editor gave as a whole page keeps its every byte
            done[file] = after
    if not diagrams:
        drop_diagrams(folder)
    if names:
        styles.write()
    for file, text in done.items():
        file.write_text(styles.named_in(text), encoding="utf-8")
    glossary.teach_search(folder / INDEX)
    return shown


def _read(files: Iterable[Path], last: Path | None) -> Iterator[tuple[Path, Tree]]:
    """Read pages, and make the shell beside the page for missing addresses."""
    for file in sorted(files, key=lambda file: file == last):
        try:
            tree = read_tree(file)
        except UnicodeDecodeError:
            continue  # `verify` says so
        if file.name == NOT_FOUND:
            shell = tree.clone()
            make_shell(shell)
            file.with_name(SHELL).touch()
            yield file.with_name(SHELL), shell
        yield file, tree


def addresses_of(tree: Tree) -> list[str]:
    """Give the address of a page, as it says itself; none where it keeps search engines out."""
    robots = " ".join(meta.attributes.get("content") or "" for meta in tree.css('meta[name="robots"]')).lower()
    kept_out = {"noindex", "none"} & set(robots.replace(",", " ").split())
    return [] if kept_out else [link.attributes["href"] or "" for link in tree.css('link[rel="canonical"][href]')]


def drop_diagrams(folder: Path) -> None:
    """Take out what draws diagrams, where no page of a language has any: it weighs more than all the rest."""
    for name in ("mermaid.*", "diagrams.*"):
        for file in (folder / "assets/javascripts").glob(name):
            file.unlink()


def put_under_title(tree: Tree) -> None:
    """Move what stands under a page's title, its contents among it, from before the text to behind the first title."""
    box = tree.css_first("#under-title")
    if box is None or box.parent is None:
        return
    title = box.parent.css_first("h1")
    for node in reversed(list(box.iter(include_text=True))):
        (title or box).insert_after(node)
    box.remove()


def box_tables(tree: Tree) -> None:
    """Put tables into boxes that scroll where a phone is too narrow, so that nothing moves as the page loads.

    Those of forms and results have a class, and their own ways.
    """
    for table in tree.css("table"):
        if not table.attributes:
            wrap(table, "md-typeset__scrollwrap", "md-typeset__table")


def hide_toggles(tree: Tree) -> None:
    """Hide the boxes that the theme's script ticks and nobody sees.

    HTML knows no `autocomplete` of boxes: `page.js` empties them.
    """
    for box in tree.css("input.md-toggle[autocomplete]"):
        del box.attrs["autocomplete"]
        box.attrs["hidden"] = ""


def drop_palettes(tree: Tree) -> None:
    """Take out Material's palettes: `tokens.css` says every colour."""
    for link in tree.css('link[rel="stylesheet"][href]'):
        if posixpath.basename(link.attributes["href"] or "").startswith("palette."):
            link.remove()


def delay_engine(tree: Tree) -> None:
    """Keep Material's script from loading: `page.js` fetches it when the search is asked for."""
    for script in tree.css("script[src]"):
        name = posixpath.basename(script.attributes["src"] or "")
        if name.startswith("bundle.") and name.endswith(".min.js"):
            script.attrs["type"] = "text/plain"
            script.attrs["id"] = "engine"


def add_data(tree: Tree, *data: dict[str, object]) -> None:
    """Put linked data into a page's head: browsers do not run it, so no policy stops it."""
    for said in data:
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")  # no tag can end it
        if tree.head:
            tree.head.insert_child(element("script", {"type": "application/ld+json"}, text))


class Glossary:
    """The glossary of a language: its terms, and which pages use them.

    Args:
        language: the language.
        folder: where its pages were rendered.
        pages: the pages that editors wrote, by their files.
    """

    def __init__(self, language: Language, folder: Path, pages: dict[Path, Page]):
        self._language = language
        self.file = next((file for file, page in pages.items() if page.key == GLOSSARY and file.is_file()), None)
        self._page = pages[self.file] if self.file else None
        self._terms = read_terms(read_tree(self.file)) if self.file else []
        self._matcher = Matcher(tuple(self._terms))
        self._uses: dict[str, list[tuple[str, str]]] = {}

    def link(self, tree: Tree, page: Page) -> None:
        """Link the terms that a page uses, and remember that it does."""
        if not self._page:
            return
        linked = link_terms(tree, self._matcher, page.way_to(self._page))
        _add_notes(tree, linked, self._language.code)
        for name in linked.used:
            title = str(page.meta.get("title") or page.url)
            self._uses.setdefault(name, []).append((title, self._page.way_to(page)))

    def complete(self, tree: Tree) -> dict[str, object]:
        """Complete the glossary's own page, the last of all, and give its linked data."""
        assert self._page  # noqa: S101  it is its page that is completed
        add_index(tree, self._terms, self._uses, self._language.code)
        url = self._language.url + self._page.url
        return term_set(self._terms, str(self._page.meta["title"]), url, self._language.code)

    def teach_search(self, index: Path) -> None:
        """Let the search find entries by the inflected forms that they do not show."""
        home = self._page.url if self._page else ""
        forms = {f"{home}#{term.name}": ", ".join(term.forms) for term in self._terms if term.forms}
        if not forms or not index.is_file():
            return
        found = json.loads(index.read_text(encoding="utf-8"))
        for entry in found["docs"]:
            if entry["location"] in forms:
                entry["text"] += element("p", {}, forms[entry["location"]]).html or ""
        index.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _add_notes(tree: Tree, linked: Linked, language: str) -> None:
    """Add the tooltips that a page needs at the end of its main part."""
    main = tree.css_first("main")
    if main and linked.noted:
        notes = Markup("").join(_note(term, language) for term in linked.noted)
        for node in nodes_of(piece("term-notes.html", language, notes=notes)):
            main.insert_child(node)


@cache
def _note(term: Term, language: str) -> Markup:
    return Markup(piece("term-note.html", language, term=term))  # noqa: S704  a template with autoescape made it
