"""What a condition asks is said so that nobody needs a script to know whether to answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bacheca.forms import Form
from bacheca.forms.definition.form import form_of_source
from bacheca.forms.definition.when_to_answer import when_to_answer

Written = Callable[..., Form]
ASKED = """
- name: luogo
  title: Dove?
  type: string
  categories: [{value: casa, label: Casa}, {value: mare, label: Mare}, {value: boh, label: Altrove}]
- {name: ore, title: Ore, type: number}
- {name: dal, title: Dal, type: date}
- {name: mese, title: Mese, type: yearmonth}
- {name: nota, title: Nota, type: string}
"""
WORDS = {
    "title": "A form",
    "fields": [
        {
            "name": "luogo",
            "title": "Where?",
            "categories": [{"value": "casa", "label": "Home"}, {"value": "mare", "label": "Sea"}],
        },
        {"name": "ore", "title": "Hours"},
        {"name": "dal", "title": "From"},
        {"name": "mese", "title": "Month"},
        {"name": "nota", "title": "Note"},
        {"name": "poi", "title": "Then"},
    ],
}
CASA = "{field: luogo, equals: casa}"
TOLD = {
    "{field: luogo, in: [casa, mare]}": (
        "Rispondi solo se a «Dove?» hai risposto «Casa» o «Mare».",
        "Answer only if you chose “Home” or “Sea” for “Where?”.",
    ),
    "{not: {field: luogo, in: [casa, mare]}}": (
        "Rispondi solo se a «Dove?» non hai risposto «Casa» o «Mare».",
        "Answer only if you did not choose “Home” or “Sea” for “Where?”.",
    ),
    "{not: {field: nota, answered: false}}": (
        "Rispondi solo se hai risposto a «Nota».",
        "Answer only if you answered “Note”.",
    ),
    "{field: ore, atLeast: 2.5}": (
        "Rispondi solo se a «Ore» hai risposto 2,5 o più.",
        "Answer only if you answered “Hours” with 2.5 or more.",
    ),
    "{field: ore, atLeast: 2, atMost: 1000}": (
        "Rispondi solo se a «Ore» hai risposto da 2 a 1.000.",
        "Answer only if you answered “Hours” with something from 2 to 1,000.",
    ),
    "{field: ore, atLeast: 2, atMost: 2}": (
        "Rispondi solo se a «Ore» hai risposto 2.",
        "Answer only if you answered “Hours” with 2.",
    ),
    "{not: {field: ore, atMost: 2}}": (
        "Rispondi solo se a «Ore» non hai risposto 2 o meno.",
        "Answer only if you did not answer “Hours” with 2 or less.",
    ),
    "{field: dal, atLeast: 2027-06-03}": (
        "Rispondi solo se a «Dal» hai risposto 3 giugno 2027 o dopo.",
        "Answer only if you answered “From” with 3 June 2027 or later.",
    ),
    "{field: mese, atMost: 2027-06}": (
        "Rispondi solo se a «Mese» hai risposto giugno 2027 o prima.",
        "Answer only if you answered “Month” with June 2027 or earlier.",
    ),
    f"{{all: [{CASA}, {{field: nota, answered: true}}, {{field: ore, answered: false}}]}}": (
        "Rispondi solo se a «Dove?» hai risposto «Casa», hai risposto a «Nota» e non hai risposto a «Ore».",
        "Answer only if you chose “Home” for “Where?”, you answered “Note” and you did not answer “Hours”.",
    ),
    f"{{not: {{all: [{CASA}, {{field: nota, answered: true}}]}}}}": (
        "Rispondi solo se a «Dove?» non hai risposto «Casa» oppure non hai risposto a «Nota».",
        "Answer only if you did not choose “Home” for “Where?” or you did not answer “Note”.",
    ),
    f"{{all: [{CASA}, {{any: [{{field: ore, atLeast: 2}}, {{field: nota, answered: true}}]}}]}}": (
        "Rispondi solo se a «Dove?» hai risposto «Casa»; e inoltre se a «Ore» hai risposto 2 o più oppure hai risposto"
        " a «Nota».",
        "Answer only if you chose “Home” for “Where?”; and also if either you answered “Hours” with 2 or more or you"
        " answered “Note”.",
    ),
    f"{{any: [{CASA}, {{all: [{{field: ore, atLeast: 2}}, {{field: nota, answered: true}}]}}]}}": (
        "Rispondi solo se a «Dove?» hai risposto «Casa»; oppure se a «Ore» hai risposto 2 o più e hai risposto a"
        " «Nota».",
        "Answer only if you chose “Home” for “Where?”; or else if you answered “Hours” with 2 or more and you answered"
        " “Note”.",
    ),
}


def in_two_languages(written: Written, fields: str) -> Form:
    return form_of_source({**written(fields).source(), "translations": {"en": WORDS}})


@pytest.mark.parametrize(("condition", "said"), TOLD.items(), ids=TOLD)
def test_a_condition_is_said_in_words(written: Written, condition: str, said: tuple[str, str]) -> None:
    form = in_two_languages(written, f"{ASKED}- {{name: poi, title: Poi, type: string, form:showIf: {condition}}}")
    assert tuple(when_to_answer(form, form.field("poi"), language) for language in ("it", "en")) == said


def test_the_condition_of_a_section_is_said_before_that_of_the_question(written: Written) -> None:
    section = f"form:section: {{title: Poi, form:showIf: {CASA}}}"
    last = f"- {{name: poi, title: Poi, type: string, {section}, form:showIf: {{field: nota, answered: true}}}}"
    form = in_two_languages(written, ASKED + last)
    assert when_to_answer(form, form.field("poi"), "it") == (
        "Rispondi alle domande di questa sezione solo se a «Dove?» hai risposto «Casa»."
        " Rispondi solo se hai risposto a «Nota»."
    )
