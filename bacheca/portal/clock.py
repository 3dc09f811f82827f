"""The moment that a build takes for now, and whose clocks this machine shows."""

from __future__ import annotations

import datetime as dt
import os

from babel.localtime import get_localzone

from bacheca.forms.definition.checks.localities import is_zone


def build_moment() -> dt.datetime:
    """Give the time: that of `SOURCE_DATE_EPOCH` where a build has to come out the same, else the clock's.

    Specification: https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now(dt.UTC)


def zone_here() -> str:
    """Name the time zone that this machine is set to; `UTC` where it is set to that of no place."""
    name = str(getattr(get_localzone(), "key", ""))
    return name if is_zone(name) else "UTC"
