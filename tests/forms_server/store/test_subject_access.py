"""All that is held of somebody is found, whatever the form; what was done for them is noted for a while."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import URL

from forms_server.database.engine import Work
from forms_server.database.tables import audit
from forms_server.store import Store, StoredResponse, open_store, subject_access
from forms_server.store.subject_access import AuditRecord, ConsentHeld, CorrectionHeld, MailHeld, Sought
from tests.forms_server.store.samples import CONSENT, DAY, MAIL, MOMENT, register, response
from tests.forms_server.store.test_changes import OLDEST, correction, sign_up
from tests.forms_server.store.test_store import rows
from tests.forms_server.stored import beside

SECOND = MOMENT.replace(microsecond=0)
LATER = timedelta(days=1)


def is_ada(stored: StoredResponse) -> bool:
    return stored.answers["nome"].startswith("Ada")


def test_a_response_is_found_with_all_that_is_kept_beside_it(store: Store) -> None:
    register(store)
    quiet = replace(CONSENT, field="novita", notice_hash="hash-of-news", notice="Voglio le novità", given_at=None)
    mail = replace(MAIL, id="mail-0", kind="receipt", created_at=MOMENT + LATER)
    store.keep(sign_up(consents=(CONSENT, quiet), mail=(mail,)))
    store.keep(response(2, answers={"nome": "Bea"}, consents=(CONSENT,)))
    store.changes.confirm("gruppo", "confirm-1", OLDEST, MOMENT + LATER)
    for number, agreed in enumerate(((CONSENT,), (CONSENT, quiet)), 1):
        change = correction(content_hash=f"other-{number}", consents=agreed, day=DAY + number * LATER)
        assert store.changes.correct("gruppo", "mailed-1", change)
    (found,) = store.subject_access.find(is_ada)
    assert found.stored.response_id == sign_up().response_id
    assert found.stored.state == "kept"
    assert found.confirmed_at == SECOND + LATER
    assert found.consents == (
        ConsentHeld(
            "novita",
            1,
            "hash-of-news",
            "it",
            "Voglio le novità",
            None,
            None,
            given_on=DAY,
            withdrawn_on=DAY + LATER,
            confirmed_at=SECOND + LATER,
        ),
        ConsentHeld("novita", 2, "hash-of-news", "it", "Voglio le novità", None, None, DAY + 2 * LATER, None, SECOND),
        ConsentHeld(
            "privacy", 1, "hash-of-notice", "it", "Ho letto l'informativa", SECOND, None, None, None, SECOND + LATER
        ),
    )
    assert found.corrections == (
        CorrectionHeld(1, "v1", "content-1", DAY + LATER),
        CorrectionHeld(2, "v1", "other-1", DAY + 2 * LATER),
    )
    assert found.mails == (
        MailHeld("confirm", "waiting", "1@example.org", SECOND),
        MailHeld("receipt", "waiting", "ada@example.org", SECOND + LATER),
    )


def test_what_is_held_of_a_person_comes_the_oldest_first_whatever_its_form_and_state(store: Store) -> None:
    register(store)
    register(store, form="altro")
    store.keep(response(1, doubted=True))
    store.keep(response(2, received_on=DAY + LATER))
    store.keep(response(3, form="altro"))
    store.keep(sign_up(4))
    store.keep(response(5, answers={"nome": "Bea"}))
    found = [
        (held.stored.received_on, held.stored.form, held.stored.response_id)
        for held in store.subject_access.find(is_ada)
    ]
    assert len(found) == 4
    assert found == sorted(found)


def test_answers_are_given_by_their_ids_however_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject_access, "AT_ONCE", 2)
    register(store)
    for number in range(6):
        store.keep(response(number, doubted=number == 1))
    asked = [response(number).response_id for number in (0, 1, 2, 4, 5, 9)]
    assert store.subject_access.answers_of(asked) == {
        response(number).response_id: response(number).answers for number in (0, 1, 2, 4, 5)
    }


def test_what_was_done_is_listed_in_order_until_it_is_forgotten(store: Store, database_url: URL) -> None:
    forget = MOMENT - timedelta(days=100)
    records = [
        AuditRecord("c", SECOND, "export", "ada", {"gruppo": 2, "altro": 1}, "key-1"),
        AuditRecord("a", SECOND + LATER, "erase", "bea", {}),
        AuditRecord("b", SECOND + LATER, "evidence", "ada by the older key", {"gruppo": 1}),
    ]
    for record in reversed(records):
        store.subject_access.note(record, forget)
    assert list(store.subject_access.audits()) == records
    assert [store.subject_access.audit(name) for name in ("a", "x")] == [records[1], None]
    assert list(store.subject_access.audits("ada", "ada by the older key")) == [records[0], records[2]]
    assert list(store.subject_access.audits("cleo")) == []
    store.subject_access.note(replace(records[0], id="d", done_at=SECOND + 2 * LATER), SECOND + LATER)
    assert sorted(str(row["id"]) for row in rows(database_url, audit)) == ["a", "b", "d"]


def test_only_what_may_be_of_a_person_is_looked_at(store: Store) -> None:
    register(store)
    for number, name in enumerate(("Ada", "Bea", "Cleo ada@example.org", "Dora"), 1):
        store.keep(replace(sign_up(number), answers={"nome": name}))
    seen: list[str] = []

    def look(stored: StoredResponse) -> bool:
        seen.append(stored.answers["nome"])
        return False

    ids = [response(4).response_id]
    store.subject_access.find(look, Sought({"gruppo": ["address-2"]}, "ADA@", ids=ids))
    assert sorted(seen) == ["Bea", "Cleo ada@example.org", "Dora"]


def test_letters_to_an_address_are_found_while_somebody_writes(sqlite_url: URL) -> None:
    store = open_store(sqlite_url)
    for number, recipient in enumerate(("ada@example.org", "a.da@example.org", "Ada@example.org")):
        mail = replace(MAIL, id=f"mail-{number}", recipient=recipient, of_response=False, created_at=SECOND)
        store.outbox.add(mail)
    with beside(sqlite_url, Work.WRITE):
        found = store.subject_access.letters_to("ada@", lambda address: address.lower() == "ada@example.org")
        assert store.waiting_list.tally("gruppo", "nome") == {}
    assert [held.id for held in found] == ["mail-0", "mail-2"]
    store.close()
