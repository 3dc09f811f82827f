"""`bacheca.portal.simulation.run`: forms, walked through the real service."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from click.testing import CliRunner

from bacheca.forms.simulation.respondents import Branch
from bacheca.portal.commands import preview
from bacheca.portal.commands.build import main
from bacheca.portal.simulation.report import lines_of
from bacheca.portal.simulation.run import Walk, walk
from tests.bacheca.portal.conftest import FORM, Sketch
from tests.portal import FORMS

pytestmark = pytest.mark.long

ALWAYS = """\
- name: voto
  title: Un voto
  type: boolean
  constraints: {required: true}
- name: seguito
  title: Perché?
  type: string
  form:showIf: {field: voto, in: [true, false]}
- name: codice
  title: Un codice
  type: string
  form:showIf: {field: voto, equals: true}
  constraints: {minLength: 5, pattern: "[0-9]{3}"}
"""

ABROAD = "form:language: de\nform:zone: America/Halifax"
"""A form of another language and place than its community's."""


def kept(walks: list[Walk], more: list[Walk]) -> list[Walk]:
    """Keep account of what the command is given."""
    walks += more
    return more


def test_every_answer_is_taken_and_given_back_or_told_why_not(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> None:
    sketch.write("content/forms/strana.yaml", FORM.replace("prova", "strana") + ALWAYS)
    sketch.write(
        "content/forms/piena.yaml",
        FORM.replace("prova", "piena").replace("survey", "signup\nform:places: 3\nform:waiting: 4")
        + "- {name: email, title: E-mail, type: string, format: email, constraints: {required: true}}\n"
        + "- {name: ora, title: Ora, type: string, categories: [{value: a, label: A, form:places: 1},"
        + " {value: b, label: B}]}\n",
    )
    sketch.write(
        "content/forms/sigillata.yaml",
        FORM.replace("prova", "sigillata").replace("survey", "survey\nform:seal: true")
        + "- {name: nome, title: Nome, type: string, form:privacy: personal}\n"
        + "- {name: noto, title: Noto?, type: boolean, form:showIf: {field: nome, answered: true}}\n",
    )
    sketch.write("content/forms/wunsch.yaml", FORM.replace("prova", "wunsch").replace("survey", "survey\n" + ABROAD))
    for form in FORMS:
        for file in (form, form.with_suffix(".en.yaml")):
            sketch.write(f"content/forms/{file.name}", file.read_text(encoding="utf-8"))
    settings = dict(os.environ)
    walks: list[Walk] = []
    monkeypatch.setattr(preview, "walk", lambda *asked: kept(walks, walk(*asked)))
    whole = [*(form.stem for form in FORMS), "wunsch"]
    asked = ["walk", *whole, "strana", "piena", "sigillata", "--count", "12", "--config-file", str(sketch.config_file)]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 1, "a branch that nobody reaches stops it"
    assert "codice = *" in done.stdout
    assert done.stderr == ""
    assert [one.form for one in walks[:-3]] == whole
    for sound in walks[:-3]:
        assert (sound.faults, sound.unreachable, sound.unwalked) == ((), (), ())
        assert sound.responses == sum(sound.statuses.values()) == 12
        assert set(sound.statuses) == {201, 303}
    strange, full, sealed = walks[-3:]
    assert set(strange.unreachable) == {Branch("seguito", "not-shown"), Branch("codice", "*")}
    assert not strange.sound
    assert (strange.statuses[422], strange.responses, strange.faults) == (0, 12, ())
    assert (full.sound, full.responses) == (True, 3)
    assert full.statuses[409] >= 12 - 3 - 4
    assert (sealed.sound, sealed.responses) == (True, 12)
    assert dict(os.environ) == settings


def test_the_report_says_what_is_unreachable_and_what_went_wrong() -> None:
    one = Walk("prova", 2, Counter({303: 1, 422: 1}), 3, (Branch("a", "x"),), (Branch("b", ""),), 1, ("HTTP 422: no",))
    assert list(lines_of(one, "en")) == [
        "prova: 2 people answered — HTTP 303: 1, HTTP 422: 1",
        "    1 branches of 3 walked",
        "    nobody can get to a = x: see the conditions and limits that lead there",
        "    too few people for b = —: raise --count",
        "    package of 1 responses; 1 things went wrong:",
        "    HTTP 422: no",
    ]
