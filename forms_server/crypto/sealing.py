"""Sealing: what a form's personal and sensitive fields hold is encrypted to the editors' public keys (age, by pyrage).

The service has no key that opens it. `docs/privacy.md` says what this protects and what it does not.
"""

from __future__ import annotations

import binascii
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from bacheca.forms import Form
from bacheca.forms.asking.conditions import NOT_SHOWN
from bacheca.forms.atomic_file import flush
from bacheca.forms.catalogues import marked as _
from bacheca.forms.kinds import Column
from bacheca.forms.limits import SHORT_ANSWER
from bacheca.forms.published import RECIPIENTS
from bacheca.forms.text import digest
from forms_server.errors import SealProblem, SettingsProblem
from forms_server.form_registry import form_of_version
from forms_server.messages import Saying
from forms_server.store import Store, StoredResponse

LEAST = 2
"""How many keys there must be, so that losing one loses nothing."""

BLOCK = 256
"""What is sealed is filled up to a multiple of so many bytes, so that its length says little."""

LONG = 4096
"""Up to so many bytes it is filled up to what the longest answers to its form would take, so that it says nothing."""

NO_KEY = _(
    "{form}: none of these keys opens the response {response}. Try another editor’s key: every response is sealed to"
    " two or more."
)
STRANGE_KEY = _("{path}:{line}: this is no public key; write what `new-key` prints (age1…)")
SECRET_KEY = _(
    "{path}:{line}: this is no public key but a secret one: take it out, and make a new one; write what `new-key`"
    " prints (age1…)"
)


@dataclass(frozen=True)
class Recipients:
    """The public keys that personal answers are sealed to."""

    keys: tuple[str, ...] = ()

    @cached_property
    def mark(self) -> str:
        """A digest of the keys, kept beside what is sealed to them."""
        return digest("\n".join(sorted(self.keys)))[:16]

    def seal(self, response_id: str, cells: Mapping[str, str], room: int = BLOCK) -> str:
        """Seal cells for one response; what is sealed opens for no other.

        Args:
            response_id: the response.
            cells: its cells.
            room: how many bytes to fill up (`room_of`); twice as many, or four times, for what is longer.
        """
        text = _text(response_id, cells)
        while room < len(text):
            room *= 2
        padded = text.ljust(room)
        return b64encode(pyrage.encrypt(padded, [Recipient.from_str(key) for key in self.keys])).decode()


@dataclass(frozen=True)
class Keyring:
    """The secret keys of whoever opens what is sealed."""

    identities: tuple[Identity, ...] = ()

    def cells(self, stored: StoredResponse) -> Mapping[str, str]:
        """Give the cells of a response, with those that were sealed.

        Raises:
            SealProblem: no key here opens them, or they were sealed for another response.
        """
        return {**stored.answers, **self.opened(stored.form, stored.response_id, stored.sealed)}

    def opened(self, form: str, response_id: str, sealed: str | None) -> Mapping[str, str]:
        """Give the cells of a response that were sealed; none where none were.

        Raises:
            SealProblem: no key here opens them, or they were sealed for another response.
        """
        if sealed is None:
            return {}
        try:
            opened = json.loads(pyrage.decrypt(b64decode(sealed, validate=True), list(self.identities)))
        except (pyrage.DecryptError, binascii.Error):
            raise SealProblem(Saying(NO_KEY, form=form, response=response_id)) from None
        if opened["response"] != response_id:
            sentence = _("{form}: what is sealed in {response} belongs to another response.")
            raise SealProblem(Saying(sentence, form=form, response=response_id))
        cells: Mapping[str, str] = opened["cells"]
        return cells


def read_recipients(content: Path) -> Recipients:
    """Read the public keys; none where there is no file of them.

    Raises:
        SettingsProblem: a line is no public key.
    """
    path = content / RECIPIENTS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    keys: list[str] = []
    problems: list[str] = []
    for number, line in enumerate(lines, 1):
        key = line.partition("#")[0].strip()
        if not key:
            continue
        try:
            keys.append(str(Recipient.from_str(key)))
        except pyrage.RecipientError:
            sentence = SECRET_KEY if key.startswith("AGE-SECRET-KEY") else STRANGE_KEY
            problems.append(Saying(sentence, path=path, line=str(number)))
    if problems:
        raise SettingsProblem(problems)
    return Recipients(tuple(dict.fromkeys(keys)))


def recipients_for(content: Path, forms: Iterable[Form]) -> Recipients:
    """Read the public keys that these forms need.

    Raises:
        SettingsProblem: a form is to be sealed and there are fewer than two keys.
    """
    recipients = read_recipients(content)
    require_keys(content, recipients, forms)
    return recipients


def require_keys(content: Path, recipients: Recipients, forms: Iterable[Form]) -> None:
    """Make sure that there are keys enough for these forms.

    Raises:
        SettingsProblem: a form is to be sealed and there are fewer than two keys.
    """
    sealed = [form.name for form in forms if form.sealed]
    if sealed and len(recipients.keys) < LEAST:
        sentence = _(
            "{path}: {forms} is sealed (form:seal), which takes two editors’ keys or more, and here are {count}; run"
            " `python -m forms_server new-key FILE --name WHO`"
        )
        values = {"path": content / RECIPIENTS, "forms": ", ".join(sealed), "count": len(recipients.keys)}
        raise SettingsProblem([Saying(sentence, **values)])


