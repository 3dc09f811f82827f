"""A new form, from a few answers: what it is for, how long it keeps what people say, which questions it begins with."""

from __future__ import annotations

import dataclasses
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bacheca.forms import USUAL, Community
from bacheca.forms.definition.checks.nearest import nearest, plain
from bacheca.forms.definition.checks.proposals import period_meant
from bacheca.forms.definition.checks.written_dates import date_meant
from bacheca.forms.definition.form import KINDS_OF_FORM
from bacheca.forms.definition.privacy import period_of
from bacheca.forms.form_files.loading import read_form
from bacheca.portal.errors import ContentProblems, PortalProblem, SettingsProblems

QUESTIONS = tuple(sorted(path.stem for path in (Path(__file__).parents[1] / "templates/new/questions").glob("*.yaml")))
"""The questions that a form can begin with: one template each."""

Ask = Callable[[str, str], str]
"""Asks an editor something: a key of `SAYINGS`, and the answer where they only press Enter."""

Again = Callable[[str], None]
"""Says what to write instead: a key of `SAYINGS`."""


@dataclass(frozen=True)
class Plan:
    """What a new form is to be.

    Args:
        title: its title; empty: made of its name.
        kind: `survey`, `signup` or `poll`.
        keep: how long answers are kept.
        closes: its last day, as 2027-06-30; empty for none.
        places: how many may sign up; empty for any number.
        questions: the questions it begins with, some of `QUESTIONS`.
    """

    title: str = ""
    kind: str = "survey"
    keep: str = "24 months"
    closes: str = ""
    places: str = ""
    questions: tuple[str, ...] = ("choice", "comment")


def plan_by_asking(given: Plan, ask: Ask, again: Again = lambda what: None) -> Plan:
    """Ask an editor for what is not given; what cannot be understood is asked once more, and the rest is kept.

    Args:
        given: what is known already; what is as in `Plan()` is asked for.
        ask: asks.
        again: says that an answer was not understood, before it is asked for once more.
    """
    unknown = Plan()

    def wanted(key: str, value: str) -> str:
        if value != getattr(unknown, key):
            return value
        while (understood := UNDERSTOOD[key](ask(f"ask_{key}", value).strip())) is None:
            again(f"again_{key}")
        return understood

    plan = dataclasses.replace(given, title=wanted("title", given.title), kind=wanted("kind", given.kind))
    plan = dataclasses.replace(plan, keep=wanted("keep", plan.keep), closes=wanted("closes", plan.closes))
    if plan.kind == "signup":
        plan = dataclasses.replace(plan, places=wanted("places", plan.places))
    if plan.questions == unknown.questions:
        while (listed := _questions(ask("ask_questions", ", ".join(unknown.questions)))) is None:
            again("again_questions")
        plan = dataclasses.replace(plan, questions=listed)
    return plan


def as_understood(plan: Plan) -> Plan:
    """Give a plan in the words of form files; what nobody understands stays, for the checks to tell of."""
    said = {key: understood(getattr(plan, key)) or getattr(plan, key) for key, understood in UNDERSTOOD.items()}
    return dataclasses.replace(plan, **said, questions=_questions(",".join(plan.questions)) or plan.questions)


def _kind(text: str) -> str | None:
    return nearest(text, KINDS_OF_FORM, 0.75) or None


def _keep(text: str) -> str | None:
    meant = period_meant(text)
    said = period_of(text) or meant != Plan().keep or re.search(r"24|month|mes", plain(text))
    period = period_of(meant) if said else None
    return None if period is None or period.too_long else meant


def _closes(text: str) -> str | None:
    day = date_meant(text)
    return (str(day) if day else None) if text else ""


def _places(text: str) -> str | None:
    found = re.search(r"[1-9]\d{0,5}", text)
    return (found[0] if found and not re.search(r"[-.,]", text) else None) if text else ""


def _questions(text: str) -> tuple[str, ...] | None:
    said = [part.strip() for part in text.split(",") if part.strip()]
    found = tuple(IN_ITALIAN.get(plain(part)) or nearest(part, QUESTIONS, 0.75) for part in said)
    return found if found and all(found) and len(set(found)) == len(found) else None


IN_ITALIAN = {"scelta": "choice", "commento": "comment", "testo": "text", "data": "date", "si": "yes", "si/no": "yes"}
"""What people call the questions who write in Italian."""

UNDERSTOOD: dict[str, Callable[[str], str | None]] = {
    "title": lambda text: text,
    "kind": _kind,
    "keep": _keep,
    "closes": _closes,
    "places": _places,
}
"""What makes of an answer what a form file has, in the words of whoever is asked; None where it says nothing of it."""


def check_questions(plan: Plan, file: Path) -> None:
    """Make sure that every question of a plan is one that a form can begin with.

    Raises:
        SettingsProblems: it names others.
    """
    allowed = ", ".join(QUESTIONS)
    wrong = [
        PortalProblem(
            "PLAN",
            file.as_posix(),
            1,
            values={"value": name, "near": nearest(name, QUESTIONS, 0.0), "allowed": allowed},
        )
        for name in plan.questions
        if name not in QUESTIONS
    ]
    if wrong:
        raise SettingsProblems(*wrong)


def check_text(text: str, file: Path, community: Community = USUAL) -> None:
    """Make sure that a form may be written.

    Args:
        text: its YAML.
        file: where it is to be written.
        community: whose form it will be.

    Raises:
        ContentProblems: it would have problems.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        path.write_text(text, encoding="utf-8")
        _, problems = read_form(path, (), community)
    if problems:
        raise ContentProblems(*(dataclasses.replace(problem, path=file.as_posix()) for problem in problems))
