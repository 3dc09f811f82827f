"""What the front matter of a page must say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.errors import Problem
from bacheca.portal.checks.job_profile import check_occupation
from bacheca.portal.checks.meant import line_meant
from bacheca.portal.content.events import KEYS as EVENT_KEYS
from bacheca.portal.content.events import check_event
from bacheca.portal.content.pages import Page

DESCRIPTION_LIMIT = 155
"""The most characters of a description: what a search engine shows of it."""

WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""A name in addresses and translation keys."""


def is_text(value: Any) -> bool:
    """Whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value.strip())


def is_texts(value: Any) -> bool:
    """Whether a value is a list of at least one text."""
    return isinstance(value, list) and bool(value) and all(is_text(item) for item in value)


KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (is_text, "title: Il profilo professionale"),
    "description": (is_text, "description: Che cosa fa chi gestisce una comunità online."),
    "translation": (lambda value: is_text(value) and bool(WORD.fullmatch(value)), "translation: profile"),
    "date": (lambda value: isinstance(value, dt.date), "date: 2026-11-23"),
    "authors": (is_texts, "authors: [redazione]"),
    "categories": (lambda value: is_texts(value) and len(value) == 1, "categories: [Ascolto]"),
    "tags": (is_texts, "tags: [reclami, moderazione]"),
    "slug": (lambda value: is_text(value) and bool(WORD.fullmatch(value)), "slug: un-reclamo-in-pubblico"),
    "numero": (lambda value: type(value) is int and value > 0, "numero: 1"),
}
"""The keys that the build reads: what makes a value good, and an example of one."""

PAGE_KEYS = ("title", "description", "translation")
ARTICLE_KEYS = ("title", "description", "date", "authors", "categories", "tags", "slug", "numero")

KNOWN = {
    *KEYS,
    *EVENT_KEYS,
    "template",
    "hero",
    "cards",
    "aside",
    "eyebrow",
    "hide",
    "search",
    "robots",
    "readtime",
    "draft",
    "pin",
    "links",
    "translates",
    "sample",
}
"""Keys that mean something to the build, the theme or the engine: others pass, unless they look like one of these."""


def check_front_matter(page: Page) -> Iterator[Problem]:
    """Give what is wrong with a page's front matter; of each value the line that was meant."""
    for problem in _check(page):
        key = str(problem.values.get("key"))
        if problem.code == "KEY_INVALID" and key in page.meta:
            example = str(problem.values["example"])
            near = line_meant(key, page.meta[key], page.written.get(key, ""), example)
            value = page.meta[key]
            is_number = isinstance(value, int | float)
            if not is_number and str(value) in (near, near.partition(": ")[2].strip('"')):
                near = example  # the value is well written, and wrong for another reason
            problem = replace(problem, values={**problem.values, "example": near})  # noqa: PLW2901
        yield problem


def _check(page: Page) -> Iterator[Problem]:
    needed = ARTICLE_KEYS if page.is_article else PAGE_KEYS
    for key, (is_good, example) in KEYS.items():
        value = page.meta.get(key)
        if value in (None, "", []):
            if key in needed:
                yield page.problem("KEY_MISSING", key, key=key, example=example)
        elif not is_good(value):
            yield page.problem("KEY_INVALID", key, key=key, value=value, example=example)
    description = page.meta.get("description")
    if isinstance(description, str) and len(description) > DESCRIPTION_LIMIT:
        yield page.problem("DESCRIPTION_LONG", "description", length=len(description), limit=DESCRIPTION_LIMIT)
    for key in page.meta.keys() - KNOWN:
        near = nearest(key, KNOWN, 0.8)
        if near:
            yield page.problem("KEY_TYPO", str(key), key=key, near=near)
    yield from check_occupation(page)
    yield from check_event(page)
    if page.is_article and "<!-- more -->" not in page.body:
        yield page.problem("MORE_MISSING", page.body_line)
