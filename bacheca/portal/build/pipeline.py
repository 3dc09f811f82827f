"""A build, readable top to bottom: check → stage → render → finish."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from bacheca.portal.build.fetch_results import take_results, take_set_days
from bacheca.portal.build.inputs import look_at_inputs, valid_until
from bacheca.portal.build.read import Content, read_content
from bacheca.portal.build.reload import tell_built
from bacheca.portal.cache.code import code_digest
from bacheca.portal.cache.raw_site import KIND as RAW
from bacheca.portal.cache.raw_site import PageLost, RawSite
from bacheca.portal.cache.store import Cache, Dropped
from bacheca.portal.cache.unchanged import Record
from bacheca.portal.choices import SOURCE
from bacheca.portal.clock import build_moment
from bacheca.portal.disk.plain_files import is_plain, remove
from bacheca.portal.errors import ContentProblems
from bacheca.portal.rendering.workers import WorkFailed
from bacheca.portal.settings import Portal

Tell = Callable[..., None]
"""Says how far the build is: a key of `SAYINGS`, then `seconds` (None where nothing was timed) and values."""


@dataclass(frozen=True)
class Built:
    """What a build has loaded.

    Args:
        content: what editors wrote.
        rendered: what the engine made of each language, by its code.
    """

    content: Content
    rendered: Mapping[str, RawSite]


def build(
    portal: Portal,
    site_dir: Path,
    tell: Tell,
    *,
    engine: str,
    full: bool,
    live: str = "",
    results: str = SOURCE,
    record: Record | None = None,
    before: Path | None = None,
) -> Built:
    """Build the site.

    Args:
        portal: the portal.
        site_dir: where the site goes.
        tell: is told of every step.
        engine: `mkdocs` or `zensical`.
        full: whether to begin from an empty build folder.
        live: a stamp for pages that reload when it changes; empty for the pages to publish.
        results: the folder or the address that results are taken from.
        record: takes down what is read and made, for whoever asks whether anything has changed since.
        before: the site that files which did not change are taken from, where that is not the one in `site_dir`.

    Returns:
        What it has loaded, for whoever goes on from there.

    Raises:
        PortalError: something is wrong; the site of before stays as it was.
    """
    # Pictures, calendars and feeds take a while to load, and a check needs none of them.
    from bacheca.portal.build.engine import render  # noqa: PLC0415
    from bacheca.portal.build.finish import check_site_dir, finish  # noqa: PLC0415
    from bacheca.portal.build.stage import stage  # noqa: PLC0415

    codes = ", ".join(language.code for language in portal.languages)
    start, now = time.perf_counter(), build_moment()
    check_site_dir(site_dir)
    dropped = partial(_tell_dropped, tell)
    with _alone(portal.build, tell, dropped):
        cache = Cache(portal.build / "cache", dropped)
        if full:
            _empty(portal, cache)
        if not live:  # a preview builds at every word: its cache is tidied up as it begins
            cache.begin_build()
        if record:
            look_at_inputs(record, portal, results)
        if not take_set_days(portal, results):
            tell("days_kept", None, source=results)
        content = check(portal, drafts=bool(live), kept=cache)
        pages = sum(map(len, content.pages.values()))
        tell("checked", _since(start), pages=pages, forms=len(content.forms))
        if content.rescheduled:
            tell("days_set", None, names=", ".join(content.rescheduled))
        if record:
            record.drop(dropped)
        for name in take_results(portal, content, results):
            tell("results_kept", None, name=name, source=results)
        step = time.perf_counter()
        staged = stage(portal, content, now, cache, live=bool(live))
        tell("staged", _since(step), pages=staged, languages=codes)

        def make() -> Built:
            step = time.perf_counter()
            rendered = render(portal, engine, cache)
            if not live:  # nobody goes on from here: let go of what is loaded
                rendered = {code: replace(raw, again=None) for code, raw in rendered.items()}
            tell("rendered", _since(step), engine=engine, languages=codes)
            step = time.perf_counter()
            code = code_digest(cache)
            files = finish(portal, content, rendered, site_dir, cache, code=code, publish=not live, before=before)
            for language in portal.languages if live else ():
                tell_built(site_dir, language.prefix, live, language.code, content.warnings)
            tell("finished", _since(step), files=files, folder=site_dir)
            return Built(content, rendered)

        try:
            built = make()
        except (PageLost, WorkFailed):
            cache.verify(RAW)  # what was spoilt is thrown away, so that now it is rendered
            built = make()
        if record:
            if content.forms and urlsplit(results).scheme:
                record.cannot_tell()
            record.keep(now, valid_until(content, now, portal.usual.zone))
    tell("done", _since(start))
    return built


def _empty(portal: Portal, cache: Cache) -> None:
    """Throw away all that builds keep."""
    for language in portal.languages:
        remove(portal.build / language.code)
    cache.clear()


def _tell_dropped(tell: Tell, path: Path) -> None:
    here = Path.cwd()
    tell("cache_dropped", None, path=(path.relative_to(here) if path.is_relative_to(here) else path).as_posix())


def check(portal: Portal, *, drafts: bool = False, kept: Cache | None = None) -> Content:
    """Read everything that editors wrote.

    Args:
        portal: the portal.
        drafts: whether to show drafts, as a preview does.
        kept: where what was read of pages is kept from one build to the next.

    Raises:
        ContentProblems: something of it has to be mended; every problem, warnings included, is in it.
    """
    content, problems = read_content(portal, drafts=drafts, kept=kept)
    if any(problem.stops for problem in problems):
        raise ContentProblems(*problems)
    return content


def _since(start: float) -> float:
    return time.perf_counter() - start


def lock_of(folder: Path, dropped: Dropped = lambda _: None) -> FileLock:
    """Give the lock that whoever works in a build folder holds; what is no file in its place is thrown away.

    A file stays, whoever's it is: somebody may hold it.
    """
    place = folder / "lock"
    if os.path.lexists(place) and not is_plain(place):
        remove(place)
        dropped(place)
    return FileLock(place)


@contextmanager
def _alone(folder: Path, tell: Tell, dropped: Dropped) -> Iterator[None]:
    """Keep two builds from working in one folder: the second waits for the first."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = lock_of(folder, dropped)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        tell("waiting", None)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
