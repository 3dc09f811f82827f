"""From what was posted to a checked response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bacheca.forms.definition.form import Form
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import Posted
from bacheca.forms.text import digest


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


def problems_of_cells(form: Form, cells: Mapping[str, str]) -> list[Problem]:
    """Check kept cells once more, as the export does; an empty list says that they hold."""
    return [
        Problem(fault.code, field=column.name, values={"title": column.name, **fault.values})
        for column in form.columns
        if (fault := column.check(cells.get(column.name, "")))
    ]
