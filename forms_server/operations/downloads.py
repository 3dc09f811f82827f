"""Makes the files of answers that somebody at the desk waits for, outside the processes that answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from forms_server.context import Service
from forms_server.errors import JobTaken, StoreUnavailable
from forms_server.publishing.downloads import FOLDER, make_download
from forms_server.publishing.export import reason_of
from forms_server.store import Job
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


def _language(service: Service, download: Download) -> str:
    account = service.store.accounts.of_id(download.account_id)
    return account.language if account else service.settings.community.language


def _prepare(service: Service, download: Download, now: Callable[[], datetime]) -> None:
    downloads, folder = service.store.downloads, service.settings.data / FOLDER / download.download_id
    for _ in range(TRIES):
        mark = downloads.mark(download.form)
        moment = now()
        path = make_download(
            service.store,
            download.form,
            download.kind,
            folder,
            moment,
            personal=bool(download.personal),
            language=_language(service, download),
        )
        if downloads.made(download, mark, path.name, now()):
            return
    downloads.failed(download, "answers were erased or corrected while it was made")
