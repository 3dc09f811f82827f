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
