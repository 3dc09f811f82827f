"""Starts programs of the service as forks of one process that has imported everything: a restart takes a moment.

Run as `python -m tests.faults.launcher`; it takes orders as lines of JSON. A program started here can be made to kill
itself at a named point, or be given a fault on purpose, so that the tests can prove that they would see it. None of
this is in the product: the points are put around its functions from here.
"""

from __future__ import annotations

import csv
import ctypes
import errno
import gc
import json
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import psycopg  # noqa: F401  imported once, for all that are started
import pysqlite3.dbapi2  # noqa: F401
from sqlalchemy import Engine, event, select

from bacheca.forms.package import incremental_csv as daily
from bacheca.forms.package import package
from forms_server import serving  # noqa: F401
from forms_server.__main__ import main
from forms_server.app import make_app, make_service
from forms_server.database.tables import responses
from forms_server.publishing.export import export_forms
from forms_server.serving import pulse
from forms_server.settings import Settings
from forms_server.store import Outcome, Store
from forms_server.submission.intake import Intake
from tests.faults.house import House

SLOW = 0.05
"""How long the faults made on purpose leave their gap open, in seconds."""


def spin() -> None:
    """Work at nothing, for ever."""
    while True:
        pass


def wait() -> None:
    """Wait as for a slow disk, longer than a process may be stuck: no work is done and the interpreter is free."""
    time.sleep(2 * pulse.SILENT * pulse.LOOK)


class Failpoint:
    """A named point at which something happens to a process, the nth time it comes by.

    Args:
        name: the point.
        times: the passage.
        does: what happens, to the first process that comes there: `kill` kills all of its program.
        once: a file that tells those that come later.
    """

    def __init__(self, name: str = "", times: int = 1, does: str = "kill", once: str = ""):
        self.name, self.left, self.does, self.once = name, times, does, once

    def hit(self, name: str) -> None:
        if name == self.name:
            self.left -= 1
            if self.left == 0:
                self.happen()

    def happen(self) -> None:
        if self.does == "kill":
            os.killpg(os.getpgrp(), signal.SIGKILL)
        with suppress(FileExistsError):
            Path(self.once).touch(exist_ok=False)
            {"spin": spin, "wait": wait}[self.does]()


