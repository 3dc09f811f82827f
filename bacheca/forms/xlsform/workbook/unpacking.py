"""The parts of a workbook that are texts, unpacked and looked through within limits before anything else reads them.

What a ZIP says of its own sizes is not believed: what is unpacked is counted.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from xml.sax import ContentHandler
from xml.sax.xmlreader import AttributesImpl
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml.sax import parseString

from bacheca.forms import limits

ESCAPED = re.compile(rb"_x005[Ff]_(?=x[0-9A-Fa-f]{4}_)")
"""A line that is not to be read as the beginning of `_xHHHH_` (ECMA-376, ST_Xstring)."""

CUT = b"x005F_"
"""What openpyxl cuts out of any text."""

MARKS = {"\ufdd0": "_", "\ufdd1": "x005F_"}
"""What stands for these two, until openpyxl has read a text, and what they are then."""

STYLES = re.compile(r"xl/styles\.xml", re.IGNORECASE)
COLUMN = re.compile(r"[A-Z]{1,3}")

WITHIN_A_TEXT = frozenset(("f", "is", "r", "rPr", "t", "v"))
"""The elements whose texts make one cell together."""


class TooLarge(Exception):
    """A workbook is larger than any form; says which part of it."""


def unpacked(path: Path) -> BytesIO:
    """Give a workbook of the same texts, in which every size is true.

    Args:
        path: the workbook.

    Raises:
        TooLarge: it is beyond a limit.
        BadZipFile: it is no workbook.
        xml.sax.SAXException: a part of it is no XML.
        defusedxml.DefusedXmlException: a part of it defines entities.
    """
    if path.stat().st_size > limits.WORKBOOK:
        raise TooLarge(f"{limits.WORKBOOK // 1024**2} MB")
    made = BytesIO()
    left = limits.WORKBOOK_UNPACKED
    with ZipFile(path) as archive, ZipFile(made, "w", ZIP_STORED) as clean:
        if len(archive.infolist()) > limits.WORKBOOK_PARTS:
            raise TooLarge(f"{limits.WORKBOOK_PARTS} parts")
        for name, part in archive.NameToInfo.items():
            if not name.lower().endswith((".xml", ".rels")):
                continue  # a picture: nobody looks at it
            text = _inflated(archive, part, left)
            left -= len(text)
            _look_through(name, text)
            line, cut = (mark.encode() for mark in MARKS)
            clean.writestr(name, ESCAPED.sub(line, text).replace(CUT, cut))
    made.seek(0)
    return made


def _inflated(archive: ZipFile, part: ZipInfo, left: int) -> bytes:
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise BadZipFile("compression")
    if part.file_size > left:
        raise TooLarge(f"{limits.WORKBOOK_UNPACKED // 1024**2} MB")
    with archive.open(part) as file:
        text = file.read(left + 1)
    if len(text) > left:
        raise TooLarge(f"{limits.WORKBOOK_UNPACKED // 1024**2} MB")
    return text


def _look_through(name: str, text: bytes) -> None:
    parseString(text, _Measured(limits.STYLE if STYLES.fullmatch(name) else limits.CELL), forbid_dtd=True)


class _Measured(ContentHandler):
    """Counts what a part of a workbook holds, keeping nothing of it."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self._longest = longest
        self._elements = self._depth = self._text = self._columns = self._cells = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  its name in SAX
        self._elements += 1
        self._depth += 1
        kind = name.rpartition(":")[2]
        if kind not in WITHIN_A_TEXT:
            self._text = 0
        if kind == "row":
            self._columns = 0
        elif kind == "c":
            self._count_cell(str(attrs.get("r", "")))
        if self._elements > limits.WORKBOOK_ELEMENTS or self._cells > limits.WORKBOOK_CELLS:
            raise TooLarge(f"{limits.WORKBOOK_CELLS} cells")
        if self._depth > limits.WORKBOOK_DEPTH:
            raise TooLarge(f"{limits.WORKBOOK_DEPTH} levels")
        for _, value in attrs.items():
            self._check(len(value))

    def endElement(self, name: str) -> None:  # noqa: N802  its name in SAX
        self._depth -= 1

    def characters(self, content: str) -> None:
        self._text += len(content)
        self._check(self._text)

    def _count_cell(self, place: str) -> None:
        """Count the cells up to this one: a row is as wide as its last cell says."""
        letters = COLUMN.match(place)
        at = 0
        for letter in letters[0] if letters else "":
            at = at * 26 + ord(letter) - 64
        before, self._columns = self._columns, max(at, self._columns + 1)
        self._cells += self._columns - before

    def _check(self, length: int) -> None:
        if length > self._longest:
            raise TooLarge(f"{self._longest} characters in a cell")
