"""The one way in which a text is kept: NFC, LF, no control characters but TAB and LF."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from itertools import groupby

SHORT = 2000
"""Characters up to which it does not matter how long any sort takes."""

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def canonical_text(text: str) -> str:
    """Put a text as posted into its kept form; a text of blanks alone is no answer.

    Browsers send CRLF and people paste decomposed accents: both are put right before anything is
    counted or compared, so that «perché» is one answer however it was typed.
    """
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = composed(text)  # last: a control may have stood between a letter and its accent
    return text if text.strip() else ""


def composed(text: str) -> str:
    """Give the NFC of a text, in a time that grows with its length however many accents stand in a row.

    Python's own puts accents in their order by a sort that is quadratic: a megabyte of them takes minutes. A text
    that is long is decomposed and sorted here first (Unicode 3.11, D108 and D109), and finds them in order.
    """
    if len(text) > SHORT and not text.isascii():
        decomposed = "".join(unicodedata.normalize("NFD", char) for char in text)
        runs = groupby(decomposed, key=lambda char: unicodedata.combining(char) != 0)
        text = "".join("".join(sorted(run, key=unicodedata.combining) if marks else run) for marks, run in runs)
    return unicodedata.normalize("NFC", text)


def digest(value: Mapping[str, object] | str) -> str:
    """Hash a text, or a mapping whatever the order of its keys, with SHA-256 (64 hex digits)."""
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(value.encode("utf-8")).hexdigest()
