"""From two forms in a browser to validated packages that nobody can join."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import frictionless
import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Visit
from tests.journeys.respondent import (
    GROUP,
    PAGES,
    SURVEY,
    answer_group,
    answer_survey,
    confirm,
    person,
    reference,
    send,
)
from tests.journeys.service import Service

EVERYBODYS = {"received_on", "language", "channel", "form_version"}
PEOPLE = 6


@pytest.fixture(scope="module")
def packages(site: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The packages of six people who answer the survey, sign up and confirm; a seventh does not confirm."""
    service = Service(site, tmp_path_factory.mktemp("export"))
    context = browser.new_context(base_url=service.url)
    try:
        send_and_confirm(context.new_page(), service)
        yield service.export()
    finally:
        context.close()
        service.stop()
    assert service.faults == []


def send_and_confirm(page: Page, service: Service) -> None:
    """Walk as each person in turn, in one browser."""
    for number in range(PEOPLE):
        page.goto(PAGES[SURVEY, "it"])
        answer_survey(page, comment(number))
        send(page)
        reference(page, SURVEY)
    for number in range(PEOPLE + 1):
        page.goto(PAGES[GROUP, "it"])
        answer_group(page, person(f"p{number}"))
        send(page)
        reference(page, GROUP)
    for number in range(PEOPLE):
        confirm(page, service.letter_to(person(f"p{number}").email))


def comment(number: int) -> str:
    """What a person writes: all that a careless CSV trips over."""
    return f'criterio {number}; con, virgole\ne =una "riga"'


def rows(packages: Path, form: str) -> list[dict[str, str]]:
    """Read a package's responses as any analyst would."""
    with (packages / form / "responses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_frictionless_validates_every_package(packages: Path) -> None:
    for form in (SURVEY, GROUP):
        descriptor = packages / form / "datapackage.json"
        report = frictionless.validate(str(descriptor))
        assert report.valid, report.to_summary()
        paths = [resource["path"] for resource in json.loads(descriptor.read_text())["resources"]]
        assert "responses.csv" in paths
        assert "codebook.csv" in paths


def test_a_package_holds_what_people_wrote(packages: Path) -> None:
    survey = rows(packages, SURVEY)
    assert sorted(row["criteri"] for row in survey) == [comment(number) for number in range(PEOPLE)]
    assert b"\r" not in (packages / SURVEY / "responses.csv").read_bytes()
    names = sorted(row["nome"] for row in rows(packages, GROUP))
    assert names == [f"Ada p{number}" for number in range(PEOPLE)]


def test_the_codebook_has_the_wording_in_both_languages(packages: Path, visit: Visit) -> None:
    codebook = (packages / SURVEY / "codebook.csv").read_text(encoding="utf-8")
    for language in ("it", "en"):
        page = visit(PAGES[SURVEY, language])
        label = page.locator("label[for=f-struttura-servizio-clienti]").inner_text().strip()
        assert label in codebook


def test_survey_and_sign_up_of_one_person_cannot_be_joined(packages: Path) -> None:
    survey, group = rows(packages, SURVEY), rows(packages, GROUP)
    cells = [
        {cell for row in package for column, cell in row.items() if cell and column not in EVERYBODYS}
        for package in (survey, group)
    ]
    assert cells[0] & cells[1] == set()
    for package in (survey, group):
        ids = [row["response_id"] for row in package]
        assert len(set(ids)) == PEOPLE
        days = [(row["received_on"], row["response_id"]) for row in package]
        assert days == sorted(days)
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", row["received_on"]) for row in package)
    # Six people sent in one order; were an id a counter or a clock, both files would keep it.
    orders = [
        [
            next(digit for digit in f"{row.get('criteri', '')}{row.get('nome', '')}" if digit.isdigit())
            for row in package
        ]
        for package in (survey, group)
    ]
    assert not (orders[0] == orders[1] == sorted(orders[0]))


def test_files_of_a_package_tell_no_time_of_day(packages: Path) -> None:
    for form in (SURVEY, GROUP):
        text = (packages / form / "responses.csv").read_text(encoding="utf-8")
        assert not re.search(r"\d\d:\d\d", text)
