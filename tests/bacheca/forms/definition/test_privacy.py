"""What a form file promises about people's data is read whole, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bacheca.forms import render_form
from bacheca.forms.definition.privacy import Period, period_of
from tests.bacheca.forms.conftest import HEAD, Written

SIGNUP = HEAD.replace("survey", "signup")
EMAIL = """
- name: posta
  title: E-mail
  type: string
  format: email
  constraints: {required: true}
"""
TEXT = "- {name: a, title: A, type: string}"


@pytest.mark.parametrize(
    ("text", "day", "last"),
    [
        ("90 days", "2026-11-23", "2027-02-21"),
        ("1 day", "2026-12-31", "2027-01-01"),
        ("24 months", "2026-11-23", "2028-11-23"),
        ("1 month", "2026-12-15", "2027-01-15"),
        ("1 month", "2027-01-31", "2027-02-28"),
        ("6 months", "2027-08-31", "2028-02-29"),
        ("1 year", "2028-02-29", "2029-02-28"),
        ("2 years", "2026-11-23", "2028-11-23"),
    ],
)
def test_a_period_ends_on_the_day_people_expect(text: str, day: str, last: str) -> None:
    period = period_of(text)
    assert period is not None
    assert period.after(date.fromisoformat(day)) == date.fromisoformat(last)


@pytest.mark.parametrize("text", ["", "24", "months", "0 months", "-1 days", "24 mesi", "24  months", 24, None, True])
def test_what_is_no_period_is_none(text: object) -> None:
    assert period_of(text) is None


def test_a_period_is_said_in_each_language() -> None:
    said = [(Period(count, unit).words("it"), Period(count, unit).words("en")) for count, unit in PERIODS]
    assert said == [("1 giorno", "1 day"), ("24 mesi", "24 months"), ("1 anno", "1 year"), ("2 anni", "2 years")]


PERIODS = [(1, "day"), (24, "month"), (1, "year"), (2, "year")]


def test_the_promises_of_a_form_are_read_and_the_first_is_shown_before_sending(written: Written) -> None:
    form = written(EMAIL, SIGNUP + "form:keep: 24 months\nform:places: 20\nform:notify: daily\n")
    assert (form.keep, form.places, form.notify) == (Period(24, "month"), 20, "daily")
    assert form.address_field == "posta"
    assert "<li>risposte conservate per 24 mesi</li>" in render_form(form, "it", action="/")


def test_a_form_that_promises_nothing_says_nothing(written: Written) -> None:
    form = written(EMAIL)
    assert (form.keep, form.places, form.notify, form.address_field) == (None, None, "", "")
    assert "conservate" not in render_form(form, "it", action="/")


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (SIGNUP + "form:keep: due anni\n", "FORM_KEEP"),
        (SIGNUP + "form:keep: 24\n", "FORM_KEEP"),
        (SIGNUP + "form:places: 0\n", "FORM_PLACES"),
        (SIGNUP + "form:places: true\n", "FORM_PLACES"),
        (SIGNUP + "form:places: '20'\n", "FORM_PLACES"),
        (SIGNUP + "form:places: 40\nform:waiting: 0\n", "FORM_PLACES"),
        (SIGNUP + "form:places: 40\nform:waiting: no\n", "FORM_PLACES"),
        (SIGNUP + "form:waiting: 20\n", "PLACES_NONE"),
        (SIGNUP + "form:places: 40\nform:hold: 48\n", "FORM_HOLD"),
        (SIGNUP + "form:places: 40\nform:hold: 0 hours\n", "FORM_HOLD"),
        (SIGNUP + "form:places: 40\nform:hold: 15 days\n", "FORM_HOLD"),
        (SIGNUP + "form:places: 40\nform:hold: 2 weeks\n", "FORM_HOLD"),
        (HEAD + "form:places: 40\nform:waiting: 20\n", "FORM_PLACES_KIND"),
        (HEAD + "form:places: 20\n", "FORM_PLACES_KIND"),
        (SIGNUP + "form:notify: weekly\n", "NOT_ONE_OF"),
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused(
    faults: Callable[..., list[tuple[str, int]]], head: str, code: str
) -> None:
    assert [found for found, _ in faults(EMAIL, head)] == [code]


@pytest.mark.parametrize("written_as", ["constraints: {}", "constraints: {required: false}", "title: E-mail"])
def test_a_signup_that_could_be_sent_without_an_address_is_refused(
    faults: Callable[..., list[tuple[str, int]]], written_as: str
) -> None:
    fields = EMAIL.replace("constraints: {required: true}", written_as).replace("  title: E-mail\n", "", 1)
    fields = fields if "title" in fields else fields.replace("name: posta\n", "name: posta\n  title: E-mail\n")
    assert faults(fields, SIGNUP) == [("SIGNUP_ADDRESS", 1)]
    assert faults(fields) == []


def test_only_the_first_address_has_to_be_given(faults: Callable[..., list[tuple[str, int]]]) -> None:
    other = EMAIL.replace("posta", "altra").replace("  constraints: {required: true}\n", "")
    assert faults(EMAIL + other, SIGNUP) == []
