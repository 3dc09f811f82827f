"""Whoever is erased is in no package of ours either; what others put into the data folder is named, and stays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forms_server.context import Service
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.privacy.erasure import Staying, erase_person, staying
from forms_server.publishing.export import export_forms
from forms_server.store import Job, OutboxMail
from tests.forms_server.samples import ADA, Respondent, link
from tests.forms_server.test_posting import KEY

# what PostgreSQL does otherwise is looked at where each thing is used
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ADDRESS = ADA["email"]


@pytest.fixture
def persons(service: Service) -> DataSubjects:
    """Ada and Eva have signed up, and everything is exported."""
    ada = Respondent(service)
    ada.sign_up()
    ada.sign_up(_key=KEY + "eva", email="eva@example.org")
    for mail in ada.mails():
        ada.post(link(mail, "confirm"))
    ada.answer_survey()
    assert len(list(export_forms(service.store, service.forms, service.settings.data, NOW))) == 2
    return DataSubjects(service.retention, service.secret)


def package(service: Service, form: str) -> Path:
    return service.settings.data / "packages" / form


def test_the_packages_that_held_somebody_are_written_anew_and_no_others(
    service: Service, persons: DataSubjects
) -> None:
    survey = (package(service, "sondaggio") / "datapackage.json").read_bytes()
    erased = erase_person(persons, persons.find(ADDRESS), service.store, service.settings, NOW.replace(day=25))
    assert [done.form for done in erased.exported] == ["gruppo"]
    assert (erased.record.action, erased.record.counts) == ("erase", {"gruppo": 1})
    assert (erased.staying, erased.busy, erased.is_whole) == (Staying((), ()), None, True)
    written = (package(service, "gruppo") / "responses.csv").read_text(encoding="utf-8")
    assert (ADDRESS in written, "eva@example.org" in written) == (False, True)
    assert "2026-11-25" in (package(service, "gruppo") / "datapackage.json").read_text(encoding="utf-8")
    assert (package(service, "sondaggio") / "datapackage.json").read_bytes() == survey
    again = erase_person(persons, persons.find(ADDRESS), service.store, service.settings, NOW)
    assert (again.exported, again.is_whole) == ((), True)


def test_what_others_put_beside_is_named_where_it_holds_the_address(service: Service, persons: DataSubjects) -> None:
    data = service.settings.data
    for name, content in (("di-chi", ADDRESS.upper()), ("di-altri", "nobody")):
        package(service, name).mkdir()
        (package(service, name) / "copia.csv").write_text(content, encoding="utf-8")
    (data / "appunti.txt").write_text(f"scrivere a {ADDRESS}", encoding="utf-8")
    (data / "altro.txt").write_text("nobody", encoding="utf-8")
    (package(service, "gruppo") / "nota.txt").write_text(ADDRESS, encoding="utf-8")
    unknown = (package(service, "di-altri"), package(service, "di-chi"))
    naming = (package(service, "di-chi"), package(service, "gruppo") / "nota.txt", data / "appunti.txt")
    assert staying(service.settings, service.store, ADDRESS) == Staying(unknown, naming)
    erased = erase_person(persons, persons.find(ADDRESS), service.store, service.settings, NOW)
    assert (erased.staying, erased.is_whole) == (Staying(unknown, naming), False)
    assert staying(service.settings, service.store, "ida@example.org") == Staying(unknown, ())


def test_an_export_that_runs_meanwhile_is_told_and_the_package_is_due(service: Service, persons: DataSubjects) -> None:
    person = persons.find(ADDRESS)
    with service.store.alone_at(Job.EXPORT):
        erased = erase_person(persons, person, service.store, service.settings, NOW)
    assert (erased.exported, erased.is_whole) == ((), False)
    assert "by another process now" in str(erased.busy)
    assert persons.find(ADDRESS).held == ()
    after = erase_person(persons, persons.find(ADDRESS), service.store, service.settings, NOW)
    assert [done.form for done in after.exported] == ["gruppo"]


def test_all_answers_are_looked_through_part_by_part_as_long_as_there_is_time(
    service: Service, persons: DataSubjects
) -> None:
    whole = persons.find(ADDRESS)
    assert (whole.is_held, whole.counts) == (True, {"gruppo": 1})
    some = persons.look_through(ADDRESS.upper(), 0, [], lambda: True)
    assert (some.done, some.percent, some.is_whole) == (1, 6, False)
    times = iter([False, False, True])
    more = persons.look_through(ADDRESS, some.done, sorted(some.person.ids), lambda: next(times))
    assert (more.done, more.percent, more.is_whole) == (4, 25, False)
    rest = persons.look_through(ADDRESS, more.done, sorted(more.person.ids), lambda: False)
    assert (rest.done, rest.percent, rest.is_whole) == (16, 100, True)
    assert rest.person.counts == whole.counts
    assert rest.person.ids == whole.ids


def test_what_only_mentions_somebody_is_found_in_whatever_part_it_lies(service: Service, persons: DataSubjects) -> None:
    eva = Respondent(service)
    for number in range(3):
        eva.sign_up(_key=KEY + f"more{number}", email=f"{number}@example.org", nome=f"per conto di {ADDRESS}")
    whole = persons.find(ADDRESS)
    assert len(whole.mentions) == 3
    assert {(mention.form, mention.field) for mention in whole.mentions} == {("gruppo", "nome")}
    assert whole.ids == {mention.response_id for mention in whole.mentions} | {
        held.holding.stored.response_id for held in whole.held
    }
    look, seen = persons.look_through(ADDRESS, 0, [], lambda: True), set[str]()
    while not look.is_whole:
        seen |= look.person.ids
        look = persons.look_through(ADDRESS, look.done, sorted(seen), lambda: True)
    assert seen | look.person.ids == whole.ids
    assert len(look.person.mentions) == 3
    theirs = {held.holding.stored.response_id for held in whole.held}
    for parts in (2, 16):
        times = iter([*[False] * (parts - 1), True])
        look = persons.look_through(ADDRESS, 0, [], times.__next__)
        assert look.person.ids == {one for one in whole.ids if one in theirs or int(one[0], 16) < parts}
    known = persons.find_known(ADDRESS)
    assert (known.counts, known.mentions) == (whole.counts, ())


def test_an_erasure_that_was_killed_is_finished_under_its_name_with_all_that_it_erased(
    service: Service, persons: DataSubjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = persons.find(ADDRESS)
    assert not persons.is_unfinished(ADDRESS)
    with monkeypatch.context() as patched:
        patched.setattr(DataSubjects, "answer", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            persons.erase(person)
    assert persons.is_unfinished(ADDRESS)
    assert not persons.is_unfinished("eva@example.org")
    (begun,) = service.store.subject_access.audits()
    assert (begun.action, begun.counts) == ("erase-begun", {"gruppo": 1})
    done = persons.erase(persons.find(ADDRESS))
    assert (done.id, done.action, done.counts) == (begun.id, "erase", {"gruppo": 1})
    assert list(service.store.subject_access.audits()) == [done]
    assert not persons.is_unfinished(ADDRESS)


def test_mail_of_no_response_goes_with_whoever_it_was_for_and_stays_gone(
    service: Service, persons: DataSubjects
) -> None:
    for number, recipient in enumerate((ADDRESS.upper(), "eva@example.org", f"x{ADDRESS}")):
        mail = OutboxMail(f"{number}", "notice", recipient, "it", {}, NOW, of_response=False)
        service.store.outbox.add(mail)
    person = persons.find(ADDRESS)
    assert [letter.id for letter in person.letters] == ["0"]
    persons.erase(person)
    assert set(service.store.subject_access.letter_ids()) == {"1", "2"}
    service.store.outbox.add(OutboxMail("0", "notice", ADDRESS, "it", {}, NOW, of_response=False))
    service.retention.replay()  # an old copy brought it back
    assert set(service.store.subject_access.letter_ids()) == {"1", "2"}
