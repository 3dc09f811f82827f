"""Moments by the clocks of here, over the nights in which they are moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacheca.forms.local_time import HourTwice, NoSuchHour, end_of, is_before, local_day, read_moment, start_of, written

ROME = ZoneInfo("Europe/Rome")


def test_an_hour_that_the_clocks_skip_is_none_and_the_next_one_is_proposed() -> None:
    with pytest.raises(NoSuchHour) as caught:
        read_moment("2027-03-28 02:30", ROME)
    assert caught.value.proposed == ("2027-03-28 03:30",)
    assert read_moment("2027-03-28 03:30", ROME) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_asked_for() -> None:
    with pytest.raises(HourTwice) as caught:
        read_moment("2027-10-31 02:30", ROME)
    assert caught.value.proposed == ("2027-10-31 02:30+02:00", "2027-10-31 02:30+01:00")
    first, second = (read_moment(text, ROME) for text in caught.value.proposed)
    assert (first.astimezone(UTC).hour, second.astimezone(UTC).hour) == (0, 1)
    assert is_before(first, second)
    assert not is_before(second, first)


@pytest.mark.parametrize("text", ["2027-03-12 18:00Z", "2027-03-12T18:00:00Z", "2027-03-12 20:00+02:00"])
def test_a_zone_that_is_written_counts(text: str) -> None:
    assert read_moment(text, ROME) == datetime(2027, 3, 12, 18, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", "12 marzo", "2027-03-12", "2027-02-30 10:00", "2027-03-12 24:00", None, 5])
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever the value, its reason is the same
        read_moment(value, ROME)


def test_days_are_as_long_as_the_clocks_make_them() -> None:
    days = [date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 1)]
    lengths = [end_of(day, ROME).astimezone(UTC) - start_of(day, ROME).astimezone(UTC) for day in days]
    assert lengths == [timedelta(hours=hours) for hours in (23, 25, 24)]
    assert local_day(datetime(2027, 6, 30, 22, tzinfo=UTC), ROME) == date(2027, 7, 1)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_what_is_written_is_read_back_as_that_very_moment(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    assert read_moment(written(moment), ROME) == moment
