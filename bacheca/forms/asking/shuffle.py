"""An order of options that a seed fixes: `assets/form.js` computes the same one."""

from __future__ import annotations

import re
from collections.abc import Sequence

SEED = 2**32 - 1
"""The greatest seed."""

WRITTEN = re.compile(r"0|[1-9][0-9]{0,9}")


def shuffled(codes: Sequence[str], seed: int) -> tuple[str, ...]:
    """Put codes in the order that a seed fixes, which for seeds drawn at random favours none of them."""
    return tuple(sorted(codes, key=lambda code: (_place(f"{seed}:{code}"), code)))


def seed_of(posted: Sequence[str]) -> str:
    """Read the seed that was posted; anything else means options as they are written."""
    seed = posted[0] if posted else ""
    return seed if WRITTEN.fullmatch(seed) and int(seed) <= SEED else ""


def _place(text: str) -> int:
    """Hash a text of ASCII: FNV-1a, then the last mixing of MurmurHash3 (both public domain)."""
    place = 0x811C9DC5
    for byte in text.encode("ascii"):
        place = (place ^ byte) * 0x01000193 & SEED
    place = (place ^ place >> 16) * 0x85EBCA6B & SEED
    place = (place ^ place >> 13) * 0xC2B2AE35 & SEED
    return place ^ place >> 16
