"""The processes of the service: one opens the socket and starts the others; some answer on it, one does the jobs.

They share nothing but the socket, the store and the files in which they count, so that any of them may be killed at any
moment: another takes its place. One that is stuck is killed.
"""

from __future__ import annotations

import gc
import logging
import os
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.place import kept_port, origin_of
from forms_server.app import is_quick, make_service, make_wsgi
from forms_server.context import Service
from forms_server.errors import StoreRefused, StoreUnavailable
from forms_server.http.access_log import configure_logging
from forms_server.mail.sender import sender_of
from forms_server.messages import Saying
from forms_server.operations.jobs import Caretaker
from forms_server.serving import pulse as beating
from forms_server.serving.pulse import ANSWERING, JOBS, SILENT, Beats, Pulse
from forms_server.serving.server import SIGNALS, ignore_signals, listen, make_server
from forms_server.settings import Settings
from forms_server.store import Store

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

LOST = 75
"""The exit code of a process whose database cannot be trusted any more: nobody takes its place."""

AWAY = 69
"""The exit code of a process whose database did not answer when it began: its successor tries again."""

BROKEN = 70
"""The exit code of a process that failed in a way nobody thought of."""

GARBAGE = 20_000
"""The threshold of the garbage collector: a request leaves hardly any reference cycles, so it need not run often."""

LAST = 30
"""How many looks those that are told to end may take: longer than what they have under way is given."""

SOON = 1.0
"""Seconds within which a successor that is killed too is not at once given another."""

MEMORY = "/dev/shm"  # noqa: S108  a folder of our own is made in it
"""Where files stand in memory, on Linux."""

