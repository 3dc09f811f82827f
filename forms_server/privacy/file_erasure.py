"""What files beside the database hold of a response: letters, and comments that editors decided about.

The database says what may still be there: whatever is erased or corrected in it goes from the files too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree

from bacheca.forms.atomic_file import unfinished_in
from forms_server.form_registry import form_of_version
from forms_server.publishing.downloads import FOLDER as DOWNLOADS
from forms_server.publishing.quotations import Reviews, reviewed_forms
from forms_server.publishing.results import drop_quotations
from forms_server.store import Store

LETTER = re.compile(r"[0-9a-f]{32}")
"""How the service names the file of a letter; another file of the folder is somebody else's."""

HELD_IN = ("outbox", "reviews")
"""The folders whose files tell of single responses."""

DOWNLOAD = re.compile(r"[0-9a-f]{32}")
"""How the service names the folder of a file that somebody asked for; any other is one that is sent at once."""

DOWNLOADS_KEPT = timedelta(hours=1)
"""How long a file of answers that somebody asked for is kept."""

LEFT_BEHIND = timedelta(hours=1)
"""How old a file is that nobody is writing any more."""


@dataclass(frozen=True)
class Traces:
    """The files of a data folder that tell of single responses.

    Args:
        folder: the data folder.
        store: where the responses are.
        now: the time, with its zone.
    """

    folder: Path
    store: Store
    now: Callable[[], datetime]

    def sweep(self) -> None:
        """Take away what the database no longer holds.

        Raises:
            StoreUnavailable: the database does not answer.
            OSError: a file cannot be read or written.
        """
        self._sweep_unfinished()
        self._sweep_letters()
        self.sweep_downloads()
        for name in reviewed_forms(self.folder):
            self._sweep_comments(name)

    def _sweep_unfinished(self) -> None:
        # What is being written at this moment is somebody's; what a killed process left stays as it is.
        before = (self.now() - LEFT_BEHIND).timestamp()
        for folder in HELD_IN:
            for path in unfinished_in(self.folder / folder):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before:
                        path.unlink()

    def _sweep_letters(self) -> None:
        # The files are listed first: one that is written meanwhile has its row already.
        files = {file.stem: file for file in (self.folder / "outbox").glob("*.eml") if LETTER.fullmatch(file.stem)}
        for gone in files.keys() - self.store.outbox.known(files):
            files[gone].unlink(missing_ok=True)

    def sweep_downloads(self) -> None:
        """Take away the files of answers that were kept long enough, or that hold what is erased or corrected since.

        Raises:
            StoreUnavailable: the database does not answer.
            OSError: a file cannot be taken away.
        """
        # The folders are listed first: one that is made meanwhile has its row already.
        folders = list((self.folder / DOWNLOADS).glob("*"))
        kept = self.store.downloads.forget(self.now() - DOWNLOADS_KEPT)
        before = (self.now() - DOWNLOADS_KEPT).timestamp()
        for folder in folders:
            with suppress(FileNotFoundError):
                if folder.name not in kept and (DOWNLOAD.fullmatch(folder.name) or folder.stat().st_mtime < before):
                    rmtree(folder)

    def _sweep_comments(self, name: str) -> None:
        versions = self.store.versions(name)
        if not versions:
            return
        form = form_of_version(versions[-1])
        reviews = Reviews(self.folder, form)
        if reviews.forget_but(self.store.subject_access.answers_of(reviews.responses())):
            drop_quotations(self.folder, form, reviews.approved(), self.now())
