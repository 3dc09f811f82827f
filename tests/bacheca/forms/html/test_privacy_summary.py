"""`bacheca.forms.html.privacy_summary`: what forms promise, in the words of a page."""

from __future__ import annotations

from bacheca.forms.definition.privacy import DAYS_TO_CONFIRM
from bacheca.forms.html.form_page import TEMPLATES
from bacheca.forms.html.privacy_summary import render_promises
from tests.bacheca.forms.conftest import HEAD, Written

SIGNUP = HEAD.replace("survey", "signup")
EMAIL = "- {name: email, title: E-mail, type: string, format: email, constraints: {required: true}}"


def test_how_many_days_a_sign_up_waits_is_said_and_written_in_no_template(written: Written) -> None:
    form = written(EMAIL, SIGNUP)
    assert "cancelliamo tutto dopo 14 giorni." in render_promises([form], "it")
    assert [file.name for file in TEMPLATES.rglob("*.html") if f"{DAYS_TO_CONFIRM} day" in file.read_text()] == []