Beat = Callable[[], None]
Role = Callable[[int, Beat], int]
"""What one of the processes does, given a pipe that ends when the service does and how to say that it gets on; it gives
the exit code."""


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until the process is told to stop; requests under way are answered first.

    Args:
        settings: of the service.
        host: the address to listen on.
        port: its port; 0 for any that is free.
        workers: how many processes answer.

    Raises:
        OSError: the address cannot be listened on.
        ServiceProblem: a setting, the database or a form keeps the service from starting.
        StoreRefused: the disk failed under the database while it was served.
    """
    configure_logging()
    service = make_service(settings, lenient=True)  # what is wrong is said once, before anything listens
    has_desk = settings.desk and service.store.accounts.any()
    service.store.close()
    # In memory where there is such a place: counting must not depend on room on a disk.
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with listen(host, port) as listening, tempfile.TemporaryDirectory(prefix="bacheca-", dir=memory) as folder:
        port = listening.getsockname()[1]
        log.info("serving on http://%s:%s", host, port)
        if has_desk and (desk := origin_of(settings, port)):
            log.info("the desk is at %s/desk/", desk)
        worker = Worker(settings, listening, Path(folder))
        for number in SIGNALS:
            signal.signal(number, leave)
        with kept_port(settings.data, port):
            code = Workers(workers, worker).run() if hasattr(os, "fork") else worker.serve()
    if code == LOST:
        sentence = _("The disk failed under the database. See to the disk, then start the service again.")
        raise StoreRefused(Saying(sentence))
    if code:
        sys.exit(code)


@dataclass(frozen=True)
class Worker:
    """What the processes of a service do; each gives its exit code.

    Args:
        settings: of the service.
        listening: the socket to answer on.
        folder: where they count.
    """

    settings: Settings
    listening: socket.socket
    folder: Path

    def serve(self, orphaned: int | None = None, beat: Beat | None = None) -> int:
        """Answer; where there is no other process, do the jobs too.

        Args:
            orphaned: a pipe that ends when the service does, where that is another process.
            beat: says that it gets on, where somebody looks.
        """
        pulse = Pulse(beat, ANSWERING) if beat else None
        service = make_service(self.settings, counts=self.folder, lenient=True)
        service.watch.start()
        if pulse:
            service.store.watch(pulse.at_work)
        answer = ending_when_lost(make_wsgi(service), service.store)
        server = make_server(answer, partial(is_quick, service), orphaned, pulse)
        caretaker = None if pulse else self._caretaker(service)
        try:
            server.run(sockets=[self.listening])
        finally:
            if caretaker:
                caretaker.stop()
            service.store.close()
        return LOST if service.store.lost else 0

    def do_jobs(self, orphaned: int, beat: Beat) -> int:
        """Send mail and look after the data until the service ends."""
        self.listening.close()
        service = make_service(self.settings, counts=self.folder, lenient=True)
        service.watch.start()
        caretaker = self._caretaker(service, Pulse(beat, JOBS, JOBS).turn)
        try:
            wait_for_end(orphaned, service.store)
        finally:
            caretaker.stop()
            service.store.close()
        return LOST if service.store.lost else 0

    def _caretaker(self, service: Service, turn: Callable[[], None] = lambda: None) -> Caretaker:
        """Begin to do the jobs, in a thread."""
        sender = sender_of(self.settings, service.secret, service.pages.shell, service.store, service.intake.now)
        caretaker = Caretaker(service, sender, turn)
        caretaker.start()
        return caretaker


class Workers:
    """Keeps the processes of a service running.

    Args:
        count: how many answer.
        worker: what they do.
    """

    def __init__(self, count: int, worker: Worker):
        self._roles: list[Role] = [*[worker.serve] * count, worker.do_jobs]
        self._beats = Beats(len(self._roles))
        self._running: dict[int, tuple[int, float]] = {}
        self._orphaned, self._held = os.pipe()
        self._woken, self._waking = os.pipe()
        self._looked = 0.0
        self._stopping = False
        self._code = 0

    def run(self) -> int:
        """Run until told to stop, until the disk fails, or until one cannot go on; give the exit code."""
        os.set_blocking(self._waking, False)
        signal.set_wakeup_fd(self._waking, warn_on_full_buffer=False)
        for known in SIGNALS:
            signal.signal(known, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # it wakes whoever waits below
        gc.collect()
        gc.freeze()  # what all of them share is not copied for being counted
        gc.set_threshold(GARBAGE)
        for number in range(len(self._roles)):
            if not self._stopping:
                self._begin(number)
        while self._running:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                self._wait()
                continue
            number, began = self._running.pop(process)
            self._ended(os.waitstatus_to_exitcode(status), began)
            if not self._stopping:
                self._begin(number)
        return self._code

    def _wait(self) -> None:
        """Wait until something happens or it is time to look, and kill those that are stuck."""
        if select.select([self._woken], [], [], beating.LOOK)[0]:
            os.read(self._woken, 4096)
        if time.monotonic() - self._looked < beating.LOOK:
            return
        # However late this is, as after the machine was suspended, it is one look.
        self._looked = time.monotonic()
        for process, (number, _since) in list(self._running.items()):
            if self._beats.silent(number) >= (LAST if self._stopping else SILENT):
                log.error("a process of the service is stuck, and is killed")
                os.kill(process, signal.SIGKILL)
                self._beats.begin(number)

    def _begin(self, number: int) -> None:
        self._beats.begin(number)
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # none may reach a process that does not know its role yet
        process = os.fork()
        if process:
            self._running[process] = number, time.monotonic()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            return
        code = BROKEN
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for handle in (self._held, self._woken, self._waking):
                os.close(handle)
            for known in SIGNALS:
                signal.signal(known, leave)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            code = self._roles[number](self._orphaned, partial(self._beats.beat, number))
        except SystemExit:
            code = 0
        except StoreUnavailable as error:
            log.warning("the store is not available", extra={"code": error.code})
            code = AWAY
        except Exception:
            log.exception("a process of the service failed")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _ended(self, code: int, began: float) -> None:
        if self._stopping:
            return
        if code > 0 and code != AWAY:  # it could not go on, and neither could its successor
            self._code = code
            self._stop()
            return
        log.error("a process of the service has ended; another takes its place", extra={"code": code})
        if time.monotonic() - began < SOON:
            time.sleep(SOON)

    def _stop(self, *_: int | FrameType | None) -> None:
        if not self._stopping:
            self._stopping = True
            os.close(self._held)  # which all of them hear, whatever they are doing


def leave(*_: int | FrameType | None) -> None:
    """End the process, wherever it is; whoever has something to close does."""
    raise SystemExit(0)


def wait_for_end(orphaned: int, store: Store) -> None:
    """Wait until the service ends, the database is lost, or this process alone is told to leave."""
    try:
        while not store.lost and not select.select([orphaned], [], [], beating.LOOK)[0]:
            pass
    except SystemExit:
        pass
    finally:
        ignore_signals()


def ending_when_lost(app: WSGIApplication, store: Store) -> WSGIApplication:
    """Make the process end, once it has answered, when its database cannot be trusted any more."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answered = app(environ, start_response)
        if store.lost:
            os.kill(os.getpid(), signal.SIGTERM)
        return answered

    return answer
