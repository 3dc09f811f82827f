"""Synthetic respondents: answers that lead along every branch of a form, made up by the form's own rules.

A *branch* is what a question can come to: one of its codes, any answer where it has no codes, no answer,
or not being shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.definition.form import Form
from bacheca.forms.definition.satisfying import UNSHOWN, Undecided, answers_for
from bacheca.forms.kinds import Field
from bacheca.forms.submission.read import NOTHING, read_submission

ANSWERED, LEFT_OUT = "*", ""
"""What a question without codes comes to: some answer, or none."""

TRIES = 300
"""How many people are made up before a branch is given up that limits or other questions may close."""

Cells = Mapping[str, str]
Leanings = Mapping[str, str | tuple[str, ...]]
"""By the name of a question, the code that its answer is to come to, or all of its answer as codes or texts."""


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
    """Tell whether anybody can go along a branch, if only by leaving every question blank."""
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
        leanings = _leanings(form, branch, chance)
        if leanings is None:
            return None
        person = _person(form, leanings, number, chance, problems)
        if branch in person.branches:
            return person
    return None


def _anybody(form: Form, number: int, chance: Random) -> Person | None:
    """Make up somebody; None where nobody could answer the form."""
    return next((person for _ in range(TRIES) if (person := _person(form, {}, number, chance)).branches), None)


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
    form: Form, leanings: Leanings, number: int, chance: Random, problems: frozenset[str] = frozenset()
) -> Person:
    """Make up somebody, who leans towards some answers."""
    posted: dict[str, list[str]] = {}
    kept: dict[str, str] = {}
    for field in form.fields:
        if form.shows(field, kept):
            made = _answer(field, leanings.get(field.name), number, chance)
            posted |= made
            kept |= field.read(made, next(iter(form.words))).cells
        else:
            kept |= field.unshown().cells
    response, _ = read_submission(form, posted, next(iter(form.words)))
    found = {one.code for language in form.languages for one in read_submission(form, posted, language)[1]}
    is_taken = found <= problems
    walked = branches_walked(form, response.cells) if is_taken else frozenset()
    return Person(posted, response.cells, walked)


def _leanings(form: Form, branch: Branch, chance: Random) -> Leanings | None:
    """Say what to answer to a question, and to those that decide whether it is shown; None where it never is."""
    field = form.field(branch.field)
    shown = branch.code != NOT_SHOWN
    leading: dict[str, tuple[str, ...]] = {}
    if field.condition is not None:
        try:
            found = answers_for(form.fields_by_name, field.condition, chance=chance)
        except Undecided:
            found = {shown: {}}  # then chance may lead there
        if shown not in found:
            return None
        leading = found[shown]
    return {**leading, field.name: branch.code} if shown else leading


def _answer(field: Field, wanted: str | tuple[str, ...] | None, number: int, chance: Random) -> dict[str, list[str]]:
    """Make up what somebody posts for a question that is shown; not to be shown is no way to answer it."""
    if isinstance(wanted, tuple) and wanted != UNSHOWN:
        return field.posted(field.made_like(wanted, number, chance)) if wanted else {}
    if not isinstance(wanted, str) or wanted == NOT_SHOWN:
        optional = not field.required and chance.random() < 0.2
        wanted = LEFT_OUT if optional else chance.choice([code for code in _outcomes(field) if code != NOT_SHOWN])
    if wanted == LEFT_OUT:
        return {}
    return field.posted(field.made_up(wanted, number, chance))
