"""Copies are for their owner, and a broken one leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.forms.atomic_file import placed
from bacheca.forms.package.formats import COPIES, files_of_others, make_copies, renew_copies
from bacheca.forms.package.package import validate_package
from tests.bacheca.forms.package.formats.conftest import answers

Packaged = Callable[..., Path]


def test_copies_are_for_their_owner_and_leave_the_package_valid(package: Packaged) -> None:
    folder = package([answers(1)], [answers(2)])
    made = {copy.path.name for copy in make_copies(folder, list(COPIES))}
    tables = ("responses", "responses_v2", "responses_all")
    assert made == {f"{t}.sav" for t in tables} | {f"{t}_excel.csv" for t in tables} | {"responses.xlsx"}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    validate_package(folder / "datapackage.json")


def test_a_copy_that_fails_leaves_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.sav"
    path.write_text("prima")

    def fail_halfway() -> None:
        with placed(path) as beside:
            beside.write_text("mezzo")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_halfway()
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("x.sav", "prima")]


def test_of_the_copies_of_a_kind_only_ours_are_made_again(package: Packaged) -> None:
    folder = package([answers(1)], [answers(2)])
    made = {copy.path.name for copy in renew_copies(folder, ["excel-csv"])}
    assert len(made) == 3
    (folder / "responses_excel.csv").write_text("coloured by an analyst")
    (folder / "responses_v2_excel.csv").unlink()
    again = {copy.path.name for copy in renew_copies(folder)}
    assert again == made - {"responses_excel.csv"}
    assert (folder / "responses_excel.csv").read_text() == "coloured by an analyst"
    assert files_of_others(folder) == [folder / "responses_excel.csv"]
