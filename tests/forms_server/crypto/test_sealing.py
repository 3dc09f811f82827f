"""What is sealed opens with an editor's key and with nothing that the service has.

One life: a sealed response from its form to its export, and everything on the way that must not see it.
"""

from __future__ import annotations

import csv
import json
import re
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL, text

from bacheca.forms import Response, limits, load_form
from bacheca.forms.published import RECIPIENTS
from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.crypto.sealing import (
    BLOCK,
    LONG,
    Keyring,
    Recipients,
    make_key,
    put_away,
    read_keyring,
    read_recipients,
    require_keys,
    reseal,
    room_of,
)
from forms_server.database.engine import Work, make_engine
from forms_server.database.tables import corrections, metadata, responses
from forms_server.errors import FormsRefused, SealProblem, SettingsProblem
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.publishing.answers import Answers, Said, Shown
from forms_server.publishing.export import export_forms, verify_packages
from forms_server.publishing.opened_packages import is_opened
from forms_server.publishing.quotations import quotable_fields
from forms_server.store import StoredResponse
from tests.flushes import flushes
from tests.forms_server.desk.keeper import keeper
from tests.forms_server.samples import ADA, Respondent, link, running, with_property
from tests.forms_server.store.test_store import rows
from tests.forms_server.stored import beside
from tests.forms_server.test_posting import KEY, SIGNUP

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PERSONAL = ("Ada Prova", "ada.prova", "example.org")


@pytest.fixture
def keys(tmp_path: Path) -> list[Path]:
    """The secret keys of two editors, whose public parts are among the recipients."""
    (tmp_path / "forms").mkdir()
    paths = [tmp_path / f"{name}.txt" for name in ("ada", "eva")]
    for path in paths:
        make_key(path, path.stem, tmp_path / "forms")
    return paths


def seal_signup(form: str) -> str:
    return with_property("form:seal: true")(form) if "form:kind: signup" in form else form


@pytest.fixture
def service(tmp_path: Path, database_url: URL, keys: list[Path]) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: NOW, seal_signup) as made:
        yield made


@pytest.fixture
def ada(service: Service) -> Respondent:
    return Respondent(service)


def everything(url: URL) -> str:
    """Give all rows of all tables, as a thief of the database would have them."""
    engine = make_engine(url)
    with engine.connect() as connection:
        tables = ("responses", "outbox", "consents", "links", "corrections", "audit", "received", "tombstones")
        rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables]
    engine.dispose()
    return repr(rows)


def stored(service: Service, name: str = "gruppo") -> StoredResponse:
    (found,) = service.store.subject_access.find(lambda response: response.form == name)
    return found.stored


def packaged(service: Service, folder: Path, keys: Keyring | None = None) -> list[dict[str, str]]:
    list(export_forms(service.store, ("gruppo",), folder, NOW, keys=keys))
    with (folder / "packages" / "gruppo" / "responses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_once_the_mail_is_sent_nothing_in_the_database_tells_who_it_is(
    service: Service, ada: Respondent, database_url: URL
) -> None:
    ada.sign_up()
    waiting = everything(database_url)
    assert "ada.prova@example.org" in waiting  # in the outbox, and there alone
    assert waiting.count("ada.prova@example.org") == 1
    (mail,) = ada.mails()
    ada.post(link(mail, "confirm"))
    assert not [said for said in PERSONAL if said in everything(database_url)]
    if database_url.get_backend_name() == "sqlite":
        service.store.wipe()
        data = b"".join(path.read_bytes() for path in Path(database_url.database or "").parent.glob("forms.db*"))
        assert not [said for said in PERSONAL if said.encode() in data]
    assert stored(service).answers["consenso"] == "true"


def test_either_key_opens_everything_and_another_opens_nothing(
    service: Service, ada: Respondent, keys: list[Path], tmp_path: Path
) -> None:
    ada.sign_up()
    for path in keys:
        cells = read_keyring([path]).cells(stored(service))
        assert (cells["nome"], cells["email"], cells["consenso"]) == ("Ada Prova", "ada.prova@example.org", "true")
    make_key(tmp_path / "third.txt", "terza", tmp_path)
    with pytest.raises(SealProblem, match="none of these keys opens"):
        read_keyring([tmp_path / "third.txt"]).cells(stored(service))


