from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from bacheca.forms import Form, read_response, read_submission
from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.submission.read import problems_of_cells

Written = Callable[..., Form]
FORM = """
- {name: a, title: A, type: string, constraints: {required: true}}
- {name: b, title: B, type: integer}
- {name: c, title: C, type: boolean, form:widget: consent, form:notice: Il testo.}
"""
CHAIN = """
- name: figli
  title: Figli
  type: boolean
  missingValues: [{value: "", label: Vuoto}, {value: no-dico, label: Non lo dico}]
- {name: quanti, title: Quanti, type: integer, form:showIf: {field: figli, equals: true}, constraints: {required: true}}
- {name: nomi, title: Nomi, type: string, form:showIf: {field: quanti, answered: true}}
- {name: senza, title: Senza, type: string, form:showIf: {field: quanti, answered: false}}
- {name: riserbo, title: Riserbo, type: string, form:showIf: {field: figli, in: [no-dico]}}
"""


def test_problems_come_in_the_order_of_the_fields_all_of_them(written: Written) -> None:
    _, problems = read_response(written(FORM), {"b": ["x"], "c": ["forse"]}, "it")
    assert [(problem.field, problem.code) for problem in problems] == [
        ("a", "required"),
        ("b", "not-integer"),
        ("c", "agree"),
    ]


def test_what_the_form_does_not_ask_is_ignored(written: Written) -> None:
    form = written(FORM)
    response, problems = read_response(form, {"a": ["x"], "z": ["y"], "_key": ["k"], "a__other": ["?"]}, "it")
    assert problems == ()
    assert list(response.cells) == [column.name for column in form.columns]


def test_a_consent_keeps_the_hash_of_the_exact_text(written: Written) -> None:
    response, _ = read_response(written(FORM), {"a": ["x"], "c": ["true"]}, "it")
    assert [(given.field, given.notice) for given in response.agreements] == [("c", "Il testo.")]
    assert response.cells["c__notice"] == response.agreements[0].notice_hash == hashlib.sha256(b"Il testo.").hexdigest()


def test_a_refused_consent_leaves_no_trace_of_one(written: Written) -> None:
    response, _ = read_response(written(FORM), {"a": ["x"]}, "it")
    assert (response.agreements, response.cells["c"], response.cells["c__notice"]) == ((), "false", "")


def test_the_same_answers_have_the_same_digest_however_they_were_typed(written: Written) -> None:
    form = written(FORM)
    one, _ = read_response(form, {"a": ["perche\u0301 "], "b": ["1.000"]}, "it")
    same, _ = read_response(form, {"b": ["1000"], "a": ["perché"]}, "it")
    other, _ = read_response(form, {"b": ["1001"], "a": ["perché"]}, "it")
    assert one.content_hash == same.content_hash != other.content_hash


def test_what_is_not_shown_is_neither_asked_nor_kept(written: Written) -> None:
    form = written(CHAIN)
    response, problems = read_response(form, {"figli": ["false"], "quanti": ["3"], "nomi": ["Ada"]}, "it")
    assert problems == ()
    assert dict(response.cells) == {
        "figli": "false",
        "quanti": NOT_SHOWN,
        "nomi": NOT_SHOWN,
        "senza": "",
        "riserbo": NOT_SHOWN,
    }
    assert problems_of_cells(form, response.cells) == []


def test_what_is_shown_is_required_where_the_form_says_so(written: Written) -> None:
    _, problems = read_response(written(CHAIN), {"figli": ["true"]}, "it")
    assert [(problem.field, problem.code) for problem in problems] == [("quanti", "required")]


def test_skipped_refused_and_not_shown_are_kept_apart(written: Written) -> None:
    form = written(CHAIN)
    cells = [dict(read_response(form, {"figli": [answer]}, "it")[0].cells) for answer in ("", "no-dico")]
    assert [kept["figli"] for kept in cells] == ["", "no-dico"]
    assert [kept["riserbo"] for kept in cells] == [NOT_SHOWN, ""]


