"""`events`, `event_pages`, `icalendar`: events, from front matter to calendars."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import icalendar
import pytest

from bacheca.forms import USUAL
from bacheca.portal.content.events import Event, events_of, next_event
from bacheca.portal.generated.event_pages import aside, events_page, events_text, facts
from bacheca.portal.generated.icalendar import calendar, calendars
from bacheca.portal.postprocess.json_ld import event_data
from tests.bacheca.portal.archive import archive
from tests.bacheca.portal.conftest import Sketch

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
    assert coming.when("en") == "Friday, 12 March 2027, 18:00 to 20:00"
    assert coming.when("en-US") == "Friday, March 12, 2027, 18:00 to 20:00"
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
    assert re.findall(r'class="event-day" aria-hidden="true"><b>(\d+)</b> (\w+)</span>(\*\*)?\[', text)[0] == (
        "12",
        "mar",
        "**",
    )
    assert page.meta["hide"] == ["toc"]
    over = events_text(page, events, dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert "Per ora non c’è nessun evento" in over
    assert "## Il prossimo" not in over


def test_without_events_nothing_is_written(tmp_path: Path) -> None:
    sketch = Sketch(tmp_path)
    content = sketch.content()
    assert events_page(sketch.language(), content.pages["it"]) == []
    assert calendars(sketch.language(), [], NOW) == {}


def test_an_event_shows_its_facts_and_whether_it_is_over_or_cancelled(sketch: Sketch, events: list[Event]) -> None:
    past, cancelled, coming, _ = (facts(event, sketch.language(), NOW, "eventi") for event in events)
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


def test_each_event_has_a_calendar_of_its_own(sketch: Sketch, events: list[Event]) -> None:
    made = calendars(sketch.language(), events, NOW)
    assert sorted(made) == [
        "eventi/eventi.ics",
        *(f"eventi/{name}/{name}.ics" for name in ("lontano", "passato", "prossimo", "saltato")),
    ]
    assert [str(entry["summary"]) for entry in entries(made["eventi/lontano/lontano.ics"])] == ["Lontano"]


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
        ({"ends": '"2027-03-12 17:00"'}, 'write `ends: "2027-03-12 20:00"`'),
        ({"ends": "2027-03-12"}, "KEY_INVALID ends is 2027-03-12"),
        ({"starts": "2027-03-12", "ends": "2027-03-11"}, "KEY_INVALID ends is 2027-03-11"),
        ({"starts": '"2027-02-30 18:00"'}, "KEY_INVALID starts is 2027-02-30 18:00"),
        ({"starts": '"0001-01-01 00:00"'}, "KEY_INVALID starts is 0001-01-01 00:00"),
        ({"starts": '"2027-03-28 02:30"', "ends": '"2027-03-28 09:00"'}, "EVENT_NO_HOUR starts is 2027-03-28 02:30"),
        ({"ends": '"2027-03-28 02:30"'}, 'write `ends: "2027-03-28 03:30"`'),
        ({"ends": '"2027-10-31 02:30"'}, 'write `ends: "2027-10-31 02:30+02:00"` for the first'),
        ({"ends": "2027-10-31 02:30:00"}, '`ends: "2027-10-31 02:30+01:00"` for the second'),
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


def test_each_moment_of_an_event_is_told_whatever_is_wrong_with_the_other(tmp_path: Path) -> None:
    sketch = Sketch(tmp_path)
    sketch.page("it/eventi/e.md", "x", starts='"2027-10-31 02:30"', ends="sabato", place="X", translation="e")
    assert [problem.code for problem in sketch.problems()] == ["EVENT_HOUR_TWICE", "KEY_INVALID"]


def test_the_moment_that_is_proposed_exists(tmp_path: Path) -> None:
    sketch = Sketch(tmp_path)
    sketch.page("it/eventi/e.md", "x", starts="28/3/2027 2:30", ends='"2027-03-28 09:00"', place="X", translation="e")
    (line,) = sketch.said()
    assert 'write `starts: "2027-03-28 03:30"`' in line


def test_a_moment_with_seconds_is_italian_time_too(tmp_path: Path) -> None:
    sketch = Sketch(tmp_path)
    sketch.page("it/eventi/e.md", "x", starts="2027-07-01 18:00:00", ends='"2027-07-01 20:00"', place="X")
    (one,) = events_of(sketch.content().pages["it"])
    assert one.starts == dt.datetime(2027, 7, 1, 18, tzinfo=USUAL.zone)


def event(tmp_path: Path, **times: str) -> Event:
    sketch = Sketch(tmp_path)
    sketch.page("it/eventi/e.md", "x", place="X", translation="e", **times)
    assert sketch.said() == []
    (one,) = events_of(sketch.content().pages["it"])
    return one


@pytest.mark.parametrize("written", ['"2027-03-12 18:00Z"', "2027-03-12T18:00:00Z", '"2027-03-12 19:00 +01:00"'])
def test_a_moment_keeps_the_zone_that_it_is_written_in(tmp_path: Path, written: str) -> None:
    one = event(tmp_path, starts=written, ends='"2027-03-12 23:00"')
    assert one.starts == dt.datetime(2027, 3, 12, 18, tzinfo=dt.UTC)
    assert one.when("it") == "venerdì 12 marzo 2027, dalle 19:00 alle 23:00"


def test_an_event_goes_over_the_hour_that_comes_twice(tmp_path: Path) -> None:
    one = event(tmp_path, starts='"2027-10-31 02:45+02:00"', ends='"2027-10-31 02:15+01:00"')
    assert one.ends.astimezone(dt.UTC) - one.starts.astimezone(dt.UTC) == dt.timedelta(minutes=30)
    (entry,) = entries(calendar(Sketch(tmp_path).language(), [one], NOW))
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (
        dt.datetime(2027, 10, 31, 0, 45, tzinfo=dt.UTC),
        dt.datetime(2027, 10, 31, 1, 15, tzinfo=dt.UTC),
    )


def test_an_event_of_whole_days_has_no_hours(tmp_path: Path) -> None:
    one = event(tmp_path, starts="2027-03-27", ends="2027-03-28")
    assert one.when("it") == "da sabato 27 marzo 2027 a domenica 28 marzo 2027"
    assert one.ends == dt.datetime(2027, 3, 28, 22, tzinfo=dt.UTC), "the clocks went forward"
    assert next_event([one], dt.datetime(2027, 3, 28, 20, tzinfo=dt.UTC)) == one
    (entry,) = entries(calendar(Sketch(tmp_path).language(), [one], NOW))
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (dt.date(2027, 3, 27), dt.date(2027, 3, 29))
    data = event_data(one, "https://x/", Sketch(tmp_path).language())
    assert (data["startDate"], data["endDate"]) == ("2027-03-27", "2027-03-28")


def test_an_event_may_stand_in_no_folder(tmp_path: Path) -> None:
    sketch = Sketch(tmp_path)
    when = {"starts": '"2027-03-12 18:00"', "ends": '"2027-03-12 20:00"', "place": "Biella"}
    sketch.page("it/incontro.md", "Testo.", translation="incontro", **when)
    (page,) = [page for page in sketch.content().written["it"] if "events" in page.meta]
    assert (page.path, page.url) == ("eventi/index.md", "eventi/")
    events = events_of(sketch.content().pages["it"])
    made = calendars(sketch.language(), events, NOW)
    assert made["incontro/incontro.ics"].count(b"BEGIN:VEVENT") == 1
    assert "eventi/eventi.ics" in made
