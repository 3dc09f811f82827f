from __future__ import annotations

from pathlib import Path

import pytest

from bacheca.forms.atomic_file import overwrite, placed, replaced
from tests.flushes import flushes


def test_a_file_is_on_disk_before_it_takes_its_place_and_its_name_is_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "x.sav"
    path.write_text("prima")
    with flushes() as seen, placed(path) as beside:
        beside.write_text("dopo")
    assert seen == [(beside, b"dopo"), (tmp_path, b"")]
    assert path.read_text() == "dopo"


def test_a_table_is_on_disk_before_it_takes_its_place_and_its_name_is_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with flushes() as seen, replaced(path) as file:
        file.write("dopo")
    assert [(found.parent, written) for found, written in seen] == [(tmp_path, b"dopo"), (tmp_path.parent, b"")]
    assert [found.name != path.name for found, _ in seen] == [True, True]
    assert path.read_text() == "dopo"


def test_a_file_that_is_written_anew_keeps_its_rights_and_is_never_half_there(tmp_path: Path) -> None:
    path = tmp_path / "pagina.md"
    path.write_text("prima")
    path.chmod(0o664)
    overwrite(path, "dopo")
    assert path.read_text() == "dopo"
    assert path.stat().st_mode & 0o777 == 0o664
    with pytest.raises(UnicodeEncodeError):
        overwrite(path, "mezza \ud800")
    assert path.read_text() == "dopo"
    assert list(tmp_path.iterdir()) == [path]
