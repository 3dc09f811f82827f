"""What the build adds to the glossary's own page: an index of letters, and under each term the pages that use it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from bacheca.portal.markdown.glossary import ATTRIBUTES
from bacheca.portal.postprocess.glossary_terms import Term
from bacheca.portal.postprocess.html_tree import Tree, nodes_of
from bacheca.portal.postprocess.sections import sections
from bacheca.portal.postprocess.snippets import piece


def add_index(page: Tree, terms: Iterable[Term], uses: Mapping[str, list[tuple[str, str]]], language: str) -> None:
    """Complete the glossary's page.

    Args:
        page: the page.
        terms: its terms.
        uses: title and address of the pages that use each term, by its name.
        language: the language of what is added.
    """
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(letter_of(term.title), term.name)
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
