"""`bacheca.portal.images.site_pictures`: the renditions of the pictures of a site, made once and apart."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from bacheca.portal.cache.raw_site import raw_site
from bacheca.portal.cache.store import Cache
from bacheca.portal.errors import ContentProblems
from bacheca.portal.images import site_pictures
from bacheca.portal.images.renditions import Renditions
from bacheca.portal.images.site_pictures import SitePictures, place_of
from bacheca.portal.rendering import workers


def test_a_picture_that_cannot_be_encoded_for_a_crash_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raw").mkdir()
    Image.new("L", (300, 300)).save(tmp_path / "raw/una scala.png")
    pictures = SitePictures({"it/": raw_site(tmp_path / "raw")}, Cache(tmp_path / "cache"))
    me = os.getpid()

    def crash(held: bytes, mark: str) -> None:
        assert os.getpid() != me, "this process would have ended"
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(site_pictures, "renditions_of", crash)
    monkeypatch.setattr(workers, "can_fork", lambda: True)  # whatever threads run the tests
    with pytest.raises(ContentProblems) as told:
        pictures.make(["it/una scala.png"])
    assert [(problem.path, problem.code) for problem in told.value.problems] == [("it/una scala.png", "PICTURE_BROKEN")]


@pytest.mark.parametrize("stem", ["a" * 250, "é" * 120, "🪜" * 60])
def test_the_name_of_a_rendition_fits_into_every_file_system(stem: str) -> None:
    name = place_of(f"it/{stem}.jpg", Renditions(1600, 900, "0123abcd"), ("avif", 1600)).rpartition("/")[2]
    assert len(name.encode()) < 200
    assert name.startswith(stem[:20])
    assert name.endswith(".1600.0123abcd.avif")
