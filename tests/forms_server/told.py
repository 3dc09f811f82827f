"""A built site that tells the service of an event and of a page to go on to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from icalendar import Calendar

from bacheca.forms.published import METADATA, Event, Onward, Site

EVENT = Event(
    title="La festa di maggio",
    description="Una sera in cortile.",
    starts=datetime(2027, 3, 30, 16, tzinfo=UTC),
    ends=datetime(2027, 3, 30, 18, tzinfo=UTC),
    zone="Europe/Rome",
    all_day=False,
    when="martedì 30 marzo 2027, dalle 18:00 alle 20:00",
    where="Il cortile · online",
    place="Il cortile",
    address="Via Roma 1, Biella",
    online="https://video.example.org/stanza",
    page="/eventi/festa/",
    url="https://example.org/eventi/festa/",
    cancelled=False,
)
"""Two days before it the clocks are moved."""

ENGLISH = replace(EVENT, title="The May party", when="Tuesday, March 30, 2027, 18:00 to 20:00")
GO_ON = Onward("Contatti", "/contatti/", "https://example.org/contatti/")


def tell(folder: Path, *told: Event) -> str:
    """Write what a site tells of the event of the sign-up: nothing, in Italian, and in English; give its folder."""
    site = folder / "site"
    site.mkdir(exist_ok=True)
    events = {"gruppo": dict(zip(("it", "en"), told, strict=False))} if told else {}
    said = Site("Prova", "prova@example.org", events=events, onward={"gruppo": {"it": GO_ON}})
    (site / METADATA).write_text(said.as_text(), encoding="utf-8")
    return str(site)


def entry_in(file: bytes | str) -> Any:
    """Give the one entry of a calendar file."""
    (entry,) = Calendar.from_ical(file).walk("VEVENT")
    return entry
