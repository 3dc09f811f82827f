"""From responses to public results: when they may be published, and what was published before.

What was counted for the last publication is kept in `publications/NAME.json`, readable by its owner alone: without
it nobody could tell whether the difference between two publications shows a single person.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from forms import Form, FormsError
from forms.definition import CLOSING_ZONE
from forms.package import replaced, resource_name
from forms.results.charts import is_published
from forms.results.package import digest_on_disk, read_results, results_digest, write_results
from forms.results.rows import Quotation, Results, hides_what_was_shown, is_batch, rounding_of, rows_of, threshold_of
from forms.results.tally import Tally, tally_as_json, tally_file, tally_of_json
from forms_server.errors import ServiceProblem
from forms_server.export import export_forms
from forms_server.reviews import Reviews
from forms_server.store import Store
from forms_server.turn import alone_in

log = logging.getLogger(__name__)

REMEMBERED = 2
"""How many publications are remembered: the last, and the one before in case the last did not reach the public."""


class PublishingRefused(ServiceProblem):
    """Results that are not to be published."""


class Publication(Enum):
    """What became of an attempt to publish."""

    PUBLISHED = "published"
    EARLY = "still open"
    """Results shown before the survey closes would bias the answers."""
    SMALL = "too few new responses"
    """The difference from what is shown now would tell too much."""


def publish(store: Store, form: Form, folder: Path, now: datetime, *, early: bool = False) -> Publication:
    """Publish the results of a form to `results/NAME`, if it may be done now.

    Args:
        store: where the responses are.
        form: the form as it is served.
        folder: the data folder.
        now: the time, with its zone.
        early: whether a survey that is still open may be published too.

    Raises:
        PublishingRefused: the form has no results for everybody.
        StoreUnavailable: the database does not answer.
    """
    if not is_published(form):
        raise PublishingRefused(f"{form.name} does not publish results: write `form:publish: results` in its file.")
    closed = form.is_closed(now)
    if form.kind == "survey" and not closed and not early:
        return Publication.EARLY
    with alone_in(folder / "publications"):
        return _publish(store, form, folder, now, closed=closed)


class Publisher:
    """Publishes what is due: a poll's new batch, a survey that has closed.

    A form is counted again only once enough new responses have come since it was last counted here, so that whoever
    asks for results again and again makes no work.

    Args:
        store: where the responses are.
        folder: the data folder.
    """

    def __init__(self, store: Store, folder: Path):
        self._store = store
        self._folder = folder
        self._counted: dict[tuple[str, bool], int] = {}

    def publish_due(self, form: Form, now: datetime, most: int | None = None) -> None:
        """Publish the results of a form, if it is due; what goes wrong is for the log.

        Args:
            form: the form as it is served.
            now: the time, with its zone.
            most: how many responses may be counted; any number where it is not said.
        """
        closed = form.is_closed(now)
        if not is_published(form) or (form.kind == "survey" and not closed):
            return
        try:
            kept = self._store.counts(form.name).get("kept", 0)
            too_many = most is not None and kept > most
            if too_many or kept - self._counted.get((form.name, closed), 0) < threshold_of(form):
                return
            if not (closed and _is_final(form, published(self._folder, form))):
                log.info("results are made of %s responses", kept, extra={"form": form.name})
                done = publish(self._store, form, self._folder, now)
                log.info("results: %s", done.value, extra={"form": form.name})
            self._counted[form.name, closed] = kept
        except (ServiceProblem, FormsError, OSError):
            log.warning("results could not be published", extra={"form": form.name}, exc_info=True)


def _is_final(form: Form, shown: Results | None) -> bool:
    """Tell whether what is shown was made after the form closed, so that nothing more can come."""
    if shown is None or form.closes is None:
        return False
    return shown.created.astimezone(CLOSING_ZONE).date() > form.closes


def published(folder: Path, form: Form) -> Results | None:
    """Read the results that are shown now; None where there are none that hold."""
    try:
        return read_results(folder / "results" / form.name, form)
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


def _publish(store: Store, form: Form, folder: Path, now: datetime, *, closed: bool) -> Publication:
    done = list(export_forms(store, (form.name,), folder, now))
    with store.reading() as reading:
        versions = reading.versions(form.name)
        quotations = Reviews(folder, form).quotations(reading)
    if not done:
        return Publication.SMALL
    resource = versions[-1].resource
    responses = folder / "packages" / form.name / f"{resource_name(resource)}.csv"
    tally = tally_file(responses, form)
    before = _before(folder, form, resource)
    shown = published(folder, form)
    rows = rows_of(form, tally, before) if is_batch(tally, before, form) else None
    if rows is None or (shown and before and not closed and hides_what_was_shown(rows, shown.rows)):
        if shown is None or before is None or shown.quotations == quotations:
            return Publication.SMALL
        quoted = replace(shown, created=now, quotations=quotations)
        _remember(folder, form, resource, before, quoted)
        write_results(folder / "results" / form.name, form, quoted)
        return Publication.PUBLISHED
    today = now.astimezone(CLOSING_ZONE).date()
    results = Results(
        form.name,
        form.version,
        threshold_of(form),
        rounding_of(form),
        min(version.first_seen for version in versions if version.resource == resource),
        form.closes if closed and form.closes else today,
        now,
        rows,
        quotations,
    )
    _remember(folder, form, resource, tally, results)
    write_results(folder / "results" / form.name, form, results)
    return Publication.PUBLISHED


def _before(folder: Path, form: Form, resource: int) -> Tally | None:
    """Give the exact counts of what is shown now: of the last publication that reached the public."""
    records = [record for record in _records(folder, form) if record["resource"] == resource]
    if not records:
        return None
    shown = digest_on_disk(folder / "results" / form.name)
    found = next((record for record in reversed(records) if record["rows"] == shown), records[-1])
    return tally_of_json(found["tally"])


def _records(folder: Path, form: Form) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads((folder / "publications" / f"{form.name}.json").read_text("utf-8"))
    except FileNotFoundError:
        return []
    return found


def _remember(folder: Path, form: Form, resource: int, tally: Tally, results: Results) -> None:
    record = {"resource": resource, "rows": results_digest(results), "tally": tally_as_json(tally)}
    kept = [*_records(folder, form), record][-REMEMBERED:]
    with replaced(folder / "publications" / f"{form.name}.json") as file:
        json.dump(kept, file, ensure_ascii=False)