def test_what_is_sealed_for_one_response_opens_for_no_other_and_broken_opens_for_none(
    service: Service, ada: Respondent, keys: list[Path]
) -> None:
    ada.sign_up()
    ring, mine = read_keyring(keys), stored(service)
    with pytest.raises(SealProblem, match="belongs to another"):
        ring.cells(replace(mine, response_id="0" * 32))
    for broken in ("", "!", mine.sealed[:-8] if mine.sealed else "", "QUFB" + (mine.sealed or "")[4:]):
        with pytest.raises(SealProblem, match="none of these keys opens"):
            ring.cells(replace(mine, sealed=broken))


def test_what_cannot_be_opened_says_which_response_it_is_and_of_which_form(keys: list[Path], tmp_path: Path) -> None:
    mine, other = "a" * 32, "b" * 32
    recipients, ring = read_recipients(tmp_path / "forms"), read_keyring(keys[:1])
    sealed = recipients.seal(mine, {"nome": "Àda"})
    assert ring.opened("gruppo", mine, sealed) == {"nome": "Àda"}
    assert Keyring().opened("gruppo", mine, None) == {}
    with pytest.raises(SealProblem, match=f"^gruppo: none of these keys opens the response {mine}. Try another"):
        Keyring().opened("gruppo", mine, sealed)
    with pytest.raises(SealProblem, match=f"^gruppo: what is sealed in {other} belongs to another response.$"):
        ring.opened("gruppo", other, sealed)
    kept = StoredResponse(
        mine, "gruppo", "v1", 1, "it", "web", date(2026, 11, 23), "kept", {"consenso": "true"}, "", "", sealed=sealed
    )
    assert ring.cells(kept) == {"consenso": "true", "nome": "Àda"}
    with pytest.raises(SealProblem, match=r"^gruppo: none of these keys opens"):
        Keyring().cells(kept)


def test_too_few_keys_are_counted_where_something_is_to_be_sealed(tmp_path: Path) -> None:
    (tmp_path / "gruppo.yaml").write_text(seal_signup(SIGNUP), encoding="utf-8")
    (tmp_path / "altro.yaml").write_text(seal_signup(SIGNUP).replace("gruppo", "altro"), encoding="utf-8")
    forms = [load_form(tmp_path / f"{name}.yaml") for name in ("gruppo", "altro")]
    one, two = Recipients(("x",)), Recipients(("x", "y"))
    require_keys(tmp_path, two, forms)
    require_keys(tmp_path, Recipients(), [])
    with pytest.raises(SettingsProblem, match=f"^{tmp_path / RECIPIENTS}: gruppo, altro is sealed .* here are 1; run"):
        require_keys(tmp_path, one, forms)
    with pytest.raises(SealProblem, match=r"^gruppo is sealed, and there are 1 keys to seal it to.$"):
        put_away(forms[0], one, "a" * 32, {})
    with pytest.raises(SealProblem, match=r"^There are 1 keys to seal to: 2 or more are needed.$"):
        reseal(None, Keyring(), one)  # type: ignore[arg-type]


def length(sealed: str, ring: Keyring) -> int:
    return len(pyrage.decrypt(b64decode(sealed), list(ring.identities)))


def test_the_length_of_what_is_sealed_tells_little(keys: list[Path], tmp_path: Path) -> None:
    recipients, ring = read_recipients(tmp_path / "forms"), read_keyring(keys)

    def lengths(*written: int) -> set[int]:
        return {length(recipients.seal("a" * 32, {"nome": "x" * count}, 3 * BLOCK), ring) for count in written}

    assert lengths(0, 1, 5, 50, 150, 2 * BLOCK) == {3 * BLOCK}
    assert lengths(3 * BLOCK, 5 * BLOCK) == {6 * BLOCK}


def test_what_is_sealed_of_a_form_has_room_for_its_longest_answers_up_to_a_limit(tmp_path: Path) -> None:
    def room(text: str) -> int:
        (tmp_path / "gruppo.yaml").write_text(text, "utf-8")
        return room_of(load_form(tmp_path / "gruppo.yaml"))

    sign_up = seal_signup(SIGNUP)
    whole = json.dumps({"response": "0" * 32, "cells": {"email": "x" * limits.EMAIL, "nome": "x" * limits.LINE}})
    assert room(sign_up) == -len(whole) // BLOCK * -BLOCK
    assert room(sign_up.replace("{required: true}", "{required: true, maxLength: 9000}", 1)) == LONG
    assert room(SIGNUP) == BLOCK


