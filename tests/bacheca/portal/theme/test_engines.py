"""Both engines make the same of the theme and of what pages are written in."""

from __future__ import annotations

import re
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from bacheca.portal.build.engine import render
from bacheca.portal.build.read import read_content
from bacheca.portal.build.stage import stage
from bacheca.portal.cache.store import Cache
from bacheca.portal.settings import load_portal
from tests.journeys.handbook import write_handbook

PARTS = ("header nav", ".section-nav", "article", 'script[type="application/ld+json"]')


def parts(text: bytes) -> list[str]:
    """Give what the two must agree on: blanks, dots before an address and what one takes out for its search aside."""
    page = LexborHTMLParser(text.decode())
    found = [part.html or "" for selector in PARTS for part in page.css(selector)]
    return [re.sub(r' data-search-exclude=""|(?<=")(\./)+', "", re.sub(r"\s+", " ", part)) for part in found]


def test_a_handbook_is_the_same_by_either_engine(tmp_path: Path) -> None:
    portal = load_portal(write_handbook(tmp_path))
    content, _ = read_content(portal)
    made: dict[str, dict[str, list[str]]] = {}
    for engine in ("mkdocs", "zensical"):
        stage(portal, content)
        raw = render(portal, engine, Cache(portal.build / "cache"))["it"]
        made[engine] = {path: parts(raw.read(path)) for path in raw.digests if path.endswith("index.html")}
    assert len(made["mkdocs"]["guide/tutto/index.html"]) == len(PARTS)
    assert made["mkdocs"] == made["zensical"]
