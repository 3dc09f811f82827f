"""Front matter as other tools write it: what `check` calls sound builds, and says what it says."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mkdocs.commands.build import build as build_in_process
from mkdocs.config import load_config

from bacheca.portal.build.pipeline import build
from bacheca.portal.build.read import read_content
from bacheca.portal.build.stage import stage
from bacheca.portal.checks.key_names import ELSEWHERE, HERE
from bacheca.portal.content.heads import ADDED
from tests.bacheca.portal.conftest import Sketch, quiet, with_our_theme

EXAMPLES = int(os.environ.get("BACHECA_EXAMPLES", "40"))
BATCH = 40
"""How many pages are built at once."""

TEXT = "# Una pagina\n\nCiò che dice.\n\n<!-- more -->\n\nIl resto.\n"
HEADS = {
    "nothing": "",
    "hugo": "+++\ntitle = 'Hugo'\ndate = 2026-11-21T10:00:00+01:00\ndraft = false\nweight = 10\naliases = ['/a/']\n"
    "tags = ['uno']\ncategories = ['Due']\ntime = 10:00:00\n[params]\nauthor = 'A'\n[menu.main]\nweight = 1\n+++\n",
    "hugo-yaml": "---\ntitle: Hugo\ndate: 2026-11-21T10:00:00+01:00\nweight: 10\naliases: [/a/]\n"
    "slug: /una/pagina\nlayout: single\noutputs: [html, rss]\ncascade: [{_target: {kind: page}}]\n---\n",
    "hugo-json": '{\n  "title": "Hugo in JSON",\n  "date": "2026-11-21",\n  "tags": ["uno"],\n  "menu": {}\n}\n\n',
    "jekyll": "---\nlayout: post\npermalink: /:categories/:title/\npublished: true\ncategories: uno due\n"
    "date: 2026-11-21 10:00:00 +0100\nlast_modified_at: 2026-11-22\nexcerpt_separator: <!--more-->\n---\n",
    "docusaurus": "---\nid: una\ntitle: Una\nsidebar_label: Una\nsidebar_position: 2.5\nslug: /\nhide_title: true\n"
    "authors: {name: A, url: https://example.org}\nimage: ./a.png\nlast_update: {date: 1/1/2026, author: A}\n---\n",
    "zola": '+++\ntitle = "Zola"\nweight = 0\n[taxonomies]\ntags = ["uno"]\n[extra]\nhero = true\n+++\n',
    "obsidian": "---\naliases:\n  - Una\ncssclasses: [wide]\npublish: true\nup: '[[Altra]]'\nrating: 4\n---\n",
    "pelican": "Title: Pelican\nDate: 2026-11-21 10:20\nCategory: Python\nTags: uno, due\nSlug: una\nAuthors: A, B\n\n",
    "starlight": "---\ntitle: Starlight\nhero: {tagline: Sì, actions: [{text: Vai, link: /x/}]}\n"
    "sidebar: {order: 1, badge: New}\nbanner: {content: x}\nprev: false\nhead: [{tag: title}]\n---\n",
    "vitepress": "---\nlayout: home\nhero: {name: V, actions: [{theme: brand, text: Vai, link: /}]}\nfeatures: []\n"
    "aside: false\noutline: [2, 3]\nlastUpdated: true\neditLink: false\n---\n",
    "material": "---\nicon: material/home\nstatus: new\nsubtitle: Sotto\nhide: [navigation, toc]\nsearch: {boost: 2}\n"
    "social: {cards: false}\ncomments: true\ntags: [uno, due]\n---\n",
    "moments": "---\ntitle: Momenti\ndate: 2026-11-21 10:00:00\nupdated: 2026-11-21T10:00:00Z\ncard: x\n---\n",
    "reserved": "---\ntitle: Nostre\nalternates: it\nlatest: 1\nevent: true\nlanguage_notes: x\nlisting: issue\n---\n",
    "strange": "---\ntitle: Strane\n1: uno\ntrue: due\n2026-01-01: tre\n~: quattro\nx: !!set {a, b}\ny: !!binary aGk=\n"
    "z: [&z {a: b}, *z]\n---\n",
    "nulls": "---\ntitle:\ndescription: ~\ntranslation:\ntags:\nhide:\nsearch:\ndraft:\nstarts:\ntemplate:\n---\n",
    "home": "---\ntemplate: home.html\nhero: {}\n---\n",
    "event": '---\nstarts: 2027-03-12 18:00:00\nends: "2027-03-12 20:00"\nplace: Biella\n---\n',
    "dots": "---\ntitle: Punti\n...\n",
}
"""Whole heads; each becomes a page at the root, one in a folder, and an article where it has a date."""

ARTICLE_HEADS = ("hugo", "hugo-json", "moments")

keys = st.sampled_from(sorted(HERE | ELSEWHERE | ADDED | {"layout", "permalink", "lastmod", "weight", "x"}))
words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
texts = (
    st.sampled_from(
        ["", "uno", "Un titolo", "/a/b/", "home.html", "main.html", "no", "{{ x }}", "a: b", "[x]", "2026-11-21"]
    )
    | words
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-10, 3000)
    | st.floats(allow_nan=True, width=16)
    | st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1))
    | st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2030, 1, 1), timezones=st.sampled_from([None, dt.UTC]))
    | texts
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | texts, inner, max_size=3), max_leaves=6
)
heads = st.dictionaries(keys, values, max_size=6)
KINDS = ("yaml", "json", "article", "event")


def written(head: dict[str, Any], kind: str) -> str:
    """Write a front matter as a tool does."""
    if kind == "json":
        return json.dumps({"x": 1, **head}, default=str) + "\n\n"
    more: dict[str, Any] = {"date": dt.date(2026, 1, 1)} if kind == "article" else EVENT if kind == "event" else {}
    return f"---\n{yaml.safe_dump({**more, **head}, allow_unicode=True)}---\n"


EVENT = {"starts": "2027-03-12 18:00", "ends": "2027-03-12 20:00", "place": "Biella"}


def put_into(sketch: Sketch, name: str, head: str, kind: str = "") -> None:
    """Write a page with a front matter."""
    folder = {"article": "articoli/posts/", "event": "eventi/"}.get(kind, "")
    sketch.write(f"content/it/{folder}{name}.md", head + TEXT)


def drop_the_wrong(sketch: Sketch) -> int:
    """Take away the pages that `check` stops at, and say how many are left of those that were put there."""
    for _ in range(3):  # what an article of another's address hides comes up when that one is gone
        wrong = {problem.path for problem in read_content(sketch.portal("it"))[1] if problem.stops}
        for path in wrong:
            Path(path).unlink()
        if not wrong:
            break
    return len(list((sketch.root / "content/it").rglob("altro-*.md")))


@settings(
    max_examples=max(1, EXAMPLES // BATCH), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.tuples(heads, st.sampled_from(KINDS)), min_size=BATCH, max_size=BATCH))
def test_whatever_check_calls_sound_can_be_rendered(found: list[tuple[dict[str, Any], str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sketch = Sketch(Path(folder))
        with_our_theme(sketch)
        for number, (head, kind) in enumerate(found):
            put_into(sketch, f"altro-{number}", written(head, kind), kind)
        assert drop_the_wrong(sketch)
        portal = sketch.portal("it")
        stage(portal, sketch_content(sketch))
        config = load_config(str(portal.build / "it" / "mkdocs.yml"), strict=True)
        config.plugins.on_startup(command="build", dirty=False)
        build_in_process(config)


def sketch_content(sketch: Sketch) -> Any:
    """Read the Italian pages."""
    content, problems = read_content(sketch.portal("it"))
    assert not [problem.line_of_text("en") for problem in problems if problem.stops]
    return content


@pytest.fixture
def portal_of_others(sketch: Sketch) -> Sketch:
    """A portal of pages that come from elsewhere."""
    with_our_theme(sketch)
    for name, head in HEADS.items():
        put_into(sketch, name, head)
        put_into(sketch, f"guide/{name}", head)
    for name in ARTICLE_HEADS:
        put_into(sketch, f"post-{name}", HEADS[name], "article")
    return sketch


def test_pages_of_other_tools_are_sound_and_build(portal_of_others: Sketch) -> None:
    wrong = [p.line_of_text("en") for p in read_content(portal_of_others.portal("it"))[1] if p.stops]
    assert wrong == []
    site = portal_of_others.root / "site"
    build(portal_of_others.portal("it"), site, quiet, engine="mkdocs", full=False)
    for name in HEADS:
        assert "Ciò che dice." in (site / "guide" / name / "index.html").read_text(encoding="utf-8")
