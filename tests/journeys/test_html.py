"""Every page is valid HTML: those that are built, in both languages, and whatever the service answers with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from bacheca.forms.results.package import write_results
from forms_server.context import Service
from forms_server.http.page_shell import Shell
from forms_server.http.pages import Pages
from forms_server.messages import OBSTACLES
from tests.bacheca.forms.samples import sample_form, sample_results
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.test_posting import GOOD, OWN
from tests.portal import PORTAL
from tests.web.judges import html_problems

OPEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLOSED = datetime(2028, 1, 1, 12, tzinfo=UTC)
LANGUAGES = ("it", "en")
Named = Iterator[tuple[str, str]]


def forms_of(service: Service, ada: Respondent, now: list[datetime]) -> Named:
    """Each form as it is opened, sent empty, sent wrong, and once it is closed."""
    for name, served in service.forms.items():
        wrong = {field.name: "?" * 5000 for field in served.form.fields}
        for language in served.form.languages:
            yield f"{name} {language}", ada.browser.get(f"/forms/{name}?lang={language}").text
            for state, answers in (("empty", {}), ("wrong", wrong)):
                answer = ada.browser.post(f"/forms/{name}", data={"_lang": language, **answers})
                yield f"{name} {state} {language}", answer.text
            assert answer.status_code == 422
    now[0] = CLOSED
    yield "closed", ada.browser.get("/forms/sondaggio").text
    now[0] = OPEN


def receipts(ada: Respondent) -> Named:
    """A survey and a sign-up from the check page to what is left when all is withdrawn."""
    yield "check", ada.browser.post("/forms/sondaggio", data=GOOD).text
    sent = {"sondaggio": ada.answer_survey(), "gruppo": ada.sign_up()}
    for form, receipt in sent.items():
        for language in LANGUAGES:
            for page in ("", "/correct", "/withdraw"):
                yield f"{form} receipt{page} {language}", ada.browser.get(f"{receipt}{page}?lang={language}").text
        wrong = ada.browser.post(f"{receipt}/correct", data={"commento": "?" * 99, "nome": ""}, headers=OWN)
        assert wrong.status_code == 422
        yield f"{form} corrected wrongly", wrong.text
    confirming = link(ada.mails()[-1], "confirm")
    yield "confirm", ada.browser.get(confirming).text
    confirmed = ada.post(confirming)
    yield "confirmed", ada.browser.get(confirmed).text
    yield "confirmed before", ada.browser.get(confirming).text
    yield "receipt once confirmed", ada.browser.get(sent["gruppo"]).text
    sent["gruppo"] = confirmed.partition("?")[0]
    for form, receipt in sent.items():
        yield f"{form} withdrawn", ada.browser.get(ada.post(f"{receipt}/withdraw")).text


def obstacles(pages: Pages, service: Service) -> Named:
    """All that can stand in the way of a post."""
    form = service.forms["gruppo"].form
    again = {"action": "/forms/gruppo", "posted": {"nome": ['"<Ada> & co.'], "email": ["ada@example.org"]}}
    for code in OBSTACLES:
        for language in LANGUAGES:
            page = pages.obstacle(code, language, form=form, again=again if code == "unknown" else None)
            yield f"{code} {language}", page.get_data(as_text=True)


def pages_of_the_service(folder: Path, site: Path) -> Named:
    """Whatever the service answers with."""
    (folder / "forms").mkdir()
    for file in (PORTAL / "content/forms").rglob("*.yaml"):
        shutil.copy(file, folder / "forms")
    form = sample_form(folder / "forms")
    write_results(folder / "data" / "results" / form.name, form, sample_results(form, 300, ("Così «va» & bene",)))
    now = [OPEN]
    url = make_url(f"sqlite:///{folder / 'data' / 'forms.db'}")
    with running(folder, url, lambda: now[0], FORMS_SITE=str(site)) as service:
        ada = Respondent(service)
        yield from forms_of(service, ada, now)
        yield from receipts(ada)
        yield from obstacles(service.pages, service)
        yield from ((f"plain {name}", page) for name, page in obstacles(Pages(Shell(None)), service))
        for language in LANGUAGES:
            yield f"results {language}", ada.browser.get(f"/forms/{form.name}/results?lang={language}").text


def test_every_page_is_valid_html(site: Path, tmp_path: Path) -> None:
    served = tmp_path / "pages"
    served.mkdir()
    for name, text in pages_of_the_service(tmp_path, site):
        page = served / f"{name.replace('/', ' ')}.html"
        assert not page.exists()
        page.write_text(text, encoding="utf-8")
    built = [page for page in site.rglob("*.html") if page.name != "shell.html"]  # which the service fills
    assert len(built) > 40
    assert html_problems([*built, *served.iterdir()]) == []
