"""How the community grows, month by month: rounded counts that a page may show.

Counts are rounded down to multiples of ten, so that nobody can tell who came when. Answers to forms whose results
are published stand in those results only: another count of them could tell what the results hide.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from bacheca.forms import Form
from bacheca.forms.atomic_file import replaced
from bacheca.forms.package.spreadsheets import public_row, restored
from bacheca.forms.results.charts import is_published
from forms_server.publishing.results import published
from forms_server.store import Snapshot

STEP = 10
"""What counts are rounded down to a multiple of."""

FILE = "progress.csv"
Row = tuple[str, str, str, int]
"""A month (`2026-11`), a kind (`members`, `confirmations`, `answers`), a form, a count."""


def write_progress(folder: Path, snapshot: Snapshot, forms: Iterable[Form], data: Path, now: datetime) -> Path:
    """Write the counts.

    Args:
        folder: where `progress.csv` goes.
        snapshot: the store at one moment.
        forms: the forms served.
        data: the data folder, whose results say how many answered the forms that have any.
        now: the time, by the clocks of the community.
    """
    rows: list[Row] = []
    for form in forms:
        if form.kind == "signup":
            rows += _members(form, snapshot, now)
        elif is_published(form):
            results = published(data, form)
            count = results.value("responses") if results else None
            if results and count is not None:
                rows.append((f"{results.until:%Y-%m}", "answers", form.name, int(count) // STEP * STEP))
        else:
            rows += _by_month("answers", form.name, _months(form, snapshot), now)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with replaced(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("month", "kind", "form", "count"))
        writer.writerows(map(public_row, sorted(rows)))
    path.chmod(0o644)
    return path


def read_progress(path: Path) -> list[Row]:
    """Read the counts; none where the file is not there."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["month"], row["kind"], restored(row["form"]), int(row["count"])) for row in csv.DictReader(file)]


def _members(form: Form, snapshot: Snapshot, now: datetime) -> list[Row]:
    """Count members at the end of each month, and how many sign-ups were confirmed or still wait."""
    states = snapshot.counts(form.name)
    confirmed = states.get("kept", 0) // STEP * STEP
    months = Counter(f"{day:%Y-%m}" for day in snapshot.confirmed_on(form.name, now.tzinfo or UTC))
    rows = _by_month("members", form.name, months, now)
    return [*rows, (f"{now:%Y-%m}", "confirmations", form.name, confirmed)]


def _months(form: Form, snapshot: Snapshot) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for resource in sorted({version.resource for version in snapshot.versions(form.name)}):
        counts.update(f"{stored.received_on:%Y-%m}" for stored in snapshot.responses(form.name, resource))
    return counts


def _by_month(kind: str, name: str, months: Mapping[str, int], now: datetime) -> list[Row]:
    """Add up the counts of the months, each rounded down; months not over yet are left out."""
    over = [month for month in sorted(months) if month < f"{now:%Y-%m}"]
    totals = accumulate(months[month] for month in over)
    return [(month, kind, name, total // STEP * STEP) for month, total in zip(over, totals, strict=True)]
