"""What a form says in words of its own where others say what the portal always says, and in what it fills in there."""

from __future__ import annotations

import re
from collections.abc import Mapping

MOST_OF_WORDS: Mapping[str, int] = {
    "button": 60,
    "after_title": 120,
    "after_text": 4000,
    "after_page": 500,
    "mail_subject": 120,
    "mail_text": 4000,
}
"""The most characters of each text, by its name in `Wording`."""

OF_ONE_LINE = ("button", "after_title", "after_page", "mail_subject")
"""Those that are one line: a subject of several would be several headers."""

OF_MAIL = ("mail_subject", "mail_text")
"""Those in which something is filled in."""

OF_THE_EVENT = ("when", "where")
"""What is filled in of the event that people sign up for."""

PLACEHOLDERS = ("title", "community", "reference", "until", *OF_THE_EVENT)
"""What is filled in where it stands between curly brackets. What people answered is not among it: whoever types in
somebody else's address would have the portal write their words to them."""

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")

MOST_DAYS_BEFORE = 28
"""How many days before an event a reminder may go out: the outbox remembers for 30 that it did."""


def placeholders_in(text: str) -> list[str]:
    """Give what stands between curly brackets in a text."""
    return PLACEHOLDER.findall(text)


def filled_in(text: str, values: Mapping[str, object]) -> str:
    """Fill in a text; what nobody knows stays as it stands."""
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)
