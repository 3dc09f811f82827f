"""The first use of each glossary term on a page, turned into a link with a tooltip.

Words are looked up in one dictionary, so that the time a page takes does not grow with the number of terms.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from bacheca.portal.postprocess.glossary_terms import Term

MAIN, MAIN_END = "<main", "</main>"
PIECE = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|[^<]+|<", re.DOTALL)
WORD = re.compile(r"\w+")
BEFORE = frozenset("&@#.-")
AFTER = re.compile(r"(?![\w@]|[-.]\w)")
"""No name begins or ends inside a word, a compound or an address."""

QUIET = re.compile(
    r"a|abbr|button|code|dfn|form|h[1-6]|kbd|label|math|nav|pre|samp|script|select|style|summary|svg|template|textarea"
    r"|th|title"
)
"""Elements in which nothing is linked."""

QUIET_MARK = re.compile(
    r"""\slang=|\sdata-search-exclude|\sclass=["'][^"']*\b(?:admonition-title|no-terms|eyebrow)\b"""
)
"""Attributes of other elements in which nothing is linked: another language, forms and results, titles."""

VOID = re.compile(r"area|br|col|embed|hr|img|input|link|meta|source|track|wbr")
APOSTROPHE = re.compile("['’]")
HREF = re.compile(r'\shref="([^"]*)"')


@dataclass(frozen=True)
class Linked:
    """A page whose terms are linked.

    Args:
        html: the page.
        noted: the terms whose tooltips it needs, in the order of their first use.
        used: every term it uses or leads to.
    """

    html: str
    noted: tuple[Term, ...]
    used: frozenset[str]


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
                written = html.escape(name, quote=False)
                word = WORD.search(written)
                if word:
                    found.setdefault(word[0].lower(), []).append((written[word.start() :], term))
        return {word: sorted(names, key=lambda pair: -len(pair[0])) for word, names in found.items()}

    @cached_property
    def by_name(self) -> dict[str, Term]:
        """The terms by the `id` of their entry."""
        return {term.name: term for term in self.terms}

    def uses(self, text: str) -> Iterator[tuple[int, int, Term]]:
        """Give where terms stand in a text: start, end, term."""
        done = 0
        names = self.names
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
    return re.compile(r"(?:\s|&nbsp;)+".join(parts), re.IGNORECASE)


def link_terms(page: str, matcher: Matcher, glossary: str) -> Linked:
    """Link the first use of each term in the main part of a page.

    Args:
        page: the page's HTML.
        matcher: the terms.
        glossary: the glossary's address, as seen from the page.

    Returns:
        The page, and the terms it uses. Tooltips are named `term-ID`; they are for the caller to add.
    """
    start, end = page.find(MAIN), page.rfind(MAIN_END)
    if not 0 <= start < end:
        return Linked(page, (), frozenset())
    noted: dict[str, Term] = {}
    used: set[str] = set()
    pieces: list[str] = []
    quiet, depth = "", 0
    for piece in PIECE.finditer(page, start, end):
        text, tag = piece[0], (piece[2] or "").lower()
        if quiet:
            depth += 0 if tag != quiet else -1 if piece[1] else 1
            quiet = quiet if depth else ""
        elif tag:
            if tag == "a" and not piece[1]:
                text = _leading(text, matcher, glossary, noted, used)
            if not piece[1] and _is_quiet(tag, piece[3]):
                quiet, depth = tag, 1
        elif not text.isspace() and text[0] != "<":
            text = _linked(text, matcher, glossary, noted, used)
        pieces.append(text)
    linked = page[:start] + "".join(pieces) + page[end:]
    return Linked(linked, tuple(noted.values()), frozenset(used))


def _is_quiet(tag: str, attributes: str) -> bool:
    if QUIET.fullmatch(tag):
        return True
    return bool(attributes) and not VOID.fullmatch(tag) and bool(QUIET_MARK.search(attributes))


def _linked(text: str, matcher: Matcher, glossary: str, noted: dict[str, Term], used: set[str]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, term in matcher.uses(text):
        used.add(term.name)
        if term.name in noted:
            continue
        noted[term.name] = term
        link = f'<a class="term" href="{glossary}#{html.escape(term.name)}" aria-describedby="term-{term.name}">'
        parts += text[done:start], link, text[start:end], "</a>"
        done = end
    return "".join((*parts, text[done:])) if parts else text


def _leading(tag: str, matcher: Matcher, glossary: str, noted: dict[str, Term], used: set[str]) -> str:
    """Give a link that an editor made the tooltip of the entry it leads to, when it is the first."""
    address, _, name = (HREF.search(tag) or ("", ""))[1].partition("#")
    term = matcher.by_name.get(name) if address == glossary else None
    if term is None:
        return tag
    used.add(name)
    if name in noted or "class=" in tag:
        return tag
    noted[name] = term
    return f'{tag[:-1]} class="term" aria-describedby="term-{name}">'
