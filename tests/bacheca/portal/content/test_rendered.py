"""`bacheca.portal.content.rendered`: what is read of a page is what the engine makes of it, each thing at its line."""

from __future__ import annotations

import re
from typing import Any

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bacheca.portal.content.rendered import FIRST, MarkdownReader, Rendered, unmarked
from tests.bacheca.portal.conftest import Sketch

EXTENSIONS: dict[str, Any] = {
    "attr_list": {},
    "md_in_html": {},
    "footnotes": {},
    "admonition": {},
    "def_list": {},
    "abbr": {},
    "pymdownx.superfences": {},
    "bacheca.portal.markdown.form_block": {},
    "bacheca.portal.markdown.results_block": {},
}


def read(body: str, **extensions: Any) -> Rendered:
    return MarkdownReader(EXTENSIONS | extensions).read(body)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("[x](a.md)", [("a.md", 1)]),
        ("Uno\n[x](a.md) e [y](b.md)\n\n[z](a.md)", [("a.md", 2), ("b.md", 2), ("a.md", 4)]),
        ("[x](<a b.md>)", [("a b.md", 1)]),
        ("[x](a%20b.md)", [("a%20b.md", 1)]),
        ("[x](a(b).md)", [("a(b).md", 1)]),
        ('[x](a.md "Un titolo")', [("a.md", 1)]),
        ("[x][r] e [r]\n\n[r]: a.md\n", [("a.md", 3)]),
        ("> [x][r]\n\n[r]:\n    a.md\n", [("a.md", 4)]),
        ("[^1] e [x](a.md)\n\n[^1]: Una nota con [y](b.md)\n", [("a.md", 1), ("b.md", 3)]),
        ("<https://localhost/>", [("https://localhost/", 1)]),
        ('Un <a class="x" href="a.md">x</a>', [("a.md", 1)]),
        ('<div>\n\n<a\n href="a.md">x</a>\n</div>', [("a.md", 3)]),
        ("| A |\n| --- |\n| [x](a.md) |\n", [("a.md", 3)]),
        ("- [x](a.md)\n\n    !!! note\n        [y](b.md)\n", [("a.md", 1), ("b.md", 4)]),
        ("Uno\n:   [x](a.md)\n", [("a.md", 2)]),
        ("<!-- [x](a.md) -->\n", []),
        ("[//]: <> (a.md)\n\n[//]: # (Un commento)\n", []),
        ("Uno:\n\n    [x](a.md)\n", []),
        ("<pre>[x](a.md)</pre>\n", []),
        ("`[x](a.md)` e ``[x](b.md) ` ``\n", []),
        ("- Uno\n\n    ```\n    [x](a.md)\n    ```\n\n[y](b.md)\n", [("b.md", 7)]),
        ("```` un ``` tratto di codice ````\n\n[x](a.md)\n", [("a.md", 3)]),
        ("```testo``` comincia la riga.\n\n[x](a.md)\n", [("a.md", 3)]),
        (r"\[x](a.md)", []),
    ],
)
def test_links_are_those_that_the_page_will_have(body: str, found: list[tuple[str, int]]) -> None:
    assert [(link.target, link.line) for link in read(body).references] == found


HEADINGS = """\
# Che cos’è l’*ascolto*?
## Un *titolo* con `codice` e [un link](x.md)
## Due volte
## Due volte
### Perché è così: 1/2 & altro {#perche}
## Bannare {: aliases="bandire" }
## Ricerca &amp; sviluppo
#### Chiuso ####
> ## In una citazione
- ## In una lista

!!! note "Un avviso"
    ## In un avviso

Sottolineato due volte
======================

Sottolineato una volta
----------------------

<h2 id=nuda>Nuda</h2>
<div markdown>
## In un elemento
</div>

    ## Codice
"""


def test_names_are_those_that_the_engine_makes() -> None:
    html = markdown.markdown(HEADINGS, extensions=["toc", "tables", "fenced_code", *list(EXTENSIONS)[:7]])
    assert read(HEADINGS).names == set(re.findall(r'id="?([^">]+)', html))


def test_each_heading_has_its_line() -> None:
    lines = HEADINGS.split("\n")
    found = {heading.name: heading.line for heading in read(HEADINGS).headings}
    wanted = ["in-una-citazione", "in-una-lista", "in-un-avviso", "sottolineato-due-volte", "nuda", "in-un-elemento"]
    said = ["> ## In una", "- ## In una", "    ## In un a", "Sottolineato due", "<h2", "## In un elemento"]
    assert [found[name] for name in wanted] == [
        next(number for number, line in enumerate(lines, 1) if line.startswith(begin)) for begin in said
    ]


def test_names_follow_the_settings_of_the_engine() -> None:
    def slugify(text: str, separator: str) -> str:
        return f"qui{separator}{len(text)}"

    assert read("# Uno\n", toc={"slugify": slugify}).names == {"qui-3"}


