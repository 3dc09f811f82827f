"""How long responses stay, and that what is erased stays erased."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from bacheca.forms import USUAL, Community, Form
from bacheca.forms.definition.privacy import oldest_to_confirm
from bacheca.forms.local_time import local_day
from forms_server.clock import utc_now
from forms_server.data_folder import keep_private
from forms_server.errors import StoreUnavailable
from forms_server.known_forms import last_definitions
from forms_server.operations.backups.before_upgrade import UpgradeCopies
from forms_server.privacy.erasure_log import TOMBSTONES, Tombstones
from forms_server.privacy.file_erasure import Traces
from forms_server.settings import Settings
from forms_server.store import Job, Store, StoredResponse, open_store
from forms_server.store.lifecycle import Arrow, State, tombstone_of

log = logging.getLogger(__name__)

DAY = 86_400
"""The longest window in which posts are counted, in seconds: what was counted in an earlier one is of no use."""

DESK_LOG_KEPT = timedelta(days=2 * 365)
"""How long the log of the desk remembers who saw or changed whose data."""

REQUEST = ":request"
"""Stands for a form in the tombstone of a request: no form can be called so."""

LETTER = ":letter"
"""Stands for a form in the tombstone of a mail: no form can be called so."""

REQUESTS_KEPT = timedelta(days=5 * 365)
"""How long it is remembered that somebody asked for something, once it is closed: as long as the audit."""

DAYS_OF_MAIL = 30
"""How many days the outbox remembers a mail that was sent or given up."""


@dataclass(frozen=True)
class Retention:
    """Erases: at once what is withdrawn, in its time what has been kept long enough.

    Args:
        store: where the responses are.
        tombstones: where each withdrawal is written down first.
        traces: what files beside the store hold of the responses.
        copies: those that were made of the store before an upgrade.
        now: the time, with its zone.
        community: says by whose clocks days begin.
    """

    store: Store
    tombstones: Tombstones
    traces: Traces
    copies: UpgradeCopies
    now: Callable[[], datetime] = utc_now
    community: Callable[[], Community] = lambda: USUAL

    @property
    def today(self) -> date:
        """The day it is where the community lives."""
        return local_day(self.now(), self.community().zone)

    @property
    def oldest_pending(self) -> date:
        """The first day of which a sign-up can still be confirmed today."""
        return oldest_to_confirm(self.today)

    def is_over(self, stored: StoredResponse) -> bool:
        """Tell whether a response was not confirmed in time, or an offer not taken, and is erased before long."""
        if stored.state == State.OFFERED:
            return stored.held_until is not None and stored.held_until <= self.now()
        return stored.pending_since is not None and stored.pending_since < self.oldest_pending

    def withdraw(self, stored: StoredResponse, token_hash: str | None = None) -> bool:
        """Erase a response on its owner's word, with its consents, links, history and mail.

        Args:
            stored: the response.
            token_hash: the hash of the token of the receipt that opened it; `None` where no receipt did.

        Returns:
            Whether it was there, and the receipt still opened it.

        Raises:
            OSError: the withdrawal cannot be written down, and nothing was erased.
            StoreUnavailable: nobody knows whether it is erased; asking again is safe.
        """
        # Written down first: should the power fail between the two, the next start erases it.
        note = partial(self.tombstones.add, tombstone_of(stored.form, stored.response_id))
        found = self.store.changes.withdraw(stored.form, stored.response_id, token_hash=token_hash, note=note)
        self.tidy()
        return found

    def discard(self, stored: StoredResponse) -> bool:
        """Erase a doubted response that somebody has looked at, unless it was let in meanwhile.

        Returns:
            Whether it was in quarantine.

        Raises:
            OSError: the withdrawal cannot be written down, and nothing was erased.
            StoreUnavailable: nobody knows whether it is erased; asking again is safe.
        """
        note = partial(self.tombstones.add, tombstone_of(stored.form, stored.response_id))
        found = self.store.changes.withdraw(stored.form, stored.response_id, Arrow.DISCARD, note=note)
        self.tidy()
        return found

    def erase_letters(self, ids: Sequence[str]) -> None:
        """Erase mail that is not erased with a response; an old copy of the database does not bring it back.

        Raises:
            OSError: it cannot be written down, and nothing was erased.
            StoreUnavailable: nobody knows whether it is erased; asking again is safe.
        """
        if ids:
            self.tombstones.add(*(tombstone_of(LETTER, one) for one in ids))
            self.store.subject_access.erase_letters(ids)
            self.tidy()

    def close_requests(self, ids: Sequence[str], outcome: str, by: str) -> None:
        """Close what people asked for; an old copy of the database does not bring their addresses back.

        Raises:
            OSError: it cannot be written down, and nothing was closed.
            StoreUnavailable: nobody knows whether they are closed; asking again is safe.
        """
        if ids:
            self.tombstones.add(*(tombstone_of(REQUEST, one) for one in ids))
            self.store.requests.close(ids, outcome, by, self.now())

    def tidy(self) -> None:
        """Take what was erased or corrected out of SQLite's log and out of the files beside it.

        What cannot be done now is left to the next purge.
        """
        try:
            self.store.wipe()
            self.traces.sweep()
        except (StoreUnavailable, OSError, ValueError, LookupError) as error:  # a file may have been broken by hand
            log.warning("what was erased could not be swept away yet", extra={"code": type(error).__name__})

    def replay(self) -> int:
        """Erase again what a restored copy of the database brought back; give how many responses that were."""
        marks = self.tombstones.all()
        back = self.store.changes.bury(marks)
        closed = [
            one.request_id for one in self.store.requests.open() if tombstone_of(REQUEST, one.request_id) in marks
        ]
        if closed:
            self.store.requests.close(closed, "done", "", self.now())
        letters = self.store.subject_access.letter_ids() if marks else []
        self.store.subject_access.erase_letters(one for one in letters if tombstone_of(LETTER, one) in marks)
        if back:
            self.tidy()
        return back

    def purge(self, forms: Iterable[Form]) -> Mapping[str, int]:
        """Erase what was not confirmed in time and what has been kept as long as was promised.

        A form file that now says less than it did is obeyed at once; one that says more changes nothing for
        those who have answered. A form without a file is kept to what its last definition promised.

        Args:
            forms: the forms as their files have them now.

        Returns:
            How many responses of each form.

        Raises:
            JobTaken: another process does so.
        """
        with self.store.alone_at(Job.RETENTION):
            return self._purge(forms)

    def _purge(self, forms: Iterable[Form]) -> Mapping[str, int]:
        changes, today = self.store.changes, self.today
        erased = Counter(changes.expire_pending(self.oldest_pending))
        erased.update(changes.expire_kept(today))
        forms = list(forms)
        gone, unreadable = last_definitions(self.store, {form.name: form for form in forms})
        for line in unreadable:
            log.warning("%s", line)
        for form in (*forms, *gone.values()):
            if keep := form.keep:
                over = [day for day in changes.days(form.name) if keep.after(day) < today]
                if over:
                    erased.update(changes.expire_received(form.name, over))
        self.store.outbox.forget(self.now() - timedelta(days=DAYS_OF_MAIL))
        self.store.campaigns.forget_texts()
        self.store.outbox.forget_counts(today)
        self.store.desk_log.forget(self.now() - DESK_LOG_KEPT)
        self.store.requests.forget(self.now() - REQUESTS_KEPT)
        self.store.forget_hits(int(self.now().timestamp()) - DAY)  # which else the next post does, if one comes
        try:
            self.copies.forget()
        except OSError as error:
            log.warning("an old copy of the store could not be deleted: %s", error.filename)
        self.tidy()
        return erased


def open_retention(settings: Settings, now: Callable[[], datetime] = utc_now, *, restored: bool = False) -> Retention:
    """Open the store of a service, erasing first what a restored copy of it brought back.

    Args:
        settings: of the service.
        now: the time, with its zone.
        restored: whether the store was brought back just now from a copy, which is not copied again where it is older.

    Raises:
        SettingsProblem: everybody may open the data folder, and it cannot be closed.
        StoreRefused: this code cannot work with that database.
        StoreUnavailable: the database does not answer.
        OSError: the list of what was withdrawn cannot be read.
    """
    keep_private(settings.data)
    copies = UpgradeCopies(
        settings.database_url,
        settings.data,
        settings.upgrade_backup,
        lambda: local_day(now(), settings.community.zone),
    )
    with copies.before_migrating() as copied:
        store = open_store(settings.database_url, (lambda _version: None) if restored else copied)
    retention = Retention(
        store,
        Tombstones(settings.data / TOMBSTONES),
        Traces(settings.data, store, now),
        copies,
        now,
        lambda: settings.community,
    )
    try:
        retention.replay()
    except BaseException:
        store.close()
        raise
    return retention
