"""Letters to many: whom each is for, that nobody gets it twice, and that what is stopped goes out no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import URL, select

from bacheca.forms.text import digest
from forms_server.database.engine import Work
from forms_server.database.tables import outbox
from forms_server.store import Kept, Store
from forms_server.store.desk.campaigns import LETTER, Campaign, Progress
from forms_server.store.outbox import LEASE
from tests.forms_server.store.samples import CONSENT, DAY, MOMENT, register
from tests.forms_server.store.test_changes import correction, sign_up
from tests.forms_server.stored import beside

NOW = MOMENT.replace(microsecond=0)
SECOND = timedelta(seconds=1)
NEWS = Campaign("news", "gruppo", "email", "News", "Read this.", "https://forms.example", NOW)


def signed_up(number: int, consents: tuple[str, ...] = (), **cells: str) -> Kept:
    given = tuple(replace(CONSENT, field=field) for field in consents)
    answers = {"nome": "Ada", "email": f"{number}@example.org", "giorno": "lun", **cells}
    return replace(sign_up(number), answers=answers, consents=given)


def keep(store: Store, *kept: Kept) -> None:
    """Keep some sign-ups and confirm them, and let their own mail be sent."""
    register(store)
    for one in kept:
        store.keep(one)
        assert one.sign_up
        store.changes.confirm("gruppo", one.sign_up.links["confirm"], DAY, NOW)
    while mail := store.outbox.take(NOW):
        store.outbox.sent(mail.id)


def in_order(*numbers: int) -> list[Kept]:
    """Give sign-ups in the order in which a letter goes to them."""
    return sorted((signed_up(number) for number in numbers), key=lambda one: one.response_id)


def letters(url: URL, name: str = "news", *states: str) -> list[dict[str, Any]]:
    with beside(url, Work.READ) as connection:
        asked = select(outbox).where(outbox.c.campaign_id == name).order_by(outbox.c.response_id)
        rows = [dict(row) for row in connection.execute(asked).mappings()]
    return [row for row in rows if not states or row["state"] in states]


def progress(store: Store, name: str = "news") -> tuple[int, int, int, int]:
    """Give for how many a letter is, how many got it, how many wait for it, and how many were left out."""
    told = store.campaigns.progress(name)
    assert told
    return told.campaign.chosen, told.campaign.sent, told.waiting, told.left_out


def test_a_letter_is_for_those_who_had_confirmed_and_have_an_address(store: Store, database_url: URL) -> None:
    register(store, form="altro")
    keep(store, signed_up(1), replace(signed_up(2), answers={"nome": "Ada"}))
    store.keep(signed_up(3))  # not confirmed
    store.keep(replace(signed_up(4), form="altro"))
    store.keep(replace(signed_up(5), sign_up=None))
    later = signed_up(6)
    store.keep(later)
    store.changes.confirm("gruppo", "confirm-6", DAY, NOW + SECOND)
    store.keep(replace(signed_up(7), form="altro"))
    store.changes.confirm("altro", "confirm-7", DAY, NOW)
    assert store.campaigns.count(NEWS) == 2
    assert store.campaigns.count(replace(NEWS, started_at=NOW + SECOND)) == 3
    assert store.campaigns.start(NEWS)
    assert not store.campaigns.start(replace(NEWS, subject="Other"))
    assert store.campaigns.find("news") == replace(NEWS, chosen=2)
    assert store.campaigns.put(NOW + SECOND, 9) == 2
    (row,) = letters(database_url)
    assert row == row | {
        "id": digest(f"letter news {sign_up(1).sign_up.address_hash}")[:32],  # type: ignore[union-attr]
        "response_id": signed_up(1).response_id,
        "kind": LETTER,
        "recipient": "1@example.org",
        "language": "it",
        "payload": {"origin": "https://forms.example"},
        "next_attempt_at": NOW + SECOND,
        "created_at": NOW + SECOND,
        "state": "waiting",
        "attempts": 0,
    }


def test_a_letter_is_for_those_who_chose_something_and_still_consent_to_it(store: Store) -> None:
    chosen = replace(NEWS, session_field="giorno", session_code="mar")
    consented = replace(NEWS, consent="notizie")
    keep(store, signed_up(1, ("notizie",)), signed_up(2, ("altro",), giorno="mar"), signed_up(3, giorno="mar"))
    keep(store, signed_up(4, ("notizie",)))
    assert [store.campaigns.count(one) for one in (NEWS, chosen, consented)] == [4, 2, 2]
    assert store.campaigns.count(replace(chosen, consent="notizie")) == 0
    store.changes.correct("gruppo", "mailed-4", correction(answers=signed_up(4).answers))  # takes the consent back
    assert [store.campaigns.count(one) for one in (NEWS, chosen, consented)] == [4, 2, 1]


def test_whoever_declined_letters_to_all_gets_none_and_the_others_still(store: Store, database_url: URL) -> None:
    people = in_order(1, 2, 3)
    keep(store, *(replace(one, consents=signed_up(1, ("notizie",)).consents) for one in people))
    gone, late, _last = ((one.sign_up and one.sign_up.links["receipt"]) or "" for one in people)
    consented = replace(NEWS, consent="notizie", to_all=0)
    for _press in range(2):
        assert store.changes.decline_letters("gruppo", gone, NOW)
    assert not store.changes.decline_letters("gruppo", "nobody", NOW)
    assert [store.campaigns.count(one) for one in (NEWS, replace(NEWS, consent="notizie"), consented)] == [2, 2, 3]
    assert [store.campaigns.declined(one) for one in (NEWS, consented)] == [1, 0]
    store.campaigns.start(NEWS)
    assert store.campaigns.put(NOW, 9) == 2
    assert store.changes.decline_letters("gruppo", late, NOW)
    wanted = {row["response_id"]: store.campaigns.is_wanted(row["id"]) for row in letters(database_url)}
    assert wanted == {people[1].response_id: False, people[2].response_id: True}
    assert store.campaigns.declined_among([one.response_id for one in people]) == {
        one.response_id for one in people[:2]
    }
    assert store.changes.accept_letters("gruppo", late)
    store.changes.withdraw("gruppo", people[0].response_id)
    assert store.campaigns.declined_among([one.response_id for one in people]) == set()


def test_a_letter_goes_out_batch_by_batch_to_each_once(store: Store, database_url: URL) -> None:
    people = in_order(1, 2, 3)
    keep(store, *people)
    assert store.campaigns.put(NOW, 2) == 0
    store.campaigns.start(NEWS)
    assert progress(store) == (3, 0, 3, 0)
    assert store.campaigns.put(NOW, 2) == 2
    assert [row["response_id"] for row in letters(database_url)] == [one.response_id for one in people[:2]]
    assert store.campaigns.put(NOW, 2) == 0  # as many wait as may
    begun = store.campaigns.find("news")
    assert begun
    assert (begun.put, begun.ended_at, progress(store)) == (2, None, (3, 0, 3, 0))
    first = store.outbox.take(NOW)
    assert first
    assert store.campaigns.put(NOW + SECOND, 2) == 1  # one was tried, so that there is room
    assert store.campaigns.put(NOW + SECOND, 2) == 0
    store.outbox.sent(first.id)
    ended = store.campaigns.find("news")
    assert ended
    assert (ended.put, ended.ended_at, progress(store)) == (3, NOW + SECOND, (3, 1, 2, 0))
    assert len(letters(database_url)) == 3


def test_a_letter_that_ends_with_a_whole_batch_ends_at_the_next_look(store: Store) -> None:
    keep(store, *in_order(1, 2))
    store.campaigns.start(NEWS)
    assert store.campaigns.put(NOW, 2) == 2
    for _ in range(2):
        mail = store.outbox.take(NOW)
        assert mail
        store.outbox.sent(mail.id)
    assert store.campaigns.put(NOW + SECOND, 2) == 0
    ended = store.campaigns.find("news")
    assert ended
    assert (ended.ended_at, ended.put) == (NOW + SECOND, 2)


def test_two_letters_go_on_beside_each_other(store: Store, database_url: URL) -> None:
    keep(store, *in_order(1, 2, 3))
    store.campaigns.start(NEWS)
    store.campaigns.start(replace(NEWS, campaign_id="more"))
    assert store.campaigns.put(NOW, 2) == 4
    store.campaigns.stop("more", NOW)
    assert [len(letters(database_url, name)) for name in ("news", "more")] == [2, 0]
    assert progress(store) == (3, 0, 3, 0)
    assert store.campaigns.put(NOW, 9) == 1


def test_two_sign_ups_of_one_address_get_one_letter(store: Store, database_url: URL) -> None:
    same = replace(sign_up(2, address="1"), answers=signed_up(1).answers)
    keep(store, signed_up(1))
    store.keep(replace(same, key_hash="another"))
    keep(store, signed_up(3))
    store.campaigns.start(NEWS)
    store.campaigns.put(NOW, 9)
    recipients = [row["recipient"] for row in letters(database_url)]
    assert sorted(recipients) == sorted(set(recipients))


def test_a_letter_that_is_stopped_goes_to_nobody_more(store: Store, database_url: URL) -> None:
    keep(store, *in_order(1, 2, 3, 4))
    store.campaigns.start(NEWS)
    assert not store.campaigns.stop("another", NOW)
    store.campaigns.put(NOW, 3)
    mails = [store.outbox.take(NOW) for _ in range(2)]
    assert mails[0]
    assert mails[1]
    store.outbox.sent(mails[0].id)
    store.outbox.bury(mails[1].id, "refused")
    assert store.campaigns.is_wanted(mails[1].id)
    assert store.campaigns.stop("news", NOW + SECOND)
    assert [row["state"] for row in letters(database_url)].count("waiting") == 0
    (failed,) = letters(database_url, "news", "given-up")
    assert (failed["recipient"], failed["payload"]) == ("", {})
    assert not store.campaigns.is_wanted(mails[1].id)
    stopped = store.campaigns.find("news")
    assert stopped
    assert (stopped.stopped, stopped.ended_at, progress(store)) == (1, NOW + SECOND, (4, 1, 0, 2))
    assert not store.campaigns.stop("news", NOW + 2 * SECOND)
    assert store.campaigns.put(NOW + SECOND, 9) == 0
    assert len(letters(database_url, "news", "sent", "given-up")) == len(letters(database_url)) == 2


def test_whoever_gets_a_letter_while_it_is_stopped_is_not_among_the_rest(store: Store) -> None:
    keep(store, *in_order(1, 2, 3))
    store.campaigns.start(NEWS)
    store.campaigns.put(NOW, 2)
    under_way = store.outbox.take(NOW)
    assert under_way
    assert store.campaigns.stop("news", NOW)
    store.outbox.sent(under_way.id)
    assert progress(store) == (3, 1, 0, 2)
    assert store.campaigns.count(replace(NEWS, campaign_id="rest", rest_of="news")) == 2


def test_what_is_all_put_is_stopped_as_long_as_some_of_it_waits_and_keeps_its_end(store: Store) -> None:
    keep(store, *in_order(1, 2))
    store.campaigns.start(NEWS)
    store.campaigns.put(NOW, 9)
    mail = store.outbox.take(NOW)
    assert mail
    store.outbox.sent(mail.id)
    assert store.campaigns.stop("news", NOW + SECOND)
    found = store.campaigns.find("news")
    assert found
    assert (found.ended_at, found.stopped) == (NOW, 1)


def test_a_letter_is_wanted_as_long_as_it_is_for_whoever_it_goes_to(store: Store, database_url: URL) -> None:
    keep(store, signed_up(1, ("notizie",)), signed_up(2, ("notizie",)))
    store.campaigns.start(replace(NEWS, consent="notizie", session_field="giorno", session_code="lun"))
    store.campaigns.put(NOW, 9)
    ids = {row["recipient"]: str(row["id"]) for row in letters(database_url)}
    assert [store.campaigns.is_wanted(one) for one in (*ids.values(), "another")] == [True, True, False]
    store.changes.correct("gruppo", "mailed-1", correction(answers=signed_up(1).answers))
    wanted = [store.campaigns.is_wanted(ids[f"{number}@example.org"]) for number in (1, 2)]
    assert wanted == [False, True]


def test_whoever_withdraws_before_it_is_their_turn_is_left_out(store: Store) -> None:
    people = in_order(1, 2, 3)
    keep(store, *people)
    store.campaigns.start(NEWS)
    store.campaigns.put(NOW, 1)
    store.changes.withdraw("gruppo", people[2].response_id)
    store.campaigns.put(NOW, 9)
    assert progress(store) == (3, 0, 2, 1)
    assert store.campaigns.progress("another") is None
    assert store.campaigns.find("another") is None


def test_the_letters_of_a_form_come_the_newest_first(store: Store) -> None:
    keep(store)
    begun = [
        replace(NEWS, campaign_id="b"),
        replace(NEWS, campaign_id="a"),
        replace(NEWS, campaign_id="c", started_at=NOW + SECOND),
        replace(NEWS, campaign_id="d", form="altro"),
    ]
    for one in begun:
        store.campaigns.start(one)
    assert store.campaigns.newest("gruppo", 2) == [Progress(begun[2], 0, 0), Progress(begun[1], 0, 0)]
    assert [one.campaign.campaign_id for one in store.campaigns.newest("gruppo", 9)] == ["c", "a", "b"]


@pytest.mark.parametrize("state", ["not all put", "waiting", "dead", "sent", "stopped"])
def test_a_text_is_forgotten_once_nothing_of_it_waits_or_could_be_tried_again(store: Store, state: str) -> None:
    keep(store, *in_order(1, 2))
    store.campaigns.start(replace(NEWS, campaign_id="another", started_at=NOW + SECOND))
    store.campaigns.start(NEWS)
    store.campaigns.put(NOW, 1)
    if state != "not all put":
        store.campaigns.put(NOW, 9)
        store.outbox.take(NOW)
        store.campaigns.put(NOW, 9)
    mails = [mail for mail in iter(lambda: store.outbox.take(NOW), None) if mail]
    assert mails
    for row in {mail.id for mail in mails} if state in {"sent", "dead"} else ():
        store.outbox.bury(row, "refused") if state == "dead" else store.outbox.sent(row)
    if state == "stopped":
        store.campaigns.stop("news", NOW + LEASE)
    store.campaigns.forget_texts()
    found = store.campaigns.find("news")
    assert found
    assert (found.body == "") == (state in {"sent", "stopped"})
    assert found.subject == "News"
