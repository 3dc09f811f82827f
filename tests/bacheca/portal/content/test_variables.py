"""A page says how long the answers to a form are kept by naming the form, whose file says it once."""

from __future__ import annotations

import pytest

from tests.bacheca.portal.build.test_stage import staged
from tests.bacheca.portal.conftest import FORM, FORM_EN, Sketch

KEPT = FORM.replace("form:publish", "form:keep: 24 months\nform:publish")


def test_a_page_says_what_the_form_promises_in_its_own_language(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.yaml", KEPT)
    for language in ("it", "en"):
        sketch.page(f"{language}/a.md", "{{ form.prova.keep }}.\n", translation="a")
    assert sketch.said() == []
    assert staged(sketch, "it/pages/a.md")[1] == "24 mesi.\n"
    assert staged(sketch, "en/pages/a.md")[1] == "24 months.\n"


def test_a_page_says_when_a_form_closes_and_what_is_not_shown_of_it(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.yaml", KEPT.replace("form:publish", 'form:closes: "2027-06-30"\nform:publish', 1))
    told = "{{ form.prova.closes }}, {{ form.prova.threshold }}, {{ forms.days_to_confirm }}"
    for language in ("it", "en"):
        sketch.page(f"{language}/a.md", f"{told}.\n", translation="a")
    assert sketch.said() == []
    assert staged(sketch, "it/pages/a.md")[1] == "30 giugno 2027, 5, 14 giorni.\n"
    assert staged(sketch, "en/pages/a.md")[1] == "30 June 2027, 5, 14 days.\n"


ASKED = """\
- {name: posta, title: La tua e-mail, type: string, format: email, constraints: {required: true}}
- {name: lettera, title: Voglio la lettera, type: boolean, form:widget: consent, form:notice: Potete scrivermi.}
"""
ASKED_EN = """\
- {name: posta, title: Your e-mail}
- {name: lettera, title: I want the letter, form:notice: You may write to me.}
"""


def test_a_privacy_page_tells_each_form_as_its_file_has_it(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.yaml", KEPT + ASKED)
    sketch.write("content/forms/prova.en.yaml", FORM_EN.partition("form:translates")[0] + ASKED_EN)
    sketch.page("it/a.md", "{{ forms.promises }}\n", translation="a")
    told = staged(sketch, "it/pages/a.md")[1]
    assert "Che cosa dice chi sei: La tua e-mail; " in told
    assert "con una casella a parte: Voglio la lettera (facoltativo).</li>" in told
    assert "per 24 mesi dal giorno" in told
    assert "\n\n" not in told.strip()


@pytest.mark.parametrize(
    "name", ["form.prova.keep", "form.altra.keep", "form.prova.title", "form.prova.closes", "fact.none"]
)
def test_a_promise_that_no_form_makes_is_a_problem(sketch: Sketch, name: str) -> None:
    sketch.page("it/a.md", f"{{{{ {name} }}}}\n", translation="a")
    assert f"SETTING_UNKNOWN {name}" in sketch.said()[0]


def test_of_a_form_that_cannot_be_used_only_its_own_problem_is_said(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.yaml", KEPT.replace("24 months", "due anni"))
    sketch.page("it/a.md", "{{ form.prova.keep }}\n", translation="a")
    assert [" FORM_KEEP " in line for line in sketch.said()] == [True]
