"""Every form that anything is held of: those that are served, and those whose file is gone, renamed or broken.

Whatever is in the store or in the data folder belongs to somebody. A form that is no longer served is known by the
last definition that was, so that its answers can be exported, accounted for, purged and erased as before.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bacheca.forms import USUAL, Community, Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.form_files.loading import read_forms
from bacheca.forms.package.formats import files_of_others
from bacheca.forms.package.package import DESCRIPTOR
from bacheca.forms.set_days import SET_DAYS
from forms_server.data_folder import PORT
from forms_server.form_registry import ServedForm, ServedForms, form_of_version, register_forms
from forms_server.messages import Saying, Told
from forms_server.store import Store

log = logging.getLogger(__name__)

NO_CONTENT = _(
    "{folder}: there is no such folder of form files, so every form is known as it was served last; set"
    " FORMS_CONTENT to the folder, or build the portal"
)

NO_DEFINITION = _(
    "{form}: its definition in the store cannot be read ({kind}); bring back a backup that `verify FILE` finds whole"
)
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What comes of a definition that is not as we wrote it."""

FOLDERS = ("packages", "results")
"""The folders of the data folder that have one a form."""

FILES = ("publications", "reviews")
"""Those that have a file a form."""


@dataclass(frozen=True)
class KnownForms:
    """The forms that commands work on.

    Args:
        served: those that a file defines and that can be served.
        gone: those of which something is held, by their last definition.
        faults: why form files, or definitions in the store, cannot be used, a line each.
    """

    served: ServedForms
    gone: Mapping[str, Form]
    faults: tuple[str, ...] = ()

    @property
    def all(self) -> dict[str, Form]:
        """All of them by name, as they are now or were last."""
        return dict(sorted({**self.gone, **{name: served.form for name, served in self.served.items()}}.items()))


def known_forms(content: Path, store: Store, today: date, community: Community = USUAL) -> KnownForms:
    """Load the forms that can be served, register their versions, and find those that are not served any more.

    A file that cannot be used stops nothing: its form is then known as it was served last.

    Args:
        content: the folder of the form files.
        store: where responses and earlier definitions are.
        today: the day on which a new version is first served.
        community: whose forms they are.
    """
    forms, problems = read_forms(content, community)
    faults: list[str] = [] if content.is_dir() else [Saying(NO_CONTENT, folder=content)]
    faults += [Told(problem.line_of_text) for problem in problems if problem.stops]
    served: dict[str, ServedForm] = {}
    for name, form in forms.items():
        try:
            registered, refused = register_forms({name: form}, store, today)
        except UNREADABLE as error:
            faults.append(Saying(NO_DEFINITION, form=name, kind=type(error).__name__))
        else:
            served |= registered
            faults += [Saying("{form}: {change}", form=name, change=Told(change.sentence)) for name, change in refused]
    gone, unreadable = last_definitions(store, served)
    return KnownForms(ServedForms(served, store.schedules.all()), gone, tuple(dict.fromkeys((*faults, *unreadable))))


def last_definitions(store: Store, served: Mapping[str, object]) -> tuple[dict[str, Form], list[str]]:
    """Give the last definition of every form of the store that is not served.

    Returns:
        Them by name, and a line for each that has none or one that cannot be read.
    """
    gone: dict[str, Form] = {}
    unreadable: list[str] = []
    for name in store.forms():
        if name in served:
            continue
        try:
            gone[name] = form_of_version(store.versions(name)[-1])
        except UNREADABLE as error:
            unreadable.append(Saying(NO_DEFINITION, form=name, kind=type(error).__name__))
    return gone, unreadable


def strangers(data: Path, store: Store) -> Iterator[Path]:
    """Give what the data folder holds of forms that neither the store nor any file knows."""
    known = set(store.forms())
    for folder in FOLDERS:
        found = sorted(path for path in (data / folder).glob("[!.]*") if path.is_dir())
        yield from (path for path in found if path.name not in known)
    for folder in FILES:
        yield from (path for path in sorted((data / folder).glob("*.json")) if path.stem not in known)


OURS = frozenset(("secret.key", "tombstones.log", "lock", SET_DAYS, PORT))
"""The files of ours that lie loose in the data folder or in a folder of it, beside the database."""

OF_RESULTS = frozenset((DESCRIPTOR, "results.csv", "results.json", "quotations.csv"))
"""The files of published results."""


def beside_ours(data: Path, database: Path | None, store: Store) -> Iterator[Path]:
    """Give what others put into the data folder: loose, or beside the files of ours of a form.

    Args:
        data: the folder.
        database: the file of the store, where it is one.
        store: knows the forms.
    """
    from forms_server.operations.backups.before_upgrade import is_copy  # noqa: PLC0415  it loads PostgreSQL's driver

    known = set(store.forms())
    for path in sorted((data / "packages").glob("[!.]*")):
        if path.is_file():
            yield from () if path.name in OURS else (path,)
        elif path.name in known:
            yield from files_of_others(path)
    for path in sorted((data / "results").glob("[!.]*")):
        inside = sorted(path.iterdir()) if path.name in known and path.is_dir() else [path] * path.is_file()
        yield from (one for one in inside if one.name not in OF_RESULTS | OURS and not one.name.startswith("."))
    for path in sorted(data.glob("[!.]*")):
        of_store = is_copy(path.name) or (database and path.name.startswith(database.name))
        if path.is_file() and path.name not in OURS and not of_store:
            yield path
