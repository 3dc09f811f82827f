"""No page and no mail of the service says anything that is not in the catalogues, or in the form."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from forms_server.messages import OBSTACLES
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.test_posting import KEY
from tests.pseudo import LANGUAGE, speak_marked, unmarked

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: {name}
title: ⟦T⟧
form:kind: {kind}
form:language: eo
form:keep: 24 months
fields:
- {{name: nomo, title: ⟦nomo⟧, type: string, constraints: {{required: true}}}}
- {{name: posto, title: ⟦posto⟧, type: string, format: email, constraints: {{required: true}}}}
- {{name: jes, title: ⟦jes⟧, type: boolean, form:widget: consent, form:notice: ⟦n⟧, constraints: {{required: true}}}}
"""


def edited(text: str) -> str:
    name = "gruppo" if "name: gruppo" in text else "sondaggio"
    return FORM.format(name=name, kind="signup" if name == "gruppo" else "survey")


def test_every_sentence_of_the_service_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with running(tmp_path, make_url(f"sqlite:///{tmp_path}/data/forms.db"), lambda: now, edited) as service:
        speak_marked(monkeypatch)
        ada = Respondent(service)
        pages = {code: service.pages.obstacle(code, LANGUAGE).get_data(as_text=True) for code in OBSTACLES}
        given = {"_key": KEY, "_lang": LANGUAGE, "nomo": "1", "posto": "1@example.org", "jes": "true"}
        receipt = ada.post("/forms/gruppo", given)
        pages["receipt"] = ada.browser.get(receipt).text
        (mail,) = ada.mails()
        asked = link(mail, "confirm")
        pages["confirm"] = ada.browser.get(asked).text
        pages["confirmed"] = ada.browser.get(ada.post(asked)).text
        pages["form"] = ada.browser.get(f"/forms/gruppo?lang={LANGUAGE}").text
        wrong = ada.browser.post("/forms/gruppo", data={**given, "posto": "x"}, headers={"Origin": "http://localhost"})
        pages["wrong"] = wrong.text
        for mail in ada.mails():
            for part in ("plain", "html"):
                body = mail.get_body((part,))
                pages[f"mail {mail['Subject']} {part}"] = body.get_content() if body else ""
            pages[f"subject of {mail['Subject']}"] = str(mail["Subject"])
    found = {name: left for name, page in pages.items() if (left := unmarked(page))}
    assert found == {}
