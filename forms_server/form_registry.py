"""The forms this service takes answers to, and what it knows of their earlier versions."""

from __future__ import annotations

import json
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bacheca.forms import USUAL, Community, Form, Problem, Response, form_of_source, load_forms, read_submission
from bacheca.forms.definition import evolution
from bacheca.forms.definition.evolution import Change, Verdict, verdict_of
from bacheca.forms.kinds import Posted
from forms_server.errors import FormsRefused
from forms_server.store import FormVersion, Store
from forms_server.store.desk.schedules import Schedule


@dataclass(frozen=True)
class ServedForm:
    """A form and the versions whose answers go into the same file as its own.

    Args:
        form: the form as its file has it now.
        resource: the number of the package resource its responses go to, from 1.
        accepted: the versions of the form that a page may still post.
    """

    form: Form
    resource: int
    accepted: frozenset[str]

    def read(self, posted: Posted, language: str) -> tuple[Response, tuple[Problem, ...]]:
        """Read what was posted from a page of the form, which may be of an older version whose answers are taken.

        Args:
            posted: what came; `_version` says of which version its page was.
            language: the language of the page.

        Returns:
            The response, and every problem of it; only one without problems may be kept.
        """
        response, problems = read_submission(self.form, posted, language)
        said = posted.get("_version", ())
        version = said[0] if len(said) == 1 and said[0] else self.form.version
        if version not in self.accepted:
            problems = (Problem("changed"), *problems)
        return replace(response, version=version), problems


class ServedForms(Mapping[str, ServedForm]):
    """The served forms by name, with the days that were set for them; all are replaced at once while others read."""

    def __init__(self, forms: Mapping[str, ServedForm], schedules: Mapping[str, Schedule] | None = None):
        self.schedules: Mapping[str, Schedule] = dict(schedules or {})
        self.replace(forms)

    def replace(self, forms: Mapping[str, ServedForm]) -> None:
        """Serve these from now on."""
        self.filed: Mapping[str, ServedForm] = dict(forms)
        self._forms = {name: self._scheduled(served) for name, served in self.filed.items()}

    def reschedule(self, schedules: Mapping[str, Schedule]) -> None:
        """Go by these days from now on."""
        if schedules != self.schedules:
            self.schedules = dict(schedules)
            self.replace(self.filed)

    def _scheduled(self, served: ServedForm) -> ServedForm:
        """Give a form with the days that hold; `filed` has those of its file."""
        said = self.schedules.get(served.form.name)
        if said is None:
            return served
        return replace(served, form=said.days.of(served.form))

    def __getitem__(self, name: str) -> ServedForm:
        return self._forms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)

    def items(self) -> ItemsView[str, ServedForm]:
        """Give those of this moment."""
        return self._forms.items()

    def values(self) -> ValuesView[ServedForm]:
        """Give those of this moment."""
        return self._forms.values()


def serve_forms(content: Path, store: Store, today: date, community: Community = USUAL) -> ServedForms:
    """Load every form and register its version, held against all that is stored.

    Args:
        content: the folder of the form files.
        store: where the versions served before are known.
        today: the day on which a new version is first served.
        community: whose forms they are.

    Raises:
        forms.FormProblems: a form file cannot be used.
        FormsRefused: a form would change the meaning of stored responses.
    """
    served, refused = register_forms(load_forms(content, community), store, today)
    if refused:
        raise FormsRefused(refused)
    return ServedForms(served, store.schedules.all())


def register_forms(
    forms: Mapping[str, Form], store: Store, today: date
) -> tuple[dict[str, ServedForm], list[tuple[str, Change]]]:
    """Register the versions of forms; give those that can be served, and why each of the others cannot."""
    served: dict[str, ServedForm] = {}
    refused: list[tuple[str, Change]] = []
    for name, form in forms.items():
        try:
            served[name] = serve_form(form, store, today)
        except FormsRefused as error:
            refused += error.changes
    return served, refused


def serve_form(form: Form, store: Store, today: date) -> ServedForm:
    """Register the version of a form, held against all that is stored.

    Raises:
        FormsRefused: it would change the meaning of stored responses.
        StoreUnavailable: the database does not answer.
    """
    known = store.versions(form.name)
    changes = changes_since(known, form)
    if verdict_of(changes) is Verdict.REFUSED:
        raise FormsRefused((form.name, change) for change in changes if change.verdict is Verdict.REFUSED)
    resource = resource_of(form, known, verdict_of(changes))
    definition = json.dumps(form.source(), ensure_ascii=False)
    store.register_version(form.name, form.version, resource, definition, today)
    return ServedForm(form, resource, _accepted(known, resource) | {form.version})


def served_last(name: str, store: Store) -> ServedForm | None:
    """Give a form as it was registered last; None where it never was.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    known = store.versions(name)
    if not known:
        return None
    last = known[-1]
    return ServedForm(form_of_version(last), last.resource, _accepted(known, last.resource))


def _accepted(known: list[FormVersion], resource: int) -> frozenset[str]:
    return frozenset(version.version for version in known if version.resource == resource)


def form_of_version(version: FormVersion, community: Community | None = None) -> Form:
    """Make the form of a stored version again, of a community where its days are told to people."""
    return form_of_source(json.loads(version.definition), community)


def changes_since(known: list[FormVersion], form: Form) -> tuple[Change, ...]:
    """Compare a form with the versions that were served; nothing where there is none."""
    return evolution.changes_since([form_of_version(version) for version in known], form)


def resource_of(form: Form, known: list[FormVersion], verdict: Verdict) -> int:
    """Give the number of the resource for a form's responses: its own, the last one, or the next one."""
    for version in known:
        if version.version == form.version:
            return version.resource
    last = max((version.resource for version in known), default=0)
    return last + 1 if verdict is Verdict.NEW_VERSION or not known else last
