"""Keys, tokens and references: each for its own purpose and form, none to be guessed."""

import itertools
import os
import stat
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from forms_server.crypto.tokens import Secret, kept_secret, mailbox_of, open_secret, valid_key
from forms_server.errors import SettingsProblem
from forms_server.settings import Settings
from tests.flushes import flushes

SECRET = Secret("s" * 32)
KEY = "k" * 22


@pytest.mark.parametrize("key", ["a" * 22, "a" * 200, "AZaz09-_" * 3])
def test_a_key_is_22_to_200_url_safe_characters(key: str) -> None:
    assert valid_key(key)


@pytest.mark.parametrize("key", ["", "a" * 21, "a" * 201, "a" * 22 + "\n", "a" * 21 + "à", "a" * 21 + "/"])
def test_nothing_else_is_a_key(key: str) -> None:
    assert not valid_key(key)


def test_the_same_key_gives_the_same_receipt() -> None:
    assert SECRET.receipt_token("a", KEY) == Secret("s" * 32).receipt_token("a", KEY)


def test_nothing_derived_is_good_for_another_purpose_form_or_secret() -> None:
    derived = [
        value
        for secret, form in itertools.product([SECRET, Secret("t" * 32)], ["a", "b"])
        for value in (
            secret.key_hash(form, KEY),
            secret.token_hash(form, KEY),
            secret.token_hash(form, secret.receipt_token(form, KEY)),
            secret.receipt_token(form, KEY),
        )
    ]
    assert len(set(derived)) == len(derived)


def test_what_was_kept_or_given_out_is_derived_the_same_for_ever() -> None:
    """A store and the links in people's mails hold these: whoever changes one closes all that were made."""
    secret, day, moment = Secret("s" * 32, lambda count: bytes(range(count))), date(2026, 11, 23), 1795428930
    derived = {
        secret.name("a"): "42e67e430ab6",
        secret.key_hash("a", KEY): "58f3e6f32887e4191ad2b8dcdb8ab792f152aea14759772201c72169ffe28943",
        secret.receipt_token("a", KEY): "DVbAMUtXlnt8NY_LZdcHB7bv9BLXo7xnQGCTb6cZt0I",
        secret.token_hash("a", "t"): "10d7d5d30bcd63dd584744743adf10e6504161fea3e17851c369a2665a61bde1",
        secret.shared_hash("a", "c"): "f601a7a28f9a291e636bcc8bcfd70eebb19a6ce7f7beddfb3cefcc843d2dd19b",
        secret.content_hash("a", "t", "c"): "1.1feb1bd70464d834bf9862d9b17fc2ac181e5d0afe66ab8e7cf6930c4ad1bb30",
        secret.letter_id("a", KEY): "1c091b05bd12a674ce94627913caad8b",
        secret.letter_mark("a", "x", "y"): "06030beb3d52289f152272dc89a1aafb987866c0e7164c25531db9067488a929",
        secret.address_hash("a", "Ada@x.org"): "54eb09980dbc765ade84132c5cfd4d7cec4b913497352ce0faad923b62040225",
        secret.link_token("confirm", "a", "1", "h"): "9X9qIcvMWelcOLOVb2DjkQkEzG2ByeZNmhi5AsBodZI",
        secret.reference("t"): "V0E3-6JDR",
        secret.new_signed_key("a"): "AAECAwQFBgcICQoLDA0ODxAR-_TKwtSOICh1WQ8_Q5TBi1pMQyMzqyfagd_larhuuMo",
        secret.new_signed_key("a", moment): (
            "AAECAwQFBgcICQoLDA0ODxAR6b041242M0d001NjdmdEl7KH5TubhXmbTNFXf3fniSA6WhJpdpY"
        ),
        secret.stamp("a", moment): "6b041242k59XsmnoMZu_Tt1XHDiSOZmFNpmSn77AduC6_oTJKf8",
        secret.daily_pseudonym(day, "x"): "54eab8ef16362335f00bff83a49d85ca5d5c2ed8c7cea6c3a887f14db5884897",
        secret.mail_pseudonyms(day, "a.d.a+x@gmail.com")[0]: (
            "bf6de2e882701faff1ed68fcc34a089caf675ec3b7ba30b766809c9dc1be2911"
        ),
        secret.network_pseudonym("a", "n"): "3b28329467e568b84c8e4c57f3dc084b78784990efdcc183cf7178f2665e56db",
        secret.seen("a", "c"): "6XFERW8U3XVytQHC4vQW37gbwDB18x4R_9WKAWcyTPQ",
        secret.desk_token("1"): "1dJiupGRIvLjzNLESAAA_sxzJ40quLotDt-xBDpwuig",
        secret.sealing_key().decode(): "rbiBr1gJdvaUn43kD3NK3Apd5BGNK4HGT1b66v_Nleo=",
        secret.challenge(
            "enter", moment
        ): "AAECAwQFBgcICQoLDA0ODxAR6b0412428LnADxcy_lB34Am-AlvxG5Uq74xZ8oxDXgWA1pm65EQ",
    }
    assert list(derived) == list(derived.values())


