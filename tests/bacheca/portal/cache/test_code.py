"""The code that takes part in a build."""

from __future__ import annotations

from pathlib import Path

import pytest

from bacheca.portal.cache import code
from bacheca.portal.cache.code import code_digest, installed
from bacheca.portal.cache.store import Cache


def test_every_package_is_named_with_its_version() -> None:
    assert any(name.startswith("mkdocs_material-") for name in installed())


def test_a_changed_file_of_ours_or_another_version_of_a_package_changes_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    ours = tmp_path / "bacheca"
    ours.mkdir()
    monkeypatch.setattr(code, "OURS", ours)
    found = [code_digest(Cache(cache))]
    (ours / "page.html").write_text("<p>")
    found.append(code_digest(Cache(cache)))
    (ours / "page.html").write_text("<b>")
    found.append(code_digest(Cache(cache)))
    (ours / "page.cpython-311.pyc").write_text("nothing that anybody wrote")
    assert code_digest(Cache(cache)) == found[-1]
    monkeypatch.setattr(code, "installed", lambda: ["mkdocs-1.6.2.dist-info"])
    found.append(code_digest(Cache(cache)))
    assert len(set(found)) == len(found)
