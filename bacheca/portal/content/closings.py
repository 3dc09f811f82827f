"""Pages whose forms take answers until a day, and what others that lead there say of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bacheca.forms import Form
from bacheca.portal.content.pages import Page, forms_in
from bacheca.portal.messages import SAYINGS, say

MARK = re.compile(r"([ \t>]*)/{3,}")
"""What the line of a block begins with."""

WAYS = (("hero", "actions"), ("cards", ""), ("aside", "links"))
"""Where the front matter of a page leads to others: a key, and the key beneath it."""


def closings_of(pages: Iterable[Page], forms: Mapping[str, Form]) -> dict[str, dt.datetime]:
    """Give the moment at which the last form of a page closes, by the page's address.

    Args:
        pages: the pages of a language.
        forms: the forms, by name.

    Returns:
        Nothing of a page without forms, or with one that stays open.
    """
    closings: dict[str, dt.datetime] = {}
    for page in pages:
        moments = [forms[name].closes_at for name in forms_in(page) if name in forms]
        known = [moment for moment in moments if moment]
        if known and len(known) == len(moments):
            closings[page.url] = max(known)
    return closings


def closing(href: str, closings: Mapping[str, dt.datetime], now: dt.datetime) -> dict[str, Any] | None:
    """Give when what a link leads to closes, and whether it has; None where it does not."""
    moment = closings.get(href.partition("#")[0])
    return {"at": moment.isoformat(), "over": moment <= now} if moment else None


def ways_that_close(page: Page, closings: Mapping[str, dt.datetime], now: dt.datetime) -> dict[str, Any]:
    """Give the links of a page's front matter anew, those to a form that closes with the word for it.

    Args:
        page: the page.
        closings: as `closings_of` gives them.
        now: the moment that tells what is closed.
    """

    def told(way: Any) -> Any:
        found = closing(str(way.get("href", "")), closings, now) if isinstance(way, dict) else None
        return {**way, "closing": found | {"word": say(SAYINGS["closed"], page.language)}} if found else way

    changed: dict[str, Any] = {}
    for key, beneath in WAYS:
        given = page.meta.get(key)
        inner = given if isinstance(given, dict) else {}
        ways = inner.get(beneath) if beneath else given
        if isinstance(ways, list) and (new := [told(way) for way in ways]) != ways:
            changed[key] = {**inner, beneath: new} if beneath else new
    return changed


def closed_with_results(page: Page, forms: Mapping[str, Form], now: dt.datetime) -> list[str]:
    """Give the closed forms of a page whose results it is to show before them, since no block of its own does.

    Args:
        page: the page.
        forms: the forms, by name.
        now: the moment that tells what is closed.
    """
    shown = {block.name for block in page.rendered.blocks if block.kind == "results"}
    mine = (name for name in dict.fromkeys(forms_in(page)) if name in forms and name not in shown)
    return [name for name in mine if forms[name].publishes_results and forms[name].is_closed(now)]


def with_results_first(page: Page, forms: Mapping[str, Form], now: dt.datetime) -> str:
    """Give the Markdown of a page with the results of closed forms before what says that they are closed."""
    lines, wanted = page.body.split("\n"), closed_with_results(page, forms, now)
    for block in reversed(page.rendered.blocks):
        at = block.line - page.body_line
        if block.kind == "form" and block.name in wanted and (mark := MARK.match(lines[at])):
            wanted.remove(block.name)
            lines[at:at] = [f"{mark[0]} results | {block.name}", mark[0], mark[1].rstrip()]
    return "\n".join(lines)
