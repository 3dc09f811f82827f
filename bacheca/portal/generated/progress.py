"""The page that shows how the community is doing, and the same month by month as Markdown for the newsletter.

It reads only what may be shown to everybody: the pages themselves, rounded counts that the service wrote
(`data/progress/progress.csv`, `data/traffic/traffic.csv`), and the answering times that editors keep
(`content/answering-times.csv`: `month,hours`).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from jinja2 import Environment

from bacheca.forms import Form
from bacheca.forms.jinja import bare_environment
from bacheca.forms.locales import locale_of
from bacheca.forms.package.spreadsheets import restored
from bacheca.forms.results_messages import PROGRESS, say
from bacheca.portal.content.articles import articles_of
from bacheca.portal.content.pages import Page, page_url
from bacheca.portal.messages import CATALOGUE, SAYINGS
from bacheca.portal.settings import Language, Portal

TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
TERM = re.compile(r"^## ", re.MULTILINE)
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MOST_READ = 10


@dataclass(frozen=True)
class Line:
    """One bar: what it counts, how many, how long the bar is of 100."""

    label: str
    value: Decimal
    width: Decimal


@dataclass(frozen=True)
class Chart:
    """One drawing: its title and its bars; a single one is told as a number."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Figures:
    """What is known: by the key of a title in `PROGRESS`, labels and values in order."""

    charts: Mapping[str, Sequence[tuple[str, Decimal]]]


def progress_page(portal: Portal, language: Language, pages: Iterable[Page], forms: Mapping[str, Form]) -> list[Page]:
    """Make the page, where the portal asks for it with `extra.progress`.

    Args:
        portal: the portal.
        language: the language.
        pages: its pages, sound.
        forms: the forms, by name.
    """
    path = f"{CATALOGUE.say(SAYINGS['progress_page'], language.code)}.md"
    pages = list(pages)
    if not language.config.get("extra", {}).get("progress") or any(page.path == path for page in pages):
        return []
    figures, code = figures_of(portal, language, pages, forms), language.code
    charts = [Chart(say(PROGRESS[key], code), _lines(values)) for key, values in figures.charts.items() if values]
    title, description = say(PROGRESS["title"], language.code), say(PROGRESS["description"], language.code)
    meta = {"title": title, "description": description, "translation": "progress", "hide": ["toc"]}
    words = {key: say(PROGRESS[key], language.code) for key in ("what", "many", "nothing")}
    template = _environment(language.code).get_template("progress.html")
    drawn = template.render(charts=charts, intro=description, words=words)
    return [Page(language.code, path, meta, f"# {title}\n\n{drawn}\n", page_url(path, meta, language))]


def digest(portal: Portal, language: Language, pages: Iterable[Page], forms: Mapping[str, Form], month: str) -> str:
    """Write what is known of a month as Markdown for the newsletter.

    Args:
        portal: the portal.
        language: the language to write in.
        pages: its pages, sound.
        forms: the forms, by name.
        month: the month, as `2026-11`.
    """
    figures = figures_of(portal, language, list(pages), forms, month)
    heading = f"## {say(PROGRESS['title'], language.code)}: {_month(month, language.code)}"
    parts = [heading]
    for key, values in figures.charts.items():
        said = ((label, format_decimal(value, locale=locale_of(language.code))) for label, value in values)
        listed = "\n".join(f"- {label}: {value}" for label, value in said)
        if listed:
            parts.append(f"### {say(PROGRESS[key], language.code)}\n\n{listed}")
    return "\n\n".join(parts) + "\n"


