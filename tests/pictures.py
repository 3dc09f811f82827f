"""The pictures of the guides, taken from the real portal: `python -m tests.pictures` writes them into `docs/`."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import CHROMIUM
from tests.journeys.service import ROOT, Service, build_once
from tests.journeys.test_desk import invited, with_device

DOCS = ROOT / "docs"
MISTAKE = "\n#### Un titolo che salta un livello\n\nUn colloqiuo con la [redazione](colofon.md).\n"
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 24px; background: #1d1f24; color: #e8e6df; font: 15px/1.6 monospace;
       white-space: pre-wrap; }}
b {{ color: #f0b429; }}</style><b>$ python build.py check</b>
{output}"""

SURVEY, GROUP = "responsabili-comunita", "gruppo-community-manager"
ANSWERS = [
    ("marketing", "formazione", "Guardiamo quante domande trovano risposta in un giorno."),
    ("relazioni-esterne", "informazione", ""),
    ("servizi-web", "collaborazione", "Il tono, più che la quantità."),
    ("marketing", "intrattenimento", ""),
    ("servizio-clienti", "formazione", "Li leggiamo uno per uno, senza criteri fissi."),
    ("vendite", "commercio-elettronico", "Ciò che fa tornare chi ha già comprato."),
]
PEOPLE = ["Ada Prova", "Eva Esempio", "Ugo Modello"]
OF_THE_DESK = {
    "it": ("banco-inizio", "banco-risposte", "banco-persona"),
    "en": ("desk-home", "desk-answers", "desk-person"),
}
"""The pictures of the guide to the desk, by its language: the first page, answers, a person."""


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder = Path(made)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        service = Service(build_once(folder, ROOT), folder, FORMS_CONTENT=str(ROOT / "content/forms"))
        try:
            take(browser, service.url, "home", 1280, 800)
            take(
                browser,
                f"{service.url}/partecipa/sondaggio/#form-responsabili-comunita",
                "editors-preview",
                1000,
                760,
            )
            page = browser.new_page(viewport={"width": 1000, "height": 270})
            page.set_content(TERMINAL.format(output=html.escape(output_of_check(folder / "copy"))))
            keep(page, "editors-check")
            answer(service)
            for language in OF_THE_DESK:
                take_desk(browser, service, language)
        finally:
            service.stop()
            browser.close()


def take(browser: Browser, address: str, name: str, width: int, height: int) -> None:
    """Take a picture of the top of a page."""
    page = browser.new_page(viewport={"width": width, "height": height}, locale="it-IT")
    page.goto(address, wait_until="networkidle")
    keep(page, name)
    page.close()


def answer(service: Service) -> None:
    """Answer the forms, and confirm those who signed up."""
    for number, (where, what, why) in enumerate(ANSWERS):
        post(service, SURVEY, f"answer-{number}", {"struttura": where, "specializzazione": what, "criteri": why})
    for name in PEOPLE:
        address = f"{name.split()[0].lower()}@example.org"
        post(service, GROUP, address, {"nome": name, "email": address, "consenso": "true", "lettera": "true"})
        found = re.search(r"/forms/\S+/confirm/[\w-]+", service.letter_to(address))
        assert found
        asked = urllib.request.Request(service.url + found[0], b"", {"Origin": service.url})
        with urllib.request.urlopen(asked) as said:
            assert said.status == 200


def post(service: Service, form: str, key: str, answers: dict[str, object]) -> None:
    """Answer a form as programs do."""
    headers = {"Idempotency-Key": re.sub(r"\W", "-", key).ljust(30, "-"), "Content-Type": "application/json"}
    given = json.dumps({name: said for name, said in answers.items() if said != ""}).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{service.url}/forms/{form}", given, headers)) as said:
        assert said.status == 201


def take_desk(browser: Browser, service: Service, language: str) -> None:
    """Take the pictures of the guide to the desk, as somebody invited to it sees it."""
    base = service.url.replace("127.0.0.1", "localhost")
    home, answers, person = OF_THE_DESK[language]
    context = with_device(browser, base, language)
    (page,) = context.pages
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto(invited(service, f"segreteria-{language}@example.org", language))
    page.locator("form.passkey button").click()
    page.wait_for_url(f"{base}/desk/")
    keep(page, home)
    page.goto(f"{base}/desk/forms/{SURVEY}/")
    keep(page, answers)
    page.goto(f"{base}/desk/people/")
    page.locator("input[type=email]").fill("ada@example.org")
    page.locator("main form button").first.click()
    page.wait_for_load_state("networkidle")
    keep(page, person)
    context.close()


def keep(page: Page, name: str) -> None:
    """Take a picture of what a page shows, in few colours."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    picture.save(DOCS / f"{name}.png", optimize=True)


def output_of_check(copy: Path) -> str:
    """Give what the check says of a copy of the content with a mistake in it."""
    copy.mkdir()
    shutil.copytree(ROOT / "content", copy / "content")
    for settings in ROOT.glob("mkdocs*.yml"):
        shutil.copy(settings, copy)
    with (copy / "content/it/contatti.md").open("a", encoding="utf-8") as page:
        page.write(MISTAKE)
    command = [sys.executable, str(ROOT / "build.py"), "check"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
