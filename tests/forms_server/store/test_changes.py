"""A response is confirmed, corrected and erased whole, or nothing changes; what is erased is only counted.

One table of states: each change from each state, on both databases.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, select

from forms_server.database.engine import Work
from forms_server.database.tables import consents, corrections, links, mail_counts, outbox, responses, tombstones
from forms_server.errors import StoreUnavailable
from forms_server.store import (
    Confirmation,
    Correction,
    Kept,
    OutboxMail,
    Outcome,
    SignUp,
    Store,
    open_store,
)
from forms_server.store.lifecycle import tombstone_of
from tests.forms_server.store.samples import CONSENT, DAY, MAIL, MOMENT, places, register, response
from tests.forms_server.store.test_store import rows
from tests.forms_server.stored import beside, found_by_token, responses_in

OLDEST = DAY - timedelta(days=14)

WATCHDOG = 600
"""Seconds after which something hangs, on however busy a machine."""


def sign_up(number: int = 1, address: str = "", **changes: Any) -> Kept:
    """Give a sign-up that waits to be confirmed, from an address of its own unless one is given."""
    mail = replace(MAIL, recipient=f"{address or number}@example.org")
    links_of = {"confirm": f"confirm-{number}", "receipt": f"mailed-{number}"}
    confirm, known = (OutboxMail(f"{kind}-{number}", kind, *fields(mail)) for kind in ("confirm", "known"))
    waits = SignUp(f"address-{address or number}", links_of, confirm, known, (f"counted-{address or number}",))
    return replace(response(number), sign_up=waits, **changes)


def fields(mail: OutboxMail) -> tuple[Any, ...]:
    return mail.recipient, mail.language, mail.payload, mail.created_at


def address_of(kept: Kept) -> SignUp:
    assert kept.sign_up
    return kept.sign_up


def correction(**changes: Any) -> Correction:
    sample = Correction("v1", "it", "content-new", {"nome": "Ada B", "motivo": "x"}, (), None, DAY, MOMENT)
    return replace(sample, **changes)


def confirm(store: Store, number: int = 1, form: str = "gruppo") -> Confirmation:
    return store.changes.confirm(form, f"confirm-{number}", OLDEST, MOMENT)


def mails(url: URL) -> list[tuple[object, object]]:
    return sorted((str(row["id"]), row["response_id"]) for row in rows(url, outbox))


def test_a_sign_up_waits_and_is_exported_only_once_it_is_confirmed(store: Store, database_url: URL) -> None:
    register(store)
    assert store.keep(sign_up()) is Outcome.KEPT
    assert (store.counts("gruppo"), list(responses_in(store, "gruppo", 1))) == ({"pending": 1}, [])
    assert mails(database_url) == [("confirm-1", sign_up().response_id)]
    assert confirm(store) is Confirmation.CONFIRMED
    assert store.counts("gruppo") == {"kept": 1}
    (found,) = responses_in(store, "gruppo", 1)
    assert (found.answers, found.pending_since) == (sign_up().answers, None)
    (row,) = rows(database_url, responses)
    assert row["confirmed_at"] == MOMENT.replace(microsecond=0)


def test_confirming_twice_changes_nothing(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(sign_up())
    confirm(store)
    before = rows(database_url, responses)
    later = MOMENT + timedelta(days=1)
    assert store.changes.confirm("gruppo", "confirm-1", OLDEST, later) is Confirmation.KNOWN
    assert rows(database_url, responses) == before


def test_a_link_confirms_the_answers_that_its_mail_was_about(store: Store) -> None:
    register(store)
    for number in (1, 2):
        store.keep(sign_up(number))
    store.changes.correct("gruppo", "token-1", correction())
    assert [confirm(store, number) for number in (1, 2)] == [Confirmation.CHANGED, Confirmation.CONFIRMED]
    assert store.counts("gruppo") == {"kept": 1, "pending": 1}


@pytest.mark.parametrize(
    ("form", "token", "oldest"),
    [
        ("gruppo", "confirm-2", OLDEST),
        ("altro", "confirm-1", OLDEST),
        ("gruppo", "mailed-1", OLDEST),
        ("gruppo", "token-1", OLDEST),
        ("gruppo", "confirm-1", DAY + timedelta(days=1)),
    ],
    ids=["unknown", "another form's", "of the mail's receipt", "of the receipt", "too late"],
)
def test_a_link_that_is_not_good_for_it_confirms_nothing(store: Store, form: str, token: str, oldest: date) -> None:
    register(store)
    store.keep(sign_up())
    assert store.changes.confirm(form, token, oldest, MOMENT) is Confirmation.UNKNOWN
    assert store.counts("gruppo") == {"pending": 1}


def test_the_last_day_still_confirms(store: Store) -> None:
    register(store)
    store.keep(sign_up())
    assert store.changes.confirm("gruppo", "confirm-1", DAY, MOMENT) is Confirmation.CONFIRMED


def test_a_known_address_waits_like_any_other_and_its_owner_is_told(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(sign_up(1, "ada"))
    confirm(store)
    assert store.keep(sign_up(2, "ada")) is Outcome.KEPT
    assert store.counts("gruppo") == {"kept": 1, "pending": 1}
    assert mails(database_url) == [("confirm-1", sign_up(1).response_id), ("known-2", sign_up(1).response_id)]


def test_whoever_has_confirmed_an_address_is_a_member_of_that_form(store: Store) -> None:
    register(store)
    for number in (1, 2):
        store.keep(sign_up(number))
    confirm(store)
    asked = (("gruppo", "address-1"), ("gruppo", "address-2"), ("altro", "address-1"))
    assert [store.changes.is_member(*one) for one in asked] == [True, False, False]


def test_an_address_is_a_member_once(store: Store) -> None:
    register(store)
    store.keep(sign_up(1, "ada"))
    store.keep(sign_up(2, "ada"))
    assert [confirm(store, 2), confirm(store, 1), confirm(store, 2)] == [
        Confirmation.CONFIRMED,
        Confirmation.KNOWN,
        Confirmation.KNOWN,
    ]
    assert store.counts("gruppo") == {"kept": 1, "pending": 1}


def test_an_address_is_known_to_its_own_form_only(store: Store, database_url: URL) -> None:
    register(store)
    register(store, form="altro")
    store.keep(sign_up(1, "ada"))
    confirm(store)
    store.keep(sign_up(2, "ada", form="altro"))
    assert [name for name, _ in mails(database_url)] == ["confirm-1", "confirm-2"]


def test_an_address_typed_in_again_and_again_gets_few_mails(store: Store, database_url: URL) -> None:
    register(store)
    register(store, form="altro")
    for number in range(1, 8):
        form = ("gruppo", "altro")[number % 2]
        assert store.keep(sign_up(number, "ada", form=form)) is Outcome.KEPT
        if number == 2:
            store.changes.withdraw(form, sign_up(number).response_id)
        if number == 3:
            other = sign_up(90, "bea").sign_up
            assert store.changes.correct(form, "token-3", correction(sign_up=other))
            back = sign_up(91, "ada").sign_up
            assert store.changes.correct(form, "token-3", correction(content_hash="back", sign_up=back))
    (counted,) = [row for row in rows(database_url, mail_counts) if row["pseudonym"] == "counted-ada"]
    assert counted["count"] == 8
    sent = [row["id"] for row in rows(database_url, outbox) if row["recipient"] == "ada@example.org"]
    assert sent == ["confirm-1"]  # the second went with its response, the third with the address before
    store.keep(replace(sign_up(9, "ada"), received_on=DAY + timedelta(days=1)))
    assert ("confirm-9", sign_up(9).response_id) in mails(database_url)
    assert len(rows(database_url, mail_counts)) == 1  # of the days before nothing is kept


def test_whoever_finds_no_place_waits_for_nobody_who_writes(sqlite_url: URL) -> None:
    store = open_store(sqlite_url)
    register(store)
    store.keep(sign_up(1, places=places(2), network="a"))
    full, held = sign_up(2, places=places(1)), sign_up(2, places=places(2), network="a")
    with beside(sqlite_url, Work.WRITE):
        assert [store.keep(full), store.keep(held)] == [Outcome.FULL, Outcome.HELD]
    store.close()


def test_a_place_comes_free_when_it_is_withdrawn(store: Store) -> None:
    register(store)
    for number, address in ((1, "ada"), (2, "bea")):
        assert store.keep(sign_up(number, address, places=places(2))) is Outcome.KEPT
    assert store.keep(sign_up(3, "cleo", places=places(2))) is Outcome.FULL
    assert store.keep(sign_up(2, "bea", places=places(2))) is Outcome.KEPT_BEFORE
    assert store.keep(sign_up(2, "bea", places=places(2), content_hash="other")) is Outcome.CONFLICT
    store.changes.withdraw("gruppo", sign_up(2).response_id)
    assert store.keep(sign_up(3, "cleo", places=places(2))) is Outcome.KEPT


@pytest.mark.parametrize("address", ["ada", "bea"], ids=["known", "unknown"])
def test_whether_a_form_is_full_depends_on_no_address(store: Store, address: str) -> None:
    register(store)
    store.keep(sign_up(1, "ada", places=places(2)))
    confirm(store)
    assert store.keep(sign_up(2, address, places=places(2))) is Outcome.KEPT
    assert not store.waiting_list.ledger("gruppo", places(2)).room_for_newcomers().has(places(2).quotas)
    assert store.keep(sign_up(3, address, places=places(2))) is Outcome.FULL
    assert store.keep(replace(sign_up(4, address, places=places(2)), doubted=True)) is Outcome.FULL


def test_a_receipt_opens_by_its_own_link_and_by_the_mails(store: Store) -> None:
    register(store)
    store.keep(sign_up())
    own, mailed = found_by_token(store, "gruppo", "token-1"), found_by_token(store, "gruppo", "mailed-1")
    assert own == mailed
    assert own is not None
    assert (own.state, own.pending_since) == ("pending", DAY)
    assert found_by_token(store, "gruppo", "confirm-1") is None
    assert found_by_token(store, "altro", "mailed-1") is None


def test_a_correction_replaces_the_answers_and_remembers_the_old_by_their_hash(store: Store, database_url: URL) -> None:
    register(store)
    register(store, "v2")
    store.keep(response(answers={"nome": "canary-4711"}))
    assert store.changes.correct("gruppo", "token-1", correction(version="v2"))
    assert store.changes.correct("gruppo", "token-1", correction(content_hash="content-3"))
    (found,) = responses_in(store, "gruppo", 1)
    assert (found.version, found.answers, found.received_on) == ("v1", {"nome": "Ada B", "motivo": "x"}, DAY)
    history = [(row["number"], row["version"], row["content_hash"]) for row in rows(database_url, corrections)]
    assert history == [(1, "v1", "content-1"), (2, "v2", "content-new")]
    assert "canary" not in str([rows(database_url, table) for table in (responses, corrections)])


def test_the_same_correction_twice_is_one(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(response())
    for _ in range(2):
        assert store.changes.correct("gruppo", "token-1", correction())
    assert len(rows(database_url, corrections)) == 1


def test_a_correction_of_what_is_not_there_changes_nothing(store: Store) -> None:
    register(store)
    store.keep(response())
    assert not store.changes.correct("gruppo", "token-2", correction())
    assert not store.changes.correct("altro", "token-1", correction())
    assert responses_in(store, "gruppo", 1).__next__().answers == response().answers


def test_a_correction_that_fails_changes_nothing(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(response())
    with pytest.raises(StoreUnavailable):
        store.changes.correct("gruppo", "token-1", correction(version="never registered"))
    assert rows(database_url, corrections) == []
    assert responses_in(store, "gruppo", 1).__next__().answers == response().answers


def test_each_giving_of_a_consent_and_each_taking_back_keeps_its_proof(store: Store, database_url: URL) -> None:
    register(store)
    news = replace(CONSENT, field="novita", notice_hash="hash-of-news")
    later = replace(news, given_at=MOMENT + timedelta(days=2))
    reworded = replace(later, notice_hash="hash-of-other-news")
    store.keep(response(consents=(CONSENT, news)))
    for number, (agreed, days) in enumerate(
        (((CONSENT,), 1), ((CONSENT, later), 2), ((CONSENT, reworded), 3), ((), 4))
    ):
        change = correction(consents=agreed, content_hash=str(number), moment=MOMENT + timedelta(days=days))
        store.changes.correct("gruppo", "token-1", change)
    second = MOMENT.replace(microsecond=0)
    found = sorted(rows(database_url, consents), key=lambda row: (str(row["field"]), row["number"]))
    assert [(row["field"], row["number"], row["notice_hash"]) for row in found] == [
        ("novita", 1, "hash-of-news"),
        ("novita", 2, "hash-of-news"),
        ("novita", 3, "hash-of-other-news"),
        ("privacy", 1, "hash-of-notice"),
    ]
    assert [(row["given_at"], row["withdrawn_at"]) for row in found] == [
        (second, second + timedelta(days=1)),
        (second + timedelta(days=2), second + timedelta(days=4)),
        (second + timedelta(days=2), second + timedelta(days=4)),
        (second, second + timedelta(days=4)),
    ]


def test_an_editor_who_is_asked_to_takes_consents_back_and_leaves_the_others(store: Store) -> None:
    register(store)
    news = replace(CONSENT, field="novita", notice_hash="hash-of-news")
    this = response(consents=(CONSENT, news))
    store.keep(this)
    assert store.changes.correct("gruppo", "", correction(consents=(CONSENT,)), response_id=this.response_id)
    with store.snapshot() as snapshot:
        assert [consent.field for consent in snapshot.standing_consents(this.response_id)] == ["privacy"]


def test_only_the_day_is_kept_of_a_consent_of_whoever_must_not_be_known(store: Store, database_url: URL) -> None:
    register(store)
    quiet = replace(CONSENT, given_at=None)
    store.keep(response(consents=(quiet,)))
    store.changes.correct("gruppo", "token-1", correction(day=DAY + timedelta(days=1)))
    again = correction(consents=(quiet,), content_hash="again", day=DAY + timedelta(days=2))
    store.changes.correct("gruppo", "token-1", again)
    found = sorted(rows(database_url, consents), key=lambda row: str(row["number"]))
    assert [(row["given_at"], row["withdrawn_at"]) for row in found] == [(None, None)] * 2
    assert [(row["given_on"], row["withdrawn_on"]) for row in found] == [
        (DAY, DAY + timedelta(days=1)),
        (DAY + timedelta(days=2), None),
    ]


def test_another_address_has_to_be_confirmed_anew_and_the_old_links_open_nothing(
    store: Store, database_url: URL
) -> None:
    register(store)
    store.keep(sign_up(1, "ada"))
    confirm(store)
    other = sign_up(2, "bea").sign_up
    assert other is not None
    new = replace(other, links={"confirm": "c-new", "receipt": "r-new"})
    later = DAY + timedelta(days=100)
    assert not store.changes.correct("gruppo", "token-1", correction(sign_up=new, day=later))
    assert store.changes.correct("gruppo", "mailed-1", correction(sign_up=new, day=later))
    assert store.counts("gruppo") == {"pending": 1}
    assert mails(database_url) == [("confirm-2", sign_up(1).response_id)]
    assert found_by_token(store, "gruppo", "mailed-1") is None
    assert found_by_token(store, "gruppo", "r-new") == found_by_token(store, "gruppo", "token-1")
    assert confirm(store) is Confirmation.UNKNOWN
    assert store.changes.confirm("gruppo", "c-new", later, MOMENT) is Confirmation.CONFIRMED


def test_the_same_address_needs_no_second_confirmation(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(sign_up(1, "ada"))
    confirm(store)
    assert store.changes.correct("gruppo", "mailed-1", correction(sign_up=sign_up(2, "ada").sign_up))
    assert [row["confirmed_at"] for row in rows(database_url, responses)] == [MOMENT.replace(microsecond=0)]
    assert store.counts("gruppo") == {"kept": 1}
    assert [name for name, _ in mails(database_url)] == ["confirm-1"]


def links_of(response_id: str) -> list[dict[str, str]]:
    return [{"token_hash": f"new-{response_id}", "purpose": "receipt", "secret_id": "new"}]


def test_an_address_is_known_by_todays_key_and_its_old_links_stay_good(store: Store, database_url: URL) -> None:
    register(store)
    register(store, form="altro")
    store.keep(sign_up(1, "ada"))
    confirm(store)
    store.keep(sign_up(2, "ada"))
    store.keep(sign_up(3, "bea"))
    store.keep(sign_up(4, "ada", form="altro"))
    for _ in range(2):
        store.changes.know_address_by("gruppo", ["address-older", "address-ada"], "today", links_of)
    found = {str(row["key_hash"]): row["address_hash"] for row in rows(database_url, responses)}
    assert found == {"key-1": "today", "key-2": "today", "key-3": "address-bea", "key-4": "address-ada"}
    made = [row for row in rows(database_url, links) if row["secret_id"] == "new"]
    assert sorted((str(row["response_id"]), row["content_hash"]) for row in made) == sorted(
        (sign_up(number).response_id, f"content-{number}") for number in (1, 2)
    )
    for token in ("mailed-1", f"new-{sign_up(1).response_id}"):
        assert found_by_token(store, "gruppo", token) is not None
    assert (
        store.keep(replace(sign_up(5), sign_up=replace(address_of(sign_up(5)), address_hash="today"))) is Outcome.KEPT
    )
    assert ("known-5", sign_up(1).response_id) in mails(database_url)


def test_of_an_address_that_became_a_member_twice_one_is_known_by_todays_key(store: Store, database_url: URL) -> None:
    register(store)
    for number, address in ((1, "older"), (2, "newer"), (3, "older")):
        store.keep(sign_up(number, address))
    for number in (1, 2):
        confirm(store, number)
    store.changes.know_address_by("gruppo", ["address-newer", "address-older"], "today", links_of)
    found = {str(row["key_hash"]): row["address_hash"] for row in rows(database_url, responses)}
    assert found == {"key-1": "address-older", "key-2": "today", "key-3": "today"}


def test_where_no_older_key_was_used_nothing_is_written(store: Store, database_url: URL) -> None:
    register(store)
    register(store, form="altro")
    store.keep(sign_up(1, "ada"))
    with beside(database_url, Work.WRITE):  # whoever only looks waits for nobody
        store.changes.know_address_by("altro", ["address-ada"], "today", links_of)
        store.changes.know_address_by("gruppo", ["address-older"], "today", links_of)
    assert [row["address_hash"] for row in rows(database_url, responses)] == ["address-ada"]


def test_a_withdrawal_leaves_a_number_and_nothing_else(store: Store, database_url: URL) -> None:
    register(store)
    alone = replace(MAIL, id="notice", of_response=False)
    store.keep(sign_up(consents=(CONSENT,), mail=(alone,)))
    store.changes.correct("gruppo", "token-1", correction())
    assert store.changes.withdraw("gruppo", sign_up().response_id)
    assert not store.changes.withdraw("gruppo", sign_up().response_id)
    assert [rows(database_url, table) for table in (responses, consents, links, corrections)] == [[]] * 4
    assert mails(database_url) == [("notice", None)]
    mark = tombstone_of("gruppo", sign_up().response_id)
    assert rows(database_url, tombstones) == [{"tombstone": mark, "form": "gruppo", "state": "withdrawn"}]
    assert store.counts("gruppo") == {"withdrawn": 1}
    with store.snapshot() as snapshot:
        assert snapshot.received("gruppo") == 1


def test_a_receipt_withdraws_what_it_opens_and_nothing_else(store: Store) -> None:
    register(store)
    for number in (1, 2):
        store.keep(sign_up(number))
    this = sign_up(1).response_id
    noted: list[str] = []

    def withdraw(token_hash: str) -> bool:
        return store.changes.withdraw("gruppo", this, token_hash=token_hash, note=lambda: noted.append(token_hash))

    assert not withdraw("token-2")
    confirm(store)
    assert not withdraw("token-1")  # it is its owner's now, who has the mailed link
    assert withdraw("mailed-1")
    assert not withdraw("mailed-1")
    assert noted == ["mailed-1"]
    assert store.counts("gruppo") == {"pending": 1, "withdrawn": 1}


def test_a_withdrawal_of_another_forms_response_does_nothing(store: Store) -> None:
    register(store)
    store.keep(response())
    assert not store.changes.withdraw("altro", response().response_id)
    assert store.counts("gruppo") == {"kept": 1}


def test_what_is_not_confirmed_in_time_expires_and_all_else_stays(store: Store) -> None:
    register(store)
    for number in (1, 2, 3):
        store.keep(sign_up(number, received_on=DAY + timedelta(days=number)))
    confirm(store, 1)
    assert store.changes.expire_pending(DAY + timedelta(days=3)) == {"gruppo": 1}
    assert store.counts("gruppo") == {"expired": 1, "kept": 1, "pending": 1}
    assert store.changes.expire_pending(DAY + timedelta(days=3)) == {}


def test_what_has_been_kept_long_enough_expires_the_day_after(store: Store) -> None:
    register(store)
    store.keep(response(1, keep_until=DAY))
    store.keep(response(2))
    assert store.changes.expire_kept(DAY) == {}
    assert store.changes.expire_kept(DAY + timedelta(days=1)) == {"gruppo": 1}
    assert store.counts("gruppo") == {"expired": 1, "kept": 1}


def test_nobody_who_writes_waits_while_what_expires_is_looked_for(sqlite_url: URL) -> None:
    store = open_store(sqlite_url)
    register(store)
    store.keep(response(keep_until=DAY))
    with beside(sqlite_url, Work.WRITE):
        assert store.changes.expire_kept(DAY) == {}
    store.close()


def test_the_responses_of_a_day_expire_together_however_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms_server.store.changes.AT_ONCE", 3)
    register(store)
    for number in range(10):
        store.keep(response(number))
    store.keep(response(10, received_on=DAY + timedelta(days=1)))
    register(store, form="altro")
    store.keep(response(11, form="altro"))
    assert sorted(store.changes.days("gruppo")) == [DAY, DAY + timedelta(days=1)]
    assert store.changes.expire_received("gruppo", [DAY]) == {"gruppo": 10}
    assert store.counts("gruppo") == {"expired": 10, "kept": 1}
    assert store.counts("altro") == {"kept": 1}


def test_what_an_old_copy_brings_back_is_erased_again(store: Store) -> None:
    register(store)
    for number in (1, 2):
        store.keep(response(number))
    marks = {tombstone_of("gruppo", response(number).response_id) for number in (1, 7)}
    assert store.changes.bury(marks) == 1
    assert store.changes.bury(marks) == 0
    assert store.counts("gruppo") == {"kept": 1, "withdrawn": 1}
    (left,) = responses_in(store, "gruppo", 1)
    assert left.response_id == response(2).response_id


def test_wiping_leaves_nothing_of_what_was_erased_in_any_file(sqlite_url: URL) -> None:
    store = open_store(sqlite_url)
    register(store)
    store.keep(response(answers={"nome": "canary-4711"}))
    folder = Path(str(sqlite_url.database)).parent

    def everything() -> bytes:
        return b"".join(file.read_bytes() for file in folder.iterdir())

    assert b"canary-4711" in everything()
    store.changes.withdraw("gruppo", response().response_id)
    assert b"canary-4711" in everything()  # in the log, which is why it has to be cut
    assert store.wipe()
    assert b"canary-4711" not in everything()
    with beside(sqlite_url, Work.READ) as connection:
        connection.execute(select(responses.c.response_id)).all()
        store.keep(response(2))
        assert not store.wipe()  # somebody is reading an older moment
    assert store.wipe()
    store.close()