def test_the_export_leaves_sealed_columns_out_unless_a_key_is_there(
    service: Service, ada: Respondent, keys: list[Path], tmp_path: Path
) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    ada.post(link(mail, "confirm"))
    (row,) = packaged(service, tmp_path)
    assert "nome" not in row
    assert "email" not in row
    assert row["consenso"] == "true"
    codebook = (tmp_path / "packages" / "gruppo" / "codebook.csv").read_text(encoding="utf-8")
    assert "E-mail" not in codebook
    (row,) = packaged(service, tmp_path, read_keyring([keys[1]]))
    assert (row["nome"], row["email"]) == ("Ada Prova", "ada.prova@example.org")
    assert row["form_version"] == service.forms["gruppo"].form.version
    make_key(tmp_path / "third.txt", "terza", tmp_path)
    third = read_keyring([tmp_path / "third.txt"])
    (done,) = export_forms(service.store, ("gruppo",), tmp_path / "new", NOW, keys=third)
    assert "none of these keys opens" in done.failed
    assert not list((tmp_path / "new").rglob("*.csv"))


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_pages_say_that_it_is_sealed_and_show_nothing_of_it(
    service: Service, ada: Respondent, language: str
) -> None:
    receipt = ada.sign_up()
    (mail,) = ada.mails()
    for where in (receipt, f"{receipt}/correct", link(mail, "confirm").partition("?")[0]):
        page = ada.browser.get(f"{where}?lang={language}").text
        assert not [said for said in (*PERSONAL, "•••") if said in page], where
    assert re.search("sigillato|sealed", ada.browser.get(f"{receipt}?lang={language}").text)


def test_a_correction_is_sealed_again_and_the_same_address_needs_no_new_confirmation(
    service: Service, ada: Respondent, keys: list[Path], database_url: URL
) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    receipt = ada.post(link(mail, "confirm")).partition("?")[0]
    before = stored(service).sealed
    page = ada.browser.post(f"{receipt}/correct", data={"_lang": "it", "consenso": "true"}).text
    assert "Rispondi a «Nome e cognome»" in page
    assert stored(service).sealed == before
    ada.post(f"{receipt}/correct", {**ADA, "nome": "Ada Nuova"})
    assert stored(service).sealed != before
    assert read_keyring(keys).cells(stored(service))["nome"] == "Ada Nuova"
    assert stored(service).state == "kept"
    assert "Ada Nuova" not in everything(database_url)


def test_the_same_post_twice_is_one_response_and_guesses_cannot_be_tried_on_its_hash(
    service: Service, ada: Respondent, database_url: URL
) -> None:
    assert ada.sign_up() == ada.sign_up()
    assert service.store.counts("gruppo") == {"pending": 1}
    other = ada.browser.post("/forms/gruppo", data=ADA | {"nome": "Eva"}, headers={"Origin": "http://localhost"})
    assert other.status_code == 409
    cells = {"nome": "Ada Prova", "email": "ada.prova@example.org", **stored(service).answers}
    form = service.forms["gruppo"].form
    guess = Response(form.name, form.version, "it", {c.name: cells[c.name] for c in form.columns}, ()).content_hash
    kept, secret = stored(service), service.secret
    with_the_key = secret.shared_hash(form.name, guess), secret.content_hash(form.name, kept.token_hash, guess)
    assert kept.content_hash not in (guess, *with_the_key)
    assert kept.content_hash == secret.content_hash(form.name, secret.receipt_token(form.name, KEY), guess)


def test_a_lost_key_is_replaced_with_the_other_one_and_opens_nothing_any_more(
    service: Service, ada: Respondent, keys: list[Path], tmp_path: Path
) -> None:
    ada.sign_up()
    content = service.settings.content
    lines = (content / RECIPIENTS).read_text(encoding="utf-8").splitlines(keepends=True)
    (content / RECIPIENTS).write_text(lines[1], encoding="utf-8")  # Ada's is lost
    with pytest.raises(SealProblem, match="1 keys to seal to"):
        reseal(service.store, read_keyring([keys[1]]), read_recipients(content))
    make_key(tmp_path / "ida.txt", "Ida", content)
    recipients = read_recipients(content)
    with pytest.raises(SealProblem, match="none of these keys opens"):
        reseal(service.store, read_keyring([tmp_path / "ida.txt"]), recipients)
    before = service.store.seals.counts()
    assert sum(before.values()) == 1
    assert recipients.mark not in before
    assert reseal(service.store, read_keyring([keys[1]]), recipients) == 1
    assert reseal(service.store, read_keyring([keys[1]]), recipients) == 0
    assert service.store.seals.counts() == {recipients.mark: 1}
    assert read_keyring([tmp_path / "ida.txt"]).cells(stored(service))["nome"] == "Ada Prova"
    with pytest.raises(SealProblem):
        read_keyring([keys[0]]).cells(stored(service))


