"""The answers to a form at the desk: in words, narrowed and paged, and what is personal only once it is opened."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
import yaml

from bacheca.forms.definition.form import form_of
from forms_server.app import make_service
from forms_server.context import Service
from forms_server.publishing.answers import Answers, Said, Shown
from forms_server.store import FormVersion, StoredResponse
from forms_server.store.browse import Wanted
from forms_server.store.lifecycle import State
from tests.forms_server.desk.keeper import Keeper, keeper
from tests.forms_server.samples import Respondent
from tests.forms_server.test_posting import KEY, SIGNUP, SURVEY

SURVEYED, SIGNED = "/desk/forms/sondaggio/", "/desk/forms/gruppo/"


def main_of(text: str) -> str:
    """Give what stands on a page beside its rail."""
    return text.partition("<main")[2]


def cells(somebody: Keeper, where: str) -> list[list[str]]:
    """Give the rows of the table of a page, without the day and the reference."""
    rows = re.findall(r"<tr><td.*?</tr>", somebody.get(where).text, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)][1:]
        for row in rows
    ]


@pytest.fixture
def answered(service: Service, now: list[datetime]) -> Service:
    """A service with answers of two days."""
    ada = Respondent(service)
    ada.answer_survey(_key=KEY + "a", luogo="casa", commento="Perché sì")
    ada.sign_up()
    now[0] += timedelta(days=1)
    ada.answer_survey(_key=KEY + "b", luogo="ufficio", commento="Mai detto")
    return service


def test_answers_stand_there_in_words_the_newest_first(answered: Service) -> None:
    ada = keeper(answered, "analyst")
    assert cells(ada, SURVEYED) == [["Ufficio", "Mai detto"], ["Casa", "Perché sì"]]
    listed = ada.get("/desk/forms/").text
    assert f'href="{SURVEYED}"' in listed
    assert f'href="{SIGNED}"' in listed


ASKED: list[tuple[str, list[list[str]]]] = [
    ("is-luogo=casa", [["Casa", "Perché sì"]]),
    ("text=PERCHE", [["Casa", "Perché sì"]]),
    ("text=ufficio", []),  # a code is no word of theirs
    ("from=2026-11-24", [["Ufficio", "Mai detto"]]),
    ("to=2026-11-23&text=si", [["Casa", "Perché sì"]]),
    ("columns=commento&columns=nobody", [["Mai detto"], ["Perché sì"]]),
    ("state=quarantined", []),
    ("is-luogo=marte&from=x&state=y&after=2026-11-24.%00&seen=-1&columns=commento", [["Mai detto"], ["Perché sì"]]),
]  # fmt: skip
"""What is asked of the survey, and the rows of the table."""


def test_what_was_asked_stands_in_the_address(answered: Service) -> None:
    ada = keeper(answered, "analyst")
    assert [(asked, cells(ada, f"{SURVEYED}?{asked}")) for asked, _ in ASKED] == ASKED
    assert ">1 risposta trovata. Guardate tutte: 2 risposte.<" in ada.get(f"{SURVEYED}?is-luogo=casa").text


def test_page_follows_on_page_and_a_search_says_how_far_it_came(
    service: Service, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_server.store.browse.Browse.page.__kwdefaults__", {"size": 3, "most": 4})
    eva, ada = Respondent(service), keeper(service, "analyst")
    for number in range(5):
        eva.answer_survey(_key=f"{KEY}{number}", commento=f"Frase {number}")
    first = ada.get(SURVEYED).text
    onward = re.search(r'href="([^"]+after=[^"]+)"', first)
    assert onward
    second = onward[1].replace("&amp;", "&")
    assert len(cells(ada, second)) == 2
    assert "4–5" in ada.get(second).text
    back = re.search(r'href="([^"]+before=[^"]+)"', ada.get(second).text)
    assert back
    assert cells(ada, back[1].replace("&amp;", "&")) == cells(ada, SURVEYED)
    assert "1–3" in ada.get(back[1].replace("&amp;", "&")).text
    assert "Pagina precedente" not in first
    personal = keeper(service, "secretary").post(f"{SURVEYED}open", dict(parse_qsl(second.partition("?")[2]))).text
    assert 'name="before"' in personal
    page = ada.get(f"{SURVEYED}?text=niente").text
    assert 'role="status" tabindex="-1" autofocus>Guardate finora 4 risposte. Nessuna corrisponde;' in page
    assert "Continua a cercare" in page
    assert "seen=4" in page
    assert "trovat" not in main_of(ada.get(f"{SURVEYED}?text=frase").text)  # of which only a part is known


def test_an_answer_is_found_by_the_reference_of_its_receipt(answered: Service) -> None:
    ada = keeper(answered, "analyst")
    (stored, *_) = answered.store.browse.page("sondaggio", Wanted(text="perche", columns=("commento",))).responses
    reference = answered.secret.named("sondaggio", stored.secret_id).reference(stored.token_hash)
    for typed in (reference, f" {reference.lower().replace('-', ' ')} ", reference.replace("0", "O").replace("1", "l")):
        found = ada.get(f"{SURVEYED}?{urlencode({'text': typed})}")
        assert found.headers.get("Location", "").endswith(f"{SURVEYED}{stored.response_id}"), typed
    assert ada.get(f"{SURVEYED}?text=0000-0000").status_code == 200
    assert ada.get(f"{SURVEYED}?text={reference}&from=2026-11-24").status_code == 200
    assert answered.secret.is_reference("sondaggio", "casadama") is None


def test_what_is_personal_is_opened_by_a_post_that_the_log_tells_of(answered: Service) -> None:
    secretary, analyst = keeper(answered, "secretary"), keeper(answered, "analyst")
    for somebody in (secretary, analyst):
        for asked in ("", "?columns=nome&columns=email", "?text=ada", "?state=pending"):
            page = main_of(somebody.get(SIGNED + asked).text)
            assert "ada.prova" not in page
            assert "Ada Prova" not in page
    assert "Nome e cognome, E-mail" in analyst.get(SIGNED).text
    unsearched = "Qui non si è cercato, perché nessuno li ha aperti: Nome e cognome, E-mail."
    for somebody, offered in ((secretary, True), (analyst, False)):
        page = main_of(somebody.get(f"{SIGNED}?text=ada&state=pending").text)
        assert (unsearched in page, "Apri i dati personali e cerca anche lì" in page) == (True, offered)
        assert unsearched not in main_of(somebody.get(f"{SIGNED}?state=pending").text)
    assert unsearched not in main_of(secretary.post(f"{SIGNED}open", {"text": "nobody"}).text)
    assert "Apri i dati personali" not in main_of(analyst.get(SIGNED).text)
    assert answered.store.desk_log.of_response(only(answered)) == []
    opened = secretary.post(f"{SIGNED}open", {"state": "pending", "text": "prova"})
    assert "ada.prova@example.org" in opened.text
    assert f'<form method="post" action="{SIGNED}{only(answered)}">' in opened.text  # which leads to one that is open
    assert [entry.action for entry in answered.store.desk_log.of_response(only(answered))] == ["open"]
    assert "prova" not in " ".join(map(str, answered.store.desk_log.of_response(only(answered)))).casefold()
    found = secretary.post(f"{SURVEYED}open", {"text": "ada.prova@example.org", "is-luogo": "casa"})
    searched = next(entry for entry in answered.store.desk_log.newest(9) if entry.form == "sondaggio")
    assert (searched.action, searched.response_id) == ("open", None)  # whoever is not there was looked for, too
    assert f'<a href="{SURVEYED}?is-luogo=casa">Chiudile' in found.text


def test_own_words_are_redacted_until_whoever_may_opens_them(service: Service) -> None:
    Respondent(service).answer_survey(_key=KEY + "a", commento="Scrivete a ADA.PROVA@example.org, grazie")
    analyst, secretary = keeper(service, "analyst"), keeper(service, "secretary")
    assert cells(analyst, SURVEYED) == cells(analyst, f"{SURVEYED}?text=grazie")
    assert cells(analyst, SURVEYED)[0][1] == "Scrivete a […], grazie"
    assert cells(analyst, f"{SURVEYED}?text=ada.prova") == []
    one = SURVEYED + service.store.browse.page("sondaggio", Wanted()).responses[0].response_id
    for where in (SURVEYED, one):
        assert "ADA.PROVA" not in analyst.get(where).text
        assert "Nelle parole delle persone" in analyst.get(where).text
        assert "ADA.PROVA" not in secretary.get(where).text
        assert "Apri i dati personali" in secretary.get(where).text
    assert cells(secretary, f"{SURVEYED}?text=ada.prova") == []
    for somebody, offered in ((secretary, True), (analyst, False)):
        page = main_of(somebody.get(f"{SURVEYED}?text=ada.prova").text)
        assert ("e lì non si è cercato" in page, "Apri i dati personali e cerca anche lì" in page) == (True, offered)
        assert "e lì non si è cercato" in main_of(somebody.get(f"{SURVEYED}?text=grazie").text)
        assert "e lì non si è cercato" not in main_of(somebody.get(SURVEYED).text)
    assert not any(entry.action == "open" for entry in service.store.desk_log.newest(9))
    for where in (one, f"{SURVEYED}open"):
        assert "ADA.PROVA" in secretary.post(where, {"text": "ada.prova"}).text
    assert sum(entry.action == "open" for entry in service.store.desk_log.newest(9)) == 2
    assert "e lì non si è cercato" not in main_of(secretary.post(f"{SURVEYED}open", {"text": "niente"}).text)


def test_one_answer_stands_there_whole_and_is_opened_alike(answered: Service) -> None:
    secretary, where = keeper(answered, "secretary"), SIGNED + only(answered)
    page = main_of(secretary.get(where).text)
    assert "Nome e cognome" in page
    assert "Ada Prova" not in page
    opened = secretary.post(where)
    assert "Ada Prova" in opened.text
    assert len(answered.store.desk_log.of_response(only(answered))) == 1
    other = secretary.get(f"{SURVEYED}{only(answered)}")  # of another form
    assert (other.status_code, "Torna all’elenco" in other.text) == (404, True)
    assert secretary.get("/desk/forms/nobody/").status_code == secretary.get(f"{SIGNED}x").status_code == 404


def test_a_form_whose_file_is_gone_leads_to_what_is_there_alone(answered: Service) -> None:
    (answered.settings.content / "gruppo.yaml").unlink()
    left = make_service(answered.settings, answered.intake.now)
    eva = keeper(left, "administrator")
    assert "Moduli passati: 1" in main_of(eva.get("/desk/").text)
    assert "1 da confermare" in main_of(eva.get("/desk/").text).partition("<details")[2]
    assert eva.get("/desk/sign-ups/gruppo").headers["Location"] == SIGNED
    listed = eva.get(f"{SIGNED}?state=pending").text
    assert "non c’è più" in listed
    assert only(left) in listed
    assert "ada.prova@example.org" in eva.post(f"{SIGNED}open", {"state": "pending"}).text
    for page in ("/desk/", "/desk/forms/", SIGNED):
        links = set(re.findall(r'href="(/desk/(?:forms|sign-ups)/gruppo[^"]*)"', main_of(eva.get(page).text)))
        assert links >= {SIGNED, f"{SIGNED}downloads/"}
        assert {link: eva.get(link).status_code for link in links} == dict.fromkeys(links, 200)
    left.store.close()


def only(service: Service) -> str:
    """Give the id of the only sign-up."""
    with service.store.snapshot() as snapshot:
        assert sum(snapshot.counts("gruppo").values()) == 1
    page = service.store.browse.page("gruppo", Wanted(State.PENDING))
    return page.responses[0].response_id


def test_sealed_answers_say_so_and_a_promise_of_one_version_holds_for_all() -> None:
    entry = yaml.safe_load(SIGNUP)
    sealed = form_of(entry | {"form:seal": True}, {})
    loose = form_of(entry | {"fields": [{**field, "form:privacy": "public"} for field in entry["fields"]]}, {})
    stored = StoredResponse("a", "gruppo", sealed.version, 1, "it", "web", date.min, "kept", {}, "", "", sealed="x")
    answers = Answers(sealed, [])
    assert [answers.said(stored, name, "it", opened=True) for name in ("nome", "email")] == [Said(Shown.SEALED)] * 2
    assert answers.closed == []
    assert "email" in Answers(loose, []).personal  # whatever the file says, an address tells whose it is
    both = Answers(
        form_of(entry, {}), [FormVersion("gruppo", loose.version, 1, 1, json.dumps(loose.source()), date.min)]
    )
    earlier = replace(stored, version=loose.version, sealed=None, answers={"nome": "Ada"})
    assert both.said(earlier, "nome", "de", opened=False) == Said(Shown.HIDDEN)
    assert both.said(earlier, "nome", "de", opened=True) == Said(Shown.SAID, "Ada")


def test_what_a_version_did_not_ask_is_not_asked() -> None:
    entry = yaml.safe_load(SURVEY)
    short, whole = form_of(entry | {"fields": entry["fields"][:1]}, {}), form_of(entry, {})
    answers = Answers(short, [FormVersion("sondaggio", whole.version, 1, 1, json.dumps(whole.source()), date.min)])
    stored = StoredResponse("a", "sondaggio", short.version, 1, "it", "web", date.min, "kept", {"luogo": ""}, "", "")
    assert list(answers.fields) == ["luogo", "commento"]
    shown = [answers.said(stored, name, "it", opened=False).shown for name in answers.fields]
    assert shown == [Shown.NOTHING, Shown.NOT_ASKED]
