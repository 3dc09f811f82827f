"""What the build adds to the glossary's own page: an index of letters, and under each term the pages that use it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from bacheca.portal.markdown.glossary import ATTRIBUTES
from bacheca.portal.postprocess.glossary_terms import Term
from bacheca.portal.postprocess.sections import sections
from bacheca.portal.postprocess.snippets import piece

FOR_THE_BUILD = re.compile(rf' data-(?:{"|".join(ATTRIBUTES)})="[^"]*"')


def with_index(page: str, terms: Iterable[Term], uses: Mapping[str, list[tuple[str, str]]], language: str) -> str:
    """Complete the glossary's page.

    Args:
        page: its HTML.
        terms: its terms.
        uses: title and address of the pages that use each term, by its name.
        language: the language of what is added.
    """
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(letter_of(term.title), term.name)
    letters = piece("glossary-letters.html", language, letters=sorted(first.items()))
    parts: list[str] = []
    done = 0
    for number, section in enumerate(sections(page)):
        parts.append(page[done : section.start])
        if not number:
            parts.append(letters)
        parts.append(FOR_THE_BUILD.sub("", page[section.start : section.end]))
        if section.name in uses:
            parts.append(piece("glossary-uses.html", language, pages=uses[section.name]))
        done = section.end
    return "".join((*parts, page[done:]))


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
