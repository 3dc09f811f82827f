"""Posters to print: what a form or a page is about, when, and a QR code that leads to it."""

from __future__ import annotations

import datetime as dt
import io
import json
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import segno
from babel.dates import format_date
from jinja2 import Environment
from markupsafe import Markup

from bacheca.forms import Form
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.jinja import bare_environment
from bacheca.portal.content.events import Event, events_of
from bacheca.portal.content.pages import Page, beside_forms, forms_in
from bacheca.portal.invitations.signups import event_of_form
from bacheca.portal.markdown.form_block import POSTER as SUFFIX
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.settings import Language

TEMPLATES = Path(__file__).parents[1] / "templates" / "posters"

FILE = "posters.json"
"""Where the posters stand, ready, that pages show: beside the pages that are staged."""


@dataclass(frozen=True)
class Poster:
    """What a poster says.

    Args:
        title: its title.
        lines: what there is to say beneath it: when, where.
        url: the whole address that its code leads to.
    """

    title: str
    lines: tuple[str, ...]
    url: str

    @property
    def address(self) -> str:
        """The address as people type it."""
        return self.url.partition("://")[2].rstrip("/")


def code_of(url: str) -> str:
    """Draw the QR code of an address as SVG: dark on light in whichever theme, with its quiet zone."""
    return str(_encoded(url).svg_inline(dark="#000", light="#fff", border=4, omitsize=True))


def code_file(url: str) -> bytes:
    """Draw the same as a file of its own."""
    file = io.BytesIO()
    _encoded(url).save(file, kind="svg", dark="#000", light="#fff", border=4, scale=10)
    return file.getvalue()


def _encoded(url: str) -> segno.QRCode:
    return segno.make(url, error="m", micro=False)


class Posters:
    """The posters of a language.

    Args:
        language: the language.
        pages: the pages that are published in it.
        forms: the forms, by name.
        now: the moment that tells which events are over.
    """

    def __init__(self, language: Language, pages: Iterable[Page], forms: Mapping[str, Form], now: dt.datetime):
        self._language, self._forms = language, forms
        self._pages = list(pages)
        self._by_url = {page.url: page for page in self._pages}
        self._by_path = {page.path: page for page in self._pages}
        self._of_form = event_of_form(self._pages, now)
        self._of_page = {event.page.path: event for event in events_of(self._pages)}

    def find(self, name: str) -> Poster | None:
        """Give the poster of a form by its name, or of a page by its address or its file; None where there is none."""
        page = next((page for page in self._pages if name in forms_in(page)), None)
        if page and name in self._forms:
            return self._poster_of_form(self._forms[name], page)
        page = self._by_url.get(name) or self._by_url.get(f"{name}/") or self._by_path.get(name)
        return self._poster_of_page(page) if page else None

    def nearest(self, name: str) -> str:
        """Give the form or the address of a page whose name comes nearest to one."""
        known = {*self._forms, *(url for url in self._by_url if url)}
        return nearest(name, sorted(known), 0.0) or next(iter(sorted(known)), "")

    def files(self) -> Iterator[tuple[str, str]]:
        """Give the page to print of each form, by its path: beside the page in which the form stands."""
        for name, (page, place) in beside_forms(self._pages).items():
            if name in self._forms:
                back = posixpath.basename(page.url) or "./"
                yield place + SUFFIX, self.whole(self._poster_of_form(self._forms[name], page), back)

    def drawn(self, poster: Poster, level: int = 2) -> str:
        """Give a poster as a part of a page."""
        return self._rendered("poster.html", poster, level=level, code=Markup(code_of(poster.url)))  # noqa: S704

    def whole(self, poster: Poster, back: str) -> str:
        """Give a poster as a page to print; `back` leads to what it is of."""
        return self._rendered("page.html", poster, inner=Markup(self.drawn(poster, 1)), back=back)  # noqa: S704

    def _rendered(self, template: str, poster: Poster, **values: object) -> str:
        community = self._language.community["name"]
        made = environment(self._language.code).get_template(template)
        themes = self._language.look.themes
        return made.render(poster=poster, community=community, language=self._language.code, themes=themes, **values)

    def _poster_of_form(self, form: Form, page: Page) -> Poster:
        event = self._of_form.get(form.name)
        lines = self._event(event) if event else self._days(form)
        return Poster(form.wording(self._language.code).title, lines, self._language.url + page.url)

    def _poster_of_page(self, page: Page) -> Poster:
        event = self._of_page.get(page.path)
        lines = self._event(event) if event else (str(page.meta["description"]),)
        return Poster(str(page.meta["title"]), lines, self._language.url + page.url)

    def _event(self, event: Event) -> tuple[str, ...]:
        code = self._language.code
        where = ", ".join(part for part in (event.where(code), event.address) if part)
        off = (say(SAYINGS["event_off"], code),) if event.cancelled else ()
        return (*off, event.when(code), where)

    def _days(self, form: Form) -> tuple[str, ...]:
        code = self._language.code
        first, last = (day and format_date(day, "long", locale=code) for day in (form.opens, form.closes))
        if first and last:
            return (say(SAYINGS["poster_days"], code, first=first, last=last),)
        if first or last:
            return (say(SAYINGS["poster_from" if first else "poster_until"], code, day=first or last),)
        return ()


@cache
def environment(language: str) -> Environment:
    """Make the environment of the templates; everything is escaped."""
    made = bare_environment(TEMPLATES)
    made.globals["say"] = partial(_say, language)
    return made


def _say(language: str, saying: str, **values: object) -> str:
    return say(SAYINGS[saying], language, **values)


def posters_in(pages: Iterable[Page], posters: Posters) -> bytes:
    """Give the posters that pages show, drawn, as `FILE` holds them."""
    names = sorted({block.name for page in pages for block in page.rendered.blocks if block.kind == "poster"})
    found = {name: poster for name in names if (poster := posters.find(name))}
    drawn = {name: posters.drawn(poster) for name, poster in found.items()}
    return json.dumps(drawn, ensure_ascii=False, indent=1).encode()
