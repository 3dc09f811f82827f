"""Words that differ by one slip of the fingers."""

from __future__ import annotations


def one_edit(one: str, other: str) -> bool:
    """Tell whether a letter left out, added or changed, or two in the wrong order, make one word of another."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) != len(b):
        return (a[1:] == b) if len(a) > len(b) else (a == b[1:])
    return a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
