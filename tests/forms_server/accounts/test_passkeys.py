"""Passkeys, answered by a device of our own: what holds is taken once, and nothing else is taken."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from fido2.utils import websafe_encode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms_server.context import Service
from tests.forms_server.desk.keeper import Device, Keeper, keeper
from tests.forms_server.samples import Respondent


def refused(somebody: Keeper, credential: str) -> bool:
    """Tell whether a credential opens nothing."""
    answer = somebody.post("/desk/sign-in", {"credential": credential})
    return answer.status_code == 403 and not somebody.cookie


@pytest.fixture
def stranger(service: Service) -> Keeper:
    """Another browser, at the same door, with Ada's device."""
    ada = keeper(service, "reader")
    other = Keeper(service)
    other.device = ada.device
    return other


def test_whoever_has_the_passkey_comes_in(stranger: Keeper) -> None:
    assert stranger.come_in().status_code == 303
    assert stranger.get("/desk/").status_code == 200


def test_a_challenge_is_answered_once(stranger: Keeper) -> None:
    asked = stranger.options(stranger.get("/desk/sign-in"))
    answer = stranger.device.sign(asked)
    assert stranger.post("/desk/sign-in", {"credential": answer}).status_code == 303
    stranger.browser.delete_cookie("__Host-desk", domain="localhost")
    assert refused(stranger, answer)
    assert refused(stranger, stranger.device.sign(asked))


def test_a_challenge_is_good_for_five_minutes_and_for_what_it_was_made_for(
    stranger: Keeper, now: list[datetime]
) -> None:
    asked = stranger.options(stranger.get("/desk/sign-in"))
    now[0] += timedelta(minutes=5, seconds=1)
    assert refused(stranger, stranger.device.sign(asked))
    other = keeper(stranger.service, "administrator")
    assert refused(stranger, stranger.device.sign(other.options(other.get("/desk/check"))))
    assert refused(stranger, stranger.device.sign({**asked, "challenge": "x" * 100}))


@pytest.mark.parametrize("change", ["origin", "verifies", "rp", "stranger", "broken", "long", "list"])
def test_what_does_not_hold_opens_nothing(stranger: Keeper, change: str) -> None:
    asked = stranger.options(stranger.get("/desk/sign-in"))
    if change == "origin":
        stranger.device.origin = "https://elsewhere.example"
    if change == "verifies":
        stranger.device.verifies = False
    if change == "rp":
        asked["rpId"] = "elsewhere.example"
    device = Device() if change == "stranger" else stranger.device
    answer = {"broken": '{"id": 1}', "long": "[" * 100_000, "list": "[]"}.get(change) or device.sign(asked)
    assert refused(stranger, answer)


def test_a_copy_of_a_device_that_counts_is_noticed(stranger: Keeper) -> None:
    thief = stranger.device.copy()
    stranger.come_in()
    stranger.come_in()
    stranger.browser.delete_cookie("__Host-desk", domain="localhost")
    assert refused(stranger, thief.sign(stranger.options(stranger.get("/desk/sign-in"))))


def test_an_invitation_is_accepted_once_by_a_device_that_asks_who_holds_it(service: Service) -> None:
    ada = Keeper(service)
    link = ada.invited("ada@example.org", "secretary")
    ada.device.verifies = False
    assert ada.accept(link).status_code == 403
    ada.device.verifies = True
    assert ada.accept(link).status_code == 303
    assert ada.get("/desk/").status_code == 200
    assert Keeper(service).get(link).status_code == 404
    assert Keeper(service).post(link, {"credential": "{}"}).status_code == 404


def test_an_invitation_is_good_for_two_days_and_a_look_accepts_nothing(service: Service, now: list[datetime]) -> None:
    ada = Keeper(service)
    link = ada.invited("ada@example.org", "secretary")
    now[0] += timedelta(hours=47)
    assert ada.get(link).status_code == ada.get(f"{link}/code").status_code == ada.get(link).status_code == 200
    now[0] += timedelta(hours=1)
    assert ada.get(link).status_code == ada.get(f"{link}/code").status_code == 404


