"""What comes back by e-mail is what was answered, whatever programs and people did to the text."""

from __future__ import annotations

import re
import textwrap
import time
from collections.abc import Callable

import pytest

from bacheca.forms import Form, limits, read_response
from bacheca.forms.errors import LetterRefused
from bacheca.forms.submission.mail_parser import copies_of, holds_text, read_copy
from bacheca.forms.submission.mail_template import mail_lines, mail_text
from tests.bacheca.forms.kinds.examples import EXAMPLES, Example

Written = Callable[..., Form]
Cells = dict[str, str]

FORM = """
- name: colore
  title: "Dov'è l'ufficio \\"vero\\" – quello…?"
  type: string
  form:section: Chi sei
  categories: [{value: s, label: Sì}, {value: ss, label: "Sì, spesso, e anche quando non ce ne sarebbe bisogno"}]
  missingValues: [{value: "", label: Niente}, {value: boh, label: Non so}]
- {name: perche, title: Perché?, type: string, form:widget: textarea, form:showIf: {field: colore, equals: s}}
- {name: nome, title: Nome, type: string}
- name: si
  title: Acconsento
  type: boolean
  form:widget: consent
  form:notice: "Potete scrivermi; l'ho letto."
- {name: email, title: E-mail, type: string, format: email}
- {name: fine, title: Altro, type: string, form:widget: textarea}
"""
ANSWERS = {
    "colore": ["s"],
    "perche": ["Una riga\n\n2. un'altra [forse]"],
    "nome": ["Ada"],
    "si": ["true"],
    "email": ["ada@example.org"],
    "fine": ["Da: me\nIl giorno dopo"],
}


def smart(text: str) -> str:
    return re.sub(r'"(?=\w)', "“", text.replace("'", "’").replace("...", "…").replace("–", "-")).replace('"', "”")


def wrapped(text: str) -> str:
    """Fold long lines of ours as mail programs do; answers, which begin with the mark, are left alone."""
    return "\n".join(line if ">>" in line else textwrap.fill(line, 30) for line in text.split("\n"))


MANGLED: dict[str, Callable[[str], str]] = {
    "as it was written": lambda text: text,
    "a greeting above and a signature below": lambda text: f"Ciao!\nEcco:\n\n{text}\n\n-- \nAda\n> coda",
    "quoted": lambda text: "Rispondo.\n" + re.sub("(?m)^", "> ", text) + "\nA presto",
    "quoted without blanks": lambda text: re.sub("(?m)^", ">", text),
    "quoted twice": lambda text: re.sub("(?m)^", "> > ", text),
    "trailing blanks cut": lambda text: re.sub("(?m) +$", "", text),
    "smart quotes": smart,
    "shouted": lambda text: re.sub(r"(?m)^\[(.)\] (.*)$", lambda m: f"[{m[1].upper()}] {m[2].upper()}", text),
    "marks of other kinds": lambda text: re.sub(r"(?m)^\[x\]", "( ✓ )", re.sub(r"(?m)^\[ \]", "[]", text)),
    "folded": wrapped,
    "folded and quoted": lambda text: re.sub("(?m)^", "> ", wrapped(text)),
    "guillemets for the mark": lambda text: re.sub("(?m)>>", "»", text),
    "blank lines doubled": lambda text: re.sub(r"(?m)^(\d+\..*)$", r"\n\1\n", text),
    "the empty form beneath": lambda text: text + "\n\n" + re.sub("(?m)^", "> ", re.sub(r"\[x\]|(?<=>> ).*", "", text)),
    "the last line lost, a phone's signature": lambda text: text[: text.rindex("[/")] + "\nInviato da iPhone\n",
}
every_mangling = pytest.mark.parametrize("mangle", MANGLED.values(), ids=MANGLED.keys())
every_kept = pytest.mark.parametrize(
    ("example", "cells"),
    [
        pytest.param(example, cells, id=f"{name}-{i}")
        for name, example in EXAMPLES.items()
        for i, (_, cells) in enumerate(example.kept)
    ],
)


