"""The terms of a glossary, read from its rendered page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.postprocess.sections import Section, sections

DEFINITION_LIMIT = 200
"""The most characters of a definition in a tooltip; a longer first sentence stays whole."""

SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-ZÀ-Ý«])")


@dataclass(frozen=True)
class Term:
    """A term of the glossary.

    Args:
        name: the `id` of its entry.
        title: the word itself.
        definition: the first sentences of its entry.
        aliases: its other names.
        forms: its inflected forms, which no page shows.
        unlinked: those of its names that lead nowhere.
    """

    name: str
    title: str
    definition: str
    aliases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    unlinked: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that leads to its entry."""
        return tuple(name for name in (self.title, *self.aliases, *self.forms) if name.lower() not in self.unlinked)


def read_terms(page: Tree) -> list[Term]:
    """Read the terms of a glossary's page: every heading of the second level is one."""
    return [_term(section) for section in sections(page)]


def _term(section: Section) -> Term:
    def listed(name: str) -> tuple[str, ...]:
        written = section.attributes.get(f"data-{name}", "")
        return tuple(part.strip() for part in written.split(",") if part.strip())

    unlinked = frozenset(name.lower() for name in listed("unlinked"))
    first = next(iter(section.paragraphs), "")
    return Term(section.name, section.title, _short(first), listed("aliases"), listed("forms"), unlinked)


def _short(text: str) -> str:
    """Keep the first sentences, as many as fit."""
    kept, *rest = SENTENCE.split(text)
    for sentence in rest:
        if len(kept) + len(sentence) >= DEFINITION_LIMIT:
            break
        kept += f" {sentence}"
    return kept
