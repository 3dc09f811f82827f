"""What the front matter of a page may say, and what some pages must."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import material  # type: ignore[import-untyped]

from bacheca.forms.catalogues import marked as _
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.yaml_lines import in_quotes
from bacheca.forms.errors import Problem
from bacheca.portal.checks.job_profile import check_occupation
from bacheca.portal.checks.key_names import key_meant
from bacheca.portal.checks.meant import line_meant
from bacheca.portal.content.events import check_event
from bacheca.portal.content.heads import HOME, is_home
from bacheca.portal.content.pages import Page, moment_of
from bacheca.portal.images.scenes import SCENES
from bacheca.portal.messages import as_written
from bacheca.portal.rules import LIMITS
from bacheca.portal.settings import Language
from bacheca.portal.settings_file import THEME

WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""A name in addresses and translation keys."""

PLACE = re.compile(r"(?<=href: )[^,]+")
"""Where a picture is, in an example."""

PLAIN_PLACE = re.compile(r"[\w./-]+")

Rule = tuple[Callable[[Any], bool], str]
"""What makes a value good, and a line with a good one."""


def is_text(value: Any) -> bool:
    """Whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value.strip())


def is_texts(value: Any) -> bool:
    """Whether a value is a list of texts."""
    return isinstance(value, list) and all(is_text(item) for item in value)


def is_word(value: Any) -> bool:
    """Whether a value can stand in an address."""
    return is_text(value) and bool(WORD.fullmatch(value))


def is_date(value: Any) -> bool:
    """Whether a value says when an article was written, in a year of four digits."""
    moment = moment_of({"date": value})
    return moment is not None and moment.year > 999


def is_way(value: Any) -> bool:
    """Whether a value leads somewhere: it has an address and something to click on."""
    return isinstance(value, Mapping) and isinstance(value.get("href"), str) and is_text(value.get("label"))


def is_card(value: Any) -> bool:
    """Whether a value is a way in from a home page, with a drawing that there is or none."""
    return is_way(value) and value.get("drawing", "form") in SCENES


def is_picture(value: Any) -> bool:
    """Whether a value is the picture of a page: where it is, and what is to be seen; other tools write a text."""
    if not isinstance(value, Mapping):
        return True
    return is_text(value.get("href")) and is_text(value.get("alt"))


def is_hero(value: Any) -> bool:
    """Whether a value is what a home page begins with."""
    return isinstance(value, Mapping) and _is_titled(value) and _are_ways(value.get("actions"))


def is_aside(value: Any) -> bool:
    """Whether a value is what a home page says beside its articles."""
    return isinstance(value, Mapping) and _is_titled(value) and _are_ways(value.get("links"))


def _is_titled(value: Mapping[Any, Any]) -> bool:
    return value.get("title") is None or is_text(value["title"])


def _are_ways(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(map(is_way, value)))


OF_PAGES: Mapping[str, Rule] = {
    "title": (is_text, _("title: What there is to do")),
    "description": (is_text, _("description: What somebody does who looks after a community online.")),
    "translation": (is_word, "translation: profile"),
    "draft": (lambda value: isinstance(value, bool), "draft: true"),
    "hide": (lambda value: is_text(value) or is_texts(value), "hide: [toc]"),
    "search": (lambda value: not value or isinstance(value, Mapping), "search: {exclude: true}"),
    "tags": (lambda value: is_text(value) or is_texts(value), _("tags: [complaints, moderation]")),
    "image": (is_picture, _("image: {href: assets/images/photo.jpg, alt: Two people in front of a notice board}")),
    "redirect_from": (lambda value: is_text(value) or is_texts(value), _("redirect_from: /guide/old/")),
}
"""What any page may say."""

OF_ARTICLES: Mapping[str, Rule] = {
    "date": (is_date, "date: 2026-11-23"),
    "authors": (is_texts, _("authors: [editors]")),
    "categories": (is_texts, _("categories: [Listening]")),
    "tags": (is_texts, _("tags: [complaints, moderation]")),
    "slug": (is_word, _("slug: a-complaint-in-public")),
    "numero": (lambda value: type(value) is int and value > 0, "numero: 1"),
    "pin": (lambda value: isinstance(value, bool), "pin: true"),
    "links": (lambda value: isinstance(value, list), _("links: [profile.md]")),
}
"""What an article may say; other pages may say anything there, which nobody reads."""

OF_HOME: Mapping[str, Rule] = {
    "hero": (is_hero, _("hero: {title: A notice board, text: For whoever is online, actions: []}")),
    "cards": (
        lambda value: isinstance(value, list) and all(map(is_card, value)),
        _("cards: [{title: The profile, text: Who it is, label: Read, href: profile/, drawing: profile}]"),
    ),
    "aside": (is_aside, _("aside: {title: The next meeting, text: Biella, links: []}")),
}
"""What a page with the template of the home page may say."""

TEXTUAL = frozenset(("title", "description", "translation", "slug", "tags", "authors", "categories"))
"""What is a text, or a list of texts."""

SCALARS = (bool, int, float, dt.date)
"""What YAML takes some texts for, such as `no`, `8.10` and `2027-01-01`."""


def check_front_matter(page: Page, longest: int = LIMITS["description"]) -> Iterator[Problem]:
    """Give what is wrong with a page's front matter; of each value the line that was meant.

    Args:
        page: the page.
        longest: the most characters of its description.
    """
    for problem in _check(page, longest):
        key = str(problem.values.get("key"))
        if problem.code in ("KEY_INVALID", "KEY_QUOTE") and key in page.meta:
            example = str(problem.values["example"])
            near = line_meant(key, page.meta[key], page.written.get(key, ""), example)
            value = page.meta[key]
            if not isinstance(value, SCALARS) and str(value) in (near, near.partition(": ")[2].strip('"')):
                near = example  # the value is well written, and wrong for another reason
            problem = replace(problem, values={**problem.values, "example": near})  # noqa: PLW2901
        yield problem


def _check(page: Page, longest: int) -> Iterator[Problem]:
    rules = {**OF_PAGES, **(OF_ARTICLES if page.is_article else {})}
    if is_home(page.meta):
        rules |= OF_HOME
    for key, (is_good, example) in rules.items():
        value = page.meta.get(key)
        if key in page.assumed:
            continue
        if value in (None, "", []):
            if (key == "date" and page.is_article) or (key == "hero" and page.meta.get("template") == HOME):
                yield page.problem("KEY_MISSING", key, key=key, example=as_written(example, page.language))
        elif not is_good(value):
            yield _invalid(page, key, value, as_written(example, page.language))
    yield from _check_description(page, longest)
    yield from _check_image(page)
    for key in page.meta:
        if near := key_meant(key):
            yield page.problem("KEY_TYPO", key, key=key, near=near)
    yield from check_occupation(page)
    yield from check_event(page)


def _invalid(page: Page, key: str, value: Any, example: str) -> Problem:
    """Say that a value is another than it should be, and whether quotes would mend it."""
    strange = isinstance(value, SCALARS) or (isinstance(value, list) and any(isinstance(v, SCALARS) for v in value))
    written = " ".join(page.written.get(key, "").split())
    if strange and written and key in TEXTUAL:
        return page.problem("KEY_QUOTE", key, key=key, written=written, value=value, example=example)
    return page.problem("KEY_INVALID", key, key=key, value=value, example=example)


def _check_description(page: Page, longest: int) -> Iterator[Problem]:
    said = page.meta.get("description")
    if "description" in page.assumed:
        line = f"description: {in_quotes(str(said))}" if said else as_written(OF_PAGES["description"][1], page.language)
        yield page.problem("DESCRIPTION_NONE", 1, example=line)
    elif isinstance(said, str) and len(said) > longest:
        yield page.problem("DESCRIPTION_LONG", "description", length=len(said), limit=longest)


def _check_image(page: Page) -> Iterator[Problem]:
    """Say so of a picture of which only the place is told, as in other tools: without words nobody shows it."""
    told = page.meta.get("image")
    place = next(filter(is_text, told), "") if isinstance(told, list) else told
    if isinstance(place, str) and is_text(place):
        example = as_written(OF_PAGES["image"][1], page.language)
        href = place.strip().removeprefix("./").lstrip("/")
        near = PLACE.sub(lambda _: href if PLAIN_PLACE.fullmatch(href) else in_quotes(href), example, count=1)
        yield page.problem("IMAGE_TEXT", "image", example=near)


def check_template(page: Page, templates: Collection[str]) -> Iterator[Problem]:
    """Give the template of a page that is none, or that only articles have."""
    named = page.meta.get("template")
    known = isinstance(named, str) and named in templates
    if named is None or (known and (page.is_article or named != "blog-post.html")):
        return
    near = nearest(str(named), [name for name in templates if name.startswith("home")], 0.5) or "main.html"
    yield page.problem("KEY_INVALID", "template", key="template", value=named, example=f"template: {near}")


def templates_of(language: Language) -> frozenset[str]:
    """Give the names of the templates that a page of a language may ask for."""
    own = language.config["theme"].get("custom_dir")
    written = frozenset(path.name for path in (language.own / "theme").glob("*.html"))
    return (
        written
        | _templates(Path(material.__file__).parent / "templates")
        | (_templates(language.config_file.parent / own) if own else _templates(THEME))
    )


@cache
def _templates(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.glob("*.html"))


def check_excerpt(page: Page, language: Language) -> Iterator[Problem]:
    """Give an article without the mark where its summary ends, in a portal whose settings ask for one."""
    required = (language.blog or {}).get("post_excerpt") == "required"
    if required and page.is_article and "<!-- more -->" not in page.body:
        yield page.problem("MORE_MISSING", page.body_line)