def test_many_are_resealed_and_one_corrected_meanwhile_is_left_as_corrected(
    service: Service, ada: Respondent, keys: list[Path], tmp_path: Path
) -> None:
    for number in range(3):
        ada.sign_up(_key=f"{ADA['_key']}{number}", email=f"ada{number}@example.org")
    old = service.store.seals.sealed_otherwise("", "")
    make_key(tmp_path / "ida.txt", "Ida", service.settings.content)
    recipients = read_recipients(service.settings.content)
    with pytest.raises(SealProblem, match=r"^gruppo: none of these keys opens the response"):
        reseal(service.store, Keyring(), recipients)
    assert reseal(service.store, read_keyring(keys), recipients) == 3
    assert not service.store.seals.renew(old[0], "x", recipients.mark, {})
    ring = read_keyring([tmp_path / "ida.txt"])
    found = service.store.subject_access.find(lambda response: response.form == "gruppo")
    assert {ring.cells(held.stored)["email"] for held in found} == {f"ada{n}@example.org" for n in range(3)}


SALUTE = """\
- name: salute
  title: Salute
  type: string
  form:privacy: sensitive
  categories: [{value: nessuna, label: Nessuna}, {value: asma-lieve, label: Asma lieve}]
- name: durata
  title: Da quanto?
  type: string
  form:showIf: {field: salute, equals: asma-lieve}
  categories: [{value: poco, label: Poco}, {value: dieci-anni, label: Dieci anni}]
- name: farmaco
  title: Quale farmaco?
  type: string
  form:showIf: {any: [{field: durata, equals: dieci-anni}]}
"""
HEALTH = {"salute": "asma-lieve", "durata": "dieci-anni", "farmaco": "salbutamolo"}


ILLNESS = f"""\
fields:
- {{name: prima, title: Prima, type: boolean}}
{SALUTE}"""


def telling(url: URL, of: Mapping[str, str], ring: Keyring) -> set[str]:
    """Name the columns by which two groups of responses are told apart: of values that some share, not all do both."""
    found = set()
    for table in (table for table in metadata.sorted_tables if "response_id" in table.c):
        kept = [row for row in rows(url, table) if row["response_id"] in of]
        for column in table.c.keys() if kept else ():
            seen: dict[str, list[str]] = {group: [] for group in of.values()}
            for row in kept:
                value = length(str(row["sealed"]), ring) if column == "sealed" else row[column]
                seen[of[str(row["response_id"])]].append(repr(value))
            one, other = map(set, seen.values())
            if one != other and len(one | other) < len(kept):
                found.add(f"{table.name}.{column}")
    return found


