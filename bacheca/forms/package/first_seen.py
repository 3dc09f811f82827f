"""The order in which the versions of a form brought their codes: what a code's number is made of, for good.

A program that keeps numbers for codes (SPSS) must give a code the same number in every export, wherever an editor
puts the next option. The versions are all in the store, so the order is the same after it was restored.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bacheca.forms.asking.conditions import NOT_ASKED, NOT_SHOWN
from bacheca.forms.definition.form import Form

LANGUAGE = "bacheca:language"
"""The property of a package's descriptor that says in which language its form is written."""

FIRST_SEEN = "bacheca:firstSeen"
"""The property of a package's descriptor that holds it."""


def first_seen(versions: Iterable[Form]) -> dict[str, Any]:
    """Give the codes of each column and those for no answer, the first that was there first.

    Args:
        versions: every version of a form, the first registered first.
    """
    categories: dict[str, dict[str, None]] = {}
    missing = dict.fromkeys((NOT_SHOWN, NOT_ASKED))
    for form in versions:
        for column in form.columns:
            if column.categories:
                categories.setdefault(column.name, {}).update(dict.fromkeys(column.categories))
            missing.update(dict.fromkeys(code for code in column.missing if code))
    return {"categories": {name: list(listed) for name, listed in categories.items()}, "missingValues": list(missing)}
