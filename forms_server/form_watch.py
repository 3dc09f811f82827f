"""The forms as their files are now: what changes in the folder is served within a few seconds, without a restart."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from bacheca.forms import FormProblems, FormsError
from bacheca.forms.form_files.loading import read_form
from bacheca.forms.published import RECIPIENTS
from forms_server.crypto.sealing import Recipients, read_recipients, recipients_for, require_keys
from forms_server.errors import ServiceProblem, StoreUnavailable
from forms_server.form_registry import ServedForm, ServedForms, serve_form, serve_forms, served_last
from forms_server.settings import Settings
from forms_server.store import Store

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks at the folder."""

Marks = Mapping[str, object]
"""What tells each file of a folder from what it was: when it was changed last and how long it is, or what it holds."""


class FormWatch:
    """Serves the forms of a folder, and sees when their files change.

    A form that cannot be served as its file is now is told of once, and goes on as it was; so do all others. A folder
    that lies in the site is swapped in whole, and counts from the first request on that comes after; in any other, a
    change counts once it has stood still from one look to the next, since somebody may be writing.

    Args:
        settings: where the folder is.
        store: where the versions served before are known.
        today: the day it is.
    """

    def __init__(self, settings: Settings, store: Store, today: Callable[[], date]):
        self.forms = ServedForms({})
        self.recipients = Recipients()
        self.refused: Mapping[str, str] = {}
        self._settings = settings
        self._store = store
        self._today = today
        self._taken: Marks = {}
        self._seen: Marks = {}
        self._folder = settings.content
        self._in_site = False
        self._looked_at: object = None
        self._taken_from: object = None
        self._lock = threading.RLock()

    def load(self) -> None:
        """Serve every form of the folder.

        Raises:
            forms.FormProblems: a form file cannot be used.
            FormsRefused: a form would change the meaning of stored responses.
            SettingsProblem: a form is to be sealed and there are not keys enough.
            StoreUnavailable: the database does not answer.
        """
        self._looked_at = self._site_now
        marks = self._open(self._settings.content)
        forms = serve_forms(self._folder, self._store, self._today(), self._settings.community)
        self.recipients = recipients_for(self._folder, [served.form for served in forms.values()])
        self.forms.reschedule(self._store.schedules.all())
        self.forms.replace(forms.filed)
        self._taken = self._seen = marks

    def load_what_can_be(self) -> None:
        """Serve every form of the folder that can be, and the others as they were served last.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        self._looked_at = self._site_now
        self.forms.reschedule(self._store.schedules.all())
        self._take(self._open(self._settings.content))

    @property
    def is_behind(self) -> bool:
        """Whether another site has taken the place of the one whose forms are served."""
        site = self._site_now
        return site is not None and site != self._looked_at

    def catch_up(self) -> None:
        """Serve the forms of the site that is there now; where the database does not answer, a look tries again."""
        if not self.is_behind:
            return
        with self._lock:
            if self.is_behind:
                try:
                    self.look()
                except StoreUnavailable as error:
                    log.warning("the store is not available", extra={"code": error.code})
                except OSError as error:  # the site is swapped once more
                    log.warning("the forms cannot be looked at: %s", error.strerror)

    def look(self) -> None:
        """Serve what has changed since the last look.

        Raises:
            StoreUnavailable: the database does not answer; the next look tries again.
        """
        with self._lock:
            site = self._site_now
            try:
                self._look(site)
                self.forms.reschedule(self._store.schedules.all())
            finally:  # not before: until then a request waits for what is found
                self._looked_at = site

    def _look(self, site: object) -> None:
        folder, kept = self._settings.content, self._settings.kept
        if not folder.is_dir() or (self._in_site and folder != kept):
            return  # it is being swapped
        if folder == kept and self._taken_from == site:
            return  # nobody writes into a site that is shown
        before, seen = self._folder, self._seen
        marks = self._open(folder)
        whole = self._in_site or (marks == seen and self._folder == before)
        if whole and marks != self._taken:
            self._take(marks)
        self._taken_from = site

    def _open(self, folder: Path) -> Marks:
        """Hold on to the folder as it is now, whatever is swapped in meanwhile, and look at its files."""
        self._in_site = folder == self._settings.kept
        self._folder = folder.resolve()
        self._seen = contents_of(self._folder) if self._in_site else marks_of(self._folder)
        return self._seen

    @property
    def _site_now(self) -> object:
        """What tells the folder in the site from any other that takes its place; None where there is none now."""
        try:
            status = os.stat(self._settings.kept) if self._settings.kept else None
        except OSError:
            return None
        return status and (status.st_dev, status.st_ino, status.st_mtime_ns)

    def start(self) -> None:
        """Look from now on, in a thread of its own."""
        threading.Thread(target=self._run, name="forms", daemon=True).start()

    def _run(self) -> None:
        while True:
            time.sleep(EVERY)
            try:
                self.look()
            except StoreUnavailable as error:
                log.warning("the store is not available", extra={"code": error.code})
            except Exception:  # whatever it is, the next look must not wait for a restart
                log.exception("the forms cannot be looked at")

    def _take(self, marks: Marks) -> None:
        changed = {name for name in marks.keys() | self._taken.keys() if marks.get(name) != self._taken.get(name)}
        names = {_form_of(file) for file in changed - {RECIPIENTS}}
        refused = dict(self.refused)
        if RECIPIENTS in changed:
            self._read_recipients()
            names |= refused.keys()  # a key may be what was missing
        forms = dict(self.forms.filed)
        for name in sorted(names):
            before = forms.pop(name, None)
            refused.pop(name, None)
            if f"{name}.yaml" not in marks:
                log.info("a form is served no more: its file is gone", extra={"form": name})
                continue
            try:
                forms[name] = self._served(name, marks)
                if self._taken:
                    log.info("a form is served as its file is now", extra={"form": name})
            except StoreUnavailable:
                raise
            except Exception as error:  # whatever it is, it is this form's alone
                known = isinstance(error, (FormsError, ServiceProblem))
                refused[name] = str(error) if known else type(error).__name__
                log.error(
                    "a form cannot be served as its file is now, and goes on as it was: %s",
                    refused[name],
                    extra={"form": name},
                    exc_info=None if known else error,
                )
                if last := before or served_last(name, self._store):
                    forms[name] = last
        self.forms.replace(forms)
        self.refused = refused
        self._taken = marks

    def _served(self, name: str, marks: Marks) -> ServedForm:
        """Serve a form as its file is now."""
        translations = [file for file in sorted(marks) if file.startswith(f"{name}.") and file != f"{name}.yaml"]
        beside = [self._folder / file for file in translations]
        form, problems = read_form(self._folder / f"{name}.yaml", beside, self._settings.community)
        if form is None:
            raise FormProblems(tuple(problems))
        require_keys(self._folder, self.recipients, [form])
        return serve_form(form, self._store, self._today())

    def _read_recipients(self) -> None:
        try:
            recipients = read_recipients(self._folder)
            require_keys(self._folder, recipients, [served.form for served in self.forms.values()])
        except ServiceProblem as error:
            log.error("the keys cannot be used, and those before stay: %s", error)
        else:
            self.recipients = recipients


def marks_of(folder: Path) -> Marks:
    """Look at the files that make the forms of a folder; nothing where there is none."""
    try:
        with os.scandir(folder) as entries:
            files = [entry for entry in entries if entry.name.endswith(".yaml") or entry.name == RECIPIENTS]
            found = {entry.name: entry.stat() for entry in files}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return {name: (status.st_mtime_ns, status.st_size) for name, status in found.items()}


def contents_of(folder: Path) -> Marks:
    """Look into those files: of another site, a file that was written at the same time may say something else."""
    return {name: hashlib.sha256((folder / name).read_bytes()).digest() for name in marks_of(folder)}


def _form_of(file: str) -> str:
    return file.partition(".")[0]