def figures_of(
    portal: Portal, language: Language, pages: Sequence[Page], forms: Mapping[str, Form], only: str = ""
) -> Figures:
    """Gather what is known, of one month or of all."""
    code = language.code
    grown = _rows(portal.root / "data" / "progress" / "progress.csv")
    views = _rows(portal.root / "data" / "traffic" / "traffic.csv")
    times = _rows(portal.main.content.parent / "answering-times.csv")
    articles = Counter(f"{article.day:%Y-%m}" for article in articles_of(pages))
    last = only or max((row["day"][:7] for row in views), default="")
    titles = {f"/{language.prefix}{page.url}": str(page.meta.get("title") or "") for page in pages}

    def by_month(rows: Iterable[tuple[str, str]]) -> list[tuple[str, Decimal]]:
        wanted = [(month, value) for month, value in rows if not only or month == only]
        return [(_month(month, code), Decimal(value)) for month, value in wanted]

    def most_seen(kind: str) -> list[tuple[str, Decimal]]:
        total: Counter[str] = Counter()
        for row in views:
            if row["kind"] == kind and row["day"].startswith(last):
                total[restored(row["name"])] += int(row["views"])
        return [(titles.get(name) or name, Decimal(count)) for name, count in total.most_common(MOST_READ)]

    daily: Counter[str] = Counter()
    for row in views:
        daily[row["day"][:7]] += int(row["views"]) if row["kind"] == "page" else 0
    terms = sum(len(TERM.findall(page.body)) for page in pages if page.key == "glossary")
    return Figures(
        {
            "members": by_month((row["month"], row["count"]) for row in grown if row["kind"] == "members"),
            "confirmations": _by_form(grown, "confirmations", forms, code, only),
            "answers": _by_form(grown, "answers", forms, code, only),
            "articles": by_month((month, str(count)) for month, count in sorted(articles.items())),
            "glossary": [(say(PROGRESS["terms"], code), Decimal(terms))] if terms else [],
            "times": by_month((row["month"], row["hours"]) for row in times),
            "views": by_month((month, str(count)) for month, count in sorted(daily.items())),
            "pages": most_seen("page"),
            "referrers": most_seen("referrer"),
        }
    )


def counts_of(portal: Portal, language: Language, forms: Mapping[str, Form]) -> list[dict[str, str]]:
    """Give what the home page says of the community in numbers: its largest sign-up, and its most answered form.

    Args:
        portal: the portal.
        language: the language.
        forms: the forms, by name.
    """
    if not language.config.get("extra", {}).get("progress"):
        return []
    grown, code = _rows(portal.root / "data" / "progress" / "progress.csv"), language.code
    found = []
    for kind, said in (("confirmations", "confirmations"), ("answers", "answers_to_one")):
        form, count = max(_by_form(grown, kind, forms, code), key=lambda known: known[1], default=("", Decimal(0)))
        if count:
            value = format_decimal(count, locale=locale_of(code))
            found.append({"value": value, "what": say(PROGRESS[said], code), "form": form})
    return found


def _by_form(
    grown: Iterable[Mapping[str, str]], kind: str, forms: Mapping[str, Form], code: str, only: str = ""
) -> list[tuple[str, Decimal]]:
    """Give the newest count of a kind for each form, by the form's title."""
    newest = {row["form"]: row for row in grown if row["kind"] == kind and (not only or row["month"] <= only)}
    known = [(name, row) for name, row in newest.items() if name in forms]
    return [(forms[name].wording(code).title, Decimal(row["count"])) for name, row in known]


def _lines(values: Sequence[tuple[str, Decimal]]) -> list[Line]:
    most = max((value for _, value in values), default=Decimal(0)) or Decimal(1)
    return [Line(label, value, 100 * value / most) for label, value in values]


def _rows(path: Path) -> list[dict[str, str]]:
    """Read a table; lines that are not whole, or whose month or number is none, are left out."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if _is_sound(row)]


def _is_sound(row: Mapping[str, str | None]) -> bool:
    when = row.get("month") or row.get("day") or ""
    try:
        number = Decimal(row.get("count") or row.get("views") or row.get("hours") or "")
    except InvalidOperation:
        return False
    return bool(MONTH.match(when)) and number.is_finite() and None not in row.values()


def _month(month: str, language: str) -> str:
    return format_skeleton("yMMMM", date(int(month[:4]), int(month[5:7]), 1), locale=locale_of(language))


@cache
def _environment(language: str) -> Environment:
    made = bare_environment(TEMPLATES)
    made.filters["number"] = lambda value: format_decimal(value, locale=locale_of(language))
    made.filters["length_of"] = lambda value: f"{value:.1f}".removesuffix(".0")
    return made
