"""What goes into the store and comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Literal

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
        given_at: when, in UTC, kept to the second; `None` where a fine time would tell who it was.
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
        answers: the canonical cell of each column.
        consents: the agreements given with it.
        mail: the mails to send for it.
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


class Outcome(Enum):
    """What became of a response."""

    KEPT = "kept"
    KEPT_BEFORE = "kept before"
    """The same key with the same answers was kept already."""
    CONFLICT = "conflict"
    """The same key was kept with other answers, which stay as they are."""


@dataclass(frozen=True)
class StoredResponse:
    """A response as it stands in the store; `resource` numbers the package resource it belongs to."""

    response_id: str
    form: str
    version: str
    resource: int
    language: str
    channel: Channel
    received_on: date
    state: str
    answers: Mapping[str, str]


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
