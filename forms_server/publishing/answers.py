"""What was answered to a form as people read it: in words, and what is personal only where it may be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

from bacheca.forms import Form, form_of_source
from bacheca.forms.asking.conditions import comparisons_of
from bacheca.forms.kinds import Field
from bacheca.forms.submission.redaction import suggest
from forms_server.store import FormVersion, StoredResponse


class Shown(Enum):
    """What stands where an answer may."""

    SAID = "said"
    NOTHING = "nothing"
    """There is no answer."""
    NOT_ASKED = "not asked"
    """The question was not shown, or is not in the version that was answered."""
    SEALED = "sealed"
    """Only a key opens it."""
    HIDDEN = "hidden"
    """It is personal, and was not opened."""


@dataclass(frozen=True)
class Said:
    """An answer as it is shown: what it is, and its words where there are any."""

    shown: Shown
    words: str = ""


class Answers:
    """The questions of a form, in all its versions, and what was answered to them.

    Args:
        form: the form as it is now, or was last.
        versions: every version that was registered.
    """

    def __init__(self, form: Form, versions: Collection[FormVersion]):
        self.form = form
        self._versions = {version.version: _form(version.definition) for version in versions} | {form.version: form}

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The questions by name: those of today, then those that were asked once, each as it was asked last."""
        asked = [self.form, *reversed(self._versions.values())]
        found = {field.name: field for form in reversed(asked) for field in form.fields}
        order = dict.fromkeys(field.name for form in asked for field in form.fields)
        return {name: found[name] for name in order}

    @cached_property
    def personal(self) -> frozenset[str]:
        """The names of those that are personal, in whichever version: a promise of one holds for all."""
        return personal_fields(self._versions.values())

    @cached_property
    def sealed(self) -> frozenset[str]:
        """The names of those that are sealed now."""
        return self.form.sealed_fields

    @property
    def closed(self) -> list[str]:
        """The names of those that somebody has to open: what is sealed stays so anyway."""
        return [name for name in self.fields if name in self.personal and name not in self.sealed]

    def language(self, wanted: str) -> str:
        """Give the language in which the form speaks to somebody."""
        return self.form.spoken(wanted)

    def title(self, name: str, language: str) -> str:
        """Give the words of a question."""
        words = self.fields[name].words
        return next(said.title for said in (words.get(language), *words.values()) if said)

    def choices(self, name: str, language: str) -> dict[str, str]:
        """Give the choices of a question by code, in words; nothing where it has none."""
        field = self.fields[name]
        codes = field.offered or field.options
        return {code: field.label(code, language) for code in codes if code and field.cells_of(code)}

    def texts(self, opened: bool) -> tuple[str, ...]:
        """Name the columns that hold people's own words, of the questions that may be read."""
        return tuple(
            column
            for name, field in self.fields.items()
            if opened or name not in self.personal
            for column in _texts(field)
        )

    @cached_property
    def redacted(self) -> bool:
        """Whether something may be left out of what is shown unopened, since people said it in their own words."""
        return any(own_words(field) for name, field in self.fields.items() if name not in self.personal)

    def seen(self, opened: bool) -> Callable[[Mapping[str, str], str], Mapping[str, str]]:
        """Give what makes of the cells of a response, and its language, those that may be read."""

        def part(cells: Mapping[str, str], language: str) -> Mapping[str, str]:
            for field in () if opened else self.fields.values():
                cells = redacted(field, cells, language)
            return cells

        return part

    def said(self, stored: StoredResponse, name: str, language: str, *, opened: bool) -> Said:
        """Say what somebody answered to a question.

        Args:
            stored: the response.
            name: the question.
            language: the language in which to say it, where the form is written in it.
            opened: whether personal answers may be read.
        """
        form = self._versions[stored.version]
        field = form.fields_by_name.get(name)
        if field is None:
            return Said(Shown.NOT_ASKED)
        if stored.sealed and name in form.sealed_beside(stored.answers):
            return Said(Shown.SEALED)
        if name in self.personal and not opened:
            return Said(Shown.HIDDEN)
        if not field.was_shown(stored.answers):
            return Said(Shown.NOT_ASKED)
        cells = stored.answers if opened else redacted(field, stored.answers, stored.language)
        words = field.show(cells, form.spoken(language))
        return Said(Shown.SAID, words) if words else Said(Shown.NOTHING)


def own_words(field: Field) -> tuple[str, ...]:
    """Name the columns of a question that hold what people said in their own words."""
    said = field.privacy_unless_said == "free-text"
    return tuple(name for name in _texts(field) if said or name == field.other_name)


def redacted(field: Field, cells: Mapping[str, str], language: str) -> dict[str, str]:
    """Give the cells of a response with what may tell who somebody is left out of the own words of a question.

    Args:
        field: the question.
        cells: the cells.
        language: the language of the response.
    """
    words = {name: cells[name] for name in own_words(field) if cells.get(name, "") not in field.missing}
    return {**cells, **{name: suggest(text, field.country, language) for name, text in words.items()}}


def _texts(field: Field) -> tuple[str, ...]:
    chosen = bool(field.offered or field.options)
    texts = (column.name for column in field.columns if column.type == "string")
    return tuple(name for name in texts if not chosen or name == field.other_name)


def personal_fields(versions: Collection[Form]) -> frozenset[str]:
    """Name the questions that are personal in some version of a form, and those whose being asked tells of one."""
    found: set[str] = set()
    for _version in versions:  # what one of them tells may be personal in another
        for field in (field for form in versions for field in form.fields):
            if field.is_personal or any(said.field in found for said in comparisons_of(field.condition)):
                found.add(field.name)
    return frozenset(found)


@lru_cache(maxsize=256)
def _form(definition: str) -> Form:
    return form_of_source(json.loads(definition))
