"""No page of a form says anything that is not in the catalogues, or in the form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.forms import Form, load_form, read_submission, render_answers, render_check, render_form
from tests.pseudo import LANGUAGE, speak_marked, unmarked

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: x
title: ⟦T⟧
form:kind: survey
form:publish: results
form:language: eo
form:zone: Asia/Tokyo
form:keep: 24 months
form:opens: "2027-01-01"
form:closes: "2027-06-30"
fields:
- {name: a, title: ⟦a⟧, type: string, constraints: {required: true}}
- {name: b, title: ⟦b⟧, type: string, form:widget: textarea, form:section: ⟦s⟧}
- {name: c, title: ⟦c⟧, type: integer, form:widget: scale, form:ends: {low: ⟦l⟧, high: ⟦h⟧}}
- name: d
  title: ⟦d⟧
  type: string
  form:other: true
  categories: [{value: x, label: ⟦x⟧}, {value: y, label: ⟦y⟧}]
- name: e
  title: ⟦e⟧
  type: list
  form:choose: {min: 1, max: 2}
  form:showIf: {field: d, equals: x}
  categories: [{value: x, label: ⟦x⟧}, {value: y, label: ⟦y⟧}, {value: z, label: ⟦z⟧}]
- {name: f, title: ⟦f⟧, type: list, form:widget: ranking, categories: [{value: x, label: ⟦x⟧}, {value: y, label: ⟦y⟧}]}
- {name: g, title: ⟦g⟧, type: boolean}
- {name: i, title: ⟦i⟧, type: string, format: email}
- {name: j, title: ⟦j⟧, type: string, form:widget: tel}
- {name: k, title: ⟦k⟧, type: string, format: uri}
- {name: m, title: ⟦m⟧, type: number, constraints: {minimum: 1, maximum: 9}}
- {name: n, title: ⟦n⟧, type: boolean, form:widget: consent, form:notice: ⟦n⟧, constraints: {required: true}}
"""
WRONG = {"a": [""], "c": ["99"], "i": ["no"], "j": ["no"], "k": ["a b"], "m": ["x"], "e": ["x", "y", "z"], "d": ["q"]}


@pytest.fixture
def form(tmp_path: Path) -> Form:
    (tmp_path / "x.yaml").write_text(FORM, encoding="utf-8")
    return load_form(tmp_path / "x.yaml")


PAGES: dict[str, Callable[[Form], str]] = {
    "form": lambda form: render_form(form, LANGUAGE, action="/x", mail_to="1@2.3", withdraw="/w", seed=1),
    "problems": lambda form: render_form(
        form, LANGUAGE, action="/x", posted=WRONG, problems=read_submission(form, WRONG, LANGUAGE)[1]
    ),
    "early": lambda form: render_form(form, LANGUAGE, action="/x", early=True),
    "closed": lambda form: render_form(form, LANGUAGE, action="/x", closed=True),
    "full": lambda form: render_form(form, LANGUAGE, action="/x", full=True),
    "check": lambda form: render_check(form, LANGUAGE, action="/x", posted={"a": ["1"]}, cells={"a": "1"}, key="k"),
    "answers": lambda form: render_answers(form, LANGUAGE, {"g": "true", "c": "3"}, masked=True),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_sentence_of_a_page_of_a_form_is_marked(monkeypatch: pytest.MonkeyPatch, form: Form, page: str) -> None:
    speak_marked(monkeypatch)
    assert unmarked(PAGES[page](form)) == []
