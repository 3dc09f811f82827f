"""What is sealed, from a form's page to its withdrawal, and opened at the desk by whoever has a key."""

from __future__ import annotations

import csv
import json
import re
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from forms_server.crypto.sealing import make_key
from tests.journeys.conftest import Picture, Visit
from tests.journeys.respondent import GROUP, answer_group, confirm, person, reference, send
from tests.journeys.service import Service
from tests.journeys.test_axe import violations
from tests.journeys.test_desk import invited, with_device
from tests.portal import PORTAL

SEALED = {"it": "è sigillato", "en": "is sealed"}
WITHDRAWN = {"it": "Ritirato", "en": "Withdrawn"}


SURVEY = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: contatti
title: Contatti
form:kind: survey
form:seal: true
fields:
- {name: nome, title: Nome, type: string, form:privacy: personal, form:widget: textarea}
- {name: nascita, title: "=Nascita", type: date, form:privacy: personal}
- {name: altezza, title: Altezza, type: number, form:privacy: personal}
- name: sede
  title: Sede
  type: string
  categories: [{value: nord, label: "1/2"}, {value: sud, label: "Sud; \\"isole\\""}]
- {name: nota, title: Nota, type: string, form:widget: textarea, form:privacy: free-text}
"""
ANSWERS = [
    {"nome": "=HYPERLINK(1)", "nascita": "1950-02-28", "altezza": "1.75", "sede": "nord", "nota": "  @SUM(A1)"},
    {"nome": "Ada Prova", "nascita": "1850-01-01", "altezza": "-12", "sede": "sud", "nota": "00184"},
    {"nome": 'Eva; "detta"', "nota": "una riga\n=1+1;-2\te\u3000＝3\n12 marzo"},
    {"nome": "12 marzo 2026", "nota": "١٢٣"},
    {"nome": "VERO", "sede": "sud", "nota": "'=già"},
    {"nome": "Ugo", "nota": "\u2007+39 06"},
    {"nota": "non-so"},
]
"""What a spreadsheet would make something else of."""


@pytest.fixture(scope="module")
def sealed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose sign-up form is sealed to two editors' keys."""
    folder = tmp_path_factory.mktemp("sealed")
    content = folder / "forms"
    shutil.copytree(PORTAL / "content/forms", content)
    form = content / f"{GROUP}.yaml"
    form.write_text(form.read_text(encoding="utf-8").replace("fields:\n", "form:seal: true\nfields:\n", 1), "utf-8")
    (content / "contatti.yaml").write_text(SURVEY, "utf-8")
    for name in ("ada", "eva"):
        make_key(folder / f"{name}.txt", name, content)
    make_key(folder / "lost.txt", "lost", folder)
    (folder / "recipients.txt").unlink(missing_ok=True)
    running = Service(site, folder, FORMS_CONTENT=str(content))
    yield running
    running.stop()
    assert running.faults == []


def exported(service: Service, *options: str) -> list[dict[str, str]]:
    path = service.export(*options) / GROUP / "responses.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(("language", "script"), [("it", False), ("en", True)])
def test_a_sealed_sign_up_is_sound_from_the_form_to_the_withdrawal(
    visit: Visit, sealed: Service, mark: str, language: str, script: bool
) -> None:
    who = person(mark)
    page = visit(base=sealed.url, width=1280 if script else 360)
    if not script:  # axe needs script, so that of the pages does not arrive
        page.route("**/*.js", lambda route: route.abort())
    found: list[str] = []
    others = sealed.stored(GROUP)

    def look(name: str) -> None:
        assert page.get_attribute("html", "lang") == language
        assert mark not in page.content() or name in ("form", "check"), name
        found.extend(f"{name}: {line}" for line in violations(page))

    page.goto(f"/forms/{GROUP}?lang={language}")
    look("form")
    answer_group(page, who)
    if send(page).status == 200:
        look("check")
        send(page)
    reference(page, GROUP)
    look("pending")
    letter = sealed.letter_to(who.email)
    links = re.search(r"\S+/confirm/\S+", letter)
    assert links
    page.goto(links.group())
    look("confirm")
    confirm(page, letter)
    expect(page.locator("main, [role=main]").first).to_contain_text(SEALED[language])
    look("receipt")
    receipt = page.url
    assert mark not in str(sealed.stored(GROUP))
    assert who.email in [row["email"] for row in exported(sealed, "--identity", str(sealed.data / "eva.txt"))]
    at(page, receipt, "correct", language)
    expect(page.locator("#f-nome")).to_have_value("")
    look("correct")
    at(page, receipt, "withdraw", language)
    look("withdraw")
    send(page)
    expect(page.locator("h1")).to_have_text(WITHDRAWN[language])
    look("withdrawn")
    assert sealed.stored(GROUP) == others
    assert not [file for file in (sealed.data / "outbox").glob("*.eml") if who.email in file.read_text("utf-8")]
    assert found == []


def at(page: Page, receipt: str, then: str, language: str) -> None:
    """Open a page of the receipt."""
    page.goto(f"{receipt.partition('?')[0]}/{then}?lang={language}")


