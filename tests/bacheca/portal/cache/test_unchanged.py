"""`bacheca.portal.cache.unchanged`: a build says that nothing has changed only where nothing has."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable

import pytest

from bacheca.forms import USUAL
from bacheca.portal.build.inputs import look_at_inputs, valid_until
from bacheca.portal.cache import unchanged
from bacheca.portal.cache.unchanged import Record
from tests.bacheca.portal.conftest import FORM, SETTINGS, Sketch

NOW = dt.datetime.now(dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
ASKED = {"engine": "mkdocs"}


def record_of(sketch: Sketch, site: str = "site", **asked: str) -> Record:
    return Record(sketch.root / "build", sketch.root / site, ASKED | asked)


def keep(sketch: Sketch, until: dt.datetime = LATER) -> None:
    """Take down what a build would have read, and a site of one page."""
    record = record_of(sketch)
    record.begin(sketch.root)
    look_at_inputs(record, sketch.portal(), "data/results")
    sketch.write("site/a/index.html", "<p>Ciao.</p>")
    sketch.write("build/it/mkdocs.yml", "{}")
    record.say("niente")
    record.keep(NOW, until)


@pytest.fixture
def kept(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> Sketch:
    """A small portal of which a build has kept its record."""
    monkeypatch.setenv("BACHECA_ALLOW", "theme,extensions")
    sketch.settings(
        "mkdocs.yml",
        {
            **SETTINGS,
            "markdown_extensions": {**SETTINGS["markdown_extensions"], "pymdownx.snippets": {"base_path": "parti"}},
        },
    )
    sketch.write("parti/avviso.md", "Avviso.")
    sketch.write("data/results/prova/results.csv", "a\n")
    keep(sketch)
    return sketch


EDITS: dict[str, Callable[[Sketch], object]] = {
    "a page is edited": lambda sketch: sketch.page("it/privacy.md", "Altro.", translation="privacy"),
    "a page is added": lambda sketch: sketch.page("it/nuova.md", "Nuova."),
    "a page is deleted": lambda sketch: (sketch.root / "content/en/privacy.md").unlink(),
    "a page is moved": lambda sketch: (sketch.root / "content/it/privacy.md").rename(sketch.root / "content/it/x.md"),
    "a hidden file is edited": lambda sketch: sketch.write("content/it/articoli/.authors.yml", "authors: {}\n"),
    "a picture is edited": lambda sketch: sketch.write("content/it/a.svg", "<svg/>"),
    "a folder is added": lambda sketch: (sketch.root / "content/it/en").mkdir(),
    "a form is edited": lambda sketch: sketch.write("content/forms/prova.yaml", FORM.replace("ne pensi", "ne dici")),
    "a form is added": lambda sketch: sketch.write("content/forms/altra.yaml", FORM.replace("prova", "altra")),
    "an example of a form is added": lambda sketch: sketch.write("content/forms/esempi/altra.yaml", FORM),
    "settings are edited": lambda sketch: sketch.settings("mkdocs.yml", {**SETTINGS, "site_name": "Altra"}),
    "a language is added": lambda sketch: sketch.write("mkdocs.de.yml", "INHERIT: mkdocs.yml\n"),
    "the theme is edited": lambda sketch: sketch.write("theme/404.html", "altro"),
    "a snippet is edited": lambda sketch: sketch.write("parti/avviso.md", "Avvisi."),
    "results are published": lambda sketch: sketch.write("data/results/prova/results.csv", "b\n"),
    "results of another form are there": lambda sketch: sketch.write("data/results/altra/results.csv", "a\n"),
    "a page of the site is edited": lambda sketch: sketch.write("site/a/index.html", "<p>Mago.</p>"),
    "a page of the site is deleted": lambda sketch: (sketch.root / "site/a/index.html").unlink(),
    "a page of the site is added": lambda sketch: sketch.write("site/b/index.html", ""),
    "the site is deleted": lambda sketch: shutil.rmtree(sketch.root / "site"),
    "the record is not whole": lambda sketch: sketch.write("build/unchanged.json", '{"format":1,"said"'),
    "the record is another thing": lambda sketch: sketch.write("build/unchanged.json", "[1]"),
    "the record is gone": lambda sketch: (sketch.root / "build/unchanged.json").unlink(),
}


def test_nothing_has_changed_until_something_does(kept: Sketch) -> None:
    assert record_of(kept).nothing_changed() == "niente"
    kept.write("build/it/pages/a.md", "what builds write for themselves is none of it")
    assert record_of(kept).nothing_changed() == "niente"


@pytest.mark.parametrize("what", EDITS)
def test_whatever_changes_is_seen(kept: Sketch, what: str) -> None:
    EDITS[what](kept)
    assert record_of(kept).nothing_changed() == ""


def test_an_edit_of_the_same_size_that_keeps_the_time_of_the_file_is_seen(kept: Sketch) -> None:
    page = kept.root / "content/it/privacy.md"
    before = page.stat()
    page.write_text(page.read_text().replace("Scrivi", "Scriva"))
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert page.stat().st_size == before.st_size
    assert record_of(kept).nothing_changed() == ""


def test_files_that_were_only_touched_are_no_change_and_are_read_once(
    kept: Sketch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in (kept.root / "content").rglob("*"):
        os.utime(file)
    monkeypatch.setattr(unchanged, "SETTLED", 0)
    assert record_of(kept).nothing_changed() == "niente"
    monkeypatch.setattr(unchanged, "digest_of_file", lambda path: "another")
    assert record_of(kept).nothing_changed() == "niente"


def test_a_file_written_just_before_the_record_is_read_again(kept: Sketch, monkeypatch: pytest.MonkeyPatch) -> None:
    page = str(kept.root / "content/it/privacy.md")
    digest = unchanged.digest_of_file
    monkeypatch.setattr(unchanged, "digest_of_file", lambda path: "another" if path == page else digest(path))
    assert record_of(kept).nothing_changed() == "", "the clock of the disk may not have moved between two edits"


@pytest.mark.parametrize("asked", [{"engine": "zensical"}, {"site": "altrove"}, {"lang": "it"}])
def test_whoever_asks_for_something_else_gets_a_build(kept: Sketch, asked: dict[str, str]) -> None:
    assert record_of(kept, **asked).nothing_changed() == ""


@pytest.mark.parametrize("name", unchanged.ENVIRONMENT)
def test_another_environment_is_another_build(kept: Sketch, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1700000000")
    assert record_of(kept).nothing_changed() == ""


def test_another_version_of_a_package_is_another_build(
    sketch: Sketch, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = tmp_path_factory.mktemp("packages")
    (packages / "markdown-3.9.dist-info").mkdir()
    monkeypatch.syspath_prepend(packages)
    keep(sketch)
    assert record_of(sketch).nothing_changed() == "niente"
    (packages / "markdown-3.9.dist-info").rename(packages / "markdown-3.10.dist-info")
    assert record_of(sketch).nothing_changed() == ""


@pytest.mark.parametrize("name", ["portal/build/stage.py", "portal/locale/it/LC_MESSAGES/portal.po", "nuovo.py"])
def test_another_file_of_the_library_is_another_build(
    sketch: Sketch, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    code = tmp_path_factory.mktemp("code")
    for path in ("portal/build/stage.py", "portal/locale/it/LC_MESSAGES/portal.po"):
        (code / path).parent.mkdir(parents=True)
        (code / path).write_text("prima")
    monkeypatch.setattr(unchanged, "CODE", code)
    keep(sketch)
    assert record_of(sketch).nothing_changed() == "niente"
    (code / "__pycache__").mkdir()
    assert record_of(sketch).nothing_changed() == "niente"
    (code / name).write_text("dopo!")
    assert record_of(sketch).nothing_changed() == ""


def test_on_another_day_it_is_another_build(sketch: Sketch) -> None:
    keep(sketch, until=NOW)
    assert record_of(sketch).nothing_changed() == ""


def test_where_the_moment_is_said_it_is_always_the_same_day(sketch: Sketch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    keep(sketch, until=NOW)
    assert record_of(sketch).nothing_changed() == "niente"


def test_what_changes_while_the_build_runs_is_seen_by_the_next(sketch: Sketch) -> None:
    record = record_of(sketch)
    record.begin(sketch.root)
    look_at_inputs(record, sketch.portal(), "data/results")
    sketch.page("it/privacy.md", "Altro.", translation="privacy")
    (sketch.root / "build").mkdir()
    record.keep(NOW, LATER)
    assert (sketch.root / "build/unchanged.json").is_file()
    assert record_of(sketch).nothing_changed() == ""


def test_nothing_is_said_of_what_links_may_bring_in(sketch: Sketch) -> None:
    (sketch.root / "theme/altrove").symlink_to(sketch.root.parent)
    keep(sketch)
    assert not (sketch.root / "build/unchanged.json").exists()


def test_a_record_is_away_while_the_site_is_made(kept: Sketch) -> None:
    record_of(kept).drop()
    assert record_of(kept).nothing_changed() == ""


def test_a_site_holds_until_midnight_or_the_next_event(sketch: Sketch) -> None:
    now = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
    assert valid_until(sketch.content(), now, USUAL.zone) == dt.datetime(2026, 11, 25, 23, tzinfo=dt.UTC)
    sketch.page("it/serata.md", "", starts='"2026-11-25 18:00"', ends='"2026-11-25 20:00"', place="Biella")
    for hour, next_hour in ((9, 17), (18, 19), (20, 23)):
        moment = valid_until(sketch.content(), now.replace(hour=hour), USUAL.zone)
        assert moment.astimezone(dt.UTC).hour == next_hour
