"""The time zone and the language that somebody meant."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bacheca.forms.definition.checks.localities import is_language, is_zone, language_meant, zone_meant, zones


@pytest.mark.parametrize(
    ("written", "usual", "meant"),
    [
        ("CET", "Europe/Rome", "Europe/Rome"),
        ("cest", "Europe/Vienna", "Europe/Vienna"),
        ("CET", "Asia/Tokyo", "Europe/Budapest"),
        ("GMT", "Europe/Rome", "Europe/London"),
        ("EST", "Europe/Rome", "America/New_York"),
        ("CST", "Europe/Rome", "America/Chicago"),
        ("JST", "Europe/Rome", "Asia/Tokyo"),
        ("London", "Europe/Rome", "Europe/London"),
        ("europe/london", "Europe/Rome", "Europe/London"),
        ("New York", "Europe/Rome", "America/New_York"),
        ("???", "Europe/Rome", "Europe/Rome"),
    ],
)
def test_letters_and_cities_lead_to_a_zone_that_many_live_in(written: str, usual: str, meant: str) -> None:
    assert zone_meant(written, ZoneInfo(usual)) == meant
    assert meant in zones()


@pytest.mark.parametrize(
    ("written", "but", "meant"),
    [
        *[("EN", "", "en"), ("english", "", "en"), ("Inglese", "", "en"), ("de", "", "de"), ("tedesco", "", "de")],
        *[("ger", "", "de"), ("deu", "", "de"), ("Deutsch", "", "de"), ("spa", "", "es"), ("español", "", "es")],
        *[("fra", "", "fr"), ("fre", "", "fr"), ("Français", "", "fr"), ("ita", "", "it"), ("klingonese", "", "en")],
        *[("it", "it", "en"), ("en", "en", "fr"), ("ger", "de", "en"), ("???", "en", "fr"), ("xx", "fr", "en")],
    ],
)
def test_a_language_is_meant_by_its_code_or_its_name_and_is_none_that_it_cannot_be(
    written: str, but: str, meant: str
) -> None:
    assert language_meant(written, but) == meant


def test_a_zone_and_a_language_are_known_by_themselves_as_they_are_among_all() -> None:
    assert all(map(is_zone, zones()))
    strange = (
        "",
        "CET",
        "UTC/",
        "Etc/UTC",
        "posix/UTC",
        "right/Europe/Rome",
        "Europe",
        "Europe/",
        "Europe/Roma",
        "/",
        "\0/",
    )
    assert not [
        name for name in (*strange, "../Europe/Rome", "/etc/passwd", "x/" * 5000, "Europe/\udcff") if is_zone(name)
    ]
    assert [code for code in ("it", "en-GB", "lij", "eng", "xx", "e", "IT", "../en", "") if is_language(code)] == [
        *("it", "en-GB", "lij"),
    ]
