"""How a language writes dates, numbers and names, by its CLDR data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError

LOCALES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The variables that say which language programs speak, the strongest first, as gettext reads them."""

NOBODYS = {"", "C", "POSIX"}
"""Locales of no language."""


@cache
def locale_of(language: str) -> Locale:
    """Give the CLDR data of a language such as `it` or `de-AT`: without its country where that has none.

    English of no country writes `28 December 2026` and 18:00; `en-US` writes `December 28, 2026` and 6:00 PM.
    """
    try:
        return Locale.parse("en_GB" if language == "en" else language.replace("-", "_"))
    except UnknownLocaleError:
        return Locale.parse(language.partition("-")[0])


def language_name(code: str, language: str) -> str:
    """Give the name of a language in another, `italiano`, `Portuguese`; its code where that has no word for it."""
    return locale_of(code).get_language_name(locale_of(language)) or code


def direction_of(language: str) -> Literal["ltr", "rtl"]:
    """Give the way the lines of a language go, as `dir` says it in HTML; from left to right where CLDR knows none."""
    try:
        return "rtl" if locale_of(language).character_order == "right-to-left" else "ltr"
    except (UnknownLocaleError, ValueError):
        return "ltr"


def language_of_terminal(environ: Mapping[str, str]) -> str:
    """Give the language of a locale such as `de_AT.UTF-8`; empty where it is that of no language."""
    chosen = next((environ[name] for name in LOCALES if environ.get(name)), "")
    locale = chosen.partition(":")[0].partition(".")[0].partition("@")[0]
    return "" if locale in NOBODYS else locale.replace("_", "-")
