"""The survey, from the page to the store."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, expect

from tests.journeys.conftest import Visit
from tests.journeys.respondent import PAGES, SEND, SURVEY, answer_survey, reference, send
from tests.journeys.service import Service


@pytest.mark.parametrize(("language", "width"), [("it", 320), ("en", 360), ("it", 1280)])
def test_with_script_one_step_leads_to_the_receipt(
    visit: Visit, service: Service, mark: str, language: str, width: int
) -> None:
    page = visit(PAGES[SURVEY, language], width=width)
    answer_survey(page, mark)
    assert send(page).status == 303
    assert reference(page, SURVEY)
    assert page.get_attribute("html", "lang") == language
    row = one(service.stored(SURVEY, mark))
    assert (row["struttura"], row["specializzazione"], row["criteri"]) == ("marketing", "", mark)
    assert (row["language"], row["channel"]) == (language, "web")
    assert mark not in service.log


@pytest.mark.parametrize("language", ["it", "en"])
def test_without_script_the_answers_are_checked_before_anything_is_stored(
    visit: Visit, service: Service, mark: str, language: str
) -> None:
    page = visit(PAGES[SURVEY, language], script=False, width=360)
    answer_survey(page, mark)
    assert send(page).status == 200
    expect(page.locator("dl.form-answers")).to_contain_text(mark)
    expect(page.locator("dl.form-answers")).to_contain_text("Marketing")
    assert page.get_attribute("html", "lang") == language
    assert service.stored(SURVEY, mark) == []
    assert send(page).status == 303
    assert reference(page, SURVEY)
    assert one(service.stored(SURVEY, mark))["language"] == language


def test_reload_and_back_and_sending_again_store_once(visit: Visit, service: Service, mark: str) -> None:
    page = visit(PAGES[SURVEY, "it"])
    answer_survey(page, mark)
    send(page)
    first = reference(page, SURVEY)
    page.reload()
    assert reference(page, SURVEY) == first
    page.go_back()
    send(page)
    assert reference(page, SURVEY) == first
    one(service.stored(SURVEY, mark))


def test_without_script_back_from_the_receipt_stores_nothing_more_until_the_button_is_pressed_again(
    visit: Visit, service: Service, mark: str
) -> None:
    page = visit(PAGES[SURVEY, "it"], script=False)
    answer_survey(page, mark)
    send(page)
    send(page)
    first = reference(page, SURVEY)
    page.reload()
    assert reference(page, SURVEY) == first
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the check page is kept nowhere: the browser asks first
        page.go_back()
    page.wait_for_url("chrome-error://chromewebdata/")
    page.go_back()
    expect(page.locator("#f-criteri")).to_have_value(mark)
    assert send(page).status == 200
    one(service.stored(SURVEY, mark))
    assert send(page).status == 303
    assert reference(page, SURVEY) != first
    assert len(service.stored(SURVEY, mark)) == 2


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_double_click_stores_once(visit: Visit, service: Service, mark: str, script: bool) -> None:
    page = visit(PAGES[SURVEY, "it"], script=script)
    answer_survey(page, mark)
    if not script:
        send(page)
    page.dblclick(SEND)
    expect(page.locator(".form-reference")).to_be_visible()
    one(service.stored(SURVEY, mark))


def test_other_answers_after_going_back_are_another_response(visit: Visit, service: Service, mark: str) -> None:
    page = visit(PAGES[SURVEY, "it"])
    answer_survey(page, mark)
    send(page)
    first = reference(page, SURVEY)
    page.go_back()
    answer_survey(page, f"{mark} e altro")
    assert send(page).status == 303
    assert reference(page, SURVEY) != first
    assert len(service.stored(SURVEY, mark)) == 2


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("code", ["", "non-so"])
def test_a_choice_can_be_undone(visit: Visit, service: Service, mark: str, script: bool, code: str) -> None:
    page = visit(PAGES[SURVEY, "it"], script=script, width=320)
    answer_survey(page, mark)
    page.check(f"input[name=struttura][value='{code}']")
    send(page)
    if not script:
        send(page)
    reference(page, SURVEY)
    assert one(service.stored(SURVEY, mark))["struttura"] == code


@pytest.mark.parametrize("way", ["back", "button"])
def test_without_script_the_answers_can_be_changed_on_the_way(
    visit: Visit, service: Service, mark: str, way: str
) -> None:
    page = visit(PAGES[SURVEY, "it"], script=False)
    answer_survey(page, f"{mark} prima stesura")
    send(page)
    if way == "back":
        page.go_back()
    else:
        page.click("button.form-button--secondary")
    expect(page.locator("#f-criteri")).to_have_value(f"{mark} prima stesura")
    expect(page.locator("#f-struttura-marketing")).to_be_checked()
    answer_survey(page, f"{mark} seconda stesura")
    send(page)
    send(page)
    reference(page, SURVEY)
    assert one(service.stored(SURVEY, mark))["criteri"] == f"{mark} seconda stesura"


def one(rows: list[dict[str, str]]) -> dict[str, str]:
    """Return the only row; there has to be exactly one."""
    assert len(rows) == 1
    return rows[0]
