"""`bacheca.portal.postprocess.html_tree`: what is read is what is written."""

from __future__ import annotations

import pytest

from bacheca.portal.postprocess.html_tree import Tree, element, nodes_of, text_of, wrap, written


@pytest.mark.parametrize("page", ["<pre>\n\n\ncode</pre>", "<pre>\ncode</pre>", "<textarea>\n\nx</textarea>"])
def test_no_line_break_is_lost_however_often_a_page_is_written(page: str) -> None:
    once = written(Tree(page))
    twice = written(Tree(once))
    assert Tree(once).body.text() == Tree(page).body.text() == Tree(twice).body.text()  # type: ignore[union-attr]


def test_a_box_is_put_around_a_node_in_its_place() -> None:
    tree = Tree("<p>a</p><table><tr><td>b</td></tr></table><p>c</p>")
    wrap(tree.css("table")[0], "outer", "inner")
    boxed = '<div class="outer"><div class="inner"><table><tbody><tr><td>b</td></tr></tbody></table></div></div>'
    assert f"<p>a</p>{boxed}<p>c</p>" in written(tree)


def test_text_is_one_line_without_signs_behind_headings_and_remarks() -> None:
    tree = Tree('<h2 id="a">Un&nbsp;<em>bel</em>\n titolo<!-- x --><a class="headerlink" href="#a">¶</a></h2>')
    assert text_of(*tree.css("h2")) == "Un bel titolo"


def test_what_is_put_into_an_element_is_text() -> None:
    assert element("p", {"title": '"<'}, "<b>&").html == '<p title="&quot;&lt;">&lt;b&gt;&amp;</p>'


def test_a_template_gives_all_its_nodes_in_their_order() -> None:
    assert [node.tag for node in nodes_of("<p>a</p> b <!-- c --><i></i>")] == ["p", "-text", "-comment", "i"]
