"""Codes of an app: the one of this moment, one before and one after; a secret is shown by its invitation alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from forms_server.accounts.authenticators import (
    SHOWN_FOR,
    address_of_seed,
    brought_back,
    carried,
    new_seed,
    opened,
    sealed,
    step_of,
)
from forms_server.crypto.tokens import Secret
from forms_server.store.desk.accounts import Account

NOW = datetime(2026, 11, 30, 12, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
APP = pyotp.TOTP(SEED)
SECRET, LATER, OTHER = Secret("s" * 32), Secret("t" * 32, old=["s" * 32]), Secret("u" * 32)


@pytest.mark.parametrize(("late", "step"), [(-2, None), (-1, STEP - 1), (0, STEP), (1, STEP + 1), (2, None)])
def test_a_code_is_taken_for_half_a_minute_more_on_either_side(late: int, step: int | None) -> None:
    assert step_of(SEED, APP.at(NOW + timedelta(seconds=30 * late)), NOW) == step


def test_a_code_is_six_digits_however_they_are_parted() -> None:
    code = APP.at(NOW)
    assert step_of(SEED, f" {code[:3]} {code[3:]}\n", NOW) == STEP
    for wrong in ("", code[:5], f"{code}0", "".join(chr(ord("٠") + int(digit)) for digit in code)):
        assert step_of(SEED, wrong, NOW) is None
    assert len(new_seed()) == 32
    assert new_seed() != new_seed()


def test_an_app_reads_whose_code_it_is_and_of_what() -> None:
    address = address_of_seed(SEED, "ada@example.org", "La Bacheca")
    assert address == f"otpauth://totp/La%20Bacheca:ada%40example.org?secret={SEED}&issuer=La%20Bacheca"


def test_a_secret_in_the_store_is_opened_by_the_key_that_sealed_it() -> None:
    kept = sealed(SECRET, SEED)
    account = Account("ada", "ada@example.org", "reader", "it", NOW, authenticator=kept)
    assert SEED not in kept
    assert [opened(secret, account) for secret in (SECRET, LATER, OTHER)] == [SEED, SEED, ""]
    assert opened(SECRET, Account("ada", "ada@example.org", "reader", "it", NOW)) == ""


def test_a_secret_that_was_shown_comes_back_by_its_invitation_for_an_hour() -> None:
    text = carried(SECRET, "token", SEED, NOW)
    assert SEED not in text
    assert [brought_back(secret, "token", text, NOW) for secret in (SECRET, LATER, OTHER)] == [SEED, SEED, ""]
    assert brought_back(SECRET, "token", text, NOW + SHOWN_FOR) == SEED
    assert brought_back(SECRET, "token", text, NOW + SHOWN_FOR + timedelta(seconds=1)) == ""
    assert brought_back(SECRET, "another", text, NOW) == ""
    for wrong in ("", "x", sealed(SECRET, SEED)):
        assert brought_back(SECRET, "token", wrong, NOW) == ""
