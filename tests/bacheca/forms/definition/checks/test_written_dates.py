"""A date is read as people write it, and no day is made of what is none."""

from __future__ import annotations

from datetime import date

import pytest

from bacheca.forms.definition.checks.written_dates import date_meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30/4/2027", "2027-04-30"),
        ("30-04-27", "2027-04-30"),
        ("2027.4.30", "2027-04-30"),
        ("4/30/2027", "2027-04-30"),  # the American order
        ("12/12/2027", "2027-12-12"),
        ("11/12/2027", "2027-12-11"),
        ("1° gennaio 2027", "2027-01-01"),
        ("1st Jan. 2027", "2027-01-01"),
        ("3. März 2027", "2027-03-03"),
        ("15 août 2027", "2027-08-15"),
        ("venerdì 30 aprile 2027", "2027-04-30"),
        ("31/4/2027", "2027-04-30"),  # its month has no such day
        ("30/2/2027", "2027-02-28"),
        ("31/12/2027 ore 12", "2027-12-31"),
        ("1/1/100", "0100-01-01"),
        ("1/1/99", "2099-01-01"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str, meant: str) -> None:
    assert date_meant(written) == date.fromisoformat(meant)


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "domani",
        "4/2027",
        "32/1/2027",
        "0/1/2027",
        "1/0/2027",
        "13/13/2027",
        "2027-0-1",
        "0000-01-01",
        "x" * 99,
    ],
)
def test_what_is_no_date_is_none(written: object) -> None:
    assert date_meant(written) is None
