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

from forms_server.crypto.tokens import Secret, kept_secret, open_secret, valid_key
from forms_server.errors import SettingsProblem
from forms_server.settings import Settings

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


def test_a_form_and_a_key_never_run_together() -> None:
    assert SECRET.key_hash("ab", "c" + KEY) != SECRET.key_hash("abc", KEY)


def test_a_receipt_token_is_256_bits_in_a_url() -> None:
    token = SECRET.receipt_token("a", KEY)
    assert len(token) == 43
    assert valid_key(token)


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


def test_a_signed_key_is_never_made_twice() -> None:
    assert SECRET.new_signed_key("a") != SECRET.new_signed_key("a")


def test_a_tampered_key_is_not_signed() -> None:
    key = SECRET.new_signed_key("a")
    for place in range(len(key)):
        other = key[:place] + ("A" if key[place] != "A" else "B") + key[place + 1 :]
        assert not SECRET.is_signed_key("a", other)
    for other in ("", KEY, key[:-1], key + "A", key[24:], "\ud800" * 67):
        assert not SECRET.is_signed_key("a", other)


def test_a_daily_pseudonym_changes_with_the_day() -> None:
    today = SECRET.daily_pseudonym(date(2026, 11, 23), "a", "192.0.2.0/24")
    assert today == SECRET.daily_pseudonym(date(2026, 11, 23), "a", "192.0.2.0/24")
    assert today != SECRET.daily_pseudonym(date(2026, 11, 24), "a", "192.0.2.0/24")
    assert today != SECRET.daily_pseudonym(date(2026, 11, 23), "a", "192.0.3.0/24")


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    key = kept_secret(path)
    assert len(key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept_secret(path) == key
    assert os.listdir(path.parent) == ["secret.key"]


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
    with pytest.raises(SettingsProblem, match="FORMS_SECRET_KEY"):
        kept_secret(path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_a_problem_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SettingsProblem, match="FORMS_SECRET_KEY"):
        kept_secret(tmp_path / "data" / "secret.key")


def test_the_secret_that_is_set_comes_before_the_one_in_the_file(tmp_path: Path) -> None:
    set_one = open_secret(Settings(data=tmp_path, secret_key="s" * 32))
    assert set_one.key_hash("a", KEY) == SECRET.key_hash("a", KEY)
    assert os.listdir(tmp_path) == []
    kept_one = open_secret(Settings(data=tmp_path))
    assert kept_one.key_hash("a", KEY) == open_secret(Settings(data=tmp_path)).key_hash("a", KEY)


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
