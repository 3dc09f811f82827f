"""A limit is proposed as it was meant, however it was written."""

from __future__ import annotations

import pytest

from bacheca.forms.definition.checks.proposals import (
    bound_meant,
    constraints_with,
    limit_meant,
    period_meant,
    places_meant,
)


@pytest.mark.parametrize(
    ("of_type", "written", "meant"),
    [
        ("integer", '"5"', "5"),
        ("integer", "circa 5,9", "5"),
        ("integer", "−3", "-3"),
        ("number", "0,5", "0.5"),
        ("number", "da -1.25 a 3", "-1.25"),
        ("date", "30/04/2027", "2027-04-30"),
        ("yearmonth", "04/2027", "2027-04"),
        ("year", "l'anno 2027", "2027"),
        ("year", "dal 1/9/2027", "2027"),
        ("integer", "1" + "0" * 50, "1" + "0" * 39),
    ],
)
def test_a_bound_is_read_as_people_write_it(of_type: str, written: str, meant: str) -> None:
    assert bound_meant(of_type, written) == meant


@pytest.mark.parametrize("of_type", ["integer", "number", "date", "yearmonth", "year"])
def test_a_bound_that_says_nothing_gets_a_usual_one_of_its_type(of_type: str) -> None:
    usual = bound_meant(of_type, "mah")
    assert usual
    assert bound_meant(of_type, usual) == usual


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("24 mesi", "24 months"),
        ("due anni", "2 years"),
        ("un anno", "1 year"),
        ("one month", "1 month"),
        ("ten days", "10 days"),
        ("dieci giorni", "10 days"),
        ("2 settimane", "14 days"),
        ("zwei Jahre", "2 years"),
        ("fünf Wochen", "35 days"),
        ("deux ans", "2 years"),
        ("trois semaines", "21 days"),
        ("cuatro años", "4 years"),
        ("diez días", "10 days"),
        ("a week", "7 days"),
        ("Monate: 3", "3 months"),
        ("mese", "1 month"),
        ("18", "18 months"),
        (2, "2 months"),
        ("1", "24 months"),
        ("0 giorni", "24 months"),
        ("sempre", "24 months"),
        ("tre", "24 months"),
        (None, "24 months"),
    ],
)
def test_a_period_is_read_in_several_languages(written: object, meant: str) -> None:
    assert period_meant(written) == meant


@pytest.mark.parametrize(("written", "meant"), [("circa 120 posti", "120"), (7, "7"), ("0", "40"), ("molti", "40")])
def test_places_are_a_whole_number(written: object, meant: str) -> None:
    assert places_meant(written) == meant


def test_what_is_none_of_a_list_is_the_nearest_of_it_or_its_first() -> None:
    assert limit_meant("OTHER", {}, (), "ross", "blu, rosso") == "rosso"
    assert limit_meant("OTHER", {}, (), "zzz", "blu, rosso") == "blu"
    assert limit_meant("OTHER", {}, (), "zzz", "") == ""
    assert limit_meant("OTHER", {"categories": ["verde"]}, (), "verd", "blu, rosso") == "blu"
    assert limit_meant("EXCLUSIVE", {"categories": ["nessuna", "altre"]}, (), "nesuna", "blu") == "nessuna"
    assert limit_meant("CONSTRAINT_BOUND", {"type": "integer"}, (), "5 o 6", "blu") == "5"


def test_constraints_are_written_on_one_line() -> None:
    assert constraints_with({"minimum": 1}, "maximum", 10) == "{minimum: 1, maximum: 10}"
    assert constraints_with("che", "pattern", "è") == "{pattern: è}"
    assert constraints_with({"required": "sì", "minimum": 1}, "required", "sì") == "{required: true, minimum: 1}"
    assert constraints_with(None, "required", False) == "{required: false}"
    assert constraints_with(None, "pattern", "a b " * 40).count("\n") == 0
