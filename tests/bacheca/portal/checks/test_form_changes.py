"""`build.py check --against REF`: what an edit of a form means for the answers already kept."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bacheca.forms.form_files.loading import read_forms
from bacheca.portal.checks.form_changes import changes_against
from bacheca.portal.errors import SettingsProblems

FORM = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: prova
title: Prova
form:kind: survey
form:publish: nothing
fields:
- name: luogo
  title: Dove?
  type: string
  categories: [{value: casa, label: Casa}, {value: ufficio, label: Ufficio}]
- name: nota
  title: Nota
  type: string
  constraints: {maxLength: 50}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with one committed form, in a folder of it."""
    forms = tmp_path / "content" / "forms"
    forms.mkdir(parents=True)
    (forms / "prova.yaml").write_text(FORM, encoding="utf-8")
    identity = ["-c", "user.name=Prova", "-c", "user.email=prova@example.org"]
    for command in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "Prova"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return forms


def lines(folder: Path, language: str = "en") -> list[str]:
    found = (change.line_of_text(language) for change in changes_against(folder, "HEAD", read_forms(folder)[0]))
    return [line.removeprefix(f"{folder.as_posix()}/") for line in found]


EDITS = {
    "wording": (("title: Dove?", "title: Dove lavori?"), ["prova.yaml:7: compatible the words of luogo"]),
    "the form's own words": (("title: Prova", "title: La prova"), ["prova.yaml:3: compatible the words of the form"]),
    "the form's last day": (
        ("form:kind: survey", 'form:kind: survey\nform:closes: "2027-06-30"'),
        ["prova.yaml:5: compatible form:closes"],
    ),
    "answers that were not to be published": (
        ("form:publish: nothing", "form:publish: results"),
        ["prova.yaml:5: refused nothing was to be published"],
    ),
    "answers that become a sign-up": (("kind: survey", "kind: signup"), ["prova.yaml:4: refused the form"]),
    "a looser limit": (("maxLength: 50", "maxLength: 60"), ["prova.yaml:11: compatible nota"]),
    "a tighter limit": (("maxLength: 50", "maxLength: 40"), ["prova.yaml:11: new version nota"]),
    "a code taken away": (
        (", {value: ufficio, label: Ufficio}", ", {value: treno, label: Treno}"),
        ["prova.yaml:7: compatible luogo", "prova.yaml:7: new version luogo"],
    ),
    "labels swapped": (
        (
            "[{value: casa, label: Casa}, {value: ufficio, label: Ufficio}]",
            "[{value: casa, label: Ufficio}, {value: ufficio, label: Casa}]",
        ),
        ["prova.yaml:7: refused luogo", "prova.yaml:7: refused luogo"],
    ),
}


@pytest.mark.parametrize(("edit", "expected"), EDITS.values(), ids=EDITS.keys())
def test_each_change_is_named_at_its_line_with_one_of_three_words(
    folder: Path, edit: tuple[str, str], expected: list[str]
) -> None:
    assert FORM.count(edit[0]) == 1
    (folder / "prova.yaml").write_text(FORM.replace(*edit), encoding="utf-8")
    found = lines(folder)
    assert [line.split(":")[0:2] for line in found] == [line.split(":")[0:2] for line in expected]
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)


def test_a_form_that_is_new_has_no_changes(folder: Path) -> None:
    (folder / "altra.yaml").write_text(FORM.replace("name: prova", "name: altra"), encoding="utf-8")
    assert lines(folder) == []


def test_a_reference_that_git_does_not_know_is_said_in_a_sentence(folder: Path) -> None:
    with pytest.raises(SettingsProblems, match="nowhere"):
        list(changes_against(folder, "nowhere", {}))


def test_a_reference_is_never_taken_for_an_option_of_git(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsProblems):
        list(changes_against(folder, f"--output={tmp_path}/stolen", {}))
    assert not (tmp_path / "stolen").exists()
