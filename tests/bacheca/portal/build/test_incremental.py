"""A build that goes on from the one before makes the same site as one that begins from nothing, byte for byte.

Each build is a process of its own, as when it is called for: it knows of earlier ones what they left on the disk.
`BACHECA_EDITS` is how many sequences of five edits to try (`make soak`: a thousand); then whatever else may happen to a
folder between two builds happens too, and each kind of edit is compared by itself.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bacheca.portal.commands import base
from bacheca.portal.commands.build import main
from tests.bacheca.portal.build.edited_portal import ALLOWED, EDITS, Edited, beginning

SEQUENCES = int(os.environ.get("BACHECA_EDITS", "2"))
SOAKED = "BACHECA_EDITS" in os.environ
KINDS = 2
"""How many kinds of edit are tried alone, one after the other, where this is no long run."""

OWN = ("build", "site", "solo", "altrove")
"""The folders of a portal that builds write."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["bacheca.portal.build.stage", "bacheca.portal.build.finish", "mkdocs.commands.build"])


def work(folder: str, portal: Edited, arguments: Sequence[str], dies: str, told: Any) -> None:
    """Run the command in a process of its own, which ends at once after the step that `dies` names."""
    moment = str(int(portal.now.timestamp()))
    os.environ |= {"SOURCE_DATE_EPOCH": moment, "BACHECA_ALLOW": ALLOWED}
    os.chdir(folder)

    def tell(saying: str, *_: object, **__: object) -> None:
        if saying == dies:
            os.kill(os.getpid(), signal.SIGKILL)

    said = StringIO()
    with redirect_stdout(said), redirect_stderr(StringIO()), pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "tell_in", lambda _: tell)
        code = 0
        try:
            main(list(arguments), standalone_mode=False)
        except SystemExit as end:
            code = int(end.code or 0)
        told.send(said.getvalue() if code else "")


@dataclass
class Building:
    """A build that has begun."""

    process: Any
    told: Any

    def end(self) -> str:
        """Wait for its end and give the problems that it told of; nothing where it built a site, or was killed."""
        try:
            return str(self.told.recv())
        except EOFError:
            return ""
        finally:
            self.process.join()


