"""The clock of the service; whoever needs the time is handed this or another one."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Give the time, in UTC."""
    return datetime.now(UTC)