def test_a_form_and_a_key_never_run_together() -> None:
    assert SECRET.key_hash("ab", "c" + KEY) != SECRET.key_hash("abc", KEY)


def test_a_receipt_token_is_256_bits_in_a_url() -> None:
    tokens = [SECRET.receipt_token("a", f"{KEY}{number}") for number in range(500)]
    assert {len(token) for token in tokens} == {43}
    assert all(map(valid_key, tokens))
    assert {token[-1] for token in tokens} == set("AEIMQUYcgkosw048")


def test_a_reference_can_be_read_out() -> None:
    references = {SECRET.reference(SECRET.token_hash("a", str(number))) for number in range(500)}
    assert len(references) == 500
    for reference in references:
        first, dash, last = reference[:4], reference[4], reference[5:]
        assert (dash, len(last)) == ("-", 4)
        assert not set(first + last) - set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    used = set("".join(references)) - {"-"}
    assert len(used) == 32


def test_a_signed_key_is_good_for_its_form_only_and_for_ever() -> None:
    key = SECRET.new_signed_key("a")
    assert valid_key(key)
    assert SECRET.is_signed_key("a", key)
    assert not SECRET.is_signed_key("b", key)
    assert not Secret("t" * 32).is_signed_key("a", key)


@pytest.mark.parametrize("byte", [0x00, 0x17, 0x18, 0x3F, 0xFF])
def test_a_signed_key_is_good_whatever_chance_gives(byte: int) -> None:
    secret = Secret("s" * 32, lambda count: bytes([byte]) * count)
    assert secret.is_signed_key("a", secret.new_signed_key("a"))


def test_a_signed_key_is_never_made_twice() -> None:
    assert SECRET.new_signed_key("a") != SECRET.new_signed_key("a")


def test_a_tampered_key_is_not_signed() -> None:
    key = SECRET.new_signed_key("a")
    for place in range(len(key)):
        other = key[:place] + ("A" if key[place] != "A" else "B") + key[place + 1 :]
        assert not SECRET.is_signed_key("a", other)
    for other in ("", KEY, key[:-1], key + "A", key[24:], "\ud800" * 67):
        assert not SECRET.is_signed_key("a", other)


def test_a_doubted_key_says_when_its_page_was_made_and_is_a_signed_one_too() -> None:
    doubted, plain = SECRET.new_signed_key("a", 1795428930), SECRET.new_signed_key("a")
    assert SECRET.doubted_at("a", doubted) == 1795428930
    assert SECRET.is_signed_key("a", doubted)
    assert [SECRET.doubted_at(form, key) for form, key in [("b", doubted), ("a", plain), ("a", doubted[:-1])]] == [
        None
    ] * 3


def test_a_stamp_says_when_the_page_of_its_form_was_made() -> None:
    stamp = SECRET.stamp("a", 1795428930)
    assert SECRET.stamped("a", stamp) == 1795428930
    assert SECRET.stamped("b", stamp) is None
    assert Secret("t" * 32).stamped("a", stamp) is None
    assert SECRET.stamped("a", "00000008" + stamp[8:]) is None


def test_a_challenge_is_good_for_its_use_and_says_when_it_was_made() -> None:
    challenge = SECRET.challenge("enter", 1795428930)
    assert challenge != SECRET.challenge("enter", 1795428930)
    assert SECRET.challenged_at("enter", challenge) == 1795428930
    assert Secret("t" * 32, old=["s" * 32]).challenged_at("enter", challenge) == 1795428930
    for use, other in [("add", challenge), ("enter", challenge[:-1]), ("enter", ""), ("enter", "A" + challenge[1:])]:
        assert SECRET.challenged_at(use, other) is None
    assert Secret("t" * 32).challenged_at("enter", challenge) is None


def test_what_a_former_secret_signed_is_still_good() -> None:
    today = Secret("t" * 32, old=["s" * 32])
    assert today.is_signed_key("a", SECRET.new_signed_key("a"))
    assert today.doubted_at("a", SECRET.new_signed_key("a", 7)) == 7
    assert today.stamped("a", SECRET.stamp("a", 7)) == 7
    assert today.mail_pseudonyms(date(2026, 11, 23), "a@x.org")[1:] == SECRET.mail_pseudonyms(
        date(2026, 11, 23), "a@x.org"
    )


