"""No page and no mail of the service says anything that is not in the catalogues, or in the form."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from forms_server.__main__ import main
from forms_server.messages import OBSTACLES
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.test_posting import KEY
from tests.pseudo import LANGUAGE, speak_marked, unmarked, without_marks

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


COMMANDS = (
    "status",
    "export --xlsx --excel-csv --sav",
    "verify",
    "reconcile",
    "publish-results",
    "quarantine",
    "secret-keys",
    "keys",
    "accounts",
    "audit",
    "purge",
    "send-mail --again",
    "raise-rate-limit --form sondaggio --to 200/minute",
    "load-form forms/gruppo.yaml",
    "backup copy",
    "verify copy",
    "restore copy",
    "comments nenio",
    "quarantine gruppo x --release",
    "export-person x",
    "erase-person 1@example.org --yes",
)
"""What operators type; what is wrong with some of it is said, too."""

WORD = re.compile(r"[^\W\d_]{2,}")

FOR_PROGRAMS = re.compile(
    r"\b(?:gruppo|sondaggio|nenio|posto|copy|forms|sqlite|data|packages|responses|datapackage|excel)\b|\.[a-z]+"
    r"|main [a-z-]+ .*|Try '.*|Error: |\{.*|[0-9a-f]{12,}|\d+/minute|UTC|--?[a-z-]+"
)
"""Names of forms and files, how a command is typed, what click itself says, and what is JSON."""


def test_every_sentence_of_a_command_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    url = f"sqlite:///{tmp_path}/data/forms.db"
    with running(tmp_path, make_url(url), lambda: now, edited) as service:
        Respondent(service).post(
            "/forms/gruppo", {"_key": KEY, "_lang": LANGUAGE, "nomo": "1", "posto": "1@example.org", "jes": "true"}
        )
    speak_marked(monkeypatch)
    monkeypatch.chdir(tmp_path)
    environ = {
        "FORMS_DATABASE_URL": url,
        "FORMS_DATA": str(tmp_path / "data"),
        "FORMS_CONTENT": str(service.settings.content),
        "FORMS_SITE": "",
        "LANGUAGE": LANGUAGE,
    }
    told = {words: CliRunner().invoke(main, words.split(), env=environ) for words in COMMANDS}
    assert [words for words, done in told.items() if not isinstance(done.exception, SystemExit | None)] == []
    said = {words: without_marks(done.output.replace(str(tmp_path), "")) for words, done in told.items()}
    assert {words: left for words, text in said.items() if WORD.search(left := FOR_PROGRAMS.sub("", text))} == {}
    assert sum(bool(done.output) for done in told.values()) > 15
