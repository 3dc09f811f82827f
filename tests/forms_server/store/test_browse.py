"""Responses are looked through page by page: all of them, each once, the newest day first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from forms_server.store import Store
from forms_server.store.browse import Page, Wanted
from forms_server.store.lifecycle import State
from tests.forms_server.store.samples import DAY, register, response

COLOURS = ("rosso", "verde", "blu")
KEPT = 30


@pytest.fixture
def full(store: Store) -> Store:
    """A store with responses of four days, and some that are not of the form or do not count."""
    for form in ("gruppo", "altro"):
        register(store, form=form)
    for number in range(KEPT):
        answers = {"nome": f"Adà {number}", "colore": COLOURS[number % 3], "motivo": 'Perché "sì": rosso'}
        store.keep(response(number, received_on=DAY + timedelta(days=number % 4), answers=answers))
    store.keep(response(100, form="altro"))
    store.keep(response(101, doubted=True))
    return store


def pages(store: Store, wanted: Wanted, **limits: int) -> Iterator[Page]:
    """Give page after page until none follows."""
    end = None
    while True:
        page = store.browse.page("gruppo", wanted, end, **limits)
        yield page
        end = page.end
        if end is None:
            return


def numbers(many: Iterator[Page]) -> list[int]:
    """Tell which responses were found, in their order."""
    return [int(found.answers["nome"].split()[1]) for page in many for found in page.responses]


def test_every_response_is_on_one_page_and_the_newest_day_comes_first(full: Store) -> None:
    found = [stored for page in pages(full, Wanted(), size=7) for stored in page.responses]
    assert sorted(stored.response_id for stored in found) == sorted(response(n).response_id for n in range(KEPT))
    days = [stored.received_on for stored in found]
    assert days == sorted(days, reverse=True)
    assert [len(page.responses) for page in pages(full, Wanted(), size=7)] == [7, 7, 7, 7, 2]


def test_one_comes_back_to_the_pages_that_one_saw(full: Store) -> None:
    for wanted in (Wanted(), Wanted(cells={"colore": "rosso"})):
        onward = list(pages(full, wanted, size=4, most=9))
        assert onward[0].start is None
        for before, after in pairwise(onward):
            back = full.browse.page("gruppo", wanted, after.start, size=4, most=9)
            assert (back.start is None) == (before is onward[0])
            assert {found.response_id for found in back.responses} >= {r.response_id for r in before.responses}
            assert back.end == before.end


def test_what_came_meanwhile_is_on_the_first_page_that_one_comes_back_to(full: Store) -> None:
    second = full.browse.page("gruppo", Wanted(), full.browse.page("gruppo", Wanted(), size=4).end, size=4)
    full.keep(response(200, received_on=DAY + timedelta(days=9)))
    back = full.browse.page("gruppo", Wanted(), second.start, size=4)
    assert back.start
    first = full.browse.page("gruppo", Wanted(), back.start, size=4)
    assert first.start is None
    assert [len(page.responses) for page in (back, first)] == [4, 4]
    assert first.responses[0].response_id == response(200).response_id


def test_a_response_is_found_by_its_token_whatever_its_state_among_the_newest(full: Store) -> None:
    for number, state in ((7, State.KEPT), (101, State.QUARANTINED)):
        sought = response(number).token_hash
        assert full.browse.find("gruppo", lambda _, token: token == sought) == response(number).response_id, state  # noqa: B023
    assert full.browse.find("gruppo", lambda _, token: token == response(7).token_hash, last=DAY) is None
    assert full.browse.find("gruppo", lambda *_: False, most=3) is None
    assert full.browse.find("altro", lambda _, token: token == response(7).token_hash) is None


def test_a_last_page_that_is_full_is_followed_by_none(full: Store) -> None:
    assert [len(page.responses) for page in pages(full, Wanted(), size=15)] == [15, 15]


def test_what_comes_or_goes_meanwhile_moves_nobody_to_another_page(full: Store) -> None:
    first = full.browse.page("gruppo", Wanted(), size=10)
    full.keep(response(200, received_on=DAY + timedelta(days=9)))
    rest = full.browse.page("gruppo", Wanted(), first.end, size=100)
    assert len(rest.responses) == KEPT - 10
    assert not {stored.response_id for stored in first.responses} & {stored.response_id for stored in rest.responses}


def test_those_of_some_days_and_of_another_state_are_found(full: Store) -> None:
    days = {stored.received_on for page in pages(full, Wanted(first=DAY, last=DAY)) for stored in page.responses}
    assert days == {DAY}
    late = Wanted(first=DAY + timedelta(days=2))
    assert sorted(numbers(pages(full, late))) == [n for n in range(KEPT) if n % 4 >= 2]
    doubted = full.browse.page("gruppo", Wanted(state=State.QUARANTINED))
    assert [stored.response_id for stored in doubted.responses] == [response(101).response_id]


def test_a_choice_is_that_of_its_column_and_no_other(full: Store) -> None:
    red = sorted(numbers(pages(full, Wanted(cells={"colore": "rosso"}), size=4)))
    assert red == list(range(0, KEPT, 3))  # not where somebody only wrote of it
    assert numbers(pages(full, Wanted(cells={"colore": 'rosso","motivo":"'}))) == []


@pytest.mark.parametrize(
    ("text", "columns", "found"),
    [
        ("ada 7", ("nome",), [7]),
        ("PERCHE", ("motivo",), list(range(KEPT))),
        ("rosso", ("nome", "colore"), list(range(0, KEPT, 3))),
        ('"sì"', ("motivo",), list(range(KEPT))),
        ("ada", ("colore", "motivo"), []),  # in no column that may be looked at
        ("%", ("nome", "colore", "motivo"), []),
    ],
)
def test_a_text_is_found_without_accents_and_only_where_one_may_look(
    full: Store, text: str, columns: tuple[str, ...], found: list[int]
) -> None:
    assert sorted(numbers(pages(full, Wanted(text=text, columns=columns)))) == found


def test_a_search_stops_after_so_many_says_so_and_goes_on_from_there(full: Store) -> None:
    wanted = Wanted(text="ada 7", columns=("nome",))
    some = list(pages(full, wanted, most=8))
    assert [page.looked_at for page in some] == [8, 8, 8, 6]
    assert numbers(iter(some)) == [7]


def test_a_search_of_a_store_without_a_match_ends(full: Store) -> None:
    assert [page.end for page in pages(full, Wanted(cells={"colore": "nero"}), most=15)][-1] is None


def test_a_response_says_which_version_and_resource_it_is_of(full: Store) -> None:
    register(full, version="v2", resource=2)
    full.keep(replace(response(300), version="v2", received_on=DAY + timedelta(days=9)))
    newest = full.browse.page("gruppo", Wanted(), size=1).responses[0]
    assert (newest.version, newest.resource) == ("v2", 2)
