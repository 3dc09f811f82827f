"""What the front matter of a job profile must say under `occupation`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bacheca.forms.catalogues import marked as _
from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import Page
from bacheca.portal.messages import as_written
from bacheca.portal.nearest_path import Names

ABOUT = ("pay", "training", "sectors", "skills", "similar")
"""What the facts of a summary may be about."""

ESCO = re.compile(r"http://data\.europa\.eu/esco/occupation/[0-9a-f-]{36}")

KEYS: dict[str, tuple[Callable[[str], bool], str]] = {
    "name": (bool, _("name: Librarian")),
    "isco": (lambda value: bool(re.fullmatch(r"\d{4}", value)), "isco: 2432"),
    "esco": (
        lambda value: bool(ESCO.fullmatch(value)),
        "esco: http://data.europa.eu/esco/occupation/137b1d11-c4bc-4016-89ba-45345d4c71f0",
    ),
    "label": (bool, _("label: librarian")),
}
"""The keys that it needs: what makes a value good, and an example of one."""

FACTS = _("facts: [{about: pay, text: from 31 to 46 thousand euros, section: pay, source: a journal, date: 2026-01}]")
AMOUNT = "amount: {from: 31000, to: 46500, currency: EUR}"


def check_occupation(page: Page) -> Iterator[Problem]:
    """Give what is wrong with the summary of a job profile."""
    given = page.meta.get("occupation")
    if given is None:
        return
    if not isinstance(given, Mapping):
        yield page.problem("KEY_INVALID", "occupation", key="occupation", value=given, example="{name: …, facts: […]}")
        return
    for key, (is_good, example) in KEYS.items():
        value = str(given.get(key) or "")
        if not is_good(value):
            code = "KEY_INVALID" if value else "KEY_MISSING"
            yield page.problem(
                code, "occupation", key=f"occupation.{key}", value=value, example=as_written(example, page.language)
            )
    facts = given.get("facts")
    if not isinstance(facts, list) or not facts:
        yield page.problem(
            "KEY_MISSING", "occupation", key="occupation.facts", example=as_written(FACTS, page.language)
        )
        return
    for fact in facts:
        yield from _check_fact(page, fact)


def _check_fact(page: Page, fact: Any) -> Iterator[Problem]:
    if not isinstance(fact, Mapping) or fact.get("about") not in ABOUT or not isinstance(fact.get("text"), str):
        example = as_written(FACTS, page.language)
        yield page.problem("KEY_INVALID", "occupation", key="occupation.facts", value=fact, example=example)
        return
    amount = fact.get("amount")
    if amount is not None and not (isinstance(amount, Mapping) and {"from", "to", "currency"} <= amount.keys()):
        yield page.problem("KEY_INVALID", "occupation", key="occupation.facts.amount", value=amount, example=AMOUNT)
    section = fact.get("section")
    names = page.rendered.names
    if section and section not in names and not page.rendered.refused:
        near = Names(names).nearest(str(section), 0.0)
        yield page.problem("ANCHOR_DEAD", "occupation", target=f"#{section}", near=f"#{near}")
