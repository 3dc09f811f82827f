"""A file that somebody typed, in whatever encoding their editor saved it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
LIKELY = "cp1252"
"""What files are most likely in that are not UTF-8: what Windows calls ANSI."""


@dataclass(frozen=True)
class TextFile:
    """The text of a file.

    Args:
        text: the text, its lines ended by LF; empty where the file cannot be read.
        reason: why it is not what it should be; empty where it is.
        line: the line at fault, from 1.
    """

    text: str
    reason: str = ""
    line: int = 1


def read_text(path: Path) -> TextFile:
    """Read a file that should be UTF-8; what is in another encoding is read as well as it can be.

    A text that is in another encoding has both a text, which can be checked for other mistakes, and a reason.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        return TextFile("", error.strerror or type(error).__name__)
    return text_of(raw)


def text_of(raw: bytes) -> TextFile:
    """Decode what should be UTF-8, as `read_text` does."""
    encoding = next((name for mark, name in MARKS.items() if raw.startswith(mark)), "utf-8")
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        found = raw.decode(LIKELY, "replace")
        line = raw[: error.start].count(b"\n") + 1
        said = found.splitlines()[line - 1].strip() if found.splitlines()[line - 1 :] else ""
        return TextFile(_one_line_end(found), f"UTF-8: {said}", line)
    return TextFile(_one_line_end(text), "" if encoding.startswith("utf-8") else f"UTF-8: {encoding.upper()}")


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
