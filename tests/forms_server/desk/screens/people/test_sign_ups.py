"""Who signed up: the list, and what is done for one of them, at the desk and in the terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from forms_server.desk.screens.people.sign_ups import HERE
from forms_server.store.lifecycle import State
from tests.forms_server.desk.keeper import Keeper, command, keeper
from tests.forms_server.test_places import Crowd, crowd, said
from tests.forms_server.test_posting import KEY

BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)  # the commands go by the real time
PLACES = "form:places: 13\nform:waiting: 3\nform:hold: 12 hours\n"


@pytest.fixture
def now() -> list[datetime]:
    return [BEGIN]


@pytest.fixture
def people(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Crowd]:
    """One place in the morning, which Ada has; Bea and Cleo wait for it; Dora has yet to confirm the evening."""
    with crowd(tmp_path, sqlite_url, now, PLACES) as made:
        for name in ("ada", "bea", "cleo"):
            made.send(name)
            made.press(name)
        made.send("dora", "sera")
        yield made


def id_of(people: Crowd, name: str) -> str:
    """Give the id of somebody's sign-up."""
    with people.service.store.snapshot() as snapshot:
        return next(one.response_id for one in snapshot.live("gruppo") if one.answers["nome"] == name)


def state_of(people: Crowd, name: str) -> str:
    with people.service.store.snapshot() as snapshot:
        return next((one.state for one in snapshot.live("gruppo") if one.answers["nome"] == name), "")


def logged(people: Crowd, action: str) -> set[str | None]:
    """Give the responses that the log names with an action."""
    return {entry.response_id for entry in people.service.store.desk_log.newest(999) if entry.action == action}


def names(page: str) -> list[str]:
    """Give who is in the list of a page, in its order."""
    return re.findall(r'<th scope="row">(ada|bea|cleo|dora)', page)


@pytest.fixture
def eva(people: Crowd) -> Keeper:
    """The secretary."""
    return keeper(people.service, "secretary", base="http://localhost")


def test_the_page_counts_by_session_and_names_nobody_before_the_list_is_opened(people: Crowd, eva: Keeper) -> None:
    assert eva.get(HERE).headers["Location"] == f"{HERE}gruppo"
    page = eva.get(f"{HERE}gruppo").text
    morning = " ".join(re.sub(r"<[^>]+>", " ", page.partition("Mattina")[2].partition("</tr>")[0]).split())
    assert morning.startswith("1 0 1 0 2 0 0")  # places, free, confirmed, to be confirmed, waiting, offered, in doubt
    assert "ada@example.org" not in page
    assert logged(people, "sign-ups") == set()
    page = eva.post(f"{HERE}gruppo", {"state": "waiting"}).text
    assert names(page) == ["bea", "cleo"]
    assert "numero 2 in coda" in page
    assert logged(people, "sign-ups") == {id_of(people, "bea"), id_of(people, "cleo")}


def test_the_list_is_narrowed_by_session_and_by_what_is_searched(people: Crowd, eva: Keeper) -> None:
    for asked, found in (
        ({"state": "kept"}, ["ada"]),
        ({"state": "waiting", "text": "CLEO@"}, ["cleo"]),
        ({"state": "waiting", "text": "mattina"}, []),  # only in what tells who somebody is
        ({"state": "waiting", "session": "sessione=sera"}, []),
        ({"state": "pending", "session": "sessione=sera"}, ["dora"]),
        ({"state": "nothing", "session": "nome=ada", "after": "x|y"}, ["ada"]),
    ):
        page = eva.post(f"{HERE}gruppo", asked).text
        assert names(page) == found, asked
        assert ("Apri i dati personali e cerca dappertutto" in page) == (not found and "text" in asked)


