"""What pages may be written in without a word in the settings, and what settings change of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown import Markdown
from material.extensions.emoji import to_svg, twemoji  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser

from bacheca.portal.markdown_defaults import DEFAULTS, with_defaults
from bacheca.portal.postprocess.glossary_links import Matcher, link_terms
from bacheca.portal.postprocess.glossary_terms import Term
from bacheca.portal.settings_file import EXTENSIONS
from tests.bacheca.portal.conftest import FORM, Sketch


def made(text: str, **written: Any) -> LexborHTMLParser:
    """Make the page of a text, with what the settings say of some extensions."""
    extensions = with_defaults(written)
    html = Markdown(extensions=list(extensions), extension_configs=extensions).convert(text)
    assert "style=" not in html, "no policy of ours lets it through"
    assert "https:" not in html, "nobody is to be asked for anything"
    return LexborHTMLParser(f"<main>{html}</main>")


WRITTEN = {
    "a fence in a list": ("1. Uno\n\n    ```python\n    x = 1\n    ```\n", "li .highlight code"),
    "a fence in a note": ("!!! note\n\n    ```\n    x\n    ```\n", ".admonition pre"),
    "line numbers": ('```python linenums="1"\nx = 1\n```\n', ".highlighttable .linenos"),
    "tabs": ('=== "A"\n\n    a\n\n=== "B"\n\n    b\n', ".tabbed-alternate .tabbed-labels label + label"),
    "a box that opens": ('??? note "Si apre"\n    Dentro.\n', "details summary"),
    "tasks": ("- [x] Fatto\n- [ ] No\n", ".task-list-item label input[checked]"),
    "keys": ("++ctrl+c++\n", ".keys kbd.key-control"),
    "a mark": ("==questo==\n", "mark"),
    "what is added": ("^^questo^^ e x^2^\n", "p ins + sup"),
    "what is taken out": ("~~questo~~ e H~2~O\n", "p del + sub"),
    "an icon": (":octicons-bell-16:\n", "span[aria-hidden=true] svg"),
    "Markdown in HTML": ("<div markdown>\n**a**\n</div>\n", "div strong"),
    "attributes": ("# A {: #nome .no-terms }\n", "h1#nome.no-terms"),
    "a note at the foot": ("A[^1]\n\n[^1]: B\n", ".footnote li"),
    "a drawing in words": ("``` mermaid\ngraph LR\n```\n", "pre.mermaid code"),
    "a table": ("| a |\n|--:|\n| 1 |\n", 'td[align="right"]'),
    "a definition": ("A\n:   B\n", "dl dd"),
    "an abbreviation": ("HTML\n\n*[HTML]: Una lingua\n", "abbr[title]"),
}


@pytest.mark.parametrize("what", WRITTEN)
def test_pages_may_be_written_as_elsewhere(what: str) -> None:
    text, found = WRITTEN[what]
    assert made(text).css_matches(found), made(text).html


def test_an_emoji_is_its_character_and_an_icon_a_drawing_whatever_other_settings_say() -> None:
    for options in ({}, {"emoji_index": twemoji, "emoji_generator": to_svg}, None, True):
        page = made(":smile: :octicons-bell-16:\n", **{"pymdownx.emoji": options})
        assert "😄" in page.css_first("p").text()
        assert not page.css_matches("img")


def test_attributes_after_an_emoji_are_its_own_and_its_heading_is_called_as_before() -> None:
    page = made("# A :smile: {#nome}\n\n:robot:{ .lg .middle } Parole *:smile:*\n", toc={"permalink": False})
    assert page.css_first(".lg.middle").text() == "🤖"
    assert page.css_first("p").text() == "🤖 Parole 😄"
    assert page.css_first("h1#nome").text() == "A 😄"
    extensions = with_defaults({"toc": {}})
    md = Markdown(extensions=list(extensions), extension_configs=extensions)
    md.convert("# Ciao :smile:\n")
    assert [(token["id"], token["name"]) for token in md.toc_tokens] == [("ciao", "Ciao 😄")]  # type: ignore[attr-defined]


def test_the_words_of_a_task_are_the_label_of_its_box_with_the_tasks_under_it_left_out() -> None:
    page = made(
        "- [x] Fatto *bene*\n    - [ ] Dentro\n- [ ] A\n\n    B\n", **{"pymdownx.tasklist": {"custom_checkbox": True}}
    )
    labels = page.css("label")
    assert [label.text().strip() for label in labels] == ["Fatto bene", "Dentro", "A"]
    assert all(len(label.css("input")) == 1 for label in labels)


def test_code_is_coloured_by_what_settings_name() -> None:
    assert made("    :::python\n    x = 1\n", codehilite={}).css_matches(".codehilite")
    assert "pymdownx.highlight" in with_defaults({"codehilite": {}, "pymdownx.highlight": {}})


def test_settings_change_an_option_add_an_extension_and_turn_one_off() -> None:
    assert not made("==questo==\n", **{"pymdownx.mark": False}).css_matches("mark")
    assert made('=== "A"\n\n    a\n', **{"pymdownx.tabbed": None}).css_matches(".tabbed-alternate")
    tabbed = with_defaults({"pymdownx.tabbed": {"combine_header_slug": True}})["pymdownx.tabbed"]
    assert tabbed == {"alternate_style": True, "combine_header_slug": True}
    assert with_defaults({"smarty": {}})["smarty"] == {}
    assert list(with_defaults({"markdown.extensions.tables": {}})) == list(DEFAULTS)
    assert DEFAULTS["pymdownx.tasklist"] == {}, "what one portal says is no other's"


def test_every_default_may_be_written_in_settings_without_the_operators_word() -> None:
    assert DEFAULTS.keys() <= EXTENSIONS


def test_a_portal_has_them_without_naming_any(sketch: Sketch) -> None:
    settings = yaml.safe_load(sketch.config_file.read_text(encoding="utf-8"))
    settings["markdown_extensions"] = {"pymdownx.keys": False}
    sketch.settings("mkdocs.yml", settings)
    for language in sketch.portal().languages:
        assert language.config["markdown_extensions"].keys() == DEFAULTS.keys() - {"pymdownx.keys"}


def test_a_form_stands_wherever_text_may_and_is_code_in_code(tmp_path: Path) -> None:
    (tmp_path / "prova.yaml").write_text(FORM, encoding="utf-8")
    block = "/// form | prova\n///\n"
    inside = block.replace("\n", "\n    ").rstrip(" ")
    settings = {"bacheca.portal.markdown.form_block": {"folder": str(tmp_path), "language": "it"}}
    for text in (
        block,
        f'=== "A"\n\n    {inside}',
        f"??? note\n\n    {inside}",
        f"- a\n\n    {inside}",
        f"1. a\n\n    !!! note\n\n        {inside}".replace("\n    ///", "\n        ///"),
    ):
        extensions = with_defaults(settings)
        html = Markdown(extensions=list(extensions), extension_configs=extensions).convert(text)
        assert len(LexborHTMLParser(html).css("form")) == 1, text
    assert made(f"```\n{block}```\n", **settings).css_first("code").text() == block


def test_the_glossary_marks_nothing_in_code_with_colours() -> None:
    text = made("Il bando.\n\n1. Passo\n\n    ```python\n    bando = 1  # bando\n    ```\n").html
    page = LexborHTMLParser(f"<main>{text}</main>")
    link_terms(page, Matcher((Term("bando", "Bando", "Una cosa."),)), "../glossario/")
    assert len(page.css(".term")) == 1
    assert not page.css_matches("pre .term")
