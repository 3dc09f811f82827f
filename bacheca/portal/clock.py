"""The moment that a build takes for now."""

from __future__ import annotations

import datetime as dt
import os


def build_moment() -> dt.datetime:
    """Give the time: that of `SOURCE_DATE_EPOCH` where a build has to come out the same, else the clock's.

    Specification: https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now(dt.UTC)
