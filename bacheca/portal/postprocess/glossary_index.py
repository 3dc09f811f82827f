"""What the build adds to the glossary's own page: its letters, and under each term the pages that use it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from bacheca.portal.markdown.glossary_aliases import ATTRIBUTES
from bacheca.portal.postprocess.glossary_terms import Term
from bacheca.portal.postprocess.html_tree import Node, Tree, element, nodes_of
from bacheca.portal.postprocess.sections import Section, sections
from bacheca.portal.postprocess.snippets import piece


def add_index(page: Tree, terms: Iterable[Term], uses: Mapping[str, list[tuple[str, str]]], language: str) -> None:
    """Complete the glossary's page.

    Args:
        page: the page.
        terms: its terms.
        uses: title and address of the pages that use each term, by its name.
        language: the language of what is added.
    """
    letters = {term.name: letter_of(term.title) for term in terms}
    first: dict[str, str] = {}
    for name, letter in letters.items():
        first.setdefault(letter, name)
    for number, section in enumerate(list(sections(page))):
        if not number:
            for node in nodes_of(piece("glossary-letters.html", language, letters=sorted(first.items()))):
                section.heading.insert_before(node)
        for name in ATTRIBUTES:
            if f"data-{name}" in section.heading.attrs:
                del section.heading.attrs[f"data-{name}"]
        if section.name in uses:
            for node in reversed(nodes_of(piece("glossary-uses.html", language, pages=uses[section.name]))):
                section.last.insert_after(node)
    for letter, run in groupby(list(sections(page)), key=lambda section: letters.get(section.name, "")):
        if letter:
            _put_together(letter, list(run))


def _put_together(letter: str, run: Iterable[Section]) -> None:
    """Put the terms of a letter into a box, beside the letter, each term in one of its own."""
    listed = element("div", {"class": "glossary-letter__terms"})
    whole: list[Node] = []
    for section in run:
        parts = [section.heading, *section.body]
        one = element("div", {"class": "glossary-term"})
        for part in parts:
            one.insert_child(part)
        listed.insert_child(one)
        whole += parts
    box = element("div", {"class": "glossary-letter"})
    box.insert_child(element("p", {"class": "glossary-letter__name", "aria-hidden": "true"}, letter))
    box.insert_child(listed)
    whole[0].insert_before(box)
    for part in whole:
        part.remove()


def letter_of(title: str) -> str:
    """Give the letter under which a term stands: accents fall, whatever is not a letter stands under #."""
    first = unicodedata.normalize("NFD", title)[:1].upper()
    return first if first.isalpha() else "#"


def term_set(terms: Iterable[Term], title: str, url: str, language: str) -> dict[str, Any]:
    """Give the glossary as linked data, a `DefinedTermSet` of schema.org.

    Args:
        terms: its terms.
        title: its title.
        url: its address.
        language: its language.
    """
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTermSet",
        "@id": url,
        "name": title,
        "url": url,
        "inLanguage": language,
        "hasDefinedTerm": [
            {
                "@type": "DefinedTerm",
                "@id": f"{url}#{term.name}",
                "name": term.title,
                "description": term.definition,
                "url": f"{url}#{term.name}",
                "inDefinedTermSet": url,
                **({"alternateName": list(term.aliases)} if term.aliases else {}),
            }
            for term in terms
        ],
    }
