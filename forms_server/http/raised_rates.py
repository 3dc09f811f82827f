"""Limits of posts that an operator raised for a while: a class that answers from one network, an evening in a hall.

They stand in a file of the data folder, so that every process and every later start knows them.
"""

from __future__ import annotations

import json
from pathlib import Path

from bacheca.forms.atomic_file import overwrite

FILE = "raised-rates.json"


class RaisedRates:
    """What was raised, by form.

    Args:
        folder: the data folder.
    """

    def __init__(self, folder: Path):
        self._path = folder / FILE

    def count(self, form: str, moment: int) -> int:
        """Give how many posts a prefix may make to a form in each window now; 0 where nothing was raised."""
        count, until = self._all().get(form, (0, 0))
        return count if moment < until else 0

    def put(self, form: str, count: int, until: int, moment: int) -> None:
        """Raise the limit of a form until a moment, in seconds since 1970; what is over is forgotten.

        Raises:
            OSError: it cannot be written.
        """
        still = {name: (count, until) for name, (count, until) in self._all().items() if moment < until}
        overwrite(self._path, json.dumps(still | {form: (count, until)}))

    def _all(self) -> dict[str, tuple[int, int]]:
        try:
            return {
                str(form): (int(count), int(until))
                for form, (count, until) in json.loads(self._path.read_text()).items()
            }
        except (OSError, ValueError, TypeError, AttributeError):  # not there, or broken by hand: nothing is raised
            return {}
