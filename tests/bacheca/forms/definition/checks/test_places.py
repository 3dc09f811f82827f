"""What a form file may say of places: whole numbers, of choices that one answer takes, and a list somebody hears of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bacheca.forms.conftest import HEAD

Faults = Callable[..., list[tuple[str, int]]]

SIGNUP = HEAD.replace("survey", "signup")
MAIL = "- {name: posta, title: Posta, type: string, format: email, constraints: {required: true}}\n"


def choice(places: str, more: str = "type: string") -> str:
    return (
        f"- name: turno\n  title: Turno\n  {more}\n  categories:\n  - {{value: a, label: A, form:places: {places}}}\n"
    )


@pytest.mark.parametrize(
    ("places", "codes"),
    [
        ("1", []),
        ("40", []),
        ("1000000", ["PLACES_MORE"]),
        ("1000001", ["FORM_PLACES"]),
        ("0", ["FORM_PLACES"]),
        ("-1", ["FORM_PLACES"]),
        ("true", ["FORM_PLACES"]),
        ("1.5", ["FORM_PLACES"]),
        ("'20'", ["FORM_PLACES"]),
        ("41", ["PLACES_MORE"]),
    ],
)
def test_places_are_a_number_of_the_form_or_of_a_choice(faults: Faults, places: str, codes: list[str]) -> None:
    head = f"{SIGNUP}form:places: 40\n"
    assert faults(MAIL + choice(places), head) == [(code, 6) for code in codes]
    whole = [code for code in codes if code == "FORM_PLACES"]
    assert [code for code, _ in faults(MAIL, f"{SIGNUP}form:places: {places}\n")] == whole
    waiting = f"{SIGNUP}form:places: 40\nform:waiting: {places}\n"
    assert [code for code, _ in faults(MAIL, waiting)] == whole


@pytest.mark.parametrize(
    ("fields", "more", "codes"),
    [
        (MAIL + choice("5", "type: list"), "", ["PLACES_CHOICE"]),
        (MAIL + choice("5"), "form:hold: 2 days\nform:waiting: 3\n", []),
        (MAIL, "form:hold: 2 days\n", ["PLACES_NONE"]),
        (MAIL, "form:waiting: 3\n", ["PLACES_NONE"]),
        (MAIL, "form:places: 3\nform:hold: soon\n", ["FORM_HOLD"]),
        (choice("5"), "form:waiting: 3\n", ["WAITING_ADDRESS"]),
    ],
)
def test_who_waits_is_written_to_and_something_is_waited_for(
    faults: Faults, fields: str, more: str, codes: list[str]
) -> None:
    assert [code for code, _ in faults(fields, SIGNUP + more)] == codes


def test_places_are_of_a_sign_up_alone(faults: Faults) -> None:
    found = faults(MAIL + choice("5"), f"{HEAD}form:places: 9\n")
    assert [code for code, _ in found] == ["FORM_PLACES_KIND"] * 2
