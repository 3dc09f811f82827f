"""How a language writes dates, numbers and names, by its CLDR data."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError


@cache
def locale_of(language: str) -> Locale:
    """Give the CLDR data of a language such as `it` or `de-AT`: without its country where that has none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except UnknownLocaleError:
        return Locale.parse(language.partition("-")[0])