def test_the_list_tells_who_somebody_is_however_their_address_is_marked_and_nothing_sensitive(
    people: Crowd, eva: Keeper
) -> None:
    file = people.service.settings.content / "gruppo.yaml"
    more = ("sito, format: uri", "salute, form:privacy: sensitive")
    lines = "".join(f"- {{name: {one}, title: Altro, type: string}}\n" for one in more)
    only = "type: string, form:showIf: {field: sessione, equals: mattina}"
    lines += f"- {{name: tel, title: Telefono, form:privacy: personal, {only}}}\n"
    lines += "- {name: corso, title: Corso, type: string, categories: [{value: a, label: A, form:places: 9}]}\n"
    text = file.read_text(encoding="utf-8").replace("format: email", "format: email\n  form:privacy: sensitive")
    file.write_text(f"{text}{lines}", encoding="utf-8")
    people.service.watch.load()
    typed = {"sito": "eli.example.org", "salute": "allergia", "sessione": "sera"}
    people.anybody.sign_up(_key=f"{KEY}eli", nome="eli", email="eli@example.org", **typed)
    page = eva.post(f"{HERE}gruppo", {"state": "pending", "text": "eli@"}).text.partition("<main")[2]
    assert "eli@example.org" in page
    assert "https://eli.example.org" in page
    assert "allergia" not in page
    assert "Non mostrata" not in page
    assert "Sera, nessuna scelta" in page


def test_a_letter_is_written_once_more_and_three_times_a_day(people: Crowd, eva: Keeper) -> None:
    dora = id_of(people, "dora")
    for number in (2, 3):
        assert "parte adesso" in eva.post(f"{HERE}gruppo/{dora}/resend", {"state": "pending"}).text
        assert len(people.mails("dora")) == number
    assert "riprova domani" in eva.post(f"{HERE}gruppo/{dora}/resend").text
    assert "Conferma" in people.mails("dora")[-1]["Subject"]
    assert people.press("dora")[0] == 303  # the link of each is good
    assert "non è partito niente" in eva.post(f"{HERE}gruppo/{dora}/resend").text
    assert logged(people, "resend") == {dora}


def test_a_letter_that_failed_is_decided_about_and_goes_when_it_is_written_anew(people: Crowd, eva: Keeper) -> None:
    outbox = people.service.store.outbox
    people.send("emma", "sera")
    mail = outbox.take(people.now[0])
    assert mail
    outbox.bury(mail.id, "550")
    assert "E-mail di conferma non consegnate: 1 (Gruppo)" in eva.get("/desk/").text
    eva.post(f"{HERE}gruppo/{id_of(people, 'emma')}/resend")
    assert "E-mail di conferma non consegnate" not in eva.get("/desk/").text
    assert [one.kind for one in outbox.dead()] == []
    again = outbox.take(people.now[0])
    assert again
    outbox.sent(again.id)
    assert outbox.come_back(again.id, "emma@example.org", "5.1.1", people.now[0])
    assert "E-mail di conferma non consegnate: 1 (Gruppo)" in eva.get("/desk/").text


def test_who_agreed_on_paper_is_confirmed_with_a_note_in_the_evidence(people: Crowd, eva: Keeper) -> None:
    dora = id_of(people, "dora")
    asked = eva.post(f"{HERE}gruppo/{dora}/confirm", {"state": "pending"})
    assert "Potete scrivermi." in asked.text
    assert state_of(people, "dora") == State.PENDING
    assert "in una frase" in eva.post(f"{HERE}gruppo/{dora}/confirm", {"note": " "}).text
    assert f">{'x' * 501}</textarea>" in eva.post(f"{HERE}gruppo/{dora}/confirm", {"note": "x" * 501}).text
    done = eva.post(f"{HERE}gruppo/{dora}/confirm", eva.hidden(asked) | {"note": "Ha firmato il 3 maggio."})
    assert "un’e-mail avvisa" in done.text
    assert state_of(people, "dora") == State.KEPT
    assert "come ci hai detto tu" in said(people.mails("dora")[-1])
    told = json.loads(command(people.service, "evidence", "dora@example.org"))["responses"][0]
    moment = people.now[0].isoformat()
    assert told["attested"] == [{"done_at": moment, "note": "Ha firmato il 3 maggio."}]
    assert told["confirmed_at"] == told["consents"][0]["confirmed_at"] == moment
    assert "Ha firmato il 3 maggio." in eva.post("/desk/people/find", {"address": "dora@example.org"}).text
    assert "era già confermata".casefold() in eva.post(f"{HERE}gruppo/{dora}/confirm", {"note": "x"}).text.casefold()
    people.withdraw("dora")  # by the link that the letter has
    assert state_of(people, "dora") == ""


