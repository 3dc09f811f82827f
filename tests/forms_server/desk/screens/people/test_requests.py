"""What people ask for: with a deadline, closed by what answers it, and naming nobody once it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from forms_server.context import Service
from forms_server.database.engine import Work
from forms_server.database.tables import requests
from forms_server.privacy.requests import PersonRequests
from forms_server.privacy.retention import Retention
from forms_server.store.desk.requests import Request
from tests.forms_server.desk.keeper import command, keeper
from tests.forms_server.desk.screens.people.conftest import ADA
from tests.forms_server.stored import beside

WHO = {"address": ADA}


def noted(service: Service, kind: str = "erasure", day: date = date(2026, 11, 20), address: str = ADA) -> Request:
    return PersonRequests(service.retention, service.secret).note(address, kind, day)


def rows(service: Service) -> str:
    """Give all that the store holds of requests, as text."""
    with beside(service.settings.database_url, Work.READ) as connection:
        return repr(connection.execute(select(requests)).all())


@pytest.mark.parametrize(
    ("received", "due", "later"),
    [
        ((2026, 11, 20), (2026, 12, 20), (2027, 2, 20)),
        ((2026, 8, 31), (2026, 9, 30), (2026, 11, 30)),
        ((2026, 1, 30), (2026, 2, 28), (2026, 4, 30)),
    ],
)
def test_it_is_due_in_a_month_and_once_in_three(
    service: Service,
    now: list[datetime],
    received: tuple[int, int, int],
    due: tuple[int, int, int],
    later: tuple[int, int, int],
) -> None:
    now[0] = now[0].replace(month=received[1], day=received[2])
    request = noted(service, day=date(*received))
    assert request.due_on == date(*due)
    made = PersonRequests(service.retention, service.secret)
    assert made.extend(request.request_id).due_on == date(*later)
    with pytest.raises(Exception, match="extended before"):
        made.extend(request.request_id)


def test_the_first_page_and_the_list_tell_the_nearest_deadline_first_and_whose_it_is_when_opened(
    service: Service,
) -> None:
    eva = keeper(service, "secretary")
    eva.post("/desk/people/requests/add", WHO | {"kind": "copy", "received": "2026-11-22"})
    eva.post("/desk/people/requests/add", WHO | {"kind": "erasure", "received": "2026-11-01"})
    assert "Richieste di persone: 2, giorni che restano per la prima: 8" in eva.get("/desk/").text
    page = eva.get("/desk/people/requests/").text
    assert page.index("la cancellazione") < page.index("una copia dei dati")
    assert ADA not in page
    (first, _) = service.store.requests.open()
    assert ADA in eva.post(f"/desk/people/requests/{first.request_id}/open").text
    assert f"2026-12-01 {first.request_id} erasure {ADA}" in command(service, "requests")
    assert "Richieste" not in keeper(service, "reader").get("/desk/").text


def test_what_is_done_closes_what_it_answers_and_leaves_no_address(service: Service) -> None:
    eva = keeper(service, "secretary")
    for kind in ("access", "copy", "correction", "erasure"):
        noted(service, kind)
    noted(service, "erasure", address="eva@example.org")
    assert ADA not in rows(service)
    eva.post("/desk/people/copy", WHO | {"as": "json"})
    assert [request.kind for request in service.store.requests.open()].count("access") == 0
    assert len(service.store.requests.open()) == 3
    eva.post("/desk/people/erase", WHO | {"sure": "yes"})
    (other,) = service.store.requests.open()
    assert PersonRequests(service.retention, service.secret).address(other) == "eva@example.org"
    assert all(request.address is None and request.closed_by for request in service.store.requests.closed(9))


@pytest.mark.parametrize("step", ["withdraw", "erase_letters", "close_requests"])
def test_an_erasure_that_was_cut_short_is_finished_when_asked_again(
    service: Service, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    eva, request = keeper(service, "secretary"), noted(service)
    done = getattr(Retention, step)

    def dies(*arguments: Any) -> None:
        done(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(Retention, step, dies)
        with pytest.raises(KeyboardInterrupt):
            eva.post("/desk/people/erase", WHO | {"sure": "yes"})
    (begun,) = service.store.subject_access.audits()
    assert eva.get(f"/desk/people/erased/{begun.id}").status_code == 404
    assert "non è finita" in eva.post("/desk/people/find", WHO).text
    assert eva.post("/desk/people/erase", WHO | {"sure": "yes"}).status_code == 200
    (record,) = service.store.subject_access.audits()
    assert (record.action, record.id, record.counts) == ("erase", begun.id, {"gruppo": 1, "novita": 1})
    assert service.store.requests.find(request.request_id).outcome == "done"  # type: ignore[union-attr]
    assert eva.post("/desk/people/erase", WHO | {"sure": "yes"}).status_code == 404


def test_a_request_of_somebody_of_whom_nothing_is_held_is_answered_with_a_proof(service: Service) -> None:
    eva = keeper(service, "secretary")
    noted(service, address="nobody@example.org")
    assert eva.post("/desk/people/erase", {"address": "nobody@example.org", "sure": "yes"}).status_code == 200
    assert service.store.requests.open() == []


def test_what_was_closed_does_not_come_back_with_an_old_copy(service: Service) -> None:
    request = noted(service)
    service.retention.close_requests([request.request_id], "done", "")
    with beside(service.settings.database_url, Work.WRITE) as connection:
        connection.execute(requests.update().values(address=request.address, closed_at=None, outcome=None))
    assert service.store.requests.open()
    service.retention.replay()
    assert service.store.requests.open() == []
    assert str(request.address) not in rows(service)


def test_the_same_is_noted_once_and_one_that_no_key_opens_is_closed_all_the_same(service: Service) -> None:
    eva = keeper(service, "secretary")
    for kind in ("erasure", "erasure", "copy"):
        eva.post("/desk/people/requests/add", WHO | {"kind": kind, "received": "2026-11-20"})
    assert sorted(request.kind for request in service.store.requests.open()) == ["copy", "erasure"]
    with beside(service.settings.database_url, Work.WRITE) as connection:
        connection.execute(requests.update().values(address="x"))
    where = "/desk/people/requests/"
    (first, second) = service.store.requests.open()
    opened = eva.post(f"{where}{first.request_id}/open")
    assert (opened.status_code, f'action="{where}{first.request_id}/close"' in opened.text) == (200, True)
    closed = eva.post(f"{where}{first.request_id}/close", {"outcome": "done"})
    assert (closed.status_code, 'role="status"' in closed.text) == (200, True)
    assert service.store.requests.open() == [second]


def test_it_is_closed_by_hand_and_forgotten_after_five_years(service: Service, now: list[datetime]) -> None:
    eva, request = keeper(service, "secretary"), noted(service)
    where = f"/desk/people/requests/{request.request_id}"
    assert eva.post(f"{where}/close", {"outcome": "whatever"}).status_code == 404
    assert eva.post(f"{where}/extend").status_code == 200
    assert eva.post(f"{where}/close", {"outcome": "refused"}).status_code == 200
    assert "rifiutato" in eva.get("/desk/people/requests/").text
    assert eva.post(f"{where}/open").status_code == 404
    now[0] += timedelta(days=5 * 365 + 1)
    service.retention.purge([])
    assert rows(service) == "[]"


@pytest.mark.parametrize("day", ["", "x", "2026-11-24", "2024-01-01"])
def test_a_day_that_it_cannot_have_come_on_is_refused(service: Service, day: str) -> None:
    answer = keeper(service, "secretary").post("/desk/people/requests/add", WHO | {"kind": "copy", "received": day})
    assert answer.status_code == 422
    assert service.store.requests.open() == []


def test_the_terminal_does_the_same(service: Service) -> None:
    request = command(service, "requests", ADA, "--kind", "access", "--received", service.retention.today.isoformat())
    name = request.partition(":")[0]
    assert "--kind" in command(service, "requests", ADA, code=2)
    command(service, "requests", "--extend", name)
    command(service, "requests", "--close", name, "--outcome", "taken-back")
    assert command(service, "requests") == ""
    assert name in command(service, "requests", "--close", name, code=1)
