"""Packages of a sealed form that somebody opened with a key.

The service has no key: it cannot write such a package again, and must not close what an analyst opened. It can take
out of it who is no longer in the store.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bacheca.forms import Form
from bacheca.forms.definition.form import FIXED_COLUMNS
from bacheca.forms.package.incremental_csv import Day, block_of
from bacheca.forms.package.package import resource_name


def is_opened(package: Path, versions: Sequence[Form]) -> bool:
    """Tell whether a package holds columns that only a key could put there."""
    sealed = frozenset().union(*map(_told_by, versions))
    return bool(sealed) and any(sealed & set(_header(path)) for path in package.glob(f"{resource_name(1)}*.csv"))


def _told_by(form: Form) -> frozenset[str]:
    """Name the sealed columns of a version that no package ever held unopened.

    The personal ones: once what is sensitive stayed readable, and what is sealed with another question.
    """
    fields = [form.field(name) for name in form.sealed_by_themselves]
    personal = [field for field in fields if field.privacy == "personal"]
    return frozenset(column.name for field in personal or fields for column in field.columns)


def rows_left(path: Path, forms: Sequence[Form], kept_ids: Callable[[date], frozenset[str]]) -> Iterator[Day]:
    """Give what a package's file holds of responses that are still kept, as it stands there.

    Args:
        path: the file; it may not be there.
        forms: the versions whose responses it holds.
        kept_ids: names the responses of a day that are kept.
    """
    if not path.is_file():
        return
    columns = [*FIXED_COLUMNS, *dict.fromkeys(column.name for form in forms for column in form.columns)]
    with path.open(encoding="utf-8", newline="") as file:
        for day, rows in groupby(csv.DictReader(file), key=itemgetter("received_on")):
            kept = kept_ids(date.fromisoformat(day))
            left = [row for row in rows if row["response_id"] in kept]
            if left:
                yield Day("", [block_of(left, columns)])


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file), [])
