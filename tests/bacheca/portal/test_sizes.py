"""A portal that grows: the whole build, which follows every reference, with nothing to show and with a little more."""

from __future__ import annotations

import re
from pathlib import Path

from bacheca.portal.build.pipeline import build
from tests.bacheca.portal.archive import archive

SIZES = [(0, 0, False), (1, 3, True), (11, 0, False)]
"""Articles, events, and whether there is a second language; lists of articles have ten on a page."""


def test_a_portal_is_whole_at_every_size(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for articles, events, english in SIZES:
        for old in tmp_path.glob("content/it/eventi/*.md"):
            old.unlink()
        portal = archive(tmp_path, articles, events, english=english).portal()
        build(portal, site, lambda *_, **__: None, engine="mkdocs", full=False)
        assert len(list(site.glob("articoli/titolo-*/index.html"))) == articles
        assert (site / "articoli/pagina/2/index.html").is_file() == (articles > 10)
        assert len(list(site.glob("eventi/*/index.html"))) == events
        assert (site / "en/form/index.html").is_file() == english
        for root in (site, *([site / "en"] if english else [])):
            for page in ("index.html", "404.html", "shell.html"):
                (style,) = re.findall(r"stylesheets/(material\.\w+\.css)", (root / page).read_text(encoding="utf-8"))
                assert (root / "assets/stylesheets" / style).is_file(), (articles, root, page)
