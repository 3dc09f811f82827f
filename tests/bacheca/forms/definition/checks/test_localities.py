"""The time zone that somebody meant."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bacheca.forms.definition.checks.localities import zone_meant, zones


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
