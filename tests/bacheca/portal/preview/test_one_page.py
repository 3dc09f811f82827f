"""`bacheca.portal.preview.one_page`: a page that is shown alone is the one that the whole build makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.portal.build.pipeline import build, lock_of
from bacheca.portal.preview.one_page import SavedPages
from tests.bacheca.portal.conftest import Sketch, quiet

GLOSSARY = "# Parole\n\n## Lettore\n\nChi legge.\n"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Sketch, SavedPages]:
    """A small portal and its preview."""
    sketch = Sketch(tmp_path_factory.mktemp("anteprima"))
    sketch.page("it/parole.md", GLOSSARY, translation="glossary")
    sketch.page("it/a.md", "# Titolo\n\n## Parte\n\nUn lettore.\n", title="A", translation="a")
    sketch.page("it/b.md", "[a](a.md#parte)\n", title="B", translation="b")
    sketch.page("it/bozza.md", "Bozza.\n", title="C", translation="c", draft="true")
    portal = sketch.portal()
    site = sketch.root / "build/preview/8000/site"
    built = build(portal, site, quiet, engine="mkdocs", full=False, live="1")
    return sketch, SavedPages(portal, built, site)


def text(body: str, **meta: str) -> Callable[[Sketch], Path]:
    return lambda sketch: sketch.page("it/a.md", body, **{"title": "A", "translation": "a", **meta})


WHOLE: dict[str, Callable[[Sketch], Path]] = {
    "its title": text("# Titolo\n\n## Parte\n", title="Altro"),
    "its first heading": text("# Altro\n\n## Parte\n"),
    "a heading that others may lead to": text("# Titolo\n\n## Altra\n"),
    "a link to nothing": text("# Titolo\n\n## Parte\n\n[x](niente.md)\n"),
    "a link to no heading": text("# Titolo\n\n## Parte\n\n[x](b.md#niente)\n"),
    "a form": text("# Titolo\n\n## Parte\n\n/// form | prova\n///\n"),
    "what is no front matter": lambda sketch: sketch.write("content/it/a.md", "---\ntitle: [\n---\n"),
    "a draft": lambda sketch: sketch.page("it/bozza.md", "Altro.\n", title="C", translation="c", draft="true"),
    "the glossary": lambda sketch: sketch.page("it/parole.md", GLOSSARY + "\nE altro.\n", translation="glossary"),
    "an article": lambda sketch: sketch.article("un-articolo", "Altro.\n\n<!-- more -->\n"),
    "a new page": lambda sketch: sketch.page("it/nuova.md", "Nuova.\n", translation="new"),
    "a picture": lambda sketch: sketch.write("content/it/a.svg", "<svg/>"),
    "a template of one's own": lambda sketch: sketch.write("content/theme/partials/footer.html", "<p>a</p>"),
    "a page that is gone": lambda sketch: (sketch.root / "content/it/b.md").rename(sketch.root / "content/it/z.md"),
}


@pytest.mark.parametrize("what", WHOLE)
def test_what_others_may_show_waits_for_the_whole_build(shown: tuple[Sketch, SavedPages], what: str) -> None:
    sketch, pages = shown
    kept = {file: file.read_bytes() for file in (sketch.root / "content").rglob("*") if file.is_file()}
    site = sketch.root / "build/preview/8000/site"
    before = {file: file.stat().st_mtime_ns for file in site.rglob("*")}
    changed = WHOLE[what](sketch)
    try:
        assert pages.save(sketch.root / "content/it/b.md" if what == "a page that is gone" else changed) == ""
        assert {file: file.stat().st_mtime_ns for file in site.rglob("*")} == before
    finally:
        changed.unlink()
        for file, content in kept.items():
            file.write_bytes(content)


def test_a_page_that_is_shown_alone_is_the_one_that_the_whole_build_makes(shown: tuple[Sketch, SavedPages]) -> None:
    sketch, pages = shown
    site = sketch.root / "build/preview/8000/site"
    for words in ("Un altro lettore", "Il lettore di {{ community.email }}"):
        page = sketch.page("it/a.md", f"# Titolo\n\n## Parte\n\n{words}.\n\n## Nuova\n", title="A", translation="a")
        assert pages.save(page) == "it"
    alone = (site / "a/index.html").read_bytes()
    assert b"prova@example.org" in alone
    assert b"parole/#lettore" in alone
    written = (site / "a/index.html").stat().st_mtime_ns
    build(sketch.portal(), site, quiet, engine="mkdocs", full=False, live="1")
    assert (site / "a/index.html").read_bytes() == alone
    assert (site / "a/index.html").stat().st_mtime_ns == written, "the open page would reload once more"


def test_a_page_is_not_shown_alone_while_another_build_is_at_work(shown: tuple[Sketch, SavedPages]) -> None:
    sketch, pages = shown
    page = sketch.page("it/b.md", "[a](a.md#parte) e altro.\n", title="B", translation="b")
    with lock_of(sketch.root / "build"):
        assert pages.save(page) == ""
    assert pages.save(page) == "it"
