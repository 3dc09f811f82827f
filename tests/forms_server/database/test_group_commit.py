"""Those who come together share a commit, and nobody is told anything before it, nor harmed by another."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import OperationalError

from forms_server.database import group_commit
from forms_server.database.engine import Work, make_engine
from forms_server.database.file_turn import FileTurn
from forms_server.database.group_commit import GroupCommit
from forms_server.database.transactions import Database
from forms_server.errors import StoreUnavailable
from forms_server.store import Kept, Outcome, Store, open_store
from tests.forms_server.store.samples import DAY, places, register, response, those_who_wait, wait_for
from tests.forms_server.store.test_changes import sign_up


@pytest.fixture
def store(sqlite_url: URL) -> Iterator[Store]:
    """A store on SQLite, whose one writer the tests can hold up."""
    opened = open_store(sqlite_url)
    register(opened)
    yield opened
    opened.close()


@contextmanager
def coming_together(store: Store, url: URL, many: Sequence[Kept]) -> Iterator[list[Outcome | str]]:
    """Send responses at once while another process writes; in the block all of them wait."""
    found: list[Outcome | str] = []

    def send(kept: Kept) -> None:
        try:
            found.append(store.keep(kept))
        except StoreUnavailable as failure:
            found.append(failure.code)

    threads = [threading.Thread(target=send, args=(kept,)) for kept in many]
    turn = FileTurn(Path(f"{url.database}-lock"), 60)
    with turn.held(), those_who_wait() as waiting:
        for thread in threads:
            thread.start()
        wait_for(lambda: len(waiting) == len(many))
        yield found
    turn.close()
    for thread in threads:
        thread.join(60)


def test_many_share_few_commits_and_hear_nothing_before(store: Store, sqlite_url: URL) -> None:
    heard: list[int] = []
    with coming_together(store, sqlite_url, [response(number) for number in range(40)]) as found:
        event.listen(Engine, "commit", hear := lambda _: heard.append(len(found)))
    event.remove(Engine, "commit", hear)
    assert Counter(found) == {Outcome.KEPT: 40}
    assert heard == [0]
    assert store.counts("gruppo") == {"kept": 40}


def test_one_that_fails_harms_no_other(store: Store, sqlite_url: URL) -> None:
    faults: list[dict[str, Any]] = [{"version": "unknown"}, {"channel": "fax"}, {"token_hash": "token-5"}]
    many = [response(number) for number in range(20)] + [
        response(20 + number, **fault) for number, fault in enumerate(faults)
    ]
    with coming_together(store, sqlite_url, many) as found:
        pass
    assert Counter(found) == {Outcome.KEPT: 20, "SQLITE_CONSTRAINT": 3}
    assert store.counts("gruppo") == {"kept": 20}
    with store.snapshot() as snapshot:
        assert snapshot.received("gruppo") == 20


def test_a_commit_that_fails_refuses_all_of_them(store: Store, sqlite_url: URL) -> None:
    def fail(_: Any) -> None:
        raise OperationalError("COMMIT", None, OSError())

    with coming_together(store, sqlite_url, [response(number) for number in range(10)]) as found:
        event.listen(Engine, "commit", fail)
    assert found == ["OSError"] * 10
    event.remove(Engine, "commit", fail)
    assert store.counts("gruppo") == {}
    assert store.keep(response(1)) is Outcome.KEPT


def test_the_same_response_that_came_twice_together_is_counted_once(store: Store, sqlite_url: URL) -> None:
    other = response(1, content_hash="other")
    with coming_together(store, sqlite_url, [response(0), response(1), response(1), other]) as found:
        pass
    assert Counter(found) in (
        {Outcome.KEPT: 2, Outcome.KEPT_BEFORE: 1, Outcome.CONFLICT: 1},
        {Outcome.KEPT: 2, Outcome.CONFLICT: 2},  # the other one was the first
    )
    with store.snapshot() as snapshot:
        assert snapshot.received("gruppo") == 2


def test_the_last_places_are_given_out_once_to_those_who_come_together(store: Store, sqlite_url: URL) -> None:
    many = [sign_up(number, places=places(3)) for number in range(8)]
    with coming_together(store, sqlite_url, many) as found:
        pass
    assert Counter(found) == {Outcome.KEPT: 3, Outcome.FULL: 5}
    assert store.counts("gruppo") == {"pending": 3}


def test_what_one_network_may_hold_is_held_once_by_those_who_come_together(store: Store, sqlite_url: URL) -> None:
    many = [sign_up(number, places=places(8), network="a") for number in range(5)]
    with coming_together(store, sqlite_url, [*many, sign_up(5, places=places(8), network="b")]) as found:
        pass
    assert Counter(found) == {Outcome.KEPT: 3, Outcome.HELD: 3}
    assert store.counts("gruppo") == {"pending": 3}


def test_what_is_kept_at_once_and_what_waits_may_come_together(store: Store, sqlite_url: URL) -> None:
    many = [response(1), response(2), sign_up(3), response(4, keep_until=DAY), replace(sign_up(5), doubted=True)]
    with coming_together(store, sqlite_url, many) as found:
        pass
    assert found == [Outcome.KEPT] * 5
    assert store.counts("gruppo") == {"kept": 3, "pending": 1, "quarantined": 1}


def test_whoever_waited_too_long_is_told_so_and_not_written(
    store: Store, sqlite_url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    with coming_together(store, sqlite_url, [response(0)]):
        monkeypatch.setattr(group_commit, "PATIENCE", 0.05)
        with pytest.raises(StoreUnavailable, match=r": busy$"):
            store.keep(response(1))
    assert store.counts("gruppo") == {"kept": 1}


def test_too_many_who_wait_are_told_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "MOST_WAITING", 0)
    with pytest.raises(StoreUnavailable, match=r": busy$"):
        store.keep(response(1))


def test_what_waits_is_written_before_the_store_is_closed(store: Store, sqlite_url: URL) -> None:
    closing = threading.Thread(target=store.close)
    with coming_together(store, sqlite_url, [response(number) for number in range(100)]) as found:
        closing.start()
    closing.join(60)
    assert found == [Outcome.KEPT] * 100
    again = open_store(sqlite_url)
    assert again.counts("gruppo") == {"kept": 100}
    again.close()


def test_the_thread_that_writes_keeps_no_process_from_ending(store: Store) -> None:
    store.keep(response(1))
    assert [thread.daemon for thread in threading.enumerate() if thread.name == "group commit"] == [True]


def test_an_item_that_cannot_be_written_is_told_why_and_harms_no_later_one(tmp_path: Path) -> None:
    def write(_: Connection, items: Sequence[str]) -> Sequence[str]:
        if "bad" in items:
            raise ValueError("bad")
        return items

    database = Database(make_engine(make_url(f"sqlite:///{tmp_path / 'forms.db'}")))
    group = GroupCommit[str, str](lambda: database.transaction(Work.WRITE), write, database.unavailable)
    with pytest.raises(ValueError, match="bad"):
        group.do("bad")
    assert group.do("good") == "good"
    group.close()
    database.close()