def test_a_secret_is_found_by_its_name_and_the_oldest_made_what_bears_none() -> None:
    today = Secret("t" * 32, old=["u" * 32, "s" * 32, "t" * 32, "s" * 32])
    assert len(today.all) == 3
    assert [today.named("a", secret.name("a")) for secret in today.all] == list(today.all)
    assert today.named("a", "") is today.all[2]
    assert today.named("a", SECRET.name("b")) is today


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("Ada.Prova@Example.org", "ada.prova@example.org"),
        ("ada+news+more@example.org", "ada@example.org"),
        ("+news@example.org", "+news@example.org"),
        ("a.d.a@googlemail.com", "ada@gmail.com"),
        ("a.d.a+x@GMAIL.com", "ada@gmail.com"),
        ('"a@b"@example.org', '"a@b"@example.org'),
    ],
)
def test_the_addresses_of_one_mailbox_are_counted_as_one(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox


def test_a_daily_pseudonym_changes_with_the_day() -> None:
    today = SECRET.daily_pseudonym(date(2026, 11, 23), "a", "192.0.2.0/24")
    assert today == SECRET.daily_pseudonym(date(2026, 11, 23), "a", "192.0.2.0/24")
    assert today != SECRET.daily_pseudonym(date(2026, 11, 24), "a", "192.0.2.0/24")
    assert today != SECRET.daily_pseudonym(date(2026, 11, 23), "a", "192.0.3.0/24")


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there" / "secret.key"
    key = kept_secret(path)
    assert len(key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_secret(path) == key
    assert os.listdir(path.parent) == ["secret.key"]


def test_a_new_secret_is_on_disk_before_it_has_its_name_and_so_is_the_name(tmp_path: Path) -> None:
    with flushes() as seen:
        secret = kept_secret(tmp_path / "secret.key")
    (draft, written), folder = seen
    assert draft != tmp_path / "secret.key"
    assert (draft.parent, draft.name[:8]) == (tmp_path, ".secret-")  # a link leads to no other disk
    assert written == f"{secret}\n".encode()
    assert folder == (tmp_path, b"")


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    program = (
        "import pathlib, sys, time\n"
        "from forms_server.crypto.tokens import kept_secret\n"
        "time.sleep(max(0, float(sys.argv[2]) - time.time()))\n"
        "print(kept_secret(pathlib.Path(sys.argv[1])))\n"
    )
    start = str(time.time() + 2)
    processes = [
        subprocess.Popen([sys.executable, "-c", program, path, start], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    keys = {process.communicate(timeout=60)[0] for process in processes}
    assert keys == {path.read_text()}
    assert os.listdir(tmp_path) == ["secret.key"]


def test_the_one_who_comes_second_takes_the_first_ones_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.key"
    link = os.link

    def link_after_another_process(draft: str, target: Path) -> None:
        target.write_text("f" * 64)
        link(draft, target)

    monkeypatch.setattr(os, "link", link_after_another_process)
    assert kept_secret(path) == "f" * 64
    assert os.listdir(tmp_path) == ["secret.key"]


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 64])
def test_a_file_that_holds_no_secret_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    said = (
        r"cannot be made or read \(not a text\); mend" if b"\xff" in content else "does not hold 32 characters; bring"
    )
    with pytest.raises(SettingsProblem, match=f"FORMS_SECRET_KEY: {path} {said}"):
        kept_secret(path)
    assert path.read_bytes() == content


def test_a_secret_of_32_characters_is_one(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("s" * 32)
    assert kept_secret(tmp_path / "secret.key") == "s" * 32


def test_a_folder_that_cannot_be_made_is_a_problem_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(
        SettingsProblem, match=r"^FORMS_SECRET_KEY: .*secret.key cannot be made or read \(File exists\)"
    ):
        kept_secret(tmp_path / "data" / "secret.key")


def test_the_secret_that_is_set_comes_before_the_one_in_the_file(tmp_path: Path) -> None:
    set_one = open_secret(Settings(data=tmp_path, secret_key="s" * 32))
    assert set_one.key_hash("a", KEY) == SECRET.key_hash("a", KEY)
    assert os.listdir(tmp_path) == []
    kept_one = open_secret(Settings(data=tmp_path))
    assert kept_one.key_hash("a", KEY) == open_secret(Settings(data=tmp_path)).key_hash("a", KEY)
    assert os.listdir(tmp_path) == ["secret.key"]


def test_an_address_is_another_hash_in_each_form_and_under_each_secret() -> None:
    made = Secret("k" * 32)
    assert made.address_hash("a", "Ada@Example.org") == made.address_hash("a", "ada@example.org")
    others = {made.address_hash("b", "ada@example.org"), Secret("q" * 32).address_hash("a", "ada@example.org")}
    assert len(others | {made.address_hash("a", "ada@example.org")}) == 3


def test_a_link_is_good_for_one_purpose_form_response_and_address() -> None:
    made = Secret("k" * 32)
    tokens = {
        made.link_token(*values)
        for values in [
            ("confirm", "a", "1", "h"),
            ("receipt", "a", "1", "h"),
            ("confirm", "b", "1", "h"),
            ("confirm", "a", "2", "h"),
            ("confirm", "a", "1", "i"),
        ]
    }
    assert len(tokens) == 5
    assert all(len(token) == 43 for token in tokens)
