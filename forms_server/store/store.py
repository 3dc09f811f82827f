"""The store's own work: keeping a response whole, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import URL, Connection, func, make_url, select, text

from bacheca.forms.catalogues import marked as _
from forms_server.database.engine import Work, make_engine
from forms_server.database.group_commit import GroupCommit
from forms_server.database.job_lock import Job
from forms_server.database.migrate import Before, migrate, newest_migration
from forms_server.database.tables import form_versions, rate_counters, responses
from forms_server.database.transactions import LASTING, Database
from forms_server.errors import StoreProblem, StoreRefused, StoreUnavailable
from forms_server.messages import Saying
from forms_server.store.backup_log import Copies
from forms_server.store.browse import Browse
from forms_server.store.changes import Changes
from forms_server.store.desk.accounts import Accounts
from forms_server.store.desk.campaigns import Campaigns
from forms_server.store.desk.downloads import Downloads
from forms_server.store.desk.log import DeskLog
from forms_server.store.desk.requests import Requests
from forms_server.store.desk.schedules import Schedules
from forms_server.store.desk.sessions import Sessions
from forms_server.store.inserts import count_received, write_consents, write_mail, write_sign_up
from forms_server.store.letters import Letters
from forms_server.store.lifecycle import hold_places, insert_responses, state_of_new
from forms_server.store.outbox import MailQueue
from forms_server.store.quarantine import Quarantine
from forms_server.store.records import FormVersion, Kept, Outcome
from forms_server.store.sealed import Seals
from forms_server.store.snapshot import Snapshot
from forms_server.store.subject_access import SubjectAccess
from forms_server.store.waiting_list import Admissions, WaitingList, join_queue


def refuse_older(version: int) -> None:
    """Refuse to change a store of which no copy was made.

    Raises:
        StoreRefused: always.
    """
    sentence = _(
        "The database is of version {version} and this code makes it {newest}, once it has been copied: start the"
        " service on it, or run a command such as `reconcile`."
    )
    raise StoreRefused(Saying(sentence, version=version, newest=newest_migration()))


def open_store(url: str | URL, before: Before = refuse_older) -> Store:
    """Open the store, bringing its tables up to date.

    Args:
        url: `Settings.database_url`.
        before: what happens before the tables of an older store change.

    Raises:
        StoreRefused: this code cannot work with that database.
        StoreUnavailable: the database does not answer.
    """
    url = make_url(url)
    database = Database(make_engine(url))
    try:
        with database.transaction(Work.MIGRATE) as connection:
            migrate(connection, before=before)
        database.refuse_shared_sessions()
        database.close()  # every connection from here on minds references
    except StoreProblem as problem:
        database.close()
        if isinstance(problem, StoreUnavailable) and problem.code.startswith(LASTING):
            sentence = _(
                "The database {name} cannot be read ({code}). Put it aside and bring back a copy, or name another in"
                " FORMS_DATABASE_URL."
            )
            raise StoreRefused(Saying(sentence, name=url.database, code=problem.code)) from problem
        raise
    return Store(database)


@dataclass(frozen=True, order=True)
class Hit:
    """One more in a bucket, in the stretch of time with that number."""

    bucket: str
    window: int

    @property
    def kind(self) -> str:
        """What its windows are as long as: the buckets that begin alike, up to a colon, or have none."""
        kind, colon, _ = self.bucket.rpartition(":")
        return kind + colon


class Store:
    """Where responses are kept; `open_store` opens it, and any number of threads may use it.

    Every method raises `StoreUnavailable` when the database does not confirm what was asked. `changes` changes what is
    kept of somebody, `subject_access` finds all of it, `seals` what of it is sealed, `quarantine` what is doubted,
    `letters` knows what was read from mail, `browse` looks through all of it page by page, `outbox` holds the mail to
    send, `waiting_list` who waits for a place, `requests` holds what people asked for; `accounts`, `sessions`,
    `downloads` and `desk_log` are the desk's, `campaigns` the letters to many, `schedules` the days set for forms.
    """

    def __init__(self, database: Database):
        self._database = database
        self._insert = database.insert
        self._insert_responses = insert_responses(database.insert)
        counter = database.insert(rate_counters)
        self._insert_hits = counter.on_conflict_do_update(
            index_elements=["bucket", "window"], set_={"count": rate_counters.c.count + counter.excluded.count}
        ).returning(rate_counters.c.bucket, rate_counters.c.window, rate_counters.c.count)
        self._keeping = GroupCommit(lambda: database.transaction(Work.WRITE), self._keep, database.unavailable)
        self._counting = GroupCommit(lambda: database.transaction(Work.COUNT), self._hit, database.unavailable)
        self.accounts = Accounts(database)
        self.campaigns = Campaigns(database)
        self.browse = Browse(database)
        self.changes = Changes(database)
        self.copies = Copies(database)
        self.desk_log = DeskLog(database)
        self.downloads = Downloads(database)
        self.subject_access = SubjectAccess(database)
        self.letters = Letters(database)
        self.outbox = MailQueue(database)
        self.seals = Seals(database)
        self.requests = Requests(database)
        self.schedules = Schedules(database)
        self.sessions = Sessions(database)
        self.quarantine = Quarantine(database)
        self.waiting_list = WaitingList(database)

    def keep(self, kept: Kept) -> Outcome:
        """Keep a response with its consents and mails: all in one transaction, once for its key.

        Returns:
            What became of it, once that is on disk.
        """
        return self._settled([kept])[0] or self._keeping.do(kept)

    def _settled(self, many: Sequence[Kept]) -> list[Outcome | None]:
        """Refuse at once what finds no place: that costs a look and no turn at writing, however many come together."""
        if all(kept.places is None for kept in many):
            return [None] * len(many)
        with self._database.transaction(Work.READ) as connection:
            admissions = Admissions(connection, [kept for kept in many if kept.places is not None])
            return [admissions.refusal(kept) for kept in many]

    def _keep(self, connection: Connection, many: Sequence[Kept]) -> list[Outcome]:
        placed = [kept for kept in many if kept.places is not None]
        hold_places(self._database, connection, {kept.form for kept in placed})
        admissions = Admissions(connection, placed)
        placeless = {kept.response_id: refused for kept in placed if (refused := admissions.refusal(kept))}
        rows = [_row(kept, admissions.held_until(kept)) for kept in many if kept.response_id not in placeless]
        new = set(connection.scalars(self._insert_responses, rows)) if rows else set()
        fresh: list[Kept] = []
        outcomes: list[Outcome] = []
        for kept in many:
            if kept.response_id in placeless:
                outcomes.append(placeless[kept.response_id])
            elif kept.response_id in new:
                new.remove(kept.response_id)  # the same response may have come twice
                fresh.append(kept)
                outcomes.append(Outcome.KEPT)
            else:
                outcomes.append(self._outcome_of_known_key(connection, kept))
        count_received(self._database, connection, fresh)
        for kept in filter(admissions.waits, fresh):
            join_queue(self._database, connection, kept.form, kept.response_id)
        # In one order everywhere, so that two transactions that count mails never wait on each other.
        for kept in sorted(fresh, key=lambda kept: kept.sign_up.pseudonyms if kept.sign_up else ()):
            write_consents(self._database, connection, kept.response_id, kept.consents, day=kept.received_on)
            for mail in kept.mail:
                write_mail(self._database, connection, kept.response_id, mail)
            if kept.sign_up:
                write_sign_up(
                    self._database,
                    connection,
                    kept.sign_up,
                    form=kept.form,
                    response_id=kept.response_id,
                    content_hash=kept.content_hash,
                    day=kept.received_on,
                    held=kept.doubted,
                )
        return outcomes

    def _outcome_of_known_key(self, connection: Connection, kept: Kept) -> Outcome:
        asked = select(responses.c.content_hash).where(responses.c.key_hash == kept.key_hash)
        before = connection.scalar(asked)
        if before is None:  # erased between the two statements, which only PostgreSQL allows
            raise StoreUnavailable("erased-meanwhile")
        return Outcome.KEPT_BEFORE if before in (kept.content_hash, kept.shared_hash) else Outcome.CONFLICT

    def register_version(self, form: str, version: str, resource: int, definition: str, day: date) -> None:
        """Register a version of a form; of one that is known only the wording is renewed.

        Args:
            form: the form's name.
            version: the digest of what affects data.
            resource: the number of the package resource that its responses go to.
            definition: the form as JSON.
            day: today.
        """
        positions = select(func.coalesce(func.max(form_versions.c.position), 0) + 1)
        asked = self._insert(form_versions).values(
            form=form,
            version=version,
            position=positions.where(form_versions.c.form == form).scalar_subquery(),
            resource=resource,
            definition=definition,
            first_seen=day,
        )
        with self._database.transaction(Work.WRITE) as connection:
            if self._database.postgresql:  # positions are given out one at a time, as SQLite does anyway
                connection.execute(text("LOCK TABLE form_versions IN SHARE ROW EXCLUSIVE MODE"))
            connection.execute(
                asked.on_conflict_do_update(
                    index_elements=["form", "version"], set_={"definition": asked.excluded.definition}
                )
            )

    def hit(self, bucket: str, window: int) -> int:
        """Count one more in a bucket, and forget the windows before this one of all buckets of its kind.

        Args:
            bucket: what is counted; a pseudonym, never an address. Windows of another length have a kind of their own:
                what stands before a colon.
            window: the number of the stretch of time it is counted in.

        Returns:
            How many there are now, this one included.
        """
        return self._counting.do(Hit(bucket, window))

    def _hit(self, connection: Connection, many: Sequence[Hit]) -> list[int]:
        together = Counter(many)
        # In one order everywhere, so that two transactions never wait on each other.
        rows = [{"bucket": hit.bucket, "window": hit.window, "count": times} for hit, times in sorted(together.items())]
        now = {Hit(bucket, window): count for bucket, window, count in connection.execute(self._insert_hits, rows)}
        counts = []
        for hit in many:
            together[hit] -= 1
            counts.append(now[hit] - together[hit])
        if 1 in counts:
            for kind in {hit.kind for hit in many}:
                oldest = min(hit.window for hit in many if hit.kind == kind)
                alike = rate_counters.c.bucket.startswith(kind) if kind else ~rate_counters.c.bucket.contains(":")
                connection.execute(rate_counters.delete().where(rate_counters.c.window < oldest, alike))
        return counts

    def forget_hits(self, before: int) -> None:
        """Forget what was counted in windows that began before a moment, in seconds since 1970."""
        with self._database.transaction(Work.COUNT) as connection:
            connection.execute(rate_counters.delete().where(rate_counters.c.window < before))

    def watch(self, at_work: Callable[[], AbstractContextManager[None]]) -> None:
        """Let somebody know while responses and counts are being written."""
        self._keeping.at_work = self._counting.at_work = at_work

    def alone_at(self, job: Job) -> AbstractContextManager[None]:
        """Do a job while no other process does, on whichever machine.

        Raises:
            JobTaken: another process does it, and goes on.
        """
        return self._database.alone_at(job)

    def ping(self) -> None:
        """See that the database takes a write, which is taken back."""
        with self._database.transaction(Work.COUNT) as connection:
            connection.execute(self._insert(rate_counters).values(bucket="ping", window=-1, count=0))
            connection.rollback()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open a snapshot: whatever is asked of it is answered of the same moment."""
        with self._database.transaction(Work.READ) as connection:
            yield Snapshot(connection)

    def counts(self, form: str) -> Mapping[str, int]:
        """Count a form's responses in each state that has any, those erased too: see `Snapshot.accounted`."""
        with self.snapshot() as snapshot:
            return snapshot.accounted(form)

    def forms(self) -> tuple[str, ...]:
        """Name every form that anything is known of, in the order of their names."""
        with self.snapshot() as snapshot:
            return snapshot.forms()

    def versions(self, form: str) -> list[FormVersion]:
        """Give the versions of a form, the first registered first."""
        with self.snapshot() as snapshot:
            return snapshot.versions(form)

    def wipe(self) -> bool:
        """Take what was erased out of SQLite's log too; PostgreSQL does so by itself, in time (`VACUUM`).

        Returns:
            Whether it is gone: somebody who is reading can keep it there for a while.
        """
        return self._database.wipe()

    @property
    def lost(self) -> bool:
        """Whether a fault of the disk has made this process unfit to go on."""
        return self._database.lost

    def close(self) -> None:
        """Close every connection, once what is being written is on disk; SQLite then leaves one file."""
        for group in (self._keeping, self._counting):
            group.close()
        self._database.close()


def _row(kept: Kept, held_until: datetime | None) -> dict[str, object]:
    row = {column.name: getattr(kept, column.name) for column in responses.c if hasattr(kept, column.name)}
    waits = kept.sign_up is not None and not kept.doubted
    # The same columns for each: they are written together.
    return row | {
        "state": state_of_new(signs_up=kept.sign_up is not None, doubted=kept.doubted),
        "address_hash": kept.sign_up.address_hash if kept.sign_up else None,
        "pending_since": kept.received_on if waits else None,
        "network": kept.network if waits else None,
        "held_until": held_until,
    }
