"""A screen of the desk: its addresses, each with the right that it needs, and what it asks people to decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response

from bacheca.forms import Form
from forms_server.accounts.roles import Right

View = TypeVar("View", bound=Callable[..., Response])
"""What answers at an address: it is given the visit (`visit.py`) first, then what the address names."""

ONLY_HERE = ""
"""Stands for the command where only a browser does something: coming in, going out, looking at an answer."""


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a decision.

    Args:
        count: how many there are.
        sentence: what they are, in the reader's language.
        address: where they are decided about; empty where only a command does, which the sentence then names.
    """

    count: int
    sentence: str
    address: str


@dataclass(frozen=True)
class Part:
    """What a screen shows of one form; the pages about a form lead to each other by it.

    Args:
        called: what the link to it says, in English.
        address: where it is below `/desk`, with `{name}` in the place of the form's name.
        suits: tells whether a form has any such thing.
        served: whether there is none of a form whose file is gone.
    """

    called: str
    address: str
    suits: Callable[[Form], bool] = lambda form: True
    served: bool = False


@dataclass(frozen=True)
class Route:
    """An address of the desk.

    Args:
        method: `GET` or `POST`.
        rule: its address below `/desk`.
        right: what whoever asks must have.
        view: what answers.
        fresh: whether they must have proved who they are in the last minutes.
        command: the command of the terminal that does the same.
    """

    method: str
    rule: str
    right: Right
    view: Callable[..., Response]
    fresh: bool
    command: str


class Screen:
    """A screen; each module of `forms_server.desk.screens` has one, named `SCREEN`.

    Args:
        name: a short name, which is that of its module.
        right: what its addresses need where they do not say otherwise.
        called: what its entry in the rail says, in English; one without is not in the rail.
        icon: the name of its drawing in `icons.html`.
        home: its first address below `/desk`.
        waits: gives what of it waits for a decision, for a visit.
        part: what it shows of one form, if anything.
    """

    def __init__(
        self,
        name: str,
        right: Right,
        *,
        called: str = "",
        icon: str = "",
        home: str = "/",
        waits: Callable[[Any], Sequence[Waiting]] = lambda visit: (),
        part: Part | None = None,
    ):
        self.name, self.right, self.called, self.icon, self.home = name, _judged(right), called, icon, home
        self.waits, self.part = waits, part
        self.routes: list[Route] = []

    def get(self, rule: str, *, right: Right | None = None, fresh: bool = False) -> Callable[[View], View]:
        """Register a page, which changes nothing."""
        return self._register("GET", rule, right, fresh, ONLY_HERE)

    def post(
        self, rule: str, *, command: str, right: Right | None = None, fresh: bool = False
    ) -> Callable[[View], View]:
        """Register something that is done, and the `command` of the terminal that does it."""
        return self._register("POST", rule, right, fresh, command)

    def _register(
        self, method: str, rule: str, right: Right | None, fresh: bool, command: str
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            needed = self.right if right is None else _judged(right)
            self.routes.append(Route(method, rule, needed, view, fresh, command))
            return view

        return register


def _judged(right: object) -> Right:
    """Take nothing but a right: an address that anybody could ask would be one too many."""
    if not isinstance(right, Right):
        raise TypeError(f"{right!r} is not a right: every address of the desk needs one")
    return right
