"""`bacheca.portal.checks.links`: links and pictures lead somewhere, and what is proposed for those that do not does."""

from __future__ import annotations

import pytest

from tests.bacheca.portal.conftest import Sketch


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
