"""What pages may name between double braces: the community's settings, and what the form files promise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from forms import Form
from forms.people import keep_of
from forms.promises import render_promises
from portal.settings import Language

FILLING = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def fillings_of(language: Language, names: Iterable[str], forms: Mapping[str, Form]) -> dict[str, str]:
    """Give what may stand in a page of a language, and the text that takes its place.

    Args:
        language: the language.
        names: the names of the form files.
        forms: the forms that can be used; of one that cannot, nothing is known and nothing is said.

    Returns:
        `community.KEY` for each setting of the community, `form.NAME.keep` for each form that says how long
        its answers are kept, and `forms.promises` for what every form asks, keeps and publishes.
    """
    known = {f"community.{key}": value for key, value in language.community.items()}
    known["forms.promises"] = render_promises((forms[name] for name in names if name in forms), language.code)
    for name in names:
        keep = keep_of(forms[name]) if name in forms else None
        if keep or name not in forms:
            known[f"form.{name}.keep"] = keep.words(language.code) if keep else ""
    return known


def filled(value: Any, known: Mapping[str, str]) -> Any:
    """Fill settings and promises into every text of a value.

    Args:
        value: a text, or lists and mappings of texts; anything else stays as it is.
        known: what takes the place of what, as `fillings_of` gives it.
    """
    if isinstance(value, str):
        return FILLING.sub(lambda found: known.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {key: filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, known) for item in value]
    return value
