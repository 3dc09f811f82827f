"""What looks like a program's waits for a decision, and is let in as if it had come just then."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import URL

from forms_server.database.tables import mail_counts, outbox, responses
from forms_server.store import Store
from forms_server.store.quarantine import Release
from tests.forms_server.store.samples import DAY, MOMENT, places, register, response
from tests.forms_server.store.test_changes import sign_up
from tests.forms_server.store.test_store import rows

LATER = timedelta(days=3)
NOW = MOMENT.replace(microsecond=0) + LATER


def test_what_waits_is_counted_by_form_and_listed_the_oldest_first(store: Store) -> None:
    for form in ("gruppo", "altro", "terzo"):
        register(store, form=form)
    days = {1: 2, 2: 0, 3: 1, 4: 1}
    for number, day in days.items():
        store.keep(response(number, doubted=True, received_on=DAY + timedelta(days=day)))
    store.keep(response(5))
    store.keep(response(6, form="terzo", doubted=True))
    assert store.quarantine.counts(["gruppo", "altro"]) == {"gruppo": 4, "altro": 0}
    waiting = [(found.received_on, found.response_id) for found in store.quarantine.waiting("gruppo")]
    assert waiting == sorted((DAY + timedelta(days=day), response(number).response_id) for number, day in days.items())
    assert store.quarantine.waiting("altro") == []


def test_why_each_waits_is_told_where_it_was_written_down(store: Store) -> None:
    register(store)
    for number, doubt in enumerate(("trap", None, "fast"), 1):
        store.keep(response(number, doubted=True, doubt=doubt))
    ids = [response(number).response_id for number in (1, 2)]
    assert store.quarantine.doubts("gruppo", ids) == {ids[0]: "trap"}
    assert store.quarantine.doubts("altro", ids) == {}


def test_a_released_sign_up_waits_from_that_day_and_its_mail_may_go_out(store: Store, database_url: URL) -> None:
    register(store)
    for number in (1, 2):
        store.keep(replace(sign_up(number), doubted=True))
    this = sign_up(1).response_id
    outcome = store.quarantine.release(
        "gruppo", this, DAY + LATER, NOW, places(2), pseudonyms_of=lambda to: (f"of {to}",)
    )
    assert outcome is Release.RELEASED
    found = {row["response_id"]: row for row in rows(database_url, responses)}
    assert (found[this]["state"], found[this]["pending_since"]) == ("pending", DAY + LATER)
    mails = {row["response_id"]: row for row in rows(database_url, outbox)}
    assert [mails[this][name] for name in ("state", "next_attempt_at", "created_at")] == ["waiting", NOW, NOW]
    other = sign_up(2).response_id
    assert [found[other]["state"], mails[other]["state"]] == ["quarantined", "held"]
    counted = [(row["day"], row["pseudonym"]) for row in rows(database_url, mail_counts)]
    assert counted == [(DAY + LATER, "of 1@example.org")]


def test_an_address_that_had_its_mails_of_the_day_gets_none_by_a_release(store: Store, database_url: URL) -> None:
    register(store)
    for number in range(5):
        store.keep(replace(sign_up(number, "ada"), doubted=True))
        store.quarantine.release(
            "gruppo", sign_up(number).response_id, DAY, NOW, None, pseudonyms_of=lambda _: ("counted-ada",)
        )
    assert sorted(str(row["id"]) for row in rows(database_url, outbox)) == ["confirm-0", "confirm-1", "confirm-2"]
    assert store.counts("gruppo") == {"pending": 5}


def test_only_what_is_in_quarantine_is_released_and_only_while_there_are_places(store: Store) -> None:
    register(store)
    store.keep(response(1))
    store.keep(response(2, doubted=True))
    doubted = response(2).response_id

    def release(form: str, response_id: str, count: int | None) -> Release:
        return store.quarantine.release(form, response_id, DAY, NOW, places(count) if count else None)

    assert release("gruppo", response(1).response_id, None) is Release.ABSENT
    assert release("altro", doubted, None) is Release.ABSENT
    assert release("gruppo", doubted, 1) is Release.FULL
    assert store.counts("gruppo") == {"kept": 1, "quarantined": 1}
    assert release("gruppo", doubted, 2) is Release.RELEASED
    assert store.counts("gruppo") == {"kept": 2}
