"""`bacheca.portal.postprocess.compression`: copies that unpack to the file, kept from one build to the next."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import brotli
import pytest

from bacheca.portal.postprocess import compression
from bacheca.portal.postprocess.compression import LEAST, compress

TEXT = "Una comunità. " * LEAST


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "en").mkdir(parents=True)
    for name in ("index.html", "en/index.html", "a.css", "a.woff2"):
        (site / name).write_text(TEXT)
    (site / "short.txt").write_text("breve")
    return site


def test_every_text_has_copies_that_unpack_to_it(site: Path, tmp_path: Path) -> None:
    compress(site, tmp_path / "kept")
    assert {str(file.relative_to(site)) for file in site.rglob("*.br")} == {
        "index.html.br",
        "en/index.html.br",
        "a.css.br",
    }
    for file in site.rglob("*.br"):
        assert brotli.decompress(file.read_bytes()).decode() == TEXT
        assert gzip.decompress(file.with_suffix(".gz").read_bytes()).decode() == TEXT


def test_what_would_not_be_smaller_has_no_copy(site: Path, tmp_path: Path) -> None:
    (site / "index.html").write_bytes(Random(1).randbytes(LEAST))
    compress(site, tmp_path / "kept")
    assert list(site.glob("index.html.*")) == list(site.glob("short.txt.*")) == []


def test_only_what_changed_is_compressed_again(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []

    def method(plain: bytes) -> bytes:
        made.append(plain)
        return b"copy"

    monkeypatch.setattr(compression, "METHODS", {".br": method})
    compress(site, tmp_path / "kept")
    assert made == [TEXT.encode()]  # four files hold the same
    (site / "en/index.html").write_text(TEXT + "!")
    compress(site, tmp_path / "kept")
    assert made[1:] == [(TEXT + "!").encode()]
    (site / "en/index.html").write_text(TEXT)
    compress(site, tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 1