def read(form: Form, text: str) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    (copy,) = copies_of(text)
    assert (copy.form, copy.language, copy.version) == (form.name, "it", form.version)
    posted, problems = read_copy(form, copy)
    return posted, [(problem.code, problem.field) for problem in problems]


@every_kept
def test_an_answer_of_every_kind_comes_back(written: Written, example: Example, cells: Cells) -> None:
    form = written(example.written)
    field = form.fields[0]
    sent = mail_text(mail_lines(form, "it", field.posted(cells)))
    expected = {n: cell.strip() for n, cell in cells.items() if field.asks and not n.endswith("__seed")}
    for how, mangle in MANGLED.items():
        posted, problems = read(form, mangle(sent))
        assert problems == [], how
        again, _ = read_response(form, posted, "it")
        if mangle is not smart:  # people's own quotes are theirs
            assert {name: again.cells[name].strip() for name in expected} == expected, how


@every_mangling
def test_a_whole_form_comes_back(written: Written, mangle: Callable[[str], str]) -> None:
    form = written(FORM)
    posted, problems = read(form, mangle(mail_text(mail_lines(form, "it", ANSWERS))))
    assert problems == []
    if mangle not in (smart, wrapped, MANGLED["folded and quoted"]):
        if mangle is MANGLED["blank lines doubled"]:  # inside the answer too
            posted["perche"] = ANSWERS["perche"]
        assert posted == ANSWERS


@every_mangling
def test_an_unanswered_form_comes_back_without_answers(written: Written, mangle: Callable[[str], str]) -> None:
    form = written(FORM)
    assert read(form, mangle(mail_text(mail_lines(form, "it", {})))) == ({}, [])


def filled(form: Form, **changes: str) -> str:
    """Give the text of an empty form with changes made by hand."""
    text = mail_text(mail_lines(form, "it", {}))
    for name, change in changes.items():
        before, _, after = text.partition(f"[{name}]\n")
        text = f"{before}[{name}]\n{change.format(*after.partition(chr(10) * 2))}"
    return text


@pytest.mark.parametrize(
    ("by_hand", "read_as"),
    [
        ({"nome": "Ada{1}{2}"}, {"nome": ["Ada"]}),  # the mark was deleted
        ({"nome": ">>\nAda\n{1}{2}"}, {"nome": ["Ada"]}),
        ({"nome": "> Ada{1}{2}"}, {"nome": ["Ada"]}),
        ({"nome": ">> Ada\n  Prova{1}{2}"}, {"nome": ["Ada Prova"]}),
        ({"colore": "Sì{1}{2}"}, {"colore": ["s"]}),
        ({"colore": "{0}\nnon so{1}{2}"}, {"colore": ["boh"]}),
        ({"colore": "[x] Sì{1}{2}"}, {"colore": ["s"]}),  # the others were deleted
        ({"email": ">> ada@example.org{1}{2}"}, {"email": ["ada@example.org"]}),
        ({"perche": "{0} a\n> b\n\nc{1}{2}"}, {"perche": ["a\n> b\n\nc"]}),
    ],
)
def test_what_people_do_by_hand_is_understood(
    written: Written, by_hand: dict[str, str], read_as: dict[str, list[str]]
) -> None:
    form = written(FORM)
    assert read(form, filled(form, **by_hand)) == (read_as, [])


@pytest.mark.parametrize(
    ("by_hand", "code"),
    [
        ({"colore": "{0}\nuna via di mezzo{1}{2}"}, ("mail-unread", "colore")),
        ({"colore": "[x] Altro\n{0}{1}{2}"}, ("mail-unread", "colore")),
        ({"colore": "[forse] Sì{1}{2}"}, ("mail-unread", "colore")),
        ({"colore": "x [ ] Sì{1}{2}"}, ("mail-unread", "colore")),
        ({"si": "Acconsento{1}{2}"}, ("mail-unread", "si")),  # a box that is not there is not ticked
        ({"si": "{0} ma non di domenica{1}{2}"}, ("mail-unread", "si")),
    ],
)
def test_words_that_are_no_answer_are_a_problem_and_never_dropped(
    written: Written, by_hand: dict[str, str], code: tuple[str, str]
) -> None:
    form = written(FORM)
    posted, problems = read(form, filled(form, **by_hand))
    assert problems == [code]
    assert posted == {}


