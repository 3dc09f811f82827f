"""What people ask for: noted with its deadline, its address sealed, and closed by whatever answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.crypto.tokens import Secret
from forms_server.errors import PersonProblem
from forms_server.operations.backups.before_upgrade import UpgradeCopies
from forms_server.privacy.data_subjects import ANSWERS, DataSubjects
from forms_server.privacy.erasure_log import Tombstones
from forms_server.privacy.file_erasure import Traces
from forms_server.privacy.requests import KINDS, OUTCOMES, PersonRequests
from forms_server.privacy.retention import REQUESTS_KEPT, Retention
from forms_server.store import Store
from forms_server.store.desk.requests import Request

# what PostgreSQL does otherwise is looked at where each thing is used
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TODAY = date(2026, 11, 30)
ADDRESS = "Ada.Prova@example.org"
SECRET = Secret("s" * 32)


@pytest.fixture
def now() -> list[datetime]:
    return [datetime(2026, 11, 30, 12, tzinfo=UTC)]


@pytest.fixture
def retention(tmp_path: Path, store: Store, sqlite_url: URL, now: list[datetime]) -> Retention:
    copies = UpgradeCopies(sqlite_url, tmp_path, False, lambda: TODAY)
    traces = Traces(tmp_path, store, lambda: now[0])
    return Retention(store, Tombstones(tmp_path / "tombstones.log"), traces, copies, lambda: now[0])


@pytest.fixture
def asked(retention: Retention) -> PersonRequests:
    names = iter(map(str, range(99)))
    return PersonRequests(retention, SECRET, "editor", lambda: next(names))


def test_a_request_is_due_in_a_month_and_its_address_is_sealed(asked: PersonRequests, retention: Retention) -> None:
    noted = asked.note(f" {ADDRESS} ", "access", date(2026, 10, 31))
    assert noted == Request(
        "0",
        "access",
        SECRET.address_hash(":audit", ADDRESS),
        SECRET.name(":audit"),
        noted.address,
        date(2026, 10, 31),
        date(2026, 11, 30),
        "editor",
    )
    assert retention.store.requests.open() == [noted]
    assert ADDRESS not in (noted.address or "")
    assert asked.address(noted) == ADDRESS
    assert replace(asked, secret=Secret("t" * 32, old=["s" * 32])).address(noted) == ADDRESS
    assert replace(asked, secret=Secret("t" * 32)).address(noted) == ""
    assert asked.address(replace(noted, address=None)) == ""


def test_the_same_request_of_one_day_is_noted_once_as_long_as_it_is_open(asked: PersonRequests) -> None:
    first = asked.note(ADDRESS, "access", TODAY)
    later = replace(asked, secret=Secret("t" * 32, old=["s" * 32]))
    assert asked.note(ADDRESS.lower(), "access", TODAY) == later.note(ADDRESS, "access", TODAY) == first
    others = [
        asked.note(ADDRESS, "copy", TODAY),
        asked.note(ADDRESS, "access", TODAY - timedelta(days=1)),
        asked.note("eva@example.org", "access", TODAY),
    ]
    assert [one.request_id for one in others] == ["1", "2", "3"]
    asked.close("0", "done")
    assert asked.note(ADDRESS, "access", TODAY).request_id == "4"


@pytest.mark.parametrize(
    ("address", "kind", "day", "said"),
    [
        ("ada", "access", TODAY, "'ada' is not an e-mail address; write it as"),
        (
            ADDRESS,
            "money",
            TODAY,
            r"There is no request money\. They are: access, copy, correction, erasure, objection\.",
        ),
        (ADDRESS, "access", TODAY + timedelta(days=1), "A request came .*: 2026-12-01 is neither"),
        (ADDRESS, "access", TODAY - timedelta(days=367), "A request came .*: 2025-11-28 is neither"),
    ],
)
def test_what_is_no_request_is_refused_with_what_it_could_be(
    asked: PersonRequests, address: str, kind: str, day: date, said: str
) -> None:
    with pytest.raises(PersonProblem, match=said):
        asked.note(address, kind, day)
    assert asked.retention.store.requests.open() == []


def test_a_request_may_have_come_as_much_as_a_year_ago(asked: PersonRequests) -> None:
    assert asked.note(ADDRESS, "access", TODAY - timedelta(days=366)).due_on == date(2025, 12, 29)


def test_an_open_request_is_found_and_a_closed_one_is_none(asked: PersonRequests) -> None:
    noted = asked.note(ADDRESS, "access", TODAY)
    assert asked.find("0") == noted
    asked.close("0", "refused")
    for name in ("0", "another"):
        with pytest.raises(PersonProblem, match=rf"There is no open request {name}\."):
            asked.find(name)
        with pytest.raises(PersonProblem, match=rf"There is no open request {name}\."):
            asked.close(name, "done")


def test_a_request_is_extended_once_to_three_months_and_only_in_its_month(
    asked: PersonRequests, now: list[datetime]
) -> None:
    asked.note(ADDRESS, "access", date(2026, 11, 30))
    asked.note(ADDRESS, "copy", date(2026, 11, 29))
    now[0] = datetime(2026, 12, 30, 12, tzinfo=UTC)
    extended = asked.extend("0")
    assert (extended.due_on, extended.extended_on) == (date(2027, 2, 28), date(2026, 12, 30))
    for name in ("0", "1"):  # once more, and too late
        with pytest.raises(PersonProblem, match=rf"The request {name} was extended before, or its month is over\."):
            asked.extend(name)
    assert asked.find("1").due_on == date(2026, 12, 29)


def test_a_request_that_is_closed_says_by_whom_and_how_and_forgets_the_address(
    asked: PersonRequests, retention: Retention, now: list[datetime]
) -> None:
    asked.note(ADDRESS, "access", TODAY)
    with pytest.raises(PersonProblem, match=r"There is no outcome lost\. They are: done, refused, taken-back\."):
        asked.close("0", "lost")
    asked.close("0", "refused")
    (closed,) = retention.store.requests.closed(9)
    assert (closed.outcome, closed.closed_by, closed.closed_at, closed.address) == ("refused", "editor", now[0], None)


def test_an_old_copy_of_the_store_opens_no_request_that_was_closed(
    asked: PersonRequests, retention: Retention, tmp_path: Path
) -> None:
    open_one = asked.note("eva@example.org", "access", TODAY)
    noted = asked.note(ADDRESS, "access", TODAY)
    asked.close(noted.request_id, "done")
    retention.store.requests.forget(datetime.max.replace(tzinfo=UTC))
    retention.store.requests.add(noted)  # as a copy that was made before brings it back
    assert retention.replay() == 0
    assert retention.store.requests.open() == [open_one]
    (closed,) = retention.store.requests.closed(9)
    assert (closed.request_id, closed.outcome, closed.closed_by, closed.address) == ("1", "done", "", None)


def test_a_closed_request_is_remembered_for_five_years(
    asked: PersonRequests, retention: Retention, now: list[datetime]
) -> None:
    asked.note(ADDRESS, "access", TODAY)
    asked.close("0", "done")
    now[0] += REQUESTS_KEPT
    retention.purge([])
    assert len(retention.store.requests.closed(9)) == 1
    now[0] += timedelta(seconds=1)
    retention.purge([])
    assert retention.store.requests.closed(9) == []


@pytest.mark.parametrize("action", list(ANSWERS))
def test_what_is_done_for_somebody_closes_what_it_answers_and_nothing_else(
    asked: PersonRequests, retention: Retention, action: str
) -> None:
    kinds = {asked.note(ADDRESS, kind, TODAY).request_id: kind for kind in KINDS}
    asked.note("eva@example.org", "access", TODAY)
    DataSubjects(retention, Secret("t" * 32, old=["s" * 32]), by="eva").answer(action, ADDRESS)
    closed = retention.store.requests.closed(9)
    assert {kinds[one.request_id] for one in closed} == set(ANSWERS[action])
    assert {(one.outcome, one.closed_by) for one in closed} == {("done", "eva")}
    assert set(OUTCOMES) == {"done", "refused", "taken-back"}
