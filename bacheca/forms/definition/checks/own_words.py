"""What makes a form's own words usable: each is a text, short enough for its place, and says what can be filled in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from bacheca.forms.asking.wording import OF_A_FORM, text_at
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.checks.proposals import period_meant
from bacheca.forms.definition.checks.values import text, unknown_keys
from bacheca.forms.definition.own_words import (
    MOST_DAYS_BEFORE,
    MOST_OF_WORDS,
    OF_MAIL,
    OF_ONE_LINE,
    PLACEHOLDERS,
    placeholders_in,
)
from bacheca.forms.definition.privacy import SEALED, period_of
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import kind_of

OWN_KEYS = frozenset(("form:button", "form:afterwards", "form:mail", "form:remind"))
"""The properties of a form that are words of its own, and when it says them."""

GROUPS: Mapping[str, tuple[str, ...]] = {
    "form:afterwards": ("title", "text", "page"),
    "form:mail": ("subject", "text"),
}
"""Those that hold several texts."""

UNSEEN = frozenset(("Cc", "Zl", "Zp"))
"""The categories of Unicode that end a line or show nothing."""


def problems_of_own_words(source: Source) -> Iterator[Problem]:
    """Find what is wrong with the words of its own in a form file or in a translation.

    Args:
        source: a file whose data is a mapping.
    """
    said = source.data
    if "form:button" in said:
        yield from text(source, said, "form:button")
    for key, allowed in GROUPS.items():
        if key not in said:
            continue
        group = said[key]
        if not isinstance(group, dict) or not group:
            yield source.problem("WORDS_SHAPE", key, key=key, near=allowed[0], allowed=", ".join(allowed))
            continue
        yield from unknown_keys(source, group, allowed, key)
        for inner in allowed:
            if inner in group:
                yield from text(source, group, inner, key)
    for name, place in OF_A_FORM.items():
        yield from _text(source, name, place, text_at(said, place))


def _text(source: Source, name: str, place: tuple[str, ...], said: str) -> Iterator[Problem]:
    key, most = place[-1], MOST_OF_WORDS[name]
    if len(said) > most:
        yield source.problem("WORDS_LONG", *place, key=key, count=len(said), most=most)
    elif name in OF_ONE_LINE and any(unicodedata.category(char) in UNSEEN for char in said.strip()):
        yield source.problem("WORDS_LINES", *place, key=key, near=" ".join(said.split()))
    if name in OF_MAIL:
        for written in placeholders_in(said[:most]):
            if written not in PLACEHOLDERS:
                near = nearest(written, PLACEHOLDERS) or PLACEHOLDERS[0]
                allowed = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
                yield source.problem(
                    "MAIL_PLACEHOLDER", *place, written=f"{{{written}}}", near=f"{{{near}}}", allowed=allowed
                )


def problems_of_mail(source: Source) -> Iterator[Problem]:
    """Find mail that a form asks for, and that could not be written to anybody.

    Args:
        source: a form file whose data is a mapping.
    """
    form = source.data
    if "form:remind" in form:
        period = period_of(form["form:remind"])
        if period is None or period.unit != "day" or period.count > MOST_DAYS_BEFORE:
            written = source.as_written("form:remind")
            yield source.problem(
                "REMIND_TIME", "form:remind", value=written, near=_days(written), most=MOST_DAYS_BEFORE
            )
    mails = [key for key in ("form:mail", "form:remind") if key in form]
    address = _address_of(form)
    if address is None:
        for key in mails:
            yield source.problem("MAIL_NOBODY", key, key=key)
    elif "form:remind" in form and form.get("form:seal") is True and address.get("form:privacy", "personal") in SEALED:
        yield source.problem("REMIND_SEALED", "form:remind")


def _days(written: str) -> str:
    """Give the period that was meant, in days, where a reminder could be sent so long before."""
    period = period_of(period_meant(written))
    fits = period and period.unit == "day" and period.count <= MOST_DAYS_BEFORE
    return f"{period.count} days" if period and fits and period.count > 1 else "1 day" if fits else "2 days"


def _address_of(form: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Give the entry of the field from which a sign-up is confirmed; None where nothing is."""
    entries = form.get("fields")
    if form.get("form:kind") != "signup" or not isinstance(entries, list):
        return None
    for entry in entries:
        kind = kind_of(entry) if isinstance(entry, Mapping) else None
        if kind and kind.is_mail_address:
            return dict(entry)
    return None
