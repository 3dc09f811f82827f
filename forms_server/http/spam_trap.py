"""Signs of a program among the answers: a field that people do not see, and a page sent sooner than a person could."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bacheca.forms.html.form_page import STAMP, TRAP
from forms_server.crypto.tokens import Secret

FOR_EVER = 10**9
"""Seconds in which no doubt ends."""

TRAPPED, FORGED, AT_ONCE = "trap", "forged", "at-once"
"""Why answers are kept apart, as the store keeps it: `DOUBTS` of `messages.py` says it in words."""

SOON = 2
"""The minimum human response time: seconds that nobody takes less than to read a page and press its button."""


class SpamTrap:
    """Doubts posts.

    Args:
        secret: signs the time at which a page was made, and any doubt.
        now: the time, with its zone.
    """

    def __init__(self, secret: Secret, now: Callable[[], datetime]):
        self._secret = secret
        self._now = now

    def stamp(self, form: str) -> str:
        """Sign the time for a page of a form that is made now."""
        return self._secret.stamp(form, self._seconds())

    def is_doubtful(self, form: str, posted: Mapping[str, Sequence[str]]) -> bool:
        """Tell whether a post looks like a program's: what people do not see is filled in, or the time is forged."""
        return bool(self._doubt(form, posted))

    def _doubt(self, form: str, posted: Mapping[str, Sequence[str]]) -> str:
        if any(posted.get(TRAP, ())):
            return TRAPPED
        stamps = [stamp for stamp in posted.get(STAMP, ()) if stamp]
        return FORGED if any(self._secret.stamped(form, stamp) is None for stamp in stamps) else ""

    def key_of_check(self, form: str, posted: Mapping[str, Sequence[str]]) -> str:
        """Make the key of the page on which a post is looked at once more; it remembers any doubt."""
        if not self.is_doubtful(form, posted):
            return self._secret.new_signed_key(form)
        made = [self._secret.stamped(form, stamp) for stamp in posted.get(STAMP, ()) if stamp]
        now = self._seconds()
        at_once = any(moment is None or now - moment < SOON for moment in made)
        return self._secret.new_signed_key(form, now + FOR_EVER if at_once else now)

    def quarantines(self, form: str, key: str, posted: Mapping[str, Sequence[str]]) -> str:
        """Tell why answers are kept apart until somebody has looked at them; empty where they are not.

        They are when a post was doubted and then sent again from the check page sooner than a person could, or with
        the trap filled in, which that page does not have.
        """
        doubted_at = self._secret.doubted_at(form, key)
        at_once = doubted_at is not None and self._seconds() - doubted_at < SOON
        return self._doubt(form, posted) or (AT_ONCE if at_once else "")

    def _seconds(self) -> int:
        return int(self._now().timestamp())
