"""The secret key can be changed: what was made with the one before is recognised as long as that one is set."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import URL

from bacheca.forms.submission.mail_template import mail_lines, mail_text
from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.crypto.tokens import Secret
from forms_server.errors import SettingsProblem
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.settings import Settings
from forms_server.submission.mail_import import MailImport
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.stored import responses_in
from tests.forms_server.submission.test_mail_import import CASA, letter
from tests.forms_server.test_posting import KEY, OWN

OLD, NEW, NEWEST = "k" * 32, "n" * 32, "m" * 32
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADDRESS = "ada.prova@example.org"

Run = Callable[..., AbstractContextManager[Service]]


@pytest.fixture
def run(tmp_path: Path, database_url: URL) -> Run:
    """Run the service with a key and those before it."""

    def start(key: str = OLD, *old: str) -> AbstractContextManager[Service]:
        listed = ", ".join(old)
        return running(tmp_path, database_url, lambda: NOW, FORMS_SECRET_KEY=key, FORMS_OLD_SECRET_KEYS=listed)

    return start


def command(service: Service, key: str, *old: str) -> str:
    environ = {
        "FORMS_DATABASE_URL": service.settings.database_url.render_as_string(hide_password=False),
        "FORMS_CONTENT": str(service.settings.content),
        "FORMS_DATA": str(service.settings.data),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": key,
        "FORMS_OLD_SECRET_KEYS": " ".join(old),
    }
    done = CliRunner().invoke(main, ["secret-keys"], env=environ)
    assert done.exit_code == 0, done.output
    return done.output


def reference(page: str) -> str:
    found = re.search(r'form-reference">([^<]+)<', page)
    assert found
    return found[1]


@pytest.mark.parametrize("keys", [(NEW, OLD), (NEWEST, NEW, OLD)], ids=["once", "twice"])
def test_every_link_and_key_made_before_is_known_after(run: Run, keys: tuple[str, ...]) -> None:
    with run() as service:
        before = Respondent(service)
        survey, group = before.answer_survey(), before.sign_up()
        confirm = link(before.mails()[0], "confirm")
        said = [reference(before.browser.get(receipt).text) for receipt in (survey, group)]
        check = service.secret.new_signed_key("sondaggio")
        stamp = service.secret.stamp("sondaggio", 7)
    with run(*keys) as service:
        ada = Respondent(service)
        assert [reference(ada.browser.get(receipt).text) for receipt in (survey, group)] == said
        assert (ada.answer_survey(), ada.sign_up()) == (survey, group)
        other = ada.browser.post("/forms/sondaggio", data={"_key": KEY, "luogo": "ufficio", "_lang": "it"}, headers=OWN)
        assert other.status_code == 409
        assert service.secret.is_signed_key("sondaggio", check)
        assert service.secret.stamped("sondaggio", stamp) == 7
        ada.post(f"{survey}/correct", {"luogo": "ufficio", "commento": "x"})
        mine = ada.post(confirm)
        assert ada.browser.get(mine).status_code == 200
        assert "Confermato" in ada.browser.get(group).text
        ada.post(f"{mine.partition('?')[0]}/withdraw")
        ada.post(f"{survey}/withdraw")
        assert service.store.counts("gruppo") == {"withdrawn": 1}
        assert service.store.counts("sondaggio") == {"withdrawn": 1}
    with run(NEW) as service:
        assert Respondent(service).browser.get(survey).status_code == 404


def test_an_address_stays_one_member_and_is_known_by_todays_key_once_it_is_seen(run: Run) -> None:
    with run() as service:
        ada = Respondent(service)
        ada.sign_up()
        mailed = ada.mails()[0]
        ada.post(link(mailed, "confirm"))
    with run(NEW, OLD) as service:
        ada = Respondent(service)
        ada.sign_up(_key=KEY + "2")
        told = ada.mails()[-1]
        assert "Sei già nell’elenco" in told["Subject"]
        (member,) = responses_in(service.store, "gruppo", 1)
        assert member.address_hash == service.secret.address_hash("gruppo", ADDRESS)
        for mail in (mailed, told):
            assert ada.browser.get(link(mail, "receipt")).status_code == 200
        mine = link(told, "receipt").partition("?")[0]
        assert ada.browser.post(f"{mine}/correct", data={"nome": "Ada B", "email": ADDRESS, "consenso": "true"},
                                headers=OWN).status_code == 303  # fmt: skip
        assert service.store.counts("gruppo") == {"kept": 1, "pending": 1}


def test_an_address_that_became_a_member_twice_while_a_key_was_forgotten_can_still_sign_up(run: Run) -> None:
    for number, key in enumerate((OLD, NEW)):
        with run(key) as service:
            ada = Respondent(service)
            ada.sign_up(_key=f"{KEY}{number}")
            ada.post(link(ada.mails()[-1], "confirm"))
    with run(NEWEST, NEW, OLD) as service:
        ada = Respondent(service)
        ada.sign_up(_key=KEY + "9")
        assert "Sei già nell’elenco" in ada.mails()[-1]["Subject"]
        assert service.store.counts("gruppo") == {"kept": 2, "pending": 1}
        members = {member.address_hash for member in responses_in(service.store, "gruppo", 1)}
        assert members == {Secret(key).address_hash("gruppo", ADDRESS) for key in (OLD, NEWEST)}


def test_a_correction_of_an_old_response_changes_no_address(run: Run) -> None:
    with run() as service:
        ada = Respondent(service)
        ada.sign_up()
        confirm = link(ada.mails()[0], "confirm")
        mine = ada.post(confirm).partition("?")[0]
    with run(NEW, OLD) as service:
        ada = Respondent(service)
        ada.post(f"{mine}/correct", {"nome": "Ada B", "email": ADDRESS, "consenso": "true", "_lang": "it"})
        assert service.store.counts("gruppo") == {"kept": 1}
        assert len(ada.mails()) == 1
        person = DataSubjects(service.retention, service.secret).find(ADDRESS)
        assert len(person.held) == 1


def test_mail_that_waits_when_the_key_is_changed_has_links_that_open(run: Run) -> None:
    with run() as service:
        Respondent(service).sign_up()
    with run(NEW, OLD) as service:
        ada = Respondent(service)
        ada.post(link(ada.mails()[0], "confirm"))
        assert service.store.counts("gruppo") == {"kept": 1}


def test_mails_of_the_day_are_counted_on(run: Run) -> None:
    with run() as service:
        for number in range(2):
            Respondent(service).sign_up(_key=f"{KEY}{number}")
    with run(NEW, OLD) as service:
        ada = Respondent(service)
        for number in range(2, 6):
            ada.sign_up(_key=f"{KEY}{number}")
        assert len(ada.mails()) == 3


def test_what_was_done_for_somebody_is_found_by_their_address(run: Run) -> None:
    with run() as service:
        persons = DataSubjects(service.retention, service.secret)
        persons.note("export", persons.find(ADDRESS))
    with run(NEW, OLD) as service:
        persons = DataSubjects(service.retention, service.secret)
        assert len(list(service.store.subject_access.audits(*persons.subjects(ADDRESS)))) == 1


def test_a_letter_is_known_again_and_what_was_erased_stays_erased(run: Run) -> None:
    with run() as service:
        form = service.forms["sondaggio"].form
        raw, erased = (
            letter(mail_text(mail_lines(form, "it", {**CASA, "commento": [str(n)]})), number=n) for n in (1, 2)
        )
        desk = MailImport(service.intake, service.forms, "http://localhost")
        receipt = desk.keep(raw).receipt
        desk.keep(erased)
        gone = next(one for one in responses_in(service.store, "sondaggio", 1) if one.answers["commento"] == "2")
        service.retention.withdraw(gone)
    with run(NEW, OLD) as service:
        desk = MailImport(service.intake, service.forms, "http://localhost")
        again = desk.keep(raw)
        assert (again.is_new, again.receipt) == (False, receipt)
        assert (desk.keep(erased).is_new, desk.keep(erased).receipt) == (False, None)
        assert service.store.counts("sondaggio") == {"kept": 1, "withdrawn": 1}


def test_the_command_counts_what_hangs_on_each_key(run: Run) -> None:
    with run() as service:
        ada = Respondent(service)
        ada.answer_survey()
        receipt = ada.sign_up()
    with run(NEW, OLD) as service:
        ada = Respondent(service)
        ada.answer_survey(_key=KEY + "2")
        said = command(service, NEW, OLD)
        assert said == "today’s key: 1 responses\nold key 1: 2 responses, 2 links\n"
        assert "keys that are not set: 2 responses, 2 links" in command(service, NEW)
        ada.post(f"{receipt}/withdraw")
        assert command(service, NEW, OLD) == "today’s key: 1 responses\nold key 1: 1 responses\n"


def test_keys_are_read_between_blanks_and_commas_and_never_shown() -> None:
    settings = Settings.from_environ({"FORMS_OLD_SECRET_KEYS": f"{OLD}, {NEW}\n{NEWEST}"})
    assert settings.old_secret_keys == (OLD, NEW, NEWEST)
    assert OLD not in repr(settings)
    with pytest.raises(SettingsProblem) as problem:
        Settings.from_environ({"FORMS_OLD_SECRET_KEYS": f"{OLD} short-one"})
    assert "short-one" not in str(problem.value)


def test_a_key_has_another_name_in_each_form() -> None:
    secret = Secret(NEW, old=(NEW, OLD, OLD))
    assert len(secret.all) == 2
    assert secret.name("a") != secret.name("b")
    assert [secret.named("a", one.name("a")) for one in secret.all] == list(secret.all)
    assert secret.named("a", "") is secret.former[0]
