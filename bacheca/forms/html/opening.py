"""The day on which a form opens, as a calendar shows it."""

from __future__ import annotations

from bacheca.forms.calendar_file import Entry
from bacheca.forms.catalogues import translations
from bacheca.forms.definition.form import Form
from bacheca.forms.local_time import end_of


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
