"""The links that people hold, whichever of our keys made them: a receipt's own, and those that mails carry."""

from __future__ import annotations

from collections.abc import Iterator

from forms_server.crypto.tokens import Secret
from forms_server.store import Snapshot, StoredResponse

PURPOSES = ("confirm", "receipt")
"""What the links in the mail of a sign-up are good for."""


def find_receipt(secret: Secret, snapshot: Snapshot, form: str, token: str) -> tuple[StoredResponse, str] | None:
    """Find the response that a receipt's own link or a mailed one belongs to.

    Returns:
        It, and the hash of the token by which the store knows the link.
    """
    for token_hash in token_hashes(secret, form, token):
        if stored := snapshot.find_by_token(form, token_hash):
            return stored, token_hash
    return None


def find_to_confirm(secret: Secret, snapshot: Snapshot, form: str, token: str) -> tuple[StoredResponse, str] | None:
    """Find the response that a mailed link confirms, as `find_receipt` does."""
    for token_hash in token_hashes(secret, form, token):
        if stored := snapshot.find_to_confirm(form, token_hash):
            return stored, token_hash
    return None


def token_hashes(secret: Secret, form: str, token: str) -> Iterator[str]:
    """Give what the store may know a token by."""
    return (one.token_hash(form, token) for one in secret.all)


def mailed_token(secret: Secret, snapshot: Snapshot, purpose: str, stored: tuple[str, str, str]) -> str:
    """Make the token of a mailed link once more.

    Args:
        secret: makes it.
        snapshot: knows which links were made.
        purpose: what it is good for.
        stored: the form, the id and the address hash of the response.
    """
    form, response_id, address_hash = stored
    for one in secret.all:
        token = one.link_token(purpose, form, response_id, address_hash)
        if snapshot.has_link(one.token_hash(form, token)):
            return token
    return secret.link_token(purpose, form, response_id, address_hash)


def links_of(secret: Secret, form: str, response_id: str, address_hash: str) -> dict[str, str]:
    """Give the hash of the token of each link that a sign-up's mail carries, by purpose."""
    tokens = {purpose: secret.link_token(purpose, form, response_id, address_hash) for purpose in PURPOSES}
    return {purpose: secret.token_hash(form, token) for purpose, token in tokens.items()}
