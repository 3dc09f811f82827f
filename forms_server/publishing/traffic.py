"""Traffic from the server's own access logs: daily counts by page and by referring site, and nobody in them.

Reads the combined log format. No address is kept, nor counted: what is counted are views. Programs that say they
are programs are left out, and so is whatever is no page. Counts below the threshold are not written.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bacheca.forms.atomic_file import replaced
from bacheca.forms.package.spreadsheets import public_row, restored
from bacheca.forms.results_messages import TRAFFIC, say

THRESHOLD = 5
"""The least number of views of a page, or from a site, in a day that is written down."""

LINE = re.compile(
    r'\S+ \S+ \S+ \[(?P<day>\d{2}/\w{3}/\d{4}):[^\]]*\] "(?P<method>[A-Z]+) (?P<path>[^\s"]+)(?: [^"]*)?" '
    r'(?P<status>\d{3}) \S+ "(?P<referrer>[^"]*)" "(?P<agent>[^"]*)"'
)
PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|probe|scan|fetch|curl|wget|python|java/|go-http|libwww|headless|lighthouse"
    r"|feed|validator|archive|facebookexternalhit|^-?$",
    re.IGNORECASE,
)
PRIVATE = re.compile(r"^/(forms|desk|healthz|readyz|metrics)(/|$)")
"""What is no page of the portal, and may hold secrets in its address."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KINDS = ("page", "referrer")
FILE = "traffic.csv"


@dataclass
class Traffic:
    """Views by day and page, and by day and referring site; and what was left out."""

    pages: Counter[tuple[date, str]] = field(default_factory=Counter)
    referrers: Counter[tuple[date, str]] = field(default_factory=Counter)
    bots: int = 0
    unread: int = 0


def read_logs(paths: Iterable[Path]) -> Traffic:
    """Count the views in access logs, compressed or not, line by line."""
    traffic = Traffic()
    for path in paths:
        for line in _lines(path):
            _count(line, traffic)
    return traffic


def _lines(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as lines:
        yield from lines


def _count(line: str, traffic: Traffic) -> None:
    found = LINE.match(line)
    if not found or found["day"].split("/")[1] not in MONTHS:
        traffic.unread += 1
        return
    if PROGRAMS.search(found["agent"]):
        traffic.bots += 1
        return
    path = urlsplit(found["path"]).path
    if (
        found["method"] != "GET"
        or found["status"] not in ("200", "304")
        or not path.endswith("/")
        or PRIVATE.match(path)
    ):
        return
    day, month, year = found["day"].split("/")
    when = date(int(year), MONTHS.index(month) + 1, int(day))
    traffic.pages[when, path] += 1
    try:
        host = urlsplit(found["referrer"]).hostname
    except ValueError:
        host = None
    if host:
        traffic.referrers[when, host.removeprefix("www.")] += 1


def write_traffic(folder: Path, traffic: Traffic) -> Path:
    """Write daily counts beside those of other days; a day that is read again replaces itself.

    Args:
        folder: where `traffic.csv` goes.
        traffic: what was counted.

    Returns:
        The file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    read = {day for day, _ in traffic.pages}
    rows = [row for row in read_traffic(path) if row[0] not in read]
    for kind, counts in zip(KINDS, (traffic.pages, traffic.referrers), strict=True):
        rows += [(day, kind, name, views) for (day, name), views in counts.items() if views >= THRESHOLD]
    with replaced(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("day", "kind", "name", "views"))
        writer.writerows(public_row((day.isoformat(), *counted)) for day, *counted in sorted(rows))
    path.chmod(0o644)
    return path


def read_traffic(path: Path) -> list[tuple[date, str, str, int]]:
    """Read daily counts; none where the file is not there."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (date.fromisoformat(row["day"]), row["kind"], restored(row["name"]), int(row["views"]))
            for row in csv.DictReader(file)
        ]


def digest_of_month(folder: Path, month: str, language: str) -> str:
    """Write a month of traffic as Markdown for the newsletter.

    Args:
        folder: where `traffic.csv` is.
        month: the month, as `2026-11`.
        language: the language to write in.
    """
    first = datetime.strptime(month, "%Y-%m").date()
    rows = [row for row in read_traffic(folder / FILE) if (row[0].year, row[0].month) == (first.year, first.month)]
    parts = [f"## {month}", ""]
    for kind, title in zip(KINDS, TRAFFIC, strict=True):
        views = [(name, count) for _, of, name, count in rows if of == kind]
        parts += [f"### {say(title, language)}", "", *_listed(views), ""]
    return "\n".join(parts)


def _listed(views: Sequence[tuple[str, int]]) -> list[str]:
    totals: Counter[str] = Counter()
    for name, count in views:
        totals[name] += count
    return [f"- {name}: {count}" for name, count in totals.most_common(10)] or ["- —"]
