"""What pages may name between double braces: the community's settings and facts, and what the form files promise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from babel.dates import format_date

from bacheca.forms import Form
from bacheca.forms.definition.privacy import DAYS_TO_CONFIRM, Period
from bacheca.forms.html.privacy_summary import render_promises
from bacheca.forms.locales import locale_of
from bacheca.portal.settings import Language

FILLING = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def fillings_of(language: Language, names: Iterable[str], forms: Mapping[str, Form]) -> dict[str, str]:
    """Give what may stand in a page of a language, and the text that takes its place.

    Args:
        language: the language.
        names: the names of the form files.
        forms: the forms that can be used; of one that cannot, nothing is known and nothing is said.

    Returns:
        `community.KEY` for each setting of the community, `fact.KEY` for each fact that several pages tell,
        `forms.days_to_confirm`, `forms.promises` for what every form asks, keeps and publishes, and of each form
        what holds of it: `form.NAME.keep`, `form.NAME.opens`, `form.NAME.closes` and
        `form.NAME.threshold`.
    """
    known = {f"community.{key}": value for key, value in language.community.items()}
    known |= {f"fact.{key}": value for key, value in language.facts.items()}
    known["forms.promises"] = render_promises((forms[name] for name in names if name in forms), language.code)
    known["forms.days_to_confirm"] = Period(DAYS_TO_CONFIRM, "day").words(language.code)
    for name in names:
        said = _said_of(forms[name], language) if name in forms else dict.fromkeys(SAID, "")
        known |= {f"form.{name}.{key}": value for key, value in said.items()}
    return known


OPEN_ENDED = "…"
"""What stands for the last day of a form that its file closes, and that was opened for good since."""

SAID = ("keep", "opens", "closes", "threshold")
"""What a page may say of a form."""


def _said_of(form: Form, language: Language) -> dict[str, str]:
    said = {"threshold": str(form.threshold)}
    if keep := form.keep:
        said["keep"] = keep.words(language.code)
    for key, day in (("opens", form.opens), ("closes", form.closes)):
        if day:
            said[key] = format_date(day, format="long", locale=locale_of(language.locale))
        elif key == "closes" and form.closes_in_file:
            said[key] = OPEN_ENDED
    return said


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
