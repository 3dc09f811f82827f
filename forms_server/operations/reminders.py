"""Reminders: whoever has confirmed a sign-up hears of its event once more, some days before it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bacheca.forms.definition.privacy import Period
from bacheca.forms.published import Event
from forms_server.context import Service
from forms_server.store import Job

log = logging.getLogger(__name__)

MORNING = time(9)
"""When whoever signed up for a whole day is reminded, so many days before it."""


def due_from(period: Period, event: Event) -> datetime:
    """Give the moment from which an event is to be remembered: the same hour by its clocks, so many days before."""
    zone = ZoneInfo(event.zone)
    starts = event.starts.astimezone(zone)
    if event.all_day:
        starts = datetime.combine(starts.date(), MORNING, zone)
    return starts - timedelta(days=period.count)  # by the clocks: a day on which they are moved is a day


def remind_all(service: Service, now: datetime) -> Mapping[str, int]:
    """Put a reminder into the outbox for each who has confirmed, of every form whose event comes near.

    Nobody gets a second one, however often this is done and whoever does it; nobody who has not confirmed, or has
    withdrawn, gets any.

    Args:
        service: the service.
        now: the moment, with its zone.

    Returns:
        How many there are now for each form, of those that had none.

    Raises:
        JobTaken: another process does so.
        StoreUnavailable: the store does not answer; what is in the outbox stays there.
    """
    portal = service.pages.shell.portal
    near: dict[str, Event] = {}
    for name, served in service.forms.items():
        event = portal.event(name, served.form.language)
        if served.form.remind is None or event is None or event.cancelled:
            continue
        if due_from(served.form.remind, event) <= now < event.starts:
            near[name] = event
    counts: dict[str, int] = {}
    if not near:
        return counts
    with service.store.alone_at(Job.REMINDERS):
        for name, event in near.items():
            form = service.forms[name].form
            said = {code: _payload(portal.event(name, code) or event) for code in form.languages}
            count = service.store.outbox.remind(name, form.address_field, said, now)
            if count:
                log.info("%s reminders of an event wait in the outbox", count, extra={"form": name})
                counts[name] = count
    return counts


def _payload(event: Event) -> dict[str, object]:
    place = urlsplit(event.url)
    # Where nobody has set at which address people reach the service, that of the portal is the best guess.
    return {"event": event.as_json(), "origin": f"{place.scheme}://{place.netloc}"}
