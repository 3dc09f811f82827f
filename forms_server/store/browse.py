"""The responses to a form, looked through page by page: the newest day first, in memory that does not grow with them.

A page is read along the index from where the one before ended, so the last of a million costs what the first does. What
narrows a search looks at a bounded number of responses and says how far it came; whoever asks goes on from there.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import ColumnElement, Text, select, tuple_, type_coerce

from forms_server.database.engine import Work
from forms_server.database.tables import responses
from forms_server.database.transactions import Database
from forms_server.store.lifecycle import LIVE, State
from forms_server.store.records import StoredResponse
from forms_server.store.snapshot import Snapshot, stored_responses

ROWS_OF_PAGE = 50
LOOKED_AT = 10_000
"""The most responses that one search looks at, which takes a fraction of a second."""

REFERENCES = 250_000
"""The most responses whose references are made to find one, which takes a second."""


@dataclass(frozen=True)
class Place:
    """Where a page ended: the day and the id of the last response that was looked at; or began, to go back from there.

    Args:
        received_on: the day.
        response_id: the id.
        back: whether what is newer is looked for, instead of what is older.
    """

    received_on: date
    response_id: str
    back: bool = False


@dataclass(frozen=True)
class Wanted:
    """What is looked for.

    Args:
        state: the state of the responses.
        first: the first day on which they came; `None` for any.
        last: the last such day; `None` for any.
        cells: the cell that some columns must have, each exactly.
        text: what some column must contain, whatever its capitals and accents; empty for anything.
        columns: in which columns the text is looked for.
        shown: gives the cells of a response, of a language, as whoever looks may read them.
    """

    state: State = State.KEPT
    first: date | None = None
    last: date | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    columns: Collection[str] = ()
    shown: Callable[[Mapping[str, str], str], Mapping[str, str]] = lambda cells, _language: cells

    @property
    def narrows(self) -> bool:
        """Whether answers must be read to know."""
        return bool(self.cells or self.text)

    def is_within(self, day: date) -> bool:
        """Tell whether a response may have come on a day."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def matching(self) -> Callable[[Mapping[str, str], str], bool]:
        """Give what tells of the cells of a response, and its language, whether they are what is looked for."""
        return _Matches(self).cells


@dataclass(frozen=True)
class Page:
    """Some responses.

    Args:
        responses: at most as many as a page has.
        looked_at: how many were looked at for it.
        end: where to go on; `None` where nothing follows.
        start: where to go back; `None` on the first page.
    """

    responses: tuple[StoredResponse, ...]
    looked_at: int
    end: Place | None
    start: Place | None = None


PLACE = (responses.c.received_on, responses.c.response_id)
"""By what pages are in order."""


