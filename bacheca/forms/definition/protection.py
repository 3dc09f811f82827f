"""How strictly published counts are protected: the threshold, 10 where a question is sensitive, or rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bacheca.forms.kinds import kind_of
from bacheca.forms.kinds.counted import Counted

THRESHOLD = 5
THRESHOLD_IF_SENSITIVE = 10
"""The least count that is shown of a form, and of one that asks something sensitive."""

DISCLOSURES = ("suppression", "rounding")
"""What is done to counts: small ones are hidden, or all are rounded."""


def least_threshold(privacies: Iterable[str]) -> int:
    """Give the least threshold that a form may have whose questions are of these privacies."""
    return THRESHOLD_IF_SENSITIVE if "sensitive" in privacies else THRESHOLD


def disclosure_of(form: Mapping[str, Any]) -> str:
    """Give what is done to the counts of a form, of which only its file is known.

    Those of a poll are rounded, unless it says otherwise or asks for what rounded counts do not give: crossings, and
    the order of what was ranked.
    """
    if "form:disclosure" in form:
        return str(form["form:disclosure"])
    kinds = [kind_of(entry) for entry in form.get("fields") or () if isinstance(entry, dict)]
    ranked = any(kind is not None and kind.counted is Counted.RANKS for kind in kinds)
    return (
        "rounding" if form.get("form:kind") == "poll" and not form.get("form:cross") and not ranked else "suppression"
    )
