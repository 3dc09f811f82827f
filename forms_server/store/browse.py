"""The responses to a form, looked through page by page: the newest day first, in memory that does not grow with them.

A page is read along the index from where the one before ended, so the last of a million costs what the first does. What
narrows a search looks at a bounded number of responses and says how far it came; whoever asks goes on from there.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Text, select, tuple_, type_coerce

from forms_server.database.engine import Work
from forms_server.database.tables import responses
from forms_server.database.transactions import Database
from forms_server.store.lifecycle import State
from forms_server.store.records import StoredResponse
from forms_server.store.snapshot import stored_responses

ROWS_OF_PAGE = 50
LOOKED_AT = 10_000
"""The most responses that one search looks at, which takes a fraction of a second."""


@dataclass(frozen=True)
class Place:
    """Where a page ended: the day and the id of the last response that was looked at."""

    received_on: date
    response_id: str


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


@dataclass(frozen=True)
class Page:
    """Some responses.

    Args:
        responses: at most as many as a page has.
        looked_at: how many were looked at for it.
        end: where to go on; `None` where nothing follows.
    """

    responses: tuple[StoredResponse, ...]
    looked_at: int
    end: Place | None


class Browse:
    """Looks through responses; `Store.browse`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def page(
        self, form: str, wanted: Wanted, after: Place | None = None, *, size: int = ROWS_OF_PAGE, most: int = LOOKED_AT
    ) -> Page:
        """Give the next responses, the newest day first, and within a day in no order that tells who came first.

        Args:
            form: the form's name.
            wanted: what is looked for.
            after: where the page before ended; `None` for the first.
            size: the most responses of a page.
            most: the most responses that are looked at.
        """
        place = tuple_(responses.c.received_on, responses.c.response_id)
        which = [responses.c.form == form, responses.c.state == wanted.state]
        if wanted.first:
            which.append(responses.c.received_on >= wanted.first)
        if wanted.last:
            which.append(responses.c.received_on <= wanted.last)
        if after:
            which.append(place < (after.received_on, after.response_id))
        order = (responses.c.received_on.desc(), responses.c.response_id.desc())
        columns = (
            responses.c.received_on,
            responses.c.response_id,
            responses.c.language,
            type_coerce(responses.c.answers, Text),
        )
        asked = select(*columns).where(*which).order_by(*order).limit((most if wanted.narrows else size) + 1)
        found: list[str] = []
        end: Place | None = None
        looked_at = 0
        matches = _Matches(wanted)
        with self._database.transaction(Work.READ) as connection:
            with connection.execute(asked, execution_options={"yield_per": 500}) as rows:
                for day, response_id, language, answers in rows:
                    if len(found) == size or looked_at == most:
                        break
                    looked_at += 1
                    end = Place(day, response_id)
                    if matches(answers, language):
                        found.append(response_id)
                else:
                    end = None
            whole = stored_responses().where(responses.c.response_id.in_(found)).order_by(*order)
            stored = tuple(StoredResponse(**row) for row in connection.execute(whole).mappings())
        return Page(stored, looked_at, end)

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
        cells = json.loads(answers)
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
