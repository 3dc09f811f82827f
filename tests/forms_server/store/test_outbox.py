"""A mail of the outbox is taken by one process at a time, and what became of it is remembered."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import URL

from forms_server.database.tables import mail_counts, outbox
from forms_server.store import OutboxMail, Store, StoredResponse, WaitingMail
from forms_server.store import outbox as module
from forms_server.store.lifecycle import State
from forms_server.store.outbox import LEASE, Resent
from tests.forms_server.store.samples import DAY, MAIL, MOMENT, register
from tests.forms_server.store.test_changes import confirm, sign_up
from tests.forms_server.store.test_store import rows

NOW = MOMENT.replace(microsecond=0)
ALONE = replace(MAIL, of_response=False, created_at=NOW)


def take(store: Store, now: datetime = NOW) -> str | None:
    mail = store.outbox.take(now)
    return mail.id if mail else None


def test_a_mail_is_taken_with_all_that_it_needs(store: Store) -> None:
    register(store)
    kept = sign_up()
    store.keep(kept)
    found = store.outbox.take(NOW)
    assert found == WaitingMail(
        "confirm-1",
        kept.response_id,
        "confirm",
        "1@example.org",
        "it",
        MAIL.payload,
        1,
        NOW,
        form="gruppo",
        address_hash="address-1",
        pending_since=kept.received_on,
        token_hash="token-1",
    )


def test_mail_is_taken_in_the_order_of_its_time_and_not_before(store: Store) -> None:
    for name, minutes in (("b", 2), ("a", 1), ("c", 3)):
        store.outbox.add(replace(ALONE, id=name, created_at=NOW + timedelta(minutes=minutes)))
    assert take(store) is None
    later = NOW + timedelta(minutes=2)
    assert [take(store, later) for _ in range(3)] == ["a", "b", None]


def test_mail_of_the_same_moment_is_taken_and_listed_by_its_id(store: Store) -> None:
    for name in ("c", "a", "b"):
        store.outbox.add(replace(ALONE, id=name))
    store.outbox.add(replace(ALONE, id="d", created_at=NOW - timedelta(minutes=1)))
    assert [take(store) for _ in range(4)] == ["d", "a", "b", "c"]
    for name in "abcd":
        store.outbox.bury(name, "550")
    assert [mail.id for mail in store.outbox.dead()] == ["d", "a", "b", "c"]


def test_who_takes_a_mail_and_dies_leaves_it_to_others_after_a_while(store: Store) -> None:
    store.outbox.add(ALONE)
    assert take(store) == ALONE.id
    assert take(store, NOW + LEASE - timedelta(seconds=1)) is None
    again = store.outbox.take(NOW + LEASE)
    assert again is not None
    assert again.attempts == 2


def test_many_who_take_at_once_never_take_the_same(store: Store) -> None:
    for number in range(40):
        store.outbox.add(replace(ALONE, id=f"mail-{number:02}"))
    taken: list[str] = []

    def work() -> None:
        while found := take(store):
            taken.append(found)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    # A worker that found every due mail locked may leave early: whatever was left is taken now.
    while found := take(store):
        taken.append(found)
    assert sorted(taken) == [f"mail-{number:02}" for number in range(40)]


def test_of_a_mail_that_was_sent_neither_address_nor_words_stay(store: Store, database_url: URL) -> None:
    store.outbox.add(replace(ALONE, payload={"x": "canary-4711"}))
    take(store)
    store.outbox.delay(ALONE.id, NOW, "451 canary-4711")
    store.outbox.sent(ALONE.id)
    (row,) = rows(database_url, outbox)
    assert (row["state"], row["recipient"], row["payload"], row["fault"]) == ("sent", "", {}, None)
    assert take(store, NOW + timedelta(days=9)) is None


def test_a_mail_that_waits_is_taken_when_its_time_comes(store: Store, database_url: URL) -> None:
    store.outbox.add(ALONE)
    take(store)
    until = NOW + timedelta(hours=1)
    store.outbox.delay(ALONE.id, until, "451")
    assert take(store, until - timedelta(seconds=1)) is None
    assert rows(database_url, outbox)[0]["fault"] == "451"
    assert take(store, until) == ALONE.id


def test_a_dead_letter_is_listed_and_tried_again_only_when_told_to(store: Store) -> None:
    store.outbox.add(ALONE)
    take(store)
    store.outbox.bury(ALONE.id, "550")
    later = NOW + timedelta(days=1)
    assert take(store, later) is None
    assert [(mail.id, mail.fault, mail.attempts) for mail in store.outbox.dead()] == [(ALONE.id, "550", 1)]
    assert store.outbox.revive(later) == 1
    assert store.outbox.dead() == []
    again = store.outbox.take(later)
    assert again is not None
    assert (again.attempts, again.created_at) == (1, later)


def test_what_became_of_a_mail_that_was_erased_meanwhile_is_no_fault(store: Store) -> None:
    register(store)
    store.keep(sign_up())
    assert take(store) == "confirm-1"
    store.changes.withdraw("gruppo", sign_up().response_id)
    store.outbox.sent("confirm-1")
    store.outbox.delay("confirm-1", NOW, "451")
    assert take(store, NOW + timedelta(days=9)) is None


def test_the_same_mail_is_put_in_once(store: Store) -> None:
    store.outbox.add(ALONE)
    store.outbox.add(replace(ALONE, kind="other"))
    assert take(store) == ALONE.id
    assert take(store) is None


def test_mail_is_stuck_when_it_is_dead_or_has_waited_too_long(store: Store) -> None:
    for number in range(4):
        store.outbox.add(replace(ALONE, id=f"mail-{number}", created_at=NOW + timedelta(days=number)))
    assert store.outbox.stuck(NOW) == {}
    store.outbox.bury("mail-0", "550")
    store.outbox.sent("mail-1")
    assert store.outbox.stuck(NOW + timedelta(days=3)) == {"dead": 1, "waiting": 1}


def test_mail_that_is_over_is_forgotten_after_a_while(store: Store, database_url: URL) -> None:
    for name in ("sent", "dead", "waits", "young"):
        store.outbox.add(replace(ALONE, id=name, created_at=NOW + timedelta(days=name == "young")))
    store.outbox.sent("sent")
    store.outbox.sent("young")
    store.outbox.bury("dead", "550")
    assert store.outbox.forget(NOW + timedelta(days=1)) == 2
    assert sorted(str(row["id"]) for row in rows(database_url, outbox)) == ["waits", "young"]


def test_mails_are_known_by_their_ids_however_many_are_asked_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    for number in range(5):
        store.outbox.add(replace(ALONE, id=f"mail-{number}"))
    assert store.outbox.known(["mail-7", *(f"mail-{number}" for number in (4, 0, 2, 1))]) == {
        f"mail-{number}" for number in (0, 1, 2, 4)
    }


def test_what_waits_is_held_back_as_dead_letters_that_say_why(store: Store, database_url: URL) -> None:
    for name in ("waits", "too", "sent"):
        store.outbox.add(replace(ALONE, id=name))
    store.outbox.sent("sent")
    assert store.outbox.hold_back("sent before?") == 2
    assert take(store) is None
    assert [(mail.id, mail.fault) for mail in store.outbox.dead()] == [
        ("too", "sent before?"),
        ("waits", "sent before?"),
    ]
    assert {row["id"]: row["state"] for row in rows(database_url, outbox)}["sent"] == "sent"


def test_mails_of_the_days_before_are_counted_no_more(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(sign_up())
    store.outbox.forget_counts(DAY)
    assert [row["day"] for row in rows(database_url, mail_counts)] == [DAY]
    store.outbox.forget_counts(DAY + timedelta(days=1))
    assert rows(database_url, mail_counts) == []


def test_a_letter_is_listed_tried_again_given_up_and_comes_back_once(store: Store) -> None:
    register(store)
    store.keep(sign_up())
    for name in ("a", "b", "c"):
        store.outbox.add(replace(ALONE, id=name))
        store.outbox.bury(name, "550")
    pages = [store.outbox.listed("dead", 2), store.outbox.listed("dead", 2, (NOW, "b"))]
    assert [[mail.id for mail in page] for page in pages] == [["c", "b"], ["a"]]
    assert store.outbox.in_states() == {"dead": 3, "waiting": 1}
    assert [store.outbox.again("a", NOW) for _ in range(2)] == [True, False]
    assert [store.outbox.give_up("b") for _ in range(2)] == [True, False]
    assert not store.outbox.come_back("c", "", "5.1.1", NOW)
    assert take(store) == "a"
    assert take(store) == "confirm-1"
    store.outbox.sent("confirm-1")
    assert [mail.id for mail in store.outbox.gone_out(["confirm-1", "a"])] == ["confirm-1"]
    last = store.outbox.last_gone_out_to({"gruppo": ["address-1"], "altro": ["x"]})
    assert last is not None
    assert (last.id, last.form, last.address_hash) == ("confirm-1", "gruppo", "address-1")
    assert store.outbox.last_gone_out_to({"gruppo": ["x"]}) is store.outbox.last_gone_out_to({}) is None
    assert [store.outbox.come_back("confirm-1", "", "5.1.1", NOW) for _ in range(2)] == [True, False]
    (back,) = store.outbox.listed("bounced", 9)
    assert (back.fault, back.bounced_at, back.form, back.came_back) == ("5.1.1", NOW, "gruppo", True)
    assert store.outbox.in_states() == {"bounced": 1, "dead": 1, "waiting": 1}


def test_whoever_is_in_the_list_is_reminded_once_in_the_language_they_signed_up_in(store: Store) -> None:
    register(store)
    email = {"email": "ada@example.org"}
    for number, (language, answers) in enumerate((("it", email), ("de", email), ("it", {}), ("it", email)), 1):
        store.keep(sign_up(number, language=language, answers=answers))
        if number < 4:
            confirm(store, number)
            store.outbox.leave_out(f"confirm-{number}")
    said = {"it": {"evento": "festa"}, "de": {"evento": "Fest"}}
    assert [store.outbox.remind("gruppo", "email", said, NOW) for _ in range(2)] == [2, 0]
    put_in = [mail for mail in store.outbox.listed("waiting", 9) if mail.kind == "remind"]
    assert {mail.response_id for mail in put_in} == {sign_up(number).response_id for number in (1, 2)}
    taken = [mail for mail in iter(lambda: store.outbox.take(NOW), None) if mail.kind == "remind"]
    assert {(mail.language, mail.recipient, str(mail.payload["evento"])) for mail in taken} == {
        ("it", "ada@example.org", "festa"),
        ("de", "ada@example.org", "Fest"),
    }


def another(stored: StoredResponse) -> OutboxMail:
    return replace(MAIL, id=f"again-{stored.response_id}", created_at=NOW)


def test_a_letter_that_failed_is_written_once_more_to_whoever_has_yet_to_press(store: Store) -> None:
    register(store)
    for number in (1, 2, 3):
        store.keep(sign_up(number))
    confirm(store, 3)
    for name in ("confirm-1", "confirm-3"):
        store.outbox.bury(name, "550")
    assert store.outbox.unreached("gruppo") == 1
    ids = [sign_up(number).response_id for number in (1, 3)]
    done = [store.outbox.resend("gruppo", another, name, ("counted-1",), DAY) for name in (ids[0], ids[1], "nobody")]
    assert done == [Resent.WRITTEN, Resent.ABSENT, Resent.ABSENT]
    assert [mail.id for mail in store.outbox.dead()] == ["confirm-3"]
    assert {mail.id for mail in store.outbox.listed("waiting", 9)} == {f"again-{ids[0]}", "confirm-2"}
    assert store.outbox.unreached("gruppo") == 0


def test_a_letter_that_came_back_is_written_once_more_to_another_address(store: Store) -> None:
    register(store)
    for number in (1, 2):
        store.keep(sign_up(number))
        take(store)
    for number in (1, 2):
        store.outbox.sent(f"confirm-{number}")
        store.outbox.come_back(f"confirm-{number}", "", "5.1.1", NOW)

    def again(state: State) -> Resent:
        return store.outbox.write_again(
            "confirm-1", another, "new@example.org", states=[state], pseudonyms=("counted-1",), day=DAY
        )

    assert [again(state) for state in (State.KEPT, State.PENDING, State.PENDING)] == [
        Resent.ABSENT,
        Resent.WRITTEN,
        Resent.ABSENT,
    ]
    (written,) = store.outbox.listed("waiting", 9)
    assert (written.response_id, written.recipient) == (sign_up(1).response_id, "new@example.org")
    assert [mail.id for mail in store.outbox.listed("bounced", 9)] == ["confirm-2"]
