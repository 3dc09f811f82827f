"""The one way in which a text is kept: NFC, LF, and no character that nobody sees.

What is dropped and what stays (names and properties are those of Unicode 15):

| characters | |
|---|---|
| CR, CRLF, NEL, LINE SEPARATOR, PARAGRAPH SEPARATOR | become LF |
| TAB, LF | stay |
| every other control: C0, DEL, C1 | dropped |
| marks, embeddings, overrides and isolates of direction | dropped: the page gives each text its direction |
| ZERO WIDTH SPACE, WORD JOINER, BYTE ORDER MARK, SOFT HYPHEN and whatever else is a format character (Cf) | dropped |
| ZERO WIDTH JOINER and NON-JOINER | stay where they mean something: after a letter other than Latin, or an emoji |
| tags | stay in the flag that they spell |
| signs that Unicode calls format characters, though they are seen | stay |

A text of blanks alone, whatever kind of blank, is no answer.
"""

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

LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")

JOINERS = frozenset("\u180e\u200c\u200d")
"""Persian, Hindi and Mongolian words and many emoji are spelled with them."""

UNSEEN = (
    "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"  # controls
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # of direction
    "\u00ad\u200b\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # of width, lines, formulas, annotations
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"  # of shorthand and music; tags
)
"""What is dropped wherever it stands, as the inside of a class of a pattern."""

DROPPED = re.compile(f"(\U0001f3f4[\U000e0020-\U000e007e]{{1,30}}\U000e007f)|[{UNSEEN}]+")
"""What is dropped, and before it the flags (England's, Scotland's…) whose tags stay."""

BLANK = re.compile(
    "[\\s\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]*"
)
"""A text in which there is nothing to see: blanks, fillers, and what only changes its neighbour."""

HALF_WIDTH = {0x3000: " "} | {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}


def canonical_text(text: str) -> str:
    """Put a text as posted into its kept form; a text of blanks alone is no answer.

    Browsers send CRLF and people paste decomposed accents: both are put right before anything is
    counted or compared, so that «perché» is one answer however it was typed.
    """
    text = LINE_ENDS.sub("\n", text)
    text = DROPPED.sub(lambda found: found[1] or "", text)
    text = composed(text)  # last: a control may have stood between a letter and its accent
    if not JOINERS.isdisjoint(text):
        text = composed(_joined(text))
    return "" if BLANK.fullmatch(text) else text


def canonical_notice(text: str) -> str:
    """Put the text of a notice into the form that its hash is of, which is never to change."""
    text = composed(CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return text if text.strip() else ""


def _joined(text: str) -> str:
    """Leave out the joiners that stand after nothing to join, or after another one."""
    kept: list[str] = []
    joins = False
    for char in text:
        if char not in JOINERS:
            kind = unicodedata.category(char)[0]
            if kind != "M":  # the letter counts, whatever marks it bears
                joins = kind in "LNS" and not char.isascii() and "LATIN" not in unicodedata.name(char, "")
        elif not joins or kept[-1] in JOINERS:
            continue
        kept.append(char)
    return "".join(kept)


def half_width(text: str) -> str:
    """Put the full-width figures, letters and signs of an East Asian keyboard into the ASCII ones that they are."""
    return text.translate(HALF_WIDTH)


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
