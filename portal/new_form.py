"""A new form, from a few answers: what it is for, how long it keeps what people say, which questions it begins with."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forms.definition import read_form
from forms.nearest import nearest
from portal.errors import ContentProblems, PortalProblem, SettingsProblems

QUESTIONS = tuple(sorted(path.stem for path in (Path(__file__).parent / "templates/new/questions").glob("*.yaml")))
"""The questions that a form can begin with: one template each."""

Ask = Callable[[str, str], str]
"""Asks an editor something: a key of `SAYINGS`, and the answer where they only press Enter."""


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


def plan_by_asking(given: Plan, ask: Ask) -> Plan:
    """Ask an editor for what is not given.

    Args:
        given: what is known already; what is as in `Plan()` is asked for.
        ask: asks.
    """
    unknown = Plan()

    def wanted(key: str, value: str) -> str:
        return ask(f"ask_{key}", value).strip() if value == getattr(unknown, key) else value

    plan = dataclasses.replace(given, title=wanted("title", given.title), kind=wanted("kind", given.kind))
    plan = dataclasses.replace(plan, keep=wanted("keep", plan.keep), closes=wanted("closes", plan.closes))
    if plan.kind == "signup":
        plan = dataclasses.replace(plan, places=wanted("places", plan.places))
    if plan.questions == unknown.questions:
        said = ask("ask_questions", ", ".join(unknown.questions))
        plan = dataclasses.replace(plan, questions=tuple(filter(None, map(str.strip, said.split(",")))))
    return plan


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


def check_text(text: str, file: Path) -> None:
    """Make sure that a form may be written.

    Args:
        text: its YAML.
        file: where it is to be written.

    Raises:
        ContentProblems: it would have problems.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        path.write_text(text, encoding="utf-8")
        _, problems = read_form(path, ())
    if problems:
        raise ContentProblems(*(dataclasses.replace(problem, path=file.as_posix()) for problem in problems))
