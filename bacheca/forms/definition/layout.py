"""The order of a form on its page: sections, and in them questions and matrices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bacheca.forms.asking.conditions import Condition
from bacheca.forms.definition.form import Form
from bacheca.forms.kinds import Field


@dataclass(frozen=True)
class Group:
    """One question, or the rows of one matrix."""

    fields: tuple[Field, ...]

    @property
    def first(self) -> Field:
        """The question, or the first row, which has the words of the whole matrix."""
        return self.fields[0]

    @property
    def is_matrix(self) -> bool:
        """Whether it is shown as a table of radios."""
        return bool(self.first.matrix)


@dataclass(frozen=True)
class Section:
    """What stands under one heading.

    Args:
        opened_by: the field that bears the heading; None for what comes before the first one.
        groups: the questions.
    """

    opened_by: Field | None
    groups: tuple[Group, ...]

    @property
    def condition(self) -> Condition | None:
        """When it is shown; None where it always is."""
        return self.opened_by.within if self.opened_by else None

    @property
    def name(self) -> str:
        """The name of its first field, by which a page says which section it means."""
        return self.groups[0].first.name

    @property
    def fields(self) -> tuple[Field, ...]:
        """All that it asks, in order."""
        return tuple(field for group in self.groups for field in group.fields)


def sections_of(form: Form) -> tuple[Section, ...]:
    """Divide a form into its sections; one without any has a single section without a heading."""
    sections: list[tuple[Field | None, list[Group]]] = [(None, [])]
    for group in _groups(form):
        nothing_asked = not any(field.asks for earlier in sections[-1][1] for field in earlier.fields)
        if group.first.opens_section and sections[-1][0] is None and nothing_asked:
            sections[-1] = (group.first, sections[-1][1])
        elif group.first.opens_section:
            sections.append((group.first, []))
        sections[-1][1].append(group)
    return tuple(Section(opener, tuple(groups)) for opener, groups in sections)


def _groups(form: Form) -> Iterator[Group]:
    for (matrix, _alone), fields in groupby(form.fields, lambda f: (f.matrix, "" if f.matrix else f.name)):
        rows = tuple(fields)
        yield from [Group(rows)] if matrix else [Group((field,)) for field in rows]
