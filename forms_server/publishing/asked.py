"""What somebody asked of the answers to a form: which of them, in which columns, from where on.

All of it stands in the address, so that a page can be kept, sent to a colleague and gone back to; where personal
answers were opened it comes in a post instead, and stands nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import parse_qs, urlencode

from forms_server.publishing.answers import Answers
from forms_server.store.browse import Place, Wanted
from forms_server.store.lifecycle import LIVE, State

USUAL_COLUMNS = 5
"""How many questions are shown where nobody has chosen any."""

LONGEST_TEXT = 200
OPENED = "opened"
"""What says that personal answers were open where it was asked."""

CHOICE = "is-"
"""What the name of a choice begins with: no question is called so."""


@dataclass(frozen=True)
class Asked:
    """What was asked.

    Args:
        columns: the questions shown.
        chosen: whether somebody chose them.
        state: the state of the responses.
        first: the first day on which they came, if any was said.
        last: the last such day, if any was said.
        text: what they contain.
        choices: the code that was chosen, by question.
        past: where the page before ended, or the one after began.
        seen: how many were looked at before this page; going back, before the one after it.
    """

    columns: tuple[str, ...]
    chosen: bool = False
    state: State = State.KEPT
    first: date | None = None
    last: date | None = None
    text: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    past: Place | None = None
    seen: int = 0

    @property
    def narrows(self) -> bool:
        """Whether only some are asked for."""
        return bool(self.first or self.last or self.text or self.choices or self.state is not State.KEPT)

    @property
    def goes_back(self) -> bool:
        """Whether the page before another one is asked for."""
        return self.past is not None and self.past.back

    def wanted(self, answers: Answers, *, opened: bool) -> Wanted:
        """Give what to look for."""
        cells: dict[str, str] = {}
        for name, code in self.choices.items():
            cells |= answers.fields[name].cells_of(code)
        return Wanted(self.state, self.first, self.last, cells, self.text, answers.texts(opened), answers.seen(opened))

    def pairs(self, past: Place | None = None, seen: int = 0) -> list[tuple[str, str]]:
        """Give it as names and values, going on or back from a place where one is given."""
        return list(self._pairs(past, seen))

    def _pairs(self, past: Place | None, seen: int) -> Iterator[tuple[str, str]]:
        yield from (("columns", name) for name in self.columns if self.chosen)
        if self.state is not State.KEPT:
            yield "state", self.state
        for name, day in (("from", self.first), ("to", self.last)):
            if day:
                yield name, day.isoformat()
        if self.text:
            yield "text", self.text
        yield from ((CHOICE + name, code) for name, code in self.choices.items())
        if past:
            yield "before" if past.back else "after", f"{past.received_on.isoformat()}.{past.response_id}"
            yield "seen", str(seen)

    def covered(self, answers: Answers) -> Asked:
        """Give it as it may stand in an address: without words to look for, and without what was asked of people."""
        choices = {name: code for name, code in self.choices.items() if name not in answers.personal}
        return replace(self, text="", choices=choices)

    def of_files(self, *, opened: bool) -> str:
        """Give what narrows it as it is kept of a file: as in an address, and whether personal answers may be read."""
        narrow = replace(self, columns=(), chosen=False, state=State.KEPT)
        return urlencode([*narrow.pairs(), *([(OPENED, "yes")] if opened and narrow.narrows else [])])

    def query(self, past: Place | None = None, seen: int = 0) -> str:
        """Give it as it stands in an address, with its question mark; empty where nothing was asked."""
        said = urlencode(self.pairs(past, seen))
        return f"?{said}" if said else ""


def read_of_files(said: str, answers: Answers, *, personal: bool) -> tuple[Asked, Wanted] | None:
    """Read what `Asked.of_files` gave.

    Args:
        said: what it gave.
        answers: the questions of the form.
        personal: whether personal answers are in the file.

    Returns:
        What was asked, and what to look for; None where it means something else by now, since the form is another.
    """
    pairs = parse_qs(said)
    opened = personal and OPENED in pairs
    asked = read(pairs, answers, opened=opened)
    return (asked, asked.wanted(answers, opened=opened)) if asked.of_files(opened=opened) == said else None


def read(said: Mapping[str, Sequence[str]], answers: Answers, *, opened: bool) -> Asked:
    """Read what was asked; whatever cannot be meant is left out.

    Args:
        said: names and values, of an address or of a post.
        answers: the questions of the form.
        opened: whether personal answers may be read.
    """

    def one(name: str) -> str:
        values = said.get(name, ())
        return values[0] if len(values) == 1 else ""

    may_see = [name for name in answers.fields if opened or name not in answers.personal or name in answers.sealed]
    chosen = [name for name in dict.fromkeys(said.get("columns", ())) if name in may_see]
    choices = {
        name: one(CHOICE + name)
        for name in may_see
        if (opened or name not in answers.personal) and one(CHOICE + name) in answers.choices(name, "")
    }
    return Asked(
        tuple(sorted(chosen, key=may_see.index)) or _usual(answers, may_see),
        bool(chosen),
        State(one("state")) if one("state") in LIVE else State.KEPT,
        _day(one("from")),
        _day(one("to")),
        one("text").replace("\0", "").strip()[:LONGEST_TEXT],
        choices,
        _place(one("after")) or _place(one("before"), back=True),
        int(one("seen")) if one("seen").isdecimal() and len(one("seen")) < 10 else 0,
    )


def _usual(answers: Answers, may_see: Sequence[str]) -> tuple[str, ...]:
    asks = [name for name in may_see if answers.fields[name].asks and not answers.fields[name].agrees]
    return tuple((asks or may_see)[:USUAL_COLUMNS])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _place(text: str, *, back: bool = False) -> Place | None:
    day, _dot, response_id = text.partition(".")
    found = _day(day)
    return Place(found, response_id, back) if found and response_id.isalnum() and len(response_id) <= 64 else None
