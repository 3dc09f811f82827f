"""What the desk keeps on each kind of database: days that were set for forms, and files that are waited for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from forms_server.store import Store
from forms_server.store.desk.accounts import Account, Link
from forms_server.store.desk.downloads import Download
from forms_server.store.desk.schedules import Schedule
from tests.forms_server.store.samples import DAY, MOMENT, register, response
from tests.forms_server.stored import invited

NOW = MOMENT.replace(microsecond=0)
LINK = Link("link", "hash-of-token", "ada", "invitation", NOW, NOW)


def test_the_days_of_a_form_are_set_anew_and_dropped(store: Store) -> None:
    store.schedules.set(Schedule("gruppo", shut_at=NOW))
    store.schedules.set(Schedule("altro", opens=DAY, closes=date.max))
    assert store.schedules.all()["gruppo"] == Schedule("gruppo", shut_at=NOW)
    store.schedules.set(Schedule("gruppo", closes=DAY))
    store.schedules.drop("nobody")
    assert store.schedules.all() == {
        "gruppo": Schedule("gruppo", closes=DAY),
        "altro": Schedule("altro", opens=DAY, closes=date.max),
    }


def test_a_file_is_forgotten_in_its_time_and_once_an_answer_in_it_is_gone_or_another(store: Store) -> None:
    invited(store, Account("ada", "ada@example.org", "analyst", "it", NOW), LINK)
    register(store)
    for number in range(3):
        store.keep(response(number))
    files = [Download(f"{number}", "ada", "gruppo", kind, 0, NOW) for number, kind in enumerate(("xlsx", "sav"))]
    for file in files:
        store.downloads.ask(file)
    assert store.downloads.waiting() == files
    mark = store.downloads.mark("gruppo")
    assert store.downloads.made(files[0], mark, "x.xlsx", NOW)
    store.downloads.failed(files[1], "no room")
    assert store.downloads.waiting() == []
    assert store.downloads.one("0", "eva") is None
    assert store.downloads.one("0", "ada") == replace(files[0], mark=mark, file="x.xlsx", made_at=NOW)
    store.keep(response(9))  # what only came changes nothing
    assert store.downloads.forget(NOW - timedelta(hours=1)) == {"0"}  # nothing is left of what failed
    store.changes.withdraw("gruppo", response(1).response_id)
    assert not store.downloads.made(files[1], mark, "y.xlsx", NOW)
    assert store.downloads.forget(NOW - timedelta(hours=1)) == set()
    assert [download.download_id for download in files if store.downloads.one(download.download_id, "ada")] == ["1"]
    assert store.downloads.forget(NOW + timedelta(seconds=1)) == set()
