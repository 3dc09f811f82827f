"""Who saw or changed whose data on the desk, and when; never what it was.

It is only ever added to. A response that is erased, by whoever and for whatever reason, is named in it no more: the
database takes the name out together with the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, exists, select

from forms_server.database.engine import Work
from forms_server.database.tables import accounts, desk_log
from forms_server.database.transactions import Database


@dataclass(frozen=True)
class Entry:
    """What somebody did.

    Args:
        id: a random name.
        done_at: when.
        account_id: who.
        action: what kind of thing it was, a key of `ACTIONS` of the desk, with the role that was given, if any.
        form: the form that it was about, if any.
        response_id: the response whose owner it was about, as long as that is there.
        about_account: the account that was changed, if any.
    """

    id: str
    done_at: datetime
    account_id: str
    action: str
    form: str | None = None
    response_id: str | None = None
    about_account: str | None = None


LOOKED_AT = 5_000
"""How many entries are read for some lines, unless more were written in one second."""


class DeskLog:
    """The log of the desk; `Store.desk_log`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def add(self, entries: Sequence[Entry]) -> None:
        """Write down what was done."""
        if not entries:
            return
        with self._database.transaction(Work.WRITE) as connection:
            write_entries(connection, entries)

    def newest(self, count: int, before: tuple[datetime, str] | None = None) -> Iterator[Entry]:
        """Give some, the newest first.

        Args:
            count: how many at most.
            before: when the last one was done that is already known, and its id.
        """
        asked = select(desk_log).order_by(desk_log.c.done_at.desc(), desk_log.c.id.desc()).limit(count)
        if before:
            moment, last = before
            same = (desk_log.c.done_at == moment) & (desk_log.c.id < last)
            asked = asked.where((desk_log.c.done_at < moment) | same)
        with self._database.transaction(Work.READ) as connection:
            yield from [Entry(**row) for row in connection.execute(asked).mappings()]

    def lines(self, count: int, before: datetime | None = None) -> tuple[list[list[Entry]], datetime | None]:
        """Give some lines, the newest first: what somebody did in one second with several responses is one.

        Args:
            count: after how many to end, with the second that they are of.
            before: where the lines before these ended.

        Returns:
            Them, each as its entries, and where to go on; None where nothing follows.
        """
        asked = select(desk_log).order_by(desk_log.c.done_at.desc(), desk_log.c.id.desc())
        asked = asked.where(desk_log.c.done_at < before) if before else asked
        found: list[list[Entry]] = []
        looked_at, end = 0, before
        with (
            self._database.transaction(Work.READ) as connection,
            connection.execute(asked, execution_options={"yield_per": 200}) as rows,
        ):
            for moment, together in groupby((Entry(**row) for row in rows.mappings()), lambda entry: entry.done_at):
                if len(found) >= count or looked_at >= LOOKED_AT:
                    return found, end
                lines = folded(together)
                found += lines
                looked_at += sum(map(len, lines))
                end = moment
        return found, None

    def of_response(self, response_id: str) -> list[Entry]:
        """Give what was done with a response, the newest first."""
        asked = select(desk_log).where(desk_log.c.response_id == response_id)
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(asked.order_by(desk_log.c.done_at.desc(), desk_log.c.id.desc()))
            return [Entry(**row) for row in found.mappings()]

    def forget(self, before: datetime) -> None:
        """Forget what was done before a moment, and who may come in no more and is named nowhere."""
        with self._database.transaction(Work.WRITE) as connection:
            connection.execute(desk_log.delete().where(desk_log.c.done_at < before))
            named = exists().where(
                (desk_log.c.account_id == accounts.c.account_id) | (desk_log.c.about_account == accounts.c.account_id)
            )
            connection.execute(accounts.delete().where(accounts.c.ended_at < before, ~named))


def folded(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Put together what one account did of one kind with a form at one moment."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        same = (entry.done_at, entry.account_id, entry.action, entry.form, entry.about_account)
        found.setdefault(same, []).append(entry)
    return list(found.values())


def write_entries(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write down what is done, in the transaction that does it."""
    connection.execute(desk_log.insert(), [vars(entry) for entry in entries])
