"""Answers with what is sealed in them, for whoever has a key to open it elsewhere: lines of JSON.

The first line is an object that says what follows; each other is a response: its cells in the order of `columns`, those
that are sealed empty, and last what is sealed, empty where nothing is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bacheca.forms import Form
from bacheca.forms.asking.conditions import NOT_ASKED
from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.package.all_versions import union_columns
from bacheca.forms.package.formats.added_columns import with_added
from bacheca.forms.package.formats.package_reader import variables_of
from forms_server.crypto.tokens import Secret
from forms_server.form_registry import form_of_version
from forms_server.publishing.export import told_beside
from forms_server.store import Store, StoredResponse
from forms_server.store.lifecycle import State

KIND = "bacheca sealed answers"
"""What the first line says that it is."""


@dataclass(frozen=True)
class SealedAnswers:
    """The answers to a form that is sealed, or was once.

    Args:
        store: where they are.
        secret: what references are made with.
        versions: every version of the form, oldest first.
    """

    store: Store
    secret: Secret
    versions: Sequence[Form]

    @property
    def form(self) -> Form:
        """The newest version."""
        return self.versions[-1]

    @cached_property
    def columns(self) -> Sequence[str]:
        """The columns: the fixed ones, those of any version, then what copies for people say beside them."""
        return (*FIXED_COLUMNS, *self._own, *self._added)

    @cached_property
    def _own(self) -> Sequence[str]:
        return union_columns(self.versions)

    @cached_property
    def _added(self) -> Sequence[str]:
        known = variables_of(self.versions)
        return [one.name for one in with_added(known, self.form.language) if one not in known]

    def count(self) -> int:
        """Count the answers that are kept."""
        with self.store.snapshot() as snapshot:
            return snapshot.accounted(self.form.name).get(State.KEPT, 0)

    def some(self, after: tuple[date, str] | None = None, **head: str) -> str:
        """Give some of them; the first line alone where there are no more.

        Args:
            after: the day and the id after which to go on.
            head: what else the first line says.
        """
        return "".join([self._head(head), *self._lines(self.store.seals.kept(self.form.name, after))])

    def lines(self) -> Iterator[str]:
        """Give all of them, a few in memory at a time."""
        yield self._head({})
        after: tuple[date, str] | None = None
        while found := self.store.seals.kept(self.form.name, after):
            yield "".join(self._lines(found))
            after = found[-1].received_on, found[-1].response_id

    @cached_property
    def _asked(self) -> Mapping[str, frozenset[str]]:
        return {form.version: frozenset(column.name for column in form.columns) for form in self.versions}

    def _head(self, more: Mapping[str, str]) -> str:
        return _json({"kind": KIND, "form": self.form.name, "columns": self.columns, **more})

    def _lines(self, found: Sequence[StoredResponse]) -> Iterator[str]:
        with self.store.snapshot() as snapshot:
            ids = [stored.response_id for stored in found]
            told = told_beside(snapshot, self.secret, ids, zone=self.form.zone)
        return (self._line(stored, told.get(stored.response_id, {})) for stored in found)

    def _line(self, stored: StoredResponse, told: Mapping[str, str]) -> str:
        fixed = (
            stored.response_id,
            stored.received_on.isoformat(),
            stored.version,
            stored.language,
            stored.channel,
        )
        asked = self._asked[stored.version]
        cells = (stored.answers.get(name, "") if name in asked else NOT_ASKED for name in self._own)
        return _json([*fixed, *cells, *(told.get(name, "") for name in self._added), stored.sealed or ""])


def sealed_answers(store: Store, secret: Secret, name: str) -> SealedAnswers | None:
    """Find the answers to a form; None where no version of it is sealed."""
    with store.snapshot() as snapshot:
        versions = [form_of_version(version) for version in snapshot.versions(name)]
    return SealedAnswers(store, secret, versions) if any(form.sealed for form in versions) else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