def test_who_withdraws_on_request_is_erased_and_asked_about_once_more(people: Crowd, eva: Keeper) -> None:
    ada = id_of(people, "ada")
    asked = eva.post(f"{HERE}gruppo/{ada}/withdraw", {"state": "waiting", "text": "ada@"})
    assert "ada@example.org" in asked.text
    assert state_of(people, "ada") == State.KEPT
    done = eva.post(f"{HERE}gruppo/{ada}/withdraw", eva.hidden(asked))
    assert "è cancellata" in done.text
    assert names(done.text) == ["bea", "cleo"], "whoever was looked for is gone, and the name with them"
    assert 'value="ada@"' not in done.text
    assert state_of(people, "ada") == ""
    assert "Ritirate: 1" in done.text
    people.now[0] += timedelta(minutes=6)
    assert eva.post(f"{HERE}gruppo/{id_of(people, 'bea')}/withdraw").status_code == 403  # a fresh proof
    assert eva.post(f"{HERE}gruppo/{ada}/resend").status_code == 404


def test_a_place_is_offered_out_of_turn_and_the_page_says_whom_that_passes_over(people: Crowd, eva: Keeper) -> None:
    cleo = id_of(people, "cleo")
    asked = eva.post(f"{HERE}gruppo/{cleo}/offer", {"state": "waiting"})
    assert "Salti una persona che aspetta da più tempo." in asked.text
    assert "ne dai uno in più di quelli che ci sono." in asked.text
    assert "cambiato" not in asked.text
    done = eva.post(f"{HERE}gruppo/{cleo}/offer", eva.hidden(asked))
    assert "Il posto è offerto" in done.text
    assert state_of(people, "cleo") == State.OFFERED
    assert people.press("cleo")[0] == 303
    assert people.counts() == {"kept": 2, "pending": 1, "waiting": 1}
    assert people.jobs() == 0  # and nobody else gets one of it
    assert "non aspetta più" in eva.post(f"{HERE}gruppo/{cleo}/offer", {"sure": "yes"}).text


def test_one_place_is_not_offered_to_two_by_two_who_were_both_told_that_it_is_free(people: Crowd, eva: Keeper) -> None:
    people.withdraw("ada")
    where = {name: f"{HERE}gruppo/{id_of(people, name)}/offer" for name in ("bea", "cleo")}
    asked = {name: eva.post(address, {"state": "waiting"}) for name, address in where.items()}
    assert not any("in più di quelli" in page.text for page in asked.values())
    assert "Il posto è offerto" in eva.post(where["bea"], eva.hidden(asked["bea"])).text
    again = eva.post(where["cleo"], eva.hidden(asked["cleo"]))
    assert "ne dai uno in più" in again.text
    assert "È cambiato da quando te l’abbiamo chiesto." in again.text
    assert state_of(people, "cleo") == State.WAITING
    assert "Il posto è offerto" in eva.post(where["cleo"], eva.hidden(again)).text


def test_two_who_were_both_told_of_one_place_more_than_there_are_make_one(people: Crowd, eva: Keeper) -> None:
    where = {name: f"{HERE}gruppo/{id_of(people, name)}/offer" for name in ("cleo", "bea")}
    asked = {name: eva.post(address, {"state": "waiting"}) for name, address in where.items()}
    assert all("ne dai uno in più" in page.text for page in asked.values())
    assert "Il posto è offerto" in eva.post(where["cleo"], eva.hidden(asked["cleo"])).text
    again = eva.post(where["bea"], eva.hidden(asked["bea"]))
    assert "È cambiato da quando te l’abbiamo chiesto." in again.text
    assert "con questo ne dai 2" in again.text
    assert state_of(people, "bea") == State.WAITING
    assert "--beyond" in command(people.service, "offer", "gruppo", id_of(people, "bea"), "--beyond", code=1)
    assert "Il posto è offerto" in eva.post(where["bea"], eva.hidden(again)).text


def test_a_place_that_is_free_while_somebody_waits_is_to_be_decided(people: Crowd, eva: Keeper) -> None:
    assert "Posti liberi" not in eva.get("/desk/").text
    people.withdraw("ada")
    assert "Posti liberi mentre qualcuno aspetta: 1 (Gruppo)" in eva.get("/desk/").text
    assert f'href="{HERE}gruppo"' in eva.get("/desk/").text


