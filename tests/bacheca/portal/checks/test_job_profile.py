"""`bacheca.portal.checks.job_profile`: the summary of a job profile, checked."""

from __future__ import annotations

import pytest

from tests.bacheca.portal.conftest import Sketch

ESCO = "http://data.europa.eu/esco/occupation/137b1d11-c4bc-4016-89ba-45345d4c71f0"
GOOD = {
    "name": "Community manager",
    "isco": "2432",
    "esco": ESCO,
    "label": "x",
    "facts": "[{about: pay, text: poco, section: paga}]",
}


def said(sketch: Sketch, **changes: str) -> list[str]:
    summary = "{" + ", ".join(f"{key}: {value}" for key, value in {**GOOD, **changes}.items() if value) + "}"
    sketch.page("it/profilo.md", "# Profilo\n\n## La paga {: #paga }\n", translation="profile", occupation=summary)
    return [line.partition(": ")[2] for line in sketch.said()]


def test_a_sound_summary_has_no_problem(sketch: Sketch) -> None:
    assert said(sketch) == []


@pytest.mark.parametrize(
    ("changes", "begins"),
    [
        ({"name": ""}, "KEY_MISSING occupation.name is missing"),
        ({"isco": "24"}, "KEY_INVALID occupation.isco is 24"),
        ({"esco": "https://esco.ec.europa.eu/x"}, "KEY_INVALID occupation.esco is https"),
        ({"facts": ""}, "KEY_MISSING occupation.facts"),
        ({"facts": "[{about: salary, text: x}]"}, "KEY_INVALID occupation.facts is"),
        ({"facts": "[{about: pay, text: x, amount: 3}]"}, "KEY_INVALID occupation.facts.amount is 3"),
        ({"facts": "[{about: pay, text: x, section: pag}]"}, "ANCHOR_DEAD #pag"),
    ],
)
def test_each_fault_of_a_summary_is_told_with_its_key(sketch: Sketch, changes: dict[str, str], begins: str) -> None:
    (line,) = said(sketch, **changes)
    assert line.startswith(begins)


def test_a_summary_that_is_no_mapping_is_told(sketch: Sketch) -> None:
    sketch.page("it/profilo.md", "x", translation="profile", occupation="3")
    assert [code for _, _, code in sketch.places()] == ["KEY_INVALID"]


def test_its_examples_are_in_the_language_of_the_page(sketch: Sketch) -> None:
    for language, name, facts in (
        ("it", "Responsabile di biblioteca", "da 31 a 46"),
        ("en", "Librarian", "from 31 to 46"),
    ):
        sketch.page(f"{language}/profile.md", "x", translation="profile", occupation="{name: '', facts: ''}")
        said = [line for line in sketch.said() if line.startswith(f"content/{language}/profile.md")]
        assert any(f"name: {name}" in line for line in said), said
        assert any(facts in line for line in said), said
