"""`bacheca.portal.authoring.new_portal`: a community's own portal, sound from the first minute."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bacheca.portal.authoring.new_portal import SECTIONS, TEMPLATES, WRITTEN, Community, new_portal
from bacheca.portal.build.read import read_content
from bacheca.portal.checks.release import check_release
from bacheca.portal.commands.build import main
from bacheca.portal.errors import SettingsProblems
from bacheca.portal.search.synonyms import synonyms_file, synonyms_of
from bacheca.portal.settings import Portal, load_portal

TODAY = dt.date(2026, 11, 29)
CHOIR = Community("Coro di Bologna", ("it",), "https://coro.example.net/", "coro@example.net", today=TODAY)
ASSOCIATION = Community("Kulturverein Bozen", ("de", "it"), "https://verein.example.net/kultur/", today=TODAY)
LIBRARY = Community("Library of Things", ("en",), "https://things.example.net", zone="Europe/London", today=TODAY)
CHORALE = Community("Chorale de Lyon", ("fr",), "https://chorale.example.net/", zone="Europe/Paris", today=TODAY)
HUERTO = Community("Huerto de la Arganzuela", ("es",), "https://huerto.example.net/", zone="Europe/Madrid", today=TODAY)
COMMUNITIES = pytest.mark.parametrize(
    "community", [CHOIR, ASSOCIATION, LIBRARY, CHORALE, HUERTO], ids=lambda given: "-".join(given.languages)
)


def made(folder: Path, community: Community) -> Portal:
    new_portal(folder, community)
    return load_portal(folder / "mkdocs.yml")


@COMMUNITIES
def test_it_has_no_problem_and_lacks_only_what_the_community_knows(tmp_path: Path, community: Community) -> None:
    portal = made(tmp_path / "new", community)
    content, problems = read_content(portal)
    assert problems == ()
    assert [language.code for language in portal.languages] == list(community.languages)
    assert portal.url == community.url.rstrip("/") + "/"
    assert len(content.forms) == 2
    assert {form.zone.key for form in content.forms.values()} == {community.zone}
    assert {form.kind for form in content.forms.values()} == {"survey", "signup"}
    left = {(problem.code, str(problem.values["written"])) for problem in check_release(portal)}
    assert any(code == "RELEASE_PLACEHOLDER" for code, _ in left)
    given = {community.email, "example.org", urlsplit(community.url).hostname}
    assert {written for code, written in left if code == "RELEASE_ADDRESS"} <= given


@COMMUNITIES
def test_the_settings_are_short_and_say_only_what_is_theirs(tmp_path: Path, community: Community) -> None:
    made(tmp_path / "new", community)
    lines = (tmp_path / "new/mkdocs.yml").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 40


@pytest.mark.parametrize("language", WRITTEN)
def test_the_examples_of_words_for_the_search_can_be_used(tmp_path: Path, language: str) -> None:
    portal = made(tmp_path / "new", replace(CHOIR, languages=(language,), sections=()))
    file = synonyms_file(portal.main)
    text = file.read_text(encoding="utf-8")
    assert all(line.startswith("#") for line in text.splitlines())
    file.write_text(re.sub(r"^# (?=\S+\.md)", "", text, flags=re.M), encoding="utf-8")
    content, problems = read_content(portal)
    assert problems == ()
    assert len(synonyms_of(portal.main, content.pages[language])) == 2


def test_the_first_pages_are_written_in_five_languages() -> None:
    assert WRITTEN[0] == "en"
    assert set(WRITTEN) == {"de", "en", "es", "fr", "it"}


@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize("section", [folder.name for folder in (TEMPLATES / "en").iterdir()])
def test_the_first_pages_are_the_same_in_every_language(language: str, section: str) -> None:
    def said(of: str) -> tuple[list[str], set[str]]:
        """Give the keys of a section's pages, and what is filled into them."""
        pages = [path.read_text(encoding="utf-8") for path in sorted((TEMPLATES / of / section).rglob("*.md"))]
        found = [key for page in pages for key in re.findall(r"^translation: (.+)$", page, re.M)]
        return sorted(found), {name for page in pages for name in re.findall(r"\{\{.*?\}\}|\[\[.*?\]\]", page)}

    (keys, own), (english, filled) = said(language), said("en")
    assert keys == english
    assert {name for name in filled if '"' not in name} <= own


def test_what_only_editors_need_stands_where_it_has_to_be_filled_in() -> None:
    pages = {file: file.read_text(encoding="utf-8") for file in TEMPLATES.rglob("*.md") if "README" not in file.name}
    published = {file: re.sub(r"\[[A-ZÀ][^]]*\]", "", text) for file, text in pages.items()}
    assert [file for file, text in published.items() if re.search(r"`[^`]*bacheca ", text)] == []


