"""Synthetic respondents: answers that lead along every branch of a form, made up by the form's own rules.

A *branch* is what a question can come to: one of its codes, any answer where it has no codes, no answer,
or not being shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from bacheca.forms.asking.conditions import NOT_SHOWN, Condition
from bacheca.forms.asking.shuffle import SEED
from bacheca.forms.definition.form import Form
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.choice import OTHER
from bacheca.forms.patterns.sample import text_of
from bacheca.forms.submission.read import NOTHING, read_submission

ANSWERED, LEFT_OUT = "*", ""
"""What a question without codes comes to: some answer, or none."""

TRIES = 300
"""How many people are made up before a branch is given up: a hundred for each of the hardest three choices in a row."""

WORDS = ("ascolto", "comunità", "regole", "accoglienza", "dialogo", "tempo", "cura", "fiducia", "perché", "città")
"""Words that answers are made of, accents among them."""

COMMON, DAYS = date(1960, 1, 1).toordinal(), 20_000
"""From which day on the days are that nothing limits, and over how many days."""

Cells = Mapping[str, str]


@dataclass(frozen=True, order=True)
class Branch:
    """A question and what it comes to."""

    field: str
    code: str

    def __str__(self) -> str:
        return f"{self.field} = {self.code or '—'}"


@dataclass(frozen=True)
class Person:
    """Somebody who answers.

    Args:
        posted: what they send, by the name of the control.
        cells: what is to be kept of it.
        branches: the branches they walk along.
    """

    posted: Mapping[str, list[str]]
    cells: Cells
    branches: frozenset[Branch]


def branches_of(form: Form) -> tuple[Branch, ...]:
    """Give every branch that a form is written to have."""
    return tuple(Branch(field.name, code) for field in form.fields for code in _outcomes(field))


def branches_walked(form: Form, cells: Cells) -> frozenset[Branch]:
    """Give the branches that kept answers went along."""
    return frozenset(branch for field in form.fields for branch in _walked(field, cells))


def people_of(form: Form, count: int, chance: Random) -> Iterator[Person]:
    """Make up people whose answers the form takes: one for each branch that nobody before went along, then anybody.

    Each answers something: a form without any answer is not taken.

    Args:
        form: the form.
        count: how many, or fewer where nobody can answer it; the branches left are walked by nobody.
        chance: where chance comes from.
    """
    left = dict.fromkeys(branches_of(form))
    hopeless: set[Branch] = set()
    for number in range(count):
        person = None
        for branch in [branch for branch in left if branch not in hopeless]:
            person = person_towards(form, branch, number, chance)
            if person is not None:
                break
            hopeless.add(branch)
        person = person or _anybody(form, number, chance)
        if person is None:
            return
        for branch in person.branches:
            left.pop(branch, None)
        yield person


def is_reachable(form: Form, branch: Branch, chance: Random) -> bool:
    """Tell whether a branch is of use: somebody could go along it, if only who leaves every question blank."""
    return person_towards(form, branch, 0, chance, problems=frozenset((NOTHING,))) is not None


def person_towards(
    form: Form, branch: Branch, number: int, chance: Random, *, problems: frozenset[str] = frozenset()
) -> Person | None:
    """Make up somebody who goes along a branch; None where nobody could.

    Args:
        form: the form.
        branch: the branch.
        number: which of them it is, for answers that nobody else gives.
        chance: where chance comes from.
        problems: the codes of problems that their answers may have.
    """
    for _ in range(TRIES):
        person = _person(form, branch, number, chance, problems)
        if branch in person.branches:
            return person
    return None


def _anybody(form: Form, number: int, chance: Random) -> Person | None:
    """Make up somebody; None where nobody could answer the form."""
    return next((person for _ in range(TRIES) if (person := _person(form, None, number, chance)).branches), None)


def _outcomes(field: Field) -> tuple[str, ...]:
    codes = field.comparable
    listed = tuple(sorted(codes)) if codes is not None else (ANSWERED,)
    blank = (LEFT_OUT,) if not field.required else ()
    return (*listed, *blank, *((NOT_SHOWN,) if field.condition else ()))


def _walked(field: Field, cells: Cells) -> Iterator[Branch]:
    if not field.was_shown(cells):
        yield Branch(field.name, NOT_SHOWN)
        return
    given = field.given(cells)
    if not given:
        yield Branch(field.name, LEFT_OUT)
    elif field.comparable is None:
        yield Branch(field.name, ANSWERED)
    else:
        yield from (Branch(field.name, code) for code in given)


def _person(
    form: Form, branch: Branch | None, number: int, chance: Random, problems: frozenset[str] = frozenset()
) -> Person:
    """Make up somebody, who leans towards a branch."""
    wanted = _leanings(form, branch, chance) if branch else {}
    posted: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    for field in form.fields:
        if form.shows(field, kept):
            made = _answer(field, wanted.get(field.name), number, chance)
            posted |= made
            kept |= field.read(made, next(iter(form.words))).cells
        else:
            kept |= field.unshown().cells
    response, _ = read_submission(form, posted, next(iter(form.words)))
    found = {one.code for language in form.languages for one in read_submission(form, posted, language)[1]}
    is_taken = found <= problems
    walked = branches_walked(form, response.cells) if is_taken else frozenset()
    return Person(posted, response.cells, walked)


def _leanings(form: Form, branch: Branch, chance: Random) -> dict[str, str]:
    """Say what earlier questions must come to for a branch, up to the first of them."""
    leanings: dict[str, str] = {}
    field, code = form.field(branch.field), branch.code
    while True:
        if code != NOT_SHOWN:
            leanings[field.name] = code
        condition = field.condition
        if condition is None:
            return leanings
        field, code = form.field(condition.field), _towards(form, condition, code != NOT_SHOWN, chance)


def _towards(form: Form, condition: Condition, shown: bool, chance: Random) -> str:
    """Choose what a question comes to, for another one to be shown, or not to be."""
    outcomes = _outcomes(form.field(condition.field))
    missing = form.field(condition.field).missing
    fitting = [
        code
        for code in outcomes
        if condition.holds([code] if code not in (LEFT_OUT, NOT_SHOWN) else (), missing) == shown
    ]
    return chance.choice(fitting or list(outcomes))


def _answer(field: Field, wanted: str | None, number: int, chance: Random) -> dict[str, list[str]]:
    """Make up what somebody posts for a question that is shown: what a question that is not comes to is none of it."""
    if wanted is None or wanted == NOT_SHOWN:
        optional = not field.required and chance.random() < 0.2
        wanted = LEFT_OUT if optional else chance.choice([code for code in _outcomes(field) if code != NOT_SHOWN])
    if wanted == LEFT_OUT:
        return {}
    return field.posted(ANSWERS[field.kind](field, wanted, number, chance))


def _text(field: Field, wanted: str, number: int, chance: Random) -> dict[str, str]:
    limits = field.table_schema()["constraints"]
    if pattern := limits.get("pattern"):
        return {field.name: text_of(pattern, chance)}
    least, most = limits.get("minLength", 0), limits["maxLength"]
    text = " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))
    while len(text) < least:
        text += f" {chance.choice(WORDS)}"
    return {field.name: text[:most].strip()}


def _number(field: Field, wanted: str, number: int, chance: Random) -> dict[str, str]:
    limits = field.constraints
    low = Decimal(str(limits.get("minimum", min(0, limits.get("maximum", 0)))))
    high = Decimal(str(limits.get("maximum", low + 100)))
    some = Decimal(str(round(chance.uniform(float(low), float(high)), 0 if field.kind == "integer" else 1)))
    value = chance.choice((low, high, min(max(some, low), high)))
    return {field.name: f"{value.normalize() + 0:f}"}  # zero has no sign


def _day(field: Field, wanted: str, number: int, chance: Random) -> dict[str, str]:
    limits = field.constraints
    size = {"date": 10, "month": 7, "year": 4}[field.kind]
    end = date.fromisoformat(f"{limits['maximum']:>04}-12-28"[:10]) if "maximum" in limits else None
    start = date.fromisoformat(f"{limits['minimum']:>04}-01-01"[:10]) if "minimum" in limits else None
    first = start.toordinal() if start else max(1, min(COMMON, end.toordinal() - DAYS if end else COMMON))
    last = end.toordinal() if end else min(date.max.toordinal(), first + DAYS)
    return {field.name: date.fromordinal(chance.randint(first, max(first, last))).isoformat()[:size]}


def _one(field: Field, wanted: str, number: int, chance: Random) -> dict[str, str]:
    cells = {field.name: wanted}
    names = [column.name for column in field.columns]
    if wanted == OTHER and f"{field.name}__other" in names:
        cells[f"{field.name}__other"] = chance.choice(WORDS)
    return cells | _seed(field, chance)


def _several(field: Any, wanted: str, number: int, chance: Random) -> dict[str, str]:
    if wanted in field.alone:
        chosen = {wanted}
    else:
        others = [code for code in field.movable if code != wanted]
        most = min(field.most, len(others) + 1)
        chosen = {wanted, *chance.sample(others, max(0, chance.randint(min(field.least, most), most) - 1))}
    cells = {field.column_name(code): str(int(code in chosen)) for code in field.categories}
    if wanted in field.missing:
        cells = dict.fromkeys(cells, wanted)
    return cells | _seed(field, chance)


def _ranked(field: Any, wanted: str, number: int, chance: Random) -> dict[str, str]:
    ranked = chance.sample(field.categories, chance.randint(field.least, field.most))
    cells = {field.column_name(code): str(rank) for rank, code in enumerate(ranked, 1)}
    return cells | _seed(field, chance)


def _seed(field: Any, chance: Random) -> dict[str, str]:
    return {field.seed_name: str(chance.randint(0, SEED))} if field.shuffles else {}


def _fixed(text: str) -> Callable[[Field, str, int, Random], dict[str, str]]:
    return lambda field, wanted, number, chance: {field.name: text.format(number=number, digits=f"{number:07}")}


def _code(field: Field, wanted: str, number: int, chance: Random) -> dict[str, str]:
    return {field.name: wanted}


ANSWERS: Mapping[str, Callable[[Any, str, int, Random], dict[str, str]]] = {
    "text": _text,
    "long text": _text,
    "email": _fixed("persona-{number}@example.org"),
    "phone": _fixed("+39333{digits}"),
    "web address": _fixed("https://example.org/{number}"),
    "integer": _number,
    "number": _number,
    "scale": _code,
    "date": _day,
    "month": _day,
    "year": _day,
    "single choice": _one,
    "multiple choice": _several,
    "ranking": _ranked,
    "yes or no": _code,
    "consent": _code,
    "hidden source": _fixed("prova-{number}"),
}
"""What somebody answers to each kind of question, as cells: the field, what it is to come to, the person's number."""