def test_whoever_has_lost_a_device_is_invited_anew_and_it_opens_nothing(stranger: Keeper) -> None:
    stranger.come_in()
    first = stranger.invited("reader@example.org", "reader")
    second = stranger.invited("reader@example.org", "secretary")
    assert stranger.get("/desk/").headers["Location"].startswith("/desk/sign-in")
    stranger.browser.delete_cookie("__Host-desk", domain="localhost")
    assert refused(stranger, stranger.device.sign(stranger.options(stranger.get("/desk/sign-in"))))
    assert stranger.get(first).status_code == 404
    stranger.device = Device()
    assert stranger.accept(second).status_code == 303
    assert stranger.service.store.accounts.of_address("reader@example.org").role == "secretary"  # type: ignore[union-attr]


BROKEN = {
    "deep": "[" * 12_000,
    "deep object": '{"id":' * 2_000,
    "flags without their parts": {"authenticatorData": websafe_encode(bytes(32) + b"\x85" + bytes(4))},
    "deep cbor": {"authenticatorData": websafe_encode(bytes(32) + b"\x80" + bytes(4) + b"\x81" * 3_000)},
    "deep client data": {"clientDataJSON": websafe_encode(b"[" * 9_000)},
    "no bytes": {"authenticatorData": "", "signature": "", "clientDataJSON": ""},
    "numbers": {"authenticatorData": 1, "signature": 2, "clientDataJSON": 3},
}


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
def test_whatever_is_sent_instead_of_an_answer_is_refused(stranger: Keeper, sent: str | dict[str, object]) -> None:
    answer = sent
    if isinstance(sent, dict):
        good = json.loads(stranger.device.sign(stranger.options(stranger.get("/desk/sign-in"))))
        answer = json.dumps(good | {"response": good["response"] | sent})
    assert refused(stranger, str(answer))


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=200), flags=st.integers(0, 255), client=st.binary(max_size=80))
def test_no_bytes_of_an_answer_are_a_fault_of_the_service(
    stranger: Keeper, data: bytes, flags: int, client: bytes
) -> None:
    good = json.loads(stranger.device.sign(stranger.options(stranger.get("/desk/sign-in"))))
    whole = {"authenticatorData": websafe_encode(bytes(32) + bytes([flags]) + data)}
    if client:
        whole["clientDataJSON"] = websafe_encode(client)
    assert refused(stranger, json.dumps(good | {"response": good["response"] | whole}))


def test_a_passkey_that_somebody_has_already_is_refused_and_the_invitation_stays_good(service: Service) -> None:
    ada = keeper(service, "administrator")
    eva = Keeper(service)
    link = eva.invited("eva@example.org", "reader")
    own, eva.device = eva.device, ada.device
    assert eva.accept(link).status_code == 403
    eva.device = own
    assert eva.accept(link).status_code == 303


def test_a_passkey_is_added_after_a_proof_for_that_alone_and_its_owner_gets_a_mail(service: Service) -> None:
    ada, other = keeper(service, "administrator"), Device()
    known = service.store.accounts.of_address("administrator@example.org")
    assert known
    fresh = ada.options(ada.get("/desk/check"))  # what lets them do everything else
    proof = {"credential": ada.device.sign(fresh)}
    assert ada.post("/desk/me/passkey/prove", proof).status_code == 403
    forged = {**fresh, "rp": {"id": "localhost"}}
    assert ada.post("/desk/me/passkey", {"credential": other.make(forged)}).status_code == 403
    asked = ada.options(ada.get("/desk/me/passkey"))
    assert (
        ada.post("/desk/me/passkey", {"credential": other.make({**asked, "rp": {"id": "localhost"}})}).status_code
        == 403
    )
    assert len(service.store.accounts.passkeys_of(known.account_id)) == 1
    made = other.make(ada.options(ada.asked_for_another()))
    assert ada.post("/desk/me/passkey", {"credential": made}).status_code == 303
    assert len(service.store.accounts.passkeys_of(known.account_id)) == 2
    mail = Respondent(service).mails()[-1]
    assert (mail["To"], "passkey" in mail["Subject"]) == ("administrator@example.org", True)


def test_a_passkey_that_is_known_is_neither_added_nor_said_to_be(service: Service) -> None:
    ada = keeper(service, "administrator")
    asked = ada.options(ada.asked_for_another())
    assert ada.post("/desk/me/passkey", {"credential": ada.device.make(asked)}).status_code == 403
    account = service.store.accounts.of_address("administrator@example.org")
    assert account
    assert len(service.store.accounts.passkeys_of(account.account_id)) == 1
