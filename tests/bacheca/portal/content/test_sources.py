"""`bacheca.portal.content.sources`: the pages that `check` sees are those that MkDocs makes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from mkdocs.structure.files import InclusionLevel, get_files

from bacheca.portal.content.sources import patterns, sources_of
from tests.bacheca.portal.conftest import Sketch

FILES = (
    *("index.md", "README.md", "a.markdown", "b.mkd", "c.MD", "d.txt", ".nascosta.md", ".github/e.md"),
    *(
        "templates/f.md",
        "guide/README.md",
        "guide/templates/g.md",
        "b.md",
        "bozze/h.md",
        "bozze/index.md",
        "bozze/README.md",
    ),
)
SETTINGS: tuple[dict[str, str], ...] = (
    {},
    {"exclude_docs": "/guide/\n"},
    {"exclude_docs": "!/templates/\n!.github/\n"},
    {"draft_docs": "/bozze/index.md\n*.mkd\n"},
    {"exclude_docs": "/index.md\n", "draft_docs": "/bozze/\n", "not_in_nav": "*.markdown\n"},
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_pages_and_drafts_are_those_of_the_engine(tmp_path: Path, settings: dict[str, str]) -> None:
    for name in FILES:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("Testo.\n", encoding="utf-8")
    read = {key: patterns(text) for key, text in settings.items()}
    config = {"docs_dir": str(tmp_path), "site_dir": "", "use_directory_urls": True, **read}
    found = [file for file in get_files(cast(Any, config)) if file.is_documentation_page()]
    sources = sources_of(tmp_path, settings)
    served = {file.src_uri for file in found if file.inclusion is not InclusionLevel.EXCLUDED}
    assert set(sources.pages) == served
    assert sources.held_back == {file.src_uri for file in found if file.inclusion is InclusionLevel.DRAFT}


def test_what_is_left_out_is_told_unless_the_settings_ask_for_it(sketch: Sketch) -> None:
    for path in ("it/templates/a.md", "it/.nascoste/b.md", "it/README.md"):
        sketch.page(path, "Testo.", translation="")
    left = [("content/it/.nascoste/b.md", 1, "PAGE_LEFT_OUT"), ("content/it/README.md", 1, "PAGE_HIDDEN")]
    assert sketch.places() == [*left, ("content/it/templates/a.md", 1, "PAGE_LEFT_OUT")]
    assert sum(map(len, sketch.content().pages.values())) == 9
    sketch.config_file.write_text(sketch.config_file.read_text() + "exclude_docs: |\n  /templates/\n")
    assert sketch.places() == left


def test_a_page_may_have_any_ending_that_the_engine_knows(sketch: Sketch) -> None:
    sketch.page("it/a.markdown", "[Nulla](nulla.md)", translation="a")
    sketch.page("it/b.md", "[A](a.markdown)", translation="b")
    assert sketch.places() == [("content/it/a.markdown", 6, "LINK_DEAD")]
    assert next(page for page in sketch.content().pages["it"] if page.path == "a.markdown").url == "a/"


def test_settings_that_are_no_patterns_leave_nothing_out() -> None:
    assert patterns(cast(Any, SimpleNamespace())) is None
    assert patterns(None) is None
