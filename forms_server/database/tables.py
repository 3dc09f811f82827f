"""The tables as the code of today sees them; `migrations/` makes them, and a test compares the two."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Dialect, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator


class Unreadable(Exception):
    """A value that this code never wrote: whoever reads the database says in which row (`damage.py`)."""


class Day(TypeDecorator[date]):
    """A day, which SQLite keeps as text."""

    impl = Date
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read it back."""
        read = super().result_processor(dialect, coltype)
        return read and partial(_read, read)


class UtcSecond(TypeDecorator[datetime]):
    """A moment in UTC to the second, as text that sorts and that every database reads alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write it as `2026-11-23T10:15:30Z`."""
        if value is None:
            return None
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read it back."""
        return None if value is None else _read(datetime.fromisoformat, value)


class JsonText(TypeDecorator[Mapping[str, object]]):
    """An object of JSON as text, with its names in the order in which they were given."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, object] | None, dialect: Dialect) -> str | None:
        """Write it without blanks, every character as it is."""
        return None if value is None else json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, object] | None:
        """Read it back."""
        return None if value is None else _read(_object, value)


def _object(value: str) -> Mapping[str, object]:
    found = json.loads(value)
    if not isinstance(found, dict):
        raise TypeError(value)
    return found


def _read(read: Callable[[Any], Any], value: object) -> Any:
    try:
        return read(value)
    except (ValueError, TypeError):
        raise Unreadable from None  # without the value: it may be somebody's answer


metadata = MetaData()

schema_version = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
)