def _of_days(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    since = [responses.c.received_on >= first] if first else []
    return [*since, *([responses.c.received_on <= last] if last else [])]


class Browse:
    """Looks through responses; `Store.browse`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def page(
        self, form: str, wanted: Wanted, past: Place | None = None, *, size: int = ROWS_OF_PAGE, most: int = LOOKED_AT
    ) -> Page:
        """Give the next responses, the newest day first, and within a day in no order that tells who came first.

        Args:
            form: the form's name.
            wanted: what is looked for.
            past: where the page before ended, or the page after began; `None` for the first page.
            size: the most responses of a page.
            most: the most responses that are looked at.
        """
        which = [responses.c.form == form, responses.c.state == wanted.state, *_of_days(wanted.first, wanted.last)]
        back = past is not None and past.back
        if past:
            place, there = tuple_(*PLACE), (past.received_on, past.response_id)
            which.append(place > there if back else place < there)
        newest_first = [column.desc() for column in PLACE]
        order = PLACE if back else newest_first
        columns = (
            responses.c.received_on,
            responses.c.response_id,
            responses.c.language,
            type_coerce(responses.c.answers, Text),
        )
        asked = select(*columns).where(*which).order_by(*order).limit((most if wanted.narrows else size) + 1)
        found: list[str] = []
        first: Place | None = None
        last: Place | None = None
        looked_at = 0
        matches = _Matches(wanted)
        with self._database.transaction(Work.READ) as connection:
            with connection.execute(asked, execution_options={"yield_per": 500}) as rows:
                for day, response_id, language, answers in rows:
                    if len(found) == size or looked_at == most:
                        break
                    looked_at += 1
                    last = Place(day, response_id)
                    first = first or last
                    if matches(answers, language):
                        found.append(response_id)
                else:
                    last = None
            whole = stored_responses().where(responses.c.response_id.in_(found)).order_by(*newest_first)
            stored = tuple(StoredResponse(**row) for row in connection.execute(whole).mappings())
        if not back:
            return Page(stored, looked_at, last, first and past and replace(first, back=True))
        if last is None:  # the newest are reached: that is the first page, whole
            return self.page(form, wanted, size=size, most=most)
        return Page(stored, looked_at, first, replace(last, back=True))

    def find(
        self,
        form: str,
        is_it: Callable[[str, str], bool],
        first: date | None = None,
        last: date | None = None,
        *,
        most: int = REFERENCES,
    ) -> str | None:
        """Find a response by the hash of its token, whatever its state, among the newest of a form.

        Args:
            form: the form's name.
            is_it: tells by the name of the secret and the hash of the token.
            first: the first day on which it may have come; `None` for any.
            last: the last such day; `None` for any.
            most: how many are looked at.

        Returns:
            Its id; `None` where it is not among them.
        """
        which = [responses.c.form == form, responses.c.state.in_(LIVE), *_of_days(first, last)]
        columns = (responses.c.response_id, responses.c.secret_id, responses.c.token_hash)
        asked = select(*columns).where(*which).order_by(*(column.desc() for column in PLACE)).limit(most)
        with (
            self._database.transaction(Work.READ) as connection,
            connection.execute(asked, execution_options={"yield_per": 500}) as rows,
        ):
            return next((found for found, secret, token_hash in rows if is_it(secret or "", token_hash)), None)

    def tokens(self, ids: Collection[str]) -> Mapping[str, tuple[str, str, str]]:
        """Give what the references of some responses are made of: form, name of the secret, hash of the token."""
        with self._database.transaction(Work.READ) as connection:
            return Snapshot(connection).tokens(ids)

    def one(self, form: str, response_id: str) -> StoredResponse | None:
        """Give a response of a form; None where it is not there, or no longer."""
        asked = stored_responses().where(responses.c.form == form, responses.c.response_id == response_id)
        with self._database.transaction(Work.READ) as connection:
            row = connection.execute(asked).mappings().one_or_none()
        return None if row is None else StoredResponse(**row)


class _Matches:
    """Tells whether the answers of a response, as they are kept, are what is looked for."""

    def __init__(self, wanted: Wanted):
        self._wanted = wanted
        self._text = plain(wanted.text)
        # As the database keeps them: most responses need not be read to know that they are not the ones.
        self._written = [
            json.dumps({name: cell}, ensure_ascii=False, separators=(",", ":"))[1:-1]
            for name, cell in wanted.cells.items()
        ]

    def __call__(self, answers: str, language: str) -> bool:
        if not all(written in answers for written in self._written):
            return False
        if not self._wanted.narrows:
            return True
        return self.cells(json.loads(answers), language)

    def cells(self, cells: Mapping[str, str], language: str) -> bool:
        """Tell it of the cells themselves."""
        if any(cells.get(name) != cell for name, cell in self._wanted.cells.items()):
            return False
        # What is left out of a text never makes it contain more: only what it holds whole is read as it is shown.
        return not self._text or (self._is_in(cells) and self._is_in(self._wanted.shown(cells, language)))

    def _is_in(self, cells: Mapping[str, str]) -> bool:
        return any(self._text in plain(cells.get(name, "")) for name in self._wanted.columns)


def plain(text: str) -> str:
    """Give a text without capitals and accents, as searches compare it."""
    if text.isascii():
        return text.casefold()
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
