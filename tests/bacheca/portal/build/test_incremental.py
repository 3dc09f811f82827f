"""A build that goes on from the one before makes the same site as one that begins from nothing, byte for byte.

Each build is a process of its own, as when it is called for: it knows of earlier ones what they left on the disk.
`BACHECA_EDITS` is how many sequences of five edits to try (`make soak`: a thousand), and each is told of once it is
compared; between two builds whatever else may happen to a folder happens too, and each kind of edit is tried by itself.
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown

from bacheca.forms.atomic_file import overwrite
from bacheca.portal.build.pipeline import build
from bacheca.portal.cache import store
from bacheca.portal.commands import base
from bacheca.portal.commands.build import main
from bacheca.portal.errors import PortalError
from bacheca.portal.settings import load_portal
from tests.bacheca.portal.build.edited_portal import ALLOWED, EDITS, PACKAGES, Edited, beginning

pytestmark = pytest.mark.long

SEQUENCES = int(os.environ.get("BACHECA_EDITS", "0"))
"""How many sequences of edits the long run tries."""

LIVE = "live"
"""What stands in the place of options where a preview is meant; a stamp follows."""

OWN = ("build", "site", "solo", "altrove")
"""The folders of a portal that builds write."""

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["bacheca.portal.build.stage", "bacheca.portal.build.finish", "mkdocs.commands.build"])


Spoil = tuple[str, int]
"""How a disk is full: `largest`, no file may have more bytes; `after`, the cache may keep so many things more."""


def work(folder: str, portal: Edited, arguments: Sequence[str], ends: tuple[str, Spoil | None], told: Any) -> None:
    """Run the command in a process of its own, which is killed after the step that is named, or has a full disk."""
    dies, spoil = ends
    moment = str(int(portal.now.timestamp()))
    os.environ |= {"SOURCE_DATE_EPOCH": moment, "BACHECA_ALLOW": ALLOWED}
    os.chdir(folder)
    sys.path.append(str(Path(folder, PACKAGES)))
    convert = Markdown.convert
    if spoil and spoil[0] == "largest":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (spoil[1], spoil[1]))

    def tell(saying: str, *_: object, **__: object) -> None:
        if saying == dies:
            os.kill(os.getpid(), signal.SIGKILL)

    said = StringIO()
    with redirect_stdout(said), redirect_stderr(StringIO()), pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "tell_in", lambda _: tell)
        if portal.version:
            shown = f"\n<p>Versione {portal.version}</p>"
            patch.setattr(Markdown, "convert", lambda parser, text: convert(parser, text) + shown)
        if spoil and spoil[0] == "after":
            patch.setattr(store, "overwrite", _full_after(spoil[1]))
        code = 0
        try:
            _run(list(arguments), tell)
        except SystemExit as end:
            code = int(end.code or 0)
        told.send(said.getvalue() if code else "")


def _run(arguments: list[str], tell: Callable[..., None]) -> None:
    """Run the command, or what a preview does at each change."""
    if arguments[:1] == [LIVE]:
        with suppress(PortalError):
            settings = load_portal(Path.cwd() / "mkdocs.yml")
            build(settings, Path("build/preview"), tell, engine="mkdocs", full=False, live=arguments[1])
    else:
        main(arguments, standalone_mode=False)


def _full_after(many: int) -> Callable[..., None]:
    """Give what writes for the cache until the disk is full."""
    left = [many]

    def write(path: Path, content: str | bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        overwrite(path, content)

    return write


@dataclass
class Building:
    """A build that has begun."""

    process: Any
    told: Any

    def end(self) -> str:
        """Wait for its end and give the problems that it told of; nothing where it built a site, or was killed."""
        try:
            told = str(self.told.recv())
        except EOFError:
            told = ""
        self.process.join()
        assert self.process.exitcode != 1, "it ended with a fault of its own"
        return told


def begin(folder: Path, portal: Edited, *arguments: str, dies: str = "", spoil: Spoil | None = None) -> Building:
    """Begin to build the portal that stands in a folder."""
    receiver, sender = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=work, args=(str(folder), portal, arguments, (dies, spoil), sender))
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
        if found.is_symlink():
            if portal.links.get(name.as_posix()) != os.readlink(found):
                found.unlink()
        elif found.is_file() and files.get(name.as_posix()) != found.read_bytes():
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
    for path, target in portal.links.items():
        if not (folder / path).is_symlink():
            (folder / path).symlink_to(target)


def tree(site: Path) -> dict[str, bytes]:
    """Give the files of a site and what is in them."""
    return {file.relative_to(site).as_posix(): file.read_bytes() for file in site.rglob("*") if file.is_file()}


def times(site: Path) -> dict[str, int]:
    """Give when each file of a site was written."""
    return {file.relative_to(site).as_posix(): file.stat().st_mtime_ns for file in site.rglob("*") if file.is_file()}


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
        self.compared = 0
        self.kept, self.fresh, self.first = root / "kept", root / "elsewhere" / "fresh", root / "first"
        portal = beginning()
        write(self.kept, portal)
        assert begin(self.kept, portal).end() == ""
        shutil.copytree(self.kept, self.first)

    def begin_again(self) -> None:
        """Put the folder back to where the first build left it."""
        shutil.rmtree(self.kept)
        shutil.copytree(self.first, self.kept)

    def compare(self, portal: Edited, *, dated: bool = True, builds: int = 1) -> None:
        """Build both ways, side by side, and compare what came out: the site, or why there is none.

        Args:
            portal: the portal as it is now.
            dated: whether files tell when they were written.
            builds: how many builds go on from earlier ones at once.

        Raises:
            AssertionError: it is not the same, or a file of the site that is the same was written anew.
        """
        site = self.kept / "site"
        before, written = (tree(site), times(site)) if site.exists() else ({}, {})
        write(self.kept, portal, dated=dated)
        write(self.fresh, portal)
        for name in OWN:
            shutil.rmtree(self.fresh / name, ignore_errors=True)
        kept = [begin(self.kept, portal) for _ in range(builds)]
        whole = begin(self.fresh, portal, "--full")
        told = {one.end() for one in kept}
        assert told == {whole.end()}
        self.compared += 1
        if told != {""}:
            assert (tree(site) if before else {}) == before
            return
        after, now = tree(site), times(site)
        assert differences(after, tree(self.fresh / "site")) == {}
        assert [name for name in after if after[name] == before.get(name) and now[name] != written[name]] == []


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folders]:
    """The portal, built once."""
    root = tmp_path_factory.mktemp("di-seguito")
    yield Folders(root)
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """What says at once how far a long run is."""
    capturing = request.config.pluginmanager.getplugin("capturemanager")

    def said(line: str) -> None:
        with capturing.global_and_fixture_disabled():
            print(line, flush=True)

    return said


def _other_language(folders: Folders, portal: Edited, chance: Random) -> None:
    begin(folders.kept, portal, "--lang", "it", "--site-dir", chance.choice(("site", "solo"))).end()


def _preview(folders: Folders, portal: Edited, chance: Random) -> None:
    begin(folders.kept, portal, LIVE, str(chance.random())).end()


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


def _other_portal(folders: Folders, portal: Edited, chance: Random) -> None:
    """Another portal is built of the same pages, in the same folder for builds."""
    settings = yaml.safe_load((folders.kept / "mkdocs.yml").read_text(encoding="utf-8"))
    settings |= {"site_name": "Altra", "site_url": "https://altra.example.org/qui/", "theme": {"name": "material"}}
    (folders.kept / "altra.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    place = chance.choice(("site", "altrove"))
    begin(folders.kept, portal, "--config-file", "altra.yml", "--site-dir", place).end()


def _full_disk(folders: Folders, portal: Edited, chance: Random) -> None:
    """The disk is full before a build has ended: the site is as it was, or the new one."""
    site = folders.kept / "site"
    before = tree(site) if site.exists() else {}
    spoil = chance.choice([("largest", chance.choice((300, 3_000, 30_000))), ("after", chance.randrange(150))])
    begin(folders.kept, portal, spoil=spoil).end()
    after = tree(site) if site.exists() else {}
    if after != before:
        begin(folders.kept, portal, "--site-dir", "altrove").end()
        assert differences(after, tree(folders.kept / "altrove")) == {}


def _site_gone(folders: Folders, portal: Edited, chance: Random) -> None:
    shutil.rmtree(folders.kept / "site", ignore_errors=True)


def _nothing(folders: Folders, portal: Edited, chance: Random) -> None:
    pass


BETWEEN = {
    happens.__name__: happens
    for happens in (
        *(_nothing, _other_language, _other_portal, _preview, _other_engine),
        *(_killed, _full_disk, _two_at_once, _spoilt, _site_gone),
    )
}
"""What may happen to the folder after some edits, before the build that is compared."""

EDIT = st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 999))
"""The name of an edit, and what decides how it is done."""

SEQUENCE = st.tuples(st.lists(EDIT, min_size=5, max_size=5), st.sampled_from(sorted(BETWEEN)), st.booleans())
"""Five edits, what happens then, and whether files tell when they were written."""

Sequence5 = tuple[list[tuple[str, int]], str, bool]


def follow(folders: Folders, story: Iterable[Sequence5]) -> None:
    """Edit and build, again and again, and compare after each sequence."""
    folders.begin_again()
    portal = beginning()
    for edits, happens, dated in story:
        for name, seed in edits:
            EDITS[name](portal, Random(seed))
        write(folders.kept, portal, dated=dated)
        BETWEEN[happens](folders, portal, Random(edits[0][1]))
        folders.compare(portal, dated=dated)


if SEQUENCES:

    @settings(max_examples=-(-SEQUENCES // 3), database=None)
    @given(story=st.lists(SEQUENCE, min_size=1, max_size=5))
    def test_after_any_edits_a_build_is_what_it_is_from_nothing(
        folders: Folders, tell: Callable[[str], None], story: list[Sequence5]
    ) -> None:
        """A story has three sequences on average."""
        follow(folders, story)
        tell(f"{folders.compared} sequences compared")

    @pytest.mark.parametrize("name", sorted(EDITS))
    def test_after_each_kind_of_edit_alone_a_build_is_what_it_is_from_nothing(folders: Folders, name: str) -> None:
        folders.begin_again()
        portal, chance = beginning(), Random(1)
        for _ in range(3):
            EDITS[name](portal, chance)
            folders.compare(portal)


def test_after_some_edits_a_build_is_what_it_is_from_nothing_elsewhere(folders: Folders) -> None:
    edits = ["edit_look", "edit_override", "edit_title", "move_page", "edit_package", "set_days", "edit_photo"]
    follow(folders, [([(name, 7) for name in edits], "_nothing", True)])


def test_two_builds_at_once_make_what_one_makes_from_nothing_whatever_happened_before(folders: Folders) -> None:
    folders.begin_again()
    portal = beginning()
    for name in ("edit_body", "edit_folder"):
        EDITS[name](portal, Random(3))
    write(folders.kept, portal, dated=False)
    _other_portal(folders, portal, Random(1))
    _full_disk(folders, portal, Random(1))
    folders.compare(portal, dated=False, builds=2)
