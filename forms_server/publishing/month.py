"""A month in numbers, on one page for whoever decides: members, answers, results, visits, requests.

Whoever may read no answer is told what everybody can see: the rounded counts of `growth.py`, published results and
visits. The difference between two such pages tells of no single person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.local_time import local_day, start_of
from bacheca.forms.locales import locale_of
from bacheca.forms.results.charts import is_published
from forms_server.errors import ServiceProblem
from forms_server.messages import Saying, Told
from forms_server.publishing.growth import FILE as PROGRESS
from forms_server.publishing.growth import read_progress
from forms_server.publishing.results import published
from forms_server.publishing.traffic import FILE as TRAFFIC
from forms_server.publishing.traffic import read_traffic
from forms_server.store import Store

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
MOST = 5
"""How many pages and sites are named."""

ASKED = {
    "evidence": _("Evidence of consents given to people who asked"),
    "export": _("Copies of their data given to people who asked"),
    "erase": _("People erased who asked for it"),
}
"""What was done for people who asked, by what the audit calls it."""

UNTIMED = _("How long answering takes is not known: nothing of it is kept.")


class MonthProblem(ServiceProblem):
    """A month of which there is nothing to say."""


@dataclass(frozen=True)
class Line:
    """A number and what it counts; `called` is a sentence, or a name as it is."""

    called: Told | str
    count: int


@dataclass(frozen=True)
class Section:
    """A part of the page: its title, its numbers, what is to be known of them, and whether nobody counts them."""

    title: Saying
    lines: Sequence[Line]
    notes: Sequence[Saying] = ()
    uncounted: bool = False

    def empty_or_notes(self) -> Sequence[Saying]:
        """Give what is to be known of the numbers; where there are none, that comes first."""
        return self.notes if self.lines or self.uncounted else (Saying(_("Nothing in this month.")), *self.notes)


@dataclass(frozen=True)
class Month:
    """A month, by the clocks of the community."""

    first: date

    @property
    def after(self) -> date:
        """The first day of the next one."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def before(self) -> Month:
        """The one before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def next(self) -> Month:
        """The next one."""
        return Month(self.after)

    def has(self, day: date) -> bool:
        """Tell whether a day is in it."""
        return self.first <= day < self.after

    def called(self, language: str) -> str:
        """Say which month it is."""
        return format_skeleton("yMMMM", self.first, locale=locale_of(language))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def month_named(text: str, today: date) -> Month:
    """Read a month as `2026-11`; an empty text is the last one that is over.

    Raises:
        MonthProblem: it is none, or has not begun.
    """
    if not text:
        return Month(today.replace(day=1)).before
    found = MONTH.fullmatch(text)
    if not found:
        raise MonthProblem(Saying(_("Write the month as 2026-11.")))
    month = Month(date(int(found[1]), int(found[2]), 1))
    if month.first > today:
        raise MonthProblem(Saying(_("This month has not begun yet.")))
    return month


@dataclass(frozen=True)
class Account:
    """Tells of a month.

    Args:
        store: where the responses are.
        forms: the forms that anything is held of.
        data: the data folder.
        zone: the zone that the community lives in.
        language: the language in which forms are called.
        whole: whether to count answers and requests; otherwise what everybody can see.
    """

    store: Store
    forms: Sequence[Form]
    data: Path
    zone: ZoneInfo
    language: str
    whole: bool

    def sections(self, month: Month) -> list[Section]:
        """Give the parts of the page.

        Raises:
            StoreUnavailable: the database does not answer.
        """
        counted = self._counted(month) if self.whole else self._rounded(month)
        found = [*counted, self._results(month), self._visits(month)]
        return [*found, self._requests(month)] if self.whole else found

    def _counted(self, month: Month) -> Iterator[Section]:
        begin, end = (start_of(day, self.zone) for day in (month.first, month.after))
        members, answers = [], []
        with self.store.snapshot() as snapshot:
            for form in self.forms:
                title = form.wording(self.language).title
                if form.kind == "signup":
                    joined, there = snapshot.confirmed_by(form.name, (begin, end), (month.first, month.after))
                    members += [
                        Line(Saying(_("{form}: joined in the month"), form=title), joined),
                        Line(Saying(_("{form}: at its end"), form=title), there),
                    ]
                else:
                    answers.append(Line(title, snapshot.came_between(form.name, month.first, month.after)))
        gone = Saying(_("Whoever has left since, or took an answer back, is not counted."))
        yield Section(Saying(_("Members")), members, [gone])
        yield Section(Saying(_("Answers")), answers, [Saying(UNTIMED)])

    def _rounded(self, month: Month) -> Iterator[Section]:
        titles = {form.name: form.wording(self.language).title for form in self.forms}
        rows = read_progress(self.data / "progress" / PROGRESS)
        of_month = [(kind, titles[name], n) for when, kind, name, n in rows if when == str(month) and name in titles]
        there, so_far = _("{form}: at its end"), _("{form}: up to its end")
        members = [Line(Saying(there, form=title), count) for kind, title, count in of_month if kind == "members"]
        answers = [Line(Saying(so_far, form=title), count) for kind, title, count in of_month if kind == "answers"]
        rounded = Saying(_("Rounded down to tens, as everybody can see them, and only of months that are over."))
        yield Section(Saying(_("Members")), members, [rounded])
        yield Section(Saying(_("Answers")), answers, [rounded, Saying(UNTIMED)])

    def _results(self, month: Month) -> Section:
        lines, covered = [], []
        for form in filter(is_published, self.forms):
            shown = published(self.data, form)
            if shown and month.has(local_day(shown.created, self.zone)):
                count = shown.value("responses")
                title = form.wording(self.language).title
                if count is None:
                    covered.append(Saying(_("{form}: published, and how many answered is not shown."), form=title))
                else:
                    lines.append(Line(Saying(_("{form}: answers counted"), form=title), int(count)))
        only = Saying(_("Of each form only the last publication is known."))
        return Section(Saying(_("Results published")), lines, [*covered, only], uncounted=bool(covered))

    def _visits(self, month: Month) -> Section:
        known = list(read_traffic(self.data / "traffic" / TRAFFIC))
        rows = [row for row in known if month.has(row[0])]
        pages = _summed((name, views) for _day, kind, name, views in rows if kind == "page")
        sites = _summed((name, views) for _day, kind, name, views in rows if kind == "referrer")
        if not rows:
            not_counted = _("Visits are not counted here. Whoever runs the service can have them counted.")
            return Section(Saying(_("Visits")), [], [] if known else [Saying(not_counted)], uncounted=not known)
        lines = [Line(Saying(_("Pages seen, in all")), sum(pages.values()))]
        lines += [
            Line(Saying(_("the first page")) if name == "/" else name, views) for name, views in pages.most_common(MOST)
        ]
        lines += [Line(Saying(_("by a link on {site}"), site=name), views) for name, views in sites.most_common(MOST)]
        few = Saying(
            _("Left out are days on which a page was seen fewer than five times, and what search engines fetch.")
        )
        return Section(Saying(_("Visits")), lines, [few])

    def _requests(self, month: Month) -> Section:
        done = Counter(
            record.action
            for record in self.store.subject_access.audits()
            if month.has(local_day(record.done_at, self.zone))
        )
        moments = (start_of(month.first, self.zone), start_of(month.after, self.zone))
        came, closed = self.store.requests.counts((month.first, month.after), moments)
        handled = [Line(Saying(_("Requests that came")), came), Line(Saying(_("Requests that were answered")), closed)]
        lines = [Line(Saying(ASKED[action]), done[action]) for action in ASKED if done[action]]
        lines = [line for line in handled if line.count] + lines
        return Section(Saying(_("Requests of people about their data")), lines)


def _summed(counted: Iterable[tuple[str, int]]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for name, count in counted:
        totals[name] += count
    return totals
