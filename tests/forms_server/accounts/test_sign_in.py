"""Codes of an authenticator app, mailed links, and sessions."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import Connection, select
from werkzeug.test import TestResponse

from bacheca.forms.text import digest
from forms_server.accounts.sign_in import TRIES
from forms_server.context import Service
from forms_server.database.engine import Work
from forms_server.database.tables import accounts, metadata, sessions
from forms_server.database.transactions import Database
from tests.forms_server.desk.keeper import Keeper, keeper
from tests.forms_server.samples import Respondent
from tests.forms_server.stored import beside

ADDRESS = "ada@example.org"


def shown(page: TestResponse) -> tuple[pyotp.TOTP, str]:
    """Give the app that has read the page of an invitation, and what the page sends back with its code."""
    seed = re.search(r'class="code">([A-Z2-7 ]+)<', page.text)
    kept = re.search(r'name="kept" value="([^"]+)"', page.text)
    assert seed
    assert kept
    return pyotp.TOTP(seed[1].replace(" ", "")), kept[1]


def with_app(service: Service, now: list[datetime]) -> tuple[Keeper, pyotp.TOTP]:
    """Accept an invitation with an authenticator app; give who did, signed in, and the app."""
    ada = Keeper(service)
    link = f"{ada.invited(ADDRESS, 'secretary')}/code"
    app, kept = shown(ada.get(link))
    again, kept = shown(ada.post(link, {"code": "000000", "kept": kept}))
    assert again.secret == app.secret
    assert ada.post(link, {"code": app.at(now[0]), "kept": kept}).status_code == 303
    return ada, app


def test_whoever_read_the_invitation_before_its_owner_has_no_code(service: Service, now: list[datetime]) -> None:
    ada, thief = Keeper(service), Keeper(service)
    link = f"{ada.invited(ADDRESS, 'secretary')}/code"
    known, _ = shown(thief.get(link))
    app, kept = shown(ada.get(link))
    assert ada.post(link, {"code": known.at(now[0]), "kept": kept}).status_code == 403
    assert ada.post(link, {"code": app.at(now[0]), "kept": kept}).status_code == 303
    now[0] += timedelta(minutes=1)
    thief.post("/desk/sign-in/mail", {"address": ADDRESS})
    assert thief.post(thief.mailed("sign-in"), {"code": known.at(now[0])}).status_code == 403


def test_what_a_page_of_an_invitation_showed_is_good_for_that_invitation_and_an_hour(
    service: Service, now: list[datetime]
) -> None:
    ada, eva = Keeper(service), Keeper(service)
    link, other = (f"{one.invited(f'{name}@example.org', 'reader')}/code" for one, name in ((ada, "ada"), (eva, "eva")))
    app, kept = shown(ada.get(link))
    assert eva.post(other, {"code": app.at(now[0]), "kept": kept}).status_code == 403
    assert ada.post(link, {"code": app.at(now[0])}).status_code == 403
    now[0] += timedelta(hours=1, seconds=1)
    assert ada.post(link, {"code": app.at(now[0]), "kept": kept}).status_code == 403


def test_whoever_has_the_mailed_link_and_the_code_comes_in_and_neither_is_used_twice(
    service: Service, now: list[datetime]
) -> None:
    _, app = with_app(service, now)
    ada = Keeper(service)
    assert ada.post("/desk/sign-in/mail", {"address": "Ada@Example.org"}).status_code == 200
    link = ada.mailed("sign-in")
    used = app.at(now[0])
    assert ada.post(link, {"code": used}).status_code == 403  # it accepted the invitation
    now[0] += timedelta(seconds=60)
    code = app.at(now[0])
    assert ada.post(link, {"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert ada.get("/desk/").status_code == 200
    assert Keeper(service).get(link).status_code == 404
    now[0] += timedelta(minutes=5)
    other = Keeper(service)
    other.post("/desk/sign-in/mail", {"address": ADDRESS})
    again = other.mailed("sign-in")
    assert other.post(again, {"code": code}).status_code == 403
    assert other.get(again).status_code == 200


def test_a_mailed_link_is_good_for_a_quarter_of_an_hour(service: Service, now: list[datetime]) -> None:
    with_app(service, now)
    ada = Keeper(service)
    ada.post("/desk/sign-in/mail", {"address": ADDRESS})
    now[0] += timedelta(minutes=15)
    assert ada.get(ada.mailed("sign-in")).status_code == 404


def test_whoever_asks_learns_nothing_of_an_address_and_only_codes_are_mailed_for(
    service: Service, now: list[datetime]
) -> None:
    with_app(service, now)
    keeper(service, "reader")
    before = len(Respondent(service).mails())
    pages = set()
    for address in (ADDRESS, "reader@example.org", "nobody@example.org", "no address", "", "x" * 300):
        answer = Keeper(service).post("/desk/sign-in/mail", {"address": address})
        pages.add((answer.status_code, answer.text))
    assert len(pages) == 1
    assert len(Respondent(service).mails()) == before + 1


def test_an_address_that_nobody_has_costs_as_many_writes_as_one_that_is_known(
    service: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_app(service, now)
    done: list[Work] = []
    real = Database.transaction

    def counted(database: Database, work: Work) -> AbstractContextManager[Connection]:
        done.append(work)
        return real(database, work)

    monkeypatch.setattr(Database, "transaction", counted)
    costs = []
    for address in (ADDRESS, "nobody@example.org"):
        done.clear()
        Keeper(service).post("/desk/sign-in/mail", {"address": address})
        costs.append(Counter(done))
    assert costs[0] == costs[1]


def test_asking_for_links_shuts_nobody_out_and_fills_no_mailbox(service: Service, now: list[datetime]) -> None:
    _, app = with_app(service, now)
    before = len(Respondent(service).mails())
    for _ in range(20):
        Keeper(service).post("/desk/sign-in/mail", {"address": ADDRESS})
    assert len(Respondent(service).mails()) == before + 1
    now[0] += timedelta(seconds=90)
    ada = Keeper(service)
    assert ada.post(ada.mailed("sign-in"), {"code": app.at(now[0])}).status_code == 303


def test_codes_can_be_tried_ten_times_and_then_wait(service: Service, now: list[datetime]) -> None:
    _, app = with_app(service, now)
    thief = Keeper(service)
    thief.post("/desk/sign-in/mail", {"address": ADDRESS})
    link = thief.mailed("sign-in")
    tried = [thief.post(link, {"code": f"{number:06}"}).status_code for number in range(TRIES + 2)]
    assert tried == [403] * TRIES + [429] * 2
    now[0] += timedelta(minutes=16)
    thief.post("/desk/sign-in/mail", {"address": ADDRESS})
    assert thief.post(thief.mailed("sign-in"), {"code": app.at(now[0])}).status_code == 303


def test_a_fresh_check_asks_whoever_has_an_app_for_a_new_code(service: Service, now: list[datetime]) -> None:
    ada, app = with_app(service, now)
    now[0] += timedelta(minutes=6)
    assert ada.post("/desk/check", {"code": "000000"}).status_code == 403
    assert ada.post("/desk/check", {"code": app.at(now[0]), "next": "/desk/me/"}).headers["Location"] == "/desk/me/"
    assert ada.post("/desk/check", {"code": app.at(now[0])}).status_code == 403


def test_the_store_holds_nothing_that_opens_a_session_or_makes_a_code(service: Service, now: list[datetime]) -> None:
    ada, app = with_app(service, now)
    assert re.fullmatch(r"[\w-]{43}", ada.cookie)
    with beside(service.settings.database_url, Work.READ) as connection:
        rows = "".join(str(connection.execute(select(table)).all()) for table in metadata.tables.values())
        assert connection.scalars(select(sessions.c.token_hash)).all() == [digest(ada.cookie)]
        assert connection.scalar(select(accounts.c.secret_id)) == service.secret.name(":audit")
    assert ada.cookie not in rows
    assert app.secret not in rows


def test_the_cookie_goes_to_this_host_alone_and_no_script_sees_it(service: Service) -> None:
    ada = Keeper(service)
    said = ada.accept(ada.invited(ADDRESS, "reader")).headers["Set-Cookie"]
    assert said.startswith("__Host-desk=")
    assert {part.strip() for part in said.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_whoever_signs_in_gets_a_token_that_nobody_gave_them(service: Service) -> None:
    ada = keeper(service, "reader")
    first = ada.cookie
    ada.browser.set_cookie("__Host-desk", "chosen-by-somebody-else", domain="localhost", secure=True)
    ada.come_in()
    assert ada.cookie not in (first, "chosen-by-somebody-else")
    ada.come_in()
    assert len({first, ada.cookie}) == 2
    last = ada.cookie
    ada.come_in()
    thief = Keeper(service)
    thief.browser.set_cookie("__Host-desk", last, domain="localhost", secure=True)
    assert thief.get("/desk/").status_code == 303  # the session of before is over
    thief.browser.set_cookie("__Host-desk", "chosen-by-somebody-else", domain="localhost", secure=True)
    assert thief.get("/desk/").status_code == 303


def test_a_session_is_over_after_eight_hours_without_a_request_and_a_day_in_all(
    service: Service, now: list[datetime]
) -> None:
    ada = keeper(service, "reader")
    for _ in range(3):
        now[0] += timedelta(hours=7, minutes=59)
        assert ada.get("/desk/").status_code == 200
    now[0] += timedelta(minutes=4)
    assert ada.get("/desk/").status_code == 303
    ada.come_in()
    now[0] += timedelta(hours=8)
    assert ada.get("/desk/").status_code == 303


def test_a_session_ends_when_it_is_left_or_ended_by_who_may_and_a_stolen_token_with_it(service: Service) -> None:
    ada, eva = keeper(service, "administrator"), keeper(service, "reader")
    thief = Keeper(service)
    thief.browser.set_cookie("__Host-desk", eva.cookie, domain="localhost", secure=True)
    assert thief.get("/desk/").status_code == 200
    account = service.store.accounts.of_address("reader@example.org")
    assert account
    ada.post(f"/desk/accounts/{account.account_id}/sign-out")
    assert thief.get("/desk/").status_code == eva.get("/desk/").status_code == 303
    eva.come_in()
    thief.browser.set_cookie("__Host-desk", eva.cookie, domain="localhost", secure=True)
    assert eva.post("/desk/sign-out").status_code == 303
    assert thief.get("/desk/").status_code == 303


def test_somebody_ends_their_other_sessions_and_an_administrator_everybodys(service: Service) -> None:
    here = keeper(service, "administrator")
    there = Keeper(service)
    there.device = here.device
    there.come_in()
    here.post("/desk/me/sign-out")
    assert (here.get("/desk/").status_code, there.get("/desk/").status_code) == (200, 303)
    there.come_in()
    here.post("/desk/accounts/sign-out", {"sure": "yes"})
    assert here.get("/desk/").status_code == there.get("/desk/").status_code == 303


def test_whose_access_is_taken_away_is_out_at_once_and_whose_role_changes_may_no_more(service: Service) -> None:
    ada, eva = keeper(service, "administrator"), keeper(service, "secretary")
    account = service.store.accounts.of_address("secretary@example.org")
    assert account
    assert "/desk/me/" in eva.get("/desk/").text
    ada.post(f"/desk/accounts/{account.account_id}/role", {"role": "administrator"})
    assert eva.get("/desk/accounts/").status_code == 200
    ada.post(f"/desk/accounts/{account.account_id}/role", {"role": "reader"})
    assert eva.get("/desk/accounts/").status_code == 403
    ada.post(f"/desk/accounts/{account.account_id}/remove", {"sure": "yes"})
    assert eva.get("/desk/").status_code == 303
    assert eva.come_in().status_code == 403


def test_one_administrator_stays(service: Service) -> None:
    ada = keeper(service, "administrator")
    account = service.store.accounts.of_address("administrator@example.org")
    assert account
    for change in (("role", {"role": "reader"}), ("remove", {"sure": "yes"})):
        answer = ada.post(f"/desk/accounts/{account.account_id}/{change[0]}", change[1])
        assert (answer.status_code, "ultima persona" in answer.text) == (422, True)
    assert ada.get("/desk/accounts/").status_code == 200


def test_tries_of_a_code_are_counted_for_a_quarter_of_an_hour_whoever_posts_meanwhile(
    service: Service, now: list[datetime]
) -> None:
    now[0] = now[0].replace(minute=0, second=0)
    ada, _ = with_app(service, now)
    for _ in range(TRIES):
        assert ada.post("/desk/check", {"code": "000000"}).status_code == 403
    now[0] += timedelta(minutes=1)
    Respondent(service).sign_up()
    assert ada.post("/desk/check", {"code": "000000"}).status_code == 429


def test_whoever_has_an_app_and_a_passkey_proves_it_by_either(service: Service, now: list[datetime]) -> None:
    ada, app = with_app(service, now)
    now[0] += timedelta(seconds=30)
    asked = ada.options(ada.post("/desk/me/passkey/prove", {"code": app.at(now[0])}))
    assert ada.post("/desk/me/passkey", {"credential": ada.device.make(asked)}).status_code == 303
    now[0] += timedelta(minutes=6)
    page = ada.get("/desk/check")
    assert 'name="code"' in page.text
    assert ada.post("/desk/check", {"credential": ada.device.sign(ada.options(page))}).status_code == 303
    now[0] += timedelta(minutes=6)
    assert ada.post("/desk/check", {"code": app.at(now[0])}).status_code == 303
    assert ada.post("/desk/check", {"code": "000000"}).status_code == 403
