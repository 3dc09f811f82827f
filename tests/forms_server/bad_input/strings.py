"""Strings that break things: the Big List of Naughty Strings, and what it leaves out.

`blns.json` is the Big List of Naughty Strings (github.com/minimaxir/big-list-of-naughty-strings, commit db33ec7 of
17 April 2021), under the MIT licence in `blns.LICENSE`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

BLNS: list[str] = json.loads((Path(__file__).parent / "blns.json").read_text(encoding="utf-8"))

OURS = [
    "\ufeffcon la marca",
    "rigo\rsolo",
    "rigo\r\nfinito",
    "riga\u2028altra\u2029altra\x85altra\x0baltra\x0caltra",
    "\u202eal contrario\u202c \u2066isolato\u2069",
    "perche\u0301 e\u0301 cosi\u0300",
    "\u1e9b\u0323 \u212b \uf900",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 \U0001f1ee\U0001f1f9",
    "\U0010ffff \ufffe \uffff \ue000",
    "a\x00b",
    "\x1b[31mrosso\x1b[0m \x9b31m \x07\x08\x7f",
    "{{7*7}} {% raw %} ${7*7} #{7*7} <%= 7*7 %> %(nome)s {nome} {0.__class__}",
    "=1+1\t@SUM(A1)\n+1\n-1\n|cmd",
    '";a,b\n"",\r\n\'',
    "Robert'); DROP TABLE responses;-- \\' OR 1=1 /* */ %' --",
    "a@example.org\r\nBcc: b@example.org",
    "%0d%0aSet-Cookie:%20a=b %00 %c0%af %u0041 &#0; &amp; &lt;",
    "../../../../etc/passwd ..\\..\\ file:///etc/passwd",
    " prima e dopo ",
    "\u00a0\u3000\u200b",
    "x" * 12_000,
    "à" * 12_000,
    "a\u0300" * 12_000,
    "\u0315\u0300" * 3_000,
    "﷽" * 2_000,
]
STRINGS = [*BLNS, *OURS]


SEEN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,30}\U000e007f")
JOINERS = "\u180e\u200c\u200d"


def as_kept(text: str) -> str:
    """Say how a long text is kept: LF, nothing that nobody sees but what spells words and emoji, NFC."""
    text = re.sub("\r\n|[\r\x85\u2028\u2029]", "\n", text)
    flags = {place for flag in FLAG.finditer(text) for place in range(*flag.span())}
    seen = (char for place, char in enumerate(text) if place in flags or is_seen(char))
    text = unicodedata.normalize("NFC", "".join(seen))
    kept, letter = "", "-"
    for char in text:
        if char in JOINERS and (kept[-1:] in JOINERS or not is_joined(letter)):
            continue
        letter = char if char not in JOINERS and unicodedata.category(char)[0] != "M" else letter
        kept += char
    kept = unicodedata.normalize("NFC", kept)
    return kept if any(map(is_ink, kept)) else ""


def is_seen(char: str) -> bool:
    point = ord(char)
    unseen = unicodedata.category(char) in ("Cc", "Cf") or 0xE0000 <= point < 0xE0080 or point == 0x2065
    return not unseen or char in "\t\n" + SEEN + JOINERS or 0x13430 <= point < 0x13456


def is_joined(letter: str) -> bool:
    named = unicodedata.name(letter, "")
    return letter > "\x7f" and unicodedata.category(letter)[0] in "LNS" and "LATIN" not in named


def is_ink(char: str) -> bool:
    """Tell whether there is something to see."""
    fillers = "\u034f\u115f\u1160\u17b4\u17b5\u180f\u2800\u3164\uffa0" + JOINERS
    return not (char.isspace() or char in fillers or "VARIATION SELECTOR" in unicodedata.name(char, ""))
