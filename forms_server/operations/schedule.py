"""Close a form now, open it again, prolong it: for the desk and the terminal alike.

The form's file stays as it is. What holds instead is kept in the store, told to everybody in `/forms/state.json`, and
written into the log of the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.local_time import local_day
from forms_server.accounts.invitations import new_id
from forms_server.errors import ServiceProblem
from forms_server.messages import Saying
from forms_server.store import Store
from forms_server.store.desk.log import Entry
from forms_server.store.desk.schedules import Schedule


class ScheduleProblem(ServiceProblem):
    """Days that cannot be set."""


@dataclass(frozen=True)
class Scheduler:
    """Sets the days of forms.

    Args:
        store: where they are kept.
        now: the time, with its zone.
        by: the account in whose name.
    """

    store: Store
    now: Callable[[], datetime]
    by: str

    def close(self, form: Form) -> None:
        """Take no more answers to a form, from this moment on."""
        self._note("form-close", form)
        self.store.schedules.set(Schedule(form.name, shut_at=self.now()))

    def open(self, form: Form, until: date | None = None) -> None:
        """Take answers to a form from now on.

        Args:
            form: the form as its file has it.
            until: the last day; None for no end.

        Raises:
            ScheduleProblem: that day is over.
        """
        today = local_day(self.now(), form.zone)
        if until and until < today:
            raise ScheduleProblem(Saying(_("{day} is over: choose a day from today on."), day=until.isoformat()))
        opens = today if form.opens and form.opens > today else None
        self._note("form-open", form)
        self.store.schedules.set(Schedule(form.name, opens=opens, closes=until or date.max))

    def follow_file(self, form: Form) -> None:
        """Let what the file of a form says hold again."""
        self._note("form-file", form)
        self.store.schedules.drop(form.name)

    def _note(self, action: str, form: Form) -> None:
        self.store.desk_log.add([Entry(new_id(), self.now(), self.by, action, form.name)])
