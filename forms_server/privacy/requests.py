"""Requests of people about their data: noted with a deadline, and closed by what answers them (GDPR 12.3).

While one is open its address is kept, sealed with the service's key, since it has to be answered. Once it is closed a
keyed hash is left, as in the audit, and that goes after five years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bacheca.forms.catalogues import marked as _
from bacheca.forms.definition.privacy import Period
from forms_server.crypto.tokens import Secret, new_reference
from forms_server.errors import PersonProblem
from forms_server.messages import Saying
from forms_server.privacy.data_subjects import AUDITED, address_of
from forms_server.privacy.retention import Retention
from forms_server.store.desk.requests import Request

KINDS: Mapping[str, str] = {
    "access": _("to know what is held of them"),
    "copy": _("a copy of their data"),
    "correction": _("a correction"),
    "erasure": _("to be erased"),
    "objection": _("that their data are used no more"),
}
"""What people ask for, and how it is said: the rights of articles 15, 20, 16, 17 and 21."""

OUTCOMES: Mapping[str, str] = {
    "done": _("done"),
    "refused": _("refused, with the reasons in the answer"),
    "taken-back": _("taken back by whoever asked"),
}
"""What becomes of a request."""

TIME, LONGER = Period(1, "month"), Period(3, "month")
"""How long there is to answer from the day a request came, and how long where it is extended (GDPR 12.3)."""

SOON = timedelta(days=7)
"""How long before its deadline a request is urgent."""


@dataclass(frozen=True)
class PersonRequests:
    """Notes what people ask for.

    Args:
        retention: the store, the clock, and where what is closed is written down.
        secret: what addresses are hashed and sealed with.
        by: the account that asks for it; empty where a command does.
        new_id: makes random names.
    """

    retention: Retention
    secret: Secret
    by: str = ""
    new_id: Callable[[], str] = new_reference

    def note(self, address: str, kind: str, received_on: date) -> Request:
        """Note that somebody asked for something; the same that came on the same day, and is open, is noted once.

        Raises:
            PersonProblem: this is no address, no kind of request, or no day that it can have come.
        """
        address = address_of(address)
        if kind not in KINDS:
            raise PersonProblem(
                Saying(_("There is no request {kind}. They are: {kinds}."), kind=kind, kinds=_all(KINDS))
            )
        today = self.retention.today
        if not today - timedelta(days=366) <= received_on <= today:
            raise PersonProblem(
                Saying(_("A request came today or in the last year: {day} is neither."), day=received_on)
            )
        theirs = [one.address_hash(AUDITED, address) for one in self.secret.all]
        for known in self.retention.store.requests.open():
            if known.subject in theirs and (known.kind, known.received_on) == (kind, received_on):
                return known
        request = Request(
            self.new_id(),
            kind,
            self.secret.address_hash(AUDITED, address),
            self.secret.name(AUDITED),
            Fernet(self.secret.sealing_key()).encrypt(f"request {address}".encode()).decode(),
            received_on,
            TIME.after(received_on),
            self.by,
        )
        self.retention.store.requests.add(request)
        return request

    def address(self, request: Request) -> str:
        """Give the address of one that is open; empty where it is closed, or no key that is set opens it."""
        try:
            keys = MultiFernet([Fernet(one.sealing_key()) for one in self.secret.all])
            return keys.decrypt(request.address or "").decode().removeprefix("request ")
        except InvalidToken:
            return ""

    def find(self, request_id: str) -> Request:
        """Find one that is open.

        Raises:
            PersonProblem: there is none.
        """
        request = self.retention.store.requests.find(request_id)
        if request is None or request.closed_at:
            raise PersonProblem(Saying(_("There is no open request {request}."), request=request_id))
        return request

    def extend(self, request_id: str) -> Request:
        """Take two months more, once whoever asked was told why; it can be done once, in the first month.

        Raises:
            PersonProblem: there is none that can be extended.
        """
        request = self.find(request_id)
        later = LONGER.after(request.received_on)
        in_time = self.retention.today <= request.due_on
        if not in_time or not self.retention.store.requests.extend(request_id, later, self.retention.today):
            sentence = _("The request {request} was extended before, or its month is over.")
            raise PersonProblem(Saying(sentence, request=request_id))
        return self.find(request_id)

    def close(self, request_id: str, outcome: str) -> None:
        """Say what became of one.

        Raises:
            PersonProblem: there is none that is open, or no such outcome.
        """
        if outcome not in OUTCOMES:
            sentence = _("There is no outcome {outcome}. They are: {outcomes}.")
            raise PersonProblem(Saying(sentence, outcome=outcome, outcomes=_all(OUTCOMES)))
        request = self.find(request_id)
        self.retention.close_requests([request.request_id], outcome, self.by)


def _all(named: Mapping[str, str]) -> str:
    return ", ".join(named)
