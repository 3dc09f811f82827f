"""The published sites on disk: each whole in a folder of its own, and the path of the site a link to the one shown.

    site -> site.kept/12      what is served: the link is replaced by renaming, so that no request finds neither
    site.kept/8 … 12          the last ones, numbered; what did not change is one file in all of them
    site.kept/.next           the one being made: never shown, and thrown away by whoever comes next

A process that is killed, at whatever step, leaves the link as it was or as it shall be.
"""

from __future__ import annotations

import errno
import filecmp
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bacheca.forms.published import METADATA, kept_sites, sites_in
from bacheca.portal.disk.discard import discard
from bacheca.portal.disk.exchange import exchange
from bacheca.portal.publishing.kept_files import RECORD, files_of, write_down

SITES_KEPT = 5
"""How many sites are kept, the one that is shown included."""


@dataclass(frozen=True)
class KeptSite:
    """A site that was published.

    Args:
        number: its number, higher than that of any published before it.
        folder: where it is.
        published: when; None where a build put it there without publishing it.
        label: what whoever published it called it, such as its commit.
    """

    number: int
    folder: Path
    published: datetime | None = None
    label: str = ""


class KeptSites:
    """The sites published at a place.

    Args:
        site: where the shown one is, a link to its folder once one has been published.
    """

    def __init__(self, site: Path):
        self.site = Path(os.path.abspath(site))  # what it leads to is another matter
        self.folder = kept_sites(self.site)
        self.next = self.folder / ".next"

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Keep others from publishing here meanwhile, once what a killed one left behind is cleared away.

        Args:
            waiting: is told where somebody else is at work, who is waited for.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            waiting()
            lock.acquire()
        try:
            self._clear()
            yield
        finally:
            lock.release()

    @property
    def live(self) -> int | None:
        """The number of the site that is shown; None where none is, or one that was built there and not published."""
        try:
            target = self.site.readlink()
        except OSError:
            return None
        return int(target.name) if target.parent.name == self.folder.name and target.name.isdigit() else None

    def all(self) -> list[KeptSite]:
        """Give those that are kept, the oldest first."""
        return [_kept(folder) for folder in sites_in(self.folder)]

    def next_is_live(self) -> bool:
        """Tell whether the site made in `next` is, byte for byte, the one that is shown."""
        if self.live is None:
            return False
        shown, made = (files_of(folder) for folder in (self.folder / str(self.live), self.next))
        return shown.keys() == made.keys() and all(
            shown[path].samefile(made[path]) or filecmp.cmp(shown[path], made[path], shallow=False) for path in made
        )

    def number_of_next(self) -> int:
        """Give the number of the next site; one that was built there and not published gets the one before."""
        return max(self._numbers(), default=0) + (2 if self._is_built_there else 1)

    def add(self, number: int, published: datetime, label: str) -> Path:
        """Give the site that was made in `next` its number, and its place among those that can be shown."""
        write_down(self.next, None if self.live is None else self.folder / str(self.live))
        record = {"published": published.isoformat(timespec="seconds"), "label": label}
        (self.next / RECORD).write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
        return self.next.rename(self.folder / str(number))

    def show(self, number: int) -> None:
        """Show a site in the place of the one before, at once.

        Args:
            number: one of those that are kept. A site that was built there and not published is kept, with the number
                before where that is free.

        Raises:
            FileNotFoundError: there is none of that number.
        """
        if number not in self._numbers():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.folder / str(number)))
        before = self._number_of_built(number)
        link = self.folder / f".{before}"
        link.symlink_to(Path(self.folder.name) / str(number))
        if self._is_built_there:
            exchange(link, self.site)
            link.rename(self.folder / str(before))
        else:
            link.replace(self.site)

    def put_back(self, number: int | None) -> None:
        """Show the site of before again, or nothing where nothing was shown.

        Args:
            number: what `shown_before` gave.
        """
        if number is None:
            self.site.unlink()
        else:
            self.show(number)

    def shown_before(self, number: int) -> int | None:
        """Give the number that the site which is shown has, or gets once another is; None where there is none."""
        return self._number_of_built(number) if self._is_built_there else self.live

    def _number_of_built(self, number: int) -> int:
        others = [one for one in self._numbers() if one != number]
        return number - 1 if number - 1 > max(others, default=0) else max((number, *others)) + 1

    def prune(self) -> None:
        """Throw away the oldest sites, never the one that is shown."""
        for number in self._numbers()[:-SITES_KEPT]:
            if number != self.live:
                self.drop(number)

    def drop(self, number: int) -> None:
        """Throw a site away; it is renamed first, so that nobody comes back to half of one."""
        discard((self.folder / str(number)).rename(self.folder / f".gone-{number}"))

    @property
    def _is_built_there(self) -> bool:
        return self.site.is_dir() and not self.site.is_symlink()

    def _numbers(self) -> list[int]:
        return [int(folder.name) for folder in sites_in(self.folder)]

    def _clear(self) -> None:
        """Clear away what a killed one left: a link that never took its place, a site that never was whole."""
        for path in self.folder.glob(".*"):
            if path.is_symlink():
                path.unlink()
            elif path.name[1:].isdecimal() and (path / METADATA).is_file():
                path.rename(self.folder / path.name[1:])  # it stood where the link stands now
            elif path.is_dir() and not path.name.startswith(".gone."):  # those go by themselves
                discard(path)


def _kept(folder: Path) -> KeptSite:
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        published = datetime.fromisoformat(record["published"])
        return KeptSite(int(folder.name), folder, published, str(record["label"]))
    except (OSError, ValueError, KeyError, TypeError):
        return KeptSite(int(folder.name), folder)