def read_keyring(paths: Sequence[Path]) -> Keyring:
    """Read secret keys, each file as `new-key` or `age-keygen` writes it.

    Raises:
        SealProblem: a file holds no key.
        OSError: it cannot be read.
    """
    identities: list[Identity] = []
    for path in paths:
        lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
        try:
            found = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
        except pyrage.IdentityError:
            found = []
        if not found:
            sentence = _("{path}: this is no file of a secret key; it has a line that begins AGE-SECRET-KEY-1.")
            raise SealProblem(Saying(sentence, path=path))
        identities += found
    return Keyring(tuple(identities))


def make_key(path: Path, name: str, content: Path) -> str:
    """Make a key: its secret part in a file of its own (mode 600), its public part added to the recipients.

    Args:
        path: the file, which must not be there yet.
        name: whose key it is.
        content: the folder of the form files.

    Returns:
        The public key.

    Raises:
        OSError: the file is there already, or cannot be written.
    """
    identity = Identity.generate()
    public = str(identity.to_public())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"# {' '.join(name.split())}\n# public key: {public}\n{identity}\n")
        file.flush()
        os.fsync(file.fileno())
    flush(path.parent)  # before anything is sealed to it that nothing else would open
    with (content / RECIPIENTS).open("a", encoding="utf-8") as file:
        file.write(f"{public}  # {' '.join(name.split())}\n")
    return public


def _text(response_id: str, cells: Mapping[str, str]) -> bytes:
    return json.dumps({"response": response_id, "cells": dict(cells)}, ensure_ascii=False).encode()


@lru_cache(maxsize=64)
def room_of(form: Form) -> int:
    """Give how many bytes what is sealed of a response to a form may take, whatever is answered."""
    sealed = (column for name in sorted(form.sealed_fields) for column in form.field(name).columns)
    longest = _text("0" * 32, {column.name: "x" * _longest(column) for column in sealed})
    return min(-len(longest) // BLOCK * -BLOCK, LONG)


def _longest(column: Column) -> int:
    codes = (str(code) for code in (*column.constraints.get("enum", ()), NOT_SHOWN))
    return int(column.constraints.get("maxLength") or max(SHORT_ANSWER, *map(len, codes)))


def put_away(
    form: Form, recipients: Recipients, response_id: str, cells: Mapping[str, str]
) -> tuple[Mapping[str, str], str | None]:
    """Part the cells of a response into those that stay readable and the rest, sealed.

    Raises:
        SealProblem: the form is to be sealed and there are not keys enough.
    """
    if not form.sealed:
        return cells, None
    if len(recipients.keys) < LEAST:
        sentence = _("{form} is sealed, and there are {count} keys to seal it to.")
        raise SealProblem(Saying(sentence, form=form.name, count=len(recipients.keys)))
    secret = form.sealed_columns
    readable = {name: cell for name, cell in cells.items() if name not in secret}
    hidden = {name: cell for name, cell in cells.items() if name in secret}
    return readable, recipients.seal(response_id, hidden, room_of(form))


def reseal(store: Store, keys: Keyring, recipients: Recipients) -> int:
    """Seal to today's keys whatever is sealed to others, or is in the clear beside it and would be sealed today.

    What an older version sealed is sealed anew too. What was done before a fault stays done.

    Args:
        store: where the responses are.
        keys: what opens them.
        recipients: the keys to seal them to.

    Returns:
        How many were sealed anew.

    Raises:
        SealProblem: no key opens a response, or there are not keys enough to seal it to.
        StoreUnavailable: the database does not answer.
    """
    if len(recipients.keys) < LEAST:
        sentence = _("There are {count} keys to seal to: {least} or more are needed.")
        raise SealProblem(Saying(sentence, count=len(recipients.keys), least=LEAST))
    renewed, last, columns, forms = 0, "", to_be_sealed(store), _versions(store)
    while batch := store.seals.sealed_otherwise(recipients.mark, last, columns):
        for stored in batch:
            hidden = columns.get((stored.form, stored.version), ())
            readable = {name: cell for name, cell in stored.answers.items() if name not in hidden}
            opened = keys.opened(stored.form, stored.response_id, stored.sealed)
            moved = {name: cell for name, cell in stored.answers.items() if name in hidden}
            room = room_of(forms[stored.form, stored.version])
            sealed = recipients.seal(stored.response_id, {**moved, **opened}, room)
            renewed += store.seals.renew(stored, sealed, recipients.mark, readable)
        last = batch[-1].response_id
    if renewed:
        store.wipe()
    return renewed


def to_be_sealed(store: Store) -> Mapping[tuple[str, str], frozenset[str]]:
    """Give the columns that are sealed of a response that comes today, by form and version."""
    found = {which: form.sealed_columns for which, form in _versions(store).items()}
    return {which: columns for which, columns in found.items() if columns}


def _versions(store: Store) -> Mapping[tuple[str, str], Form]:
    every = ((name, version) for name in store.forms() for version in store.versions(name))
    return {(name, version.version): form_of_version(version) for name, version in every}
