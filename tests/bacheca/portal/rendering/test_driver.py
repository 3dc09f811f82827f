"""MkDocs' build, its own parts driven from here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bacheca.portal.build.engine import CODE
from bacheca.portal.build.read import read_content
from bacheca.portal.build.stage import stage
from bacheca.portal.cache.digests import digest_of_bytes
from bacheca.portal.cache.raw_site import KIND as RAW
from bacheca.portal.cache.raw_site import PageLost, RawSite, raw_site
from bacheca.portal.cache.store import Cache
from bacheca.portal.rendering import workers
from bacheca.portal.rendering.driver import OF_THE_SITE, is_driven, render_language
from bacheca.portal.rendering.plain_entries import PLAIN_ENTRIES, engine_entries, kept_entries
from bacheca.portal.rendering.search_entries import INDEX
from bacheca.portal.settings import Portal
from tests.bacheca.portal.archive import archive


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """A magazine of many articles with labels, staged."""
    portal = archive(tmp_path_factory.mktemp("archivio"), articles=12).portal()
    content, problems = read_content(portal)
    assert not [problem for problem in problems if problem.stops]
    stage(portal, content)
    return portal


def render(portal: Portal, cache: Path, code: str = "code") -> RawSite:
    """Build the staged language."""
    return render_language(portal.build / "it" / "mkdocs.yml", Cache(cache), code)


def test_the_pages_are_those_of_mkdocs_itself_at_first_and_when_they_are_kept(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path / "plain")],
        cwd=portal.build / "it",
        env={**os.environ, "PYTHONPATH": str(CODE), "NO_MKDOCS_2_WARNING": "1"},
        check=True,
    )
    plain = {
        path: digest
        for path, digest in raw_site(tmp_path / "plain").digests.items()
        if path.removesuffix(".gz") not in OF_THE_SITE
    }
    assert len(plain) > 50
    for count in (2, 1):
        monkeypatch.setattr(workers, "processors", lambda count=count: count)
        site = render(portal, tmp_path / "cache")
        assert site.digests == {path: digest_of_bytes(site.read(path)) for path in site.digests} == plain
        beside = list(kept_entries((site.folder / INDEX).with_name(PLAIN_ENTRIES)))
        assert len(beside) > 20
        assert beside == list(engine_entries(site.read(INDEX)))


@pytest.mark.parametrize(
    ("settings", "driven"),
    [
        ({}, True),
        ({"plugins": {"search": {}, "material/tags": {}}, "markdown_extensions": {"toc": {}, "tables": {}}}, True),
        ({"plugins": {"search": {}, "macros": {}}}, False),
        ({"markdown_extensions": {"pymdownx.b64": {}}}, False),
        ({"markdown_extensions": {"pymdownx.snippets": {"url_download": True}}}, False),
        ({"hooks": ["hook.py"]}, False),
        ({"extra_templates": ["feed.xml"]}, False),
    ],
    ids=str,
)
def test_what_may_look_at_other_pages_or_run_anything_is_left_to_mkdocs(
    settings: dict[str, object], driven: bool
) -> None:
    assert is_driven(settings) == driven


def test_functions_that_the_operator_allows_are_left_to_mkdocs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACHECA_ALLOW", "tags")
    assert not is_driven({})


def test_what_was_made_is_made_anew_where_the_code_or_anything_it_shows_has_changed(
    portal: Portal, tmp_path: Path
) -> None:
    before = render(portal, tmp_path / "cache").digests
    page = portal.build / "it/pages/modulo.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\nAltro.\n".replace("title: ", "title: Altro "), encoding="utf-8")
    site = render(portal, tmp_path / "cache")
    assert site.digests == render(portal, tmp_path / "other").digests
    changed = {path for path in before if site.digests[path] != before[path]}
    assert changed == {"modulo/index.html", "search/search_index.json"}
    page.write_text(text, encoding="utf-8")
    assert render(portal, tmp_path / "cache", "other code").digests == before


def test_a_page_that_the_cache_has_lost_is_told_and_rendered_by_the_next_one(portal: Portal, tmp_path: Path) -> None:
    before = render(portal, tmp_path / "cache").digests
    for file in (tmp_path / "cache/raw").rglob("*"):
        if file.is_file():
            file.write_bytes(b"spoilt")
    site = render(portal, tmp_path / "cache")
    with pytest.raises(PageLost, match="modulo"):
        site.read("modulo/index.html")
    Cache(tmp_path / "cache").verify(RAW)
    site = render(portal, tmp_path / "cache")
    assert site.digests == before == {path: digest_of_bytes(site.read(path)) for path in before}


def test_what_the_cache_has_lost_of_the_search_is_told_and_made_by_the_next_one(portal: Portal, tmp_path: Path) -> None:
    before = render(portal, tmp_path / "cache").digests
    for file in (tmp_path / "cache/search").rglob("*"):
        if file.is_file():
            file.write_bytes(b"spoilt")
    with pytest.raises(PageLost, match="search_index"):
        render(portal, tmp_path / "cache")
    assert render(portal, tmp_path / "cache").digests == before
