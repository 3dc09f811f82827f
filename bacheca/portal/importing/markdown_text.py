"""Changing Markdown of another tool outside of its code, which stays as it is to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable

from bacheca.portal.content.pages import CODE, FENCE

HIDDEN = re.compile("\x00(\\d+)\x00")
ADMONITION_KINDS = {
    "info": "info",
    "note": "note",
    "tip": "tip",
    "hint": "tip",
    "success": "success",
    "check": "success",
    "important": "info",
    "primary": "info",
    "secondary": "note",
    "caution": "warning",
    "warning": "warning",
    "warn": "warning",
    "attention": "warning",
    "danger": "danger",
    "error": "danger",
    "alert": "warning",
    "example": "example",
    "question": "question",
    "quote": "quote",
}
"""What other tools call boxes, and what they are called here."""


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Change a text, but for its blocks and spans of code.

    Args:
        text: the Markdown; it holds no NUL.
        change: is given the text with a mark in the place of each piece of code, and keeps the marks.
    """
    kept: list[str] = []

    def hide(piece: str) -> str:
        kept.append(piece)
        return f"\x00{len(kept) - 1}\x00"

    hidden = CODE.sub(lambda found: hide(found[0]), _without_blocks(text.replace("\x00", ""), hide))
    return shown(change(hidden), kept)


def shown(text: str, kept: list[str]) -> str:
    """Put the pieces of code back where their marks stand; a block is moved in as far as its mark is."""

    def piece(found: re.Match[str]) -> str:
        whole = kept[int(found[1])]
        start = text.rfind("\n", 0, found.start()) + 1
        before = text[start : found.start()]
        inner = HIDDEN.sub(lambda found: kept[int(found[1])], whole)
        return inner if before.strip() or "\n" not in inner else inner.replace("\n", f"\n{before}")

    return HIDDEN.sub(piece, text)


def _without_blocks(text: str, hide: Callable[[str], str]) -> str:
    lines: list[str] = []
    block: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if fence:
            block.append(line)
            if mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
                lines.append(_hidden(block, hide))
                block, fence = [], ""
        elif mark:
            fence, block = mark[1], [line]
        else:
            lines.append(line)
    if block:  # one that nobody closed goes on to the end
        lines.append(_hidden(block, hide))
    return "\n".join(lines)


def _hidden(block: list[str], hide: Callable[[str], str]) -> str:
    """Hide a block of code behind a mark that stands as far in as the block does."""
    margin = block[0][: len(block[0]) - len(block[0].lstrip(" \t"))]
    dedented = [line.removeprefix(margin) if line.startswith(margin) else line.lstrip(" \t") for line in block]
    return margin + hide("\n".join(dedented))


def box(kind: str, title: str, body: str, margin: str = "") -> str:
    """Write a box as it is written here.

    Args:
        kind: what the other tool calls it.
        title: its title; empty for the usual one of its kind.
        body: its Markdown.
        margin: what stands before each of its lines.
    """
    named = ADMONITION_KINDS.get(kind.lower(), "note")
    said = title.replace('"', "”").strip()
    head = f'{margin}!!! {named} "{said}"' if said else f"{margin}!!! {named}"
    inner = "\n".join(f"{margin}    {line.removeprefix(margin)}" if line.strip() else "" for line in body.split("\n"))
    return f"{head}\n\n{inner.strip(chr(10))}\n"


def line_of(text: str, at: int) -> int:
    """Give the line of a place in a text, the first being 1."""
    return text.count("\n", 0, at) + 1
