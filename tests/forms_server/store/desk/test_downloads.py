"""Files that somebody asked for: theirs alone, a few at once, and none that holds what is erased since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from forms_server.store import Store
from forms_server.store.desk.accounts import Account, Link
from forms_server.store.desk.downloads import MOST, Download
from tests.forms_server.store.samples import MOMENT, register, response
from tests.forms_server.store.test_changes import correction, sign_up
from tests.forms_server.stored import invited

NOW = MOMENT.replace(microsecond=0)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def askers(store: Store) -> None:
    for name in ("ada", "eva"):
        account = Account(name, f"{name}@example.org", "analyst", "it", NOW)
        invited(store, account, Link(name, f"hash of {name}", name, "invitation", NOW, NOW))
    register(store)


def download(name: str, kind: str = "xlsx", owner: str = "ada", seconds: int = 0, personal: int = 0) -> Download:
    return Download(name, owner, "gruppo", kind, personal, NOW + seconds * SECOND)


def test_a_file_is_forgotten_in_its_time_and_once_an_answer_in_it_is_gone_or_another(store: Store) -> None:
    for number in range(3):
        store.keep(response(number))
    files = [download("0"), download("1", "sav")]
    for file in files:
        store.downloads.ask(file)
    assert store.downloads.waiting() == files
    mark = store.downloads.mark("gruppo")
    assert store.downloads.made(files[0], mark, "x.xlsx", NOW)
    store.downloads.failed(files[1], "no room")
    assert store.downloads.waiting() == []
    assert store.downloads.one("0", "eva") is None
    made = replace(files[0], mark=mark, file="x.xlsx", made_at=NOW)
    assert store.downloads.one("0", "ada") == made
    assert store.downloads.one("1", "ada") == replace(files[1], fault="no room")
    store.keep(response(9))  # what only came changes nothing
    assert store.downloads.is_current(made)
    assert store.downloads.forget(NOW - timedelta(hours=1)) == {"0"}  # nothing is left of what failed
    store.changes.withdraw("gruppo", response(1).response_id)
    assert not store.downloads.is_current(made)
    assert not store.downloads.made(files[1], mark, "y.xlsx", NOW)
    assert store.downloads.forget(NOW - timedelta(hours=1)) == set()
    assert [file.download_id for file in files if store.downloads.one(file.download_id, "ada")] == ["1"]
    assert store.downloads.forget(NOW + SECOND) == set()
    assert store.downloads.of_account("ada") == []


def test_the_mark_of_a_form_is_another_once_an_answer_is_corrected_and_of_that_form_alone(store: Store) -> None:
    register(store, form="altro")
    store.keep(sign_up())
    marks = [store.downloads.mark(form) for form in ("gruppo", "altro")]
    store.changes.correct("gruppo", "token-1", correction())
    after = [store.downloads.mark(form) for form in ("gruppo", "altro")]
    assert [old == new for old, new in zip(marks, after, strict=True)] == [False, True]
    store.changes.withdraw("gruppo", sign_up().response_id)
    assert store.downloads.mark("gruppo") not in {marks[0], after[0]}
    assert store.downloads.mark("altro") == marks[1]


def test_the_same_file_is_asked_for_once_as_long_as_it_is_waited_for(store: Store) -> None:
    first = download("first")
    assert store.downloads.ask(first) == first
    assert store.downloads.ask(download("again", seconds=9)) == first
    others = [download("kind", "sav"), download("hers", owner="eva"), download("personal", personal=1)]
    others.append(replace(download("form"), form="altro"))
    for other in others:
        assert store.downloads.ask(other) == other
    assert store.downloads.made(first, store.downloads.mark("gruppo"), "x.xlsx", NOW)
    anew = download("anew", seconds=9)
    assert store.downloads.ask(anew) == anew
    assert [one.download_id for one in store.downloads.of_account("ada")] == [
        *("anew", "first", "form", "kind", "personal"),
    ]
    assert [one.download_id for one in store.downloads.waiting()] == ["form", "hers", "kind", "personal", "anew"]


def test_nobody_has_more_than_a_few_files_at_once_and_what_failed_is_none(store: Store) -> None:
    for number in range(MOST):
        assert store.downloads.ask(download(f"{number}", f"kind {number}"))
    assert store.downloads.ask(download("more", "more")) is None
    assert store.downloads.ask(download("hers", "more", "eva"))
    store.downloads.failed(download("0"), "no room")
    assert store.downloads.ask(download("more", "more"))


def test_one_is_kept_from_when_it_was_made_and_one_that_waits_from_when_it_was_asked_for(store: Store) -> None:
    mark = store.downloads.mark("gruppo")
    for name, kind in (("made", "xlsx"), ("waits", "sav")):
        store.downloads.ask(download(name, kind))
    assert store.downloads.made(download("made"), mark, "x.xlsx", NOW + 5 * SECOND)
    assert store.downloads.forget(NOW) == {"made", "waits"}
    assert store.downloads.forget(NOW + 5 * SECOND) == {"made"}
    assert store.downloads.forget(NOW + 6 * SECOND) == set()
    assert not store.downloads.made(download("made"), mark, "x.xlsx", NOW)
