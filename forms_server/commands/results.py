"""The commands about results: publish them, and decide which comments may be quoted."""

from __future__ import annotations

import os
from datetime import tzinfo
from pathlib import Path

import click

from bacheca.forms.catalogues import marked as _
from bacheca.forms.results.charts import is_published
from forms_server.commands.base import Opened, opened, said_plainly
from forms_server.commands.speaking import tell, word
from forms_server.messages import Saying
from forms_server.publishing.editing import Editing
from forms_server.publishing.growth import write_progress
from forms_server.publishing.quotations import Comment, ReviewProblem, Reviews
from forms_server.publishing.results import Attempt, Publication, publish
from forms_server.publishing.traffic import Traffic, digest_of_month, read_logs, write_traffic
from forms_server.settings import Settings
from forms_server.store import Job

SAID = {
    Publication.PUBLISHED: _("{name}: published to {folder}"),
    Publication.EARLY: _(
        "{name}: still open; results shown now would bias the answers (`publish-results {name}` does it anyway)"
    ),
    Publication.SAME: _("{name}: nothing new{since}; nothing changed"),
    Publication.SMALL: _(
        "{name}: {new} new{since}, {needed} needed so that no single one can be told; nothing changed"
    ),
    Publication.HELD: _(
        "{name}: {new} new{since}, not enough of each answer to show more without telling single ones; tried again with"
        " {needed}; nothing changed"
    ),
}

DECIDED = {
    "approved": _("approved"),
    "rejected": _("rejected"),
    "unquotable": _("not to be quoted: no consent"),
}
"""What was decided about a comment, or that nothing can be."""


@click.command("publish-results")
@click.argument("names", nargs=-1)
@said_plainly
def publish_results(names: tuple[str, ...]) -> None:
    """Publish the results of NAMES now, or of every closed survey and every poll when none is named."""
    with opened() as work:
        served = (served.form for served in work.forms.values())
        wanted = [work.form(name) for name in names] or [form for form in served if is_published(form)]
        data = work.settings.data
        for form in wanted:
            done = publish(work.retention.store, form, data, work.now(), early=bool(names))
            _say(form.name, done, data / "results" / form.name, work.now().tzinfo)


def _say(name: str, done: Attempt, folder: Path, zone: tzinfo | None) -> None:
    moment = f"{done.shown.astimezone(zone):%Y-%m-%d %H:%M}" if done.shown else ""
    since = Saying(_(" since the publication of {moment}"), moment=moment) if moment else ""
    tell(SAID[done.became], name=name, folder=folder, since=since, new=done.new, needed=done.needed)


@click.command("comments")
@click.argument("name")
@click.option("--all", "every", is_flag=True, help="Show those decided before, too.")
@said_plainly
def list_comments(name: str, every: bool) -> None:
    """List the comments of the form NAME that wait for a decision, each with a suggestion of what to leave out."""
    with opened() as work:
        reviews = Reviews(work.settings.data, work.form(name))
        with work.retention.store.snapshot() as snapshot:
            found = [comment for comment in reviews.comments(snapshot) if every or not comment.decision]
    for comment in found:
        decided = comment.decision or ("" if comment.quotable else "unquotable")
        state = f" ({word(DECIDED[decided])})" if decided else ""
        click.echo(f"{comment.response_id} {comment.field}{state}")
        click.echo(f"  {comment.text}".replace("\n", "\n  "))
        if comment.suggested != comment.text:
            click.echo("  " + word(_("suggested: {words}"), words=comment.suggested).replace("\n", "\n  "))
    tell(_("{count} comments"), count=len(found))


@click.command("approve")
@click.argument("name")
@click.argument("response")
@click.option("--field", default="", help="The field, where the form has several of free text.")
@click.option("--text", default="", help="The words to quote; without it, those suggested.")
@click.option("--as-written", is_flag=True, help="Quote the comment as it was written.")
@said_plainly
def approve_comment(name: str, response: str, field: str, text: str, as_written: bool) -> None:
    """Let the comment of RESPONSE to the form NAME be quoted, once results are published again."""
    with opened() as work:
        editing, comment = _find(work, name, response, field)
        words = text or (comment.text if as_written else comment.suggested)
        editing.approve(comment, words)
        tell(_("approved: {words}"), words=words.strip())


@click.command("reject")
@click.argument("name")
@click.argument("response")
@click.option("--field", default="", help="The field, where the form has several of free text.")
@said_plainly
def reject_comment(name: str, response: str, field: str) -> None:
    """Keep the comment of RESPONSE to the form NAME from being quoted; one that is published goes at once."""
    with opened() as work:
        editing, comment = _find(work, name, response, field)
        editing.reject(comment)
        tell(DECIDED["rejected"])


@click.command("undecide")
@click.argument("name")
@click.argument("response")
@click.option("--field", default="", help="The field, where the form has several of free text.")
@said_plainly
def undecide_comment(name: str, response: str, field: str) -> None:
    """Take back what was decided about the comment of RESPONSE to the form NAME, until it is published."""
    with opened() as work:
        editing, comment = _find(work, name, response, field)
        editing.undo(comment)
        tell(_("waits for a decision again"))


def _find(work: Opened, name: str, response: str, field: str) -> tuple[Editing, Comment]:
    editing = Editing(work.settings.data, work.form(name), work.now)
    with work.retention.store.snapshot() as snapshot:
        found = [one for one in editing.reviews.of(snapshot, response) if field in ("", one.field)]
    if not found:
        sentence = _("There is no comment of {response}: see `comments {form} --all`.")
        raise ReviewProblem(Saying(sentence, response=response, form=name))
    if len(found) > 1:
        fields = ", ".join(f"--field {comment.field}" for comment in found)
        raise ReviewProblem(Saying(_("Say which of these: {fields}."), fields=fields))
    return editing, found[0]


@click.command("traffic")
@click.argument("logs", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--digest", default="", metavar="2026-11", help="Print that month as Markdown for the newsletter.")
@click.option("--lang", default="", help="The language of the digest; the community's where none is said.")
@said_plainly
def count_traffic(logs: tuple[Path, ...], digest: str, lang: str) -> None:
    """Count visits by day, page and referring site from access LOGS (combined format, .gz too)."""
    chosen = Settings.from_environ(os.environ)
    read: Traffic = read_logs(logs)
    path = write_traffic(chosen.data / "traffic", read)
    sentence = _("{path}: {views} views, {bots} of programs left out, {unread} lines unread")
    tell(sentence, path=path, views=sum(read.pages.values()), bots=read.bots, unread=read.unread)
    if digest:
        click.echo(digest_of_month(chosen.data / "traffic", digest, lang or chosen.community.language))


@click.command("progress")
@said_plainly
def count_progress() -> None:
    """Write how many members and answers there are, rounded, for the page that shows how the community is doing."""
    with opened() as work, work.retention.store.alone_at(Job.GROWTH), work.retention.store.snapshot() as snapshot:
        data = work.settings.data
        click.echo(write_progress(data / "progress", snapshot, work.known.all.values(), data, work.now()))


COMMANDS = (
    publish_results,
    list_comments,
    approve_comment,
    reject_comment,
    undecide_comment,
    count_traffic,
    count_progress,
)
