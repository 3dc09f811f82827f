"""A state changes only along the arrows of one table, whatever comes and in whatever order."""

from __future__ import annotations

import ast
import os
import random
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import URL

import forms_server
from forms_server.database.engine import Work, make_engine
from forms_server.database.tables import outbox, responses, tombstones
from forms_server.database.transactions import Database
from forms_server.store import Confirmation, Corrected, Correction, SignUp, Store
from forms_server.store.lifecycle import ARROWS, LIVE, Arrow, State, move, tombstone_of
from forms_server.store.quarantine import Release
from tests.forms_server.store.samples import DAY, MOMENT, places, register, response
from tests.forms_server.store.test_changes import WATCHDOG, correction, sign_up
from tests.forms_server.store.test_store import rows

PLACES = 8
STEPS = 200


def test_only_the_lifecycle_writes_states() -> None:
    root = Path(forms_server.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            said = ast.unparse(node)
            writes = said.startswith(("responses.update()", "responses.delete()", "responses.insert()"))
            if writes or said.endswith(("insert(responses)", "update(responses)", "delete(responses)")):
                found.add(path.relative_to(root).as_posix())
            if writes and "state=" in said:
                assert path.name == "lifecycle.py", said
    assert found == {"store/lifecycle.py", "store/sealed.py"}
    written = [path.read_text(encoding="utf-8") for path in root.rglob("*.py")]
    assert not any(words in text for text in written for words in ("UPDATE responses", "INTO responses ("))


def test_nothing_leaves_what_is_erased_and_nothing_else_begins() -> None:
    assert {state for leads in ARROWS.values() for state in leads if state} == set(LIVE)
    assert {arrow for arrow, leads in ARROWS.items() if None in leads} == {Arrow.RECEIVE, Arrow.SIGN_UP, Arrow.DOUBT}
    assert set(ARROWS) == set(Arrow)


def test_only_what_is_in_a_state_that_an_arrow_leaves_moves_along_it(store: Store, database_url: URL) -> None:
    register(store)
    for kept in (response(1), sign_up(2), response(3, doubted=True)):
        store.keep(kept)
    database = Database(make_engine(database_url))
    with database.transaction(Work.WRITE) as connection:
        assert move(connection, Arrow.CONFIRM, responses.c.form == "gruppo") == [sign_up(2).response_id]
        assert move(connection, Arrow.CONFIRM, responses.c.form == "altro") == []
    database.close()
    assert store.counts("gruppo") == {"kept": 2, "quarantined": 1}


DOCS = Path(forms_server.__file__).parents[1] / "docs"
Step = tuple[str, str, str]


def steps_of_the_table() -> set[Step]:
    """Give each step of the code's table: from where, along which arrow, where to."""
    return {(start or "", arrow, end) for arrow, leads in ARROWS.items() for start, end in leads.items()}


def steps_of_the_guide() -> Iterator[Step]:
    """Give each step of the table that editors read."""
    rows = re.findall(r"^\| (.+) \| `(.+)` \| (.+) \| .* \|$", (DOCS / "forms.md").read_text(encoding="utf-8"), re.M)
    for starts, arrow, end in rows:
        for start in re.findall(r"`(\w+)`", starts) or [""]:
            yield start, arrow, start if end == "lo stesso" else end.strip("`")


def steps_of_the_drawing() -> Iterator[Step]:
    """Give each step that is drawn; one that leads to where it begins is not."""
    for path in ElementTree.parse(DOCS / "sign-up-states.svg").iter("{http://www.w3.org/2000/svg}path"):
        if "data-arrow" in path.attrib:
            start, end, arrow = (path.attrib[f"data-{name}"] for name in ("from", "to", "arrow"))
            yield from ((one, arrow, end) for one in (LIVE if start == "*" else (start,)))


def test_the_guide_and_its_drawing_show_the_arrows_of_the_code() -> None:
    assert len(list(steps_of_the_guide())) == len(set(steps_of_the_guide()))
    assert set(steps_of_the_guide()) == steps_of_the_table()
    assert set(steps_of_the_drawing()) == {step for step in steps_of_the_table() if step[0] != step[2]}
    drawn = "".join(ElementTree.parse(DOCS / "sign-up-states.svg").getroot().itertext())
    assert all(state in drawn for state in State)


def waits(number: int, address: str) -> SignUp:
    made = sign_up(number, address).sign_up
    assert made is not None
    return made


class Walk:
    """A store, and what the table says should stand in it."""

    def __init__(self, store: Store, chance: random.Random):
        self.store = store
        self.chance = chance
        self.numbers = iter(range(1, 10_000))
        self.states: dict[int, State] = {}
        self.ids: dict[int, str] = {}
        self.mails: dict[int, int] = {}
        self.owned: set[int] = set()
        self.contents: dict[int, str] = {}
        self.addresses: dict[int, str] = {}
        self.followed: set[Arrow] = set()

    def follow(self, number: int, arrow: Arrow) -> None:
        if self.states[number] in ARROWS[arrow]:
            self.followed.add(arrow)
        self.states[number] = ARROWS[arrow].get(self.states[number], self.states[number])

    def receive(self) -> None:
        number = next(self.numbers)
        arrow = self.chance.choice((Arrow.RECEIVE, Arrow.SIGN_UP, Arrow.DOUBT))
        address = "" if arrow is Arrow.RECEIVE else self.chance.choice(["a", "b", "c", "", ""])
        kept = sign_up(number, address) if address else response(number)
        arrow = Arrow.RECEIVE if arrow is Arrow.SIGN_UP and not address else arrow
        taken = sum(state in (State.PENDING, State.KEPT) for state in self.states.values())
        kept = replace(kept, places=places(PLACES), doubted=arrow is Arrow.DOUBT)
        outcome = self.store.keep(kept)
        assert outcome.value == ("full" if taken >= PLACES else "kept")
        if taken < PLACES:
            self.states[number] = ARROWS[arrow][None]
            self.followed.add(arrow)
            self.ids[number] = kept.response_id
            self.mails[number] = number
            self.contents[number] = kept.content_hash
            self.addresses[number] = address

    def confirm(self, number: int) -> None:
        is_member = any(
            state is State.KEPT and self.addresses[other] == self.addresses[number]
            for other, state in self.states.items()
        )
        seen, oldest = self.contents[number], DAY - timedelta(days=14)
        done = self.store.changes.confirm("gruppo", f"confirm-{self.mails[number]}", oldest, MOMENT, seen)
        if done is Confirmation.CONFIRMED:
            assert self.states[number] is State.PENDING
            self.follow(number, Arrow.CONFIRM)
            self.owned.add(number)
        else:
            assert self.states[number] is not State.PENDING or is_member

    def correct(self, number: int) -> None:
        change: Correction = correction(content_hash=f"content-{next(self.numbers)}")
        arrow = Arrow.CORRECT
        if self.addresses[number] and self.chance.random() < 0.5:
            arrow, fresh, other = Arrow.READDRESS, next(self.numbers), self.chance.choice("ghijkl")
            other = other if other != self.addresses[number] else "m"
            change = replace(change, sign_up=waits(fresh, other))
        own, mailed = f"token-{number}", f"mailed-{self.mails[number]}"
        if number in self.owned:
            assert not self.store.changes.correct("gruppo", own, change)
        done = self.store.changes.correct("gruppo", mailed if number in self.owned else own, change)
        assert bool(done) == (self.states[number] in ARROWS[arrow])
        if done:
            self.contents[number] = change.content_hash
        if done and arrow is Arrow.READDRESS:
            self.mails[number], self.addresses[number] = fresh, other
        self.follow(number, arrow)

    def release(self, number: int) -> None:
        taken = sum(state in (State.PENDING, State.KEPT) for state in self.states.values())
        done = self.store.quarantine.release("gruppo", self.ids[number], DAY, MOMENT, places(PLACES))
        doubted = self.states[number] is State.QUARANTINED
        assert done is (Release.ABSENT if not doubted else Release.FULL if taken >= PLACES else Release.RELEASED)
        if done is Release.RELEASED:
            self.follow(number, Arrow.RELEASE_SIGN_UP if self.addresses[number] else Arrow.RELEASE)

    def discard(self, number: int) -> None:
        self.store.changes.withdraw("gruppo", self.ids[number], Arrow.DISCARD)
        self.follow(number, Arrow.DISCARD)

    def withdraw(self, number: int) -> None:
        self.store.changes.withdraw("gruppo", self.ids[number])
        self.follow(number, Arrow.WITHDRAW)

    def step(self) -> None:
        if not self.states or self.chance.random() < 0.3:
            self.receive()
            return
        acts: tuple[Callable[[int], None], ...] = (
            self.confirm, self.confirm, self.correct, self.correct, self.release, self.discard, self.withdraw
        )  # fmt: skip
        live = [number for number, state in self.states.items() if state not in (State.WITHDRAWN, State.EXPIRED)]
        self.chance.choice(acts)(self.chance.choice(live if live and self.chance.random() < 0.9 else list(self.states)))

    def found(self, url: URL) -> dict[int, State]:
        there = {str(row["response_id"]): State(str(row["state"])) for row in rows(url, responses)}
        gone = {str(row["tombstone"]): State(str(row["state"])) for row in rows(url, tombstones)}
        return {number: there.get(name) or gone[tombstone_of("gruppo", name)] for number, name in self.ids.items()}


def test_a_random_walk_leaves_every_response_where_the_table_says(store: Store, database_url: URL) -> None:
    register(store)
    walk = Walk(store, random.Random(int(os.environ.get("WALK_SEED", "1"))))
    for step in range(STEPS):
        walk.step()
        if step % 30 == 29:
            assert walk.found(database_url) == walk.states
    assert walk.found(database_url) == walk.states
    with store.snapshot() as snapshot:
        assert snapshot.accounted("gruppo") == snapshot.counts("gruppo")
        assert snapshot.erased("gruppo") == {State.WITHDRAWN: list(walk.states.values()).count(State.WITHDRAWN)}
    assert walk.followed == set(Arrow) - {Arrow.EXPIRE, Arrow.JOIN, Arrow.OFFER, Arrow.ACCEPT}
    assert {row["pending_since"] for row in rows(database_url, responses) if row["state"] == "pending"} <= {DAY}


def test_a_correction_of_what_waits_restarts_no_days(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(sign_up(1, "ada"))
    later = DAY + timedelta(days=10)
    change = correction(sign_up=waits(2, "bea"), day=later, oldest=later - timedelta(days=14))
    assert store.changes.correct("gruppo", "token-1", change)
    (row,) = rows(database_url, responses)
    assert (row["state"], row["pending_since"]) == ("pending", DAY)
    over = replace(change, content_hash="more", oldest=DAY + timedelta(days=1))
    assert not store.changes.correct("gruppo", "token-1", over)
    assert store.changes.expire_pending(DAY + timedelta(days=1)) == {"gruppo": 1}
    assert not store.changes.correct("gruppo", "token-1", change)
    assert store.changes.confirm("gruppo", "confirm-2", DAY, MOMENT) is Confirmation.UNKNOWN


def test_a_doubted_response_that_is_corrected_stays_in_quarantine_and_sends_no_mail(
    store: Store, database_url: URL
) -> None:
    register(store)
    store.keep(replace(sign_up(1, "ada"), doubted=True))
    for number, address in ((2, "ada"), (3, "bea")):
        change = correction(content_hash=str(number), sign_up=waits(number, address))
        assert store.changes.correct("gruppo", "token-1", change)
    assert store.counts("gruppo") == {"quarantined": 1}
    assert store.outbox.take(MOMENT + timedelta(days=1)) is None
    assert [(row["state"], row["recipient"]) for row in rows(database_url, outbox)] == [("held", "bea@example.org")]
    assert store.changes.confirm("gruppo", "confirm-3", DAY, MOMENT) is Confirmation.UNKNOWN
    assert store.quarantine.release("gruppo", sign_up(1).response_id, DAY, MOMENT, None) is Release.RELEASED
    mail = store.outbox.take(MOMENT)
    assert mail is not None
    assert mail.recipient == "bea@example.org"


def test_discarding_leaves_alone_what_was_let_in_meanwhile(store: Store) -> None:
    register(store)
    store.keep(sign_up(1))
    noted: list[bool] = []
    done = store.changes.withdraw("gruppo", sign_up(1).response_id, Arrow.DISCARD, note=lambda: noted.append(True))
    assert (done, noted, store.counts("gruppo")) == (False, [], {"pending": 1})


def test_a_withdrawal_that_cannot_be_written_down_is_undone(store: Store) -> None:
    register(store)
    store.keep(response())

    def fail() -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        store.changes.withdraw("gruppo", response().response_id, note=fail)
    assert store.counts("gruppo") == {"kept": 1}


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do some things at the same moment."""
    start = threading.Barrier(len(acts))

    def act(one: Callable[[], object]) -> object:
        start.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(WATCHDOG) for done in [threads.submit(act, one) for one in acts]]


def test_two_corrections_at_once_are_both_made_one_after_the_other(store: Store, database_url: URL) -> None:
    register(store)
    store.keep(sign_up(1, "ada"))
    changes = [correction(content_hash=f"new-{n}", sign_up=waits(n, f"other-{n}")) for n in range(2, 8)]
    done = at_once(*(lambda c=change: store.changes.correct("gruppo", "token-1", c) for change in changes))
    assert all(done)
    (row,) = rows(database_url, responses)
    last = str(row["content_hash"]).removeprefix("new-")
    assert row["address_hash"] == f"address-other-{last}"
    assert [mail["recipient"] for mail in rows(database_url, outbox)] == [f"other-{last}@example.org"]
    with store.snapshot() as snapshot:
        assert [n for n in range(1, 8) if snapshot.find_to_confirm("gruppo", f"confirm-{n}")] == [int(last)]


@pytest.mark.parametrize("turn", range(4))
def test_another_address_is_never_confirmed_by_the_link_of_the_one_before(
    store: Store, database_url: URL, turn: int
) -> None:
    register(store)
    store.keep(sign_up(1, "ada"))
    change = correction(sign_up=waits(2, "bea"))
    done, corrected = at_once(
        lambda: store.changes.confirm("gruppo", "confirm-1", DAY, MOMENT),
        lambda: store.changes.correct("gruppo", "token-1", change),
    )
    (row,) = rows(database_url, responses)
    assert (done, corrected, row["state"], row["address_hash"]) in (
        (Confirmation.UNKNOWN, Corrected.DONE, "pending", "address-bea"),  # corrected first: the old link opens nothing
        (
            Confirmation.CONFIRMED,
            Corrected.ABSENT,
            "kept",
            "address-ada",
        ),  # confirmed first: only the mailed link changes it
    )


def test_one_address_confirmed_by_all_its_links_at_once_is_a_member_once(store: Store) -> None:
    register(store)
    for number in range(1, 7):
        store.keep(sign_up(number, "ada"))
    links = [f"confirm-{number}" for number in range(1, 7)]
    done = at_once(*(lambda link=link: store.changes.confirm("gruppo", link, DAY, MOMENT) for link in links))
    assert sorted(str(one) for one in done) == ["Confirmation.CONFIRMED"] + ["Confirmation.KNOWN"] * 5
    assert store.counts("gruppo") == {"kept": 1, "pending": 5}