@pytest.mark.parametrize("section", SECTIONS)
def test_it_can_begin_with_any_one_section(tmp_path: Path, section: str) -> None:
    portal = made(tmp_path / "new", Community("Coro", ("it", "en"), sections=(section,), today=TODAY))
    assert read_content(portal)[1] == ()


def test_it_can_begin_with_none(tmp_path: Path) -> None:
    portal = made(tmp_path / "new", Community("Coro", sections=(), forge="none", today=TODAY))
    assert read_content(portal)[1] == ()
    assert not (tmp_path / "new/.github").exists()


@settings(max_examples=20)
@given(st.text(min_size=1).filter(lambda name: name.strip() and name.isprintable() and "{{" not in name))
def test_whatever_a_community_is_called_it_is_called_so(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    portal = made(tmp_path_factory.mktemp("any") / "new", Community(name, sections=("signup",), today=TODAY))
    assert portal.main.config["site_name"] == name
    assert portal.main.community["name"] == name


@pytest.mark.parametrize(
    "name", ["# *Coro* & [amici](x.md)", "<b>Coro</b> `x` | 'a': \"b\"", "- [[ Coro ]] [% x %]", "!no: 8"]
)
def test_whatever_its_name_looks_like_its_pages_are_sound(tmp_path: Path, name: str) -> None:
    assert read_content(made(tmp_path / "new", Community(name, ("it", "en"), today=TODAY)))[1] == ()


def test_translations_are_marked_as_being_of_the_words_as_they_are(tmp_path: Path) -> None:
    made(tmp_path / "new", Community("Coro", ("it", "en"), today=TODAY))
    for page in (tmp_path / "new/content/en").rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        assert "translates:" in text, page


def test_the_dependencies_are_pinned_by_hash(tmp_path: Path) -> None:
    made(tmp_path / "new", CHOIR)
    text = (tmp_path / "new/requirements.txt").read_text(encoding="utf-8")
    assert "mkdocs-material==" in text
    assert "--hash=sha256:" in text
    assert "://" not in text


@pytest.mark.parametrize(
    ("wrong", "option"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "Coro {{ x }}"}, "name"),
        ({"languages": ()}, "language"),
        ({"languages": ("italiano",)}, "language"),
        ({"languages": ("it", "it")}, "language"),
        ({"url": "coro.it"}, "address"),
        ({"url": "https://coro.it/?a"}, "address"),
        ({"email": "coro"}, "email"),
        ({"zone": "Rome"}, "zone"),
        ({"sections": ("glosary",)}, "section"),
        ({"forge": "gitlab"}, "forge"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(tmp_path: Path, wrong: dict[str, Any], option: str) -> None:
    with pytest.raises(SettingsProblems) as caught:
        new_portal(tmp_path / "new", replace(CHOIR, **wrong))
    assert [(problem.code, problem.values["option"]) for problem in caught.value.problems] == [("INIT_VALUE", option)]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SettingsProblems, match="INIT_FOLDER"):
        new_portal(tmp_path, CHOIR)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert new_portal(tmp_path, CHOIR)
    assert (tmp_path / "mkdocs.yml").is_file()


def test_the_command_says_what_comes_next(tmp_path: Path) -> None:
    folder = tmp_path / "coro"
    said = CliRunner().invoke(main, ["init", str(folder), "--name", "Coro", "--language", "it"])
    assert said.exit_code == 0, said.output
    assert f"file in {folder}. Vai lì e lancia: bacheca serve" in said.output
    again = CliRunner().invoke(main, ["init", str(folder), "--name", "Coro", "--language", "en"])
    assert again.exit_code == 2
    assert f"{folder}:1: INIT_FOLDER [error] {folder} holds something already" in again.output


def test_whoever_is_asked_is_asked_again_until_the_answer_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("bacheca.portal.commands.init.sys", terminal)
    monkeypatch.setenv("LANGUAGE", "de_AT")
    typed = ["deutsch", "it", "Coro", "coro.it", "https://coro.it/", "", "Rome", "Europe/Rome"]
    typed += ["#ffcc00", "#906d00", "glossary", ""]
    said = CliRunner().invoke(main, ["init", str(tmp_path / "coro")], input="\n".join([*typed, ""]))
    assert said.exit_code == 0, said.output
    assert "[de-AT]" in said.output.splitlines()[0]
    assert said.output.count("INIT_VALUE") == 3
    assert "SETTING_CONTRAST colour è #ffcc00" in said.output
    assert load_portal(tmp_path / "coro/mkdocs.yml").main.code == "it"
    again = CliRunner().invoke(main, ["init", str(tmp_path / "coro")])
    assert "INIT_FOLDER" in again.output.splitlines()[0]
