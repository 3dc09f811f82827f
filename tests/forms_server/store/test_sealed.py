"""What is sealed is found by the keys that open it, and sealed anew unless it has changed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import URL

from forms_server.database.tables import corrections, links, responses
from forms_server.store import Corrected, Correction, Store, sealed
from tests.forms_server.store.samples import DAY, MOMENT, register, response
from tests.forms_server.store.test_changes import sign_up
from tests.forms_server.store.test_store import rows
from tests.forms_server.stored import found_by_token


def keep_some(store: Store) -> list[str]:
    """Keep responses sealed to two keys and one that is not; give the ids of those sealed to the older, in order."""
    register(store)
    kept = [
        response(number, sealed=f"sealed-{number}", sealed_to="old", content_hash=f"1.{number}") for number in range(3)
    ]
    for each in (*kept, response(7, sealed="sealed-7", sealed_to="new", content_hash="1.7"), response(8)):
        store.keep(each)
    return sorted(each.response_id for each in kept)


def test_sealed_responses_are_counted_by_their_keys(store: Store) -> None:
    keep_some(store)
    assert store.seals.counts() == {"old": 3, "new": 1}


def test_those_sealed_to_other_keys_come_a_few_at_a_time_by_their_ids(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = keep_some(store)
    monkeypatch.setattr(sealed, "AT_ONCE", 2)
    found = store.seals.sealed_otherwise("new", after="")
    assert [each.response_id for each in found] == ids[:2]
    assert {each.sealed_to for each in found} == {"old"}
    assert [each.response_id for each in store.seals.sealed_otherwise("new", after=ids[1])] == ids[2:]


def test_those_that_hold_in_the_clear_what_is_sealed_are_found_whichever_keys_open_them(store: Store) -> None:
    register(store)
    for number, answers in enumerate(({"a_b": "1"}, {"axb": "1"}, {"c": '"a_b":'}, {"d": "1"})):
        store.keep(response(number, sealed="x", sealed_to="new", content_hash=f"1.{number}", answers=answers))
    store.keep(response(7, answers={"a_b": "1"}))
    version = response(0).version
    columns = {("gruppo", version): ["a_b", "z"], ("gruppo", "other"): ["d"], ("altro", version): ["d"]}
    assert store.seals.count_in_the_clear(columns) == 1
    assert store.seals.count_in_the_clear({}) == 0
    found = store.seals.sealed_otherwise("new", "", columns)
    assert [each.answers for each in found] == [{"a_b": "1"}]
    assert store.seals.sealed_otherwise("new", "") == []


def test_those_that_an_older_version_sealed_are_found_and_get_hashes_of_their_own(
    store: Store, database_url: URL
) -> None:
    register(store)
    for number in range(2):
        store.keep(sign_up(number, f"ada{number}", sealed="x", sealed_to="new", content_hash="same"))
    store.keep(response(7, sealed="x", sealed_to="new", content_hash="1.7"))
    store.keep(response(8))
    assert store.seals.count_as_once() == 2
    changed = Correction("v1", "it", "other", {}, (), None, DAY, MOMENT, "x", "new")
    assert store.changes.correct("gruppo", "token-0", changed) is Corrected.DONE
    for stored in store.seals.sealed_otherwise("new", ""):
        assert store.seals.renew(stored, "y", "new", {})
    assert (store.seals.count_as_once(), store.seals.sealed_otherwise("new", "")) == (0, [])
    hashes = {row["response_id"]: {str(row["content_hash"])} for row in rows(database_url, responses) if row["sealed"]}
    for table in (links, corrections):
        for row in rows(database_url, table):
            hashes[row["response_id"]].add(str(row["content_hash"]))
    assert sorted(len(each) for each in hashes.values()) == [1, 1, 3]
    assert all(each.startswith("1.") for each in set().union(*hashes.values()))
    assert len(set().union(*hashes.values())) == 5


def test_a_response_is_sealed_anew_unless_it_was_changed_or_erased_meanwhile(store: Store) -> None:
    keep_some(store)
    changed, erased, same = (found_by_token(store, "gruppo", f"token-{number}") for number in range(3))
    assert changed is not None
    assert erased is not None
    assert store.seals.renew(changed, "sealed-anew", "new", {"a": "b"})
    store.changes.withdraw("gruppo", erased.response_id)
    assert not store.seals.renew(changed, "too late", "new", {})
    assert not store.seals.renew(erased, "too late", "new", {})
    now = found_by_token(store, "gruppo", "token-0")
    assert now is not None
    assert (now.sealed, now.sealed_to, now.answers) == ("sealed-anew", "new", {"a": "b"})
    assert found_by_token(store, "gruppo", "token-2") == same


def test_sealing_anew_brings_no_consent_back_that_was_taken_back_meanwhile(store: Store) -> None:
    register(store)
    kept = response(0, sealed="sealed", sealed_to="old", answers={"consenso": "true"})
    store.keep(kept)
    seen = found_by_token(store, "gruppo", "token-0")
    assert seen is not None
    taken_back = Correction(
        version=kept.version,
        language="it",
        content_hash="other",
        answers={"consenso": "false"},
        consents=(),
        sign_up=None,
        day=kept.received_on,
        moment=datetime(2026, 11, 30, tzinfo=UTC),
        sealed="sealed",
        sealed_to="old",
    )
    assert store.changes.correct("gruppo", "token-0", taken_back) is Corrected.DONE
    assert not store.seals.renew(seen, "sealed-anew", "new", seen.answers)
    now = found_by_token(store, "gruppo", "token-0")
    assert now is not None
    assert (now.answers, now.sealed) == ({"consenso": "false"}, "sealed")
