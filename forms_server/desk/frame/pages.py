"""The pages of the desk: wide, with a rail of its screens, in the portal's look and in a page of their own.

The portal's shell is a column of text with a search and scripts; tables need room, and nobody's script belongs here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_time, get_datetime_format
from babel.units import format_unit
from jinja2 import Environment

from bacheca.forms.jinja import make_environment
from bacheca.forms.locales import locale_of
from forms_server.desk.frame.words import CATALOGUE

HERE = Path(__file__).parents[1]
TEMPLATES, ASSETS = HERE / "templates", HERE / "assets"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of the desk: nothing inline, nothing from elsewhere, nothing asked behind a page."""

ASKS_THE_DESK = f"{POLICY}; connect-src 'self'"
"""The policy of the pages whose scripts ask for more: of the desk itself, and of nobody else."""

FACES = {
    "fraunces-600": ("Fraunces", 600, ""),
    "atkinson-hyperlegible-next-400": ("Atkinson Hyperlegible Next", 400, ""),
    "atkinson-hyperlegible-next-700": ("Atkinson Hyperlegible Next", 700, ""),
    "figtree-digits-400": ("Figtree digits", 400, "U+30-39"),
    "figtree-digits-700": ("Figtree digits", 700, "U+30-39"),
}
"""The portal's letters, by the beginning of the file's name: family, weight, what characters (all, if empty)."""


@cache
def environment(language: str) -> Environment:
    """Make the template environment of a language; everything is escaped."""
    made = make_environment(TEMPLATES, language, CATALOGUE.of(language))
    locale = locale_of(language)
    made.globals["direction"] = "rtl" if locale.character_order == "right-to-left" else "ltr"
    made.filters["weekday"] = lambda day: format_date(day, format="full", locale=locale)
    made.filters["short"] = lambda day: format_date(day, format="medium", locale=locale)
    made.filters["bytes"] = lambda count: said_size(count, language)
    made.filters["tongue"] = lambda code: locale_of(code).get_display_name(locale)
    made.filters["moment"] = lambda moment, zone: said_moment(moment, zone, language)
    made.filters["day_of_text"] = lambda text: said_day(date.fromisoformat(text), language)
    made.filters["moment_of_text"] = lambda text, zone: said_moment(datetime.fromisoformat(text), zone, language)
    return made


def said_moment(moment: datetime, zone: tzinfo, language: str) -> str:
    """Say a day and an hour where the community is."""
    here, locale = moment.astimezone(zone), locale_of(language)
    day, hour = format_date(here, "medium", locale), format_time(here, "short", locale=locale)
    return str(get_datetime_format("medium", locale)).format(hour, day)


def said_size(count: int, language: str) -> str:
    """Say a number of bytes, as far as it tells people anything."""
    for unit in ("digital-byte", "digital-kilobyte", "digital-megabyte"):
        if count < 1000 or unit == "digital-megabyte":
            break
        count = round(count / 1000)
    return format_unit(count, unit, length="short", locale=locale_of(language))


def fill(template: str, language: str, values: Mapping[str, object]) -> str:
    """Fill a template."""
    return environment(language).get_template(template).render(language=language, **values)


def masked(address: str) -> str:
    """Give an address with no more of it than tells it from others."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}…@{host}" if name else ""


def said_day(day: date, language: str) -> str:
    """Say a day in a sentence."""
    return format_date(day, format="long", locale=locale_of(language))


def style(site: Path | None) -> str:
    """Give the style of the desk, with the letters of the portal where one is built."""
    faces = []
    for stem, (family, weight, characters) in FACES.items():
        if site and (files := sorted(site.glob(f"assets/fonts/{stem}.*woff2"))):
            faces.append({"family": family, "weight": weight, "characters": characters, "file": files[-1].name})
    text = environment("en").get_template("faces.css").render(faces=faces)
    return text + (ASSETS / "desk.css").read_text(encoding="utf-8")
