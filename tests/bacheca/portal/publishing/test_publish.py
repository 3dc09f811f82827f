"""`bacheca.portal.publishing.publish`: what fails at any step is never shown, and what is shown is whole."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from bacheca.forms.community import FIRST
from bacheca.portal.errors import NotPublished, RenderFailed
from bacheca.portal.publishing.kept_files import FILES, changed_in, write_down
from bacheca.portal.publishing.kept_sites import SITES_KEPT
from bacheca.portal.rules import LIMITS
from tests.bacheca.portal.publishing.editions import Editors, edition
from tests.forms_server.test_posting import SURVEY


@pytest.fixture
def editors(tmp_path: Path) -> Editors:
    return Editors(tmp_path)


def test_a_site_is_shown_once_nothing_of_it_is_wrong_and_the_one_before_comes_back(editors: Editors) -> None:
    for number in range(1, SITES_KEPT + 3):
        editors.publish(number)
        assert editors.shown == str(number)
    assert [site.label for site in editors.sites.all()] == [f"edition {number}" for number in range(3, SITES_KEPT + 3)]
    editors.publisher.roll_back(None)
    assert editors.shown == str(SITES_KEPT + 1)
    editors.publisher.roll_back(4)
    assert editors.shown == "4"
    editors.publish(99)
    assert (editors.shown, editors.sites.live) == ("99", SITES_KEPT + 3)


def test_a_site_that_is_the_one_that_is_shown_pushes_none_of_those_kept_out(editors: Editors) -> None:
    def numbers() -> list[int]:
        return [site.number for site in editors.sites.all()]

    editors.publish(1)
    editors.publish(1)
    assert numbers() == [1]
    assert editors.told[-1] == ("published_already", {"number": 1, "folder": editors.sites.site})
    assert not editors.sites.next.exists()
    editors.publish(1, anew=True)
    assert numbers() == [1, 2]
    (editors.sites.site / "404.html").write_text("by hand")
    editors.publish(1)
    editors.publish(1, SURVEY + "# nobody sees it, and the service reads it\n")
    editors.publish(2, extra="<!doctype html><title>x</title>")
    assert (numbers(), editors.shown) == ([1, 2, 3, 4, 5], "2")
    editors.publisher.roll_back(1)
    editors.publish(2, extra="<!doctype html><title>x</title>")  # it is kept, but not shown
    assert (editors.sites.live, editors.shown) == (6, "2")


@pytest.mark.parametrize("way", ["edited", "taken out", "put in"])
def test_a_site_that_somebody_changed_since_comes_back_only_as_it_stands(editors: Editors, way: str) -> None:
    for number in (1, 2):
        editors.publish(number)
    site = editors.sites.folder / "1"
    (site / "robots.txt").write_bytes((site / "robots.txt").read_bytes())  # of another time, as from a backup
    editors.publisher.roll_back(1)
    assert "site_unknown" not in dict(editors.told)
    editors.publisher.roll_back(2)
    page = site / ("altra.html" if way == "put in" else "404.html")
    page.unlink() if way == "taken out" else page.write_text("by hand")
    with pytest.raises(NotPublished, match=rf"{page.name}:1: SITE_CHANGED .*: {page.name} "):
        editors.publisher.roll_back(1)
    assert editors.shown == "2"
    editors.publisher.roll_back(1, as_it_stands=True)
    assert editors.shown == "1"


def test_what_a_kept_site_was_is_known_of_a_file_that_it_shares_and_not_of_one_published_before(
    editors: Editors,
) -> None:
    for number in (1, 2):
        editors.publish(number)
    one, two = (editors.sites.folder / name for name in "12")
    (two / "404.html").unlink()
    os.link(one / "404.html", two / "404.html")
    write_down(two, one)
    assert changed_in(two) == []
    with (one / "404.html").open("a") as file:
        file.write(" ")
    assert changed_in(one) == changed_in(two) == ["404.html"]
    write_down(two, one)  # what was edited since is looked at anew
    assert changed_in(two) == []
    (one / FILES).write_text("{")
    editors.publisher.roll_back(None)
    assert ("site_unknown", {"number": 1}) in editors.told


@pytest.mark.parametrize("number", [2, None])
def test_a_site_that_is_not_kept_cannot_come_back(editors: Editors, number: int | None) -> None:
    editors.publish(1)
    with pytest.raises(NotPublished, match="SITE_NO"):
        editors.publisher.roll_back(number)
    assert editors.shown == "1"


def test_a_page_that_is_not_well_formed_keeps_the_site_of_before(editors: Editors) -> None:
    editors.publish(1)
    with pytest.raises(RenderFailed, match=r"rotta\.html:2: HTML_OPEN div"):
        editors.publish(2, rotta="<!doctype html><title>x</title>\n<div>")
    assert (editors.shown, len(editors.sites.all())) == ("1", 1)
    assert not editors.sites.next.exists()


def test_what_the_settings_call_a_warning_is_told_and_stops_nothing(editors: Editors) -> None:
    make = edition(1, {}, rotta="<!doctype html><title>x</title>\n<div>")
    editors.publisher.publish(make, editors.forms, "", usual=FIRST, limits=LIMITS, levels={"HTML_OPEN": "warning"})
    assert editors.shown == "1"
    assert any("rotta.html:2: HTML_OPEN" in str(values.get("value")) for _, values in editors.told)


def test_a_disk_that_is_full_at_any_moment_leaves_the_site_of_before(
    editors: Editors, monkeypatch: pytest.MonkeyPatch
) -> None:
    editors.publish(1)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "site")

    for place, name in ((Path, "write_text"), (os, "sync"), (Path, "symlink_to")):
        with monkeypatch.context() as patched:
            patched.setattr(place, name, full)
            with pytest.raises(OSError, match=r"No space|Errno 28"):
                editors.publisher.publish(edition(2, {}), editors.forms, "", usual=FIRST, limits=LIMITS, levels={})
        assert editors.shown == "1"
    editors.publish(3)
    assert editors.shown == "3"


def test_a_service_that_does_not_answer_keeps_the_site_of_before(tmp_path: Path) -> None:
    editors = Editors(tmp_path)
    editors.publish(1)
    away = Editors(tmp_path, "http://127.0.0.1:9")
    with pytest.raises(NotPublished, match="SERVICE_AWAY") as raised:
        away.publish(2, SURVEY)
    assert raised.value.exit_code == 1
    assert editors.shown == "1"
    shutil.rmtree(editors.sites.folder / "1")
    with pytest.raises(NotPublished, match="SITE_NONE_BEFORE"):
        away.publisher.roll_back(None)
