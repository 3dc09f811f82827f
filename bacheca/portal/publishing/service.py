"""What the running service says of the forms of a site, before that is shown and after.

It is asked over HTTP for how forms were written so far, and never for an answer; what an edit means is then said by
the same function, `bacheca.forms.definition.evolution.changes_since`, that the service goes by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bacheca.forms import Community, Form, form_of_source
from bacheca.forms.form_files.loading import read_forms
from bacheca.forms.set_days import TOLD
from bacheca.portal.build.fetch_results import STATE
from bacheca.portal.build.service_files import Away, Unfit, service_file
from bacheca.portal.checks.form_changes import FormChange, changes_of
from bacheca.portal.errors import NotPublished, PortalProblem

NOBODY = "none"
"""What is written for the address where no service is to be asked."""

SERVED = "forms/versions.json"
STRANGE = (ValueError, LookupError, TypeError, AttributeError)
"""What comes of an answer that is none of a service."""


@dataclass(frozen=True)
class Served:
    """What a service serves.

    Args:
        versions: the version of each form, by its name.
        refused: why it cannot serve a form as its file is, by its name.
    """

    versions: Mapping[str, str]
    refused: Mapping[str, str]


class Service:
    """The running service.

    Args:
        url: its address.
    """

    def __init__(self, url: str):
        self.url = url

    def served(self) -> Served:
        """Give what it serves now.

        Raises:
            NotPublished: it does not answer, or not as one of ours.
        """
        told = self._ask(SERVED)
        try:
            return Served(dict(told["served"]), dict(told["refused"]))
        except STRANGE as error:
            raise self._away(type(error).__name__) from None

    def days(self) -> Mapping[str, Mapping[str, str | None]]:
        """Give the days of each form that were set at the desk, by its name; none where the service tells of none."""
        try:
            told = self._ask(STATE)
            found = {str(name): dict(days) for name, days in told.get("schedules", {}).items()}
            return {name: days for name, days in found.items() if name in told.get(TOLD, found)}
        except (NotPublished, *STRANGE):
            return {}

    def changes(self, folder: Path, forms: Mapping[str, Form]) -> list[FormChange]:
        """Say what the forms of a folder mean for the answers that are kept.

        Args:
            folder: the folder of their files.
            forms: the forms.

        Raises:
            NotPublished: the service does not answer, or not as one of ours.
        """
        found: list[FormChange] = []
        served = self.served().versions
        for name, form in forms.items():
            told = self._ask(f"forms/{name}/versions.json")
            try:
                history = [form_of_source(source) for source in told]
            except STRANGE as error:
                raise self._away(type(error).__name__) from None
            path = folder / f"{name}.yaml"
            changes = [*changes_of(path, history, form)]
            if not any(change.refused for change in changes) and form.version in (each.version for each in history):
                now = [each for each in history if each.version == served.get(name)]  # not always the last to be new
                changes = [*changes_of(path, [*(each for each in history if each not in now), *now], form)]
            found += changes
        return found

    def _ask(self, name: str) -> Any:
        try:
            return json.loads(service_file(self.url, name))
        except (Away, Unfit, ValueError) as error:
            raise self._away(str(error)) from None

    def _away(self, reason: str) -> NotPublished:
        values = {"url": self.url, "reason": reason}
        return NotPublished(PortalProblem("SERVICE_AWAY", self.url, 1, values=values))


def hold_against(
    service: Service, folder: Path, usual: Community, language: str
) -> tuple[list[FormChange], dict[str, Form]]:
    """Hold the forms of a folder against the answers that a service keeps.

    Args:
        service: the service.
        folder: the folder of their files.
        usual: what they take for granted.
        language: the language to say it in.

    Returns:
        What each edit means, where none is refused; and the forms.

    Raises:
        NotPublished: the service would refuse an edit, or does not answer.
    """
    forms, _ = read_forms(folder, usual)  # what is wrong with one of itself is said by the check
    changes = service.changes(folder, forms)
    refused = [
        PortalProblem(
            "FORM_REFUSED", change.path.as_posix(), change.line, values={"reason": change.change.sentence(language)}
        )
        for change in changes
        if change.refused
    ]
    if refused:
        raise NotPublished(*refused)
    return changes, forms
