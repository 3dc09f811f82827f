"""Erasing a person for good: from the store, and from the packages that held them; files of others are named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from forms_server.crypto.tokens import open_secret
from forms_server.errors import JobTaken
from forms_server.known_forms import beside_ours, strangers
from forms_server.privacy.data_subjects import DataSubject, DataSubjects
from forms_server.privacy.mentions import mentions
from forms_server.publishing.export import Exported, export_forms
from forms_server.publishing.reconciliation import standing
from forms_server.settings import Settings
from forms_server.store import Store
from forms_server.store.subject_access import AuditRecord


@dataclass(frozen=True)
class Staying:
    """What the data folder holds that is not ours, and stays as it is.

    Args:
        unknown: folders and files of forms that neither the store nor any file knows: a person looks through them.
        naming: files and folders in which the address stands.
    """

    unknown: tuple[Path, ...]
    naming: tuple[Path, ...]


@dataclass(frozen=True)
class Erased:
    """What became of somebody's erasure.

    Args:
        record: what the audit says of it.
        exported: the packages that were written anew without them.
        staying: what is not ours, and stays.
        busy: why the packages that held them have to be written later; None where they were.
    """

    record: AuditRecord
    exported: tuple[Exported, ...]
    staying: Staying
    busy: JobTaken | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the person is left, as far as files of ours go, and others that can be read."""
        return not self.busy and not self.staying.naming and all(done.is_whole for done in self.exported)


def staying(settings: Settings, store: Store, address: str) -> Staying:
    """Find what an erasure leaves: the files of others in the data folder."""
    url = settings.database_url
    database = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    unknown = tuple(strangers(settings.data, store))
    others = (*unknown, *beside_ours(settings.data, database, store))
    return Staying(unknown, tuple(path for path in others if mentions(path, address)))


def erase_person(persons: DataSubjects, person: DataSubject, store: Store, settings: Settings, now: datetime) -> Erased:
    """Erase a person, write down that it was done, and write anew every package that held somebody who was erased.

    Args:
        persons: what erases.
        person: what was found.
        store: where it is.
        settings: where the data folder is.
        now: the time that the packages bear.

    Raises:
        OSError: a withdrawal cannot be written down; those before it are erased.
        StoreUnavailable: nobody knows whether all is erased; asking again is safe.
    """
    record = persons.erase(person)
    with store.snapshot() as snapshot:
        stale = [
            name for name in snapshot.forms() if standing(snapshot, name, settings.data / "packages" / name).erased
        ]
    busy: JobTaken | None = None
    try:
        exported = tuple(export_forms(store, stale, settings.data, now, secret=open_secret(settings)))
    except JobTaken as taken:
        exported, busy = (), taken
    return Erased(record, exported, staying(settings, store, person.address), busy)
