"""`bacheca.portal.markdown.glossary_aliases`: other names of a term become a line that people can read."""

from __future__ import annotations

import markdown
import pytest


def convert(text: str, language: str = "it") -> str:
    configs = {"bacheca.portal.markdown.glossary_aliases": {"language": language}}
    extensions = ["attr_list", "toc", "md_in_html", "bacheca.portal.markdown.glossary_aliases"]
    return markdown.markdown(text, extensions=extensions, extension_configs=configs)


@pytest.mark.parametrize(
    ("language", "line"), [("it", "Detto anche: bandire, espellere"), ("en", "Also called: bandire, espellere")]
)
def test_other_names_stand_under_the_term(language: str, line: str) -> None:
    html = convert('## Bannare {: aliases="bandire, espellere" }\n\nVietare.\n', language)
    heading = '<h2 data-aliases="bandire, espellere" id="bannare">Bannare</h2>'
    assert html == f'{heading}\n<p class="glossary-aliases">{line}</p>\n<p>Vietare.</p>'


def test_a_term_without_other_names_has_no_line() -> None:
    assert convert("## Blog {: #blog }\n\nUn sito.\n") == '<h2 id="blog">Blog</h2>\n<p>Un sito.</p>'


def test_each_term_has_its_own_line_also_inside_another_element() -> None:
    html = convert('<div markdown>\n\n## A {: aliases="x" }\n\n## B {: aliases="y<z" }\n\n</div>\n')
    assert html.index("Detto anche: x") < html.index(">B</h2>") < html.index("Detto anche: y&lt;z")
    assert " aliases=" not in html


def test_inflected_forms_and_names_that_do_not_link_are_kept_for_the_build_and_not_shown() -> None:
    html = convert('## Bannare {: forms="bannato, bannata" unlinked="bannare" #bannare }\n\nVietare.\n')
    heading = '<h2 data-forms="bannato, bannata" data-unlinked="bannare" id="bannare">Bannare</h2>'
    assert html == f"{heading}\n<p>Vietare.</p>"
