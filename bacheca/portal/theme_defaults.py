"""What the theme needs of the settings, where a community says nothing else: its own parts, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import mergedeep  # type: ignore[import-untyped]
from babel.core import get_global
from babel.dates import get_date_format, get_month_names, tokenize_pattern

from bacheca.forms.locales import locale_of
from bacheca.portal.messages import WORDS, say
from bacheca.portal.settings_file import THEME

PARTS: Mapping[str, Any] = {
    "variant": "classic",
    "font": False,  # no other host is asked for one
    "palette": [
        {"media": "(prefers-color-scheme: light)", "scheme": "default", "primary": "custom", "accent": "custom"},
        {"media": "(prefers-color-scheme: dark)", "scheme": "slate", "primary": "custom", "accent": "custom"},
    ],
}
"""The settings of the theme that its templates count on; a theme of the community's own has none of them."""

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    # Elisions split words in two: "L'indagine" is found by "indagine".
    "search": {"separator": "[\\s\\-,:;!?=()\\[\\]/\"'’‘“”«»]+|\\.(?!\\d)|&[lg]t;"},
    "blog": {"post_excerpt": "required", "post_excerpt_max_authors": 0, "draft_on_serve": False},
    "tags": {"export": False},
}
"""How the plugins that the templates know are set, where a community has them and says nothing else."""

FAVICON = "assets/images/favicon.svg"


def with_parts(written: Mapping[str, Any], root: Path) -> dict[str, Any]:
    """Give the settings of the theme.

    Args:
        written: those that somebody wrote.
        root: the folder that they write paths from.
    """
    custom = written.get("custom_dir")
    if custom and (root / str(custom)).resolve() != THEME.resolve():
        return dict(written)
    return {"favicon": FAVICON, "custom_dir": str(THEME), **written, **PARTS}


STEMMED = frozenset("ar da de en es fi fr hu hy it nl no pt ro ru sv tr".split())  # noqa: SIM905
"""The languages of which the search knows the roots of words, and which words are too common to look for."""

SEGMENTED = frozenset(("hi", "ja", "kn", "ko", "sa", "ta", "te", "th", "vi", "zh"))
"""Those in which it parts words in a way of its own; Material knows how."""

NORWEGIAN = {"nb": "no", "nn": "no"}


def with_options(plugins: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Give the plugins that somebody named with all of their options, and the search, which `false` leaves out.

    Args:
        plugins: those that somebody named, with what they say of each.
        language: the code of the language that is searched.
    """
    named = plugins if "material/search" in plugins else {"search": {}, **plugins}
    usual = {**OPTIONS, "search": {**OPTIONS["search"], **_searched_in(language)}}
    return {
        name: {**usual[name], **(options if isinstance(options, Mapping) else {})} if name in usual else options
        for name, options in named.items()
        if options is not False
    }


def _searched_in(language: str) -> dict[str, Any]:
    """Give how the search reads words: of a language that it does not know each stands as it is written."""
    alone = language.partition("-")[0]
    code = NORWEGIAN.get(alone, alone)
    if code in STEMMED:
        return {"lang": [code]}
    return {} if code in SEGMENTED else {"lang": ["en"], "pipeline": []}


def searched_in(plugins: Mapping[str, Any]) -> str:
    """Give the language whose words the search takes apart, as its settings say; empty where it knows none.

    Args:
        plugins: the plugins of a language, with all of their options.
    """
    options = plugins.get("search") or plugins.get("material/search") or {}
    named = options.get("lang") or ()
    code = named if isinstance(named, str) else next(iter(named), "")
    takes_apart = options.get("pipeline") != [] and (THEME / f"assets/javascripts/words.{code}.min.js").is_file()
    return str(code) if takes_apart else ""


def with_words(written: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Give the words of the theme's templates.

    Args:
        written: those that somebody wrote.
        language: the code of the language to say the others in.
    """
    words: dict[str, Any] = {"footer_links": [], "licence_name": "CC BY-SA 4.0", **_of_calendar(language)}
    for key, sentence in WORDS.items():
        place, _, name = key.rpartition(".")
        (words.setdefault(place, {}) if place else words)[name] = say(sentence, language)
    return dict(mergedeep.merge(words, written))


def spoken_by_material(language: str) -> str:
    """Give the language whose words Material has: the one asked for, that without its country, else English."""
    material = find_spec("material")
    places = material.submodule_search_locations if material else None
    folders = [Path(place) / "templates/partials/languages" for place in places or ()]
    tried = (language, language.partition("-")[0])
    return next((code for code in tried for folder in folders if (folder / f"{code}.html").is_file()), "en")


def _of_calendar(language: str) -> dict[str, Any]:
    """Give how the language is written, such as `it_IT`, its months, and how a day is written out."""
    known = locale_of(language)
    parts = str(get_global("likely_subtags").get(str(known), known)).split("_")
    locale = f"{parts[0]}_{parts[-1]}" if len(parts) > 1 else language
    months = get_month_names("wide", "format", known)
    tokens = tokenize_pattern(get_date_format("long", known).pattern)
    day = "".join(str(value) if kind == "chars" else _part_of_day(*value) for kind, value in tokens)
    return {"locale": locale, "months": [months[number] for number in sorted(months)], "day": day}


def _part_of_day(field: str, width: int) -> str:
    """Give what stands for a part of a day: `{day}`, `{year}`, and `{month}`, or `{number}` where it is in figures."""
    return {"d": "{day}", "y": "{year}", "M": "{month}" if width > 2 else "{number}"}.get(field, "")