def begin(folder: Path, portal: Edited, *arguments: str, dies: str = "") -> Building:
    """Begin to build the portal that stands in a folder."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=work, args=(str(folder), portal, arguments, dies, sender))
    process.start()
    sender.close()
    return Building(process, receiver)


def write(folder: Path, portal: Edited, *, dated: bool = True) -> None:
    """Make a folder what the portal is now.

    Args:
        folder: the folder; what has not changed in it is not touched.
        portal: the portal.
        dated: whether files tell when they were written; else all say the same, as some that unpack files leave them.
    """
    files = portal.written()
    for found in sorted(folder.rglob("*"), reverse=True):
        name = found.relative_to(folder)
        if name.parts[0] in OWN:
            continue
        if found.is_file() and files.get(name.as_posix()) != found.read_bytes():
            found.unlink()
        elif found.is_dir() and not any(found.iterdir()):
            found.rmdir()
    for path, content in files.items():
        file = folder / path
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        if not dated:
            os.utime(file, (1, 1))


def tree(site: Path) -> dict[str, bytes]:
    """Give the files of a site and what is in them."""
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def differences(kept: Mapping[str, bytes], whole: Mapping[str, bytes]) -> dict[str, str]:
    """Give the files that are not the same in two sites, and where they part."""
    found = {name: "only in the whole build" for name in whole.keys() - kept.keys()}
    found |= {name: "left from before" for name in kept.keys() - whole.keys()}
    for name in kept.keys() & whole.keys():
        if kept[name] != whole[name]:
            pairs = enumerate(zip(kept[name], whole[name], strict=False))
            place = next((at for at, (one, other) in pairs if one != other), 0)
            around = slice(max(0, place - 60), place + 60)
            found[name] = f"{kept[name][around]!r} instead of {whole[name][around]!r}"
    return found


class Folders:
    """The folder in which builds go on from earlier ones, and one in which each begins from nothing."""

    def __init__(self, root: Path) -> None:
        self.kept, self.fresh, self.first = root / "kept", root / "elsewhere" / "fresh", root / "first"
        portal = beginning()
        write(self.kept, portal)
        assert begin(self.kept, portal).end() == ""
        shutil.copytree(self.kept, self.first)

    def begin_again(self) -> None:
        """Put the folder back to where the first build left it."""
        shutil.rmtree(self.kept)
        shutil.copytree(self.first, self.kept)

    def compare(self, portal: Edited, *, dated: bool = True) -> None:
        """Build both ways, side by side, and compare what came out: the site, or why there is none.

        Raises:
            AssertionError: it is not the same.
        """
        site = self.kept / "site"
        before = tree(site) if site.exists() else {}
        write(self.kept, portal, dated=dated)
        write(self.fresh, portal)
        for name in OWN:
            shutil.rmtree(self.fresh / name, ignore_errors=True)
        kept, whole = begin(self.kept, portal), begin(self.fresh, portal, "--full")
        told = kept.end()
        assert told == whole.end()
        if told:
            assert (tree(site) if before else {}) == before
            return
        assert differences(tree(site), tree(self.fresh / "site")) == {}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folders]:
    """The portal, built once."""
    root = tmp_path_factory.mktemp("di-seguito")
    yield Folders(root)
    shutil.rmtree(root)


def _other_language(folders: Folders, portal: Edited, chance: Random) -> None:
    begin(folders.kept, portal, "--lang", "it", "--site-dir", chance.choice(("site", "solo"))).end()


def _preview(folders: Folders, portal: Edited, chance: Random) -> None:
    begin(folders.kept, portal, "--live", str(chance.random()), "--site-dir", "build/preview").end()


def _other_engine(folders: Folders, portal: Edited, chance: Random) -> None:
    begin(folders.kept, portal, "--engine", "zensical", "--site-dir", chance.choice(("site", "altrove"))).end()


def _killed(folders: Folders, portal: Edited, chance: Random) -> None:
    begin(folders.kept, portal, dies=chance.choice(("checked", "staged", "rendered", "finished"))).end()


def _two_at_once(folders: Folders, portal: Edited, chance: Random) -> None:
    both = [begin(folders.kept, portal), begin(folders.kept, portal, "--site-dir", chance.choice(("site", "altrove")))]
    for one in both:
        one.end()


def _spoilt(folders: Folders, portal: Edited, chance: Random) -> None:
    """Cut off, overwrite or take away some files of the build folder; the results that were taken last are no cache."""
    results, lock = folders.kept / "build" / "results", folders.kept / "build" / "lock"
    files = [file for file in sorted((folders.kept / "build").rglob("*")) if file.is_file() and file != lock]
    for file in chance.sample(files, min(3, len(files))):
        if not file.is_relative_to(results):
            spoilt = chance.choice((None, file.read_bytes()[: file.stat().st_size // 2], b"niente"))
            file.unlink()
            if spoilt is not None:
                file.write_bytes(spoilt)


def _site_gone(folders: Folders, portal: Edited, chance: Random) -> None:
    shutil.rmtree(folders.kept / "site", ignore_errors=True)


def _nothing(folders: Folders, portal: Edited, chance: Random) -> None:
    pass


BETWEEN = {
    happens.__name__: happens
    for happens in (_nothing, _other_language, _preview, _other_engine, _killed, _two_at_once, _spoilt, _site_gone)
}
"""What may happen to the folder after some edits, before the build that is compared."""

EDIT = st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 999))
"""The name of an edit, and what decides how it is done."""

SEQUENCE = st.tuples(
    st.lists(EDIT, min_size=5, max_size=5),
    st.sampled_from(sorted(BETWEEN) if SOAKED else ["_nothing"]),
    st.booleans(),
)
"""Five edits, what happens then, and whether files tell when they were written."""

STORIES = st.lists(SEQUENCE, min_size=1, max_size=5 if SOAKED else 1)
"""What happens after a first build. The long run has three sequences in one on average."""


@settings(max_examples=-(-SEQUENCES // 3) if SOAKED else SEQUENCES, database=None)
@given(story=STORIES)
def test_after_any_edits_a_build_is_what_it_is_from_nothing(
    folders: Folders, story: list[tuple[list[tuple[str, int]], str, bool]]
) -> None:
    folders.begin_again()
    portal = beginning()
    for edits, happens, dated in story:
        for name, seed in edits:
            EDITS[name](portal, Random(seed))
        write(folders.kept, portal, dated=dated)
        BETWEEN[happens](folders, portal, Random(edits[0][1]))
        folders.compare(portal, dated=dated)


def test_after_each_kind_of_edit_alone_a_build_is_what_it_is_from_nothing(folders: Folders) -> None:
    """Everything is edited in turn, and built each time; in the long run each build is compared, else the last."""
    folders.begin_again()
    portal, chance = beginning(), Random(1)
    names = sorted(EDITS) * 3 if SOAKED else chance.sample(sorted(EDITS), KINDS)
    for name in names[:-1]:
        EDITS[name](portal, chance)
        if SOAKED:
            folders.compare(portal)
        else:
            write(folders.kept, portal)
            begin(folders.kept, portal).end()
    EDITS[names[-1]](portal, chance)
    folders.compare(portal)
