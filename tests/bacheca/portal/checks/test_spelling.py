"""`bacheca.portal.checks.spelling`: words that a real dictionary, the community and its glossary know."""

from __future__ import annotations

from pathlib import Path

import pytest

from bacheca.portal.build.read import read_content
from bacheca.portal.checks import spelling
from bacheca.portal.checks.spelling import Dictionary
from tests.bacheca.portal.conftest import SETTINGS, Sketch


def checked(sketch: Sketch, dictionary: str = "it_IT") -> list[tuple[str, int, str, str]]:
    """Check the spelling, and give what is told: file, line, code, word."""
    sketch.page("it/articoli/colophon.md", "# Chi siamo\n", translation="imprint")
    sketch.settings("mkdocs.yml", SETTINGS | {"extra": {**SETTINGS["extra"], "spelling": dictionary}})
    _, problems = read_content(sketch.portal("it"), spelling=True)
    root = f"{sketch.root}/"
    return [(p.path.replace(root, ""), p.line, p.code, str(p.values.get("word", ""))) for p in problems]


def test_a_misspelt_word_is_told_once_a_page_and_stops_nothing(sketch: Sketch) -> None:
    sketch.page("it/a.md", "Un colloqiuo.\n\nE perchè no: perchè.\n", translation="a", title="La comunita")
    assert checked(sketch) == [
        ("content/it/a.md", 2, "SPELLING", "comunita"),
        ("content/it/a.md", 6, "SPELLING", "colloqiuo"),
        ("content/it/a.md", 8, "SPELLING", "perchè"),
    ]
    assert not any(problem.stops for problem in read_content(sketch.portal(), spelling=True)[1])


@pytest.mark.parametrize(
    "text",
    [
        "Dell’acqua, un’idea, c’è, all’ultimo: po’, di’.",
        "L'utente scrive un'e-mail a nell’*oro*.",
        "Si legge su bacheca.example.org e su [qui](https://exmple.org/xqz 'y') o a xqz@qwe.org.",
        "Il `colloqiuo` resta.\n\n```\ncolloqiuo\n```",
        "{{ community.name }} di noi",
        "Parole{: .qwerty }",
        '*Harte Zeit*{: lang="de" } e <i lang="de">noch eine Zeit</i>.',
        "Il GDPR e il WCAG.",
        '<div class="qwerty xqz" markdown>\nTesto.\n</div>',
        "!!! warning\n    Testo.",
        "Il progetto di Marta Bianki e di Colloqiuo.",
        "Il deployment del server, con il feedback degli stakeholder.",
        "Un colloqiuo e un altro colloqiuo.",
        "Il file colloqiuo_nuovo, la v2colloqiuo e colloqiuoNuovo.",
        "Un qwertare e uno xyzzare.",
        "Il pre-colloqiuo.",
    ],
)
def test_what_is_no_italian_prose_is_left_alone(sketch: Sketch, text: str) -> None:
    sketch.page("it/a.md", f"{text}\n", translation="a")
    assert checked(sketch) == []


def test_the_communitys_own_words_are_known_in_any_case(sketch: Sketch) -> None:
    sketch.page("it/a.md", "Ecco la parolla e la comunnità.\n\nParolla!\n", translation="a", title="Sì")
    sketch.page("it/b.md", "Una colonnna.\n", translation="b")
    assert [word for *_, word in checked(sketch)] == ["comunnità", "colonnna"]
    sketch.write("content/words.it.txt", "# nostre\ncolonnna\nComunnità  # così\n")
    assert checked(sketch) == []


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Un colloqiuo.", "colloquio"),
        ("Una comunnità.", "comunità"),
        ("Perchè?", "Perché"),
        ("La gente é qui.", "è"),
        ("Si deve modarare.", "moderare"),
        ("L’esperienza utile, l’esperienzza.", ""),
    ],
)
def test_a_word_is_told_with_the_one_that_was_meant(sketch: Sketch, text: str, near: str) -> None:
    sketch.page("it/a.md", f"{text}\n", translation="a")
    checked(sketch)
    found = [p for p in read_content(sketch.portal("it"), spelling=True)[1] if p.code == "SPELLING"]
    assert [problem.values["near"] for problem in found] == ([near] if near else [])


def test_english_is_written_as_here_or_as_there(sketch: Sketch) -> None:
    words = "The color of the center, an organization and an organisation, fulfillment, a behavior, to analyze."
    sketch.page("it/a.md", f"{words}\n", translation="a")
    assert [found for found in checked(sketch, "en_GB") if found[0] == "content/it/a.md" and found[1] > 4] == []


def test_the_words_of_the_glossary_are_known(sketch: Sketch) -> None:
    sketch.page("it/glossario.md", '## Taggare {: aliases="taggano, taggata" }\n\nSegnare.\n', translation="glossary")
    sketch.page("it/a.md", "Taggano e taggata e taggare.\n", translation="a")
    assert checked(sketch) == []


def test_a_dictionary_that_is_not_there_is_said(sketch: Sketch) -> None:
    assert [(path, code) for path, _, code, _ in checked(sketch, "xx_XX")] == [("mkdocs.yml", "SPELLING_NONE")]


def test_a_dictionary_may_lie_beside_the_settings(sketch: Sketch) -> None:
    sketch.write("parole/prova.aff", "SET UTF-8\n")
    sketch.write("parole/prova.dic", "2\nciao\nqwertyzx\n")
    sketch.page("it/a.md", "Un qwertyyzx.\n", translation="a")
    assert [word for *_, word in checked(sketch, "parole/prova")] == ["qwertyyzx"]


def test_a_build_does_not_look_words_up(sketch: Sketch) -> None:
    sketch.page("it/a.md", "Un colloqiuo.\n", translation="a")
    assert checked(sketch)
    assert sketch.places() == []


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A dictionary of two words."""
    (tmp_path / "xx.aff").write_text("SET UTF-8\n", encoding="utf-8")
    (tmp_path / "xx.dic").write_text("2\ncasa\nperché\n", encoding="utf-8")
    return tmp_path / "xx"


def asked(base: Path, *words: str) -> list[bool]:
    dictionary = Dictionary(base, base.parent / "memory")
    found = [dictionary(word) for word in words]
    dictionary.remember()
    return found


def test_what_a_dictionary_was_asked_is_not_asked_again(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(base, "casa", "perché", "qwerty") == [True, True, False]

    def opened(_: Path, __: str) -> None:
        raise ImportError

    monkeypatch.setattr(spelling, "open_dictionary", opened)
    assert asked(base, "qwerty", "perché", "casa") == [False, True, True]
    with pytest.raises(ImportError):
        asked(base, "altra")


def test_another_state_of_a_dictionary_is_asked_anew(base: Path) -> None:
    assert asked(base, "casa", "qwerty") == [True, False]
    base.with_suffix(".dic").write_text("2\nqwerty\nperché\n", encoding="utf-8")
    assert asked(base, "casa", "qwerty") == [False, True]
    assert len(list((base.parent / "memory").iterdir())) == 1


@pytest.mark.parametrize("said", ["", "{", "[1]", "\udcff"])
def test_a_memory_that_cannot_be_read_is_none(base: Path, said: str) -> None:
    assert asked(base, "casa") == [True]
    (file,) = (base.parent / "memory").iterdir()
    file.write_text(said, encoding="utf-8", errors="surrogateescape")
    assert asked(base, "casa", "qwerty") == [True, False]


def test_where_nothing_can_be_remembered_words_are_told_all_the_same(base: Path) -> None:
    (base.parent / "memory").write_text("no folder")
    assert asked(base, "casa", "qwerty") == [True, False]
