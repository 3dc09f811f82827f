"""Makes the files of answers that somebody at the desk waits for, outside the processes that answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from bacheca.forms.catalogues import marked as _
from forms_server.context import Service
from forms_server.errors import JobTaken, StoreUnavailable
from forms_server.form_registry import served_last
from forms_server.messages import Saying
from forms_server.publishing.answers import Answers
from forms_server.publishing.asked import read_of_files
from forms_server.publishing.downloads import FOLDER, DownloadProblem, make_download
from forms_server.publishing.export import reason_of
from forms_server.store import Job
from forms_server.store.browse import Wanted
from forms_server.store.desk.downloads import Download

log = logging.getLogger(__name__)

TRIES = 3
"""How often one is made anew because somebody was erased meanwhile."""


def prepare_downloads(service: Service, now: Callable[[], datetime]) -> None:
    """Make those that are waited for.

    Raises:
        JobTaken: another process makes them.
        StoreUnavailable: the database does not answer.
    """
    if not service.store.downloads.waiting():
        return
    with service.store.alone_at(Job.DOWNLOADS):
        for download in service.store.downloads.waiting():
            try:
                _prepare(service, download, now)
            except (JobTaken, StoreUnavailable):
                raise
            except Exception as error:  # whatever is wrong with one, the others are waited for too
                log.exception("a download could not be made", extra={"form": download.form})
                service.store.downloads.failed(download, reason_of(error))
    service.retention.traces.sweep_downloads()


def _wanted(service: Service, download: Download) -> Wanted | None:
    """Read which answers are in a file; all where nothing is said.

    Raises:
        DownloadProblem: it says something else by now.
    """
    if not download.filter:
        return None
    served = service.forms.get(download.form) or served_last(download.form, service.store)
    answers = Answers(served.form, service.store.versions(download.form)) if served else None
    found = answers and read_of_files(download.filter, answers, personal=bool(download.personal))
    if not found:
        raise DownloadProblem(Saying(_("{form}: the form is another since; ask anew."), form=download.form))
    return found[1]


def _prepare(service: Service, download: Download, now: Callable[[], datetime]) -> None:
    downloads, folder = service.store.downloads, service.settings.data / FOLDER / download.download_id
    account = service.store.accounts.of_id(download.account_id)
    wanted = _wanted(service, download)
    for _turn in range(TRIES):
        mark = downloads.mark(download.form)
        moment = now()
        path = make_download(
            service.store,
            download.form,
            download.kind,
            folder,
            moment,
            secret=service.secret,
            personal=bool(download.personal),
            language=account.language if account else service.settings.community.language,
            wanted=wanted,
        )
        if downloads.made(download, mark, path.name, now()):
            return
    downloads.failed(download, "answers were erased or corrected while it was made")
