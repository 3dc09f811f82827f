"""What a calendar shows: an event, the first and the last day of a form."""

from __future__ import annotations

from datetime import datetime

from bacheca.forms.calendars.files import Entry
from bacheca.forms.catalogues import marked as _
from bacheca.forms.catalogues import translations
from bacheca.forms.definition.form import Form
from bacheca.forms.local_time import end_of, start_of
from bacheca.forms.published import Event

OPENS, CLOSES = _("You can answer from today: {title}"), _("Last day to answer: {title}")


def entry_of(event: Event) -> Entry:
    """Give an event as a calendar shows it."""
    return Entry(
        uid=event.url,
        title=event.title,
        starts=event.starts,
        ends=event.ends,
        all_day=event.all_day,
        description="\n".join(part for part in (event.description, event.online, event.url) if part),
        location=", ".join(part for part in (event.place, event.address) if part) or event.online,
        url=event.url,
        cancelled=event.cancelled,
    )


def opening_of(form: Form, language: str, url: str) -> Entry:
    """Give the first day of a form as the entry of a calendar.

    Args:
        form: a form that opens on a day.
        language: the language to say it in.
        url: the whole address at which it can be answered then.

    Raises:
        ValueError: it has no first day.
    """
    if form.opens is None or form.opens_at is None:
        raise ValueError(form.name)
    title = translations(language).gettext(OPENS).format(title=form.wording(language).title)
    return _whole_day(title, url, "opens", form.opens_at, end_of(form.opens, form.zone))


def closing_of(form: Form, language: str, url: str) -> Entry:
    """Give the last day of a form as the entry of a calendar.

    Args:
        form: a form that closes on a day.
        language: the language to say it in.
        url: the whole address at which it can be answered until then.

    Raises:
        ValueError: it has no last day.
    """
    if form.closes is None or form.closes_at is None:
        raise ValueError(form.name)
    title = translations(language).gettext(CLOSES).format(title=form.wording(language).title)
    return _whole_day(title, url, "closes", start_of(form.closes, form.zone), form.closes_at)


def _whole_day(title: str, url: str, what: str, starts: datetime, ends: datetime) -> Entry:
    return Entry(uid=f"{url}#{what}", title=title, starts=starts, ends=ends, all_day=True, description=url, url=url)
