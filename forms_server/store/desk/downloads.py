"""Files of answers that somebody asked for at the desk, and that are made while they wait.

A file holds what people answered, so it may outlive nobody's erasure: each remembers a mark of its form, which is
another one once something of the form was erased or corrected.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bacheca.forms.text import digest
from forms_server.database.engine import Work
from forms_server.database.tables import changed_days, downloads, erased
from forms_server.database.transactions import Database

MOST = 5
"""The most files that are kept for somebody at once."""


@dataclass(frozen=True)
class Download:
    """A file that somebody asked for.

    Args:
        download_id: a random name, which is that of its folder.
        account_id: who asked; nobody else gets it.
        form: the form.
        kind: what it is, a key of `KINDS` of `publishing/downloads.py`.
        personal: 1 where personal answers are in it.
        asked_at: when it was asked for.
        mark: the mark of its form as it was read; None before it is made.
        file: its file, in its folder; None before it is made.
        made_at: when it was made; None before.
        fault: why it could not be made, if so.
        filter: which answers are in it, as `Asked.of_files` says it; empty for all.
    """

    download_id: str
    account_id: str
    form: str
    kind: str
    personal: int
    asked_at: datetime
    mark: str | None = None
    file: str | None = None
    made_at: datetime | None = None
    fault: str | None = None
    filter: str = ""


class Downloads:
    """Knows the files that somebody asked for; `Store.downloads`.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked.
    """

    def __init__(self, database: Database):
        self._database = database

    def ask(self, download: Download) -> Download | None:
        """Ask for one.

        Returns:
            The one that is waited for: the same where that was asked for already; None where somebody has enough.
        """
        this = (downloads.c.account_id == download.account_id, downloads.c.fault.is_(None))
        what = (download.form, download.kind, download.personal, download.filter)
        with self._database.transaction(Work.WRITE) as connection:
            theirs = [Download(**row) for row in connection.execute(select(downloads).where(*this)).mappings()]
            for one in theirs:
                if one.made_at is None and (one.form, one.kind, one.personal, one.filter) == what:
                    return one
            if len(theirs) >= MOST:
                return None
            connection.execute(downloads.insert().values(vars(download)))
        return download

    def one(self, download_id: str, account_id: str) -> Download | None:
        """Give one to whoever asked for it; None where there is none, or it is somebody else's."""
        found = [download for download in self.of_account(account_id) if download.download_id == download_id]
        return found[0] if found else None

    def of_account(self, account_id: str) -> list[Download]:
        """Give those that somebody asked for, the newest first."""
        asked = select(downloads).where(downloads.c.account_id == account_id)
        order = (downloads.c.asked_at.desc(), downloads.c.download_id)
        with self._database.transaction(Work.READ) as connection:
            return [Download(**row) for row in connection.execute(asked.order_by(*order)).mappings()]

    def waiting(self) -> list[Download]:
        """Give those that are to be made, the oldest first."""
        asked = select(downloads).where(downloads.c.made_at.is_(None), downloads.c.fault.is_(None))
        with self._database.transaction(Work.READ) as connection:
            found = connection.execute(asked.order_by(downloads.c.asked_at, downloads.c.download_id))
            return [Download(**row) for row in found.mappings()]

    def mark(self, form: str) -> str:
        """Give the mark of a form: another one once an answer to it was erased or corrected."""
        with self._database.transaction(Work.READ) as connection:
            return _mark(connection, form)

    def made(self, download: Download, mark: str, file: str, now: datetime) -> bool:
        """Note that one is made, as its form was when it had a mark.

        Returns:
            Whether that is so still: otherwise it is to be made anew.
        """
        this = downloads.c.download_id == download.download_id
        with self._database.transaction(Work.WRITE) as connection:
            if _mark(connection, download.form) != mark:
                return False
            done = downloads.update().where(this).values(mark=mark, file=file, made_at=now)
            return connection.execute(done).rowcount == 1

    def is_current(self, download: Download) -> bool:
        """Tell whether nothing that is in one was erased or corrected since it was made."""
        return download.mark == self.mark(download.form)

    def failed(self, download: Download, fault: str) -> None:
        """Note why one could not be made."""
        with self._database.transaction(Work.WRITE) as connection:
            this = downloads.c.download_id == download.download_id
            connection.execute(downloads.update().where(this).values(fault=fault))

    def forget(self, before: datetime) -> Collection[str]:
        """Forget those that were made or asked for before a moment, and those that hold what is erased since.

        Returns:
            The names of those whose files are left; of what could not be made none is.
        """
        with self._database.transaction(Work.READ) as connection:
            found = [Download(**row) for row in connection.execute(select(downloads)).mappings()]
            marks = {form: _mark(connection, form) for form in {download.form for download in found}}
        gone = [
            download.download_id
            for download in found
            if (download.made_at or download.asked_at) < before
            or (download.mark is not None and download.mark != marks[download.form])
        ]
        if gone:
            with self._database.transaction(Work.WRITE) as connection:
                connection.execute(downloads.delete().where(downloads.c.download_id.in_(gone)))
        return {download.download_id for download in found if download.fault is None} - set(gone)


def _mark(connection: Connection, form: str) -> str:
    gone = connection.scalar(select(func.coalesce(func.sum(erased.c.count), 0)).where(erased.c.form == form))
    changes = select(changed_days.c.received_on, changed_days.c.mark).where(changed_days.c.form == form)
    return digest(f"{gone} {sorted(f'{day} {mark}' for day, mark in connection.execute(changes))}")
