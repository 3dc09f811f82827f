"""Every problem in one run: no mistake of a form, or of its translation, hides another."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bacheca.forms.form_files.loading import read_form

SOUND = {
    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
    "name": "prova",
    "title": "Una prova",
    "form:kind": "survey",
    "form:closes": '"2027-06-30"',
}
FIELDS = """\
- {name: figli, title: Hai figli?, type: boolean}
- {name: quanti, title: Quanti?, type: integer, constraints: {minimum: 1, maximum: 20}}
- name: colore
  title: Che colore?
  type: string
  categories:
  - {value: rosso, label: Rosso}
  - {value: blu, label: Blu}
- {name: peso, title: Quanto pesa?, type: number}
- {name: giorno, title: Che giorno?, type: date}
- {name: cap, title: Che CAP?, type: string, description: Cinque cifre., constraints: {maxLength: 9}}
- {name: ultimo, title: E poi?, type: string}
"""
OF_FORM = {
    "form:kind: survey": ("form:kind: concorso", "NOT_ONE_OF"),
    "title: Una prova": ("title: 2027", "NOT_TEXT"),
    '"2027-06-30"': ("30/06/2027", "FORM_DATE"),
    "name: prova": ("name: altra", "FORM_NAME"),
    "title: Hai figli?, type": (
        "title: Hai figli?, form:showIf: {field: ultimo, answered: true}, type",
        "SHOWIF_LATER",
    ),
    "title: Quanti?": ("title: 5", "NOT_TEXT"),
    "minimum: 1,": ("minimum: uno,", "CONSTRAINT_BOUND"),
    "maximum: 20": ("maximum: '20'", "CONSTRAINT_BOUND"),
    "value: rosso": ("value: 1e5", "CODE"),
    "label: Blu": ("label: 5", "NOT_TEXT"),
    "name: peso": ("name: Pèso", "FIELD_NAME"),
    "type: number": ("type: numbr", "FIELD_KIND"),
    "type: date": ("type: date, form:colore: verde", "UNKNOWN_KEY"),
    "maxLength: 9": ("maxLength: nove", "CONSTRAINT_NUMBER"),
    "title: E poi?": ("title: E poi?, form:showIf: {field: colore, equals: verde}", "SHOWIF_UNREACHABLE"),
    "name: ultimo, title": ("name: ultimo, form:privacy: segreto, title", "NOT_ONE_OF"),
}
WORDS = """\
title: A trial
fields:
- {name: figli, title: Children?}
- {name: quanti, title: How many?}
- name: colore
  title: Which colour?
  categories: [{value: rosso, label: Red}, {value: blu, label: Blue}]
- {name: peso, title: How heavy?}
- {name: giorno, title: Which day?}
- {name: cap, title: Which postcode?, description: Five digits.}
- {name: ultimo, title: And then?}
form:translates: {}
"""
OF_WORDS = {
    "title: A trial": ("title: 5", "NOT_TEXT"),
    "title: Children?": ("title: Children?, type: boolean", "TRANSLATION_MORE"),
    ", label: Red": (", label: 7", "NOT_TEXT"),
    "value: blu": ("value: verde", "TRANSLATION_LACKS"),
    "name: giorno": ("name: giorni", "TRANSLATION_NAME"),
    ", description: Five digits.": ("", "TRANSLATION_LACKS"),
    "title: And then?": ("title: 'And: then", "YAML_QUOTE"),
}


def written(folder: Path, form: list[str], words: list[str]) -> list[str]:
    text = "".join(f"{key}: {value}\n" for key, value in SOUND.items()) + "fields:\n" + FIELDS
    said = WORDS
    for mistake in form:
        assert mistake in text
        text = text.replace(mistake, OF_FORM[mistake][0], 1)
    for mistake in words:
        assert mistake in said
        said = said.replace(mistake, OF_WORDS[mistake][0], 1)
    (folder / "prova.yaml").write_text(text, encoding="utf-8")
    (folder / "prova.en.yaml").write_text(said, encoding="utf-8")
    _, problems = read_form(folder / "prova.yaml", [folder / "prova.en.yaml"])
    return sorted(problem.code for problem in problems if problem.code != "TRANSLATION_STALE")


def test_without_mistakes_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert written(tmp_path, [], []) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(sorted(OF_FORM)), unique=True, max_size=8),
    st.lists(st.sampled_from(sorted(OF_WORDS)), unique=True, max_size=4),
)
def test_every_mistake_is_told_in_one_run(tmp_path: Path, form: list[str], words: list[str]) -> None:
    if {"name: peso"} <= set(form):  # the translation then means a name that is not there
        form = [mistake for mistake in form if mistake != "name: peso"]
    wanted = sorted([OF_FORM[mistake][1] for mistake in form] + [OF_WORDS[mistake][1] for mistake in words])
    found = written(tmp_path, form, words)
    for code in set(wanted):
        assert found.count(code) >= wanted.count(code), (wanted, found)


@pytest.mark.parametrize("mistake", OF_FORM)
def test_a_mistake_makes_no_other(tmp_path: Path, mistake: str) -> None:
    folder = tmp_path
    found = written(folder, [mistake], [])
    assert [code for code in found if not code.startswith("TRANSLATION_")] == [OF_FORM[mistake][1]]


def test_a_form_that_cannot_be_read_hides_nothing_of_its_translation(tmp_path: Path) -> None:
    (tmp_path / "prova.yaml").write_text("? : -\n", encoding="utf-8")
    (tmp_path / "prova.en.yaml").write_text(WORDS.replace("title: A trial", "titolo: A"), encoding="utf-8")
    _, problems = read_form(tmp_path / "prova.yaml", [tmp_path / "prova.en.yaml"])
    assert [problem.code for problem in problems] == ["FORM_YAML", "TRANSLATION_MORE"]
