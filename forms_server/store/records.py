"""What goes into the store and comes out of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import compress
from typing import Literal, NamedTuple

from bacheca.forms.definition.allotment import Places

OWN = "1."
"""What the hash of sealed answers begins with that is their response's own, whoever else answers the same."""


def own_hash(content_hash: str = "") -> str:
    """Give that hash where it is a response's own; else a random one, which tells nothing and no answers have."""
    return content_hash if content_hash.startswith(OWN) else OWN + secrets.token_hex(32)


Channel = Literal["web", "mail"]
"""How a response came: through the service, or by a mail that was read in."""


@dataclass(frozen=True)
class Consent:
    """A person's agreement to a notice.

    Args:
        field: the name of the field that asked for it.
        notice_hash: the hash of the notice, exactly as it was shown.
        language: the language in which it was shown.
        notice: the text of the notice.
        given_at: when, in UTC, kept to the second; `None` where a fine time would tell who it was, and only the day
            is kept.
    """

    field: str
    notice_hash: str
    language: str
    notice: str
    given_at: datetime | None = None


@dataclass(frozen=True)
class OutboxMail:
    """A mail to send once the response is kept.

    Args:
        id: a random name.
        kind: which mail it is; the name of its template.
        recipient: the address it goes to.
        language: the language it is written in.
        payload: what its template needs, as JSON values.
        created_at: when, in UTC, kept to the second; it may be sent from then on.
        of_response: whether it belongs to the response and goes when the response is erased.
    """

    id: str
    kind: str
    recipient: str
    language: str
    payload: Mapping[str, object]
    created_at: datetime
    of_response: bool = True


@dataclass(frozen=True)
class SignUp:
    """What a response that waits for its address to be confirmed brings with it.

    Args:
        address_hash: the keyed hash of the address, another one for each form.
        links: the hash of the token of each link that its mail carries, by purpose.
        confirm: the mail that asks to confirm.
        known: the mail that goes out instead, when the address is a member already.
        pseudonyms: what the mails to the address are counted under today: the first; those of older keys follow.
        secret_id: the name of the key that hashes and links were made with.
        asks: whether the mails go out; somebody confirms it at once on the word of its owner otherwise.
    """

    address_hash: str
    links: Mapping[str, str]
    confirm: OutboxMail
    known: OutboxMail
    pseudonyms: tuple[str, ...]
    secret_id: str = ""
    asks: bool = True


@dataclass(frozen=True)
class Kept:
    """One response, and all that is kept with it or not at all.

    Args:
        response_id: 128 random bits in hexadecimal.
        form: the form's name.
        version: the form's version; `Store.register_version` must know it.
        language: the language of the page.
        channel: how the response came.
        received_on: the day it came; no finer time is kept.
        key_hash: the hash of its key; one key, one response.
        token_hash: the hash of its receipt's token.
        content_hash: the hash of the answers, to tell a repetition from other answers.
        shared_hash: the hash by which an older version told that, where answers are sealed; empty where there is none.
        answers: the canonical cell of each column.
        consents: the agreements given with it.
        mail: the mails to send for it.
        keep_until: the last day it is kept; `None` where the form does not say.
        sign_up: what makes it wait until it is confirmed; `None` when it is kept at once.
        places: what the form says of its places; `None` for any number.
        sealed: the cells that are sealed, which are not among the answers; `None` where none are.
        sealed_to: a digest of the keys that open them.
        doubted: whether it waits in quarantine, and its mail with it.
        doubt: why it does; `None` where it does not.
        secret_id: the name of the key that its hashes were made with.
        network: a pseudonym of the network it came from; `None` where nobody looks at that.
    """

    response_id: str
    form: str
    version: str
    language: str
    channel: Channel
    received_on: date
    key_hash: str
    token_hash: str
    content_hash: str
    answers: Mapping[str, str]
    consents: tuple[Consent, ...] = ()
    mail: tuple[OutboxMail, ...] = ()
    keep_until: date | None = None
    sign_up: SignUp | None = None
    places: Places | None = None
    sealed: str | None = None
    sealed_to: str | None = None
    doubted: bool = False
    doubt: str | None = None
    secret_id: str = ""
    network: str | None = None
    shared_hash: str = ""


class Outcome(Enum):
    """What became of a response."""

    KEPT = "kept"
    KEPT_BEFORE = "kept before"
    """The same key with the same answers was kept already."""
    CONFLICT = "conflict"
    """The same key was kept with other answers, which stay as they are."""
    FULL = "full"
    """A place that it needs is taken, nobody more may wait for one, and nothing was kept."""
    HELD = "held"
    """Too many places are held from the same network by what waits to be confirmed, and nothing was kept."""


