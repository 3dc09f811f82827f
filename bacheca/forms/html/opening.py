"""The days on which a form opens and closes, as a calendar shows them."""

from __future__ import annotations

from bacheca.forms.calendar_file import Entry
from bacheca.forms.catalogues import translations
from bacheca.forms.definition.form import Form
from bacheca.forms.local_time import end_of, start_of


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
    said = translations(language).gettext("You can answer from today: {title}")
    return Entry(
        uid=f"{url}#opens",
        title=said.format(title=form.wording(language).title),
        starts=form.opens_at,
        ends=end_of(form.opens, form.zone),
        all_day=True,
        description=url,
        url=url,
    )


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
    said = translations(language).gettext("Last day to answer: {title}")
    return Entry(
        uid=f"{url}#closes",
        title=said.format(title=form.wording(language).title),
        starts=start_of(form.closes, form.zone),
        ends=form.closes_at,
        all_day=True,
        description=url,
        url=url,
    )
