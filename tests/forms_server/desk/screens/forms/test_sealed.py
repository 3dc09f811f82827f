"""Sealed answers at the desk: they go out as they are kept, to whoever may see people's data, and never opened."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import URL

from bacheca.forms.package.formats.package_reader import variables_of
from forms_server.context import Service
from forms_server.crypto.sealing import Keyring, make_key, read_keyring
from forms_server.publishing.sealed_answers import sealed_answers
from forms_server.store import sealed as store_sealed
from tests.forms_server.desk.keeper import keeper
from tests.forms_server.samples import Respondent, link, running, with_property
from tests.web.judges import HERE, PROGRAMS

ASSETS = Path(__file__).parents[5] / "forms_server/desk/assets"
PAGE = "/desk/forms/gruppo/sealed"
NAMES = ["Ada Prova", "Eva Prova", "Ugo Prova"]


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    """The keys of two editors."""
    (tmp_path / "forms").mkdir()
    paths = [tmp_path / f"{name}.txt" for name in ("ada", "eva")]
    for path in paths:
        make_key(path, path.stem, tmp_path / "forms")
    return read_keyring(paths)


@pytest.fixture
def service(
    tmp_path: Path, sqlite_url: URL, now: list[datetime], keys: Keyring, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    """A service with a sealed sign-up that three have confirmed; two responses are given at a time."""
    monkeypatch.setattr(store_sealed, "AT_ONCE", 2)
    with running(tmp_path, sqlite_url, lambda: now[0], seal_signup) as made:
        for number, name in enumerate(NAMES):
            somebody, address = Respondent(made), f"{name.split()[0].lower()}@example.org"
            somebody.sign_up(nome=name, email=address, _key=f"{number}" * 24)
            mail = next(mail for mail in somebody.mails() if mail["To"] == address)
            somebody.post(link(mail, "confirm").partition("?")[0])
        yield made


def seal_signup(form: str) -> str:
    return with_property("form:seal: true")(form) if "form:kind: signup" in form else form


def opened(keys: Keyring, lines: list[list[str]]) -> list[str]:
    return sorted(keys.opened("gruppo", row[0], row[-1])["nome"] for row in lines)


def lines_of(text: str) -> list[list[str]]:
    return [json.loads(line) for line in text.splitlines()[1:]]


def test_a_search_says_what_is_sealed_and_leads_to_where_it_is_opened(service: Service) -> None:
    secretary = keeper(service, "secretary")
    page = secretary.get("/desk/forms/gruppo/?text=ada").text.partition("<main")[2]
    said = "Qui non si è cercato, perché è sigillato: Nome e cognome"
    assert said in page
    assert f'<a href="{PAGE}">«Risposte sigillate» lo apre' in page
    assert "nessuno li ha aperti" not in page
    assert "Apri i dati personali" not in page
    page = keeper(service, "analyst").get("/desk/forms/gruppo/?text=ada").text.partition("<main")[2]
    assert (said in page, "Risposte sigillate" in page) == (True, False)


def test_a_persons_page_leads_to_what_is_sealed_in_the_store_of_others_also_once_the_forms_file_is_gone(
    service: Service, tmp_path: Path
) -> None:
    eva, leads = keeper(service, "secretary"), f'<a href="{PAGE}">Gruppo</a>'
    assert leads in eva.post("/desk/people/find", {"address": "ada@example.org"}).text
    (tmp_path / "forms" / "gruppo.yaml").unlink()
    service.watch.load()
    assert "gruppo" not in service.forms
    assert leads in eva.post("/desk/people/find", {"address": "nobody@example.org"}).text
    with service.store.snapshot() as snapshot:
        held = list(snapshot.responses("gruppo", 1))
    for stored in held:
        service.retention.withdraw(stored)
    assert leads not in eva.post("/desk/people/find", {"address": "nobody@example.org"}).text


def test_a_browser_fetches_all_of_it_a_few_at_a_time_and_the_log_says_so(service: Service, keys: Keyring) -> None:
    marta = keeper(service, "secretary")
    begun = marta.post(f"{PAGE}/begin")
    assert not any(name in begun.text for name in NAMES)
    head, rows = json.loads(begun.text.splitlines()[0]), lines_of(begun.text)
    assert head["columns"][:5] == ["response_id", "received_on", "form_version", "language", "channel"]
    while len(rows) < len(NAMES):
        last = {"ticket": head["ticket"], "id": rows[-1][0], "day": rows[-1][1]}
        rows += lines_of(marta.post(f"{PAGE}/more", last).text)
    assert opened(keys, rows) == NAMES
    last = {"ticket": head["ticket"], "id": rows[-1][0], "day": rows[-1][1]}
    assert lines_of(marta.post(f"{PAGE}/more", last).text) == []
    assert opened(keys, lines_of(marta.post(f"{PAGE}/file").text)) == NAMES
    noted = [entry.form for entry in service.store.desk_log.newest(9) if entry.action == "sealed"]
    assert noted == ["gruppo", "gruppo"]


def test_only_whoever_has_just_proved_who_they_are_begins(service: Service, now: list[datetime]) -> None:
    marta, other = keeper(service, "secretary"), keeper(service, "secretary", "other@example.org")
    head, row = map(json.loads, marta.post(f"{PAGE}/begin").text.splitlines()[:2])
    last = {"ticket": head["ticket"], "id": row[0], "day": row[1]}
    assert other.post(f"{PAGE}/more", last).status_code == 403
    assert marta.post(f"{PAGE}/more", last | {"ticket": head["ticket"][:-1] + "_"}).status_code == 403
    assert marta.post(f"{PAGE}/more", last | {"day": "soon"}).status_code == 403
    now[0] += timedelta(minutes=10)
    assert marta.post(f"{PAGE}/begin").status_code == marta.post(f"{PAGE}/file").status_code == 403
    assert marta.post(f"{PAGE}/more", last).status_code == 200
    now[0] += timedelta(minutes=60)
    assert marta.post(f"{PAGE}/more", last).status_code == 403


def test_the_page_says_the_words_of_the_codes_and_may_ask_the_desk_alone(service: Service) -> None:
    page = keeper(service, "secretary").get(PAGE)
    assert page.headers["Content-Security-Policy"].endswith("; connect-src 'self'")
    assert not any(name in page.text for name in NAMES)
    found = re.search(r'data-variables="([^"]+)"', page.text)
    assert found
    consent = next(one for one in json.loads(unescape(found[1])) if one["name"] == "consenso")
    assert consent["labels"] == {"true": "Sì", "false": "No", "": "No"}
    assert not re.search(r'<(?:input|textarea)[^>]*\sname="(?!credential)', page.text), "a form could send the key"


def test_a_form_that_seals_nothing_has_no_such_page(service: Service) -> None:
    marta = keeper(service, "secretary")
    assert marta.get("/desk/forms/sondaggio/sealed").status_code == marta.post(f"{PAGE}o/begin").status_code == 404
    assert PAGE in marta.get("/desk/forms/gruppo/").text
    assert PAGE not in keeper(service, "analyst").get("/desk/forms/gruppo/").text


def test_what_a_version_did_not_ask_says_so(service: Service, tmp_path: Path, sqlite_url: URL) -> None:
    def edit(form: str) -> str:
        return seal_signup(form) + "- {name: nuovo, title: Nuovo, type: string}\n"

    with running(tmp_path, sqlite_url, lambda: datetime.now(UTC), edit) as later:
        answers = sealed_answers(later.store, later.secret, "gruppo")
        assert answers
        added = ["response_id__reference", "consenso__given_on"]
        assert [variable.name for variable in variables_of(answers.versions)] + added == list(answers.columns)
        rows = lines_of("".join(answers.lines()))
    assert [row[answers.columns.index("nuovo")] for row in rows] == ["not-asked"] * len(NAMES)
    assert {row[answers.columns.index("consenso")] for row in rows} == {"true"}


ENGLISH = """\
title: Group
fields:
- {name: nome, title: Name}
- {name: email, title: Address}
- {name: sede, title: Where, categories: [{value: nord, label: North}, {value: sud, label: South}]}
- {name: giorni, title: Days, categories: [{value: lu, label: Monday}, {value: ma, label: Tuesday}]}
- {name: consenso, title: I agree, form:notice: You may write to me.}
"""
ASKED = """\
- {name: sede, title: Sede, type: string, categories: [{value: nord, label: Nord}, {value: sud, label: Sud}]}
- {name: giorni, title: Giorni, type: list, categories: [{value: lu, label: Lunedì}, {value: ma, label: Martedì}]}
"""


def test_columns_are_called_in_the_readers_language_where_the_form_speaks_it(
    tmp_path: Path, sqlite_url: URL, service: Service
) -> None:
    def edit(form: str) -> str:
        return seal_signup(form).replace("- name: consenso", f"{ASKED}- name: consenso")

    (tmp_path / "forms" / "gruppo.en.yaml").write_text(ENGLISH, "utf-8")
    with running(tmp_path, sqlite_url, lambda: datetime.now(UTC), edit) as later:
        marta = keeper(later, "secretary")
        said = {}
        for language in ("en", "it", "fr"):
            found = re.search(r'data-variables="([^"]+)"', marta.get(f"{PAGE}?lang={language}").text)
            assert found
            said[language] = {one["name"]: one for one in json.loads(unescape(found[1]))}
    assert {name: one["title"] for name, one in said["en"].items()} == {
        "response_id__reference": "Reference",
        "response_id": "Response",
        "received_on": "Received on",
        "form_version": "Version of the form",
        "language": "Language",
        "channel": "Channel",
        "nome": "Name",
        "email": "Address",
        "sede": "Where",
        "giorni__lu": "Days – Monday",
        "giorni__ma": "Days – Tuesday",
        "consenso": "I agree",
        "consenso__given_on": "I agree – given on",
    }
    assert said["en"]["sede"]["labels"] == {"nord": "North", "sud": "South"}
    assert said["en"]["consenso"]["labels"] == {"true": "Yes", "false": "No", "": "No"}
    assert said["fr"] == said["it"]
    assert said["it"]["giorni__lu"]["title"] == "Giorni – Lunedì"


@pytest.mark.skipif(not (PROGRAMS / "age-encryption").is_dir(), reason="npm ci --prefix tests/web installs it")
def test_the_library_is_what_its_packages_make_with_their_licences(tmp_path: Path) -> None:
    subprocess.run(["node", HERE / "age.mjs", tmp_path], check=True, capture_output=True)
    for name in ("age.min.js", "age.LICENSE.txt"):
        assert (tmp_path / name).read_bytes() == (ASSETS / name).read_bytes(), f"node tests/web/age.mjs {ASSETS}"


def test_the_library_names_its_version_and_runs_no_other_code() -> None:
    library = (ASSETS / "age.min.js").read_text(encoding="utf-8")
    pinned = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["devDependencies"]["age-encryption"]
    assert library.startswith(f"/*! age-encryption {pinned}, ")
    assert f"age-encryption {pinned}\n" in (ASSETS / "age.LICENSE.txt").read_text(encoding="utf-8")
    assert not re.search(r"WebAssembly|\beval\(|new Function|fetch\(|XMLHttpRequest|https?://", library)
