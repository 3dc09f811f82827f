"""`bacheca.portal.simulation.run`: every form of the portal, walked through the real service."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bacheca.forms.simulation.respondents import Branch
from bacheca.portal.simulation.report import lines_of
from bacheca.portal.simulation.run import Walk, walk
from tests.bacheca.portal.conftest import FORM, Sketch

ROOT = Path(__file__).parents[4]
FORMS = sorted(path for path in (ROOT / "content/forms").rglob("*.yaml") if "." not in path.stem)
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


def test_every_form_takes_every_answer_and_gives_it_back() -> None:
    walks = walk(FORMS, 16, seed=7)
    assert [one.form for one in walks] == [path.stem for path in FORMS]
    for one in walks:
        assert one.faults == ()
        assert one.unreachable == ()
        assert one.unwalked == ()
        assert one.responses == sum(one.statuses.values()) == 16
        assert set(one.statuses) == {201, 303}


def test_places_taken_branches_that_nobody_reaches_and_sealed_answers_are_told(sketch: Sketch) -> None:
    strange = sketch.write("content/forms/strana.yaml", FORM.replace("prova", "strana") + ALWAYS)
    full = sketch.write(
        "content/forms/piena.yaml",
        FORM.replace("prova", "piena").replace("survey", "signup\nform:places: 3")
        + "- {name: email, title: E-mail, type: string, format: email, constraints: {required: true}}\n",
    )
    sealed = sketch.write(
        "content/forms/sigillata.yaml",
        FORM.replace("prova", "sigillata").replace("survey", "survey\nform:seal: true")
        + "- {name: nome, title: Nome, type: string, form:privacy: personal}\n",
    )
    settings = dict(os.environ)
    one, other, opened = walk([strange, full, sealed], 12, seed=1)
    assert set(one.unreachable) == {Branch("seguito", "not-shown"), Branch("codice", "*")}
    assert not one.sound
    assert (one.statuses[422], one.responses, one.faults) == (0, 12, ())
    assert (other.sound, other.responses, other.statuses[409]) == (True, 3, 9)
    assert (opened.sound, opened.responses) == (True, 12)
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


def test_the_command_fails_where_a_branch_cannot_be_reached(sketch: Sketch) -> None:
    sketch.write("content/forms/strana.yaml", FORM.replace("prova", "strana") + ALWAYS)
    asked = ["build.py", "walk", "strana", "--count", "3", "--config-file", str(sketch.config_file)]
    done = subprocess.run([sys.executable, *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "codice = *" in done.stdout
    assert done.stderr == ""
