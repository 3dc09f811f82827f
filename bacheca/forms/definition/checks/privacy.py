"""What a form file promises about people's data, checked: each promise can be kept, and is written as files want it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bacheca.forms.asking.conditions import conditional, deciding
from bacheca.forms.definition.checks.proposals import period_meant
from bacheca.forms.definition.checks.values import one_of, switch
from bacheca.forms.definition.privacy import LONGEST, NOTIFIED, SEALED, period_of, sealed_of
from bacheca.forms.definition.yaml_source import Source
from bacheca.forms.errors import Problem
from bacheca.forms.kinds import kind_of
from bacheca.forms.kinds.consent import Consent
from bacheca.forms.kinds.counted import Counted

PEOPLE_KEYS = frozenset(("form:keep", "form:notify", "form:seal"))
"""The properties of a form that are promises to people."""


def problems_of_people(source: Source) -> Iterator[Problem]:
    """Find what is wrong with what a form file promises.

    Args:
        source: a form file whose data is a mapping.
    """
    form = source.data
    period = period_of(form.get("form:keep"))
    if "form:keep" in form and period is None:
        written = source.as_written("form:keep")
        yield source.problem("FORM_KEEP", "form:keep", value=written, near=period_meant(written))
    elif period and period.too_long:
        yield source.problem("FORM_KEEP_LONG", "form:keep", value=form["form:keep"], most=LONGEST["year"])
    yield from one_of(source, form, "form:notify", NOTIFIED)
    yield from _seal(source)
    if form.get("form:kind") == "signup" and isinstance(form.get("fields"), list):
        yield from _address(source, form["fields"])


def _address(source: Source, fields: list[Any]) -> Iterator[Problem]:
    """Find a sign-up that some could send without the address it is confirmed from."""
    not_for_all = conditional(fields)
    for i, entry in enumerate(fields):
        kind = kind_of(entry) if isinstance(entry, Mapping) else None
        if kind is None or not kind.is_mail_address:
            continue
        constraints = entry.get("constraints")
        required = isinstance(constraints, Mapping) and constraints.get("required") is True
        if not required or i in not_for_all:
            yield source.problem("SIGNUP_ADDRESS", "fields", i, name=entry.get("name"))
        return


def _seal(source: Source) -> Iterator[Problem]:
    """Find a form that is to be sealed and holds nothing to seal, and questions of which its sealing is no use."""
    form = source.data
    if "form:seal" not in form:
        return
    yield from switch(source, form, "form:seal")
    entries = form["fields"] if isinstance(form.get("fields"), list) else []
    if form["form:seal"] is True and SEALED.isdisjoint(map(_privacy, entries)):
        yield source.problem("SEAL_NOTHING", "form:seal")
    sealed = sealed_entries(form)
    for i, entry in enumerate(entries if form["form:seal"] is True else []):
        kind = kind_of(entry) if isinstance(entry, Mapping) else None
        name = str(entry.get("name")) if kind else ""
        if kind and kind.leads_to_somebody and "form:privacy" not in entry and name not in sealed:
            yield source.problem("SEAL_OPEN", "fields", i, name=name)
        if kind is None or name not in sealed:
            continue
        if kind is Consent:
            yield source.problem("SEAL_CONSENT", "fields", i, name=name)
        if form.get("form:publish") != "results" or kind.counted is Counted.NOTHING:
            continue
        if after := sealed[name]:
            yield source.problem("SEAL_FOLLOWS", "fields", i, name=name, after=after)
        elif _privacy(entry) == "sensitive":
            yield source.problem("SEAL_UNCOUNTED", "fields", i, name=name)


def sealed_entries(form: Mapping[str, Any]) -> Mapping[str, str]:
    """Name the fields of a form file that are sealed, as `sealed_of` does; none where it is not sealed.

    Args:
        form: what the file says; its fields may be anything.
    """
    fields = form.get("fields")
    if form.get("form:seal") is not True or not isinstance(fields, list):
        return {}
    entries = [entry if isinstance(entry, Mapping) else {} for entry in fields]
    names = [str(entry.get("name")) for entry in entries]
    return sealed_of(zip(names, map(_privacy, entries), deciding(fields), strict=True))


def _privacy(entry: object) -> str:
    kind = kind_of(entry) if isinstance(entry, Mapping) else None
    return str(entry.get("form:privacy", kind.privacy_unless_said)) if isinstance(entry, Mapping) and kind else ""
