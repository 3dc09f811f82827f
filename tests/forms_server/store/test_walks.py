"""Sign-ups that come, are confirmed, corrected, offered places, withdrawn and expire, in any order and at any hour.

Nothing is expected of a single step: what has to hold holds after each of them, whatever has come before.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import URL, Engine, select

from bacheca.forms.definition.allotment import Places
from bacheca.forms.definition.places import Quota
from forms_server.database.engine import make_engine
from forms_server.database.tables import outbox, responses, tombstones, waiting_list
from forms_server.publishing.export import NOT_EXPORTED, counts_of
from forms_server.store import Confirmation, OutboxMail, Outcome, Store, StoredResponse
from forms_server.store.lifecycle import ARROWS, MEMBERS, Arrow, State, tombstone_of
from tests.forms_server.store.samples import MOMENT, register
from tests.forms_server.store.test_changes import address_of, correction, sign_up

EXAMPLES = int(os.environ.get("BACHECA_EXAMPLES", "2"))
STEPS = 30
QUOTAS = (Quota("", "", 3), Quota("sessione", "a", 2), Quota("sessione", "b", 1))
WAITING = 3
HOLD = timedelta(hours=12)
NUMBERS = itertools.count(1)
PICK = st.integers(0, 100)
SESSIONS = st.sampled_from(["a", "a", "b", ""])
PEOPLE = st.sampled_from(["ada", "bea", "cleo", "dora", "eva", "fede", "gina", "ivo"])

Row = Mapping[str, Any]


class Walk(RuleBasedStateMachine):
    """A form with places, whoever comes to it, and a clock that only the test moves."""

    def __init__(self, store: Store, engine: Engine):
        super().__init__()
        self.store, self.engine = store, engine
        self.form = f"gruppo-{next(NUMBERS)}"
        register(store, form=self.form)
        self.now = MOMENT.replace(microsecond=0)
        self.places = Places(QUOTAS, lambda: self.now, WAITING, HOLD)
        self.numbers: dict[str, int] = {}
        self.mails: dict[str, int] = {}
        self.states: dict[str, State] = {}

    @initialize(sessions=st.permutations(["a", "a", "a", "b", "b", ""]))
    def fill(self, sessions: list[str]) -> None:
        """Begin where it becomes hard: the places are taken, and some wait."""
        for number, session in enumerate(sessions):
            self.arrive(f"first-{number}", session, doubted=False)
            self.only_along_the_arrows()
            self.confirm(number)
            self.only_along_the_arrows()

    def rows(self) -> dict[str, Row]:
        """Give what is there, by its id, with where it stands in the queue."""
        number = waiting_list.c.number
        asked = select(responses, number).join_from(responses, waiting_list, isouter=True)
        with self.engine.connect() as connection:
            found = connection.execute(asked.where(responses.c.form == self.form)).mappings()
            return {str(row["response_id"]): dict(row) for row in found}

    def pick(self, which: int) -> Row | None:
        """Give one of those that are there."""
        there = sorted(self.rows().values(), key=lambda row: self.numbers[row["response_id"]])
        return there[which % len(there)] if there else None

    def letter(self, stored: StoredResponse) -> OutboxMail:
        return OutboxMail(f"letter-{next(NUMBERS)}", "offered", "x@example.org", "it", {}, self.now)

    def holders(self, quota: Quota, but: str = "") -> int:
        """Count who has a place, said once more and in other words than the code."""
        found = 0
        for row in self.rows().values():
            live = row["held_until"] is None or row["held_until"] > self.now
            pending = row["state"] == "pending" and live and row["number"] is None
            has = row["state"] == "kept" or pending or (row["state"] == "offered" and live)
            found += has and row["response_id"] != but and quota in self.places.wanted(row["answers"])
        return found

    def waits_live(self, row: Row) -> bool:
        return row["number"] is not None and (row["state"] == "waiting" or row["held_until"] > self.now)

    @rule(who=PEOPLE, session=SESSIONS, doubted=st.sampled_from([False] * 6 + [True]))
    def arrive(self, who: str, session: str, *, doubted: bool) -> None:
        number = next(NUMBERS)
        kept = sign_up(number, who, form=self.form, answers={"sessione": session}, doubted=doubted)
        kept = replace(kept, received_on=self.now.date(), places=self.places)
        wanted = self.places.wanted(kept.answers)
        has_room = all(self.holders(quota) < quota.places for quota in wanted)
        before = [row for row in self.rows().values() if self.waits_live(row)]
        outcome = self.store.keep(kept)
        if outcome is Outcome.KEPT:
            self.numbers[kept.response_id] = self.mails[kept.response_id] = number
            row = self.rows()[kept.response_id]
            got_place = row["state"] == "pending" and row["number"] is None
            assert not got_place or has_room
            alike = [row for row in before if set(self.places.wanted(row["answers"])) <= set(wanted)]
            left = min(quota.places - self.holders(quota, kept.response_id) for quota in wanted)
            assert not got_place or len(alike) < left, "somebody who waits was passed"
        else:
            assert outcome is Outcome.FULL
            assert len(before) >= WAITING
            assert not has_room or before

    @rule(which=PICK)
    def confirm(self, which: int) -> None:
        if (row := self.pick(which)) is None:
            return
        link, seen = f"confirm-{self.mails[row['response_id']]}", row["content_hash"]
        oldest = self.now.date() - timedelta(days=14)
        done = self.store.changes.confirm(
            self.form, link, oldest, self.now, seen, places=self.places, letter=self.letter
        )
        members = [other for other in self.rows().values() if other["state"] in MEMBERS]
        if done is Confirmation.CONFIRMED:
            assert self.rows()[row["response_id"]]["state"] == "kept"
        elif done is Confirmation.WAITING:
            assert self.rows()[row["response_id"]]["number"] is not None
        elif done is Confirmation.FULL:
            assert sum(map(self.waits_live, self.rows().values())) >= WAITING
        elif done is Confirmation.KNOWN:
            assert any(other["address_hash"] == row["address_hash"] for other in members)

    @rule(which=PICK, session=SESSIONS)
    def choose_anew(self, which: int, session: str) -> None:
        self._correct(which, answers={"sessione": session})

    @rule(which=PICK, who=PEOPLE)
    def readdress(self, which: int, who: str) -> None:
        self._correct(which, who=who)

    def _correct(self, which: int, *, answers: Mapping[str, str] | None = None, who: str = "") -> None:
        row = self.pick(which)
        if row is None:
            return
        fresh, response_id = next(NUMBERS), row["response_id"]
        token = f"mailed-{self.mails[response_id]}" if row["mailed_only"] else f"token-{self.numbers[response_id]}"
        change = correction(
            content_hash=f"content-{fresh}",
            answers=answers or row["answers"],
            sign_up=address_of(sign_up(fresh, who)) if who else None,
            day=self.now.date(),
            moment=self.now,
            oldest=self.now.date() - timedelta(days=14),
            places=self.places,
        )
        done = self.store.changes.correct(self.form, token, change)
        moved = bool(who) and row["address_hash"] != f"address-{who}"
        if done and moved:
            self.mails[response_id] = fresh
        now = self.rows()[response_id]
        assert done or now["answers"] == row["answers"], "what is refused changes nothing"

    @rule(which=PICK, then=st.sampled_from(["nothing", "the jobs", "somebody"]), session=SESSIONS)
    def withdraw(self, which: int, then: str, session: str) -> None:
        """Free what somebody had, and let the jobs or a newcomer find it."""
        if row := self.pick(which):
            self.store.changes.withdraw(self.form, row["response_id"])
        self.only_along_the_arrows()
        if then == "the jobs":
            self.go_round()
        elif then == "somebody":
            self.arrive("new", session, doubted=False)

    @rule(which=PICK, lets_in=st.booleans())
    def judge(self, which: int, *, lets_in: bool) -> None:
        row = self.pick(which)
        if row and lets_in:
            self.store.quarantine.release(self.form, row["response_id"], self.now.date(), self.now, self.places)
        elif row:
            self.store.changes.withdraw(self.form, row["response_id"], Arrow.DISCARD)

    @rule(hours=st.sampled_from([1, 5, 12, 13, 30]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @precondition(lambda self: len(self.numbers) > 12)
    @rule()
    def wait_long(self) -> None:
        self.now += timedelta(days=15)
        self.store.changes.expire_pending(self.now.date() - timedelta(days=14))

    @rule()
    def go_round(self) -> None:
        """Do what the jobs do, and see that whoever could have a place has been offered one, the first first."""
        self.store.waiting_list.expire(self.form, self.now, self.letter)
        before = self.rows()
        self.store.waiting_list.offer(self.form, self.places, self.letter)
        after = self.rows()
        queue = sorted(
            (row for row in before.values() if row["state"] == "waiting"), key=lambda row: int(row["number"])
        )
        for row in queue:
            if after[row["response_id"]]["state"] != "waiting":
                assert after[row["response_id"]]["held_until"] == self.now + HOLD
                continue
            wanted = set(self.places.wanted(row["answers"]))
            assert any(self.holders(quota) >= quota.places for quota in wanted), "a place is free, and somebody waits"
            behind = [other for other in queue if other["number"] > row["number"]]
            for other in behind:
                passed = after[other["response_id"]]["state"] == "offered"
                assert not (passed and wanted <= set(self.places.wanted(other["answers"])))
        with self.engine.connect() as connection:
            told = select(outbox.c.response_id).where(outbox.c.kind == "offered")
            letters = Counter(connection.scalars(told))
        for row in queue:
            if after[row["response_id"]]["state"] == "offered":
                assert letters[row["response_id"]] >= 1

    @invariant()
    def never_more_than_the_places(self) -> None:
        for quota in QUOTAS:
            assert self.holders(quota) <= quota.places, quota

    @invariant()
    def nobody_twice(self) -> None:
        members = Counter(row["address_hash"] for row in self.rows().values() if row["state"] in MEMBERS)
        assert not [address for address, times in members.items() if times > 1]

    @invariant()
    def only_whoever_waits_stands_in_the_queue(self) -> None:
        for row in self.rows().values():
            if row["state"] == "waiting":
                assert row["number"] is not None
            elif row["number"] is not None:
                assert row["state"] == "pending"

    @invariant()
    def the_account_agrees(self) -> None:
        with self.store.snapshot() as snapshot:
            counts, received = counts_of(snapshot, self.form), snapshot.received(self.form)
            assert snapshot.accounted(self.form) == snapshot.counts(self.form)
        assert received == len(self.numbers) == counts["exported"] + sum(counts[state] for state in NOT_EXPORTED)

    @invariant()
    def only_along_the_arrows(self) -> None:
        there = {response_id: State(row["state"]) for response_id, row in self.rows().items()}
        with self.engine.connect() as connection:
            gone = {
                mark: state for mark, state in connection.execute(select(tombstones.c.tombstone, tombstones.c.state))
            }
        for response_id in self.numbers:
            now = there.get(response_id) or State(gone[tombstone_of(self.form, response_id)])
            before = self.states.get(response_id)
            assert now == before or now in {leads.get(before) for leads in ARROWS.values()}, (before, now)
            self.states[response_id] = now


def test_whatever_comes_in_whatever_order_the_places_hold(store: Store, database_url: URL) -> None:
    engine = make_engine(database_url)
    made: Any = partial(Walk, store, engine)
    looked = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(made, settings=looked)
    finally:
        engine.dispose()
