"""The places that became free: offered to those who wait, in their order, and taken back when nobody takes them.

All of it is counted anew each time of what stands in the store and of the time, so that whatever ended in between is
made up for the next time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bacheca.forms import Form
from bacheca.forms.definition.allotment import Places, places_of
from forms_server.context import Service
from forms_server.settings import HERE
from forms_server.store import Job

REGRET = timedelta(hours=1)
"""How long those who wait keep their turn after somebody closed a form by hand, who may open it again."""


def offer_places(service: Service) -> int:
    """Offer what is free, erase those who did not take it in time, and those who wait for a form that has closed.

    Returns:
        How many were told something.

    Raises:
        JobTaken: another process does so.
        StoreUnavailable: the database does not answer; whatever was not done is done the next time.
    """
    waiting, now, intake = service.store.waiting_list, service.intake.now, service.intake
    told = 0
    for name in sorted(waiting.forms(now())):
        served = service.forms.get(name)
        if served is None:
            continue  # nothing tells what it has, and its responses are erased in their time
        form = served.form
        late, closed, offered = (
            partial(intake.letter, form, kind, service.settings.public_url or HERE)
            for kind in ("lost-late", "lost-closed", "offered")
        )
        with service.store.alone_at(Job.OFFERS):
            told += waiting.expire(name, now(), late)
            if form.is_closed(now()):
                told += waiting.close(name, closed) if _for_good(form, now()) else 0
            else:
                told += waiting.offer(name, places_of(form, now) or Places((), now), offered)
    return told


def _for_good(form: Form, moment: datetime) -> bool:
    """Tell whether nobody may any more regret having closed a form."""
    return form.shut_at is None or moment >= form.shut_at + REGRET
