"""`unused_css`: the theme's style sheet keeps what pages, scripts and the service may need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bacheca.portal.postprocess.html_tree import Tree, written
from bacheca.portal.postprocess.unused_css import ThemeStyles, slimmed

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


def test_pages_name_what_is_left_and_scripts_count_as_use(tmp_path: Path) -> None:
    styles, scripts = tmp_path / "assets/stylesheets", tmp_path / "assets/javascripts"
    styles.mkdir(parents=True)
    scripts.mkdir()
    (styles / "main.57a0d79d.min.css").write_text(".md-a{top:0}.md-b{top:0}.md-c{top:0}")
    (styles / "main.57a0d79d.min.css.map").write_text("{}")
    (styles / "palette.0a0a0a0a.min.css").write_text("x{}")
    (styles / "page.css").write_text(".x{top:0}")
    (scripts / "bundle.js").write_text('x.className="md-b"')
    page = Tree('<link href="assets/stylesheets/main.57a0d79d.min.css"><p class="x md-a">material.css')
    seen = ThemeStyles(tmp_path)
    seen.see(page)
    seen.write()
    assert (styles / seen.name).read_text() == ".md-a{top:0}.md-b{top:0}"
    assert sorted(file.name for file in styles.iterdir()) == [seen.name, "page.css"]
    assert re.fullmatch(r"material\.[0-9a-f]{8}\.css", seen.name)
    html = seen.named_in(written(page))
    assert f'href="assets/stylesheets/{seen.name}"' in html
    assert '<p class="x md-a">material.css' in html


def test_pages_of_another_theme_are_left_alone(tmp_path: Path) -> None:
    page = Tree('<link href="assets/stylesheets/main.57a0d79d.min.css">')
    seen = ThemeStyles(tmp_path)
    seen.see(page)
    seen.write()
    assert 'href="assets/stylesheets/main.57a0d79d.min.css"' in seen.named_in(written(page))
