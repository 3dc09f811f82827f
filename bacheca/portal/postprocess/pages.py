"""What is done to a rendered page before it is published, and whether the sitemap names it.

A page is read once, changed as a tree by one transform after the other, and written once. What becomes of it depends
on nothing but what `dress_page` is given: it can be kept for the next build, and pages can be dressed side by side.
"""

from __future__ import annotations

import io
import json
import posixpath
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markupsafe import Markup

from bacheca.portal.images.covers import cover
from bacheca.portal.images.renditions import Renditions
from bacheca.portal.images.scenes import DRAWN, scene
from bacheca.portal.postprocess.fingerprints import Names
from bacheca.portal.postprocess.glossary_index import add_index, term_set
from bacheca.portal.postprocess.glossary_links import Linked, Matcher, link_terms
from bacheca.portal.postprocess.glossary_terms import Term
from bacheca.portal.postprocess.html_tree import Node, Tree, element, nodes_of, wrap, written
from bacheca.portal.postprocess.json_ld import questions
from bacheca.portal.postprocess.page_shell import make_shell
from bacheca.portal.postprocess.pictures import show_renditions
from bacheca.portal.postprocess.references import References, Target, target_of
from bacheca.portal.postprocess.snippets import piece
from bacheca.portal.postprocess.unused_css import classes_of, name_slim

DIAGRAM = "pre.mermaid"
GLOSSARY = "glossary"
"""The translation key of the glossary's page, in every language."""


@dataclass(frozen=True)
class Rendered:
    """A page as the engine left it, with what it is to say besides.

    Args:
        path: where it stands in the site.
        html: what it holds.
        glossary: the address of the glossary as seen from it; None where no term is linked.
        data: its linked data, as far as its front matter tells it.
        questions: its address, where its sections are questions and answers; else empty.
        index: what its own page says of the glossary; None for every other page.
        is_shell: whether the shell is to be made of it.
        pictures: the renditions of the pictures that it shows, by where those stand in the site.
    """

    path: str
    html: bytes
    glossary: str | None = None
    data: tuple[Mapping[str, Any], ...] = ()
    questions: str = ""
    index: Index | None = None
    is_shell: bool = False
    pictures: Mapping[str, Renditions] = field(default_factory=dict)


