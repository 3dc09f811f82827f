"""`bacheca.portal.search.synonyms`: the community's own words for what is looked for."""

from __future__ import annotations

import pytest

from bacheca.portal.search.synonyms import synonyms_of
from tests.bacheca.portal.conftest import Sketch

FILE = "content/synonyms.it.yml"


@pytest.fixture
def portal(sketch: Sketch) -> Sketch:
    sketch.page("it/paga.md", "## Quanto {#quanto}\n\nPoco.", translation="paga")
    return sketch


def test_words_lead_to_a_page_or_to_a_section_of_it(portal: Sketch) -> None:
    portal.write(FILE, "paga.md: stipendio\npaga.md#quanto: [quanto si  guadagna, reddito]\nnessuna.md: [x]\n")
    found = synonyms_of(portal.language(), portal.content().pages["it"])
    assert found == {"paga/": ("stipendio",), "paga/#quanto": ("quanto si guadagna", "reddito")}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("paga.md: [uno]\npagah.md: [x]", "SYNONYMS_PLACE", 2),
        ("paga.md#quando: [x]", "SYNONYMS_PLACE", 1),
        ("paga.md: []", "SYNONYMS_WORDS", 1),
        ("paga.md: [x, {y: z}]", "SYNONYMS_WORDS", 1),
        (f"paga.md: [{'x' * 81}]", "SYNONYMS_WORDS", 1),
        ("paga.md:", "SYNONYMS_WORDS", 1),
        ("- paga", "SYNONYMS_FILE", 1),
        ("", "", 0),
        ("paga.md: [uno]\npaga.md#quanto: due", "", 0),
    ],
)
def test_the_check_knows_the_file(portal: Sketch, text: str, code: str, line: int) -> None:
    file = portal.write(FILE, text)
    found = [(problem.code, problem.line) for problem in portal.problems() if problem.path == file.as_posix()]
    assert found == ([(code, line)] if code else [])


def test_a_file_that_is_no_text_is_told_of(portal: Sketch) -> None:
    portal.write(FILE, "").write_bytes(b"\xff\xfe\x00a")
    assert [problem.code for problem in portal.problems()] == ["SYNONYMS_FILE"]


def test_what_is_nearest_is_proposed(portal: Sketch) -> None:
    portal.write(FILE, "pagha.md: [x]\npaga.md#quantto: [x]\n")
    near = [problem.values["near"] for problem in portal.problems() if problem.code == "SYNONYMS_PLACE"]
    assert near == ["paga.md", "paga.md#quanto"]
