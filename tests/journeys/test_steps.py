"""Somebody goes through a form a step at a time: what is wrong is said where it is, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Picture, Visit
from tests.journeys.service import Service
from tests.journeys.test_axe import violations
from tests.journeys.test_reach import SCROLLS_SIDEWAYS

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: passi
title: Un modulo a passi
form:kind: survey
form:steps: true
fields:
- name: nome
  title: Come ti chiami?
  type: string
  form:section: Chi sei
  form:privacy: personal
  constraints: {required: true}
- name: gruppo
  title: Fai parte di un gruppo?
  type: boolean
- name: strumenti
  title: Quali strumenti usi?
  type: list
  form:section: Gli strumenti
  form:other: true
  form:choose: {max: 2}
  categories: [{value: forum, label: Un forum}, {value: chat, label: Una chat}]
  constraints: {required: true}
- name: quanti
  title: Quanti siete?
  type: integer
  form:showIf: {field: gruppo, equals: true}
  constraints: {required: true, minimum: 2}
- name: giorno
  title: Quando vi trovate?
  type: date
- name: consenso
  title: Va bene
  type: boolean
  form:widget: consent
  form:notice: Potete contare le mie risposte.
  form:section: Alla fine
  constraints: {required: true}
- name: nota
  title: Una nota
  type: string
"""
ENGLISH = """\
title: A form in steps
fields:
- {name: nome, title: What is your name?, form:section: You}
- {name: gruppo, title: Are you in a group?}
- name: strumenti
  title: Which tools do you use?
  form:section: The tools
  categories: [{value: forum, label: A forum}, {value: chat, label: A chat}]
- {name: quanti, title: How many are you?}
- {name: giorno, title: When do you meet?}
- {name: consenso, title: Agreed, form:notice: You may count my answers., form:section: The end}
- {name: nota, title: A note}
"""


@pytest.fixture(scope="module")
def steps(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a form in steps, in the look of the portal."""
    folder = tmp_path_factory.mktemp("steps")
    (folder / "forms").mkdir()
    (folder / "forms/passi.yaml").write_text(FORM, encoding="utf-8")
    (folder / "forms/passi.en.yaml").write_text(ENGLISH, encoding="utf-8")
    running = Service(site, folder, FORMS_CONTENT=str(folder / "forms"))
    yield running
    running.stop()
    assert running.faults == []


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def sound(page: Page) -> None:
    """See that axe finds nothing, and that the page fits the width."""
    assert violations(page) == []
    assert not page.evaluate(SCROLLS_SIDEWAYS)


@pytest.mark.parametrize(("language", "width"), [("it", 360), ("en", 1280)])
def test_each_step_says_what_is_wrong_with_it_by_keyboard_alone(
    steps: Service, visit: Visit, picture: Picture, language: str, width: int
) -> None:
    page = visit(
        f"/forms/passi?lang={language}", width=width, base=steps.url, scheme="light" if width > 400 else "dark"
    )
    error = {"it": "Errore: ", "en": "Error: "}[language]
    summary, progress = page.locator(".form-summary"), page.locator(".form-progress")
    page.focus("[data-next]")
    press(page, "Enter")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile(f"^{error}"))
    assert page.get_attribute("#f-nome", "aria-describedby") == "f-nome--problem"
    sound(page)
    picture(page, f"steps-problem-{language}", full_page=True)
    press(page, "Tab")
    press(page, "Enter")
    expect(page.locator("#f-nome")).to_be_focused()
    page.keyboard.type("Ada")
    page.check("#f-gruppo-true")
    page.focus("#f-nome")
    press(page, "Enter")
    expect(progress).to_be_focused()
    expect(summary).to_have_count(0)
    for box in ("forum", "chat", "other"):
        page.check(f"#f-strumenti-{box}")
    page.fill("#f-strumenti--other", "Un foglio")
    page.fill("#f-giorno-day", "40")
    page.click("[data-next]")
    expect(summary).to_be_focused()
    assert page.locator(".form-problem").count() == page.locator(".form-summary li").count() == 3
    assert page.input_value("#f-giorno-day") == "40"
    sound(page)
    picture(page, f"steps-three-{language}", full_page=True)
    page.uncheck("#f-strumenti-chat")
    page.fill("#f-quanti", "3")
    page.fill("#f-giorno-day", "")
    page.click("[data-next]")
    expect(page.locator("#f-consenso")).to_be_visible()
    page.fill("#f-nota", "=1")
    page.click(".form-send button")
    expect(summary).to_be_focused()
    expect(page.locator("#f-nota--problem")).to_be_visible()
    expect(page.locator("#f-nome")).to_be_hidden()
    sound(page)
    page.fill("#f-nota", "Una")
    page.check("#f-consenso")
    page.click(".form-send button")
    expect(page.locator(".form-reference")).to_be_visible()
    assert "Un foglio" in page.locator("main").inner_text()


def test_a_service_that_went_away_holds_nobody_back(steps: Service, visit: Visit) -> None:
    page = visit("/forms/passi", base=steps.url)
    page.context.set_offline(True)
    page.click("[data-next]")
    expect(page.locator("#f-strumenti-forum")).to_be_visible()
    page.check("#f-strumenti-forum")
    page.click("[data-next]")
    page.context.set_offline(False)
    page.check("#f-consenso")
    page.click(".form-send button")
    expect(page.locator("#f-nome--problem")).to_be_visible()  # the first step that has a problem
    expect(page.locator("#f-strumenti-forum")).to_be_hidden()
    assert page.locator("#f-strumenti-forum").is_checked()


def test_without_a_script_all_steps_stand_on_one_page(steps: Service, visit: Visit) -> None:
    page = visit("/forms/passi", base=steps.url, script=False)
    for control in ("nome", "strumenti-other", "strumenti--other", "quanti", "consenso"):
        expect(page.locator(f"#f-{control}")).to_be_visible()
    expect(page.locator("[data-next]")).to_be_hidden()
