"""What invitations and sign-ins write down and mail, of the store alone: each address, moment and word of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest

from bacheca.forms.text import digest
from forms_server.accounts.invitations import Invitations, new_id
from forms_server.accounts.place import Place
from forms_server.accounts.sign_in import BETWEEN_LINKS, LINK_GOOD_FOR, TRIES, WINDOW, SignIn
from forms_server.crypto.tokens import Secret
from forms_server.errors import AccountProblem, PersonProblem
from forms_server.settings import Settings
from forms_server.store import OutboxMail, Store, WaitingMail
from forms_server.store.desk.accounts import Account, Passkey
from forms_server.store.desk.log import Entry

# what PostgreSQL does otherwise is looked at where each thing is used
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECRET = Secret("s" * 32)
PLACE = Place("https://desk.example", "desk.example", "desk.example")
SECOND = timedelta(seconds=1)
ADDRESS = "ada@example.org"


@pytest.fixture
def now() -> list[datetime]:
    return [NOW]


@pytest.fixture
def invitations(store: Store, now: list[datetime]) -> Invitations:
    names = iter(f"name {number}" for number in range(99))
    return Invitations(store, SECRET, Settings(), lambda: now[0], "ida", "http://localhost:9", lambda: next(names))


@pytest.fixture
def signing_in(store: Store, now: list[datetime]) -> SignIn:
    tokens = iter(f"token {number}" for number in range(99))
    return SignIn(store, SECRET, lambda: now[0], lambda: next(tokens))


def mailed(store: Store, now: datetime) -> WaitingMail | None:
    mail = store.outbox.take(now)
    if mail:
        store.outbox.sent(mail.id)
    return mail


def link_in(mail: WaitingMail | None) -> str:
    assert mail
    return SECRET.desk_token(str(mail.payload["link"]))


def with_app(invitations: Invitations, address: str = ADDRESS) -> tuple[Account, pyotp.TOTP]:
    """Invite somebody who accepts with an app; give the account and the app."""
    invitations.invite(address, "reader")
    token, at = link_in(mailed(invitations.store, invitations.now())), invitations.now()
    seed, kept = invitations.seed(token)
    assert invitations.accept_with_code(token, kept, pyotp.TOTP(seed).at(at))
    return invitations.find(address), pyotp.TOTP(seed)


def newest(store: Store) -> Entry:
    return next(store.desk_log.newest(1))


def test_an_invitation_is_written_down_and_mailed_and_good_for_two_days(
    invitations: Invitations, store: Store, now: list[datetime]
) -> None:
    account = invitations.invite(" Ada@Example.org ", "secretary", "de")
    assert account == Account(account.account_id, ADDRESS, "secretary", "de", NOW)
    said = newest(store)
    assert (said.done_at, said.account_id, said.action, said.about_account) == (
        *(NOW, "ida"),
        *("invite:secretary", account.account_id),
    )
    mail = mailed(store, NOW)
    assert mail
    assert (mail.kind, mail.recipient, mail.language, mail.created_at) == ("invitation", ADDRESS, "de", NOW)
    assert mail.payload == {"link": mail.id, "role": "secretary", "origin": "http://localhost:9"}
    assert invitations.invited("another") is None
    assert len({account.account_id, mail.id, said.id}) == 3
    assert len(bytes.fromhex(new_id())) == 16
    now[0] = NOW + timedelta(hours=48) - SECOND
    assert invitations.invited(link_in(mail)) == account
    now[0] += SECOND
    assert invitations.invited(link_in(mail)) is None


def test_an_invitation_leads_to_the_desk_that_is_set_and_speaks_the_communitys_language(
    invitations: Invitations, store: Store
) -> None:
    settings = Settings(desk_origin="https://desk.example")
    account = replace(invitations, settings=settings).invite(ADDRESS, "reader")
    mail = mailed(store, NOW)
    assert mail
    assert mail.payload["origin"] == "https://desk.example"
    assert account.language == mail.language == settings.community.language


@pytest.mark.parametrize(
    ("asked", "settings", "problem", "said"),
    [
        (("ada", "reader"), Settings(), PersonProblem, "is not an e-mail address"),
        (
            (ADDRESS, ""),
            Settings(),
            AccountProblem,
            r"^There is no role \. The roles are: reader, analyst, secretary, adm",
        ),
        ((ADDRESS, "director"), Settings(), AccountProblem, r"^There is no role director\. The roles are: reader, "),
        ((ADDRESS, "reader"), Settings(desk=False), AccountProblem, "^The desk is off: take FORMS_DESK=off out"),
        ((ADDRESS, "reader"), Settings(desk_origin="http://a.example"), AccountProblem, "^The desk needs https"),
    ],
)
def test_what_cannot_be_an_invitation_is_none(
    invitations: Invitations, asked: tuple[str, str], settings: Settings, problem: type[Exception], said: str
) -> None:
    with pytest.raises(problem, match=said):
        replace(invitations, settings=settings).invite(*asked)
    assert invitations.store.accounts.all() == []


def test_an_invitation_is_accepted_with_a_passkey_once(invitations: Invitations, store: Store) -> None:
    account = invitations.invite(ADDRESS, "reader")
    token, passkey = link_in(mailed(store, NOW)), Passkey("id", "", "key", 0, NOW)
    assert not invitations.accept_with_passkey("another", passkey)
    assert invitations.accept_with_passkey(token, passkey)
    assert not invitations.accept_with_passkey(token, passkey)
    assert store.accounts.passkeys_of(account.account_id) == [replace(passkey, account_id=account.account_id)]


def test_an_invitation_is_accepted_with_the_code_of_what_its_page_showed(
    invitations: Invitations, store: Store, now: list[datetime]
) -> None:
    invitations.invite(ADDRESS, "reader")
    token = link_in(mailed(store, NOW))
    seed, kept = invitations.seed(token)
    assert invitations.seed(token, kept)[0] == seed
    assert invitations.seed(token, "nothing")[0] != seed
    assert invitations.seed("another", kept)[0] != seed
    code = pyotp.TOTP(seed).at(NOW)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    tried = [(token, kept, wrong), ("another", kept, code), (token, "nothing", code)]
    assert [invitations.accept_with_code(*one) for one in tried] == [False] * 3
    assert invitations.accept_with_code(token, kept, code)
    with pytest.raises(AccountProblem, match=r"^This invitation was used before: ask an administrator for another"):
        invitations.accept_with_code(token, kept, code)
    account = invitations.find(ADDRESS)
    assert account.secret_id == SECRET.name(":audit")
    signing_in = SignIn(store, Secret("t" * 32, old=["s" * 32]), lambda: now[0])
    assert not signing_in.by_code(account, code)  # it accepted, and so was used
    now[0] += timedelta(seconds=30)
    assert signing_in.by_code(account, pyotp.TOTP(seed).at(now[0]))


def test_an_account_is_found_as_long_as_somebody_may_come_in_with_it(invitations: Invitations, store: Store) -> None:
    account = invitations.invite(ADDRESS, "reader")
    assert invitations.find(" ADA@example.org") == account
    with pytest.raises(PersonProblem):
        invitations.find("ada")
    store.sessions.start("token", account.account_id, NOW)
    invitations.remove(account)
    said = newest(store)
    assert (said.action, said.about_account, said.account_id) == ("remove", account.account_id, "ida")
    assert store.sessions.counts(NOW) == {}
    for address in (ADDRESS, "eva@example.org"):
        with pytest.raises(AccountProblem, match=f"^Nobody with the address {address} was invited"):
            invitations.find(address)


def test_a_role_is_given_that_there_is_and_one_administrator_is_left(invitations: Invitations, store: Store) -> None:
    account = invitations.invite(ADDRESS, "reader")
    with pytest.raises(AccountProblem, match=r"^There is no role director"):
        invitations.change_role(account, "director")
    invitations.change_role(account, "administrator")
    said = newest(store)
    assert (said.action, said.about_account) in {
        ("role:administrator", account.account_id),
        ("invite:reader", account.account_id),  # both of one second
    }
    administrator = invitations.find(ADDRESS)
    assert administrator.role == "administrator"
    changes: list[Callable[[Invitations], Any]] = [
        lambda one: one.change_role(administrator, "reader"),
        lambda one: one.remove(administrator),
        lambda one: one.invite(ADDRESS, "reader"),
    ]
    invitations.invite("eva@example.org", "administrator")
    store.outbox.of_subject("subject", "eva@example.org", NOW, lambda _account: (replace(said, id="x"), _mail()))
    for change in changes:
        with pytest.raises(AccountProblem, match=f"^{ADDRESS} is the last administrator who can come in"):
            change(invitations)
    with_provider = replace(invitations, settings=Settings(oidc_issuer="https://login.example"))
    changes[0](with_provider)
    assert invitations.find(ADDRESS).role == "reader"


def _mail() -> OutboxMail:
    return OutboxMail("bound", "bound", "eva@example.org", "it", {}, NOW, of_response=False)


def test_sessions_are_ended_of_somebody_or_of_everybody(invitations: Invitations, store: Store) -> None:
    accounts = [invitations.invite(f"{name}@example.org", "reader") for name in ("ada", "eva", "ida")]
    for account in accounts:
        store.sessions.start(account.account_id, account.account_id, NOW)
    assert invitations.sign_out(accounts[0]) == 1
    assert invitations.sign_out() == 2
    said = [entry.about_account for entry in store.desk_log.newest(9) if entry.action == "sign-out"]
    assert set(said) == {accounts[0].account_id, None}


def test_a_link_is_mailed_to_whoever_has_an_app_and_is_good_for_a_quarter_of_an_hour(
    invitations: Invitations, signing_in: SignIn, store: Store, now: list[datetime]
) -> None:
    account, app = with_app(invitations)
    signing_in.mail_link(" ADA@example.org ", PLACE)
    mail = mailed(store, NOW)
    assert mail
    assert (mail.kind, mail.recipient, mail.language, mail.created_at) == ("sign-in", ADDRESS, account.language, NOW)
    assert mail.payload == {"link": mail.id, "origin": "https://desk.example"}
    now[0] = NOW + LINK_GOOD_FOR - SECOND
    token = link_in(mail)
    assert signing_in.behind(token) == account
    assert signing_in.by_link(token, "000000" if app.at(now[0]) != "000000" else "111111") is None
    assert signing_in.by_link("another", app.at(now[0])) is None
    assert signing_in.by_link(token, app.at(now[0])) == account
    assert signing_in.behind(token) is None
    assert signing_in.by_link(token, app.at(now[0])) is None
    signing_in.mail_link(ADDRESS, PLACE)
    token = link_in(mailed(store, now[0]))
    assert signing_in.by_link(token, app.at(now[0])) is None  # the code was used
    now[0] += LINK_GOOD_FOR
    assert signing_in.behind(token) is None


def test_nobody_else_is_mailed_a_link_and_one_is_made_all_the_same(
    invitations: Invitations, signing_in: SignIn, store: Store, now: list[datetime]
) -> None:
    invitations.invite("passkey@example.org", "reader")
    mailed(store, NOW)
    ended, _app = with_app(invitations, "ended@example.org")
    invitations.remove(ended)
    for address in ("passkey@example.org", "ended@example.org", "nobody@example.org", "no address"):
        signing_in.mail_link(address, PLACE)
    assert mailed(store, NOW) is None
    with_app(invitations)
    for moment, comes in [(NOW, True), (NOW + BETWEEN_LINKS - SECOND, False), (NOW + BETWEEN_LINKS, True)]:
        now[0] = moment
        signing_in.mail_link(ADDRESS, PLACE)
        assert (mailed(store, moment) is not None) == comes


def test_the_links_of_nobody_are_kept_like_any_other(signing_in: SignIn, store: Store) -> None:
    ids = iter(["one", "two"])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("forms_server.accounts.sign_in.new_id", lambda: next(ids))
        signing_in.mail_link("nobody@example.org", PLACE)
        signing_in.mail_link("no address", PLACE)
    assert [store.accounts.knows_link(digest(SECRET.desk_token(one))) for one in ("one", "two", "three")] == [
        *(True, True, False),
    ]


def test_a_code_is_tried_ten_times_in_a_window_and_counted_for_each_account(
    invitations: Invitations, signing_in: SignIn, now: list[datetime]
) -> None:
    ada, eva = (with_app(invitations, f"{name}@example.org")[0] for name in ("ada", "eva"))
    assert [signing_in.waits(ada) for _ in range(TRIES + 1)] == [False] * TRIES + [True]
    assert not signing_in.waits(eva)
    now[0] = NOW + timedelta(seconds=WINDOW - 1)
    assert signing_in.waits(ada)
    now[0] = NOW + timedelta(seconds=WINDOW)
    assert not signing_in.waits(ada)


def test_a_code_of_this_moment_is_good_once_and_none_without_an_app(
    invitations: Invitations, signing_in: SignIn, now: list[datetime]
) -> None:
    account, app = with_app(invitations)
    now[0] += timedelta(minutes=1)
    code = app.at(now[0])
    assert [signing_in.by_code(account, one) for one in ("", code, code)] == [False, True, False]
    now[0] += timedelta(minutes=1)
    assert not signing_in.by_code(replace(account, authenticator=None), app.at(now[0]))


def test_a_session_begins_with_a_new_token_in_the_place_of_another_and_is_noted(
    invitations: Invitations, signing_in: SignIn, store: Store, now: list[datetime]
) -> None:
    account = invitations.invite(ADDRESS, "reader")
    now[0] += SECOND
    assert signing_in.start(account.account_id) == "token 0"
    said = newest(store)
    assert (said.account_id, said.action, said.done_at) == (account.account_id, "sign-in", now[0])
    found = store.sessions.find(digest("token 0"), now[0])
    assert found
    assert (found.account, found.started_at) == (account, now[0])
    now[0] += SECOND
    assert signing_in.start(account.account_id, digest("token 0"), "fresh") == "token 1"
    assert newest(store).action == "fresh"
    assert store.sessions.find(digest("token 0"), now[0]) is None
    assert store.sessions.find(digest("token 1"), now[0])
    assert len(SignIn(store, SECRET, lambda: now[0]).new_token()) == 43
