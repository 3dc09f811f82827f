"""A portal whose settings say only who it is has the theme, its words and its search all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from bacheca.portal.build.stage import staged_settings
from bacheca.portal.messages import WORDS
from bacheca.portal.settings_file import THEME
from bacheca.portal.theme_defaults import spoken_by_material, with_parts, with_words
from tests.bacheca.portal.conftest import ENGLISH, Sketch

SHORT = {
    "site_name": "Prova",
    "site_url": "https://prova.example.org/",
    "docs_dir": "content/it",
    "theme": {"name": "material", "language": "it"},
    "extra": {"community": {"name": "Prova", "email": "prova@example.org"}},
}


def test_settings_that_say_who_a_portal_is_are_enough(sketch: Sketch) -> None:
    sketch.settings("mkdocs.yml", SHORT)
    sketch.settings("mkdocs.en.yml", {key: ENGLISH[key] for key in ("INHERIT", "site_url", "docs_dir", "theme")})
    portal = sketch.portal()
    for language in portal.languages:
        staged = staged_settings(portal, language, sketch.content())
        theme = staged["theme"]
        assert (portal.build / language.code / theme["custom_dir"]).resolve() == THEME.resolve()
        assert theme["font"] is False
        assert [palette["scheme"] for palette in theme["palette"]] == ["default", "slate"]
        assert "search" in staged["plugins"]
        assert staged["extra"]["scope"] == "/"
        first, second = staged["extra"]["alternate"]
        assert (first["name"], first["link"], first["lang"]) == ("Italiano", "/", "it")
        assert (second["name"], second["link"], second["lang"]) == ("English", "/en/", "en")
        assert (second["not_found"], second["home"]) == ("This page does not exist", "The home page")
    assert [language.config["extra"]["words"]["contents"] for language in portal.languages] == [
        "In questa pagina",
        "On this page",
    ]


def test_what_other_settings_say_of_the_looks_is_left_aside_with_our_theme_and_kept_with_another(
    tmp_path: Path,
) -> None:
    given = {"name": "material", "font": {"text": "Inter"}, "palette": {"primary": "teal"}, "logo": "a.svg"}
    ours = with_parts(given, tmp_path)
    assert (ours["font"], ours["logo"], len(ours["palette"])) == (False, "a.svg", 2)
    assert with_parts({**given, "custom_dir": "theme"}, tmp_path) == {**given, "custom_dir": "theme"}
    assert with_parts({"custom_dir": str(THEME)}, tmp_path)["palette"] == ours["palette"]


def test_a_community_says_the_words_it_wants_otherwise() -> None:
    words = with_words({"contents": "Qui", "event": {"when": "Il giorno"}, "footer_links": [{"label": "A"}]}, "it")
    assert (words["contents"], words["event"]["when"], words["event"]["where"]) == ("Qui", "Il giorno", "Dove")
    assert (words["locale"], words["months"][0], len(words["months"])) == ("it_IT", "gennaio", 12)
    assert with_words({}, "it")["event"]["when"] == "Quando"
    assert with_words({}, "it")["footer_links"] == []


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("it", "{day} {month} {year}"),
        ("en", "{day} {month} {year}"),
        ("en-US", "{month} {day}, {year}"),
        ("de", "{day}. {month} {year}"),
        ("fr", "{day} {month} {year}"),
        ("es", "{day} de {month} de {year}"),
        ("ja", "{year}年{number}月{day}日"),
    ],
)
def test_a_day_is_written_out_as_the_language_writes_it(language: str, day: str) -> None:
    assert with_words({}, language)["day"] == day


@pytest.mark.parametrize("language", ["it", "en", "de", "pt-BR"])
def test_there_is_a_word_for_every_place_of_the_theme(language: str) -> None:
    words = with_words({}, language)
    for key in WORDS:
        group, _, name = key.rpartition(".")
        assert (words[group] if group else words)[name], key


@pytest.mark.parametrize(
    ("language", "spoken"), [("it", "it"), ("de-AT", "de"), ("pt-BR", "pt-BR"), ("rm", "en"), ("ar", "ar")]
)
def test_a_language_that_material_does_not_know_has_the_words_of_the_next_best(language: str, spoken: str) -> None:
    assert spoken_by_material(language) == spoken
