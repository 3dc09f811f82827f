"""`bacheca.portal.publishing.kept_sites`: one site is shown, whole, whatever ends a process at whatever step."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from bacheca.forms.published import METADATA
from bacheca.portal.publishing.kept_files import RECORD
from bacheca.portal.publishing.kept_sites import SITES_KEPT, KeptSites

MOMENT = datetime(2026, 11, 29, 22, 40, tzinfo=UTC)


def made(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / METADATA).write_text("{}")
    for name in ("index.html", "other.html"):
        (folder / name).write_text(text)
    return folder


def waits() -> None:
    raise AssertionError("nobody is there to wait for")


def publish(kept: KeptSites, text: str) -> int:
    with kept.alone(waits):
        made(kept.next, text)
        number = kept.number_of_next()
        kept.add(number, MOMENT, text)
        kept.show(number)
        kept.prune()
    return number


def numbers(kept: KeptSites) -> list[int]:
    return [site.number for site in kept.all()]


def shown(kept: KeptSites) -> str:
    return (kept.site / "index.html").read_text()


@pytest.fixture
def kept(tmp_path: Path) -> KeptSites:
    return KeptSites(tmp_path / "site")


def test_the_last_five_are_kept_and_any_of_them_can_be_shown_again(kept: KeptSites) -> None:
    for number in range(1, 9):
        assert publish(kept, f"text {number}") == number
        assert (kept.live, shown(kept)) == (number, f"text {number}")
    assert numbers(kept) == [4, 5, 6, 7, 8]
    assert len(numbers(kept)) == SITES_KEPT
    assert next((site.published, site.label) for site in kept.all()) == (MOMENT, "text 4")
    kept.show(5)
    assert (kept.live, shown(kept)) == (5, "text 5")
    with pytest.raises(FileNotFoundError):
        kept.show(3)
    assert shown(kept) == "text 5"


def test_the_one_that_is_shown_is_never_thrown_away(kept: KeptSites) -> None:
    for number in range(1, 6):
        publish(kept, str(number))
    kept.show(1)
    for number in range(6, 9):
        with kept.alone(waits):
            made(kept.next, str(number))
            kept.add(number, MOMENT, "")
            kept.prune()
    assert numbers(kept) == [1, 4, 5, 6, 7, 8]
    assert shown(kept) == "1"


def test_a_site_that_was_built_there_is_kept_as_the_one_before(kept: KeptSites) -> None:
    made(kept.site, "built")
    assert publish(kept, "published") == 2
    assert (numbers(kept), kept.live, shown(kept)) == ([1, 2], 2, "published")
    assert kept.all()[0].published is None
    kept.show(1)
    assert shown(kept) == "built"


def test_a_site_built_over_a_published_one_is_kept_when_that_comes_back(kept: KeptSites) -> None:
    for text in ("1", "2"):
        publish(kept, text)
    kept.site.unlink()
    made(kept.site, "built")
    kept.show(2)
    assert (numbers(kept), kept.live, shown(kept)) == ([1, 2, 3], 2, "2")
    kept.show(3)
    assert shown(kept) == "built"


def test_a_record_that_cannot_be_read_leaves_a_site_its_number(kept: KeptSites) -> None:
    publish(kept, "1")
    (kept.folder / "1" / RECORD).write_text("{")
    assert [(site.number, site.published) for site in kept.all()] == [(1, None)]


def test_the_second_waits_for_the_first(kept: KeptSites) -> None:
    told, done = Event(), Event()

    def second() -> None:
        with kept.alone(told.set):
            done.set()

    with kept.alone(waits):
        thread = Thread(target=second)
        thread.start()
        assert told.wait(60)
        assert not done.is_set()
    thread.join(60)
    assert done.is_set()


CHANGING = frozenset(("os.rename", "os.symlink", "os.remove", "os.rmdir", "os.mkdir"))


def killed_at_each_step(kept: KeptSites, text: str) -> Iterator[int]:
    """Publish in a process that ends before the first step that changes a file, then before the second, and so on.

    Returns:
        How many steps each process took; the last took them all.
    """
    for steps in itertools.count():
        process = os.fork()
        if not process:
            left = itertools.count(steps, -1)

            def end(event: str, given: tuple[object, ...], left: Iterator[int] = left) -> None:
                writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
                if (event in CHANGING or writes) and not next(left):
                    os._exit(9)

            sys.addaudithook(end)
            code = 1
            try:
                publish(kept, text)
                code = 0
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        assert code in (0, 9)
        yield steps
        if code == 0:
            return


@pytest.mark.parametrize("tidy", [True, False])  # each step once, or what one left behind in the way of the next
@pytest.mark.parametrize("before", ["published", "built"])
def test_whatever_step_a_process_is_killed_at_one_whole_site_is_shown(
    kept: KeptSites, before: str, *, tidy: bool
) -> None:
    if before == "built":
        made(kept.site, "old")
    else:
        for _ in range(SITES_KEPT):
            publish(kept, "old")
    switched = 0
    for _ in killed_at_each_step(kept, "new"):
        texts = {(kept.site / name).read_text() for name in ("index.html", "other.html")}
        assert texts in ({"old"}, {"new"})
        switched += texts == {"new"}
        for site in kept.all():  # whatever can be shown again is whole
            assert {path.name for path in site.folder.iterdir()} >= {METADATA, "index.html", "other.html"}
        if tidy:
            with kept.alone(waits):
                pass
    assert switched
    assert publish(kept, "last") == max(numbers(kept))
    assert shown(kept) == "last"
    left_behind = {path.name for path in kept.folder.glob(".*")}
    assert left_behind == {".lock"}
