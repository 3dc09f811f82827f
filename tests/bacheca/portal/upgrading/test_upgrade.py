"""`bacheca.portal.upgrading`: folders of every earlier version become ones of this version, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bacheca import __version__
from bacheca.folder_record import Record, read_record, write_record
from bacheca.portal.build.pipeline import build
from bacheca.portal.build.read import read_content
from bacheca.portal.commands.build import main
from bacheca.portal.errors import SettingsProblems
from bacheca.portal.renamed.settings import with_new_names
from bacheca.portal.settings import load_portal
from bacheca.portal.upgrading import upgrade as upgrading
from bacheca.portal.upgrading.upgrade import Plan, plan_upgrade, upgrade
from tests.bacheca.portal.upgrading.make_older import OLDER

VERSIONS = sorted(OLDER.glob("*.zip"))


@pytest.fixture(params=VERSIONS, ids=lambda path: path.stem)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The portal of an earlier version, with what its editors changed."""
    with zipfile.ZipFile(request.param) as packed:
        packed.extractall(tmp_path / "coro")
    return tmp_path / "coro"


def states(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, but for those kept as they were."""
    files = (path for path in folder.rglob("*") if path.is_file() and "build" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def ways(plan: Plan) -> dict[str, str]:
    return {change.path: change.how for change in plan.changes}


def command(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["upgrade", "--lang", "en", "--config-file", str(folder / "mkdocs.yml"), *options])


def test_every_earlier_version_has_its_portal() -> None:
    assert [path.stem for path in VERSIONS] == ["0.2.0"]


def test_an_older_portal_is_told_what_is_renamed_and_after_the_upgrade_it_is_sound(folder: Path) -> None:
    with pytest.raises(SettingsProblems, match=r"SETTING_RENAMED extra\.check is called extra\.rules since"):
        load_portal(folder / "mkdocs.yml")
    plan = plan_upgrade(folder)
    assert plan.made == "0.2.0"
    changed = ways(plan)
    assert changed["mkdocs.yml"] in ("merged", "renamed")
    assert changed[".github/workflows/check.yml"] == changed["README.md"] == "merged"
    assert set(changed.values()) <= {"merged", "renamed", "replaced", "new"}
    kept = upgrade(plan)
    portal = load_portal(folder / "mkdocs.yml")
    told = [problem.code for problem in read_content(portal)[1]]
    assert told == ["PAGE_STALE"]  # the translation of the page that they edited
    assert portal.levels == {"PICTURE_WORDS": "warning"}
    assert "  rules: {PICTURE_WORDS: warning} # le locandine\n" in (folder / "mkdocs.yml").read_text(encoding="utf-8")
    assert "Le prove sono il martedì." in (folder / "content/it/contatti.md").read_text(encoding="utf-8")
    workflow = (folder / ".github/workflows/check.yml").read_text(encoding="utf-8")
    assert "on: [push]\n" in workflow
    assert f"bacheca=={__version__}\n" in workflow
    assert kept
    assert "  check: {PICTURE_WORDS" in (kept / "mkdocs.yml").read_text(encoding="utf-8")
    record = read_record(folder)
    assert record
    assert record.version == __version__
    assert plan_upgrade(folder).changes == ()


def test_an_older_portal_is_built_after_the_upgrade(folder: Path) -> None:
    upgrade(plan_upgrade(folder))
    site = folder / "site"
    build(load_portal(folder / "mkdocs.yml", "it"), site, lambda *_, **__: None, engine="mkdocs", full=True)
    assert "Le prove sono il martedì." in (site / "contatti/index.html").read_text(encoding="utf-8")
    assert 'method="post"' in (site / "partecipa/iscrizione/index.html").read_text(encoding="utf-8")


def test_whoever_wrote_words_for_the_search_keeps_them_without_being_asked(folder: Path) -> None:
    own = folder / "content/synonyms.it.yml"
    own.write_text("contatti.md: [telefono]\n", encoding="utf-8")
    plan = plan_upgrade(folder)
    assert "content/synonyms.it.yml" not in ways(plan)
    upgrade(plan)
    assert own.read_text(encoding="utf-8") == "contatti.md: [telefono]\n"
    assert plan_upgrade(folder).changes == ()


def test_nothing_is_written_before_somebody_says_so(folder: Path) -> None:
    before = states(folder)
    for options in ((), ("--dry-run",)):
        said = command(folder, *options)
        assert said.exit_code == 0, said.output
        assert "Nothing has been changed. Do it with: bacheca upgrade --yes" in said.output
        assert "mkdocs.yml: " in said.output
        assert "+  rules: {PICTURE_WORDS: warning} # le locandine" in said.output
    assert states(folder) == before
    assert (
        f"The folder is of Bacheca {__version__}; as it was is in build/before-upgrade-1"
        in command(folder, "--yes").output
    )


def test_what_both_changed_is_shown_and_left_until_a_person_decides(folder: Path) -> None:
    readme = folder / "README.md"
    mine = readme.read_text(encoding="utf-8").replace("bacheca==0.2.0", "bacheca==0.2.0 --quiet")
    readme.write_text(mine, encoding="utf-8")
    for _ in range(2):  # told again until it is decided
        said = command(folder, "--yes")
        assert said.exit_code == 1
        assert "README.md: you edited the lines that this version changes, so it stays as it is" in said.output
        assert f"bacheca=={__version__}" in said.output
        assert readme.read_text(encoding="utf-8") == mine
    assert command(folder, "--yes", "--keep", "README.md").exit_code == 0
    assert readme.read_text(encoding="utf-8") == mine
    assert command(folder, "--yes").exit_code == 0


def test_whoever_wants_the_new_one_takes_it(folder: Path) -> None:
    readme = folder / "README.md"
    readme.write_text("mine\n", encoding="utf-8")
    assert command(folder, "--yes", "--take", "README.md").exit_code == 0
    assert f"bacheca=={__version__}" in readme.read_text(encoding="utf-8")


def test_what_was_thrown_away_stays_away(folder: Path) -> None:
    (folder / "README.md").unlink()
    shutil.rmtree(folder / ".github")
    upgrade(plan_upgrade(folder))
    assert not (folder / "README.md").exists()
    assert not (folder / ".github").exists()


def test_without_git_a_person_merges(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert ways(plan_upgrade(folder))["README.md"] == "decide"


def test_of_an_upgrade_that_fails_nothing_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = states(folder)

    def fails(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(upgrading, "write_record", fails)
    plan = plan_upgrade(folder)
    with pytest.raises(OSError, match="No space left"):
        upgrade(plan)
    assert states(folder) == before


def test_an_upgrade_that_was_killed_is_finished_by_the_next(folder: Path) -> None:
    plan = plan_upgrade(folder)
    for change in plan.writes[: len(plan.writes) // 2]:
        (folder / change.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / change.path).write_text(change.text, encoding="utf-8")
    upgrade(plan_upgrade(folder))
    done = states(folder)
    assert {change.path: done[change.path].decode() for change in plan.writes} == {
        change.path: change.text for change in plan.writes
    }


def test_a_folder_that_remembers_nothing_gets_the_new_names_alone(folder: Path) -> None:
    shutil.rmtree(folder / ".bacheca")
    before = states(folder)
    said = command(folder, "--yes")
    assert said.exit_code == 0
    assert "This folder does not remember what init wrote" in said.output
    after = states(folder)
    assert {path for path in after if after[path] != before.get(path)} == {
        "mkdocs.yml",
        ".bacheca/made.json",
        ".bacheca/written.zip",
    }


def test_a_newer_folder_is_not_brought_back(folder: Path) -> None:
    write_record(folder, Record("99.0.0"))
    before = states(folder)
    said = command(folder, "--yes")
    assert said.exit_code == 2
    assert "FOLDER_NEWER [error] This folder is of Bacheca 99.0.0" in said.output
    assert states(folder) == before


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("extra:\n  check: {A: off} # why\n", "extra:\n  rules: {A: off} # why\n"),
        ("extra: {'check': {A: off}, check2: 1}\n", "extra: {rules: {A: off}, check2: 1}\n"),
        (
            "# è\nnav: [check]\nextra:\n  # here\n  check:\n    A: b\n",
            "# è\nnav: [check]\nextra:\n  # here\n  rules:\n    A: b\n",
        ),
        ("extra: {check: {}, rules: {}}\n", "extra: {check: {}, rules: {}}\n"),
        ("check: {A: off}\n", "check: {A: off}\n"),
        ("extra: [check]\n", "extra: [check]\n"),
        ("extra: {{{\n", "extra: {{{\n"),
        ("", ""),
    ],
)
def test_a_new_name_takes_the_place_of_the_old_and_nothing_else_moves(text: str, new: str) -> None:
    assert with_new_names(text) == new
