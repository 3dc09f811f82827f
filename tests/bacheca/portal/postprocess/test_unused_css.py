"""`unused_css`: the theme's style sheet keeps what pages, scripts and the service may need."""

from __future__ import annotations

import pytest

from bacheca.portal.postprocess.html_tree import Tree, written
from bacheca.portal.postprocess.unused_css import (
    classes_in,
    classes_of,
    name_slim,
    shipped,
    slimmed,
    writes_classes,
)

USED = {"md-header", "md-typeset"}


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        (".md-header{color:red}", ".md-header{color:red}"),
        (".md-tabs{color:red}", ""),
        (".md-header,.md-tabs a,.md-tabs__item{top:0}", ".md-header{top:0}"),
        (".md-header .md-tabs{top:0}a{top:1px}", "a{top:1px}"),
        (".md-header:not(.md-tabs,.x){top:0}", ".md-header:not(.md-tabs,.x){top:0}"),
        (":is(.md-header,.x){top:0}", ":is(.md-header,.x){top:0}"),
        ("@media print{.md-tabs{top:0}}", ""),
        (
            "@media screen and (min-width:1em){.md-tabs{top:0}.form-x{top:0}}",
            "@media screen and (min-width:1em){.form-x{top:0}}",
        ),
        ("@supports (top:0){@media print{.md-tabs{top:0}a{top:0}}}", "@supports (top:0){@media print{a{top:0}}}"),
        ("@keyframes x{0%{top:0}}", "@keyframes x{0%{top:0}}"),
        ('@charset "UTF-8";:root{--x:url("data:,a{b}")}', '@charset "UTF-8";:root{--x:url("data:,a{b}")}'),
        (".admonition .md-typeset{top:0}", ".admonition .md-typeset{top:0}"),
    ],
)
def test_only_rules_for_unused_parts_of_the_theme_go(sheet: str, kept: str) -> None:
    assert slimmed(sheet, USED) == kept


def test_the_sheet_of_the_theme_is_found_first_among_all_that_it_ships() -> None:
    names = ("palette.0a0a0a0a.min.css", "main.57a0d79d.min.css.map", "main.57a0d79d.min.css", "page.css", "main.css")
    paths = [f"en/assets/stylesheets/{name}" for name in names]
    assert shipped(paths, "en/") == [paths[2], paths[1], paths[0]]
    assert shipped(paths, "") == []


def test_pages_name_what_is_left_in_links_and_nowhere_else() -> None:
    page = Tree('<link href="assets/stylesheets/main.57a0d79d.min.css"><p class="x md-a">main.57a0d79d.min.css')
    name_slim(page, "main.57a0d79d.min.css", "new.css")
    assert 'href="assets/stylesheets/new.css"' in written(page)
    assert '<p class="x md-a">main.57a0d79d.min.css' in written(page)
    assert list(classes_of(page)) == ["md-a"]


@pytest.mark.parametrize(("path", "writes"), [("page.js", True), ("mermaid.0a.js", False), ("page.txt", False)])
def test_what_scripts_say_counts_as_use_but_for_those_of_diagrams(path: str, writes: bool) -> None:
    assert writes_classes(f"en/assets/javascripts/{path}", "en/") is writes
    assert list(classes_in('x.className="md-b"')) == ["md-b"]
