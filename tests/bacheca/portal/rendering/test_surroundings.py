"""What a page shows of everything around it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment
from mkdocs.commands import build
from mkdocs.structure import StructureItem
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation

from bacheca.portal.build.read import read_content
from bacheca.portal.build.stage import stage
from bacheca.portal.cache.store import Cache
from bacheca.portal.rendering import workers
from bacheca.portal.rendering.driver import render_language
from tests.bacheca.portal.archive import archive

TOLD = {
    "Navigation": {"items"},
    "Section": {"active", "ancestors", "children", "is_homepage", "is_index", "title", "url"},
    "Link": {"active", "children", "is_homepage", "is_index", "title", "url"},
    "Page": {"active", "children", "is_homepage", "is_index", "title", "url"},
}
"""What the digest tells of others: of lists of articles, and of the articles in one, it tells all."""

WHOLE = {"Post", "Excerpt", "View", "Archive", "Category"}


def test_the_templates_look_at_nothing_of_other_pages_that_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sketch = archive(tmp_path, articles=12)
    for number in range(4):
        body = f"# Pagina {number}\n\n## Una\n\nVedi [la prima](pagina-0.md)."
        sketch.page(f"it/guida/prima/pagina-{number}.md", body, translation=f"prima-{number}")
        sketch.page(f"it/guida/pagina-{number}.md", body, translation=f"guida-{number}")
    settings = yaml.safe_load(sketch.config_file.read_text(encoding="utf-8"))
    inner = {"Prima": [f"guida/prima/pagina-{number}.md" for number in range(4)]}
    further = [{"Altrove": "https://example.org/"}, *(f"guida/pagina-{number}.md" for number in range(1, 4))]
    settings["nav"].insert(0, {"Guida": ["guida/pagina-0.md", inner, *further]})
    sketch.settings("mkdocs.yml", settings)
    portal = sketch.portal()
    content, problems = read_content(portal)
    assert [problem for problem in problems if problem.stops] == []
    stage(portal, content)
    here: list[Any] = []
    seen: dict[str, set[str]] = {}
    context_of, look = build.get_context, Environment.getattr

    def get_context(*given: Any) -> Any:
        here[:] = [given[3]]
        return context_of(*given)

    def getattr_of(self: Environment, item: Any, name: str) -> Any:
        if isinstance(item, StructureItem | Navigation | File | Files) and here and item is not here[0]:
            seen.setdefault(type(item).__name__, set()).add(name)
        return look(self, item, name)

    monkeypatch.setattr(workers, "processors", lambda: 1)
    monkeypatch.setattr("bacheca.portal.rendering.driver.get_context", get_context)
    monkeypatch.setattr(Environment, "getattr", getattr_of)
    render_language(portal.build / "it" / "mkdocs.yml", Cache(tmp_path / "cache"), "code")
    assert {"Navigation", "Section", "Page", "Excerpt"} <= seen.keys()
    assert {kind: names - TOLD.get(kind, set()) for kind, names in seen.items() if kind not in WHOLE} == {
        kind: set() for kind in seen if kind not in WHOLE
    }
    assert {kind: names & {"content", "toc"} for kind, names in seen.items()} == {kind: set() for kind in seen}
