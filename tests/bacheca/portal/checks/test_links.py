"""`bacheca.portal.checks.links`: links and pictures lead somewhere, and what is proposed for those that do not does."""

from __future__ import annotations

from pathlib import Path

import pytest

from bacheca.forms import Problem
from tests.bacheca.portal.conftest import SETTINGS, Sketch


@pytest.mark.parametrize(
    "link",
    [
        "[x](modulo.md)",
        "[x](modulo.md#modulo)",
        "[x](#qui)",
        "[x](articoli/index.md)",
        "[x](articoli/posts/un-articolo.md)",
        "[x](articoli/numeri/1.md#ascolto)",
        "[x](articoli/temi/ascolto.md)",
        "[x](articoli/archivio/2026.md)",
        "![x](figure/una%20figura.svg)",
        "[x](<figure/una figura.svg>)",
        '[x](modulo.md "titolo")',
        "[x][r]\n\n[r]: modulo.md",
        "[x](https://example.org/y.md)",
        "[x](mailto:{{ community.email }})",
    ],
)
def test_a_living_link_is_no_problem(sketch: Sketch, link: str) -> None:
    sketch.write("content/it/figure/una figura.svg", "<svg/>")
    sketch.page("it/a.md", f"## Qui\n\n{link}\n", translation="a")
    assert {code for _, _, code in sketch.places()} <= {"ADDRESS_NAME", "PICTURE_UNUSED"}


@pytest.mark.parametrize(
    ("link", "code", "near"),
    [
        ("[x](moduli.md)", "LINK_DEAD", "modulo.md"),
        ("![x](figura.svg)", "LINK_DEAD", "figure/altra.svg"),
        ("[x](../en/form.md)", "LINK_DEAD", "/en/form/"),
        ("[x](articoli/numeri/2.md)", "LINK_DEAD", "articoli/numeri/1.md"),
        ("[x](figure)", "LINK_DEAD", ""),
        ("[x][r]\n[r]: moduli.md", "LINK_DEAD", "modulo.md"),
        ("[x](../modulo/)", "LINK_ADDRESS", "modulo.md"),
        ("[x](/modulo/)", "LINK_ADDRESS", "modulo.md"),
        ("[x](/en/forma/)", "LINK_DEAD", ""),
        ("[x](modulo.md#moduli)", "ANCHOR_DEAD", "#modulo"),
        ("[x](#qua)", "ANCHOR_DEAD", "#qui"),
        ("[x](www.coro.it)", "LINK_ELSEWHERE", "https://www.coro.it"),
        ("[x](coro.it/prove)", "LINK_ELSEWHERE", "https://coro.it/prove"),
        ("[x](info@coro.it)", "LINK_ELSEWHERE", "mailto:info@coro.it"),
        ("[x](articoli\\index.md)", "LINK_SLASH", "articoli/index.md"),
    ],
)
def test_a_dead_link_is_a_problem_with_the_nearest_that_lives(sketch: Sketch, link: str, code: str, near: str) -> None:
    sketch.write("content/it/figure/altra.svg", "<svg/>")
    sketch.page("it/a.md", f"## Qui\n\n{link}\n", translation="a")
    [problem] = [problem for problem in sketch.problems() if problem.code != "PICTURE_UNUSED"]
    assert problem.code == code
    assert near in str(problem.values.get("near", ""))


@pytest.mark.parametrize(
    ("href", "codes"),
    [
        ("modulo/", []),
        ("modulo/#modulo", []),
        ("''", []),
        ("https://example.org/", []),
        ("modulo", ["LINK_DEAD"]),
        ("/modulo/", ["LINK_DEAD"]),
        ("modulo/#altro", ["ANCHOR_DEAD"]),
    ],
)
def test_addresses_in_the_front_matter_are_followed(sketch: Sketch, href: str, codes: list[str]) -> None:
    sketch.page("it/index.md", "", translation="home", hero=f"{{actions: [{{label: Vai, href: {href}}}]}}")
    assert [problem.code for problem in sketch.problems()] == codes
    sketch.page("it/index.md", "", translation="home", cards=f"[{{label: Vai, href: {href}}}]")
    assert [(problem.code, problem.line) for problem in sketch.problems()] == [(code, 5) for code in codes]


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:8000/modulo/",
        "http://127.0.0.1:8000/",
        "https://localhost",
        "http://[::1]:8000/",
        "file:///C:/Users/ada/bando.pdf",
        "C:\\Users\\ada\\bando.pdf",
    ],
)
def test_a_link_to_one_s_own_computer_is_said(sketch: Sketch, target: str) -> None:
    sketch.page("it/a.md", f"[x]({target})", translation="a")
    assert sketch.places() == [("content/it/a.md", 6, "LINK_HOME")]


def test_a_host_that_only_begins_like_one_s_own_computer_is_none(sketch: Sketch) -> None:
    sketch.page("it/a.md", "[x](https://localhost.example.org/) [y](https://127.example.org/)", translation="a")
    assert sketch.places() == []


