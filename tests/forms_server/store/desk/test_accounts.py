"""Who may use the desk: each word of an account is one person's alone, each link and code is good once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from forms_server.store import OutboxMail, Store
from forms_server.store.desk.accounts import Account, Link, Needed, NobodyLeft, Passkey, Proof
from tests.forms_server.store.samples import MOMENT
from tests.forms_server.stored import an_entry, invited

# what PostgreSQL does otherwise is looked at where each thing is used
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NOW = MOMENT.replace(microsecond=0)
LATER = NOW + timedelta(hours=1)
SECOND = timedelta(seconds=1)
ADA = Account("ada", "ada@example.org", "administrator", "it", NOW)
EVA = Account("eva", "eva@example.org", "reader", "de", NOW)


def link(owner: str | None = "ada", purpose: str = "invitation", number: int = 1, made_at: datetime = NOW) -> Link:
    name = f"{purpose} {number} of {owner}"
    return Link(name, f"hash of {name}", owner, purpose, made_at, made_at + timedelta(hours=1))


def passkey(owner: str = "ada", number: int = 1) -> Passkey:
    return Passkey(f"{owner} {number}", owner, f"key {number}", 0, NOW + number * SECOND)


def both(store: Store) -> None:
    """Invite both, and let both come in by a passkey."""
    for account in (EVA, ADA):
        invited(store, account, link(account.account_id))
        assert store.accounts.accept(link(account.account_id).token_hash, Proof(passkey(account.account_id)), NOW)


def bound(store: Store, subject: str, address: str, present: str = "") -> tuple[Account | None, list[str]]:
    """Let a provider vouch for somebody; give the account, and who was written to that it was bound."""
    written: list[str] = []

    def binding(account: Account) -> tuple[object, OutboxMail]:
        written.append(account.account_id)
        mail = OutboxMail(f"bound-{account.account_id}", "bound", account.address, "it", {}, NOW, of_response=False)
        return an_entry("bound"), mail

    return store.outbox.of_subject(subject, address, NOW, binding, present), written  # type: ignore[arg-type]


def test_whoever_was_invited_is_found_by_address_and_id_and_stays_listed_when_ended(store: Store) -> None:
    assert not store.accounts.any()
    both(store)
    assert store.accounts.all() == [ADA, EVA]
    assert (store.accounts.of_address("eva@example.org"), store.accounts.of_id("eva")) == (EVA, EVA)
    assert (store.accounts.of_address("eva"), store.accounts.of_id("eva@example.org")) == (None, None)
    store.accounts.end("ada", LATER, an_entry())
    assert store.accounts.any()
    store.accounts.end("eva", LATER, an_entry())
    assert not store.accounts.any()
    assert store.accounts.all() == [replace(ADA, ended_at=LATER), replace(EVA, ended_at=LATER)]


def test_a_role_and_a_language_are_changed_of_one_alone(store: Store) -> None:
    both(store)
    entry = an_entry("role")
    store.accounts.change_role("eva", "secretary", entry)
    store.accounts.speak("eva", "fr")
    assert store.accounts.all() == [ADA, replace(EVA, role="secretary", language="fr")]
    assert entry.id in [one.id for one in store.desk_log.newest(9)]


@pytest.mark.parametrize("ended", ["removed", "invited anew"])
def test_whoever_is_ended_or_invited_anew_is_shut_out_whole_and_nobody_else(store: Store, ended: str) -> None:
    both(store)
    for owner in ("ada", "eva"):
        store.sessions.start(f"session of {owner}", owner, NOW)
        store.outbox.add_link(link(owner, "sign-in"), None)
        bound(store, f"subject of {owner}", f"{owner}@example.org", owner)
    store.accounts.accept(link("eva").token_hash, Proof(authenticator="sealed"), NOW)
    entry = an_entry("end")
    if ended == "removed":
        store.accounts.end("eva", LATER, entry)
        assert store.accounts.of_id("eva") == replace(EVA, ended_at=LATER)
        assert entry.id in [one.id for one in store.desk_log.newest(9)]
    else:
        anew = replace(EVA, account_id="another", role="analyst", language="fr", created_at=LATER)
        assert invited(store, anew, link("another", number=2), entry) == replace(EVA, role="analyst", language="fr")
        assert store.accounts.of_id("another") is None
        written = {one.id: one.about_account for one in store.desk_log.newest(9)}
        assert written[entry.id] == "eva"
        assert store.accounts.behind(link("another", number=2).token_hash, "invitation", NOW) is not None
    assert (store.accounts.passkeys_of("eva"), store.accounts.passkeys_of("ada")) == ([], [passkey()])
    assert store.accounts.bound() == {"ada"}
    assert store.sessions.counts(NOW) == {"ada": 1}
    assert not store.accounts.knows_link(link("eva", "sign-in").token_hash)
    assert store.accounts.knows_link(link("ada", "sign-in").token_hash)


def test_an_ended_account_that_is_invited_anew_is_one_that_was_never_ended(store: Store) -> None:
    invited(store, ADA, link())
    store.accounts.accept(link().token_hash, Proof(authenticator="sealed", secret_id="key", code=7), NOW)
    store.accounts.end("ada", LATER, an_entry())
    known = invited(store, ADA, link(number=2))
    assert (known.ended_at, known.authenticator, known.created_at) == (None, None, NOW)


def test_a_link_leads_to_its_owner_for_its_purpose_in_its_time(store: Store) -> None:
    both(store)
    letter = OutboxMail("letter", "sign-in", "ada@example.org", "it", {}, NOW, of_response=False)
    store.outbox.add_link(link(purpose="sign-in"), letter)
    assert store.outbox.known(["letter"])
    store.outbox.add_link(link("eva", "sign-in"), None)
    token, over = link("eva", "sign-in").token_hash, link("eva", "sign-in").expires_at
    assert store.accounts.behind(token, "sign-in", over - SECOND) == EVA
    assert store.accounts.behind(token, "sign-in", over) is None
    assert store.accounts.behind(token, "invitation", NOW) is None
    assert store.accounts.behind("another", "sign-in", NOW) is None
    assert [store.accounts.knows_link(one) for one in (token, "another")] == [True, False]
    store.accounts.drop_links()
    assert not store.accounts.knows_link(token)


def test_a_link_of_nobody_leads_nowhere(store: Store) -> None:
    store.outbox.add_link(link(None, "sign-in"), None)
    assert store.accounts.knows_link(link(None, "sign-in").token_hash)
    assert store.accounts.behind(link(None, "sign-in").token_hash, "sign-in", NOW) is None
    assert not store.accounts.use_link(link(None, "sign-in").token_hash, 1, NOW)


def test_the_last_unused_link_of_somebody_is_known_and_those_that_are_over_go_when_another_is_made(
    store: Store,
) -> None:
    invited(store, EVA, link("eva"))
    invited(store, ADA, link())
    assert store.accounts.last_link("ada", "sign-in") is None
    store.outbox.add_link(link(purpose="sign-in", number=2, made_at=NOW + SECOND), None)
    store.outbox.add_link(link(purpose="sign-in", number=1), None)
    store.outbox.add_link(link("eva", "sign-in", made_at=NOW + 2 * SECOND), None)
    assert store.accounts.last_link("ada", "sign-in") == NOW + SECOND
    assert store.accounts.last_link("ada", "invitation") == NOW
    store.outbox.add_link(link("eva", "sign-in", number=3, made_at=LATER), None)
    assert not store.accounts.knows_link(link().token_hash)  # over at that very moment
    assert store.accounts.last_link("ada", "sign-in") == NOW + SECOND


@pytest.mark.parametrize("proof", [Proof(passkey("nobody")), Proof(None, "sealed", "key", 7)])
def test_an_invitation_is_accepted_once_in_its_time_by_whoever_it_was_sent_to(store: Store, proof: Proof) -> None:
    invited(store, EVA, link("eva"))
    invited(store, ADA, link())
    store.outbox.add_link(link(purpose="sign-in"), None)
    assert not store.accounts.accept(link().token_hash, proof, link().expires_at)
    assert not store.accounts.accept(link(purpose="sign-in").token_hash, proof, NOW)
    assert store.accounts.accept(link().token_hash, proof, NOW)
    assert not store.accounts.accept(link().token_hash, proof, NOW)
    if proof.passkey:
        assert store.accounts.passkeys_of("ada") == [replace(proof.passkey, account_id="ada")]
        assert store.accounts.all() == [ADA, EVA]
    else:
        assert store.accounts.all() == [replace(ADA, authenticator="sealed", secret_id="key"), EVA]
        assert store.accounts.passkeys_of("ada") == []
        assert [store.accounts.use_code("ada", code) for code in (7, 8)] == [False, True]


def test_a_code_is_good_once_and_none_before_it_and_none_of_whoever_is_ended(store: Store) -> None:
    for account in (EVA, ADA):
        invited(store, account, link(account.account_id))
    assert [store.accounts.use_code("ada", code) for code in (5, 5, 4, 6)] == [True, False, False, True]
    assert store.accounts.use_code("eva", 5)
    store.accounts.end("ada", LATER, an_entry())
    assert not store.accounts.use_code("ada", 7)
    assert not store.accounts.use_code("nobody", 7)


def test_a_link_that_signs_in_is_used_together_with_a_code_or_neither_is(store: Store) -> None:
    invited(store, ADA, link())
    store.outbox.add_link(link(purpose="sign-in"), None)
    token, over = link(purpose="sign-in").token_hash, link(purpose="sign-in").expires_at
    assert store.accounts.use_code("ada", 5)
    assert not store.accounts.use_link(token, 5, NOW)
    assert not store.accounts.use_link(token, 6, over)
    assert not store.accounts.use_link(link().token_hash, 6, NOW)
    assert store.accounts.use_link(token, 6, NOW)
    assert not store.accounts.use_link(token, 7, NOW)
    assert [store.accounts.use_code("ada", code) for code in (6, 7)] == [False, True]


def test_somebody_awaits_their_own_proof_who_has_one_and_came_by_no_provider(store: Store) -> None:
    assert not store.accounts.awaits_own_proof("ada@example.org")
    for account in (EVA, ADA):
        invited(store, account, link(account.account_id))
    store.accounts.accept(link("eva").token_hash, Proof(authenticator="sealed"), NOW)
    assert not store.accounts.awaits_own_proof("ada@example.org")
    assert store.accounts.awaits_own_proof("eva@example.org")
    store.accounts.accept(link().token_hash, Proof(passkey()), NOW)
    assert store.accounts.awaits_own_proof("ada@example.org")
    bound(store, "subject", "ada@example.org", "ada")
    assert not store.accounts.awaits_own_proof("ada@example.org")
    assert store.accounts.awaits_own_proof("eva@example.org")
    store.accounts.add_passkey(passkey("eva"))
    store.accounts.end("eva", LATER, an_entry())
    store.accounts.add_passkey(passkey("eva"))
    assert not store.accounts.awaits_own_proof("eva@example.org")


def test_a_provider_vouches_for_whoever_was_invited_and_takes_nobodys_place(store: Store) -> None:
    assert bound(store, "subject", "ada@example.org") == (None, [])
    for account in (EVA, ADA):
        invited(store, account, link(account.account_id))
    store.outbox.add_link(link(purpose="sign-in"), None)
    assert store.accounts.bound() == frozenset()
    assert bound(store, "subject", "ada@example.org") == (ADA, ["ada"])
    assert "bound" in [one.action for one in store.desk_log.newest(9)]
    assert bound(store, "subject", "ada@example.org") == (ADA, [])
    assert bound(store, "another subject", "ada@example.org") == (None, [])
    assert bound(store, "subject", "eva@example.org") == (None, [])
    assert store.accounts.bound() == {"ada"}
    assert not store.accounts.knows_link(link().token_hash)  # the invitation is used by it
    for stays in (link("eva"), link(purpose="sign-in")):
        assert store.accounts.knows_link(stays.token_hash)
    store.accounts.end("eva", LATER, an_entry())
    assert bound(store, "eva's", "eva@example.org") == (None, [])


def test_whoever_comes_in_with_something_of_their_own_is_bound_only_while_they_are_here(store: Store) -> None:
    both(store)
    assert bound(store, "subject", "ada@example.org") == (None, [])
    assert bound(store, "subject", "ada@example.org", present="eva") == (None, [])
    assert bound(store, "subject", "ada@example.org", present="ada") == (ADA, ["ada"])


def test_a_passkey_is_found_while_its_owner_may_come_in_and_the_last_one_stays(store: Store) -> None:
    both(store)
    second = passkey(number=2)
    store.accounts.add_passkey(second)
    store.accounts.add_passkey(replace(second, sign_count=9))  # the same button twice
    store.accounts.add_passkey(replace(second, credential_id="0", created_at=second.created_at))
    third = replace(second, credential_id="0")
    assert store.accounts.passkeys_of("ada") == [passkey(), third, second]
    assert (store.accounts.passkey("ada 2"), store.accounts.passkey("nobody's")) == (second, None)
    assert not store.accounts.drop_passkey("ada", "eva 1")
    assert not store.accounts.drop_passkey("eva", "eva 1")
    assert store.accounts.drop_passkey("ada", "0")
    assert not store.accounts.drop_passkey("ada", "0")
    assert store.accounts.drop_passkey("ada", "ada 1")
    assert not store.accounts.drop_passkey("ada", "ada 2")
    assert store.accounts.passkeys_of("ada") == [second]
    store.accounts.end("ada", LATER, an_entry())
    store.accounts.add_passkey(second)
    assert store.accounts.passkey("ada 2") is None


def test_a_challenge_is_answered_once_until_it_is_over(store: Store) -> None:
    assert store.accounts.answer("one", LATER, NOW)
    assert not store.accounts.answer("one", LATER, LATER - SECOND)
    assert store.accounts.answer("two", LATER + SECOND, NOW)
    assert store.accounts.answer("one", LATER, LATER)  # nothing is kept of what no key of ours opens any more
    assert not store.accounts.answer("two", LATER + SECOND, LATER)


def test_what_a_passkey_counts_only_grows_unless_it_counts_nothing(store: Store) -> None:
    both(store)
    counted = [store.accounts.counted("ada 1", count) for count in (0, 0, 3, 3, 2, 0, 4)]
    assert counted == [True, True, True, False, False, False, True]
    assert store.accounts.counted("eva 1", 1)
    assert not store.accounts.counted("nobody's", 1)


NEEDED = Needed("administrator")


@pytest.mark.parametrize(
    ("another", "refused"),
    [
        ("reader with a passkey", True),
        ("administrator with nothing", True),
        ("administrator with a passkey", False),
        ("administrator with an app", False),
        ("administrator with a provider", True),
        ("administrator who is ended", True),
    ],
)
def test_one_who_can_come_in_with_the_needed_role_is_always_left(store: Store, another: str, refused: bool) -> None:
    both(store)
    role, _, means = another.partition(" ")
    store.accounts.change_role("eva", role, an_entry())
    if means != "with a passkey":
        invited(store, replace(EVA, role=role), link("eva", number=2))
    if means == "with an app":
        store.accounts.accept(link("eva", number=2).token_hash, Proof(authenticator="sealed"), NOW)
    if means == "with a provider":
        bound(store, "subject", "eva@example.org")
    if means == "who is ended":
        store.accounts.end("eva", LATER, an_entry())
        store.accounts.add_passkey(passkey("eva"))
    changes: list[Callable[[Needed | None], object]] = [
        lambda needed: store.accounts.change_role("ada", "reader", an_entry(), needed),
        lambda needed: store.accounts.end("ada", LATER, an_entry(), needed),
        lambda needed: store.outbox.add_invitation(
            replace(ADA, role="reader"),
            link(number=3),
            OutboxMail("mail", "invitation", ADA.address, "it", {}, NOW, of_response=False),
            an_entry(),
            needed,
        ),
    ]
    if not refused:
        changes[0](NEEDED)
        assert store.accounts.of_id("ada") == replace(ADA, role="reader")
        changes[1](NEEDED)  # one who has it not may go
        return
    for change in changes:
        with pytest.raises(NobodyLeft):
            change(NEEDED)
    assert store.accounts.of_id("ada") == ADA
    store.accounts.change_role("ada", "administrator", an_entry(), NEEDED)
    if means == "with a provider":
        changes[1](Needed("administrator", by_provider=True))
    else:
        changes[0](None)
