"""What a terminal is shown of people's words: a character that would command it, or turn the line, is spelled out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, TextIO

from bacheca.forms.text import UNSEEN

SPELLED_OUT = re.compile(f"[{UNSEEN}\u2028\u2029]")
"""What answers do not keep (`bacheca/forms/text.py`); older ones, letters and file names may."""


def visible(text: str) -> str:
    """Spell out what cannot be seen and what moves the cursor, as JSON does: `\\u001b`; TAB and LF stay."""
    return SPELLED_OUT.sub(lambda found: _escaped(found[0]), text)


@contextmanager
def visible_output() -> Iterator[None]:
    """Whatever is printed here passes through `visible`."""
    with redirect_stdout(_Terminal(sys.stdout)), redirect_stderr(_Terminal(sys.stderr)):
        yield


class _Terminal:
    """A stream of text on which nothing can be written but what can be seen."""

    def __init__(self, stream: TextIO):
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text; whoever wants bytes finds no way to write them."""
        return self._stream.write(visible(text))

    def writelines(self, lines: Iterator[str]) -> None:
        """Write some lines."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":
            raise AttributeError(name)
        return getattr(self._stream, name)


def _escaped(char: str) -> str:
    point = ord(char)
    if point > 0xFFFF:  # as two halves, so that JSON that is printed stays JSON
        point -= 0x10000
        return f"\\u{0xD800 + (point >> 10):04x}\\u{0xDC00 + (point & 0x3FF):04x}"
    return f"\\u{point:04x}"