def install(failpoint: Failpoint) -> None:
    """Put a failpoint around what it is about."""

    def before_execute(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO responses "):
            failpoint.hit("before-insert")
            connection.info["wrote"] = True

    def before_commit(connection: Any) -> None:
        if connection.info.pop("wrote", False):
            failpoint.hit("before-commit")

    event.listen(Engine, "before_cursor_execute", before_execute)
    event.listen(Engine, "commit", before_commit)

    keep = Intake.keep

    def kept(*args: Any, **options: Any) -> Any:
        done = keep(*args, **options)
        failpoint.hit("before-answer")
        return done

    Intake.keep = kept  # type: ignore[method-assign]

    move = os.replace

    def moved(*args: Any, **options: Any) -> None:
        failpoint.hit("before-rename")
        move(*args, **options)
        failpoint.hit("after-rename")

    os.replace = moved
    writer = csv.writer

    class Writer:
        def __init__(self, *args: Any, **options: Any):
            self._writer = writer(*args, **options)

        def writerow(self, row: Any) -> Any:
            failpoint.hit("mid-csv")
            return self._writer.writerow(row)

        def writerows(self, rows: Any) -> None:
            for row in rows:
                self.writerow(row)

    csv.writer = Writer  # type: ignore[assignment]
    lines_of = daily.lines_of

    def passed(columns: Iterable[Sequence[str]]) -> bytes:
        cells = list(columns)
        for _ in cells[0]:
            failpoint.hit("mid-csv")
        return lines_of(cells)

    daily.lines_of = passed


def acknowledge_early() -> None:
    """Fault: the answer is given, and the response kept a moment later."""
    keep = Store.keep

    def early(store: Store, kept: Any) -> Outcome:
        def later() -> None:
            time.sleep(SLOW)
            keep(store, kept)

        threading.Thread(target=later, daemon=True).start()
        return Outcome.KEPT

    Store.keep = early  # type: ignore[method-assign, assignment]


def check_then_insert() -> None:
    """Fault: a key is looked up first and written later, without the store's own UNIQUE."""
    keep = Store.keep

    def unsure(store: Store, kept: Any) -> Outcome:
        with store.snapshot() as snapshot:
            asked = select(responses.c.response_id).where(responses.c.key_hash.startswith(kept.key_hash))
            if snapshot._connection.scalar(asked):
                return Outcome.KEPT_BEFORE
        time.sleep(SLOW)
        unlike = secrets.token_hex(4)
        return keep(
            store, replace(kept, key_hash=f"{kept.key_hash}-{unlike}", token_hash=f"{kept.token_hash}-{unlike}")
        )

    Store.keep = unsure  # type: ignore[method-assign, assignment]


def descriptor_first() -> None:
    """Fault: a package's descriptor is put in its place before the files that it describes."""
    move = os.replace
    held: list[tuple[Any, Any]] = []

    def moved(source: Any, target: Any, **options: Any) -> None:
        if str(target).endswith(".csv"):
            os.link(source, f"{source}.held")  # its writer takes away what it wrote beside the place
            held.append((f"{source}.held", target))
            return
        move(source, target, **options)
        if str(target).endswith("datapackage.json"):
            time.sleep(SLOW)
            for beside, place in held:
                move(beside, place)
            held.clear()

    os.replace = moved  # type: ignore[assignment]
    package.integrity_of = lambda path: {}  # or the export itself would notice that a file is not there


BUGS: dict[str, Callable[[], None]] = {
    "acknowledge-early": acknowledge_early,
    "check-then-insert": check_then_insert,
    "descriptor-first": descriptor_first,
}


def fail_inputs(spec: str, *, now: bool) -> None:
    """Let calls to the disk fail once this process gets SIGUSR1 and no more once it gets SIGUSR2, by libfiu.

    Args:
        spec: `posix/io/sync/*:0.1`, the call and how often it fails.
        now: whether they fail from the start.
    """
    fiu = ctypes.CDLL("libfiu.so.0")
    name, _, share = spec.partition(":")

    def on(*_: Any) -> None:
        fiu.fiu_enable_random(name.encode(), 1, ctypes.c_void_p(errno.EIO), 0, ctypes.c_float(float(share)))

    if now:
        on()
    signal.signal(signal.SIGUSR1, on)
    signal.signal(signal.SIGUSR2, lambda *_: fiu.fiu_disable(name.encode()))


def become(order: dict[str, Any]) -> None:
    """Be the program that was asked for, and end with it."""
    os.setpgid(0, 0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["environ"])
    install(Failpoint(*order.get("failpoint") or ()))
    if order.get("look"):  # starting takes the seconds that it takes
        pulse.LOOK, pulse.STARTING = order["look"], round(pulse.STARTING * pulse.LOOK / order["look"])
    if order.get("bug"):
        BUGS[order["bug"]]()
    if order.get("fails"):
        fail_inputs(order["fails"], now=order["failing"])
    code = 70
    try:
        main(order["args"], prog_name="python -m forms_server")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    finally:
        with suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


def warm_up() -> None:
    """Do once what every program would do again: read forms and templates, and write a package."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), None)
        service = make_service(Settings.from_environ(house.environ))
        browser = make_app(service).test_client()
        for form in ("prova", "gruppo"):
            browser.get(f"/forms/{form}")
            browser.post(f"/forms/{form}", data={"segno": "a"})
        for name in main.list_commands(click.Context(main)):  # or each process loads its own
            main.get_command(click.Context(main), name)
        list(export_forms(service.store, ("prova", "gruppo"), house.data, datetime.now(UTC)))
        service.store.close()
    gc.collect()
    gc.freeze()


def serve_orders() -> None:
    """Take orders until there are no more."""
    warm_up()
    ended: dict[int, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            started = os.fork()
            if started == 0:
                become(order["start"])
            with suppress(OSError):  # whichever of the two comes first
                os.setpgid(started, started)
            ended.pop(started, None)  # numbers of processes come again
            answer: object = started
        elif "ready" in order:
            answer = True
        else:
            process = order["poll"]
            if process not in ended:
                found, status = os.waitpid(process, os.WNOHANG)
                if found:
                    ended[process] = os.waitstatus_to_exitcode(status)
            answer = ended.get(process)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve_orders()
