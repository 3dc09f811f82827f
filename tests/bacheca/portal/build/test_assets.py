"""`bacheca.portal.build.assets`: which scripts a site has."""

from __future__ import annotations

import pytest

from bacheca.portal.build.assets import drop_scripts, has_search
from bacheca.portal.build.site_files import piece_of

OURS = ("page.0a.js", "ranking.0a.js", "minisearch.min.0a.js", "workers.js")
WORDS = ("words.it.min.0a.js", "words.de.min.js")
THEIRS = ("bundle.a5f9d56c.min.js", "workers/search.a7633da7.min.js", "lunr/min/lunr.it.min.js")


@pytest.mark.parametrize(("language", "words"), [("it", {"words.it.min.0a.js"}), ("", set())])
def test_scripts_that_no_page_asks_for_are_left_out(language: str, words: set[str]) -> None:
    pieces = {f"en/assets/javascripts/{name}": piece_of(name) for name in (*OURS, *WORDS, *THEIRS)}
    pieces["assets/javascripts/bundle.a5f9d56c.min.js"] = piece_of("")
    drop_scripts(pieces, "en/", language)
    left = {path.removeprefix("en/assets/javascripts/") for path in pieces}
    assert left == {*OURS, *words, "assets/javascripts/bundle.a5f9d56c.min.js"}


def test_another_theme_keeps_its_own_search() -> None:
    assert has_search(["en/assets/javascripts/ranking.0a.js"], "en/")
    assert not has_search(["en/assets/javascripts/ranking.0a.js", "assets/javascripts/bundle.0a.js"], "")
