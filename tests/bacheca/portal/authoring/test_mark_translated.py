"""`mark_translated`: a translation says which words it is of, and a change of them is noticed."""

from __future__ import annotations

import pytest

from bacheca.portal.authoring.mark_translated import mark_translations
from bacheca.portal.build.pipeline import check
from bacheca.portal.errors import ContentProblems, SettingsProblems
from tests.bacheca.portal.conftest import FORM, FORM_EN, Sketch


def test_a_word_changed_after_its_translation_is_said_and_stops_nothing(sketch: Sketch) -> None:
    assert sketch.places() == []
    sketch.write("content/forms/prova.yaml", FORM.replace("Che cosa ne pensi?", "Che te ne pare?"))
    assert sketch.places() == [("content/forms/prova.en.yaml", 4, "TRANSLATION_STALE")]
    assert [problem.code for problem in check(sketch.portal()).warnings] == ["TRANSLATION_STALE"]


def test_what_is_no_word_may_change(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.yaml", FORM.replace("2000", "1000").replace("nothing", "results"))
    assert sketch.places() == []


def test_marking_a_translation_says_that_it_is_of_these_words(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.yaml", FORM.replace("Che cosa ne pensi?", "Che te ne pare?"))
    (path,) = mark_translations(sketch.portal().forms, "prova")
    assert sketch.places() == []
    assert path.read_text().startswith(FORM_EN.partition("form:translates")[0])
    (path,) = mark_translations(sketch.portal().forms, "prova")
    assert path.read_text().count("form:translates") == 1


def test_a_translation_without_marks_is_said(sketch: Sketch) -> None:
    sketch.write("content/forms/prova.en.yaml", FORM_EN.partition("form:translates")[0])
    assert sketch.places() == [("content/forms/prova.en.yaml", 1, "TRANSLATION_UNMARKED")]
    list(mark_translations(sketch.portal().forms, "prova"))
    assert sketch.places() == []


def test_what_has_to_be_mended_is_not_marked(sketch: Sketch) -> None:
    file = sketch.write("content/forms/prova.en.yaml", "title: A trial\nfields: []\n")
    with pytest.raises(ContentProblems, match="TRANSLATION_LACKS"):
        list(mark_translations(sketch.portal().forms, "prova"))
    assert file.read_text() == "title: A trial\nfields: []\n"


def test_only_a_form_with_a_translation_can_be_marked(sketch: Sketch) -> None:
    with pytest.raises(SettingsProblems, match="FORM_UNKNOWN"):
        list(mark_translations(sketch.portal().forms, "altro"))
    (sketch.root / "content/forms/prova.en.yaml").unlink()
    with pytest.raises(SettingsProblems, match="TRANSLATION_NONE"):
        list(mark_translations(sketch.portal().forms, "prova"))


def test_examples_are_checked_and_not_published(sketch: Sketch) -> None:
    sketch.write("content/forms/esempi/bozza.yaml", FORM.replace("prova", "bozza").replace("survey", "boh"))
    assert sketch.places() == [("content/forms/esempi/bozza.yaml", 5, "NOT_ONE_OF")]
    sketch.write("content/forms/esempi/bozza.yaml", FORM.replace("prova", "bozza"))
    content = check(sketch.portal())
    assert (list(content.forms), list(content.examples)) == (["prova"], ["bozza"])
