"""A form closed, opened again and prolonged at the desk and in the terminal; its file stays as it is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import URL

from bacheca.forms.set_days import TOLD, days_in, days_of
from forms_server.accounts.invitations import TERMINAL
from forms_server.context import Service
from forms_server.store.desk.schedules import Schedule
from tests.forms_server.desk.keeper import command, keeper
from tests.forms_server.samples import Respondent, running, with_property
from tests.forms_server.test_posting import GOOD, KEY, OWN

DATES = "/desk/forms/sondaggio/dates/"


def answered(service: Service, key: str) -> int:
    """Answer the survey; give the status."""
    return (
        Respondent(service).browser.post("/forms/sondaggio", data=GOOD | {"_key": KEY + key}, headers=OWN).status_code
    )


FILED = {"opens": None, "closes": "2027-07-01T00:00:00+02:00"}


def told(service: Service) -> dict[str, str | None]:
    """Give what pages are told of the days of the survey."""
    answer = Respondent(service).browser.get("/forms/state.json").get_json()["schedules"]["sondaggio"]
    assert isinstance(answer, dict)
    return answer


def test_a_form_is_closed_now_and_opened_again_and_nobody_is_left_in_doubt(
    service: Service, now: list[datetime]
) -> None:
    ada, file = keeper(service, "administrator"), (service.settings.content / "sondaggio.yaml").read_bytes()
    assert told(service) == FILED
    assert "Chiudere ora" in ada.post(f"{DATES}close").text
    assert answered(service, "a") == 303  # nothing was done before somebody was sure
    assert ada.post(f"{DATES}close", {"sure": "yes"}).headers["Location"] == f"{DATES}?done=yes"
    assert answered(service, "b") == 410
    assert told(service) == {"opens": None, "closes": now[0].isoformat()}
    page = ada.get(f"{DATES}?done=yes").text
    assert (
        page.index('role="status"')
        < page.index("Fatto. Vale da adesso")
        < page.index("Scritto nelle pagine del portale: ora non vale")
    )
    assert "30 giugno 2027" in page
    assert ada.post(f"{DATES}open", {"until": "2027-08-15"}).status_code == 303
    assert answered(service, "c") == 303
    assert told(service)["closes"] == "2027-08-16T00:00:00+02:00"
    assert "15 agosto 2027" in Respondent(service).browser.get("/forms/sondaggio").text
    for wrong in ({"until": "2026-01-01"}, {"until": "x"}, {}):
        assert ada.post(f"{DATES}open", wrong).status_code == 422
    assert ada.post(f"{DATES}open", {"endless": "yes"}).status_code == 303
    assert told(service)["closes"] is None
    now[0] = datetime(2031, 1, 1, tzinfo=now[0].tzinfo)
    assert answered(service, "d") == 303
    ada.come_in()
    assert "Chiudere ora" in ada.post(f"{DATES}file").text  # which says that it is over
    assert ada.post(f"{DATES}file", {"sure": "yes"}).status_code == 303
    assert answered(service, "e") == 410
    assert told(service) == FILED
    assert (service.settings.content / "sondaggio.yaml").read_bytes() == file
    actions = [entry.action for entry in service.store.desk_log.newest(20) if entry.form == "sondaggio"]
    assert sorted(actions) == ["form-close", "form-file", "form-open", "form-open"]


def test_every_page_says_the_same_after_each_change(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> None:
    publishing = with_property("form:publish: results")

    def edit(form: str) -> str:
        return publishing(form) if "survey" in form else form

    changes: list[tuple[str, dict[str, str], str, str, str]] = [
        ("", {}, "2027-07-01", "chiusura del sondaggio, il 30 giugno 2027", "chiude il 30 giu 2027"),
        ("close", {"sure": "yes"}, "2026-11-23", "risposte fino al 23 novembre 2026", "chiuso il 23 nov 2026"),
        ("open", {"until": "2026-12-31"}, "2027-01-01", "il 31 dicembre 2026", "chiude il 31 dic 2026"),
        ("open", {"until": "2027-08-15"}, "2027-08-16", "il 15 agosto 2027", "chiude il 15 ago 2027"),
        ("open", {"endless": "yes"}, "", "dopo la chiusura del sondaggio: mostrati", "sempre aperto"),
        ("file", {}, "2027-07-01", "il 30 giugno 2027", "chiude il 30 giu 2027"),
    ]
    with running(tmp_path, sqlite_url, lambda: now[0], edit) as service:
        ada, anybody = keeper(service, "administrator"), Respondent(service).browser
        for action, data, closes, results, card in changes:
            if action:
                assert ada.post(DATES + action, data).status_code == 303
            assert (told(service)["closes"] or "")[:10] == closes
            page = anybody.get("/forms/sondaggio/results?lang=it").text
            shown = [line for mark, line in re.findall(r"<p data-when[^>]*?( hidden)?>(.*?)</p>", page) if not mark]
            assert [results in re.sub("<[^>]+>", "", line) for line in shown] == [True], shown
            home = re.sub(r"<[^>]+>|\s+", " ", ada.get("/desk/").text)
            by_desk = " (come deciso dal banco)" if action in ("close", "open") else ""
            assert card + by_desk in " ".join(home.split())
            assert ('id="form-sondaggio"' in anybody.get("/forms/sondaggio").text) is (action != "close")


def test_the_terminal_does_the_same_and_the_service_goes_by_it(service: Service, now: list[datetime]) -> None:
    now[0] = datetime.now(UTC) + timedelta(minutes=1)  # the terminal goes by the clock of the machine
    assert "sondaggio: its file says: … – 2027-06-30" in command(service, "schedule", "sondaggio")
    assert "set instead" in command(service, "schedule", "sondaggio", "--close")
    service.watch.look()
    assert answered(service, "a") == 410
    told_builds = service.settings.data / "results"
    assert days_in(told_builds) == {"sondaggio": service.store.schedules.all()["sondaggio"].days}
    state = Respondent(service).browser.get("/forms/state.json").get_json()
    assert days_of(state[TOLD]) == days_in(told_builds)
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    assert f"set instead: … – {tomorrow}" in command(service, "schedule", "sondaggio", "--until", tomorrow)
    service.watch.look()
    assert answered(service, "b") == 303
    assert "set instead" not in command(service, "schedule", "sondaggio", "--as-in-file")
    assert days_in(told_builds) == {}
    command(service, "schedule", "sondaggio", "--open", "--close", code=2)
    command(service, "schedule", "nobody", "--close", code=2)
    assert [entry.account_id for entry in service.store.desk_log.newest(9)] == [TERMINAL] * 3


def test_an_edit_of_its_file_keeps_the_days_that_were_set(service: Service) -> None:
    service.store.schedules.set(Schedule("sondaggio", shut_at=service.intake.now()))
    service.watch.look()
    path = service.settings.content / "sondaggio.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Sondaggio", "title: Altro"), "utf-8")
    for _ in range(3):
        service.watch.look()
    assert service.forms["sondaggio"].form.wording("it").title == "Altro"
    assert service.forms.filed["sondaggio"].form.shut_at is None
    assert answered(service, "a") == 410