@dataclass(frozen=True)
class Index:
    """What the glossary's own page says of the others.

    Args:
        title: the page's title.
        url: its address.
        uses: title and address, as seen from it, of the pages that use each term, by its name.
    """

    title: str
    url: str
    uses: Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Surroundings:
    """What all pages of a language are dressed with.

    Args:
        language: the code of the language.
        names: the new names of assets.
        terms: the terms of the glossary.
        sheet: the name of the theme's style sheet, of which only a part will be left; empty where all of it stays.
    """

    language: str
    names: Names
    terms: tuple[Term, ...] = ()
    sheet: str = ""
    matcher: Matcher = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make what finds the terms once for all pages."""
        object.__setattr__(self, "matcher", Matcher(self.terms))


@dataclass(frozen=True)
class Dressed:
    """A page as it is to be published.

    Args:
        parts: what it holds, in the parts between which the name of the theme's style sheet is to stand.
        indexable: its address, as it says itself; none where it keeps search engines out, and so of the sitemap.
        uses: the terms that it uses or leads to, by their names, sorted.
        classes: the classes of the theme's parts that it has, sorted.
        has_diagram: whether it has a diagram.
        targets: where its references lead, those to names of its own that it has left out.
        names: the names that others can refer to, sorted.
        fault: why it is no page that could be read; empty for one that can.
    """

    parts: tuple[bytes, ...]
    indexable: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    has_diagram: bool = False
    targets: tuple[Target, ...] = ()
    names: tuple[str, ...] = ()
    fault: str = ""


def dress_page(page: Rendered, around: Surroundings) -> Dressed:
    """Complete a page.

    Raises:
        RenderFailed: the page for missing addresses lacks the marks that the shell needs.
    """
    try:
        text = io.TextIOWrapper(io.BytesIO(page.html), encoding="utf-8").read()  # with its line ends, as files are read
    except UnicodeDecodeError as error:
        return Dressed((page.html,), fault=str(error))
    tree = Tree(text)
    if page.is_shell:
        make_shell(tree)
    before = "" if page.is_shell else tree.html
    indexable = indexable_addresses(tree)
    has_diagram = tree.css_first(DIAGRAM) is not None
    for change in (put_under_title, draw, box_tables, hide_toggles, drop_palettes):
        change(tree)
    show_renditions(tree, page.path, around.names.url, page.pictures)
    data = [questions(tree, page.questions, around.language)] if page.questions else []
    data += map(dict, page.data)
    uses: Iterable[str] = ()
    if page.index:
        add_index(tree, around.terms, page.index.uses, around.language)
        data.append(term_set(around.terms, page.index.title, page.index.url, around.language))
    elif page.glossary is not None:
        linked = link_terms(tree, around.matcher, page.glossary)
        _add_notes(tree, linked, page.glossary, around.language)
        uses = linked.used
    add_data(tree, *data)
    # Which part of the theme's styles is left, and so its name, is known when all pages are: until then it is called by
    # what nobody can have written.
    mark = f"{secrets.token_hex(16)}.css"
    if around.sheet:
        name_slim(tree, around.sheet, mark)
    fault = ""
    try:
        references = around.names.rename_in(tree, page.path)
    except (ValueError, RecursionError) as error:
        references, fault = References(()), _reason(error)
    # What an editor gave as a whole page keeps its every byte.
    parts = (page.html,) if tree.html == before else tuple(part.encode() for part in written(tree).split(mark))
    return Dressed(
        parts,
        tuple(indexable),
        tuple(sorted(uses)),
        tuple(sorted(set(classes_of(tree)))),
        has_diagram,
        tuple(_targets(page.path, references, around.names.url, mark)),
        tuple(sorted(references.names)),
        fault,
    )


def _targets(path: str, references: References, url: str, mark: str) -> Iterable[Target]:
    own = (path, path.removesuffix("index.html"), path.removesuffix("/index.html"))
    names = references.names | {"", "top"}
    found: dict[Target, None] = {}
    for address in references.addresses:
        target = target_of(path, address, url)
        if target is None or (target.kind == "site" and target.path in own and target.name in names):
            continue
        if target.path.endswith(mark):
            target = Target("styles", target.path.removesuffix(mark))
        found[target] = None
    return found


def _reason(error: Exception) -> str:
    return str(error).replace("\n", " ")[:200]


def indexable_addresses(tree: Tree) -> list[str]:
    """Give the address of a page, as it says itself; none where it keeps search engines out, and so of the sitemap."""
    robots = " ".join(meta.attributes.get("content") or "" for meta in tree.css('meta[name="robots"]')).lower()
    kept_out = {"noindex", "none"} & set(robots.replace(",", " ").split())
    return [] if kept_out else [link.attributes["href"] or "" for link in tree.css('link[rel="canonical"][href]')]


def put_under_title(tree: Tree) -> None:
    """Move what stands under a page's title, its contents among it, from before the text to behind the first title."""
    box = tree.css_first("#under-title")
    if box is None or box.parent is None:
        return
    title = box.parent.css_first("h1")
    for node in reversed(list(box.iter(include_text=True))):
        (title or box).insert_after(node)
    box.remove()


def draw(tree: Tree) -> None:
    """Put drawings in the place of the boxes that ask for one: a cover by shape, topic and address; a scene by name."""
    for box in tree.css("[data-cover]"):
        name = _attribute(box, "data-name").rstrip("/").rpartition("/")[2]
        _put(box, cover(_attribute(box, "data-topic"), name, _attribute(box, "data-cover")))
    for box in tree.css("[data-scene]"):
        if (name := _attribute(box, "data-scene")) in DRAWN:
            _put(box, scene(name))


def _attribute(box: Node, name: str) -> str:
    return box.attributes.get(name) or ""


def _put(box: Node, drawing: str) -> None:
    for node in nodes_of(drawing):
        box.insert_before(node)
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


def add_data(tree: Tree, *data: dict[str, object]) -> None:
    """Put linked data into a page's head: browsers do not run it, so no policy stops it."""
    for said in data:
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")  # no tag can end it
        if tree.head:
            tree.head.insert_child(element("script", {"type": "application/ld+json"}, text))


def _add_notes(tree: Tree, linked: Linked, glossary: str, language: str) -> None:
    """Add the tooltips that a page needs at the end of its main part, and the notes of its margin."""
    for line, term in linked.beside:
        first = line if line.tag == "p" else line.first_child or line
        for node in nodes_of(piece("term-margin.html", language, term=term, glossary=glossary)):
            first.insert_before(node)
    main = tree.css_first("main")
    if main and linked.noted:
        notes = Markup("").join(_note(term, language) for term in linked.noted)
        for node in nodes_of(piece("term-notes.html", language, notes=notes)):
            main.insert_child(node)


@cache
def _note(term: Term, language: str) -> Markup:
    return Markup(piece("term-note.html", language, term=term))  # noqa: S704  a template with autoescape made it
