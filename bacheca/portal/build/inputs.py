"""What a build reads beside the code: its folders, and the moment from which it would come out otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bacheca.forms.local_time import end_of, local_day
from bacheca.portal.build.read import Content
from bacheca.portal.cache.unchanged import WHOLE, Record
from bacheca.portal.content.events import events_of
from bacheca.portal.content.pages import moment_of
from bacheca.portal.settings import Portal
from bacheca.portal.settings_file import EXTENSIONS, PLUGINS, SNIPPETS, is_allowed


def look_at_inputs(record: Record, portal: Portal, results: str) -> None:
    """Have a record look at all that a build is about to read.

    Args:
        record: the record.
        portal: the portal.
        results: the folder or the address that results are taken from.
    """
    content = portal.main.content.parent
    folders = [content] if content.resolve() != portal.root.resolve() else [portal.forms, portal.main.own]
    for language in portal.languages:
        folders += [language.content, *language.included]
        if custom := language.config["theme"].get("custom_dir"):
            folders.append(language.config_file.parent / custom)
        if language.config.get("extra", {}).get("progress"):
            folders += [portal.root / "data" / "progress", portal.root / "data" / "traffic"]
        if _runs_foreign_code(language.config):
            record.cannot_tell()
    if not urlsplit(results).scheme:
        folders.append(portal.root / results)
    record.look_at({str(folder.absolute()): WHOLE for folder in folders})


def _runs_foreign_code(config: Mapping[str, Any]) -> bool:
    """Tell whether settings bring code along, which may read whatever it likes."""
    plugins, extensions = (
        {str(name).removeprefix("markdown.extensions.") for name in config[key]}
        for key in ("plugins", "markdown_extensions")
    )
    known = EXTENSIONS | {SNIPPETS}
    return bool(is_allowed("tags") or config.get("hooks") or plugins - PLUGINS or extensions - known)


def valid_until(content: Content, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Give the moment from which a build would come out otherwise: an event begins, or just another day.

    Args:
        content: what editors wrote.
        now: the moment of the build.
        zone: by whose clocks days begin.
    """
    return min(moment for moment in _moments(content, now, zone) if moment > now)


def _moments(content: Content, now: dt.datetime, zone: ZoneInfo) -> Iterator[dt.datetime]:
    yield end_of(local_day(now, zone), zone)  # forms close at midnight, but for those of another zone
    for form in content.forms.values():
        yield from filter(None, (form.opens_at, form.closes_at))
        if form.closes_in_file:
            yield end_of(form.closes_in_file, form.zone)
    yield dt.datetime.combine(now.astimezone(dt.UTC).date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    for language, pages in content.pages.items():
        for event in events_of(pages):
            yield from (event.starts, event.ends)
        for page in chain(pages, content.drafts.get(language, ())):
            moment = moment_of(page.meta)
            if page.is_article and moment:
                yield moment