def test_no_column_of_the_store_tells_who_answered_alike_to_what_is_sealed(
    tmp_path: Path, database_url: URL, keys: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit(form: str) -> str:
        return form if "signup" in form else form.partition("fields:")[0] + "form:seal: true\n" + ILLNESS

    with running(tmp_path, database_url, lambda: NOW, edit) as service:
        eva, ring, recipients = Respondent(service), read_keyring(keys), read_recipients(service.settings.content)
        run, of = commands_of(service, monkeypatch), dict[str, str]()
        told = {"ill": {**HEALTH, "farmaco": "x" * limits.LINE}, "well": {"salute": "nessuna"}}
        posts = [{"_lang": "it", "_key": f"{KEY}{n}{who}", "prima": "true", **told[who]} for n in "12" for who in told]
        for number, post in enumerate(posts):
            receipt = eva.post("/forms/sondaggio", post).partition("?")[0]
            (new,) = {str(row["response_id"]) for row in rows(database_url, responses)} - of.keys()
            of[new] = [*told][number % 2]
            eva.post(f"{receipt}/correct", post | {"prima": "false"})
        assert telling(database_url, of, ring) == set()
        for held in service.store.subject_access.find(lambda response: response.response_id in of):
            kept, cells = held.stored, ring.cells(held.stored)
            hashed = Response(kept.form, kept.version, "it", cells, ()).content_hash
            hidden = ring.opened(kept.form, kept.response_id, kept.sealed)
            once = recipients.seal(kept.response_id, hidden)
            assert service.store.seals.renew(kept, once, recipients.mark, kept.answers)
            shared = {"content_hash": service.secret.shared_hash(kept.form, hashed)}
            with beside(database_url, Work.WRITE) as connection:
                for table in (responses, corrections):
                    connection.execute(table.update().where(table.c.response_id == kept.response_id).values(shared))
        assert telling(database_url, of, ring) == {
            "responses.sealed",
            "responses.content_hash",
            "corrections.content_hash",
        }
        eva.post("/forms/sondaggio", posts[0] | {"prima": "false"})
        assert "\n4 were sealed by an older version" in run("keys").stdout
        done = [run("reseal", "--identity", keys[0]).stdout for _ in range(2)]
        assert done == [f"{count} responses sealed anew, to 2 keys\n" for count in (4, 0)]
        assert telling(database_url, of, ring) == set()


@pytest.fixture
def caring(tmp_path: Path, sqlite_url: URL, keys: list[Path]) -> Iterator[Service]:
    """A sealed sign-up with a sensitive question, and with some that are asked after it."""

    def edit(form: str) -> str:
        return seal_signup(form).replace("- name: consenso", f"{SALUTE}- name: consenso")

    with running(tmp_path, sqlite_url, lambda: NOW, edit) as made:
        yield made


def open_as_before(service: Service, keys: list[Path], names: Collection[str] = HEALTH) -> None:
    """Put what is sensitive, and what is asked after it, or that alone, beside what is sealed, as it was kept once."""
    kept, recipients = stored(service), read_recipients(service.settings.content)
    cells = dict(read_keyring(keys).opened(kept.form, kept.response_id, kept.sealed))
    readable = {**{name: cells.pop(name) for name in names}, **kept.answers}
    sealed = recipients.seal(kept.response_id, cells)
    assert service.store.seals.renew(kept, sealed, recipients.mark, readable)


def told_of_health(said: str) -> list[str]:
    return [word for item in HEALTH.items() for word in item if word in said]


def test_what_is_sensitive_is_sealed_with_what_is_personal_and_with_what_is_asked_after_it(
    caring: Service, keys: list[Path], sqlite_url: URL, tmp_path: Path
) -> None:
    ada = Respondent(caring)
    ada.sign_up(**HEALTH)
    (mail,) = ada.mails()
    receipt = ada.post(link(mail, "confirm")).partition("?")[0]
    assert not told_of_health(everything(sqlite_url))
    page = ada.browser.get(receipt).text
    assert ("Acconsento" in page, "Salute" in page, "farmaco" in page) == (True, False, False)
    assert HEALTH.items() <= read_keyring(keys[1:]).cells(stored(caring)).items()
    (row,) = packaged(caring, tmp_path)
    assert row.keys().isdisjoint(HEALTH)
    assert not told_of_health((tmp_path / "packages/gruppo/codebook.csv").read_text("utf-8"))
    (row,) = packaged(caring, tmp_path, read_keyring(keys[:1]))
    assert HEALTH.items() <= row.items()
    assert list(verify_packages(tmp_path))
    assert quotable_fields(caring.forms["gruppo"].form) == []


def test_what_was_kept_in_the_clear_stays_readable_until_it_is_resealed_and_is_sealed_once(
    caring: Service, keys: list[Path], sqlite_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, run = Respondent(caring), commands_of(caring, monkeypatch)
    ada.sign_up(**HEALTH)
    (mail,) = ada.mails()
    receipt = ada.post(link(mail, "confirm")).partition("?")[0]
    whole = read_keyring(keys).cells(stored(caring))
    open_as_before(caring, keys)
    before = stored(caring)
    form = caring.forms["gruppo"].form
    answers = Answers(form, caring.store.versions("gruppo"))
    assert answers.said(before, "salute", "it", opened=False) == Said(Shown.HIDDEN)
    assert answers.said(before, "salute", "it", opened=True) == Said(Shown.SAID, "Asma lieve")
    assert answers.said(before, "nome", "it", opened=True) == Said(Shown.SEALED)
    assert "Salute" in ada.browser.get(receipt).text
    (person,) = DataSubjects(caring.retention, caring.secret).find("ada.prova@example.org").held
    assert (person.is_open, person.cells["farmaco"]) == (False, "salbutamolo")
    (row,) = packaged(caring, tmp_path)
    assert row.keys().isdisjoint(HEALTH)
    (row,) = packaged(caring, tmp_path, read_keyring(keys))
    assert HEALTH.items() <= row.items()
    assert read_keyring(keys).cells(before) == whole
    assert "\n1 of them hold in the clear what is sealed today\nRun" in run("keys").stdout
    done = [run("reseal", "--identity", keys[0]).stdout for _ in range(2)]
    assert done == [f"{count} responses sealed anew, to 2 keys\n" for count in (1, 0)]
    assert "in the clear" not in run("keys").stdout
    after = stored(caring)
    assert after.answers.keys().isdisjoint(HEALTH)
    assert not told_of_health(everything(sqlite_url))
    assert read_keyring(keys[1:]).cells(after) == whole
    assert after.content_hash == before.content_hash
    assert "Salute" not in ada.browser.get(receipt).text
    assert answers.said(after, "salute", "it", opened=True) == Said(Shown.SEALED)


def test_the_desk_opens_what_is_in_the_clear_and_never_calls_it_sealed(caring: Service, keys: list[Path]) -> None:
    ada = Respondent(caring)
    ada.sign_up(**HEALTH)
    (mail,) = ada.mails()
    ada.post(link(mail, "confirm"))
    eva, home = keeper(caring, "secretary"), "/desk/forms/gruppo/"

    def told() -> tuple[list[str], bool, bool]:
        found = re.search('data-sealed="([^"]+)"', eva.post("/desk/people/sealed", {"address": ADA["email"]}).text)
        variables = json.loads(unescape(found[1]))[0]["variables"] if found else []
        closed = eva.get(f"{home}?columns=salute").text
        return (
            [one["name"] for one in variables],
            "Apri i dati personali" in closed,
            "<bdi>Asma lieve</bdi>" in eva.post(f"{home}open", {"columns": "salute"}).text,
        )

    assert told() == (["nome", "email", *HEALTH], False, False)
    open_as_before(caring, keys)
    assert told() == (["nome", "email"], True, True)
    assert "Asma lieve" not in eva.get(f"{home}?columns=salute&is-salute=asma-lieve").text


def test_what_was_asked_after_what_was_sealed_and_kept_in_the_clear_is_read_until_it_is_resealed(
    caring: Service, keys: list[Path], sqlite_url: URL, tmp_path: Path
) -> None:
    ada, home = Respondent(caring), "/desk/forms/gruppo/"
    ada.sign_up(**HEALTH)
    (mail,) = ada.mails()
    receipt = ada.post(link(mail, "confirm")).partition("?")[0]
    whole, recipients = read_keyring(keys).cells(stored(caring)), read_recipients(caring.settings.content)
    open_as_before(caring, keys, ["durata", "farmaco"])
    assert "salbutamolo" in ada.browser.get(f"{receipt}/correct").text
    page, eva = ada.browser.get(receipt), keeper(caring, "secretary")
    assert (page.status_code, "Quale farmaco?" in page.text, "Salute" in page.text) == (200, True, False)
    assert "salbutamolo" not in eva.get(f"{home}?columns=farmaco").text
    assert "salbutamolo" in eva.post(f"{home}open", {"columns": "farmaco"}).text
    assert "salbutamolo" in eva.post("/desk/people/sealed", {"address": ADA["email"]}).text
    (row,) = packaged(caring, tmp_path)
    assert row.keys().isdisjoint(HEALTH)
    assert read_keyring(keys).cells(stored(caring)) == whole
    assert reseal(caring.store, read_keyring(keys), recipients) == 1
    assert not told_of_health(everything(sqlite_url))
    assert read_keyring(keys).cells(stored(caring)) == whole


def test_what_was_kept_in_the_clear_is_corrected_and_erased_like_any_other(
    caring: Service, keys: list[Path], sqlite_url: URL
) -> None:
    ada = Respondent(caring)
    ada.sign_up(**HEALTH)
    (mail,) = ada.mails()
    receipt = ada.post(link(mail, "confirm")).partition("?")[0]
    open_as_before(caring, keys)
    assert re.search('value="asma-lieve"[^>]*checked', ada.browser.get(f"{receipt}/correct").text)
    ada.post(f"{receipt}/correct", {**ADA, "nome": "Ada Nuova", **HEALTH})
    assert "asma-lieve" not in everything(sqlite_url)
    cells = read_keyring(keys).cells(stored(caring))
    assert (cells["nome"], cells["salute"]) == ("Ada Nuova", "asma-lieve")
    open_as_before(caring, keys)
    ada.post(f"{receipt}/withdraw")
    assert "asma-lieve" not in everything(sqlite_url)


def test_a_package_that_held_what_was_sensitive_unopened_is_not_taken_for_opened(
    caring: Service, keys: list[Path], tmp_path: Path
) -> None:
    form = caring.forms["gruppo"].form
    only = form.without(["nome", "email"])
    for header, opened, alone in (
        ("salute,durata", False, True),
        ("nome,salute", True, True),
        ("durata", False, False),
        ("consenso", False, False),
    ):
        (tmp_path / "responses.csv").write_text(f"response_id,{header}\n", "utf-8")
        assert is_opened(tmp_path, [form]) is opened
        assert is_opened(tmp_path, [only]) is alone


def test_a_person_is_found_by_the_address_and_opened_only_with_a_key(
    service: Service, ada: Respondent, keys: list[Path]
) -> None:
    ada.sign_up()
    (held,) = DataSubjects(service.retention, service.secret).find("ADA.prova@example.org").held
    assert (held.is_open, "email" in held.cells) == (False, False)
    persons = DataSubjects(service.retention, service.secret, read_keyring([keys[0]]))
    (held,) = persons.find("ada.prova@example.org").held
    assert (held.is_open, held.cells["nome"]) == (True, "Ada Prova")
    persons.erase(persons.find("ada.prova@example.org"))
    assert service.store.seals.counts() == {}


@pytest.mark.parametrize("kept", [0, 1])
def test_a_service_with_a_sealed_form_does_not_start_without_two_keys(
    tmp_path: Path, sqlite_url: URL, keys: list[Path], kept: int
) -> None:
    path = tmp_path / "forms" / RECIPIENTS
    path.write_text("".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:kept]), encoding="utf-8")
    with (
        pytest.raises(SettingsProblem, match=rf"gruppo is sealed .* here are {kept}"),
        running(tmp_path, sqlite_url, lambda: NOW, seal_signup),
    ):
        pass
    with pytest.raises(SealProblem):
        put_away(load_form(tmp_path / "forms" / "gruppo.yaml"), Recipients(), "a", {})


