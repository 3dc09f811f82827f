"""Close a form now, open it again, prolong it: for the desk and the terminal alike.

The form's file stays as it is. What holds instead is kept in the store, told to everybody in `/forms/state.json` and
to builds beside the published results, and written into the log of the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bacheca.forms import Form
from bacheca.forms.atomic_file import overwrite
from bacheca.forms.catalogues import marked as _
from bacheca.forms.local_time import local_day
from bacheca.forms.set_days import SET_DAYS, as_text, days_in
from forms_server.accounts.invitations import new_id
from forms_server.errors import ServiceProblem
from forms_server.messages import Saying
from forms_server.store import Store
from forms_server.store.desk.log import Entry
from forms_server.store.desk.schedules import Schedule


class ScheduleProblem(ServiceProblem):
    """Days that cannot be set."""


def tell_builds(store: Store, data: Path) -> None:
    """Tell builds which days were set, in the folder that they take results from.

    Args:
        store: where they are kept.
        data: the data folder.

    Raises:
        StoreUnavailable: the database does not answer.
        OSError: they cannot be written.
    """
    days = {name: said.days for name, said in store.schedules.all().items()}
    path = data / "results" / SET_DAYS
    if not days:
        path.unlink(missing_ok=True)
    elif days_in(path.parent) != days:
        path.parent.mkdir(parents=True, exist_ok=True)
        overwrite(path, as_text(days))


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
