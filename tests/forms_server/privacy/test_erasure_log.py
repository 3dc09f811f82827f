from __future__ import annotations

from pathlib import Path

from forms_server.privacy.erasure_log import Tombstones
from tests.flushes import flushes


def test_what_is_withdrawn_is_on_disk_when_it_is_written_down_and_so_is_the_name_of_a_new_list(tmp_path: Path) -> None:
    path = tmp_path / "tombstones.log"
    tombstones = Tombstones(path)
    with flushes() as seen:
        tombstones.add("a" * 64)
        tombstones.add("b" * 64)
    first, both = f"\n{'a' * 64}\n".encode(), f"\n{'a' * 64}\n\n{'b' * 64}\n".encode()
    assert [(found, written) for found, written in seen if found == path] == [(path, first), (path, both)]
    assert (tmp_path, b"") in seen
    assert tombstones.all() == {"a" * 64, "b" * 64}


def test_the_list_is_begun_in_a_folder_that_is_not_there_and_its_owner_alone_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "tombstones.log"
    Tombstones(path).add("a" * 64)
    assert path.stat().st_mode & 0o777 == 0o600
    Tombstones(path).bury(frozenset(["a" * 64, "c" * 64, "b" * 64]))
    assert path.read_text().split() == ["a" * 64, "b" * 64, "c" * 64]
    assert Tombstones(tmp_path / "none.log").all() == frozenset()
