"""`bacheca.portal.checks.strays`: what the build would leave aside without a word."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacheca.forms.definition.checks.nearest import plain
from bacheca.forms.published import RECIPIENTS
from bacheca.portal.checks.strays import ALIKE, Words
from tests.bacheca.portal.conftest import FORM, SETTINGS, Sketch

PAGE = "---\ntitle: Una pagina\ndescription: Una frase.\ntranslation: altra\n---\nTesto.\n"


@pytest.mark.parametrize(
    ("path", "code", "near"),
    [
        ("content/it/Relazione finale.docx", "PAGE_STRAY", "relazione-finale.md"),
        ("content/it/note.txt", "PAGE_STRAY", "note.md"),
        ("content/it/altra.MD", "PAGE_NAME", "altra.md"),
        ("content/it/la mia pagina.md", "ADDRESS_NAME", "la-mia-pagina.md"),
        ("content/it/attività/altra.md", "ADDRESS_NAME", "attivita/altra.md"),
        ("content/it/foto.JPG", "PICTURE_UNUSED", ""),
        ("content/forms/note.md", "FORM_STRAY", ""),
        ("content/forms/altra.yml", "FORM_STRAY_NAME", "altra.yaml"),
        ("content/forms/altra.YAML", "FORM_STRAY_NAME", "altra.yaml"),
        ("content/forms/prova.eng.yaml", "TRANSLATION_LANGUAGE", "en"),
        ("content/forms/prove.en.yaml", "TRANSLATION_ALONE", "prova.en.yaml"),
    ],
)
def test_a_file_that_nothing_is_made_of_is_a_problem(sketch: Sketch, path: str, code: str, near: str) -> None:
    sketch.write(path, PAGE)
    [found] = [problem for problem in sketch.problems() if problem.code == code]
    assert found.path.endswith(path)
    assert near in found.remedy("it")
    assert str(found.values.get("near", "")) == near


@pytest.mark.parametrize("path", ["content/it/.DS_Store", "content/it/~$relazione.docx", "content/it/.note/a b.txt"])
def test_files_of_other_programs_are_left_alone(sketch: Sketch, path: str) -> None:
    sketch.write(path, "x")
    assert sketch.said() == []


def test_the_list_of_public_keys_belongs_among_the_forms(sketch: Sketch) -> None:
    sketch.write(f"content/forms/{RECIPIENTS}", "age1example  # Ada\n")
    assert sketch.said() == []


def test_a_document_that_a_page_offers_is_none_of_these(sketch: Sketch) -> None:
    sketch.write("content/it/relazione.docx", "x")
    sketch.page("it/a.md", "[La relazione](relazione.docx)\n", translation="a")
    assert sketch.said() == []


def test_a_form_that_nobody_can_find_is_told_of(sketch: Sketch) -> None:
    sketch.write("content/forms/altra.yaml", FORM.replace("name: prova", "name: altra"))
    assert sketch.places() == [("content/forms/altra.yaml", 1, "FORM_NOWHERE")]
    sketch.page("it/a.md", "[Il modulo](/forms/altra)\n", translation="a")
    assert "FORM_NOWHERE" not in {code for _, _, code in sketch.places()}


def test_a_topic_that_is_almost_another_is_told_of(sketch: Sketch) -> None:
    sketch.article("altro", categories="[Ascoltto]", tags="[Reclami, cura]", date="2026-11-24")
    found = [(code, path.rpartition("/")[2]) for path, _, code in sketch.places()]
    assert found == [("TOPIC_TYPO", "altro.md"), ("TOPIC_TYPO", "altro.md")]


WORDS = st.text("abcdeàB ", min_size=1, max_size=12)


@given(st.lists(WORDS, unique_by=plain, max_size=20), WORDS)
def test_what_letters_rule_out_is_nothing_that_is_almost_the_same(words: list[str], word: str) -> None:
    bare = {plain(other): other for other in words}
    near = difflib.get_close_matches(plain(word), bare, 1, ALIKE)
    assert Words(words).almost(word) == (bare[near[0]] if near else "")


def test_a_page_without_a_text_is_told_of(sketch: Sketch) -> None:
    sketch.page("it/a.md", "\n", translation="a")
    assert [code for _, _, code in sketch.places()] == ["PAGE_EMPTY"]


def test_two_files_with_one_address_are_told_of(sketch: Sketch) -> None:
    sketch.page("it/a.md", "", translation="a")
    sketch.page("it/a/index.md", "", translation="b")
    assert [code for _, _, code in sketch.places()] == ["ADDRESS_TWICE"]


def test_a_page_that_cannot_be_read_makes_no_dead_link(sketch: Sketch) -> None:
    sketch.write("content/it/rotta.md", "---\ntitle: A\n\nTesto.\n")
    sketch.page("it/a.md", "[x](rotta.md) [y](che-non-c-e.md)\n", translation="a")
    assert [code for _, _, code in sketch.places()] == ["LINK_DEAD", "PAGE_HEAD_OPEN"]


def test_settings_hide_nothing_of_pages(sketch: Sketch) -> None:
    from bacheca.portal.build.read import read_content  # noqa: PLC0415
    from bacheca.portal.settings import read_portal  # noqa: PLC0415

    wrong = {**SETTINGS, "site_url": "prova.example.org", "nav": [{"Uno": "uno.md"}], "plugins": "search"}
    del wrong["site_name"]
    file = sketch.settings("mkdocs.yml", wrong)
    file.write_text(file.read_text(encoding="utf-8").replace("site_url: ", "site_url:"), encoding="utf-8")
    sketch.page("it/a.md", "[x](y.md)\n", translation="a")
    portal, settings = read_portal(sketch.config_file)
    assert portal
    found = {problem.code for problem in settings}
    assert {"SETTING_MISSING", "SETTING_ADDRESS", "SETTING_LIST", "YAML_COLON_SPACE"} <= found
    pages = {problem.code for problem in read_content(portal)[1]}
    assert {"LINK_DEAD", "SETTING_NAV"} <= pages


def orphans(sketch: Sketch, **settings: object) -> list[str]:
    """Give the files of the pages that nothing leads to, where settings say something else than the sketch's."""
    sketch.settings("mkdocs.yml", {**SETTINGS, "not_in_nav": "", **settings})
    return [place for place, _, code in sketch.places() if code == "PAGE_ORPHAN"]


