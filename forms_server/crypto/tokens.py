"""The service's secret, and what comes of it: keys, tokens, references, and hashes that tell the same address.

Whatever is derived is an HMAC-SHA256 under a key of its own purpose, so that nothing made for one use
is ever good for another.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from bacheca.forms.atomic_file import flush
from bacheca.forms.catalogues import marked as _
from forms_server.errors import SettingsProblem
from forms_server.messages import Saying
from forms_server.settings import LEAST_SECRET, Settings
from forms_server.store.records import OWN

KEY = re.compile(r"[A-Za-z0-9_-]{22,200}")
RANDOM_BYTES = 18
GOOGLE = ("gmail.com", "googlemail.com")
"""Where the dots of an address make no difference."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
READ_AS = str.maketrans("OIL", "011")
"""What looks like another sign of a reference, and that one."""


def valid_key(key: str) -> bool:
    """Say whether a key may come with a post: 22 to 200 URL-safe characters (128 bits or more)."""
    return KEY.fullmatch(key) is not None


class Secret:
    """What the service derives from its secret.

    Args:
        key: the secret, as it stands in `FORMS_SECRET_KEY` or in the file.
        random: gives as many random bytes as it is asked for.
        old: the secrets before it, the newest first: what was made with them is recognised, and nothing new is made.
    """

    def __init__(self, key: str, random: Callable[[int], bytes] = secrets.token_bytes, old: Sequence[str] = ()):
        self._key = key.encode()
        self.former = tuple(Secret(other, random) for other in dict.fromkeys(old) if other != key)
        self._keys: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        self._random = random

    @property
    def all(self) -> tuple[Secret, ...]:
        """This secret and those before it, the newest first."""
        return (self, *self.former)

    def name(self, form: str) -> str:
        """Give a short name of the key, which leads back to nothing: the store keeps it beside what the key made.

        It is another one for each form, so that by no column can rows of two forms be joined.
        """
        if form not in self._names:
            self._names[form] = self._derive("name", form)[:6].hex()
        return self._names[form]

    def named(self, form: str, name: str) -> Secret:
        """Give the one of all these that has a name; the oldest for what was made before keys had names."""
        known = (secret for secret in self.all if secret.name(form) == name)
        return next(known, self if name else self.all[-1])

    def key_hash(self, form: str, key: str) -> str:
        """Give what the store keeps of a post's key."""
        return self._derive("key", form, key).hex()

    def receipt_token(self, form: str, key: str) -> str:
        """Give the token of the receipt of the response sent with `key`: 256 bits, URL-safe."""
        return _text(self._derive("receipt", form, key))

    def token_hash(self, form: str, token: str) -> str:
        """Give what the store keeps of the token of a receipt, or of a link in a mail."""
        return self._derive("token", form, token).hex()

    def content_hash(self, form: str, token: str, content_hash: str) -> str:
        """Give what the store compares the sealed answers of a response by, with the token of its receipt.

        Nobody without that token can try guesses against it, not even with the secret, nor tell who said the same.
        """
        return OWN + self._derive("own content", form, token, content_hash).hex()

    def shared_hash(self, form: str, content_hash: str) -> str:
        """Give what the store compared sealed answers by once: the same for every response that said the same."""
        return self._derive("content", form, content_hash).hex()

    def letter_id(self, form: str, key: str) -> str:
        """Give the id of the response that came with a letter: the same each time, and nobody else can make it."""
        return self._derive("letter", form, key)[:16].hex()

    def letter_mark(self, form: str, *said: str) -> str:
        """Give what the store knows a letter by: nobody else can make it, nor try guesses against it."""
        return self._derive("letter mark", form, *said).hex()

    def address_hash(self, form: str, address: str) -> str:
        """Give what the store compares addresses by: another hash for each form, whatever the case of the letters."""
        return self._derive("address", form, address.casefold()).hex()

    def link_token(self, purpose: str, form: str, response_id: str, address_hash: str) -> str:
        """Give the token of a link in a mail (256 bits, URL-safe): good for one purpose, response and address.

        It is made again when the mail is sent, so that it stands nowhere in the store.
        """
        return _text(self._derive("link", purpose, form, response_id, address_hash))

    def reference(self, token_hash: str) -> str:
        """Give the code a person can read out (`K7QF-2M9X`) for the response with that token.

        It is made of what the store keeps, so that the editors can find a response by it, and opens
        nothing by itself.
        """
        number = int.from_bytes(self._derive("reference", token_hash)[:5], "big")
        code = "".join(CROCKFORD[number >> shift & 31] for shift in range(35, -1, -5))
        return f"{code[:4]}-{code[4:]}"

    def is_reference(self, form: str, code: str) -> Callable[[str, str], bool] | None:
        """Tell whether a code may be one that `reference` gave, as people write it down.

        Args:
            form: the form.
            code: what was typed: in capitals or not, `O` for `0`, `I` or `L` for `1`. Without its dash, eight letters
                are a word.

        Returns:
            What tells, by the name of the secret and the hash of the token, whether it is that of a response; None
            where it is the reference of none.
        """
        read = code.strip().upper().replace("-", "").replace(" ", "").translate(READ_AS)
        if len(read) != 8 or not set(read) <= set(CROCKFORD) or code.strip().isalpha():
            return None
        written = f"{read[:4]}-{read[4:]}"
        return lambda secret, token_hash: self.named(form, secret).reference(token_hash) == written

    def new_signed_key(self, form: str, doubted_at: int | None = None) -> str:
        """Make the key of a check page: random, good for one response to one form, for ever.

        Args:
            form: the form.
            doubted_at: when the page was made, in seconds since 1970, where what was posted looks like a program's.
        """
        chance = _text(self._random(RANDOM_BYTES))
        if doubted_at is None:
            return chance + self._signature("check", form, chance)
        doubted = chance + _moment(doubted_at)
        return doubted + self._signature("doubt", form, doubted)

    def is_signed_key(self, form: str, key: str) -> bool:
        """Say whether `new_signed_key` made this key for this form."""
        known = any(secret._is_signed("check", form, key, _TEXT_LENGTH) for secret in self.all)
        return known or self.doubted_at(form, key) is not None

    def doubted_at(self, form: str, key: str) -> int | None:
        """Give when the check page of a doubted post was made; None where this is not the key of such a page."""
        length = _TEXT_LENGTH + _MOMENT_LENGTH
        known = any(secret._is_signed("doubt", form, key, length) for secret in self.all)
        return int(key[_TEXT_LENGTH:length], 16) if known else None

    def stamp(self, form: str, moment: int) -> str:
        """Sign when the page of a form was made, in seconds since 1970."""
        written = _moment(moment)
        return written + self._signature("time", form, written)

    def stamped(self, form: str, stamp: str) -> int | None:
        """Give the moment that `stamp` signed for this form; None where it did not."""
        known = any(secret._is_signed("time", form, stamp, _MOMENT_LENGTH) for secret in self.all)
        return int(stamp[:_MOMENT_LENGTH], 16) if known else None

    def daily_pseudonym(self, day: date, *values: str) -> str:
        """Give a name for `values` that says nothing of them and is another one the next day."""
        return _mac(self._derive("day", day.isoformat()), *values).hex()

    def mail_pseudonyms(self, day: date, address: str) -> tuple[str, ...]:
        """Give what the mails to an address are counted under on a day, over all forms: by this secret, then by others.

        Addresses that lead to one mailbox are counted as one, as far as that can be told: whatever the case of the
        letters, whatever follows a `+`, and with or without dots where Google reads none.
        """
        counted = mailbox_of(address)
        return tuple(secret.daily_pseudonym(day, "mail", counted) for secret in self.all)

    def network_pseudonym(self, form: str, prefix: str) -> str:
        """Give a name for a network that is another one for each form."""
        return self._derive("network", form, prefix).hex()

    def seen(self, form: str, content_hash: str) -> str:
        """Give what a page says of the answers that it shows, so that those and no others are confirmed by it."""
        return _text(self._derive("seen", form, content_hash))

    def desk_token(self, link_id: str) -> str:
        """Give the token of a link of the desk (256 bits, URL-safe), which is made again when its mail is sent."""
        return _text(self._derive("desk link", link_id))

    def challenge(self, use: str, moment: int) -> str:
        """Make a random challenge for one use, which says when it was made, in seconds since 1970."""
        written = _text(self._random(RANDOM_BYTES)) + _moment(moment)
        return written + self._signature("challenge", use, written)

    def challenged_at(self, use: str, challenge: str) -> int | None:
        """Give when `challenge` made this for a use; None where it did not."""
        length = _TEXT_LENGTH + _MOMENT_LENGTH
        known = any(secret._is_signed("challenge", use, challenge, length) for secret in self.all)
        return int(challenge[_TEXT_LENGTH:length], 16) if known else None

    def sealing_key(self, use: str = "desk") -> bytes:
        """Give the key that secrets of the desk are encrypted with in the store, or one for another use, for Fernet."""
        return urlsafe_b64encode(self._derive("sealing", use))

    def _signature(self, purpose: str, form: str, signed: str) -> str:
        return _text(self._derive(purpose, form, signed))

    def _is_signed(self, purpose: str, form: str, text: str, length: int) -> bool:
        """Say whether what follows the first `length` characters of a text is their signature."""
        if len(text) != length + _SIGNATURE_LENGTH or not valid_key(text):
            return False
        signature = self._signature(purpose, form, text[:length])
        return hmac.compare_digest(text[length:].encode(), signature.encode())

    def _derive(self, purpose: str, *values: str) -> bytes:
        if purpose not in self._keys:
            self._keys[purpose] = _mac(self._key, "bacheca", purpose)
        return _mac(self._keys[purpose], *values)


