"""`bacheca.portal.disk.exchange`: two paths change places, and whoever looks meanwhile finds one of them."""

from __future__ import annotations

import ctypes
from pathlib import Path
from threading import Event, Thread

import pytest

from bacheca.portal.disk.exchange import exchange


class Without:
    """A system that cannot exchange two names at once."""

    def __init__(self, *_: object, **__: object) -> None:
        pass


@pytest.mark.parametrize("at_once", [True, False])
def test_a_folder_and_a_link_change_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    if not at_once:
        monkeypatch.setattr(ctypes, "CDLL", Without)
    folder, link = tmp_path / "folder", tmp_path / "link"
    folder.mkdir()
    link.symlink_to("elsewhere")
    exchange(folder, link)
    assert folder.readlink() == Path("elsewhere")
    assert link.is_dir()
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "nothing", link)
    assert link.is_dir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "link"]


def test_nobody_who_looks_meanwhile_finds_neither(tmp_path: Path) -> None:
    one, other, over = tmp_path / "one", tmp_path / "other", Event()
    missing: list[Path] = []

    def look() -> None:
        while not over.is_set():
            missing.extend(path for path in (one, other) if not path.exists())

    one.mkdir()
    other.mkdir()
    thread = Thread(target=look)
    thread.start()
    for _ in range(500):
        exchange(one, other)
    over.set()
    thread.join()
    assert missing == []