def led(sketch: Sketch) -> Sketch:
    """Let something lead to every page of the sketch."""
    sketch.page("it/index.md", "Ciao: [le regole](privacy.md), [chi siamo](articoli/colophon.md).", translation="home")
    return sketch


def test_a_page_that_neither_the_navigation_nor_a_page_leads_to_is_told_of(sketch: Sketch) -> None:
    led(sketch).page("it/sola.md", "Mi cito: [qui](sola.md).", translation="sola")
    assert orphans(sketch) == ["content/it/sola.md"]
    [found] = [problem for problem in sketch.problems() if problem.code == "PAGE_ORPHAN"]
    assert not found.stops
    assert "sola.md" in found.remedy("it")


@pytest.mark.parametrize(
    "text",
    ["[Qui](sola.md#una).", "[Qui][a]\n\n[a]: sola.md", '<a href="../sola/">Qui</a>', "- elenco\n\n    [Qui](sola.md)"],
)
def test_a_link_of_any_page_leads_to_one(sketch: Sketch, text: str) -> None:
    led(sketch).page("it/sola.md", "# Una", translation="sola")
    sketch.page("it/modulo.md", f"# Modulo\n\n/// form | prova\n///\n\n{text}\n", translation="form")
    assert orphans(sketch) == []


def test_the_home_page_is_never_alone(sketch: Sketch) -> None:
    sketch.page("it/index.md", "Ciao: [le regole](privacy.md), [chi siamo](articoli/colophon.md).", translation="casa")
    assert orphans(sketch) == []


def test_so_do_the_footer_the_front_matter_the_other_language_and_the_lists(sketch: Sketch) -> None:
    led(sketch).page("it/piede.md", "A.", translation="piede")
    sketch.page("it/carta.md", "A.", translation="carta")
    sketch.page(
        "it/index.md",
        "[a](privacy.md) [b](articoli/colophon.md)",
        translation="home",
        cards="[{title: A, text: B, label: C, href: carta/}]",
    )
    sketch.page("it/due.md", "A.", translation="due")
    sketch.page("en/two.md", "A.", translation="due")
    sketch.page(
        "it/eventi/e.md", "A.", translation="e", starts='"2027-03-12 18:00"', ends='"2027-03-12 19:00"', place="Qui"
    )
    extra = {**SETTINGS["extra"], "words": {"footer_links": [{"label": "A", "href": "piede/"}]}}
    assert orphans(sketch, extra=extra) == []


def test_none_is_told_of_that_settings_name_and_where_the_engine_makes_the_navigation(sketch: Sketch) -> None:
    led(sketch).page("it/bozze/sola.md", "A.", translation="sola")
    assert orphans(sketch, not_in_nav="bozze/\n") == []
    assert orphans(sketch, nav=None) == []
    assert orphans(sketch, nav=[*SETTINGS["nav"], {"A": [{"B": ["bozze/sola.md"]}]}]) == []
    assert orphans(sketch) == ["content/it/bozze/sola.md"]


@pytest.mark.parametrize(
    "said", ["![Una foto](a/foto.svg)", "La foto, foto.svg.", "<img src=a/foto.svg alt=''>", "_foto.svg_"]
)
def test_a_picture_that_is_named_anywhere_is_not_unused(sketch: Sketch, said: str) -> None:
    sketch.write("content/it/a/foto.svg", "x")
    sketch.page("it/a/index.md", said, translation="a")
    assert "PICTURE_UNUSED" not in {code for _, _, code in sketch.places()}


def test_a_file_that_programs_ask_for_by_its_name_is_no_page(sketch: Sketch) -> None:
    sketch.write("content/it/robots.txt", "User-agent: *\n")
    sketch.write("content/it/verifica.html", "x")
    assert [(path, code) for path, _, code in sketch.places()] == [("content/it/verifica.html", "PAGE_STRAY")]
    assert not any(problem.stops for problem in sketch.problems())