def test_a_question_that_is_gone_is_a_problem(written: Written) -> None:
    form = written(FORM)
    text = mail_text(mail_lines(form, "it", {})).replace("3. Nome [nome]\n>> \n", "").replace("[fine]", "")
    assert read(form, text)[1] == [("mail-lacks", "nome"), ("mail-lacks", "fine")]


def test_a_question_whose_words_were_corrected_since_is_found_by_its_name(written: Written) -> None:
    form = written(FORM)
    text = mail_text(mail_lines(form, "it", {"nome": ["Ada"], "perche": ["a\nb"]}))
    posted, problems = read(form, text.replace("3. Nome", "3. Come ti\nchiami?"))
    assert (posted, problems) == ({"nome": ["Ada"], "perche": ["a\nb"]}, [])


def test_answers_typed_between_the_lines_of_a_quoted_form_are_read(written: Written) -> None:
    form = written(FORM)
    quoted = re.sub("(?m)^", "> ", mail_text(mail_lines(form, "it", {})))
    text = quoted.replace("> >> \n", "> >> \nAda\n", 1).replace("> [ ] Sì\n", "> [x] Sì\n")
    assert read(form, text) == ({"colore": ["s"], "perche": ["Ada"]}, [])


def test_a_ranking_whose_labels_are_gone_is_a_problem(written: Written) -> None:
    form = written(EXAMPLES["ranking"].written)
    words = mail_text(mail_lines(form, "it", {})).partition(f"[{form.fields[0].name}]")
    assert [code for code, _ in read(form, "".join(words[:2]) + "\nprima questo, poi quello")[1]] == ["mail-unread"]


def test_more_forms_than_anybody_sends_are_not_looked_at(written: Written) -> None:
    form = written(FORM)
    with pytest.raises(LetterRefused):
        copies_of(f"[prova it {form.version}]" * (limits.LETTER_FORMS + 1))


def test_two_forms_in_one_letter_are_both_found(written: Written) -> None:
    form = written(FORM)
    text = mail_text(mail_lines(form, "it", {"nome": ["Ada"]}))
    copies = copies_of(f"{text}\n{text.replace('Ada', 'Eva')}")
    assert [read_copy(form, copy)[0] for copy in copies] == [{"nome": ["Ada"]}, {"nome": ["Eva"]}]


def test_the_text_agreed_to_is_looked_for_word_by_word(written: Written) -> None:
    form = written(FORM)
    (copy,) = copies_of(smart(mail_text(mail_lines(form, "it", ANSWERS))))
    assert holds_text(copy, form.field("si").words["it"].notice)
    assert not holds_text(copy, "Potete scrivermi e telefonarmi; l'ho letto.")


@pytest.mark.parametrize("text", ["", "Ciao", "[prova it]", "[prova it 123]", "[Prova it 0123456789abcdef]"])
def test_what_is_no_form_holds_none(text: str) -> None:
    assert copies_of(text) == ()


@pytest.mark.parametrize("noise", ["1. a\n", "[x] ", ">> ", " \n", "> ", "[", "[nome]", "il " + "x" * 100 + "\n"])
def test_a_letter_made_to_take_long_does_not(written: Written, noise: str) -> None:
    form = written(FORM)
    names = "".join(f"[{field.name}]\n" for field in form.fields)
    before = time.process_time()
    for text in (names + noise * (200_000 // len(noise)), noise * (200_000 // len(noise))):
        for copy in copies_of(f"[prova it {form.version}]\n{text}"):
            read_copy(form, copy)
    assert time.process_time() - before < 10  # a pattern that looks back takes minutes
