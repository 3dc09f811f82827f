"""The preview: a build beside the published one, served with its forms, brought up to date whenever a file is saved.

All that a build loads stays loaded, and the site is changed file by file where it is. Only where the code or a package
has changed does the process begin again.
"""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from filelock import Timeout

from bacheca.forms.published import METADATA
from bacheca.portal.build.pipeline import Built, Tell, build, lock_of
from bacheca.portal.build.reload import first_page, tell_built, tell_problems
from bacheca.portal.cache.store import Cache
from bacheca.portal.cache.unchanged import CODE, made_by
from bacheca.portal.errors import PortalError, PortalProblem, RenderFailed
from bacheca.portal.preview.changes import EVERYTHING, Changes
from bacheca.portal.preview.one_page import SavedPages
from bacheca.portal.preview.service import Service, is_free
from bacheca.portal.settings import Portal, load_portal

IDLE = (0.5, 5.0)
"""How many seconds nothing may change, after a page was shown alone, before everything else is looked at.

As long as that took the last time, and within these: who saves meanwhile has to wait for its end.
"""


class Preview:
    """One preview, in a folder of its own: each port has one, so several can show one portal.

    Args:
        portal: the portal.
        port: the port of 127.0.0.1 to serve it on.
        language: the language to build and speak, or empty for all.
        tell: is told what happens.
        complain: prints what is wrong.
    """

    def __init__(self, portal: Portal, port: int, language: str, tell: Tell, complain: Callable[[PortalError], None]):
        self._portal, self._port, self._language = portal, port, language
        self._tell, self._complain = tell, complain
        self._settings = portal.main.config_file
        self.folder = portal.build / "preview" / str(port)
        self._site = self.folder / "site"
        self._service = Service(self.folder / "data", port)
        self._made_by = made_by()
        self._built: Built | None = None
        self._pages: SavedPages | None = None
        self._is_there = False
        self._is_settled = True
        self._idle = IDLE[0]
        self._stamp = _stamp()

    def run(self) -> None:
        """Serve the preview until it is interrupted or told to end.

        Raises:
            RenderFailed: that port is taken, by a preview or by anything else, or the service stopped by itself.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = lock_of(self.folder)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise self._refusal("PORT_TAKEN") from None
        if not is_free(self._port):
            lock.release()
            raise self._refusal("PORT_BUSY")
        Cache(self._portal.build / "cache").begin_build()
        changes = Changes(watched(self._portal))
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        again = False
        try:
            self._build()
            self._serve()
            self._tell("serving", None, port=self._port, folder=self.folder / "data")
            while not again:
                again = self._follow(changes)
        except KeyboardInterrupt:
            return
        finally:
            changes.close()
            self._service.stop()
            lock.release()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  this very command

    def _follow(self, changes: Changes) -> bool:
        """Bring the preview up to date once something changes; tell whether the process has to begin again."""
        saved: set[Path] = set()
        while paths := changes.wait(self._service.check, self._idle if saved else None):
            self._tell("changed", None, path=", ".join(sorted({path.name for path in paths})))
            saved |= paths
            if not self._show(paths):
                break
        if made_by() != self._made_by or any(path.is_relative_to(CODE) for path in saved):
            return True
        self._is_settled &= not any(path.parent == self._portal.root.absolute() for path in saved)
        if not self._is_settled and not self._read_settings():
            return False
        was_there = self._is_there
        if self._build() and not was_there:
            self._serve()
        return False

    def _show(self, paths: Collection[Path]) -> bool:
        """Show what was saved at once, where it is the text of one page."""
        if self._pages is None or len(paths) != 1:
            return False
        try:
            code = self._pages.save(*paths)
        except Exception:  # a fault of ours, or a file that is gone meanwhile: the build finds out
            traceback.print_exc()
            return False
        if code:
            self._stamp = _stamp()
            self._tell_pages()
        return bool(code)

    def _refusal(self, code: str) -> RenderFailed:
        others = (*range(self._port + 1, 65536), *range(self._port - 1, 1023, -1))
        values = {"port": self._port, "near": next(port for port in others if is_free(port))}
        return RenderFailed(PortalProblem(code, self._settings.as_posix(), 1, values=values))

    def _serve(self) -> None:
        """Serve the site, or the one of before, or else the page that says why there is none."""
        is_there = self._is_there or (self._site / METADATA).is_file()
        site = self._site if is_there else first_page(self._site)
        self._service.start(site, self._portal.forms if self._is_there else None)

    def _read_settings(self) -> bool:
        """Read the settings anew; tell whether they can be used."""
        self._pages = None  # until they can be, no page is shown with those of before
        try:
            self._portal = load_portal(self._settings, self._language)
        except PortalError as error:
            self._say(error)
            return False
        self._is_settled = True
        return True

    def _build(self) -> bool:
        """Build, and tell whether it came to an end; pages are told only where some page is another."""
        begun = time.monotonic()
        before, self._built, self._pages = _pages_of(self._site), None, None
        try:
            built = build(self._portal, self._site, self._tell, engine="mkdocs", full=False, live=self._stamp)
            pages = SavedPages(self._portal, built, self._site)
        except PortalError as error:
            self._say(error)
            return False
        except Exception:  # a fault of ours; the preview goes on
            traceback.print_exc()
            return False
        self._built, self._pages, self._is_there = built, pages, True
        if _pages_of(self._site) != before:
            self._stamp = _stamp()
            self._tell_pages()
        self._idle = min(max(time.monotonic() - begun, IDLE[0]), IDLE[1])
        return True

    def _tell_pages(self) -> None:
        """Tell the pages that they are others now."""
        warnings = self._built.content.warnings if self._built else ()
        for language in self._portal.languages:
            tell_built(self._site, language.prefix, self._stamp, language.code, warnings)

    def _say(self, error: PortalError) -> None:
        self._complain(error)
        tell_problems(self._site, _stamp(), self._language or self._portal.main.code, error.problems)


def _pages_of(site: Path) -> dict[str, tuple[int, int]]:
    """Give the files of a site that people see, each with what changes whenever it is written."""
    found: dict[str, tuple[int, int]] = {}
    for folder, _, names in os.walk(site):
        for name in names:
            if not name.endswith((".json", ".xml")):
                stat = os.stat(path := os.path.join(folder, name))
                found[path] = (stat.st_ino, stat.st_mtime_ns)
    return found


def _stamp() -> str:
    return str(time.time_ns())


def watched(portal: Portal) -> Iterator[tuple[Path, str]]:
    """Give the folders to watch, each with the pattern of its files."""
    config_file = portal.main.config_file
    yield portal.root.absolute(), f"{config_file.name.partition('.')[0]}*{config_file.suffix}"
    content = portal.main.content.parent
    folders = {CODE, portal.forms, portal.main.own, *([content] if content.resolve() != portal.root.resolve() else [])}
    for language in portal.languages:
        folders |= {language.content, *language.included}
        if custom := language.config["theme"].get("custom_dir"):
            folders.add(language.config_file.parent / custom)
    whole = {folder.resolve() for folder in folders if folder.is_dir()}
    yield from ((folder, EVERYTHING) for folder in whole if not any(other in folder.parents for other in whole))
