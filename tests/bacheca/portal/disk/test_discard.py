"""`bacheca.portal.disk.discard`: a tree is gone at once, whatever is left of its folders."""

from __future__ import annotations

import os
import time
from pathlib import Path

from bacheca.portal.disk.discard import MANY, discard


def grown(folder: Path, count: int) -> Path:
    for number in range(count):
        (folder / str(number)).mkdir(parents=True)
        (folder / str(number) / "x").write_text("x")
    return folder


def test_a_small_tree_is_removed(tmp_path: Path) -> None:
    discard(grown(tmp_path / "a", 3))
    discard(tmp_path / "never there")
    assert list(tmp_path.iterdir()) == []


def test_a_large_tree_is_out_of_the_way_at_once_and_its_files_are_gone(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("y")
    tree = grown(tmp_path / "a", MANY)
    (tree / "1/x").unlink()
    os.link(tmp_path / "other", tree / "1/x")
    discard(tree)
    discard(grown(tree, MANY))
    assert not tree.exists()
    assert (tmp_path / "other").stat().st_nlink == 1
    for _ in range(1000):
        if [path.name for path in tmp_path.iterdir()] == ["other"]:
            return
        time.sleep(0.01)
    raise AssertionError("its folders are still there")


def test_of_a_link_only_the_link_goes(tmp_path: Path) -> None:
    tree = grown(tmp_path / "a", 3)
    (tmp_path / "b").symlink_to("a")
    discard(tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert len(list(tree.iterdir())) == 3
