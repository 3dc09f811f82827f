"""The month for the board: one page to print, in whole numbers or in those that everybody can see."""

from __future__ import annotations

from datetime import date

from flask import Response

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import DESK, Visit
from forms_server.messages import said
from forms_server.publishing.month import Account, Month, MonthProblem, month_named

SCREEN = Screen("month", Right.COUNTS, called=_("The month"), icon="calendar", home="/month/")
HERE = f"{DESK}{SCREEN.home}"

OFFERED = 24
"""How many months can be chosen; earlier ones follow from one to the one before."""


@SCREEN.get("/month/")
def show_asked(visit: Visit) -> Response:
    """Show the month that was chosen; the last one that is over where none was."""
    return _show(visit, visit.asked("month"))


@SCREEN.get("/month/<month>")
def show(visit: Visit, month: str) -> Response:
    """Show a month."""
    return _show(visit, month)


def _show(visit: Visit, month: str) -> Response:
    try:
        return _page(visit, month_named(month, visit.service.retention.today))
    except MonthProblem as problem:
        return visit.stop(visit.say("There is no such month"), problem.said(visit.language), status=404, back=HERE)


def _page(visit: Visit, month: Month) -> Response:
    service, today, whole = visit.service, visit.service.retention.today, visit.may(Right.ANSWERS)
    names = service.store.forms()
    forms = [form for name in dict.fromkeys((*visit.forms, *names)) if (form := visit.form(name))]
    settings = service.settings
    account = Account(service.store, forms, settings.data, settings.community.zone, visit.language, whole=whole)
    return visit.page(
        "keeping/month.html",
        month.called(visit.language),
        whole=whole,
        going_on=month.has(today),
        today=today,
        sections=[
            {
                "title": section.title.said(visit.language),
                "lines": [(said(line.called, visit.language), line.count) for line in section.lines],
                "notes": [note.said(visit.language) for note in section.empty_or_notes()],
            }
            for section in account.sections(month)
        ],
        month=month,
        choices=[(str(one), one.called(visit.language), one.has(today)) for one in _choices(month, today)],
        home=HERE,
        before=f"{HERE}{month.before}",
        after="" if month.next.first > today else f"{HERE}{month.next}",
    )


def _choices(shown: Month, today: date) -> list[Month]:
    """Give the months to choose among, this one first, with the one that is shown."""
    months = [Month(today.replace(day=1))]
    while len(months) < OFFERED:
        months.append(months[-1].before)
    return months if shown in months else [*months, shown]
