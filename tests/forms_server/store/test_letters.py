"""A letter that was read is known again, by its form."""

from sqlalchemy import URL

from forms_server.database.tables import letter_marks
from forms_server.store import Store
from tests.forms_server.store.test_store import rows


def test_the_marks_of_a_letter_are_known_to_its_form_and_kept_once(store: Store, database_url: URL) -> None:
    store.letters.add("gruppo", {"a", "b"})
    store.letters.add("gruppo", {"b", "c"})
    store.letters.add("altro", {"d"})
    store.letters.add("gruppo", ())
    assert store.letters.known("gruppo", ["c", "a", "d", "e"]) == {"a", "c"}
    assert store.letters.known("altro", ["a", "d"]) == {"d"}
    assert len(rows(database_url, letter_marks)) == 4
