"""The service, the script of the page and a plain reading of a condition agree on every answer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bacheca.forms import ASSETS, Form, read_response
from bacheca.forms.asking.conditions import condition_of, meaning_of, plain
from bacheca.forms.definition.form import form_of_source
from bacheca.forms.definition.when_to_answer import when_to_answer
from bacheca.forms.html.show_if import months_compared, show_if
from tests.bacheca.forms.conditions import ASKED, NAMES, Answers, is_true, some_answer, some_condition, typed

Written = Callable[..., Form]
SCRIPT = Path(__file__).with_name("script_conditions.cjs")
LANGUAGES = ("it", "en")


class Case:
    """A condition and answers, drawn by chance, in a form that asks all of the questions and one more."""

    def __init__(self, form: Form, chance: Random):
        self.condition = some_condition(chance)
        self.language = chance.choice(LANGUAGES)
        self.answers: Answers = {name: some_answer(name, chance) for name in NAMES}
        said = [pair for name in NAMES for pair in typed(name, self.answers[name], self.language, chance)]
        self.pairs = [*said, ("ultima", "risposta")]
        source = form.source()
        fields = [*source["descriptor"]["fields"][:-1], {**LAST, "form:showIf": self.condition}]
        self.form = form_of_source({**source, "descriptor": {**source["descriptor"], "fields": fields}})

    @property
    def expected(self) -> bool:
        return is_true(self.condition, self.answers)

    def shown_by_the_service(self) -> bool:
        posted: dict[str, list[str]] = {}
        for name, value in self.pairs:
            posted.setdefault(name, []).append(value)
        response, problems = read_response(self.form, posted, self.language)
        assert not problems
        return response.cells["ultima"] == "risposta"

    def for_the_script(self) -> dict[str, object]:
        condition = self.form.field("ultima").condition
        assert condition is not None
        months = months_compared(self.form, self.language)
        return {"showIf": show_if(self.form, condition), "months": months, "posted": self.pairs}


LAST = {"name": "ultima", "title": "Ultima?", "type": "string"}
WORDS = {
    "title": "A form",
    "fields": [{"name": name, "title": f"{name}?"} for name in (*NAMES, "ultima")],
}


@pytest.fixture
def asked(written: Written) -> Form:
    """Load the form of all questions, in both languages."""
    form = written(f"{ASKED}- {{name: ultima, title: Ultima?, type: string}}")
    return form_of_source({"descriptor": form.source()["descriptor"], "translations": {"en": WORDS}})


@settings(max_examples=200, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.integers(0, 10**9))
def test_the_service_shows_what_a_plain_reading_shows(asked: Form, seed: int) -> None:
    case = Case(asked, Random(seed))
    assert case.shown_by_the_service() is case.expected


def test_the_script_that_ships_shows_what_the_service_shows(asked: Form) -> None:
    cases = [Case(asked, Random(seed)) for seed in range(400)]
    script = (ASSETS / "form.js").read_text(encoding="utf-8")
    sent = json.dumps({"script": script, "cases": [case.for_the_script() for case in cases]})
    shown = json.loads(subprocess.check_output(["node", str(SCRIPT)], input=sent, text=True))
    differing = [
        (case.condition, case.pairs, case.language)
        for case, is_shown in zip(cases, shown, strict=True)
        if is_shown != case.expected
    ]
    assert differing == []
    assert 100 < sum(shown) < 300


@settings(max_examples=200, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.integers(0, 10**9))
def test_every_condition_is_said_in_words_and_what_means_the_same_is_said_alike(asked: Form, seed: int) -> None:
    case = Case(asked, Random(seed))
    field = case.form.field("ultima")
    said = {language: when_to_answer(case.form, field, language) for language in LANGUAGES}
    assert said["it"].startswith("Rispondi solo se ")
    assert said["en"].startswith("Answer only if ")
    for sentence in said.values():
        assert sentence.endswith(".")
        assert "{" not in sentence
    assert field.condition is not None
    assert meaning_of(plain(field.condition)) == meaning_of(field.condition)
    assert meaning_of(condition_of({"form:showIf": {"not": {"not": case.condition}}})) == meaning_of(field.condition)