def test_what_comes_nearest_to_a_missing_picture_is_a_picture(sketch: Sketch) -> None:
    sketch.write("content/it/foto/coro.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>\n')
    sketch.page("it/coro.md", "![Il coro](foto/Coro.JPG)", translation="a")
    assert "write foto/coro.svg, which is the nearest" in next(line for line in sketch.said() if "LINK_DEAD" in line)


@pytest.mark.parametrize("said", ["<http://localhost:8000/>", "[http://localhost:8000](http://localhost:8000/)"])
def test_an_address_that_is_told_and_not_hidden_in_words_may_be_one_s_own(sketch: Sketch, said: str) -> None:
    sketch.page("it/a.md", f"Apri {said} nel browser.", translation="a")
    assert sketch.places() == []


ALIVE = [
    "Una[^1].\n\n[^1]: Una nota\n",
    "[x](/modulo/)",
    "![x](/figure/altra.svg)",
    "[x](/en/form/)",
    "<!-- [x](morto.md) -->",
    "[//]: <> (morto.md)",
    "    [x](morto.md)",
    "<pre>[x](morto.md)</pre>",
    "```testo``` e [x](modulo.md)",
    "[x](<figure/una (bella) figura.svg>)",
    "[x](figure/una%20%28bella%29%20figura.svg)",
    "[x](modulo.md#top)",
    "[x](#:~:text=qui)",
    '<a href="../modulo/">x</a> <img alt="" src="../figure/altra.svg">',
    "[x](/sitemap.xml) [y](/articoli/feed.xml) [z](/forms/prova)",
]


@pytest.mark.parametrize("body", ALIVE)
def test_what_works_in_a_browser_stops_nothing(sketch: Sketch, body: str) -> None:
    sketch.settings(
        "mkdocs.yml", SETTINGS | {"markdown_extensions": {**SETTINGS["markdown_extensions"], "footnotes": {}}}
    )
    sketch.write("content/it/figure/altra.svg", "<svg/>")
    sketch.write("content/it/figure/una (bella) figura.svg", "<svg/>")
    sketch.page("it/a.md", body, translation="a")
    assert [problem.line_of_text("en") for problem in sketch.problems() if problem.stops] == []


def test_links_from_the_root_are_paths_where_the_settings_say_so(sketch: Sketch) -> None:
    sketch.settings("mkdocs.yml", SETTINGS | {"validation": {"links": {"absolute_links": "relative_to_docs"}}})
    sketch.page("it/articoli/a.md", "[x](/modulo.md#modulo)", translation="a")
    assert sketch.places() == []


WRONG = [
    *("[x](moduli.md)", "[x](modulo)", "[x](modulo.html)", "[x](articoli)", "[x](Modulo.md)", "[x](../modulo/#modulo)"),
    *("![x](figure/Altra.png)", "![x](altra.svg)", "[x](figure/una figura.svg)", "![x](uv.png)"),
    *("[x](modulo.md#Modulo)", "[x](#qua)", "[x](privacy.md#titolo)", "[x](articoli/numeri/2.md#ascolto)"),
    *("[x](www.coro.it)", "[x](info@coro.it)", "[x](figure\\altra.svg)", "[x](.\\moduli.md)", "[x](/modul/)"),
    *("[x](caffe\u0300.md)", "![x](perche\u0301.svg)", "[x](../en/form.md)", "[x](en/form.md)", "[x](<con spazi.md>)"),
    *('<a href="modulo.md">x</a>', '<img alt="" src="figure/altra.svg">', "[x](README.md)", "[x][r]\n\n[r]: moduli.md"),
    *("[x](docs/relazione.pdf)", "[x](con-spazi.md#un-titolo)", "[x](/articoli/numeri/)"),
]


def about_links(sketch: Sketch) -> dict[str, Problem]:
    """Give the first problem of each page that is about a link."""
    found = [problem for problem in sketch.problems() if problem.code.startswith(("LINK_", "ANCHOR_"))]
    return {problem.path: problem for problem in reversed(found)}


@pytest.mark.parametrize("place", ["it/z{}z.md", "it/z{}z/index.md", "it/uno/due/z{}z.md"])
def test_what_is_proposed_for_a_link_is_sound_once_it_is_written(sketch: Sketch, place: str) -> None:
    for name in ("figure/altra.svg", "figure/una figura (2).svg", "perch\xe9.svg", "carte/relazione#2.pdf"):
        sketch.write(f"content/it/{name}", "<svg/>")
    for name in ("caff\xe8", "con spazi"):
        sketch.page(f"it/{name}.md", "## Un titolo\n", translation="b" if name == "con spazi" else "c")
    for number, link in enumerate(WRONG):
        sketch.page(place.format(number), f"## Qui\n\n{link}\n", translation=f"z{number}")
    mended = {}
    for path, problem in about_links(sketch).items():
        if "near" in problem.values:
            target, near = str(problem.values["target"]), str(problem.values["near"])
            assert near
            text = Path(path).read_text(encoding="utf-8")
            written = next((part for part in (f"<{target}>", target) if part in text), "")
            assert written, (target, text)
            Path(path).write_text(text.replace(written, near), encoding="utf-8")
            mended[path] = problem.line_of_text("en")
    assert len(mended) > len(WRONG) / 2
    after = about_links(sketch)
    assert [(said, after[path].line_of_text("en")) for path, said in mended.items() if path in after] == []