def send_as_program(service: Service, form: str, key: str, answers: dict[str, str]) -> str:
    """Answer a form as programs do; give the reference."""
    headers = {"Idempotency-Key": key * 24, "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{service.url}/forms/{form}", json.dumps(answers).encode(), headers)
    with urllib.request.urlopen(asked) as said:
        assert said.status == 201
        return str(json.load(said)["reference"])


def answer(service: Service) -> None:
    """Answer the survey."""
    for number, answers in enumerate(ANSWERS):
        send_as_program(service, "contatti", f"{number}", answers)


def test_the_desk_opens_what_is_sealed_and_no_request_carries_the_key_or_what_it_opens(
    browser: Browser, sealed: Service, picture: Picture
) -> None:
    answer(sealed)
    key = (sealed.data / "eva.txt").read_text(encoding="utf-8").splitlines()[-1]
    base = sealed.url.replace("127.0.0.1", "localhost")
    context = with_device(browser, base, "en-GB")
    (page,) = context.pages
    page.goto(invited(sealed, "marta@example.org", "en"))
    page.locator("form.passkey button").click()
    page.wait_for_url(f"{base}/desk/")
    said: list[Request] = []
    page.on("request", lambda one: said.append(one))  # noqa: PLW0108  playwright marks it
    page.goto(f"{base}/desk/forms/contatti/")
    page.get_by_role("link", name="Sealed answers").click()
    keys, button = page.get_by_label("Key file"), page.get_by_role("button", name="Open the answers")
    for wrong, sentence in ((sealed.data / "service.log", "no key"), (sealed.data / "lost.txt", "opens none")):
        keys.set_input_files(wrong)
        button.click()
        expect(page.get_by_role("alert")).to_contain_text(sentence)
    keys.set_input_files([sealed.data / "lost.txt", sealed.data / "eva.txt"])
    button.click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(len(ANSWERS))
    look_at_a_row(page, rows.filter(has_text="Ada Prova"))
    assert violations(page) == []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        picture(page, f"desk-sealed-{width}", full_page=True)
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    with page.expect_download() as loaded:
        page.get_by_role("button", name="Download for Excel (CSV)").click()
    own = Path(loaded.value.path()).read_bytes().decode("utf-8-sig")
    product = sealed.export("--excel-csv", "--identity", str(sealed.data / "eva.txt")) / "contatti/responses_excel.csv"
    assert own == product.read_bytes().decode("utf-8-sig")
    with page.expect_download() as loaded:
        page.get_by_role("button", name="Download the sealed answers").click()
    file = loaded.value.path()
    assert "Ada Prova" not in Path(file).read_text(encoding="utf-8")
    page.get_by_role("button", name="Close and forget").click()
    expect(page.locator("tbody tr")).to_have_count(0)
    page.get_by_text("Paste the key instead").click()
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_text("Open a file that was downloaded earlier").click()
    asked_before = len(said)
    page.get_by_label("File of sealed answers").set_input_files(file)
    button.click()
    expect(rows).to_have_count(len(ANSWERS))
    page.get_by_label("Search in the answers").fill("ada p")
    expect(rows).to_have_count(1)
    assert len(said) == asked_before, "a file opens without the desk"
    look_at_one_person(page, sealed, picture)
    sent = " ".join(f"{one.url} {one.post_data or ''} {one.headers}" for one in said)
    assert not re.search(rf"SECRET-KEY|{key}|Ada(%20|\+| )Prova|HYPERLINK", sent, re.IGNORECASE)
    context.close()


def look_at_a_row(page: Page, row: Locator) -> None:
    """See that a row is in words, and that its reference leads to the page of that answer."""
    expect(row.locator("td").nth(3)).to_have_text("1 Jan 1850")
    link = row.get_by_role("link")
    theirs = page.request.get(str(link.evaluate("link => link.href")))
    assert (theirs.status, link.inner_text() in theirs.text()) == (200, True)


def look_at_one_person(page: Page, sealed: Service, picture: Picture) -> None:
    """Open what is sealed of somebody on their page, and save the copy that is sent to them."""
    theirs = {"nome": "Ada Prova", "organizzazione": "Orsa", "email": "ada.prova@example.org", "consenso": "true"}
    reference = send_as_program(sealed, GROUP, "a", theirs)
    page.goto("/desk/people/")
    page.locator("main input[type=email]").fill(theirs["email"])
    page.locator("main form[action$='find'] button").click()
    page.get_by_role("button", name="Open it with a key").click()
    kept = page.locator("article.held")
    expect(kept).to_contain_text(reference)
    expect(kept).not_to_contain_text("Ada Prova")
    button = page.get_by_role("button", name="Open the answers")
    page.get_by_label("Key file").set_input_files(sealed.data / "lost.txt")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("opens none")
    page.get_by_label("Key file").set_input_files(sealed.data / "eva.txt")
    button.click()
    expect(kept.locator("dd", has_text="Ada Prova")).to_have_count(1)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        picture(page, f"desk-sealed-person-{width}", full_page=True)
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert violations(page) == []
    with page.expect_download() as loaded:
        page.get_by_role("button", name="Save the copy to send").click()
    copy = Path(loaded.value.path()).read_text(encoding="utf-8")
    assert loaded.value.suggested_filename == f"i-tuoi-dati-{reference}.html"
    assert "<dd>Ada Prova</dd>" in copy.replace(' data-opened=""', "")
    assert "è sigillato" not in copy
    assert "<script" not in copy