def test_names_with_settings_in_them_are_those_of_what_takes_their_place() -> None:
    reader = MarkdownReader({}, {"fact.wait": "tre ore"})
    assert reader.read("## Entro {{ fact.wait }}\n").names == {"entro-tre-ore"}
    assert reader.read("Uno {{ fact.altro }}, `{{ codice }}`.\n").fillings == ("fact.altro",)


@pytest.mark.parametrize("name", ["una", "due.altra", "x\ny"])
def test_names_of_elements_of_html_are_read_with_and_without_quotes(name: str) -> None:
    assert name in read(f'<a id="{name}"></a>').names
    assert read("Un <b id=nuda>x</b>, <a name='vecchia'></a>").names == {"nuda", "vecchia"}


def test_pictures_say_what_they_say() -> None:
    found = read('![Una scala](a.png) ![](b.png) <img src="c.png"> <img src="d.png" alt="">').references
    assert [(picture.target, picture.words, picture.is_html) for picture in found] == [
        ("a.png", "Una scala", False),
        ("b.png", "", False),
        ("c.png", None, True),
        ("d.png", "", True),
    ]


def test_blocks_are_those_outside_code_and_hide_nothing_that_follows() -> None:
    rendered = read("```\n/// form | no\n///\n```\n\n/// form | uno\n///\n\n/// results | due\n\n[x](a.md)\n")
    found = [(block.kind, block.name, block.line) for block in rendered.blocks]
    assert found == [("form", "uno", 6), ("results", "due", 9)]
    assert [link.target for link in rendered.references] == ["a.md"]


def test_what_an_extension_cannot_read_is_a_problem_of_the_page(sketch: Sketch) -> None:
    sketch.page("it/a.md", "Testo.\n\n" + ">" * 3000 + " Fondo.\n", translation="a")
    assert sketch.places() == [("content/it/a.md", 8, "PAGE_TANGLED")]


def test_characters_that_are_marks_are_left_out_of_what_is_read() -> None:
    rendered = read(f"# Un{chr(FIRST + 7)}o\n\n[x](a{chr(FIRST + 9)}.md)")
    assert rendered.names == {"uno"}
    assert [(link.target, link.line) for link in rendered.references] == [("a.md", 3)]


PIECES = st.sampled_from(
    [
        *("# Uno", "Due\n---", "> tre", "- quattro", "    cinque", "```", "~~~", "`sei`", "[x](a.md)", "![y](b.png)"),
        *("[r]: c.md", "[r]", "[^n]", "[^n]: nota", "<div markdown>", "</div>", '<a href="d/">z</a>', "<!-- e -->"),
        *("!!! note", "| A |\n| - |\n| [f](g.md) |", "Termine\n:   senso", "*enfasi*", "&amp;", "{#nome}", "", "\n"),
        *(
            "/// form | uno",
            "///",
            "1. sette",
            "***",
            "--8<-- x",
            "    --8<-- y",
            '```text title="nove.txt"',
            '```text linenums="1" hl_lines="2"',
            "*[HTML]: lingua",
            "otto  ",
            "<pre>",
            "</pre>",
            "===",
        ),
    ]
)


HEADS = (
    *(
        'python title="a.py"',
        'python linenums="1" title="a.py"',
        'title="a.py"',
        '{.md title="a.md"}',
        'md hl_lines="1"',
    ),
    *("{ .md .annotate }", 'md linenums="1"', 'md title="<b>"', "mermaid", ""),
)


@pytest.mark.parametrize("within", ["", '!!! note "Nota"\n\n', "- uno\n\n"])
@pytest.mark.parametrize("head", HEADS)
def test_of_code_nothing_is_read_whatever_its_head_says_and_wherever_it_stands(head: str, within: str) -> None:
    code = f"```{head}\n# Titolo\n--8<-- x\n![](a.png) {{{{ community.niente }}}}\n```\n"
    indented = "".join(f"    {line}\n" for line in code.splitlines()) if within else code
    found = read(f"{within}{indented}\n# Vero\n", **{"pymdownx.highlight": {}})
    assert [heading.text for heading in found.headings] == ["Vero"]
    assert (found.references, found.fillings, found.included, found.executable) == ((), (), (), ())


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=14), st.sampled_from(["\n", "\n\n"]))
def test_marks_change_nothing_of_what_the_engine_makes(pieces: list[str], between: str) -> None:
    body = between.join(pieces)
    names = [name for name in EXTENSIONS if not name.startswith("bacheca")] + ["pymdownx.highlight"]
    text = body.replace("///", "//")
    plain = markdown.markdown(text, extensions=["toc", "tables", "fenced_code", *names])
    marked = MarkdownReader(dict.fromkeys(names)).html(text)
    of_tags = re.sub(
        '((?:<|&lt;)[a-zA-Z][a-zA-Z0-9-]*) [\U000f0000-\U000fffff](?:="[\U000f0000-\U000fffff]?")?', r"\1", marked
    )
    assert unmarked(re.sub(' data-line="[^"]*"', "", of_tags)) == plain
