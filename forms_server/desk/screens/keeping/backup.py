"""A copy of the store to take away: nothing of it stays on the machine, where it would be lost with the store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from flask import Response

from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import Visit
from forms_server.errors import BackupProblem
from forms_server.operations.backups.copies import backup
from forms_server.publishing.downloads import FOLDER

SCREEN = Screen("backup", Right.RESTORING)

MOST = 100_000
"""The most answers that are copied while somebody waits; the command copies any number."""

CHUNK = 1 << 16


@SCREEN.post("/backup", command="backup", fresh=True)
def make(visit: Visit) -> Response:
    """Copy the store, and hand the copy out."""
    service, store = visit.service, visit.service.store
    if sum(sum(store.counts(form).values()) for form in store.forms()) > MOST:
        return _not_here(visit)
    visit.note("backup")
    folder, made_at = service.settings.data / FOLDER, visit.now()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="now-", dir=folder) as beside:
            path = Path(beside) / "backup"
            backup(service.settings.database_url, path)
            copied = path.open("rb")  # which can be read on once its folder is gone
            size = path.stat().st_size
    except (BackupProblem, OSError):
        return _not_here(visit)
    store.copies.note(made_at)
    name = f"bacheca-{made_at:%Y-%m-%d}.backup"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return Response(_chunks(copied), mimetype="application/octet-stream", headers=headers)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _not_here(visit: Visit) -> Response:
    return visit.stop(
        visit.say("The copy could not be made here"),
        visit.say("Ask whoever runs the service to make it in the terminal: python -m forms_server backup FILE"),
        status=409,
    )