def test_the_sheet_has_the_names_in_order_and_no_way_to_reach_them(people: Crowd, eva: Keeper) -> None:
    for name in ("zoe", "Émile", "ida"):
        people.send(name.casefold().replace("é", "e"), "sera")
    for name in ("zoe", "emile", "ida", "dora"):
        people.press(name)
    page = eva.post(f"{HERE}gruppo/sheet", {"session": "sessione=sera"}).text
    assert re.findall(r'<th scope="row">(\w+)</th><td></td>', page) == ["dora", "emile", "ida", "zoe"]
    (head,) = re.findall(r'<thead>\n<tr class="paper-only"><td colspan="3">(.*?)</td>', page)  # on every sheet
    assert re.fullmatch(r"Gruppo · Sera · \w+ .* 20\d\d · http://localhost", head)
    assert "@" not in page.partition("<main")[2]
    assert len(logged(people, "sheet")) == 4
    assert "Nessuna iscrizione" not in page
    people.now[0] += timedelta(minutes=6)
    assert eva.post(f"{HERE}gruppo/sheet").status_code == 403


@pytest.mark.parametrize("marked", [False, True])
def test_the_sheet_that_all_sign_holds_nothing_but_names(people: Crowd, eva: Keeper, *, marked: bool) -> None:
    file = people.service.settings.content / "gruppo.yaml"
    more = ("via, title: Indirizzo di casa", "cf, title: Codice fiscale", "cognome, title: Cognome")
    lines = "".join(f"- {{name: {one}, type: string, form:privacy: personal}}\n" for one in more)
    text = f"{file.read_text(encoding='utf-8')}{lines}"
    for name, token in (("nome", "given-name"), ("cognome", "family-name")) if marked else ():
        text = re.sub(rf"(name: {name}\b.*?)(,|\n ) title:", rf"\1\2 form:autocomplete: {token}\2 title:", text)
    file.write_text(text, encoding="utf-8")
    people.service.watch.load()
    typed = {"via": "Via Po 1", "cf": "PRV", "cognome": "Prova", "sessione": "sera"}
    people.anybody.sign_up(_key=f"{KEY}eli", nome="eli", email="eli@example.org", **typed)
    people.press("eli")
    page = eva.post(f"{HERE}gruppo/sheet", {"session": "sessione=sera"}).text
    assert re.findall(r'<th scope="row">(.*?)</th><td></td>', page) == ["eli, Prova" if marked else "eli"]


def test_the_terminal_does_the_same(people: Crowd) -> None:
    service, dora, cleo = people.service, id_of(people, "dora"), id_of(people, "cleo")
    listed = command(service, "sign-ups", "gruppo", "--state", "pending")
    assert listed.startswith(f"{dora} pending ")
    assert "goes out now" in command(service, "resend", "gruppo", dora)
    assert "--beyond" in command(service, "offer", "gruppo", cleo, code=1)
    assert "A place is offered" in command(service, "offer", "gruppo", cleo, "--beyond")
    assert "Confirmed; a letter" in command(service, "confirm", "gruppo", dora, "--note", "by telephone")
    assert "confirmed before" in command(service, "confirm", "gruppo", dora, "--note", "by telephone", code=1)
    assert "is erased" in command(service, "withdraw", "gruppo", dora, "--yes")
    assert "no such sign-up" in command(service, "withdraw", "gruppo", dora, "--yes", code=1)
    assert people.counts() == {"kept": 1, "offered": 1, "waiting": 1, "withdrawn": 1}


def test_what_the_disk_does_not_take_is_not_done_and_says_so(
    people: Crowd, eva: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_tombstones: str) -> None:
        raise OSError(28, "No space left on device")

    ada = id_of(people, "ada")
    monkeypatch.setattr(people.service.retention.tombstones, "add", full)
    done = eva.post(f"{HERE}gruppo/{ada}/withdraw", {"sure": "yes"})
    assert (done.status_code, "Il disco ora non accetta niente" in done.text) == (503, True)
    assert state_of(people, "ada") == State.KEPT
