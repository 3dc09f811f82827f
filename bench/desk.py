"""What the pages of the desk take where there are a million answers.

Peer: the same desk with a thousand. Pages are asked for one after the other, without a socket, on SQLite and on a
PostgreSQL of its own; what a search or the page of comments looks through is bounded, and they say how far they came.

Run it as `python -m bench.desk [--responses 1000000] [--only SQLite]`.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from statistics import median
from time import perf_counter

from werkzeug.test import TestResponse

from bench.growth import CONTENT, DAYS, fill
from bench.ingest import FORM, POSTGRESQL, SQLITE, settings
from forms_server.app import make_service
from forms_server.context import Service
from forms_server.database.engine import Work
from forms_server.database.tables import received
from forms_server.publishing.asked import CHOICE
from forms_server.settings import Settings
from tests.forms_server.desk.keeper import Keeper, keeper
from tests.forms_server.postgresql import cluster

RESPONSES, FEW, TIMES = 1_000_000, 1_000, 9
AT_MOST = 0.3
"""Seconds that a page may take, as a median."""

BASE = "http://localhost:8000"
FORMS = f"/desk/forms/{FORM}/"
QUOTING = """
- name: citare
  title: Potete citare il mio commento
  type: boolean
  form:widget: consent
  form:quotes: [criteri]
  form:notice: Potete citare il mio commento, senza il mio nome.
  form:showIf: {field: criteri, answered: true}
"""
"""A consent that lets comments be quoted, which nobody gives: all are looked through."""
NEXT = re.compile(r'<a class="button button--small" href="([^"]+)"')


@contextmanager
def desk(kind: str, count: int) -> Iterator[Keeper]:
    """Give somebody at the desk of a service with so many answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if kind == SQLITE:
            yield _signed_in(f"sqlite:///{folder}/forms.db", folder, count)
        else:
            with cluster(durable=True) as url:
                yield _signed_in(url.render_as_string(hide_password=False), folder, count)


def _signed_in(url: str, folder: Path, count: int) -> Keeper:
    content = folder / "forms"
    content.mkdir()
    form = (CONTENT / f"{FORM}.yaml").read_text(encoding="utf-8")
    (content / f"{FORM}.yaml").write_text(form.rstrip() + QUOTING, encoding="utf-8")
    environ = settings(url, folder / "data")
    environ |= {"FORMS_CONTENT": str(content), "FORMS_MAIL_FROM": "bench@example.org"}
    service = make_service(Settings.from_environ(environ), lambda: datetime.now(UTC))
    _fill(service, count, content)
    return keeper(service, "administrator", base=BASE)


def _fill(service: Service, count: int, content: Path) -> None:
    """Store the answers, and that so many came."""
    store = service.store
    fill(store, count, datetime.now(UTC).date(), content, {"citare": "false"})
    with store._database.transaction(Work.WRITE) as connection:
        connection.execute(received.insert(), [{"form": FORM, "shard": "0", "count": count}])
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")


def pages(person: Keeper) -> dict[str, Callable[[], TestResponse]]:
    """Give what is measured, by its name."""
    first = person.get(FORMS)
    found = NEXT.search(first.text.rpartition('<nav class="pager"')[2])
    assert found, "the first page has no next one"
    day = datetime.now(UTC).date() - timedelta(days=DAYS // 2)
    choice = next(iter(person.service.forms[FORM].form.field("struttura").categories))

    def get(where: str) -> Callable[[], TestResponse]:
        return lambda: person.get(where)

    return {
        "the desk's first": get("/desk/"),
        "the first of the answers": get(FORMS),
        "the next": get(unescape(found[1])),
        "those of one day": get(f"{FORMS}?from={day}&to={day}"),
        "one choice": get(f"{FORMS}?{CHOICE}struttura={choice}"),
        "a search that finds nothing": get(f"{FORMS}?text=zzzz"),
        "comments, where none is to be decided": lambda: person.post(f"/desk/comments/{FORM}/read"),
        "the log": get("/desk/log/"),
    }


def measure(kind: str, count: int) -> Mapping[str, float]:
    """Give the median seconds of each page."""
    taken: dict[str, float] = {}
    with desk(kind, count) as person:
        for name, act in pages(person).items():
            assert act().status_code == 200, name
            spans = []
            for _ in range(TIMES):
                start = perf_counter()
                act()
                spans.append(perf_counter() - start)
            taken[name] = median(spans)
    return taken


def main(arguments: Sequence[str] = ()) -> int:
    """Measure, print the figures and the ratios, and tell whether they hold."""
    parser = argparse.ArgumentParser(prog="python -m bench.desk", description="What the pages of the desk take.")
    parser.add_argument("--responses", type=int, default=RESPONSES, help="how many are stored")
    parser.add_argument("--only", choices=(SQLITE, POSTGRESQL), help="on which database")
    chosen = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)
    missed = False
    print(f"| database | page | {FEW:,} | {chosen.responses:,}, ms | times |\n|---|---|---|---|---|")
    for kind in (chosen.only,) if chosen.only else (SQLITE, POSTGRESQL):
        few, many = measure(kind, FEW), measure(kind, chosen.responses)
        for name, spent in many.items():
            late = spent > AT_MOST
            missed |= late
            figures = f"{few[name] * 1000:.0f} | {spent * 1000:.0f} | {spent / few[name]:.1f}"
            print(f"| {kind} | {name} | {figures} |{' missed' if late else ''}", flush=True)
    print(f"aim: at most {AT_MOST * 1000:.0f} ms a page; load after: {os.getloadavg()[0]:.1f}")
    return int(missed)


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
