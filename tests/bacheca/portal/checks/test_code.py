"""`bacheca.portal.checks.code`: nothing that editors write runs in a reader's browser."""

from __future__ import annotations

import pytest

from tests.bacheca.portal.conftest import Sketch

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">\n{}\n</svg>\n'


@pytest.mark.parametrize(
    ("text", "line", "written"),
    [
        ("Prima.\n\n<script>alert(1)</script>", 8, "<script>"),
        ("<ScRiPt\nsrc='https://x.example/a.js'></script>", 6, "<script>"),
        ("<iframe src='https://x.example/'></iframe>", 6, "<iframe>"),
        ("<object data='a.swf'></object>", 6, "<object>"),
        ("<embed src='a.swf'>", 6, "<embed>"),
        ("<base href='https://x.example/'>", 6, "<base>"),
        ("<meta http-equiv='refresh' content='0;url=https://x.example/'>", 6, "<meta>"),
        ("<form action='https://x.example/'><input name='p'></form>", 6, "<form>"),
        ("Testo.\n\n<b\n ONCLICK='alert(1)'>x</b>", 9, "onclick"),
        ("<svg/onload=alert(1)>", 6, "onload"),
        ("Un *testo*{: onclick='alert(1)' }", 6, "onclick"),
        ("Un *testo*{ .a onmouseover=alert }", 6, "onmouseover"),
        ("# Un titolo {: #a onfocus='x' }", 6, "onfocus"),
        ("[qui](https://a.example){: href='javascript:alert(1)' }", 6, "href=javascript:alert(1)"),
        ("[qui](javascript:alert(1))", 6, "href=javascript:alert(1)"),
        ("[qui](<java\tscript:alert(1)>)", 6, "href=java    script:alert(1)"),
        ("[qui](JavaScript&colon;alert(1))", 6, "href=JavaScript:alert(1)"),
        ("[qui][a]\n\n[a]: vbscript:x", 8, "href=vbscript:x"),
        ("[qui](data:text/html,x)", 6, "href=data:text/html,x"),
        ("<a href='java&#115;cript:alert(1)'>x</a>", 6, "href=javascript:alert(1)"),
    ],
)
def test_what_would_run_in_a_browser_is_refused_at_its_line(sketch: Sketch, text: str, line: int, written: str) -> None:
    sketch.page("it/a.md", text, translation="a")
    found = [problem for problem in sketch.problems() if problem.code == "PAGE_CODE"]
    assert [(problem.line, problem.values["written"]) for problem in found] == [(line, written)]


@pytest.mark.parametrize(
    "text",
    [
        "Si scrive `<script>`, o `onclick=`.",
        "```html\n<script>alert(1)</script>\n<a onclick=x>\n```",
        "Una frase con a < b, once = 1 e onde=2.",
        "<https://example.org/onclick=1>",
        '<img alt="" src="a.svg"> e [tel](tel:+390212345) e [posta](mailto:a@example.org){: .bottone }',
        "I dati: javascript: no.",
    ],
)
def test_what_only_speaks_of_code_is_let_be(sketch: Sketch, text: str) -> None:
    sketch.page("it/a.md", text, translation="a")
    assert [problem for problem in sketch.problems() if problem.code == "PAGE_CODE"] == []


@pytest.mark.parametrize(
    "drawn",
    [
        "<script>alert(1)</script>",
        "<rect onload='alert(1)'/>",
        "<a xlink:href='javascript:alert(1)'><text>x</text></a>",
        "<foreignObject><p>x</p></foreignObject>",
        "<a><set attributeName='href' to='javascript:alert(1)'/></a>",
    ],
)
def test_a_drawing_runs_nothing_either(sketch: Sketch, drawn: str) -> None:
    sketch.write("content/it/disegno.svg", SVG.format(drawn))
    sketch.page("it/a.md", "![Un disegno](disegno.svg)", translation="a")
    assert [(path, line) for path, line, code in sketch.places() if code == "PAGE_CODE"] == [
        ("content/it/disegno.svg", 2)
    ]
