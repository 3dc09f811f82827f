"""The first use of each glossary term on a page, turned into a link with a tooltip; a few are told in the margin too.

Words are looked up in one dictionary, so that the time a page takes does not grow with the number of terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from bacheca.portal.postprocess.glossary_terms import Term
from bacheca.portal.postprocess.html_tree import Node, Tree, element

WORD = re.compile(r"\w+")
BEFORE = frozenset("@#.-")
AFTER = re.compile(r"(?![\w@]|[-.]\w)")
"""No name begins or ends inside a word, a compound or an address."""

QUIET = frozenset(
    (
        *("a", "abbr", "button", "code", "dfn", "form", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label", "math"),
        *("nav", "pre", "samp", "script", "select", "style", "summary", "svg", "template", "textarea", "th", "title"),
    )
)
"""Elements in which nothing is linked."""

QUIET_MARKS = frozenset(("lang", "data-search-exclude"))
QUIET_CLASSES = frozenset(("admonition-title", "no-terms", "eyebrow"))
"""Attributes and classes of other elements in which nothing is linked: other languages, forms and results, titles."""

MARGINS = "page-text--margins"
"""The class of a text that has margins where there is room."""

LINES = frozenset(("p", "li", "dd"))
AROUND_WORDS, AROUND_LINES = frozenset(("b", "em", "i", "mark", "q", "span", "strong")), LINES | {"ul", "ol", "dl"}
"""What a note may stand beside, and what may stand around the word and around the line: in anything else (boxes,
tables, quotations) the margin is not beside it."""

MOST, APART, NEAR = 5, 600, 2
"""How many notes a page has in its margin, how many characters of the text lie between two, and how many paragraphs
between one and an editor's own, so that none is pushed far down from the line that it serves."""

APOSTROPHE = re.compile("['’]")


@dataclass(frozen=True)
class Linked:
    """The terms of a page that were linked.

    Args:
        noted: the terms whose tooltips it needs, in the order of their first use.
        used: every term it uses or leads to.
        beside: those of the noted terms that the margin tells of, each with the paragraph or the item it stands in.
    """

    noted: tuple[Term, ...]
    used: frozenset[str]
    beside: tuple[tuple[Node, Term], ...] = ()


@dataclass(frozen=True)
class Matcher:
    """What finds terms in text.

    Args:
        terms: the terms.
    """

    terms: tuple[Term, ...]

    @cached_property
    def names(self) -> dict[str, list[tuple[str, Term]]]:
        """The names by their first word in small letters, the longest first."""
        found: dict[str, list[tuple[str, Term]]] = {}
        for term in self.terms:
            for name in term.names:
                word = WORD.search(name)
                if word:
                    found.setdefault(word[0].lower(), []).append((name[word.start() :], term))
        return {word: sorted(names, key=lambda pair: -len(pair[0])) for word, names in found.items()}

    @cached_property
    def by_name(self) -> dict[str, Term]:
        """The terms by the `id` of their entry."""
        return {term.name: term for term in self.terms}

    def uses(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Give where terms stand in a text: start, end, term."""
        done = 0
        names = self.names
        if names.keys().isdisjoint(map(str.lower, WORD.findall(text))):  # of most texts that is all there is to ask
            return
        for word in WORD.finditer(text):
            candidates = names.get(word[0].lower())
            start = word.start()
            if candidates is None or start < done or text[start - 1 : start] in BEFORE:
                continue
            for name, term in candidates:
                found = word if name.isalnum() else _pattern(name).match(text, start)
                if found and AFTER.match(text, found.end()):
                    done = found.end()
                    yield start, done, term
                    break


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Make what finds a name of several words: only names whose first word is met ever need it."""
    parts = (APOSTROPHE.sub("['’]", re.escape(part)) for part in name.split())
    return re.compile(r"\s+".join(parts), re.IGNORECASE)


def link_terms(page: Tree, matcher: Matcher, glossary: str) -> Linked:
    """Link the first use of each term in the main part of a page.

    Args:
        page: the page.
        matcher: the terms.
        glossary: the glossary's address, as seen from the page.

    Returns:
        The terms it uses. Tooltips are named `term-ID`; they are for the caller to add.
    """
    noted: dict[str, Term] = {}
    used: set[str] = set()
    beside: list[tuple[Node, Term]] = []
    main = page.css_first("main")
    read, last = 0, -APART
    for node in _spoken(main) if main else ():
        known, around, here = len(noted), node.parent, read
        if node.is_text_node:
            read += len(node.text_content or "")
            _link(node, matcher, glossary, noted, used)
        else:
            _lead(node, matcher, glossary, noted, used)
        if len(noted) > known and len(beside) < MOST and here - last >= APART:
            line = _line(around)
            if line is not None:
                beside.append((line, list(noted.values())[known]))
                last = here
    return Linked(tuple(noted.values()), frozenset(used), tuple(beside))


def _line(around: Node | None) -> Node | None:
    """Give the paragraph or the item of a text with margins that a word stands in; none where that is no plain one."""
    line, block = None, around
    while around is not None and MARGINS not in _classes(around):
        if line is None and around.tag in LINES:
            line = around
        if around.tag not in (AROUND_WORDS if line is None else AROUND_LINES) or (
            line is not None and around.attributes
        ):
            return None
        around, block = around.parent, around
    return line if around is not None and block is not None and not _has_note(block) else None


def _has_note(block: Node) -> bool:
    """Tell whether a note that an editor put into the margin stands near a part of a text."""
    for way in ("prev", "next"):
        node: Node | None = getattr(block, way)
        left = NEAR
        while node is not None and left:
            if node.is_element_node:
                left -= 1
                if "inline" in _classes(node):
                    return True
            node = getattr(node, way)
    return False


def _classes(node: Node) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _spoken(main: Node) -> Iterator[Node]:
    """Give the texts in which terms may be linked, and the links that editors made, in their order."""
    waiting = [main]
    while waiting:
        node = waiting.pop()
        if node.is_text_node:
            yield node
        elif node.is_element_node:
            if node.tag == "a":
                yield node
            if not _is_quiet(node):
                waiting += reversed(list(node.iter(include_text=True)))


def _is_quiet(node: Node) -> bool:
    quiet = bool(QUIET_CLASSES & set(_classes(node)) or QUIET_MARKS & node.attributes.keys())
    return quiet or node.tag in QUIET


def _link(node: Node, matcher: Matcher, glossary: str, noted: dict[str, Term], used: set[str]) -> None:
    text = node.text_content or ""
    done = 0
    for start, end, term in matcher.uses(text):
        used.add(term.name)
        if term.name in noted:
            continue
        noted[term.name] = term
        node.insert_before(text[done:start])
        attributes = {"class": "term", "href": f"{glossary}#{term.name}", "aria-describedby": f"term-{term.name}"}
        node.insert_before(element("a", attributes, text[start:end]))
        done = end
    if done:
        node.insert_before(text[done:])
        node.remove()


def _lead(link: Node, matcher: Matcher, glossary: str, noted: dict[str, Term], used: set[str]) -> None:
    """Make a link of an editor the tooltip of the entry it leads to, when it is the first."""
    address, _, name = (link.attributes.get("href") or "").partition("#")
    term = matcher.by_name.get(name) if address == glossary else None
    if term is None:
        return
    used.add(name)
    if name not in noted and "class" not in link.attributes:
        noted[name] = term
        link.attrs["class"] = "term"
        link.attrs["aria-describedby"] = f"term-{name}"
