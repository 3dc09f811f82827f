"""No page, feed, chart or search entry of a portal says anything that is not in the catalogues, or in its content."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import material  # type: ignore[import-untyped]
import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser

from bacheca.forms.locales import locale_of
from bacheca.portal.authoring.new_portal import Community, new_portal
from bacheca.portal.build.pipeline import build
from bacheca.portal.commands.build import main
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.search.index import entries_of
from bacheca.portal.settings import load_portal
from bacheca.portal.theme_defaults import spoken_by_material
from tests.pseudo import LANGUAGE, speak_marked, unmarked, without_marks

SECTIONS = ("guidelines", "glossary", "articles", "events", "survey", "signup")
HEAD = "---\ntitle: ⟦{0}⟧\ndescription: ⟦{0}⟧\n{1}---\n\n# ⟦{0}⟧\n\n{2}\n"
HERO = """\
hero: {title: ⟦h⟧, text: ⟦h⟧, actions: [{label: ⟦l⟧, href: articles/}]}
cards: [{title: ⟦k⟧, text: ⟦k⟧, label: ⟦k⟧, href: articles/}]
"""
FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: {name}
title: ⟦T⟧
form:kind: {kind}
form:keep: 24 months
fields:
- {{name: a, title: ⟦a⟧, type: string, format: email, constraints: {{required: true}}}}
- {{name: b, title: ⟦b⟧, type: boolean, form:widget: consent, form:notice: ⟦n⟧, constraints: {{required: true}}}}
"""


def write(folder: Path, today: dt.date) -> None:
    """Write a portal in which every word of a page is marked, with a page of every kind."""
    community = Community("⟦N⟧", (LANGUAGE,), sections=SECTIONS, email="x@example.org", zone="UTC", today=today)
    new_portal(folder, community)
    pages = folder / "content" / LANGUAGE
    for page in sorted(pages.rglob("*.md")):
        said = page.read_text(encoding="utf-8")
        kept = "".join(re.findall(r"^(?:translation|template|slug|date|authors|starts|ends): .*\n", said, re.MULTILINE))
        blocks = "\n\n".join(re.findall(r"^/// .*\n(?:.*\n)*?///$", said, re.MULTILINE)) or "⟦x⟧"
        more = "\n\n<!-- more -->\n\n⟦y⟧" if "<!-- more -->" in said else ""
        kept += "place: ⟦p⟧\n" if "starts" in kept else ""
        kept += HERO if "template: home" in kept else ""
        if "posts" in page.parts:
            kept += "categories: [⟦c⟧]\ntags: [⟦t⟧]\n"
        page.write_text(HEAD.format(page.stem, kept, blocks + more), encoding="utf-8")
    term = '## ⟦Termo⟧ {: forms="⟦termoj⟧" aliases="⟦alia⟧" #termo }\n\n⟦d⟧\n'
    with (pages / "glossary.md").open("a", encoding="utf-8") as file:
        file.write(term)
    authors = pages / "articles/.authors.yml"
    said = authors.read_text(encoding="utf-8")
    authors.write_text(re.sub("(name|description): .*", r"\1: ⟦e⟧", said), encoding="utf-8")
    for form in (folder / "content/forms").glob("*.yaml"):
        kind = "survey" if "survey" in form.name else "signup"
        form.write_text(FORM.format(name=form.stem, kind=kind), encoding="utf-8")


TITLES = re.compile(r"<(?:title|subtitle|summary|description)[^>]*>(.*?)</")
FOR_PROGRAMS = re.compile(r"bacheca:title|[a-z]+\.org/[a-z/-]+")
"""What is no word: the place of a title in the page that the service fills, and addresses as a poster has them."""

FORMATS = {"RSS", "Atom", "JSON"}


def left(page: str, known: list[str]) -> list[str]:
    """Give what people read in a page that is neither marked nor Material's, nor the name of a month or of a format."""
    tree = LexborHTMLParser(page)
    for node in tree.css("[hidden] input"):
        node.decompose()
    found = [FOR_PROGRAMS.sub("", text) for text in unmarked(tree.html or "")]
    return [text for text in (without(text, known) for text in found) if re.search(r"[^\W\d_]{2,}", text)]


def without(text: str, known: list[str]) -> str:
    """Take known words out of a text, the longest first."""
    for word in known:
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "", text)
    return text


def words_of_others() -> list[str]:
    """Give the words of Material in the language, the names of its months and of formats."""
    folder = Path(material.__file__).parent / "templates/partials/languages"
    theirs = (folder / f"{spoken_by_material(LANGUAGE)}.html").read_text(encoding="utf-8")
    said = re.findall(r'"[a-z.]+": "(.+)"', theirs)
    months = locale_of(LANGUAGE).months
    named = [name for at in months.values() for width in at.values() for name in width.values()]
    words = {word for one in (*said, *named) for word in (one, one.capitalize())} | FORMATS
    return sorted(words, key=len, reverse=True)


def texts_in(site: Path) -> Iterator[tuple[str, str]]:
    """Give what people read of a site, by its file: pages, feeds, and what the search shows."""
    for page in site.rglob("*.html"):
        yield page.relative_to(site).as_posix(), page.read_text(encoding="utf-8")
    for feed in site.rglob("*.xml"):
        yield feed.name, " ".join(TITLES.findall(feed.read_text(encoding="utf-8")))
    (index,) = site.rglob("search_index.js")
    for entry in entries_of(index.read_text(encoding="utf-8")):
        yield f"search {entry['location']}", " ".join(entry.get(key, "") for key in ("title", "description", "text"))
    for feed in site.rglob("feed.json"):
        said = json.loads(feed.read_text(encoding="utf-8"))
        yield (
            feed.name,
            " ".join([said["title"], said.get("description", ""), *(one["title"] for one in said["items"])]),
        )


def test_every_sentence_of_a_portal_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speak_marked(monkeypatch)
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "p", dt.date(2026, 11, 30))
    said: list[str] = []

    def tell(saying: str, _seconds: float | None, **values: object) -> None:
        said.append(say(SAYINGS[saying], LANGUAGE, **values))

    build(load_portal(tmp_path / "p/mkdocs.yml"), tmp_path / "site", tell, engine="mkdocs", full=False)
    known = words_of_others()
    texts = dict(texts_in(tmp_path / "site"))
    assert len(texts) > 30
    assert {file: found for file, text in texts.items() if (found := left(text, known))} == {}
    assert [line for line in said if without_marks(line)] == []
    told = CliRunner().invoke(main, ["check", "--release", "--config-file", "p/mkdocs.yml"])
    lines = [re.sub(r"^\S+:\d+: [A-Z_]+ |—", "", without_marks(line)) for line in told.output.splitlines()]
    assert len(lines) > 1
    assert [line for line in lines if line.strip()] == []
    planted = texts["index.html"].replace("</main>", "<p>Said in <b>code</b></p></main>", 1)
    assert left(planted, known) != []
