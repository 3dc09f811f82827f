"""What a store holds, read of one moment."""

from __future__ import annotations

from collections.abc import Iterator

from forms_server.store import Store, StoredResponse


def responses_in(store: Store, form: str = "gruppo", resource: int = 1) -> Iterator[StoredResponse]:
    """Give the kept responses of a package resource."""
    with store.snapshot() as snapshot:
        yield from snapshot.responses(form, resource)


def found_by_token(store: Store, form: str, token_hash: str) -> StoredResponse | None:
    """Find the response that a receipt belongs to; `None` where there is none."""
    with store.snapshot() as snapshot:
        return snapshot.find_by_token(form, token_hash)
