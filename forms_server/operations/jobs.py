"""What the service does by itself, in a process of its own: it sends mail, and looks after the data once a day.

Each job is done by one process at a time (`forms_server.database.job_lock`): what a timer starts waits, or is waited
for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from bacheca.forms.results.results import PUBLISHED_AT
from bacheca.forms.text import digest
from forms_server.context import Service
from forms_server.data_folder import is_writable
from forms_server.errors import JobTaken, MailProblem, StoreUnavailable
from forms_server.mail.sender import MailSender
from forms_server.operations.downloads import prepare_downloads
from forms_server.operations.health import warnings_of
from forms_server.operations.letters import put_letters
from forms_server.operations.offers import offer_places
from forms_server.operations.reminders import remind_all
from forms_server.operations.schedule import tell_builds
from forms_server.publishing.growth import write_progress
from forms_server.publishing.results import publish_due
from forms_server.store import Job, OutboxMail, WaitingMail
from forms_server.store.desk.schedules import Schedule

log = logging.getLogger(__name__)

EVERY = 5
"""How often the outbox is looked at, in seconds."""


class Caretaker:
    """Looks after a service; `start` gives it a thread of its own.

    Args:
        service: the service.
        sender: sends its mail.
        turn: is called whenever a job begins, to say that the jobs get on.
    """

    def __init__(self, service: Service, sender: MailSender, turn: Callable[[], None] = lambda: None):
        self._service = service
        self._turn = turn
        self._sender = sender
        self._erased: date | None = None
        self._told: date | None = None
        self._published: date | None = None
        self._reminded: datetime | None = None
        self._swept: datetime | None = None
        self._days: Mapping[str, Schedule] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="caretaker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the letter that is being sent."""
        self._stop.set()
        self._thread.join()

    def round(self) -> None:
        """Do what there is to do now: the day's work once, then the mail, and from the hour on the results."""
        mail = (self._put, self._sender.send_due)
        for job in (
            self._tell_builds,
            self._erase,
            self._offer,
            self._tell,
            self._remind,
            *mail,
            self._publish,
            self._prepare,
        ):
            self._turn()
            try:
                job()
            except JobTaken as taken:  # it is tried again with the next round, and the other jobs go on
                log.info("%s", taken)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.round()
            except StoreUnavailable as error:
                log.warning("the store is not available", extra={"code": error.code})
            except Exception:  # whatever it is, the mail of the next round must not wait for a restart
                log.exception("the caretaker failed")
            self._stop.wait(EVERY)

    def _erase(self) -> None:
        today = self._service.retention.today
        if today == self._erased or not is_writable(self._service.settings.data):
            return
        forms = [served.form for served in self._service.forms.values()]
        for form, count in self._service.retention.purge(forms).items():
            log.info("%s responses whose time was over are erased", count, extra={"form": form})
        self._erased = today

    def _tell_builds(self) -> None:
        """Tell builds which days were set for forms, whenever others are."""
        service = self._service
        days = service.store.schedules.all()
        if days != self._days and is_writable(service.settings.data):
            tell_builds(service.store, service.settings.data)
            self._days = days

    def _offer(self) -> None:
        offer_places(self._service)

    def _tell(self) -> None:
        """Tell the secretariat, once a day, what came yesterday and what needs somebody."""
        today, now = self._service.retention.today, self._service.retention.now()
        if today == self._told:
            return
        with self._service.store.alone_at(Job.WARNINGS):
            if is_writable(self._service.settings.data):
                for mail in [*self._digests(today, now), *self._warnings(today, now)]:
                    self._service.store.outbox.add(mail)
            else:
                self._warn_past_the_outbox(now)
        self._told = today

    def _remind(self) -> None:
        """Remind of events, looking at most once a minute."""
        minute = self._service.retention.now().replace(second=0, microsecond=0)
        if minute != self._reminded:
            remind_all(self._service, self._service.retention.now())
            self._reminded = minute

    def _put(self) -> None:
        put_letters(self._service.store, self._service.retention.now)

    def _publish(self) -> None:
        """Make what everybody may see, once a day: the results that are due, and how the community grows."""
        service, today = self._service, self._service.retention.today
        now = service.retention.now().astimezone(service.settings.community.zone)
        if today == self._published or now.time() < PUBLISHED_AT:
            return
        forms = [served.form for served in service.forms.values()]
        for form in forms:
            self._turn()
            publish_due(service.store, form, service.settings.data, now)
        try:
            with service.store.alone_at(Job.GROWTH), service.store.snapshot() as snapshot:
                write_progress(service.settings.data / "progress", snapshot, forms, service.settings.data, now)
        except OSError as error:
            log.warning("how the community grows could not be written", extra={"code": type(error).__name__})
        self._published = today

    def _prepare(self) -> None:
        """Make the files that somebody at the desk waits for; once a minute, take away those kept long enough."""
        service, now = self._service, self._service.retention.now
        prepare_downloads(service, now)
        minute = now().replace(second=0, microsecond=0)
        if minute != self._swept and is_writable(service.settings.data):
            service.retention.traces.sweep_downloads()
            self._swept = minute

    def _digests(self, today: date, now: datetime) -> list[OutboxMail]:
        yesterday = today - timedelta(days=1)
        mails = []
        for name, served in self._service.forms.items():
            if served.form.notify != "daily":
                continue
            with self._service.store.snapshot() as snapshot:
                count = snapshot.received_on(name, yesterday)
            if count:
                payload = {"form": name, "day": yesterday.isoformat(), "count": count}
                mails.append(self._mail("digest", f"{name} {yesterday}", payload, now))
        return mails

    def _warnings(self, today: date, now: datetime) -> list[OutboxMail]:
        found = warnings_of(self._service.store, self._service.settings, today, now)
        for code in ("waiting", "dead"):
            if code in found:
                log.warning("%s mails are %s", found[code], code)
        if "backup" in found:
            log.warning("no backup has been made for %s days", found["backup"])
        return [self._mail("warning", str(today), {"warnings": found}, now)] if found else []

    def _warn_past_the_outbox(self, now: datetime) -> None:
        """Warn of a disk on which the outbox cannot be written either."""
        log.error("the data folder takes no writing")
        said = self._mail("warning", "disk", {"warnings": {"disk": 1}}, now)
        letter = WaitingMail(said.id, None, said.kind, "", said.language, said.payload, 1, now)
        try:
            self._sender.send_at_once(letter)
        except MailProblem as problem:
            log.error("the warning could not be sent", extra={"code": problem.code})

    def _mail(self, kind: str, what: str, payload: Mapping[str, object], now: datetime) -> OutboxMail:
        # One id for one thing to say: whoever else finds it out, on another machine or after a restart, adds nothing.
        language = self._service.settings.community.language
        return OutboxMail(digest(f"{kind} {what}")[:32], kind, "", language, payload, now, of_response=False)