@dataclass(frozen=True)
class Correction:
    """What a response becomes when it is corrected.

    Args:
        version: the form's version that was answered.
        language: in which language, which later mails speak too.
        content_hash: the hash of the answers.
        answers: the canonical cell of each column.
        consents: the agreements it now has; those it had before and has no more are taken back.
        sign_up: what it waits for, if its address is another one than before.
        day: today.
        moment: now, in UTC.
        sealed: the cells that are sealed, which are not among the answers; `None` where none are.
        sealed_to: a digest of the keys that open them.
        oldest: the first day of which a pending response can still be confirmed; one of an older day is gone.
        places: what the form says of its places; `None` for any number.
    """

    version: str
    language: str
    content_hash: str
    answers: Mapping[str, str]
    consents: tuple[Consent, ...]
    sign_up: SignUp | None
    day: date
    moment: datetime
    sealed: str | None = None
    sealed_to: str | None = None
    oldest: date = date.min
    places: Places | None = None


class Corrected(Enum):
    """What became of a correction."""

    DONE = "done"
    ABSENT = "absent"
    """There is no such response any more, or its receipt opens it no more."""
    CHANGED = "changed"
    """The answers are others than those that were seen: they stay as they are."""
    FULL = "full"
    """What it asks for now has no place left: the answers stay as they were, and keep theirs."""

    def __bool__(self) -> bool:
        """Tell whether the answers are those of the correction now."""
        return self is Corrected.DONE


class Confirmation(Enum):
    """What became of a confirmation."""

    CONFIRMED = "confirmed"
    KNOWN = "known"
    """The address was a member already, by this response or by another."""
    WAITING = "waiting"
    """It is confirmed, and waits for a place."""
    FULL = "full"
    """It was not confirmed while its place was held, and none is left; it stays as it is."""
    CHANGED = "changed"
    """The answers are others than those that were to be confirmed, and nothing was changed."""
    UNKNOWN = "unknown"
    """No such link, or its time is over."""


@dataclass(frozen=True)
class StoredResponse:
    """A response as it stands in the store.

    `resource` numbers the package resource it belongs to; `state` is that of what is there; `held_until` is until when
    a place is held for it; `mailed_only` is 1 once the owner of the address has confirmed it: then only a mailed link
    opens it. The rest is as in `Kept`.
    """

    response_id: str
    form: str
    version: str
    resource: int
    language: str
    channel: Channel
    received_on: date
    state: str
    answers: Mapping[str, str]
    token_hash: str
    content_hash: str
    keep_until: date | None = None
    address_hash: str | None = None
    pending_since: date | None = None
    held_until: datetime | None = None
    sealed: str | None = None
    sealed_to: str | None = None
    secret_id: str = ""
    mailed_only: int = 0


LettersOf = Callable[[StoredResponse], OutboxMail]
"""Writes the letter that goes to somebody."""


@dataclass(frozen=True)
class StandingConsent:
    """An agreement that was not taken back: its field, its text as it was shown, in which language, and its hash."""

    field: str
    language: str
    text: str
    notice_hash: str = ""


class PackageRows(NamedTuple):
    """What goes into a package of some responses, column by column, since there may be a million of them.

    `sealed` is empty where nothing was sealed.
    """

    response_id: Sequence[str]
    version: Sequence[str]
    language: Sequence[str]
    channel: Sequence[str]
    sealed: Sequence[str]
    answers: Sequence[Mapping[str, str]]

    def only(self, taken: Sequence[bool]) -> PackageRows:
        """Give those that are taken, of each whether it is."""
        texts = self.response_id, self.version, self.language, self.channel, self.sealed
        ids, versions, languages, channels, seals = (list(compress(column, taken)) for column in texts)
        return PackageRows(ids, versions, languages, channels, seals, list(compress(self.answers, taken)))


@dataclass(frozen=True)
class KeptDay:
    """The kept responses of a day.

    `mark` is a digest: another one whenever one of them came, went or was changed.
    """

    count: int
    mark: str


@dataclass(frozen=True)
class WaitingMail:
    """A mail of the outbox that is being sent; `attempts` counts this one.

    `form`, `address_hash`, `pending_since`, `held_until` and `token_hash` are those of the response that it belongs to;
    `campaign_id` names the letter to many that it is one of.
    """

    id: str
    response_id: str | None
    kind: str
    recipient: str
    language: str
    payload: Mapping[str, object]
    attempts: int
    created_at: datetime
    fault: str | None = None
    form: str | None = None
    address_hash: str | None = None
    pending_since: date | None = None
    held_until: datetime | None = None
    token_hash: str | None = None
    campaign_id: str | None = None


@dataclass(frozen=True)
class FormVersion:
    """A version of a form that was served.

    Args:
        form: the form's name.
        version: the digest of what affects data.
        position: 1 for the first version that was registered, and so on.
        resource: the number of the package resource that its responses belong to.
        definition: the form as JSON, with the last wording that was registered.
        first_seen: the day it was registered.
    """

    form: str
    version: str
    position: int
    resource: int
    definition: str
    first_seen: date
