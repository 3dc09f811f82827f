"""A file that mentions somebody is found to, however it is packed; one that does not, or cannot be opened, is not."""

from __future__ import annotations

import gzip
import zipfile
from io import BytesIO
from pathlib import Path

import pandas
import pyreadstat
import pytest

from forms_server.privacy.mentions import DEPTH, mentions

ADA = "Adà.Prova@example.org"
WRITTEN = f"scrivete ad {ADA.upper()}, grazie"


def zipped(content: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("empty.txt", "")
        archive.writestr("within.bin", content)
    return made.getvalue()


def packed(times: int) -> bytes:
    content = WRITTEN.encode()
    for _ in range(times):
        content = zipped(content)
    return content


@pytest.mark.parametrize(
    "content",
    [
        WRITTEN.encode(),
        WRITTEN.encode() + b"\xff",
        WRITTEN.lower().encode("utf-16-le"),
        WRITTEN.lower().encode("utf-16-be"),
        gzip.compress(WRITTEN.encode()),
        zipped(gzip.compress(WRITTEN.encode())),
        gzip.compress(zipped(WRITTEN.encode())),
        packed(1),
        packed(DEPTH),
    ],
    ids=["text", "broken", "utf-16-le", "utf-16-be", "gzip", "gzip in zip", "zip in gzip", "zip", "deep"],
)
def test_an_address_is_found_however_it_is_written_or_packed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert mentions(path, ADA)
    assert not mentions(path, "eva@example.org")


@pytest.mark.parametrize(
    "content",
    [b"", b"Adaxprova@example.org", b"\x1f\x8b broken", packed(1)[:-30], packed(DEPTH + 1)],
    ids=["empty", "another", "broken gzip", "broken zip", "too deep"],
)
def test_what_holds_no_address_or_cannot_be_opened_tells_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert not mentions(path, "ada.prova@example.org")


def test_an_address_in_ascii_is_found_in_whatever_case(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("Ada.PROVA@Example.org", encoding="utf-8")
    assert mentions(tmp_path / "file", "aDA.prova@example.ORG")


def test_any_file_of_a_folder_may_mention_somebody(tmp_path: Path) -> None:
    assert not mentions(tmp_path, ADA)
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").write_text("nobody", encoding="utf-8")
    (tmp_path / "deep" / "b.txt").write_text(WRITTEN, encoding="utf-8")
    assert mentions(tmp_path, ADA)
    assert not mentions(tmp_path / "absent", ADA)


@pytest.mark.parametrize("mark", [b"$FL2", b"$FL3"])
def test_the_packed_texts_of_an_spss_file_are_read(tmp_path: Path, mark: bytes) -> None:
    path = tmp_path / "file.sav"
    frame = pandas.DataFrame({"n": [1.0, 2.0], "posta": ["x", "a.long.address.of.somebody@example.org"]})
    pyreadstat.write_sav(frame, str(path), row_compress=mark == b"$FL2", compress=mark == b"$FL3")
    assert path.read_bytes()[:4] == mark
    assert mentions(path, "A.long.address.of.somebody@example.org")
    assert not mentions(path, "b.long.address.of.somebody@example.org")
    path.write_bytes(path.read_bytes()[:200])
    assert not mentions(path, "a.long.address.of.somebody@example.org")


def test_no_more_than_so_many_bytes_are_looked_through_packed_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_server.privacy.mentions.LONGEST", 500)
    path = tmp_path / "file"
    for before, found in ((100, True), (1000, False)):
        content = b"x" * before + ADA.encode()
        for packed_one in (content, gzip.compress(content), zipped(content)):
            path.write_bytes(packed_one)
            assert mentions(path, ADA) is found
