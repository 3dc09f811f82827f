"""What empties the outbox: takes what is due, has it carried, and notes what became of it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from forms_server.clock import utc_now
from forms_server.crypto.tokens import Secret
from forms_server.errors import MailDelayed, MailRefused
from forms_server.http.page_shell import Shell
from forms_server.mail import Carrier, Composer, carrier_of
from forms_server.settings import Settings
from forms_server.store import Job, Store, WaitingMail

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
DEAD_AFTER = timedelta(days=4)
"""How long a letter is tried, as RFC 5321 (4.5.4.1) advises; then it is a dead letter."""


def wait_after(attempts: int) -> timedelta:
    """Give how long a letter waits after so many attempts: twice as long each time."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


class MailSender:
    """Sends the mail of a store.

    Args:
        store: whose outbox holds the mail.
        composer: writes the letters.
        carrier: carries them.
        now: the time, with its zone.
    """

    def __init__(
        self,
        store: Store,
        composer: Composer,
        carrier: Carrier,
        now: Callable[[], datetime] = utc_now,
    ):
        self._store = store
        self._composer = composer
        self._carrier = carrier
        self._now = now
        self._sent: set[str] = set()  # sent, and the store could not be told: never to be sent again

    def send_due(self) -> Counter[str]:
        """Send all that is due, until a fault concerns every letter.

        Returns:
            How many were `sent`, are `delayed` and are `dead`.

        Raises:
            JobTaken: another process sends it.
            StoreUnavailable: the store does not answer; what was sent until then is sent.
        """
        with self._store.alone_at(Job.MAIL):
            return self._send_due()

    def _send_due(self) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        try:
            while mail := self._store.outbox.take(self._now()):
                if mail.campaign_id and not self._store.campaigns.is_wanted(mail.id):
                    self._store.outbox.leave_out(mail.id)
                    continue
                try:
                    self._send(mail)
                    outcomes["sent"] += 1
                except MailRefused as refusal:
                    self._bury(mail, refusal.code)
                    outcomes["dead"] += 1
                except MailDelayed as delay:
                    outcomes["dead" if self._delay(mail, delay.code) else "delayed"] += 1
                    if delay.lasting:
                        break
        finally:
            self._carrier.close()
        return outcomes

    def send_at_once(self, mail: WaitingMail) -> None:
        """Send a letter that the outbox cannot hold.

        Raises:
            MailProblem: it could not be sent.
        """
        try:
            self._carrier.send(self._composer.compose(mail), mail.id)
        finally:
            self._carrier.close()

    def _send(self, mail: WaitingMail) -> None:
        if mail.id not in self._sent:
            self._carrier.send(self._composer.compose(mail), mail.id)
            self._sent.add(mail.id)
        self._store.outbox.sent(mail.id)
        self._sent.discard(mail.id)

    def _delay(self, mail: WaitingMail, code: str) -> bool:
        """Let a letter wait; give it up, and say so, when it has been tried for days."""
        if self._now() - mail.created_at >= DEAD_AFTER:
            self._bury(mail, code)
            return True
        log.info("a letter waits", extra={"code": code})
        self._store.outbox.delay(mail.id, self._now() + wait_after(mail.attempts), code)
        return False

    def _bury(self, mail: WaitingMail, code: str) -> None:
        log.warning("a letter cannot be delivered", extra={"code": code})
        self._store.outbox.bury(mail.id, code)


def sender_of(
    settings: Settings,
    secret: Secret,
    shell: Shell,
    store: Store,
    now: Callable[[], datetime] = utc_now,
) -> MailSender:
    """Make what sends the mail of a store, as the settings want it carried."""
    return MailSender(store, Composer(settings, secret, shell, store), carrier_of(settings), now)
