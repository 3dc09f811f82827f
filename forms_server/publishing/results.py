"""From responses to public results: when they may be published, and what was published before.

What was counted for the last publication is kept in `publications/NAME.json`, readable by its owner alone: without
it nobody could tell whether the difference between two publications shows a single person. What
was answered never decides when that is tried, only how many have: see `_needed`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from bacheca.forms import Form, FormsError
from bacheca.forms.atomic_file import replaced
from bacheca.forms.catalogues import marked as _
from bacheca.forms.local_time import local_day
from bacheca.forms.package.incremental_csv import Block, block_of
from bacheca.forms.results.charts import is_published
from bacheca.forms.results.package import digest_on_disk, open_results, results_digest, write_results
from bacheca.forms.results.results import Quotation, Results, Row
from bacheca.forms.results.rows import batch_of, hides_what_was_shown, holds_back, rows_of
from bacheca.forms.results.tally import Tally, tally_as_json, tally_blocks, tally_of_json
from bacheca.forms.results.versions import changed_questions, counts_on
from forms_server.errors import JobTaken, ServiceProblem
from forms_server.file_lock import alone_in
from forms_server.form_registry import form_of_version
from forms_server.messages import Saying
from forms_server.publishing.quotations import Reviews
from forms_server.store import FormVersion, Job, Snapshot, Store

log = logging.getLogger(__name__)

REMEMBERED = 2
"""How many publications are remembered: the last, and the one before in case the last did not reach the public."""

NOTHING = Tally()


class PublishingRefused(ServiceProblem):
    """Results that are not to be published."""


class Publication(Enum):
    """What became of an attempt to publish."""

    PUBLISHED = "published"
    EARLY = "still open"
    """Results shown before the survey closes would bias the answers."""
    SAME = "nothing new"
    """What is shown now counts every response there is."""
    SMALL = "too few new responses"
    """The difference from what is shown now would tell too much."""
    HELD = "enough new responses, but not of each answer"
    """Nothing could be shown of them, or less than is shown now."""


@dataclass(frozen=True)
class Attempt:
    """An attempt to publish.

    Args:
        became: what became of it.
        new: how many responses have come since the publication that is shown.
        needed: how many have to come before it is tried again.
        shown: when what is shown now was published; None where nothing is.
    """

    became: Publication
    new: int = 0
    needed: int = 0
    shown: datetime | None = None


def publish(
    store: Store, form: Form, folder: Path, now: datetime, *, early: bool = False, until: date | None = None
) -> Attempt:
    """Publish the results of a form to `results/NAME`, if it may be done now.

    Args:
        store: where the responses are.
        form: the form as it is served.
        folder: the data folder.
        now: the time, by the clocks of the community.
        early: whether a survey that is still open may be published too.
        until: the last day that is counted; every response there is where it is not said.

    Raises:
        PublishingRefused: the form has no results for everybody.
        JobTaken: another process publishes results.
        StoreUnavailable: the database does not answer.
    """
    _refuse_private(form)
    closed = form.is_closed(now)
    if form.kind == "survey" and not closed and not early:
        return Attempt(Publication.EARLY)
    with store.alone_at(Job.RESULTS), alone_in(folder / "publications"):
        return _publish(store, form, folder, now, until or now.date(), closed=closed)


def _refuse_private(form: Form) -> None:
    if not is_published(form):
        sentence = _("{form} does not publish results: write `form:publish: results` in its file.")
        raise PublishingRefused(Saying(sentence, form=form.name))


def publish_due(store: Store, form: Form, folder: Path, now: datetime) -> None:
    """Publish a poll, or a survey that has closed, as of last midnight; what goes wrong is for the log.

    Whenever in the day it runs, and however often, it counts the same: the hour of a publication tells nothing.

    Args:
        store: where the responses are.
        form: the form as it is served.
        folder: the data folder.
        now: the time, by the clocks of the community.

    Raises:
        JobTaken: another process publishes results.
    """
    closed = form.is_closed(now)
    if not is_published(form) or (form.kind == "survey" and not closed):
        return
    try:
        if closed and _is_final(form, published(folder, form)):
            return
        yesterday = now.date() - timedelta(days=1)
        done = publish(store, form, folder, now, until=yesterday)
        log.info("results: %s", done.became.value, extra={"form": form.name})
    except JobTaken:
        raise
    except Exception:  # whatever it is, the results of the other forms must not wait for it
        log.exception("results could not be published", extra={"form": form.name})


def _is_final(form: Form, shown: Results | None) -> bool:
    """Tell whether what is shown was made after the form closed, by its file too, so that nothing more can come."""
    if shown is None or form.closes is None:
        return False
    return local_day(shown.created, form.zone) > max(form.closes, form.closes_in_file or form.closes)


def _is_last(form: Form, shown: Results | None, now: datetime) -> bool:
    """Tell whether this is the one publication after the last day that its file says.

    Only then is nothing held back for more responses: a day that was set at the desk can be set again, as often as
    somebody likes.
    """
    last = form.closes_in_file
    if last is None or form.closes is None or form.closes > last or local_day(now, form.zone) <= last:
        return False
    return shown is None or local_day(shown.created, form.zone) <= last


def published(folder: Path, form: Form) -> Results | None:
    """Read the results that are shown now; None where there are none that hold."""
    try:
        return open_results(folder / "results" / form.name, form)
    except FormsError:
        return None


def drop_quotations(folder: Path, form: Form, allowed: Collection[Quotation], now: datetime) -> bool:
    """Take back the quotations that are shown and may not be any more; the counts stay as they are.

    Returns:
        Whether there were any.
    """
    with alone_in(folder / "publications"):
        shown = published(folder, form)
        if shown is None or set(shown.quotations) <= set(allowed):
            return False
        left = tuple(said for said in shown.quotations if said in allowed)
        quoted = replace(shown, created=now, quotations=left)
        bears = digest_on_disk(folder / "results" / form.name)
        for record in _records(folder, form):
            if record["rows"] == bears:
                _remember(folder, form, record["resource"], tally_of_json(record["tally"]), quoted)
                break
        write_results(folder / "results" / form.name, form, quoted)
    return True


@dataclass(frozen=True)
class Prospect:
    """What publishing would do now.

    Args:
        attempt: what would become of it.
        results: what would be shown; None where nothing would change.
        tally: the exact counts that would be remembered.
        resource: the package resource that they are of.
        before: the exact counts of what is shown now; None where nothing is.
    """

    attempt: Attempt
    results: Results | None = None
    tally: Tally = field(default_factory=Tally)
    resource: int = 0
    before: Tally | None = None


def prospect(store: Store, form: Form, folder: Path, now: datetime) -> Prospect:
    """Tell what `publish` would do now, an open survey's too; nothing is written.

    Raises:
        PublishingRefused: the form has no results for everybody.
        StoreUnavailable: the database does not answer.
    """
    _refuse_private(form)
    return _prospect(store, form, folder, now, now.date(), closed=form.is_closed(now))


def _publish(store: Store, form: Form, folder: Path, now: datetime, until: date, *, closed: bool) -> Attempt:
    found = _prospect(store, form, folder, now, until, closed=closed)
    if found.attempt.became is Publication.HELD:
        _remember_attempt(folder, form, found.resource, found.before, found.attempt.new)
    if found.results:
        _remember(folder, form, found.resource, found.tally, found.results)
        write_results(folder / "results" / form.name, form, found.results)
    return found.attempt


def _prospect(store: Store, form: Form, folder: Path, now: datetime, until: date, *, closed: bool) -> Prospect:
    with store.snapshot() as snapshot:
        versions = _counted_together(snapshot.versions(form.name))
        if not versions:
            return Prospect(Attempt(Publication.SAME))
        resource, since = versions[0].resource, min(version.first_seen for version in versions)
        tally = tally_blocks(_answers(snapshot, form, versions, until), form)
        before, shown = _before(folder, form, resource), published(folder, form)
        last_day = min(until, shown.until) if shown and before else until
        quotations = {day: Reviews(folder, form).quotations(snapshot, day) for day in {until, last_day}}
        changed = _changed(snapshot.versions(form.name), versions)
    new = tally.total - (before or NOTHING).total
    last = closed and _is_last(form, shown if before else None, now)
    first = before is None and (last or (closed and shown is None))
    needed = batch_of(form) if last else _needed(folder, form, resource, before)
    rows = rows_of(form, tally) if first else None
    became = Publication.SMALL if new > 0 else Publication.SAME
    if new >= needed:
        rows = rows_of(form, tally, before)
        seen = [row for row in shown.rows if _counts(tally, row)] if shown and before else ()
        if hides_what_was_shown(rows, seen) if last else not first and holds_back(form, tally, before, rows, seen):
            rows, became, needed = None, Publication.HELD, 2 * new  # as `_needed` says from then on
    results = Results(
        form.name,
        form.version,
        form.threshold,
        form.rounding,
        since,
        min(form.closes, until) if closed and form.closes else until,
        now,
        rows or (),
        quotations[until],
        changed,
    )
    if rows is None:
        if shown is None or before is None or shown.quotations == quotations[last_day]:
            attempt = Attempt(became, new, needed, shown.created if shown else None)
            return Prospect(attempt, None, tally, resource, before)
        results, tally = replace(shown, created=now, quotations=quotations[last_day]), before
    return Prospect(Attempt(Publication.PUBLISHED, new, needed, now), results, tally, resource, before)


def _counts(tally: Tally, row: Row) -> bool:
    """Tell whether what a row counts is counted still: of a question that is sealed by now nothing is."""
    return {row.field, row.crossed_field} - {""} <= tally.questions.keys()


def _counted_together(versions: list[FormVersion]) -> list[FormVersion]:
    """Give the last versions that differ in nothing that counts: what was answered to them makes one result."""
    together = versions[-1:]
    for version in reversed(versions[:-1]):
        same_file = version.resource == together[0].resource
        if not same_file and not counts_on(form_of_version(version), form_of_version(together[0])):
            break
        together.insert(0, version)
    return together


def _changed(versions: list[FormVersion], together: list[FormVersion]) -> tuple[str, ...]:
    """Name the questions whose change made results begin anew; empty where they count from the beginning."""
    if len(together) == len(versions):
        return ()
    before, after = versions[-len(together) - 1], together[0]
    return changed_questions(form_of_version(before), form_of_version(after))


def _answers(snapshot: Snapshot, form: Form, versions: list[FormVersion], until: date) -> Iterator[Block]:
    """Give the kept answers up to a day, some at a time, in the columns of the newest version."""
    names, columns = [version.version for version in versions], [column.name for column in form.columns]
    for day in snapshot.days(form.name):
        if day <= until:
            for rows in snapshot.rows(form.name, names, day):
                yield block_of(rows.answers, columns)


def _needed(folder: Path, form: Form, resource: int, before: Tally | None) -> int:
    """Give how many new responses are waited for before results are tried.

    After an attempt that showed nothing, twice as many: who answered between two attempts is then always half of all
    that is new, and no single answer is the one that made results appear.
    """
    tried = _read(folder, f"{form.name}.tried", {})
    if tried.get("resource") == resource and tried.get("since") == (before or NOTHING).total:
        return 2 * int(tried["new"])
    return batch_of(form)


def _remember_attempt(folder: Path, form: Form, resource: int, before: Tally | None, new: int) -> None:
    _write(folder, f"{form.name}.tried", {"resource": resource, "since": (before or NOTHING).total, "new": new})


def _before(folder: Path, form: Form, resource: int) -> Tally | None:
    """Give the exact counts of what is shown now: of the last publication that reached the public."""
    records = [record for record in _records(folder, form) if record["resource"] == resource]
    if not records:
        return None
    shown = digest_on_disk(folder / "results" / form.name)
    found = next((record for record in reversed(records) if record["rows"] == shown), records[-1])
    return tally_of_json(found["tally"])


def _records(folder: Path, form: Form) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _read(folder, form.name, [])
    return found


def _remember(folder: Path, form: Form, resource: int, tally: Tally, results: Results) -> None:
    record = {"resource": resource, "rows": results_digest(results), "tally": tally_as_json(tally)}
    _write(folder, form.name, [*_records(folder, form), record][-REMEMBERED:])


def _read(folder: Path, name: str, otherwise: Any) -> Any:
    try:
        return json.loads((folder / "publications" / f"{name}.json").read_text("utf-8"))
    except FileNotFoundError:
        return otherwise


def _write(folder: Path, name: str, what: Any) -> None:
    with replaced(folder / "publications" / f"{name}.json") as file:
        json.dump(what, file, ensure_ascii=False)
