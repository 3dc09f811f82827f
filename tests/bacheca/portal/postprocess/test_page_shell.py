"""`bacheca.portal.postprocess.page_shell`: the page that the service fills."""

from __future__ import annotations

import pytest

from bacheca.portal.errors import RenderFailed
from bacheca.portal.postprocess.html_tree import Tree, written
from bacheca.portal.postprocess.page_shell import make_shell

PAGE = """\
<html lang="it"><head>
<meta name="description" content="x"><meta name="viewport" content="y"><meta name="robots" content="all">
<meta property="og:title" content="x"><meta name="twitter:card" content="x"><link rel="canonical" href="/404.html">
<link rel="alternate" hreflang="en" href="/en/"><link rel="stylesheet" href="/a.css">
<title>Non
c’è</title></head><body>
<a class="logo" href="/">Prova</a><a class="s" href="/en/" hreflang="en" lang="en">English</a>
<!-- shell:content --><h1>Non c’è</h1>
<p>Torna.</p><!-- /shell:content --></body></html>
"""


def shell_of(page: str) -> str:
    tree = Tree(page)
    make_shell(tree)
    return written(tree)


def test_marks_stand_where_the_service_speaks() -> None:
    shell = shell_of(PAGE)
    assert "<title>bacheca:title</title>" in shell
    assert '<a class="s" href="bacheca:alternate" lang="en" hreflang="en">' in shell
    assert '<a class="logo" href="/">' in shell
    assert 'hreflang="en">English</a>\n<!--bacheca:content-->\n</body>' in shell
    assert "Non" not in shell


def test_nothing_of_one_address_is_left_and_no_engine_indexes_it() -> None:
    shell = shell_of(PAGE)
    for gone in ("description", "og:title", "twitter:", "canonical", 'rel="alternate"', '"all"'):
        assert gone not in shell
    assert shell.count('name="robots"') == 1
    assert '<meta name="robots" content="noindex"></head>' in shell
    assert 'name="viewport"' in shell
    assert 'href="/a.css"' in shell


@pytest.mark.parametrize("mark", ["<!-- shell:content -->", "<title>"])
def test_a_page_without_its_marks_is_a_problem(mark: str) -> None:
    with pytest.raises(RenderFailed) as caught:
        shell_of(PAGE.replace(mark, ""))
    assert [problem.values["mark"] for problem in caught.value.problems] == [mark]
