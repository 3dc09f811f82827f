"""From what was posted to a checked response."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bacheca.forms.definition.form import Form
from bacheca.forms.definition.layout import sections_of
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import Posted
from bacheca.forms.text import digest

NOTHING = "nothing-answered"
"""The code of the problem of a response that answers no question."""


@dataclass(frozen=True)
class Agreement:
    """A consent that was given: the field and the exact text agreed to."""

    field: str
    notice: str

    @property
    def notice_hash(self) -> str:
        """The SHA-256 of the text (64 hex digits)."""
        return digest(self.notice)


@dataclass(frozen=True)
class Response:
    """One person's checked answers.

    Args:
        form: the form's name.
        version: the version of the form that was answered.
        language: the language it was answered in.
        cells: a canonical cell for each column of the form.
        agreements: the consents given.
    """

    form: str
    version: str
    language: str
    cells: Mapping[str, str]
    agreements: tuple[Agreement, ...]

    @property
    def content_hash(self) -> str:
        """A digest of the answers: the same answers have the same one."""
        return digest({"form": self.form, "cells": dict(self.cells)})


def read_submission(form: Form, posted: Posted, language: str) -> tuple[Response, tuple[Problem, ...]]:
    """Read what was sent to a form as `read_response` does; that it answers no question is a problem too."""
    response, problems = read_response(form, posted, language)
    return response, (*_of_nothing(form, response.cells, problems), *problems)


def read_response(form: Form, posted: Posted, language: str) -> tuple[Response, tuple[Problem, ...]]:
    """Read what was posted to a form.

    Args:
        form: the form.
        posted: every value, by the name of its control, in the order in which they came; what the form does
            not ask is ignored.
        language: the language of the page that was answered, one of `form.languages`.

    Returns:
        The response, and every problem of it in the order of the fields. Only a response without problems
        may be kept.
    """
    cells: dict[str, str] = {}
    problems: list[Problem] = []
    agreements: list[Agreement] = []
    for field in form.fields:
        reading = field.read(posted, language) if form.shows(field, cells) else field.unshown()
        cells |= reading.cells
        problems += reading.problems
        if reading.notice:
            agreements.append(Agreement(field.name, reading.notice))
    return Response(form.name, form.version, language, cells, tuple(agreements)), tuple(problems)


def problems_of_steps(form: Form, posted: Posted, language: str, steps: Collection[str]) -> tuple[Problem, ...]:
    """Check some sections of a form that is not sent yet, by the rules by which all of it will be read.

    Args:
        form: the form.
        posted: what stands in these sections and in those before them.
        language: the language of the page.
        steps: the names of the sections.
    """
    names = {field.name for section in sections_of(form) if section.name in steps for field in section.fields}
    _, problems = read_response(form, posted, language)
    return tuple(problem for problem in problems if problem.field in names)


def _of_nothing(form: Form, cells: Mapping[str, str], problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Find that no question was answered, where no other problem says so already.

    A source that came with the address is no answer, and a consent is one only where nothing else is asked. A reason
    for not answering that was chosen is an answer.
    """
    asked = [field for field in form.fields if field.asks and form.shows(field, cells)]
    questions = [field for field in asked if not field.agrees] or asked
    names = {field.name for field in questions}
    if not questions or any(field.given(cells) for field in questions) or names & {one.field for one in problems}:
        return ()
    return (Problem(NOTHING, field=questions[0].name),)


def problems_of_cells(form: Form, cells: Mapping[str, str]) -> list[Problem]:
    """Check kept cells once more, as the export does; an empty list says that they hold."""
    return [
        Problem(fault.code, field=column.name, values={"title": column.name, **fault.values})
        for column in form.columns
        if (fault := column.check(cells.get(column.name, "")))
    ]