def test_a_form_that_was_sealed_cannot_be_opened(service: Service, tmp_path: Path, database_url: URL) -> None:
    with pytest.raises(FormsRefused, match="the form was sealed"), running(tmp_path, database_url, lambda: NOW):
        pass


def test_a_file_of_keys_that_is_none_is_named(keys: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "forms" / RECIPIENTS
    good = path.read_text(encoding="utf-8")
    secret = keys[0].read_text(encoding="utf-8").splitlines()[-1]
    for line, said in (
        ("age1xyz", "this is no public key;"),
        (secret, "but a secret one"),
        ("ssh-rsa AAAA", "no public"),
    ):
        path.write_text(f"# chi\n\n{line}\n", encoding="utf-8")
        with pytest.raises(SettingsProblem, match=rf"{RECIPIENTS}:3: .*{said}") as caught:
            read_recipients(tmp_path / "forms")
        assert secret not in str(caught.value)
    path.write_text(good + good, encoding="utf-8")
    assert len(read_recipients(tmp_path / "forms").keys) == 2
    for content in (b"", b"AGE-SECRET-KEY-1X\n", good.encode(), b"\xff\xfe\x00"):
        (tmp_path / "none.txt").write_bytes(content)
        with pytest.raises(SealProblem, match="no file of a secret key"):
            read_keyring([tmp_path / "none.txt"])


def test_both_files_say_whose_a_key_is(tmp_path: Path) -> None:
    public = make_key(tmp_path / "ada.txt", " Ada \n Prova ", tmp_path)
    assert (tmp_path / "ada.txt").read_text(encoding="utf-8").startswith(f"# Ada Prova\n# public key: {public}\nAGE-")
    assert (tmp_path / RECIPIENTS).read_text(encoding="utf-8") == f"{public}  # Ada Prova\n"
    assert read_recipients(tmp_path).keys == (public,)


def test_a_key_never_takes_the_place_of_another(keys: list[Path], tmp_path: Path) -> None:
    before = keys[0].read_bytes()
    assert keys[0].stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        make_key(keys[0], "Ada", tmp_path / "forms")
    assert keys[0].read_bytes() == before
    assert len(read_recipients(tmp_path / "forms").keys) == 2


@pytest.fixture
def run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    return commands_of(service, monkeypatch)


def commands_of(service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    settings = service.settings
    environ = {
        "FORMS_DATABASE_URL": settings.database_url.render_as_string(hide_password=False),
        "FORMS_CONTENT": str(settings.content),
        "FORMS_DATA": str(settings.data),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": "k" * 32,
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: CliRunner().invoke(main, list(map(str, arguments)))


def test_a_key_is_on_disk_with_its_name_before_anything_can_be_sealed_to_it(tmp_path: Path) -> None:
    with flushes() as seen:
        make_key(tmp_path / "ada.txt", "Ada", tmp_path)
    assert [found for found, _ in seen] == [tmp_path / "ada.txt", tmp_path]
    assert seen[0][1] == (tmp_path / "ada.txt").read_bytes()


def test_the_commands_make_keys_rotate_them_and_open_what_is_sealed(
    run: Callable[..., Result], ada: Respondent, service: Service, keys: list[Path], tmp_path: Path
) -> None:
    ada.sign_up()
    (mail,) = ada.mails()
    ada.post(link(mail, "confirm"))
    made = run("new-key", tmp_path / "ida.txt", "--name", "Ida")
    assert made.stdout.startswith("age1")
    assert "keep it off the server" in made.stderr
    assert "0 responses sealed to them, 1 to others\n" in run("keys").stdout
    assert run("reseal", "--identity", tmp_path / "ida.txt").exit_code == 1
    assert run("reseal", "--identity", keys[0]).stdout == "1 responses sealed anew, to 3 keys\n"
    assert "1 responses sealed to them, 0 to others\n" in run("keys").stdout
    assert run("export", "gruppo").exit_code == 0
    package = service.settings.data / "packages" / "gruppo" / "responses.csv"
    assert "Ada Prova" not in package.read_text(encoding="utf-8")
    assert run("export", "gruppo", "--identity", tmp_path / "ida.txt").exit_code == 0
    assert "Ada Prova" in package.read_text(encoding="utf-8")
    assert run("verify").exit_code == 0
    sealed = json.loads(run("export-person", "ada.prova@example.org").stdout)["responses"][0]
    assert sealed["sealed"]
    opened = run("export-person", "ada.prova@example.org", "--identity", keys[1])
    assert "Ada Prova" in opened.stdout
    wrong = run("export", "gruppo", "--identity", package)
    assert (wrong.exit_code, wrong.stderr) == (
        1,
        f"{package}: this is no file of a secret key; it has a line that begins AGE-SECRET-KEY-1.\n",
    )


def test_a_package_that_was_opened_stays_open_without_whoever_was_erased(
    service: Service, ada: Respondent, keys: list[Path], tmp_path: Path
) -> None:
    for number in range(2):
        ada.sign_up(_key=f"{ADA['_key']}{number}", nome=f"Ada {number}", email=f"ada{number}@example.org")
    for mail in ada.mails():
        ada.post(link(mail, "confirm"))
    opened = export_forms(service.store, ("gruppo",), tmp_path, NOW, ["xlsx"], keys=read_keyring([keys[0]]))
    assert [done.stayed_open for done in opened] == [False]
    (erased,) = DataSubjects(service.retention, service.secret).find("ada0@example.org").held
    service.retention.withdraw(erased.holding.stored)
    (done,) = export_forms(service.store, ("gruppo",), tmp_path, NOW)
    assert (done.stayed_open, done.responses, done.is_whole) == (True, 1, True)
    assert [row["nome"] for row in packaged(service, tmp_path)] == ["Ada 1"]
    assert [copy.path.name for copy in done.copies] == ["responses.xlsx"]
    assert len(list(verify_packages(tmp_path))) == 1
    (done,) = export_forms(service.store, ("gruppo",), tmp_path, NOW, sealed=True)
    assert not done.stayed_open
    assert "nome" not in packaged(service, tmp_path)[0]


def test_a_response_that_no_key_opens_is_named_and_the_others_are_opened(
    service: Service, ada: Respondent, keys: list[Path], tmp_path: Path
) -> None:
    for number in range(2):
        ada.sign_up(_key=f"{ADA['_key']}{number}", nome=f"Ada {number}", email=f"ada{number}@example.org")
    for mail in ada.mails():
        ada.post(link(mail, "confirm"))
    stranger = sorted(row["response_id"] for row in packaged(service, tmp_path))[0]
    with beside(service.settings.database_url, Work.WRITE) as connection:
        connection.execute(responses.update().where(responses.c.response_id == stranger).values(sealed="!"))
    (done,) = export_forms(service.store, ("gruppo",), tmp_path, NOW, keys=read_keyring([keys[0]]))
    assert (done.responses, done.is_whole) == (1, False)
    (said,) = done.left_out
    assert stranger in said
    assert "none of these keys opens" in said
