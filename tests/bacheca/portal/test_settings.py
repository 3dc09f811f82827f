"""`bacheca.portal.settings`: what a build needs of mkdocs.yml."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bacheca.forms import Community
from bacheca.portal.build.finish import told_to_service
from bacheca.portal.build.read import read_content
from bacheca.portal.content.events import events_of
from bacheca.portal.errors import SettingsProblems
from bacheca.portal.settings import load_portal, read_portal
from tests.bacheca.portal.conftest import ENGLISH, SETTINGS, Sketch


def codes(sketch: Sketch, only: str = "") -> list[tuple[str, str]]:
    with pytest.raises(SettingsProblems) as caught:
        sketch.portal(only)
    return [(problem.code, str(problem.path).rpartition("/")[2]) for problem in caught.value.problems]


def test_the_main_language_is_at_the_root_and_the_others_below(sketch: Sketch) -> None:
    portal = sketch.portal()
    assert [(language.code, language.prefix) for language in portal.languages] == [("it", ""), ("en", "en/")]
    assert portal.forms == sketch.root / "content/forms"


def test_a_language_inherits_settings_and_replaces_lists(sketch: Sketch) -> None:
    english = sketch.portal().languages[1]
    assert english.config["nav"] == [{"Form": "form.md"}]
    assert english.community["email"] == "prova@example.org"


def test_an_empty_setting_of_the_community_is_an_empty_text(sketch: Sketch) -> None:
    assert sketch.language().community["repository"] == ""


def test_articles_are_switched_off_for_a_language(sketch: Sketch) -> None:
    assert [bool(language.blog) for language in sketch.portal().languages] == [True, False]


def test_one_language_can_be_asked_for(sketch: Sketch) -> None:
    assert [language.code for language in sketch.portal("en").languages] == ["en"]
    assert sketch.portal("en").main.prefix == "en/"


def test_a_language_that_is_not_there_is_a_problem(sketch: Sketch) -> None:
    assert codes(sketch, "de") == [("LANGUAGE_UNKNOWN", "mkdocs.yml")]


def test_a_missing_file_is_a_problem(sketch: Sketch) -> None:
    with pytest.raises(SettingsProblems, match="SETTINGS_FILE"):
        load_portal(sketch.root / "altro.yml")


@pytest.mark.parametrize("text", ["site_name: [", "- uno\n", "", "\x00"])
def test_a_file_that_holds_no_settings_is_a_problem(sketch: Sketch, text: str) -> None:
    sketch.write("mkdocs.yml", text)
    assert {code for code, _ in codes(sketch)} <= {
        "SETTINGS_FILE",
        "SETTING_MISSING",
        "YAML_BRACKET",
        "YAML_CONTROL",
        "SETTING_SITE_URL",
    }


@pytest.mark.parametrize("key", ["site_name", "site_url", "docs_dir", "theme", "extra"])
def test_each_missing_setting_is_named(sketch: Sketch, key: str) -> None:
    sketch.settings("mkdocs.yml", {name: value for name, value in SETTINGS.items() if name != key})
    with pytest.raises(SettingsProblems, match=f"SETTING_MISSING {key}"):
        sketch.portal()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"plugins": "search"}, "SETTING_LIST"),
        ({"markdown_extensions": [["toc"]]}, "SETTING_LIST"),
        ({"docs_dir": "content/de"}, "CONTENT_MISSING"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_a_problem(sketch: Sketch, changed: dict[str, Any], code: str) -> None:
    sketch.settings("mkdocs.yml", SETTINGS | changed)
    assert codes(sketch)[0] == (code, "mkdocs.yml")


def test_plugins_and_extensions_may_be_lists_and_are_joined(sketch: Sketch) -> None:
    plugins = ["tags", {"search": {"lang": "it"}}]
    sketch.settings("mkdocs.yml", SETTINGS | {"plugins": plugins, "markdown_extensions": ["toc", {"footnotes": None}]})
    sketch.settings(
        "mkdocs.en.yml", ENGLISH | {"plugins": [{"search": {"lang": "en"}}], "markdown_extensions": ["abbr"]}
    )
    italian, english = sketch.portal().languages
    for language in (italian, english):
        plugins_of_it = language.config["plugins"]
        assert list(plugins_of_it) == ["search", "tags"]
        assert plugins_of_it["tags"] == {"export": False}, "what the templates count on is said by the product"
        assert plugins_of_it["search"]["lang"] == language.code
    assert set(english.config["markdown_extensions"]) >= {"toc", "footnotes", "abbr"}
    assert sketch.places() == []


def test_a_language_stands_under_the_main_site_url(sketch: Sketch) -> None:
    sketch.settings("mkdocs.en.yml", ENGLISH | {"site_url": "https://other.example.org/en/"})
    assert codes(sketch) == [("SETTING_SITE_URL", "mkdocs.en.yml")]


def test_a_site_url_without_its_last_slash_is_the_same(sketch: Sketch) -> None:
    sketch.settings("mkdocs.yml", SETTINGS | {"site_url": "https://prova.example.org"})
    assert sketch.language().url == "https://prova.example.org/"


@pytest.mark.parametrize(
    ("written", "meant", "places"),
    [
        ("plugins:", "plugin:", ["SETTING_TYPO plugin plugins"]),
        ("nav:", "navigation:", ["SETTING_TYPO navigation nav"]),
        ("theme:", "them:", ["SETTING_TYPO them theme"]),
        ("  name: material", "  nome: material", ["SETTING_TYPO theme.nome theme.name"]),
        ("  forms_url:", "  form_url:", ["SETTING_TYPO extra.form_url extra.forms_url"]),
        ("extra:", "extras:", ["SETTING_TYPO extras extra"]),
        ("  name: material", "  name: materiall", ["SETTING_THEME materiall name: material"]),
        ("  name: material", "  name: mkdocs", ["SETTING_THEME mkdocs name: material"]),
        ("  name: material", "  altro: material", []),
        ("  language: it", "  language: italiano", ["SETTING_LANGUAGE theme.language language: it"]),
        ("  language: it", "  language: IT", ["SETTING_LANGUAGE theme.language language: it"]),
        ("  language: it", "  language: italian o", ["SETTING_LANGUAGE theme.language language: it"]),
        ("extra:", "extra:\n  words: {locale: Italia}", ["SETTING_LANGUAGE extra.words.locale locale: it"]),
    ],
)
def test_a_mistyped_setting_is_said_once_and_the_rest_is_checked_as_it_was_meant(
    sketch: Sketch, written: str, meant: str, places: list[str]
) -> None:
    sketch.page("it/a.md", "[x](y.md)", translation="a")
    text = sketch.config_file.read_text(encoding="utf-8")
    assert written in text
    sketch.write("mkdocs.yml", text.replace(written, meant, 1))
    portal, problems = read_portal(sketch.config_file)
    values = [(problem.code, problem.values) for problem in problems]
    assert [
        f"{code} {said.get('key', said.get('value'))} {said.get('near', said.get('example'))}" for code, said in values
    ] == places
    assert portal
    assert [problem.code for problem in read_content(portal)[1] if problem.stops] == ["LINK_DEAD"]


def test_a_mistyped_setting_is_said_at_its_line(sketch: Sketch) -> None:
    text = sketch.config_file.read_text(encoding="utf-8").replace("\nplugins:", "\nplugin:")
    sketch.write("mkdocs.yml", text)
    (problem,) = read_portal(sketch.config_file)[1]
    assert text.split("\n")[problem.line - 1] == "plugin:"


def test_the_whole_theme_may_be_mistyped(sketch: Sketch) -> None:
    settings = {**SETTINGS, "theme": "materiale"}
    sketch.settings("mkdocs.yml", settings)
    assert [problem.code for problem in read_portal(sketch.config_file)[1]] == ["SETTING_THEME"]


def test_days_begin_and_forms_are_written_as_the_community_says(sketch: Sketch) -> None:
    said = {"name": "Prova", "email": "prova@example.org", "zone": "Asia/Tokyo"}
    sketch.settings("mkdocs.yml", {**SETTINGS, "extra": {"community": said}})
    portal = load_portal(sketch.root / "mkdocs.yml", "en")
    assert portal.usual == Community("it", ZoneInfo("Asia/Tokyo")), "though English alone is built"
    assert portal.main.zone.key == "Asia/Tokyo"
    sketch.page("it/e.md", "x", starts='"2027-07-01 18:00"', ends='"2027-07-01 20:00"', place="X")
    content = sketch.content()
    (event,) = events_of(content.pages["it"])
    assert event.starts == datetime(2027, 7, 1, 9, tzinfo=UTC)
    assert content.forms["prova"].zone.key == "Asia/Tokyo"
    assert told_to_service(sketch.portal(), content).usual == portal.usual


def settings_with(sketch: Sketch, languages: object, **changed: Any) -> None:
    community = {"name": "Prova", "email": "prova@example.org", "languages": languages}
    given = {key: value for key, value in SETTINGS.items() if key not in ("docs_dir", "theme")}
    theme = {key: value for key, value in SETTINGS["theme"].items() if key != "language"}
    sketch.settings("mkdocs.yml", {**given, "theme": theme, "extra": {"community": community}, **changed})


def test_languages_are_a_list_and_one_without_a_file_has_the_settings_of_the_main_one(sketch: Sketch) -> None:
    settings_with(sketch, ["it", "en", "de"])
    sketch.settings("mkdocs.en.yml", {"INHERIT": "mkdocs.yml", "site_name": "Trial"})
    sketch.page("de/index.md", "# Start\n", translation="home")
    portal = sketch.portal()
    assert [language.code for language in portal.languages] == ["it", "en", "de"]
    assert [language.content.name for language in portal.languages] == ["it", "en", "de"]
    assert [language.url.rpartition("org")[2] for language in portal.languages] == ["/", "/en/", "/de/"]
    assert [language.config["site_name"] for language in portal.languages] == ["Prova", "Trial", "Prova"]
    assert portal.languages[2].config.get("nav") is None, "the menu of the main language leads to pages of its own"
    assert [language.config["theme"]["language"] for language in portal.languages] == ["it", "en", "de"]
    assert "languages" not in portal.main.community


@pytest.mark.parametrize(("folder", "language"), [("docs", "en"), ("xx", "en"), ("italiano", "it"), ("pt-BR", "pt-BR")])
def test_where_no_language_is_named_the_folder_tells_it_or_it_is_english(
    sketch: Sketch, folder: str, language: str
) -> None:
    theme = {key: value for key, value in SETTINGS["theme"].items() if key != "language"}
    sketch.settings("mkdocs.yml", {**SETTINGS, "docs_dir": folder, "theme": theme})
    (sketch.root / folder).mkdir()
    portal, problems = read_portal(sketch.root / "mkdocs.yml")
    assert portal
    assert portal.main.code == language
    assert [problem.code for problem in problems if "LANG" in problem.code] == []


def test_the_first_of_the_list_is_the_main_language_whatever_it_is(sketch: Sketch) -> None:
    settings_with(sketch, ["en", "it"])
    (sketch.root / "mkdocs.en.yml").unlink()
    portal = sketch.portal()
    assert [(language.code, language.prefix) for language in portal.languages] == [("en", ""), ("it", "it/")]
    assert portal.usual.language == "en"


def test_settings_of_a_language_that_is_not_listed_are_told_of(sketch: Sketch) -> None:
    settings_with(sketch, ["it"])
    assert codes(sketch) == [("LANGUAGE_UNLISTED", "mkdocs.yml")]


@pytest.mark.parametrize(
    ("languages", "near"), [("it, en", "[it, en]"), (["it", "it", "en"], "[it, en]"), (["Italiano", "en"], "[it, en]")]
)
def test_what_is_no_list_of_languages_is_told_with_the_one_that_was_meant(
    sketch: Sketch, languages: object, near: str
) -> None:
    settings_with(sketch, languages)
    (problem,) = read_portal(sketch.config_file)[1]
    assert (problem.code, problem.values["near"]) == ("SETTING_LANGUAGES", f"languages: {near}")
