"""Names that a form and its fields can have, made of those that others gave them, in any script."""

from __future__ import annotations

import re
from collections.abc import Iterable

from slugify import slugify

FIELD = re.compile(r"[a-z](_?[a-z0-9])*_?")
FORM = re.compile(r"[a-z][a-z0-9-]{0,63}")


def names_of(names: Iterable[str]) -> dict[str, str]:
    """Make names that fields can have: small letters, digits and single underscores, no two alike.

    A name that can stay as it is does; one that would become like another gets a number.

    Args:
        names: the names that others gave, in their order.

    Returns:
        What each of them becomes.
    """
    given = list(dict.fromkeys(names))
    made = {name: name for name in given if FIELD.fullmatch(name)}
    taken = set(made)
    for name in given:
        if name not in made:
            first, number = _plain(name, "_"), 1
            while (free := first if number == 1 else f"{first.rstrip('_')}_{number}") in taken:
                number += 1
            made[name] = free
            taken.add(free)
    return made


def form_name_of(name: str) -> str:
    """Make a name that a form can have: small letters, digits and hyphens."""
    return name if FORM.fullmatch(name) else _plain(name, "-")[:64].strip("-")


def _plain(name: str, separator: str) -> str:
    """Write a name in the letters that a name can have; one that would have none, or begin with a digit, after a q."""
    made = slugify(name, separator=separator)
    return made if re.match("[a-z]", made) else f"q{separator}{made}".rstrip(separator)
