"""How the service does (health, readiness), in words and with the remedy: what is to be warned of, what is well."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bacheca.forms.catalogues import marked as _
from forms_server.data_folder import is_writable
from forms_server.messages import WARNINGS
from forms_server.settings import Settings
from forms_server.store import Store

STUCK = timedelta(days=1)
"""How long a mail may wait before the secretariat is warned."""

NAMES = {"disk": _("Room on the disk"), "backup": _("Backup"), "mail": _("Mail going out")}
"""What is looked at, as people read it."""

WELL = {
    "disk": _("{percent}% taken"),
    "backup": _("made on {day}"),
    "mail": _("nothing is stuck"),
    "no-backup": _("nothing to copy yet"),
    "elsewhere": _("made by something else"),
}
"""How what is well is said."""


NO_BACKUP = _("never made: run `python -m forms_server backup FILE`")
"""How it is said that none was ever made of people, of accounts or of answers."""


@dataclass(frozen=True)
class Sign:
    """Something that is looked at.

    Args:
        name: a key of `NAMES`.
        well: whether nobody has to do anything.
        sentence: what is to be said of it, with names in braces; the remedy with it where it is not well.
        values: what the braces name.
        fault: what is not well, in a word; empty where nothing is.
    """

    name: str
    well: bool
    sentence: str
    values: Mapping[str, object]
    fault: str = ""

    @property
    def called(self) -> str:
        """What it is called, in English."""
        return NAMES[self.name]


def warnings_of(store: Store, settings: Settings, today: date, now: datetime) -> dict[str, int]:
    """Give what the secretariat is warned of: keys of `WARNINGS`, and how much there is of it.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    found = store.outbox.stuck(now - STUCK)
    days = store.copies.days_without(today)
    if settings.backup_days is not None and days > settings.backup_days:
        found = {**found, "backup": days}
    if doubted := sum(store.quarantine.counts(store.forms()).values()):
        found = {**found, "quarantine": doubted}
    return found


def signs_of(store: Store, settings: Settings, today: date, now: datetime) -> list[Sign]:
    """Look at the disk, the backup and the mail.

    Raises:
        StoreUnavailable: the database does not answer.
    """
    warned = warnings_of(store, settings, today, now)
    return [_disk(settings), _backup(store, settings, warned), *_mail(warned)]


def _disk(settings: Settings) -> Sign:
    if not is_writable(settings.data):
        return Sign("disk", False, WARNINGS["disk"], {}, "disk")
    usage = shutil.disk_usage(settings.data)
    return Sign("disk", True, WELL["disk"], {"percent": round(100 * (usage.total - usage.free) / usage.total)})


def _backup(store: Store, settings: Settings, warned: Mapping[str, int]) -> Sign:
    if "backup" in warned:
        return Sign("backup", False, WARNINGS["backup"], {"count": warned["backup"]}, "backup")
    if settings.backup_days is None:
        return Sign("backup", True, WELL["elsewhere"], {})
    last = store.copies.last()
    if last:
        return Sign("backup", True, WELL["backup"], {"day": last})
    if store.accounts.any() or any(store.counts(form) for form in store.forms()):
        return Sign("backup", False, NO_BACKUP, {}, "no-backup")
    return Sign("backup", True, WELL["no-backup"], {})


def _mail(warned: Mapping[str, int]) -> list[Sign]:
    wrong = [
        Sign("mail", False, WARNINGS[code], {"count": warned[code]}, code)
        for code in ("waiting", "dead")
        if code in warned
    ]
    return wrong or [Sign("mail", True, WELL["mail"], {})]