def new_reference() -> str:
    """Make a random code that people can read out (`K7QF-2M9X-1SQJ`), of 60 bits, for what no receipt names."""
    code = "".join(secrets.choice(CROCKFORD) for _sign in range(12))
    return "-".join((code[:4], code[4:8], code[8:]))


def mailbox_of(address: str) -> str:
    """Give an address without what makes no other mailbox of it; to count by, and never to write to."""
    local, _, domain = address.casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in GOOGLE:
        local, domain = local.replace(".", ""), GOOGLE[0]
    return f"{local}@{domain}"


_TEXT_LENGTH = RANDOM_BYTES * 8 // 6
_MOMENT_LENGTH = 8
_SIGNATURE_LENGTH = 43


def _moment(seconds: int) -> str:
    return f"{seconds:0{_MOMENT_LENGTH}x}"


def _mac(key: bytes, *values: str) -> bytes:
    # Each value with its length before it: ("a", "bc") and ("ab", "c") must not meet.
    message = b"".join(b"%d:%b" % (len(value), value) for value in map(str.encode, values))
    return hmac.digest(key, message, "sha256")


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def open_secret(settings: Settings) -> Secret:
    """Open the secret that is set, or the one kept in the data folder, making it the first time.

    Raises:
        SettingsProblem: the file cannot be made or read, or does not hold a secret.
    """
    return Secret(settings.secret_key or kept_secret(settings.data / "secret.key"), old=settings.old_secret_keys)


def kept_secret(path: Path) -> str:
    """Read the secret in a file, making the file (mode 600) when there is none.

    The file appears whole and at once: of several processes that start together, one's is kept and all
    read that one.
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else Saying(_("not a text"))
        sentence = _("FORMS_SECRET_KEY: {path} cannot be made or read ({reason}); mend that, or set the variable")
        raise SettingsProblem([Saying(sentence, path=path, reason=reason)]) from error
    if len(key) < LEAST_SECRET:
        sentence = _(
            "FORMS_SECRET_KEY: {path} does not hold {least} characters; bring it back from a backup, or delete it:"
            " receipts given until now will then open no more"
        )
        raise SettingsProblem([Saying(sentence, path=path, least=LEAST_SECRET)])
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp's mode is 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        os.unlink(draft)
    flush(path.parent)
