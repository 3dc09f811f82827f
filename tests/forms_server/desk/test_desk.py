"""Every address of the desk, asked by everybody: the server decides."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from flask import Response
from sqlalchemy import URL

from forms_server.__main__ import COMMANDS
from forms_server.accounts.place import origin_of
from forms_server.accounts.roles import INVITED_AS, STRANGER, Right, may
from forms_server.app import make_app
from forms_server.context import Service
from forms_server.desk.desk import SCREENS
from forms_server.desk.frame.pages import TEMPLATES
from forms_server.desk.frame.screen import ONLY_HERE, Screen
from forms_server.desk.frame.visit import Visit
from tests.forms_server.desk.keeper import BASE, Keeper, keeper
from tests.forms_server.samples import running

PAGES = sorted(TEMPLATES.rglob("*.html"))
FILLED = {
    "token": "t" * 43,
    "account_id": "nobody",
    "name": "gruppo",
    "response_id": "nobody",
    "download_id": "nobody",
    "campaign_id": "nobody",
    "audit_id": "a" * 16,
    "request_id": "a" * 16,
    "month": "2026-10",
}


def addresses(service: Service) -> list[tuple[str, str, Right]]:
    """Every address of the desk that the application answers, with its method and the right it needs."""
    rights = {(route.method, f"/desk{route.rule}"): route.right for screen in SCREENS for route in screen.routes}
    found = []
    for rule in make_app(service).url_map.iter_rules():
        if rule.rule.startswith("/desk"):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                parts = re.split(r"<(?:\w+:)?(\w+)>", rule.rule)
                address = "".join(FILLED[part] if at % 2 else part for at, part in enumerate(parts))
                found.append((method, address, rights[method, rule.rule]))
    return found


def test_every_role_is_answered_at_its_addresses_and_refused_at_all_others(service: Service) -> None:
    known = addresses(service)
    assert len(known) >= 25
    Keeper(service).invited("first@example.org", "administrator")
    for role in (STRANGER, *INVITED_AS):
        somebody = keeper(service, role) if role else Keeper(service)
        wrong = []
        for method, address, right in known:
            if role and not somebody.cookie:
                somebody.come_in()  # some addresses end sessions
            answer = somebody.get(address) if method == "GET" else somebody.post(address)
            onward = answer.headers.get("Location", "")
            if not role:
                refused = answer.status_code == 303 and onward.startswith("/desk/sign-in?next=/desk/")
            else:
                refused = answer.status_code == 403 and "ruolo" in answer.text
            if refused is may(role, right):
                wrong.append((role, method, address, answer.status_code))
        assert wrong == []


def test_an_address_without_a_right_cannot_be_registered() -> None:
    with pytest.raises(TypeError, match="needs one"):
        Screen("open", cast(Right, None))

    def view(visit: Visit) -> Response:
        return Response(visit.role)

    with pytest.raises(TypeError, match="needs one"):
        Screen("half", Right.OWN).get("/half", right=cast(Right, "anybody"))(view)


def test_a_role_that_nobody_knows_may_do_nothing() -> None:
    assert [right for right in Right if may("director", right)] == []


def test_the_desk_is_not_there_until_somebody_is_invited(service: Service) -> None:
    somebody = Keeper(service)
    assert somebody.get("/desk/").status_code == somebody.get("/desk/sign-in").status_code == 404
    somebody.invited("ada@example.org", "reader")
    assert somebody.get("/desk/sign-in").status_code == 200


def test_the_desk_can_be_off_for_good(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    with running(tmp_path, sqlite_url, lambda: now[0]) as service:
        link = Keeper(service).invited("ada@example.org", "reader")
    with running(tmp_path, sqlite_url, lambda: now[0], FORMS_DESK="off") as service:
        assert Keeper(service).get(link).status_code == Keeper(service).get("/desk/sign-in").status_code == 404


def test_the_desk_is_at_its_own_address_alone(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    origin = "https://desk.example"
    with running(tmp_path, sqlite_url, lambda: now[0], FORMS_DESK_ORIGIN=origin) as service:
        Keeper(service).invited("ada@example.org", "reader")
        assert Keeper(service, base=origin).get("/desk/sign-in").status_code == 200
        for other in ("https://portal.example", "http://localhost:8000", "http://127.0.0.1:8000"):
            assert Keeper(service, base=other).get("/desk/sign-in").status_code == 404


def test_on_ones_own_machine_the_desk_is_localhost(service: Service) -> None:
    Keeper(service).invited("ada@example.org", "reader")
    answer = Keeper(service, base="http://127.0.0.1:8000").get("/desk/sign-in?lang=de")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{BASE}/desk/sign-in?lang=de")
    assert origin_of(service.settings, 8000) == BASE
    assert Keeper(service, base="http://[::1]:8000").get("/desk/").headers["Location"] == f"{BASE}/desk/"
    assert Keeper(service, base="http://portal.example").get("/desk/sign-in").status_code == 404


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "null", "", "http://localhost:9000", "http://localhost"]
)
def test_nothing_is_done_that_another_page_asks_for(service: Service, origin: str) -> None:
    ada = keeper(service, "administrator")
    before = ada.cookie
    assert ada.post("/desk/sign-out", Origin=origin).status_code == 403
    assert ada.post("/desk/sign-out", Sec_Fetch_Site="cross-site").status_code == 403
    assert ada.get("/desk/").status_code == 200
    assert ada.cookie == before


def test_pages_of_origins_that_may_post_forms_do_nothing_at_the_desk(
    tmp_path: Path, sqlite_url: URL, now: list[datetime]
) -> None:
    with running(tmp_path, sqlite_url, lambda: now[0], FORMS_ORIGINS="https://portal.example") as service:
        assert keeper(service, "reader").post("/desk/sign-out", Origin="https://portal.example").status_code == 403


def test_what_the_desk_answers_is_kept_nowhere_and_runs_nothing_inline(service: Service) -> None:
    ada = keeper(service, "administrator")
    for method, address, _right in addresses(service):
        answer = ada.get(address) if method == "GET" else ada.post(address)
        assert answer.headers["Cache-Control"] == "no-store", address
        if answer.mimetype == "text/html":
            assert not re.search(r"<style|<script(?! src)|\son\w+=|\sstyle=", answer.text), address
            if answer.status_code != 303:
                assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
                assert "unsafe" not in answer.headers["Content-Security-Policy"]
        if answer.status_code == 303 and address == "/desk/sign-out":
            ada.come_in()


FRESH = {
    *("/accounts/", "/accounts/invite", "/accounts/sign-out", "/accounts/<account_id>/role"),
    *("/accounts/<account_id>/sign-out", "/accounts/<account_id>/remove", "/me/passkey/drop", "/backup"),
    *("/forms/<name>/<response_id>/erase", "/forms/<name>/dates/close", "/forms/<name>/dates/file"),
    *("/forms/<name>/downloads/personal", "/downloads/<download_id>/personal"),
    *("/forms/<name>/sealed", "/forms/<name>/sealed/begin", "/forms/<name>/sealed/file"),
    *("/people/copy", "/people/evidence", "/people/sealed", "/people/erase"),
    *("/sign-ups/<name>/letters/send", "/sign-ups/<name>/<response_id>/withdraw", "/sign-ups/<name>/sheet"),
}
"""What erases, closes, hands out personal data, writes to many or changes who may come in, and nothing else."""


def test_what_matters_is_only_done_by_whoever_has_just_proved_who_they_are(
    service: Service, now: list[datetime]
) -> None:
    assert {route.rule for screen in SCREENS for route in screen.routes if route.fresh} == FRESH
    ada = keeper(service, "administrator")
    now[0] += timedelta(minutes=5, seconds=1)
    check = ada.get(ada.get("/desk/accounts/").headers["Location"])
    asked = {"credential": ada.device.sign(ada.options(check)), "next": "/desk/accounts/"}
    before = ada.cookie
    assert ada.post("/desk/check", asked).headers["Location"] == "/desk/accounts/"
    assert ada.cookie != before
    assert ada.post("/desk/accounts/invite", {"address": "eva@example.org", "role": "reader"}).status_code == 303
    assert service.store.accounts.of_address("eva@example.org")


def test_what_was_typed_before_the_proof_is_done_after_it(service: Service, now: list[datetime]) -> None:
    ada = keeper(service, "administrator")
    now[0] += timedelta(minutes=5, seconds=1)
    check = ada.post("/desk/accounts/invite", {"address": "eva@example.org", "role": "reader"})
    assert check.status_code == 403
    asked = ada.hidden(check) | {"credential": ada.device.sign(ada.options(check))}
    page = ada.post("/desk/check", asked)
    assert service.store.accounts.of_address("eva@example.org") is None
    assert 'action="/desk/accounts/invite"' in page.text
    assert ada.post("/desk/accounts/invite", ada.hidden(page)).status_code == 303
    assert service.store.accounts.of_address("eva@example.org")


def test_what_was_typed_while_a_session_ended_comes_back_to_whoever_typed_it_alone(
    service: Service, now: list[datetime]
) -> None:
    ada, eva = keeper(service, "administrator"), keeper(service, "administrator", "eva@example.org")
    typed = {"address": "bea@example.org", "role": "reader"}
    for waited in (timedelta(hours=9), timedelta(hours=24)):
        now[0] += waited
        eva.come_in()  # sessions that are long over go
        door = ada.post("/desk/accounts/invite", typed)
        assert door.status_code == 403
        assert "bea@" not in door.text
        kept = ada.hidden(door)
        page = ada.post("/desk/sign-in", kept | {"credential": ada.device.sign(ada.options(door))})
        assert 'action="/desk/accounts/invite"' in page.text
        assert ada.hidden(page) == typed
    assert service.store.accounts.of_address("bea@example.org") is None
    assert ada.hidden(ada.post("/desk/sign-in/go-on", kept)) == typed  # come in in another tab
    assert ada.post("/desk/accounts/invite", typed).status_code == 303
    for refused in (eva, Keeper(service)):
        assert "bea@" not in refused.post("/desk/sign-in/go-on", kept).text
    assert ada.post("/desk/sign-in/go-on", {"kept": f"x{kept['kept']}"}).status_code == 404
    now[0] += timedelta(hours=1, seconds=1)
    assert ada.post("/desk/sign-in/go-on", kept).status_code == 404
    ada.come_in()
    eva.come_in()
    account = service.store.accounts.of_address("administrator@example.org")
    assert account
    assert eva.post(f"/desk/accounts/{account.account_id}/sign-out").status_code == 303
    assert ada.get("/desk/accounts/").status_code == 303
    door = ada.post("/desk/accounts/invite", typed)
    page = ada.post("/desk/sign-in", ada.hidden(door) | {"credential": ada.device.sign(ada.options(door))})
    assert (door.status_code, ada.hidden(page)) == (403, typed)
    ada.post("/desk/sign-out")
    assert ada.post("/desk/accounts/invite", typed).status_code == 303


@pytest.mark.parametrize("posted", ["", "[]", "{", '{"a": 1}', "[" * 9999, '{"a": [{"b": "<script>"}]}'])
def test_whatever_comes_back_with_a_proof_leads_nobody_out(service: Service, now: list[datetime], posted: str) -> None:
    ada = keeper(service, "administrator")
    asked = {"credential": ada.device.sign(ada.options(ada.get("/desk/check"))), "posted": posted}
    page = ada.post("/desk/check", asked | {"again": "//elsewhere.example"})
    assert page.status_code in (200, 303)
    assert "elsewhere" not in page.text
    assert "<script>" not in page.text


def test_nobody_proves_it_with_somebody_elses_passkey(service: Service, now: list[datetime]) -> None:
    ada, eva = keeper(service, "administrator"), keeper(service, "reader")
    now[0] += timedelta(minutes=6)
    asked = ada.options(ada.get("/desk/check"))
    assert ada.post("/desk/check", {"credential": eva.device.sign(asked)}).status_code == 403


def test_nobody_is_led_out_of_the_house(service: Service) -> None:
    ada = keeper(service, "reader")
    elsewhere = "//elsewhere.example"
    for outside in (f"https:{elsewhere}", elsewhere, f"/desk{elsewhere}", "/desk/\\elsewhere.example", "/x"):
        asked = ada.options(ada.get("/desk/sign-in"))
        answer = ada.post("/desk/sign-in", {"credential": ada.device.sign(asked), "next": outside})
        assert answer.headers["Location"] == "/desk/", outside


NO_SCREEN = {
    "run": "it is what answers",
    "send-mail": "the running service does it",
    "purge": "the running service does it, once a day",
    "raise-rate-limit": "for who runs the machine",
    "load-form": "for who writes the form files",
    "reconcile": "for who runs the machine",
    "restore": "while no service runs",
    "move-to": "while no service runs",
    "verify": "for who runs the machine",
    "traffic": "reads log files of the machine",
    "progress": "the running service does it, once a day",
    "import-mail": "reads files of the machine",
    "secret-keys": "for who runs the machine",
    "new-key": "keys are made where the desk cannot read them",
    "keys": "for who runs the machine",
    "reseal": "for who runs the machine",
}
"""What only the terminal does, each with its reason."""

SHOWN = {"status": "home", "accounts": "accounts", "desk-log": "log", "audit": "erasure", "month": "month"}
"""The commands that only show something, and the screen that shows the same."""


def test_what_the_desk_does_the_terminal_does_and_the_other_way_round() -> None:
    done = {route.command for screen in SCREENS for route in screen.routes} - {ONLY_HERE}
    assert done <= set(COMMANDS)
    assert set(SHOWN.values()) <= {screen.name for screen in SCREENS}
    assert done | set(SHOWN) | set(NO_SCREEN) == set(COMMANDS)
    assert not set(NO_SCREEN) & (done | set(SHOWN))


def test_the_public_pages_set_no_cookie_still(service: Service) -> None:
    ada = keeper(service, "reader")
    assert ada.cookie
    for address in ("/forms/gruppo", "/forms/sondaggio", "/healthz"):
        assert "Set-Cookie" not in ada.get(address).headers


@pytest.mark.parametrize(
    "path", ["/desk/sign-in/a%0D%0AX-Evil%3A%20y", "/desk/sign-in/a%3Fx%23y", "/desk/log/?before=%0Ax&lang=de"]
)
def test_the_same_address_is_at_the_other_name_of_this_machine(service: Service, path: str) -> None:
    Keeper(service).invited("first@example.org", "administrator")
    answer = Keeper(service, base="http://127.0.0.1:8000").get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"http://localhost:8000{path}")
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "POST", "GET"])
@pytest.mark.parametrize(
    "path", ["/desk", "/desk/", "/desk/accounts/", "/desk/log/", "/desk/assets/desk.css", "/desk/x"]
)
def test_elsewhere_no_method_tells_that_there_is_a_desk(service: Service, method: str, path: str) -> None:
    Keeper(service).invited("first@example.org", "administrator")
    browser = Keeper(service).browser
    there, nowhere = (browser.open(one, method=method, base_url="http://portal.example") for one in (path, "/nowhere"))
    assert there.status_code == nowhere.status_code in (403, 404)
    assert "Allow" not in there.headers


LIVE = {"forms/download.html", "forms/sealed.html", "people/letter_progress.html", "people/person.html"}
"""Pages that look again by themselves, or whose script speaks: they would take the focus away from whoever reads on."""


def test_what_is_told_of_something_done_gets_the_focus() -> None:
    told = re.compile(r'<(?:p|div) [^>]*class="[^>]*(?:done|problem)[^>]*role="(?!.* hidden>)[^>]*>')
    found = {file.relative_to(TEMPLATES).as_posix(): told.findall(file.read_text("utf-8")) for file in PAGES}
    assert sum(len(lines) for lines in found.values()) > 30
    focused = '" tabindex="-1" autofocus>'
    wrong = [(name, line) for name, lines in found.items() for line in lines if not line.endswith(focused)]
    assert {name for name, _line in wrong} <= LIVE, wrong


def test_every_page_has_one_heading_and_every_table_says_what_its_columns_are() -> None:
    for file in PAGES:
        text = file.read_text("utf-8")
        if "extends" in text:
            assert len(re.findall(r"<h1|\{\{ about\(", text)) == 1, file.name
        assert not re.search(r"<th(?! scope=)[ >]", text), file.name
        assert not re.search(r"<table(?![^>]* aria-label)", text), file.name


@pytest.mark.parametrize(
    "sent", [b"subject=%00", b"text=" + b"a" * 1_100_000, b"text=%ff"], ids=["nul", "long", "latin"]
)
def test_what_cannot_be_read_is_said_and_not_taken_for_nothing(service: Service, sent: bytes) -> None:
    ada = keeper(service, "secretary")
    headers = {"Origin": BASE, "Content-Type": "application/x-www-form-urlencoded"}
    where = "/desk/sign-ups/gruppo/letters/preview"
    answer = ada.browser.post(where, data=sent, base_url=BASE, headers=headers)
    assert answer.status_code in (413, 422)
    assert "non si legge" in answer.text


def test_no_two_pages_about_a_form_have_the_same_title_and_a_problem_is_in_it(service: Service) -> None:
    ada = keeper(service, "administrator")
    about = (
        "forms/gruppo/",
        "forms/gruppo/downloads/",
        "forms/gruppo/dates/",
        "sign-ups/gruppo",
        "sign-ups/gruppo/add",
    )
    pages = [ada.get(f"/desk/{where}").text for where in about]
    titles = [page.partition("<title>")[2].partition("</title>")[0] for page in pages]
    assert len(set(titles)) == len(about), titles
    wrong = ada.post("/desk/people/find", {"address": "x"})
    assert (wrong.status_code, "<title>Errore: Persone –" in wrong.text) == (422, True)


def test_what_is_in_no_text_is_in_no_address_on_either_database(
    tmp_path: Path, database_url: URL, now: list[datetime]
) -> None:
    with running(tmp_path, database_url, lambda: now[0]) as service:
        ada = keeper(service, "administrator")
        for where in (
            "/desk/forms/a%00b/",
            "/desk/sign-ups/gruppo/letters/%00",
            "/desk/people/erased/%00",
            "/forms/%00",
        ):
            assert ada.get(where).status_code == 404, where
        day = "2026-01-01T00:00:00%2B00:00%20a%00"
        for where in ("accounts/?done=role&account=%00", f"mail/?after={day}", f"log/?before={day}", "?state=%00"):
            assert ada.get(f"/desk/{where}").status_code == 200, where
