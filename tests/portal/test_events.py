"""`portal.events`, `portal.events_pages`, `portal.calendar`: events, from front matter to calendars."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest

from portal.calendar import calendar, write_calendars
from portal.events import ZONE, Event, events_of, next_event
from portal.events_pages import aside, events_page, events_text, facts
from portal.linked_data import event_data
from tests.portal.archive import archive
from tests.portal.conftest import Sketch

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def entries(file: bytes) -> list[Any]:
    """The events of a calendar file."""
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))


@pytest.fixture(scope="module")
def sketch(tmp_path_factory: pytest.TempPathFactory) -> Sketch:
    """A portal with four events: past, cancelled, next, later."""
    return archive(tmp_path_factory.mktemp("eventi"), articles=1)


@pytest.fixture(scope="module")
def events(sketch: Sketch) -> list[Event]:
    return events_of(sketch.content().pages["it"])


def test_the_next_event_is_the_first_to_come_that_takes_place(events: list[Event]) -> None:
    assert [event.title for event in events] == ["Passato", "Saltato", "Prossimo", "Lontano"]
    coming = next_event(events, NOW)
    assert coming is not None
    assert coming.title == "Prossimo"
    assert next_event(events, coming.ends) == coming, "it is the next one until it ends"
    assert next_event(events, dt.datetime(2030, 1, 1, tzinfo=dt.UTC)) is None


def test_days_and_places_are_written_out(events: list[Event]) -> None:
    _, _, coming, later = events
    assert coming.when("it") == "venerdì 12 marzo 2027, dalle 18:00 alle 20:00"
    assert coming.when("en") == "Friday, March 12, 2027, 18:00 to 20:00"
    assert later.when("it").startswith("da martedì 1 giugno 2027, ore 09:00, a mercoledì 2 giugno")
    assert coming.where("it") == "Biblioteca civica · online"


def test_the_page_of_all_events_tells_the_next_from_the_past(sketch: Sketch, events: list[Event]) -> None:
    language = sketch.language()
    (page,) = events_page(language, sketch.content().pages["it"])
    assert page.url == "eventi/"
    text = events_text(page, events, NOW)
    order = ["## Il prossimo evento", "(prossimo.md)", "## Più avanti", "(saltato.md)", "· annullato", "(lontano.md)"]
    places = [text.index(part) for part in (*order, "## Eventi passati", "(passato.md)", 'href="eventi.ics"')]
    assert places == sorted(places)
    over = events_text(page, events, dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert "Per ora non c’è nessun evento" in over
    assert "## Il prossimo" not in over


def test_without_events_nothing_is_written(tmp_path: Path) -> None:
    sketch = Sketch(tmp_path)
    content = sketch.content()
    assert events_page(sketch.language(), content.pages["it"]) == []
    write_calendars(sketch.language(), [], tmp_path / "pages", NOW)
    assert not (tmp_path / "pages").exists()


def test_an_event_shows_its_facts_and_whether_it_is_over_or_cancelled(sketch: Sketch, events: list[Event]) -> None:
    past, cancelled, coming, _ = (facts(event, sketch.language(), NOW) for event in events)
    assert coming["state"] == ""
    assert coming["start"] == "2027-03-12T18:00:00+01:00"
    assert (coming["signup"], coming["calendar"]) == ("modulo/", "eventi/prossimo/prossimo.ics")
    assert past["state"] == "L’evento è già stato."
    assert cancelled["state"] == "L’evento è annullato."
    assert [link["href"] for link in aside(events[2], sketch.language(), NOW)["links"]] == [
        "eventi/prossimo/",
        "modulo/",
    ]


def test_calendars_hold_every_event_in_universal_time(sketch: Sketch, events: list[Event]) -> None:
    found = {str(entry["summary"]): entry for entry in entries(calendar(sketch.language(), events, NOW))}
    assert list(found) == ["Passato", "Saltato", "Prossimo", "Lontano"]
    coming = found["Prossimo"]
    assert coming["dtstart"].dt == dt.datetime(2027, 3, 12, 17, tzinfo=dt.UTC)
    assert found["Lontano"]["dtend"].dt == dt.datetime(2027, 6, 2, 11, tzinfo=dt.UTC), "summer time"
    assert coming["location"] == "Biblioteca civica, Via Roma 1, Biella"
    assert coming["uid"] == "https://bacheca.example.org/eventi/prossimo/"
    assert found["Saltato"]["status"] == "CANCELLED"
    assert len({str(entry["uid"]) for entry in found.values()}) == 4


def test_each_event_has_a_calendar_of_its_own(sketch: Sketch, events: list[Event], tmp_path: Path) -> None:
    for one in events:
        (tmp_path / one.page.url).mkdir(parents=True)
    write_calendars(sketch.language(), events, tmp_path, NOW)
    names = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.ics"))
    assert names == [
        "eventi/eventi.ics",
        *(f"eventi/{name}/{name}.ics" for name in ("lontano", "passato", "prossimo", "saltato")),
    ]
    assert [str(entry["summary"]) for entry in entries((tmp_path / "eventi/lontano/lontano.ics").read_bytes())] == [
        "Lontano"
    ]


def test_an_event_tells_machines_when_where_and_whether_it_takes_place(sketch: Sketch, events: list[Event]) -> None:
    _, cancelled, coming, later = (event_data(event, "https://x/", sketch.language()) for event in events)
    assert coming["startDate"] == "2027-03-12T18:00:00+01:00"
    assert coming["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")
    assert [place["@type"] for place in coming["location"]] == ["Place", "VirtualLocation"]
    assert later["location"] == {"@type": "VirtualLocation", "url": "https://v.example.org/x"}
    assert later["eventAttendanceMode"].endswith("/OnlineEventAttendanceMode")
    assert cancelled["eventStatus"] == "https://schema.org/EventCancelled"


@pytest.mark.parametrize(
    ("meta", "code"),
    [
        ({"ends": ""}, "KEY_MISSING ends"),
        ({"starts": "12 marzo"}, "KEY_INVALID starts is 12 marzo"),
        ({"ends": '"2027-03-12 17:00"'}, "KEY_INVALID ends is 2027-03-12 17:00"),
        ({"online": "stanza"}, "KEY_INVALID online is stanza"),
        ({"place": ""}, "KEY_MISSING place"),
        ({"signup": "niente/"}, "LINK_DEAD The link niente/"),
        ({"cancelled": "forse"}, "KEY_INVALID cancelled is forse"),
    ],
)
def test_each_fault_of_an_event_is_told(tmp_path: Path, meta: dict[str, str], code: str) -> None:
    sketch = Sketch(tmp_path)
    keys = {"starts": '"2027-03-12 18:00"', "ends": '"2027-03-12 20:00"', "place": "X", "translation": "e"} | meta
    sketch.page("it/eventi/e.md", "x", **keys)
    (line,) = sketch.said()
    assert code in line


def test_a_moment_with_seconds_is_italian_time_too(tmp_path: Path) -> None:
    sketch = Sketch(tmp_path)
    sketch.page("it/eventi/e.md", "x", starts="2027-07-01 18:00:00", ends='"2027-07-01 20:00"', place="X")
    (one,) = events_of(sketch.content().pages["it"])
    assert one.starts == dt.datetime(2027, 7, 1, 18, tzinfo=ZONE)
