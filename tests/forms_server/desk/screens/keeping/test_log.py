"""The log: who did what, when, and about whom as long as they are there."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from fido2.utils import websafe_encode
from sqlalchemy import URL, select

from forms_server.accounts.roles import Right
from forms_server.context import Service
from forms_server.database.engine import Work
from forms_server.database.tables import desk_log, responses
from forms_server.desk.desk import SCREENS
from forms_server.store.desk.log import Entry
from tests.forms_server.desk.keeper import Device, Keeper, command, keeper
from tests.forms_server.samples import Respondent
from tests.forms_server.stored import beside
from tests.forms_server.test_places import crowd
from tests.forms_server.test_posting import KEY
from tests.forms_server.test_quarantine import TRAP
from tests.forms_server.test_results import FORM, answer


def only_response(service: Service) -> str:
    """Give the id of the one response that there is."""
    with beside(service.settings.database_url, Work.READ) as connection:
        return str(connection.execute(select(responses.c.response_id)).scalar_one())


def seen(somebody: Keeper, response_id: str, action: str = "open") -> None:
    """Write down that somebody saw a response, as a screen does."""
    store, moment = somebody.service.store, somebody.service.intake.now()
    account = store.accounts.of_address("administrator@example.org")
    assert account
    store.desk_log.add([Entry(f"{action}-{response_id}", moment, account.account_id, action, "gruppo", response_id)])


def test_who_did_what_stands_there_and_in_the_terminal_without_an_answer(service: Service) -> None:
    ada = keeper(service, "administrator")
    Respondent(service).sign_up()
    found = only_response(service)
    seen(ada, found)
    page = ada.get("/desk/log/").text
    assert "administrator@example.org" in page
    assert "None" not in page
    stored = service.store.browse.one("gruppo", found)
    assert stored
    assert service.secret.reference(stored.token_hash) in page
    assert f">{found[:8]}" not in page
    assert "ada.prova" not in page
    assert f"administrator@example.org open gruppo {found}" in command(service, "desk-log")
    assert "invite" in command(service, "desk-log", "--last", "5")


def test_what_a_thief_does_to_stay_has_a_line_of_its_own(service: Service) -> None:
    ada, other = keeper(service, "administrator"), Device()
    ada.post("/desk/me/passkey", {"credential": other.make(ada.options(ada.asked_for_another()))})
    account = service.store.accounts.of_address("administrator@example.org")
    assert account
    ada.post("/desk/me/passkey/drop", {"passkey": websafe_encode(other.id)})
    ada.post("/desk/me/passkey/drop", {"passkey": "unknown"})
    ada.post("/desk/me/sign-out")
    ada.post("/desk/check", {"credential": ada.device.sign(ada.options(ada.get("/desk/check")))})
    ada.post("/desk/accounts/invite", {"address": "eva@example.org", "role": "reader"})
    eva = service.store.accounts.of_address("eva@example.org")
    assert eva
    ada.post(f"/desk/accounts/{eva.account_id}/role", {"role": "administrator"})
    done = {entry.action for entry in service.store.desk_log.newest(50)}
    assert done >= {"passkey", "passkey-drop", "sign-out-all", "check", "invite:reader", "role:administrator"}
    assert len([entry for entry in service.store.desk_log.newest(50) if entry.action == "passkey-drop"]) == 1
    page = ada.get("/desk/log/").text
    assert "ha aggiunto una passkey" in page
    assert "ha cambiato che cosa può fare qualcuno (Amministrazione)" in page


def test_what_one_look_showed_is_one_line_and_each_answer_says_who_saw_it(
    service: Service, now: list[datetime]
) -> None:
    ada, eva = keeper(service, "administrator"), Respondent(service)
    for number in range(5):
        eva.sign_up(_key=f"{KEY}{number}", email=f"eva{number}@example.org")
    ada.post("/desk/sign-ups/gruppo", {"state": "pending"})
    now[0] += timedelta(seconds=1)
    ada.post("/desk/sign-ups/gruppo", {"state": "kept"})
    page = ada.get("/desk/log/").text
    assert page.count("ha visto 5 iscrizioni") == 1
    with service.store.snapshot() as snapshot:
        ids = [one.response_id for one in snapshot.live("gruppo")]
    assert all(f'href="/desk/log/?about={one}"' in page for one in ids)
    assert page.count("ha visto un’iscrizione") == 1  # nobody's
    asked, where = f'href="/desk/log/?about={ids[0]}"', f"/desk/forms/gruppo/{ids[0]}"
    assert asked in ada.get(where).text
    of_one = ada.get(f"/desk/log/?about={ids[0]}").text
    assert of_one.count("<tr>") == 2
    assert "administrator@example.org" in of_one
    found, end = service.store.desk_log.lines(1)
    assert [len(line) for line in found] == [1]
    assert 5 in map(len, service.store.desk_log.lines(1, end)[0])
    assert asked not in keeper(service, "secretary", "eva@example.net").get(where).text


def test_who_is_erased_is_named_no_more_whoever_erases_them(service: Service) -> None:
    ada = keeper(service, "administrator")
    person = Respondent(service)
    receipt = person.sign_up()
    found = only_response(service)
    seen(ada, found)
    person.post(f"{receipt}/withdraw")
    with beside(service.settings.database_url, Work.READ) as connection:
        assert connection.scalars(select(responses.c.response_id)).all() == []
        left = connection.execute(select(desk_log).where(desk_log.c.action == "open")).one()
    assert (left.response_id, left.form) == (None, "gruppo")
    assert service.store.desk_log.of_response(found) == []


def test_the_log_is_kept_two_years_and_whoever_is_gone_as_long(service: Service, now: list[datetime]) -> None:
    ada = keeper(service, "administrator")
    keeper(service, "reader")
    account = service.store.accounts.of_address("reader@example.org")
    assert account
    ada.post(f"/desk/accounts/{account.account_id}/remove", {"sure": "yes"})
    now[0] += timedelta(days=729)
    service.retention.purge([])
    assert "reader@example.org" in command(service, "desk-log")
    now[0] += timedelta(days=2)
    service.retention.purge([])
    assert command(service, "desk-log") == ""
    assert service.store.accounts.of_address("reader@example.org") is None
    assert service.store.accounts.of_address("administrator@example.org")


def test_only_who_looks_after_accounts_reads_it_and_nothing_changes_it(service: Service) -> None:
    assert keeper(service, "secretary").get("/desk/log/").status_code == 403
    ada = keeper(service, "administrator")
    assert ada.post("/desk/log/").status_code == 405
    assert ada.get("/desk/log/?before=nonsense").status_code == 200


def test_pages_of_it_follow_each_other(service: Service, now: list[datetime]) -> None:
    ada = keeper(service, "administrator")
    account = service.store.accounts.of_address("administrator@example.org")
    assert account
    entries = [Entry(f"e{number:03}", now[0], account.account_id, f"did-{number:03}") for number in range(120)]
    service.store.desk_log.add(entries)
    shown: list[str] = []
    where = "/desk/log/"
    while where:
        page = ada.get(where).text
        shown += [part[:7] for part in page.split(">did")[1:]]
        _, _, more = page.partition('href="/desk/log/?before=')
        where = f"/desk/log/?before={more.partition(chr(34))[0]}" if more else ""
    assert len(shown) == len(set(shown)) == 120


@pytest.mark.parametrize("before", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "x", "2026-11-30"])
def test_whatever_is_no_place_in_the_log_is_its_beginning(service: Service, before: str) -> None:
    ada = keeper(service, "administrator")
    assert ada.get(f"/desk/log/?before={quote(before)}").text.count("administrator@example.org") > 0


def test_no_page_shows_anybody_without_a_line_in_the_log(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    (tmp_path / "forms").mkdir()
    poll = FORM.format(name="voto", kind="poll", publish="results", disclosure="suppression")
    (tmp_path / "forms" / "voto.yaml").write_text(poll, encoding="utf-8")
    with crowd(tmp_path, sqlite_url, now, "form:places: 13\nform:waiting: 3\n") as people:
        service = people.service
        for name in ("ada", "bea"):
            people.send(name)
            people.press(name)
        people.send("cleo", "sera")
        answer(service, "voto", 1, come="Scrivete a ada@example.org", citami="true")
        people.anybody.browser.post(
            "/forms/gruppo",
            json={"nome": "dora", "email": "dora@example.org", "sessione": "sera", "consenso": True, **TRAP},
            headers={"Idempotency-Key": KEY + "dora"},
        )
        eva = keeper(service, "administrator", "desk@example.net", base="http://localhost")
        with service.store.snapshot() as snapshot:
            ids = [one.response_id for name in ("gruppo", "voto") for one in snapshot.live(name)]
        said = {"address": "ada@example.org", "kind": "package", "text": "example", "state": "waiting", "subject": "x"}
        # Not what was typed; and comments are noted once a session.
        marks = ["Scrivete a ada@", *(f"{name}@example.org" for name in ("bea", "cleo", "dora"))]
        shown, unsaid = set(), []
        routes = [route for screen in SCREENS for route in screen.routes if route.right is not Right.KNOCK]
        for method, rule in [(route.method, route.rule) for route in routes]:
            for form in ("gruppo", "voto") if "<name>" in rule else ("",):
                for one in ids if "response_id" in rule else ids[:1]:
                    if not eva.cookie:
                        eva.come_in()
                    where = "/desk" + rule.replace("<name>", form).replace("<response_id>", one)
                    before = len(list(service.store.desk_log.newest(9999)))
                    page = eva.get(where) if method == "GET" else eva.post(where, {**said, "response": one})
                    body = page.get_data()
                    if any(mark.encode() in body for mark in marks):
                        shown.add(rule)
                        if len(list(service.store.desk_log.newest(9999))) == before and "/comments/" not in rule:
                            unsaid.append((method, where))
    assert len(shown) > 8
    assert not unsaid, "\n".join(map(str, unsaid))
