"""One file of the answers to a form, for whoever asks at the desk: what `export` writes, in a folder of its own.

A file that does not hold all as it is in the package comes with a note that says what.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bacheca.forms.catalogues import marked as _
from bacheca.forms.package.formats import COPIES
from bacheca.forms.package.package import DESCRIPTOR
from forms_server.crypto.tokens import Secret
from forms_server.errors import ServiceProblem
from forms_server.messages import Saying, said
from forms_server.publishing.export import Exported, export_to
from forms_server.store import Store
from forms_server.store.browse import Wanted

KINDS = (*COPIES, "package", "codebook")
"""What can be downloaded: each copy that can be made of a package, the package itself, its codebook."""

FOLDER = "downloads"
"""The folder of the data folder that holds them, each in a folder of its own."""

NOTES = "notes.txt"

CUT = _("{path}: {count} texts are too long for it and are cut, as their ends say")


class DownloadProblem(ServiceProblem):
    """A file that could not be made."""


def make_download(
    store: Store,
    form: str,
    kind: str,
    folder: Path,
    now: datetime,
    *,
    secret: Secret,
    personal: bool,
    language: str,
    wanted: Wanted | None = None,
) -> Path:
    """Write a file of the answers to a form.

    Args:
        store: where they are.
        form: the form's name.
        kind: what to write, of `KINDS`.
        folder: where it goes; whatever is there is taken away, and it is readable by its owner alone.
        now: the time that it bears.
        secret: what the references are made with.
        personal: whether personal answers are in it.
        language: the language of its notes.
        wanted: which answers are in it; None for all. Its name says both.

    Returns:
        The file.

    Raises:
        DownloadProblem: it cannot be made.
        StoreUnavailable: the database does not answer.
        OSError: it cannot be written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    package = folder / "package"
    copies = [kind] if kind in COPIES else []
    exported = export_to(store, form, package, now, copies, secret=secret, personal=personal, wanted=wanted)
    if exported is None:
        raise DownloadProblem(Saying(_("{form} was never served: there is nothing of it."), form=form))
    stem = f"{form}-{now:%Y-%m-%d}{'-personal' if personal else ''}{'-filtered' if wanted else ''}"
    made = _bundle(exported, kind, folder, stem, language)
    shutil.rmtree(package)
    made.chmod(0o600)
    return made


def _bundle(exported: Exported, kind: str, folder: Path, stem: str, language: str) -> Path:
    """Put what was asked for into one file: a .zip where there are several, or something to say of one."""
    for copy in exported.copies:
        if copy.failed:
            raise DownloadProblem(copy.failed)
    notes = [*exported.left_out]
    for copy in exported.copies:
        notes += [Saying(CUT, path=copy.path.name, count=copy.cut)] if copy.cut else []
        notes += [*copy.left_out, *copy.unlike]
    files = _files(exported, kind)
    if kind != "package" and len(files) == 1 and not notes:
        return files[0].replace(folder / f"{stem}{'-codebook' if kind == 'codebook' else ''}{files[0].suffix}")
    path = folder / f"{stem}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file in files:
            bundle.write(file, f"{stem}/{file.name}")
        if notes:
            bundle.writestr(f"{stem}/{NOTES}", "\n".join([*(str(said(note, language)) for note in notes), ""]))
    return path


def _files(exported: Exported, kind: str) -> Sequence[Path]:
    if exported.copies:
        return [copy.path for copy in exported.copies]
    if kind == "codebook":
        return [exported.folder / "codebook.html"]
    found = (path for path in exported.folder.iterdir() if path.suffix in (".csv", ".html", ".json"))
    seen = (
        path for path in found if not path.name.startswith(".")
    )  # an export remembers the days it wrote beside them
    return sorted(seen, key=lambda path: (path.name != DESCRIPTOR, path))