form_versions = Table(
    "form_versions",
    metadata,
    Column("form", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("resource", Integer, nullable=False),
    Column("definition", Text, nullable=False),
    Column("first_seen", Day, nullable=False),
)

responses = Table(
    "responses",
    metadata,
    Column("response_id", Text, primary_key=True),
    Column("form", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("received_on", Day, nullable=False),
    Column("state", Text, nullable=False, server_default="kept"),
    Column("key_hash", Text, nullable=False, unique=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("content_hash", Text, nullable=False),
    Column("answers", JsonText, nullable=False),
    Column("keep_until", Day),
    Column("address_hash", Text),
    Column("pending_since", Day),
    Column("confirmed_at", UtcSecond),
    Column("sealed", Text),
    Column("sealed_to", Text),
    Column("secret_id", Text, nullable=False, server_default=""),
    Column("mailed_only", Integer, nullable=False, server_default="0"),
    Column("network", Text),
    Column("held_until", UtcSecond),
    Column("doubt", Text),
)

waiting_list = Table(
    "waiting_list",
    metadata,
    Column("response_id", ForeignKey("responses.response_id", ondelete="CASCADE"), primary_key=True),
    Column("form", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
)

notices = Table(
    "notices",
    metadata,
    Column("notice_hash", Text, primary_key=True),
    Column("language", Text, nullable=False),
    Column("text", Text, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("response_id", ForeignKey("responses.response_id", ondelete="CASCADE"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("notice_hash", ForeignKey("notices.notice_hash"), nullable=False),
    Column("language", Text, nullable=False),
    Column("given_at", UtcSecond),
    Column("withdrawn_at", UtcSecond),
    Column("given_on", Day),
    Column("withdrawn_on", Day),
    Column("confirmed_at", UtcSecond),
)

links = Table(
    "links",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("response_id", ForeignKey("responses.response_id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("secret_id", Text, nullable=False, server_default=""),
    Column("content_hash", Text),
)

corrections = Table(
    "corrections",
    metadata,
    Column("response_id", ForeignKey("responses.response_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("corrected_on", Day, nullable=False),
)

attestations = Table(
    "attestations",
    metadata,
    Column("response_id", ForeignKey("responses.response_id", ondelete="CASCADE"), primary_key=True),
    Column("done_at", UtcSecond, primary_key=True),
    Column("note", Text, nullable=False),
)

letters_declined = Table(
    "letters_declined",
    metadata,
    Column("response_id", ForeignKey("responses.response_id", ondelete="CASCADE"), primary_key=True),
    Column("declined_at", UtcSecond, nullable=False),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("tombstone", Text, primary_key=True),
    Column("form", Text, nullable=False),
    Column("state", Text, nullable=False),
)

letter_marks = Table(
    "letter_marks",
    metadata,
    Column("form", Text, primary_key=True),
    Column("mark", Text, primary_key=True),
)

changed_days = Table(
    "changed_days",
    metadata,
    Column("form", Text, primary_key=True),
    Column("received_on", Day, primary_key=True),
    Column("mark", Text, nullable=False),
)

received = Table(
    "received",
    metadata,
    Column("form", Text, primary_key=True),
    Column("shard", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

erased = Table(
    "erased",
    metadata,
    Column("form", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("shard", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("done_at", UtcSecond, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("counts", JsonText, nullable=False),
    Column("secret_id", Text, nullable=False, server_default=""),
)

backups = Table(
    "backups",
    metadata,
    Column("made_at", UtcSecond, primary_key=True),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("campaign_id", Text, primary_key=True),
    Column("form", Text, nullable=False),
    Column("address_field", Text, nullable=False),
    Column("session_field", Text, nullable=False, server_default=""),
    Column("session_code", Text, nullable=False, server_default=""),
    Column("consent", Text, nullable=False, server_default=""),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("started_at", UtcSecond, nullable=False),
    Column("ended_at", UtcSecond),
    Column("stopped", Integer, nullable=False, server_default="0"),
    Column("last", Text, nullable=False, server_default=""),
    Column("chosen", BigInteger, nullable=False, server_default="0"),
    Column("put", BigInteger, nullable=False, server_default="0"),
    Column("sent", BigInteger, nullable=False, server_default="0"),
    Column("failed", BigInteger, nullable=False, server_default="0"),
    Column("to_all", Integer, nullable=False, server_default="1"),
    Column("rest_of", Text, nullable=False, server_default=""),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("response_id", ForeignKey("responses.response_id", ondelete="CASCADE")),
    Column("kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_attempt_at", UtcSecond, nullable=False),
    Column("created_at", UtcSecond, nullable=False),
    Column("fault", Text),
    Column("campaign_id", ForeignKey("campaigns.campaign_id")),
    Column("bounced_at", UtcSecond),
)

mail_counts = Table(
    "mail_counts",
    metadata,
    Column("day", Day, primary_key=True),
    Column("pseudonym", Text, primary_key=True),
    Column("count", Integer, nullable=False),
)

rate_counters = Table(
    "rate_counters",
    metadata,
    Column("bucket", Text, primary_key=True),
    Column("window", BigInteger, primary_key=True, quote=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("account_id", Text, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("created_at", UtcSecond, nullable=False),
    Column("ended_at", UtcSecond),
    Column("authenticator", Text),
    Column("secret_id", Text, nullable=False, server_default=""),
    Column("last_code", BigInteger, nullable=False, server_default="0"),
)

openid_subjects = Table(
    "openid_subjects",
    metadata,
    Column("account_id", ForeignKey("accounts.account_id", ondelete="CASCADE"), primary_key=True),
    Column("subject_hash", Text, nullable=False, unique=True),
    Column("bound_at", UtcSecond, nullable=False),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("credential_id", Text, primary_key=True),
    Column("account_id", ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False),
    Column("credential", Text, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("created_at", UtcSecond, nullable=False),
)

desk_links = Table(
    "desk_links",
    metadata,
    Column("link_id", Text, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("account_id", ForeignKey("accounts.account_id", ondelete="CASCADE")),
    Column("purpose", Text, nullable=False),
    Column("made_at", UtcSecond, nullable=False),
    Column("expires_at", UtcSecond, nullable=False),
)

answered_challenges = Table(
    "answered_challenges",
    metadata,
    Column("challenge_hash", Text, primary_key=True),
    Column("expires_at", UtcSecond, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("account_id", ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False),
    Column("started_at", UtcSecond, nullable=False),
    Column("seen_at", UtcSecond, nullable=False),
)

downloads = Table(
    "downloads",
    metadata,
    Column("download_id", Text, primary_key=True),
    Column("account_id", ForeignKey("accounts.account_id", ondelete="CASCADE"), nullable=False),
    Column("form", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("personal", Integer, nullable=False),
    Column("asked_at", UtcSecond, nullable=False),
    Column("mark", Text),
    Column("file", Text),
    Column("made_at", UtcSecond),
    Column("fault", Text),
    Column("filter", Text, nullable=False, server_default=""),
)

schedules = Table(
    "schedules",
    metadata,
    Column("form", Text, primary_key=True),
    Column("opens", Day),
    Column("closes", Day),
    Column("shut_at", UtcSecond),
)

requests = Table(
    "requests",
    metadata,
    Column("request_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("secret_id", Text, nullable=False, server_default=""),
    Column("address", Text),
    Column("received_on", Day, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("extended_on", Day),
    Column("opened_by", Text, nullable=False),
    Column("closed_by", Text),
    Column("closed_at", UtcSecond),
    Column("outcome", Text),
)

desk_log = Table(
    "desk_log",
    metadata,
    Column("id", Text, primary_key=True),
    Column("done_at", UtcSecond, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("form", Text),
    Column("response_id", ForeignKey("responses.response_id", ondelete="SET NULL")),
    Column("about_account", Text),
)
