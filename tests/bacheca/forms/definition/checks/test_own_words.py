"""`checks/own_words`: the words of a form's own, in its file and in its translations."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bacheca.forms import Form
from bacheca.forms.definition.checks.translation import marks_of
from bacheca.forms.definition.evolution import Verdict, changes_since
from bacheca.forms.form_files.loading import read_form, read_forms
from tests.bacheca.forms.conftest import HEAD, as_form

EMAIL = "- {name: email, title: E-mail, type: string, format: email, constraints: {required: true}}"
SIGNUP = HEAD.replace("survey", "signup")
WORDS = """\
form:button: Mi iscrivo
form:afterwards: {title: Grazie, text: A *presto*., page: contatti/}
form:mail: {subject: "Conferma: {title}", text: "Ci vediamo {when}, {where}."}
form:remind: 2 days
"""
ENGLISH = """\
title: A test
form:button: Sign me up
form:afterwards: {title: Thanks, text: See *you*., page: contacts/}
form:mail: {subject: "Confirm: {title}", text: "See you {when}, {where}."}
fields:
- {name: email, title: E-mail}
"""


def codes(folder: Path, head: str, english: str = "") -> list[str]:
    (folder / "prova.yaml").write_text(as_form(EMAIL, head), encoding="utf-8")
    if english:
        (folder / "prova.en.yaml").write_text(english, encoding="utf-8")
    return [problem.code for problem in read_forms(folder)[1] if problem.stops]


def form(folder: Path, head: str) -> Form:
    (folder / "prova.yaml").write_text(as_form(EMAIL, head), encoding="utf-8")
    found, _ = read_form(folder / "prova.yaml", [])
    assert found
    return found


def test_a_form_may_have_all_its_words_in_each_language(tmp_path: Path) -> None:
    assert codes(tmp_path, SIGNUP + WORDS, ENGLISH) == []
    made = read_forms(tmp_path)[0]["prova"]
    assert made.remind is not None
    assert made.remind.count == 2
    assert [made.wording(language).button for language in ("it", "en")] == ["Mi iscrivo", "Sign me up"]
    assert made.wording("en").after_page == "contacts/"
    assert made.wording("it").mail_subject == "Conferma: {title}"


@pytest.mark.parametrize("missing", ["form:button", "form:afterwards", "form:mail"])
def test_words_that_are_not_translated_are_missing(tmp_path: Path, missing: str) -> None:
    english = yaml.safe_load(ENGLISH)
    count = len(english[missing]) if isinstance(english[missing], dict) else 1
    del english[missing]
    assert codes(tmp_path, SIGNUP + WORDS, yaml.safe_dump(english)) == ["TRANSLATION_LACKS"] * count


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("form:mail: {subject: 'Hi {name}'}", "MAIL_PLACEHOLDER"),
        ('form:mail: {subject: "Hi\\r\\nBcc: x@example.org"}', "WORDS_LINES"),
        (f"form:button: {'x' * 61}", "WORDS_LONG"),
        ("form:mail: Hi", "WORDS_SHAPE"),
    ],
)
def test_what_holds_of_the_words_of_a_form_holds_of_their_translation(tmp_path: Path, said: str, code: str) -> None:
    english = "".join(line + "\n" for line in ENGLISH.splitlines() if line.split(":")[1] != said.split(":")[1])
    assert code in codes(tmp_path, SIGNUP + WORDS, english + said)


def test_a_subject_is_one_header(tmp_path: Path) -> None:
    for said in ("a\\r\\nBcc: x@example.org", "a\\n b", "a\\u2028b", "a\\x85b"):
        assert codes(tmp_path, SIGNUP + f'form:mail: {{subject: "{said}"}}\n') == ["WORDS_LINES"]


def test_other_words_are_the_same_version(tmp_path: Path) -> None:
    plain, spoken = form(tmp_path, SIGNUP), form(tmp_path, SIGNUP + WORDS)
    changes = changes_since([plain], spoken)
    assert plain.version == spoken.version
    assert {(change.verdict, change.code) for change in changes} == {
        (Verdict.COMPATIBLE, "form-reworded"),
        (Verdict.COMPATIBLE, "form-changed"),
    }


def test_translations_marked_before_a_form_had_such_words_stay_as_they_are() -> None:
    entry = {"title": "Una prova", "fields": [{"name": "x", "title": "X"}]}
    before = {"$form": "f14b3bd5", "x": "bfb4db4e"}
    assert marks_of(entry) == before
    assert marks_of({**entry, "form:button": "Vai"})["$form"] != before["$form"]
