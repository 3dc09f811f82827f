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


def as_kept(text: str) -> str:
    """Say how a long text is kept: LF, no control characters but TAB and LF, NFC; blanks alone are no answer."""
    text = re.sub("\r\n?", "\n", text)
    text = "".join(char for char in text if char in "\t\n" or not (char < " " or char == "\x7f"))
    text = unicodedata.normalize("NFC", text)
    return text if text.strip() else ""
