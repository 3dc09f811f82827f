"""What the terminal does with accounts: invite, list, change, end."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forms_server.accounts.invitations import Invitations
from forms_server.accounts.place import kept_port
from forms_server.context import Service
from forms_server.errors import AccountProblem, StoreUnavailable
from forms_server.settings import Settings
from forms_server.store import OutboxMail, Store, open_store
from forms_server.store.desk.accounts import Account, Link, Needed, NobodyLeft, Proof
from forms_server.store.desk.log import Entry
from tests.forms_server.desk.keeper import command, keeper
from tests.forms_server.samples import Respondent
from tests.forms_server.store.samples import MOMENT
from tests.forms_server.stored import an_entry, invited
from tests.forms_server.test_posting import KEY

NEEDED = Needed("administrator")


def test_the_first_is_invited_in_the_terminal_and_so_is_a_last_administrator_who_lost_a_device(
    service: Service,
) -> None:
    assert "48 hours" in command(service, "invite", "Ada@Example.org", "--role", "administrator", "--lang", "de")
    assert command(service, "accounts") == "ada@example.org: administrator, invited, 0 sessions\n"
    account = service.store.accounts.of_address("ada@example.org")
    assert account
    assert account.language == "de"
    assert "is not an e-mail address" in command(service, "invite", "ada", "--role", "reader", code=1)
    assert "last administrator" in command(service, "invite", "ada@example.org", "--role", "reader", code=1)
    said = command(service, "invite", "ada@example.org", "--role", "administrator")
    assert "http://localhost:8000, where nothing answers: start the service" in said
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with kept_port(service.settings.data, port):
            said = command(service, "invite", "ada@example.org", "--role", "administrator")
    assert f"on this machine alone, at http://localhost:{port}; for other people set FORMS_DESK_ORIGIN" in said
    mail = service.store.outbox.take(datetime.now(UTC) + timedelta(minutes=1))  # the terminal has the machine's clock
    origins = set()
    while mail:
        origins.add(mail.payload["origin"])
        mail = service.store.outbox.take(datetime.now(UTC) + timedelta(minutes=1))
    assert f"http://localhost:{port}" in origins
    said = command(
        service, "invite", "ada@example.org", "--role", "administrator", FORMS_DESK_ORIGIN="https://desk.example"
    )
    assert "FORMS_DESK_ORIGIN" not in said


def test_what_the_desk_does_with_accounts_the_terminal_does(service: Service) -> None:
    keeper(service, "administrator")
    eva = keeper(service, "reader")
    assert "reader@example.org: reader, 1 passkeys" in command(service, "accounts", "reader@example.org")
    assert "secretary" in command(service, "accounts", "reader@example.org", "--role", "secretary")
    assert eva.get("/desk/").status_code == 200
    assert command(service, "accounts", "reader@example.org", "--sign-out") == "1 sessions ended\n"
    assert eva.get("/desk/").status_code == 303
    assert "no more" in command(service, "accounts", "reader@example.org", "--remove")
    assert eva.come_in().status_code == 403
    assert "was invited" in command(service, "accounts", "reader@example.org", code=1)
    assert command(service, "accounts", "--remove", code=2)
    assert command(service, "accounts", "--sign-out") == "1 sessions ended\n"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"FORMS_DESK": "off"}, "FORMS_DESK=off"),
        ({"FORMS_PUBLIC_URL": "http://portal.example"}, "FORMS_DESK_ORIGIN"),
    ],
)
def test_nobody_is_invited_to_where_there_can_be_no_desk(service: Service, setting: dict[str, str], said: str) -> None:
    assert said in command(service, "invite", "ada@example.org", "--role", "reader", code=1, **setting)
    assert service.store.accounts.all() == []


def test_status_says_what_the_first_page_says(service: Service) -> None:
    Respondent(service).answer_survey(_key=KEY + "a")
    said = command(service, "status")
    assert "sondaggio: open, 1 kept, 0 to be confirmed, 0 waiting, 0 in quarantine, the last on 2026-11-23" in said
    assert "Mail going out: nothing is stuck" in said


def test_a_backup_that_is_brought_back_brings_no_session_and_no_link_with_it(service: Service, tmp_path: Path) -> None:
    ada = keeper(service, "reader")
    command(service, "invite", "eva@example.org", "--role", "reader")
    eva = service.store.accounts.of_address("eva@example.org")
    assert eva
    command(service, "backup", str(tmp_path / "copy.db"))
    service.store.close()
    command(service, "restore", str(tmp_path / "copy.db"), "--replace")
    store = open_store(service.settings.database_url)
    assert store.accounts.of_address("reader@example.org")
    assert store.sessions.find(ada.cookie, service.intake.now()) is None
    assert store.sessions.end_all() == 0
    assert store.accounts.last_link(eva.account_id, "invitation") is None
    store.close()


def test_links_lead_to_the_desks_own_address(service: Service) -> None:
    settings = Settings(data=service.settings.data, desk_origin="https://desk.example", mail_from="a@example.org")
    made = Invitations(service.store, service.secret, settings, service.intake.now)
    made.invite("ada@example.org", "reader", "it")
    with pytest.raises(AccountProblem, match="The roles are: reader"):
        made.invite("ada@example.org", "director")
    mail = service.store.outbox.take(service.intake.now())
    assert mail
    assert mail.payload["origin"] == "https://desk.example"


def test_two_administrators_who_remove_each_other_at_once_are_not_both_gone(store: Store) -> None:
    ids = ("a", "b")
    for one in ids:
        _let_in(store, one)
    both = threading.Barrier(2)
    outcomes: list[str] = []

    def remove(other: str) -> None:
        both.wait()
        try:
            store.accounts.end(other, MOMENT, an_entry(), NEEDED)
            outcomes.append("done")
        except NobodyLeft:
            outcomes.append("refused")

    threads = [threading.Thread(target=remove, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert sum(account.ended_at is None for account in store.accounts.all()) == 1


def test_whoever_was_invited_and_never_came_in_is_not_another_administrator(store: Store) -> None:
    _let_in(store, "a")
    _invited(store, "b")
    with pytest.raises(NobodyLeft):
        store.accounts.end("a", MOMENT, an_entry(), NEEDED)
    with pytest.raises(NobodyLeft):
        store.accounts.change_role("a", "reader", an_entry(), NEEDED)
    store.accounts.end("b", MOMENT, an_entry(), NEEDED)


def test_whoever_comes_in_by_a_provider_that_is_set_no_more_is_not_another_administrator(store: Store) -> None:
    _let_in(store, "a")
    _invited(store, "b")
    mail = OutboxMail("m", "bound", "b@example.org", "it", {}, MOMENT, of_response=False)
    assert store.outbox.of_subject("subject", "b@example.org", MOMENT, lambda _account: (an_entry(), mail))
    with pytest.raises(NobodyLeft):
        store.accounts.end("a", MOMENT, an_entry(), NEEDED)
    store.accounts.end("a", MOMENT, an_entry(), replace(NEEDED, by_provider=True))


def test_an_invitation_its_letter_and_the_log_are_one_or_nothing(store: Store) -> None:
    store.desk_log.add([replace(an_entry(), id="same")])
    with pytest.raises(StoreUnavailable):
        _invited(store, "a", replace(an_entry(), id="same"))
    assert store.accounts.all() == []
    assert store.outbox.in_states() == {}
    _invited(store, "a")
    [said, _before] = store.desk_log.newest(2)
    assert "a" in (said.about_account, _before.about_account)


def _let_in(store: Store, account_id: str) -> None:
    _invited(store, account_id)
    assert store.accounts.accept(f"t-{account_id}", Proof(authenticator="sealed", secret_id="k", code=1), MOMENT)


def _invited(store: Store, account_id: str, entry: Entry | None = None) -> None:
    account = Account(account_id, f"{account_id}@example.org", "administrator", "it", MOMENT)
    link = Link(f"l-{account_id}", f"t-{account_id}", None, "invitation", MOMENT, MOMENT + timedelta(hours=1))
    invited(store, account, link, entry)
