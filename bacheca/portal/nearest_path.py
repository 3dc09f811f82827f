"""The file or the page that was meant: of thousands of names the nearest, without comparing each of them."""

from __future__ import annotations

import difflib
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable

from bacheca.forms.definition.checks.nearest import plain

MOST = 24
"""How many names are compared letter by letter: those that share the most runs of three letters."""

LONGEST = 200
"""The most characters of a name that are compared."""

COMMON = 400
"""How many names may have a run of three letters before it tells nothing of any."""

ALIKE = 0.5
"""How much a name must resemble what was written to be offered, from 0 to 1."""

LAST = 0.6
"""How much the last part of a path must: folders that are the same tell nothing of the file that was meant."""


class Names:
    """Names, or paths, among which the nearest to what somebody wrote is found.

    Args:
        names: the names.
    """

    def __init__(self, names: Iterable[str]):
        self._names = sorted(names)
        self._by_base: dict[str, list[str]] = defaultdict(list)
        self._by_run: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            self._by_base[_base(name)].append(name)
            for run in _runs(name):
                self._by_run[run].append(name)

    def nearest(self, written: str, cutoff: float = ALIKE) -> str:
        """Give the name that was meant; empty where none is near.

        Args:
            written: what was written.
            cutoff: how much a name must resemble it, from 0 to 1; one of the same file name always does.
        """
        written = written[:LONGEST]
        same = self._by_base.get(_base(written), []) if _base(written) not in ("", "index") else []
        if same:
            return max(same, key=lambda name: (_likeness(written, name), -len(name)))
        shared: Counter[str] = Counter()
        runs = sorted(_runs(written), key=lambda run: len(self._by_run.get(run, ())))
        for run in runs:
            found = self._by_run.get(run, ())
            if shared and len(found) > COMMON:
                break
            shared.update(found)
        near = [(_likeness(written, name), name) for name, _ in shared.most_common(MOST)] or [
            (_likeness(written, name), name) for name in self._names[:MOST]
        ]
        best = max(near, default=(0.0, ""), key=lambda pair: pair[0])
        if cutoff and "/" in written and _likeness_of_last(written, best[1]) < LAST:
            return ""
        return best[1] if best[0] >= cutoff else ""


def _base(name: str) -> str:
    """Give what tells a file: its name, or the last part of an address, plainly written and without its ending."""
    return posixpath.splitext(posixpath.basename(plain(name).rstrip("/")))[0]


def _runs(name: str) -> set[str]:
    text = f"^{plain(name[:LONGEST])}"
    return {text[i : i + 3] for i in range(max(len(text) - 2, 1))}


def _likeness(written: str, name: str) -> float:
    """Tell how much a name resembles what was written, whole and in its last part, which people get right."""
    one, other = plain(written), plain(name[:LONGEST])
    return 0.7 * difflib.SequenceMatcher(None, one, other).ratio() + 0.3 * _likeness_of_last(one, other)


def _likeness_of_last(written: str, name: str) -> float:
    return difflib.SequenceMatcher(None, _base(written), _base(name[:LONGEST])).ratio()
