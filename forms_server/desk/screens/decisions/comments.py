"""Comments: the original beside what is to be published of it, and what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from flask import Response

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.results.results import Quotation
from bacheca.forms.submission.redaction import parts_of
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen, Waiting
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.publishing.editing import Editing
from forms_server.publishing.quotations import (
    APPROVED,
    REJECTED,
    Comment,
    DecidedMeanwhile,
    ReviewProblem,
    consents_to_quote,
)
from forms_server.store import Snapshot

ON_A_PAGE = 10

COUNTED, AMONG = 100, 5000
"""How many comments that wait are counted, and among how many of the newest answers to a form."""

LOOKED_AT = 20_000
"""How many answers a page looks at, where hardly any has a comment that waits: a fraction of a second."""

DECIDED: Mapping[str, str] = {
    APPROVED: _("Somebody else let it be published meanwhile, in these words:"),
    REJECTED: _("Somebody else refused it meanwhile."),
    "": _("Somebody else took the decision back meanwhile, and it waits again."),
}
"""What whoever decides second is told."""


@dataclass(frozen=True)
class Told:
    """What is said above the comments: what was done, or why it was not.

    Args:
        said: what was done.
        problem: why something was not done.
        quoted: the words that somebody else approved.
        typed: the words that whoever comes second had typed.
        undo: the comment whose decision can be taken back here.
    """

    said: str = ""
    problem: str = ""
    quoted: str = ""
    typed: str = ""
    undo: Comment | None = None


def _waiting(visit: Visit) -> list[Waiting]:
    with visit.service.store.snapshot() as snapshot:
        count = sum(_count(visit, form, snapshot) for form in _asking(visit).values())
    return [Waiting(count, visit.say("Comments to read: {count}", count=count), f"{DESK}{SCREEN.home}")]


SCREEN = Screen("comments", Right.PEOPLE, called=_("Comments"), icon="eye", home="/comments/", waits=_waiting)


@SCREEN.get("/comments/")
def show(visit: Visit) -> Response:
    """Show the forms whose comments may be published, and how many wait."""
    with visit.service.store.snapshot() as snapshot:
        rows = [
            {
                "name": name,
                "title": form.wording(visit.language).title,
                "count": (count := _count(visit, form, snapshot)),
                "more": count == COUNTED,
                "further": snapshot.place_after(name, AMONG) is not None,
                "decided": len(_editing(visit, form).reviews.responses()),
            }
            for name, form in _asking(visit).items()
        ]
    return visit.page("decisions/comments.html", visit.say("Comments"), rows=rows, among=AMONG)


@SCREEN.post("/comments/<name>/read", command="comments")
def read(visit: Visit, name: str) -> Response:
    """Show the comments to a form that wait for a decision, some at a time."""
    return _page(visit, name, Told(), after=_place(visit.field("after")))


@SCREEN.post("/comments/<name>/decided", command="comments")
def decided(visit: Visit, name: str) -> Response:
    """Show what was decided, the last decision first."""
    start = visit.field("start")
    return _page_of_decided(visit, name, Told(), int(start) if start.isdecimal() and len(start) < 9 else 0)


@SCREEN.post("/comments/<name>/approve", command="approve")
def approve(visit: Visit, name: str) -> Response:
    """Let a comment be published in the words that were typed."""
    words = visit.field("text").replace("\r\n", "\n").strip()
    if not words:
        return _page(visit, name, Told(problem=visit.say("There are no words to publish: type some, or refuse it.")))
    said = visit.say("It is published with the next results.")
    return _decide(
        visit, name, "approve", said, lambda editing, one, note: editing.approve(one, words, note), typed=words
    )


@SCREEN.post("/comments/<name>/reject", command="reject")
def reject(visit: Visit, name: str) -> Response:
    """Keep a comment from being published; one that is goes at once."""
    said = visit.say("It is not published.")
    return _decide(visit, name, "reject", said, lambda editing, one, note: editing.reject(one, note))


@SCREEN.post("/comments/<name>/undo", command="undecide")
def undo(visit: Visit, name: str) -> Response:
    """Let a comment wait for a decision again."""
    said = visit.say("The decision is taken back: the comment waits again.")
    return _decide(visit, name, "undecide", said, lambda editing, one, note: editing.undo(one, note))


Decision = Callable[[Editing, Comment, Callable[[], None]], None]


def _decide(visit: Visit, name: str, action: str, said: str, decision: Decision, *, typed: str = "") -> Response:
    """Decide about a comment as it was looked at; say what somebody else decided where it is not so any more."""
    form = _asking(visit).get(name)
    if form is None:
        return _absent(visit)
    editing, response_id, field = _editing(visit, form), visit.field("response"), visit.field("field")
    comment = _comment(visit, editing, response_id, field)
    if comment is None:
        gone = visit.say("The comment is not there any more: whoever wrote it withdrew it, or corrected it.")
        return _page(visit, name, Told(problem=gone))
    if comment.mark != visit.field("mark"):
        return _page(visit, name, _told(visit, comment.decision, comment.quoted, typed))
    try:
        decision(editing, comment, lambda: visit.note(action, form=name, responses=[response_id]))
    except DecidedMeanwhile as problem:
        return _page(visit, name, _told(visit, problem.decision, problem.quoted, typed))
    except ReviewProblem:
        return _page(visit, name, Told(problem=visit.say("This cannot be decided about the comment as it is now.")))
    after = _comment(visit, editing, response_id, field)
    can_undo = after is not None and bool(after.decision) and not editing.is_shown(after)
    told = Told(said, undo=after if can_undo else None)
    return _page_of_decided(visit, name, told, 0) if visit.field("list") == "decided" else _page(visit, name, told)


def _told(visit: Visit, decision: str, quoted: str, typed: str) -> Told:
    return Told(problem=visit.say(DECIDED[decision]), quoted=quoted, typed=typed)


def _comment(visit: Visit, editing: Editing, response_id: str, field: str) -> Comment | None:
    with visit.service.store.snapshot() as snapshot:
        return next((one for one in editing.reviews.of(snapshot, response_id) if one.field == field), None)


def _page(visit: Visit, name: str, told: Told, after: tuple[date, str] | None = None) -> Response:
    form = _asking(visit).get(name)
    if form is None:
        return _absent(visit)
    with visit.service.store.snapshot() as snapshot:
        end = snapshot.place_after(name, LOOKED_AT, after)
        found = list(islice(_editing(visit, form).reviews.waiting(snapshot, after, end), ON_A_PAGE + 1))
    shown = found
    if len(found) > ON_A_PAGE:
        shown = list(_last_whole(found))
        end = shown[-1].received_on, shown[-1].response_id
    _note_reading(visit, name, shown)
    return visit.page(
        "decisions/waiting_comments.html",
        visit.say("Comments to read"),
        status=409 if told.problem else 200,
        name=name,
        form=form,
        told=told,
        rows=[_row(visit, form, comment) for comment in _by_question(form, shown)],
        references=visit.references([comment.response_id for comment in shown]),
        end=end,
    )


def _by_question(form: Form, shown: Sequence[Comment]) -> Sequence[Comment]:
    """Give the comments to one question together, in the order of the questions, the newest of each first."""
    order = {field.name: place for place, field in enumerate(form.fields)}
    return sorted(shown, key=lambda comment: order[comment.field])


def _last_whole(found: Sequence[Comment]) -> Sequence[Comment]:
    """Give those before the response that does not fit whole, so that the next page begins with it."""
    last = found[-1].response_id
    before = [one for one in found if one.response_id != last]
    return before or found


def _page_of_decided(visit: Visit, name: str, told: Told, start: int) -> Response:
    form = _asking(visit).get(name)
    if form is None:
        return _absent(visit)
    editing = _editing(visit, form)
    with visit.service.store.snapshot() as snapshot:
        found = list(islice(editing.reviews.decided(snapshot, start), ON_A_PAGE + 1))
    _note_reading(visit, name, found[:ON_A_PAGE])
    public = editing.shown()
    return visit.page(
        "decisions/decided_comments.html",
        visit.say("Comments that were decided about"),
        status=409 if told.problem else 200,
        name=name,
        form=form,
        told=told,
        rows=[
            _row(visit, form, one) | {"public": one.decision == APPROVED and Quotation(one.field, one.quoted) in public}
            for one in found[:ON_A_PAGE]
        ],
        references=visit.references([one.response_id for one in found[:ON_A_PAGE]]),
        more=start + ON_A_PAGE if len(found) > ON_A_PAGE else 0,
    )


def _row(visit: Visit, form: Form, comment: Comment) -> dict[str, object]:
    parts = list(parts_of(comment.text, comment.suggested))
    left_out = [part for part, is_left_out in parts if is_left_out]
    asked = form.field(comment.field).words
    reached = [part for part in left_out if set(part) & set("0123456789@:/")]
    return {
        "comment": comment,
        "question": asked.get(visit.language, asked[form.language]).title,
        "parts": parts,
        "left_out": len(left_out),
        "name": len(left_out) > len(reached),
        "contact": bool(reached),
    }


def _note_reading(visit: Visit, name: str, shown: Sequence[Comment]) -> None:
    """Write down whose comments they read, once a session."""
    log, who = visit.service.store.desk_log, visit.account.account_id
    since = visit.session.started_at if visit.session else visit.now()
    new = [
        one
        for one in dict.fromkeys(comment.response_id for comment in shown)
        if not any(
            (entry.action, entry.account_id) == ("comments", who) and entry.done_at >= since
            for entry in log.of_response(one)
        )
    ]
    if new:
        visit.note("comments", form=name, responses=new)


def _asking(visit: Visit) -> Mapping[str, Form]:
    """Give the forms that ask whether comments may be published."""
    return {name: form for name, form in visit.forms.items() if consents_to_quote(form)}


def _editing(visit: Visit, form: Form) -> Editing:
    return Editing(visit.service.settings.data, form, visit.now)


def _count(visit: Visit, form: Form, snapshot: Snapshot) -> int:
    waiting = _editing(visit, form).reviews.waiting(snapshot, until=snapshot.place_after(form.name, AMONG))
    return sum(1 for _one in islice(waiting, COUNTED))


def _absent(visit: Visit) -> Response:
    return visit.stop(
        visit.say("There is no such form"), visit.say("Choose one on the page of comments."), status=404,
        back=f"{DESK}{SCREEN.home}",
    )  # fmt: skip


def _place(text: str) -> tuple[date, str] | None:
    day, _blank, last = text.partition(" ")
    try:
        return (date.fromisoformat(day), last) if last else None
    except ValueError:
        return None
