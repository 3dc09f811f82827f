"""`bacheca.portal.build.site_files`: what did not change is the same file, and what was edited by hand is made anew."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bacheca.portal.build.finish import put_site
from bacheca.portal.build.site_files import Piece, piece_of
from bacheca.portal.cache.store import Cache

TEXT = "Una comunità. " * 60


def pieces(**texts: str) -> dict[str, Piece]:
    """Pieces by their paths, in which `__` stands for a slash and `_` for a dot."""
    return {path.replace("__", "/").replace("_", "."): piece_of(text) for path, text in texts.items()}


def put(root: Path, *, publish: bool = True, **texts: str) -> Path:
    site, cache = root / "site", Cache(root / "cache")
    put_site(pieces(**texts), site, site, cache, publish=publish, spare=root / "spare")
    return site


def tree(site: Path) -> dict[str, bytes]:
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def stamps(site: Path) -> dict[str, tuple[int, int]]:
    found = ((file, file.stat()) for file in site.rglob("*") if file.is_file())
    return {file.relative_to(site).as_posix(): (stat.st_ino, stat.st_mtime_ns) for file, stat in found}


@pytest.mark.parametrize("publish", [True, False])
def test_what_did_not_change_stays_the_same_file_with_its_time(tmp_path: Path, publish: bool) -> None:
    site = put(tmp_path, publish=publish, a__index_html=TEXT, b_css=TEXT, c_txt="breve", d_html="via")
    before = stamps(site)
    put(tmp_path, publish=publish, a__index_html=TEXT, b_css=TEXT + "!", c_txt="breve", e_html="nuovo")
    after = stamps(site)
    kept = {path for path in before if after.get(path) == before[path]}
    copies = {f"a/index.html{ending}" for ending in (".br", ".gz")} if publish else set()
    assert kept == {"a/index.html", "c.txt"} | copies
    assert (site / "b.css").read_text() == TEXT + "!"
    assert not (site / "d.html").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_site_of_before_is_not_written_to(tmp_path: Path) -> None:
    site = put(tmp_path, a_html=TEXT, b_html=TEXT)
    opened = (site / "a.html").open()  # as by whoever is just reading it
    put(tmp_path, a_html=TEXT + "!", b_html=TEXT)
    assert opened.read() == TEXT
    opened.close()


def test_the_site_before_the_last_becomes_the_next_one_and_nothing_else_in_it_survives(tmp_path: Path) -> None:
    texts: Any = {"a__b__index_html": TEXT, "c_css": TEXT, "d__e_html": TEXT}
    site = put(tmp_path, **texts)
    put(tmp_path, **texts | {"c_css": TEXT + "!"})
    before, spare = stamps(site), tmp_path / "spare"
    folder = (spare / "a/b").stat().st_ino
    (spare / "d/e.html").unlink()
    (spare / "d/e.html").symlink_to(tmp_path)
    (spare / "a/b/index.html.gz").unlink()
    (spare / "d/nobody/made").mkdir(parents=True)
    (spare / "d/nobody/this.html").write_text(TEXT)
    (spare / "away").symlink_to(tmp_path / "cache")
    put(tmp_path, **texts | {"c_css": TEXT + "!"})
    assert stamps(site) == before
    assert (site / "a/b").stat().st_ino == folder
    assert {path.name for path in (*site.iterdir(), *(site / "d").iterdir())} == {
        *("a", "d", "c.css", "c.css.br", "c.css.gz"),
        *("e.html", "e.html.br", "e.html.gz"),
    }
    assert any((tmp_path / "cache").iterdir())


@pytest.mark.parametrize("publish", [True, False])
@pytest.mark.parametrize("name", ["a.html", "b.html"])
def test_what_somebody_edits_in_the_site_does_not_survive(tmp_path: Path, name: str, publish: bool) -> None:
    texts = {"a_html": TEXT, "b_html": TEXT}
    site = put(tmp_path, publish=publish, **texts)
    (site / name).write_text("X" * len(TEXT.encode()))
    (site / "c.html").write_text("nobody made this")
    (site / "b.html.br" if publish else site / "b.html").write_bytes(b"x")
    put(tmp_path, publish=publish, **texts)
    made = put(tmp_path / "anew", publish=publish, **texts)
    assert {path: text for path, text in tree(site).items() if path != "c.html"} == tree(made)
    assert (site / "c.html").exists() is not publish  # a preview's is shown to nobody else


def test_a_site_that_is_a_link_to_a_published_one_is_replaced_and_that_one_stays(tmp_path: Path) -> None:
    put(tmp_path, a_html=TEXT).rename(tmp_path / "12")
    (tmp_path / "site").symlink_to("12")
    for text in ("altro", "ancora"):
        assert tree(put(tmp_path, a_html=text)) == {"a.html": text.encode()}
    assert (tmp_path / "12/a.html").read_text() == TEXT
    assert {path.name for path in tmp_path.iterdir()} == {"12", "site", "cache"}


def test_a_file_that_has_the_place_of_a_copy_is_not_sent_for_another(tmp_path: Path) -> None:
    site = put(tmp_path, a_json=TEXT, a_json_gz="old", b_json_gz="alone")
    assert (site / "a.json.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert (site / "b.json.gz").read_text() == "alone"


def in_a_child(work: Callable[[], object], limit: Callable[[], object] = lambda: None) -> int:
    """Do something in a process of its own; give how it ended."""
    child = os.fork()
    if not child:
        try:
            limit()
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(step: int) -> Callable[[], None]:
    """Let the process be killed just before it changes the disk for the given time."""
    left = [step]

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event.startswith(("os.", "shutil.")) or (event == "open" and args[1] and set(str(args[1])) & set("wax+")):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return lambda: sys.addaudithook(hook)


@pytest.mark.parametrize("publish", [True, False])
def test_whenever_it_is_killed_the_site_is_whole_and_the_next_one_right(tmp_path: Path, publish: bool) -> None:
    first = {"a_html": TEXT, "b_css": TEXT, "c_txt": "breve"}
    second = {"a_html": TEXT + "!", "b_css": TEXT, "d_txt": "altro"}
    trees = [tree(put(tmp_path / name, publish=publish, **texts)) for name, texts in (("1", first), ("2", second))]
    texts = {path: {made.get(path) for made in trees} for path in trees[0] | trees[1]}
    ended = -signal.SIGKILL
    for step in range(500):
        root = tmp_path / str(step)
        for earlier in (first, second):
            put(root, publish=publish, **earlier)
        site = put(root, publish=publish, **first)
        ended = in_a_child(lambda root=root: put(root, publish=publish, **second), killed_at(step))  # type: ignore[misc]
        left = tree(site)
        assert left in trees if publish else all(text in texts[path] for path, text in left.items() if path in texts)
        assert tree(put(root, publish=publish, **second)) == trees[1]
        if ended == 0:
            break
    assert ended == 0, "it was never let through"
    assert step > 10


@pytest.mark.parametrize("publish", [True, False])
def test_a_full_disk_leaves_the_site_of_before(tmp_path: Path, publish: bool) -> None:
    site = put(tmp_path, publish=publish, a_html=TEXT, b_css="x")
    before = tree(site)
    larger: Any = {"a_html": TEXT * 40, "b_css": TEXT * 80}

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    assert in_a_child(lambda: put(tmp_path, publish=publish, **larger), little) == 1
    assert tree(site)["b.css"] == b"x"
    assert tree(site) == before or not publish
    assert tree(put(tmp_path, publish=publish, **larger)) == tree(put(tmp_path / "anew", publish=publish, **larger))


def test_a_cache_that_is_lost_changes_nothing_of_a_site_not_even_its_times(tmp_path: Path) -> None:
    texts: Any = {"a_html": TEXT, "b_css": "x"}
    site = put(tmp_path, **texts)
    before = tree(site), stamps(site)
    for file in (tmp_path / "cache").rglob("*"):
        if file.is_file():
            file.write_bytes(b"\0")
    put(tmp_path, **texts)
    assert (tree(site), stamps(site)) == before
