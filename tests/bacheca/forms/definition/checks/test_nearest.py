"""The word that was meant is found from what people write, and nothing is proposed for what is near none."""

from __future__ import annotations

import pytest

from bacheca.forms.definition.checks.nearest import LONGEST, nearest, plain, slug

KNOWN = ("title", "form:kind", "form:opens", "categories", "constraints", "type", "free-text")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("title", "title"),
        ("Titolo", "title"),  # in another language
        ("Überschrift", ""),
        ("Pflicht", ""),
        ("öffnet", "form:opens"),
        ("Libellé", ""),
        ("réponses", "categories"),
        ("Opciones", "categories"),
        (" «TITLE» ", "title"),
        ("kind", "form:kind"),  # without its namespace
        ("form:genere", "form:kind"),
        ("x:opens", "form:opens"),
        ("category", "categories"),
        ("constraint", "constraints"),
        ("types", "type"),
        ("free text", "free-text"),
        ("free_te-xt", "free-text"),
        ("ti-to lo", "title"),
        ("tittle", "title"),
        (None, ""),
        ("zzzzzz", ""),
    ],
)
def test_the_word_that_was_meant_is_found(written: object, meant: str) -> None:
    assert nearest(written, KNOWN) == meant


def test_how_near_a_word_must_be_can_be_said() -> None:
    assert nearest("abcx", ("abcd",), 0.7) == "abcd"
    assert nearest("abxx", ("abcd",), 0.7) == ""


def test_a_word_that_is_written_apart_is_known() -> None:
    assert nearest("mostra se", ("form:showIf",)) == "form:showIf"


def test_of_a_form_a_type_is_its_kind() -> None:
    assert nearest("tipo", ("type", "form:kind")) == "type"
    assert nearest("tipo", ("title", "form:kind")) == "form:kind"


def test_only_the_beginning_of_a_long_word_is_compared() -> None:
    assert nearest("title" + " " * LONGEST + "x", KNOWN) == "title"
    assert slug("a" * (LONGEST + 1)) == "a" * LONGEST


def test_a_plain_word_has_no_capitals_accents_quotes_and_outer_blanks() -> None:
    assert plain(" “È Perché” ") == "e perche"
    assert plain("'l'uomo'") == "l'uomo"


@pytest.mark.parametrize(
    ("text", "between", "name"),
    [
        ("Città & Paesi, 2027!", "-", "citta-paesi-2027"),
        ("Straße Ærø", "_", "strasse_aero"),
        ("--- ", "-", ""),
        (12, "-", "12"),
    ],
)
def test_any_text_becomes_a_name(text: object, between: str, name: str) -> None:
    assert slug(text, between) == name


def test_a_names_words_are_joined_by_hyphens_unless_said() -> None:
    assert slug("a b") == "a-b"