def test_nobody_can_say_themselves_that_a_question_was_not_shown(written: Written) -> None:
    _, problems = read_response(written(CHAIN), {"figli": ["true"], "quanti": ["1"], "nomi": [NOT_SHOWN]}, "it")
    assert [(problem.field, problem.code) for problem in problems] == [("nomi", "reserved")]


def test_kept_cells_that_do_not_hold_are_found(written: Written) -> None:
    assert [problem.field for problem in problems_of_cells(written(FORM), {"a": "", "b": "1,5"})] == ["a", "b"]


ALL_OPTIONAL = """
- {name: da, title: Da dove, type: string, form:widget: hidden}
- {name: figli, title: Figli, type: boolean, missingValues: [{value: no-dico, label: Non lo dico}]}
- {name: quanti, title: Quanti, type: integer, form:showIf: {field: figli, equals: true}}
- {name: temi, title: Temi, type: list, form:shuffle: true, categories: [{value: x, label: X}, {value: y, label: Y}]}
- {name: nota, title: Nota, type: string}
- {name: si, title: Acconsento, type: boolean, form:widget: consent, form:notice: Il testo.}
"""
NOTHING_AT_ALL = {
    "not a word": {},
    "controls left alone": {"figli": [""], "quanti": [""], "nota": [""]},
    "blanks that nobody sees": {"nota": [" \u00a0\u200b\r\n"], "figli": [" "]},
    "where the page was found": {"da": ["newsletter"]},
    "the order of the options": {"temi__seed": ["7"]},
    "an answer to what is not shown": {"quanti": ["3"]},
    "what the form does not ask": {"altro": ["x"], "_key": ["k"]},
    "a consent beside the questions": {"si": ["true"]},
}
SOMETHING = {
    "a reason for not answering": {"figli": ["no-dico"]},
    "a no": {"figli": ["false"]},
    "a word": {"nota": ["0"]},
    "a box": {"temi": ["y"]},
}


@pytest.mark.parametrize("posted", NOTHING_AT_ALL.values(), ids=NOTHING_AT_ALL)
def test_a_response_that_answers_nothing_has_one_problem(written: Written, posted: dict[str, list[str]]) -> None:
    _, problems = read_submission(written(ALL_OPTIONAL), posted, "it")
    assert [(problem.field, problem.code) for problem in problems] == [("figli", "nothing-answered")]


@pytest.mark.parametrize("posted", SOMETHING.values(), ids=SOMETHING)
def test_a_response_that_answers_one_question_has_none(written: Written, posted: dict[str, list[str]]) -> None:
    assert read_submission(written(ALL_OPTIONAL), posted, "it")[1] == ()


def test_where_only_consents_are_asked_one_is_an_answer(written: Written) -> None:
    consent = "- {{name: {0}, title: Acconsento, type: boolean, form:widget: consent, form:notice: Il testo.}}\n"
    form = written(consent.format("a") + consent.format("b"))
    assert read_submission(form, {"b": ["true"]}, "it")[1] == ()
    assert [problem.code for problem in read_submission(form, {}, "it")[1]] == ["nothing-answered"]


def test_nothing_is_told_beside_the_questions_that_tell_it_already(written: Written) -> None:
    form = written(FORM)
    assert [problem.code for problem in read_submission(form, {}, "it")[1]] == ["required"]
    optional = written(ALL_OPTIONAL.replace("Il testo.}", "Il testo., constraints: {required: true}}"))
    assert [problem.code for problem in read_submission(optional, {}, "it")[1]] == ["nothing-answered", "agree"]
    assert [problem.code for problem in read_submission(written(ALL_OPTIONAL), {"temi": ["z"]}, "it")[1]] == [
        "not-a-choice"
    ]


def test_a_form_that_asks_nothing_is_sent_as_it_is(written: Written) -> None:
    form = written("- {name: da, title: Da dove, type: string, form:widget: hidden}")
    assert read_submission(form, {}, "it")[1] == ()
