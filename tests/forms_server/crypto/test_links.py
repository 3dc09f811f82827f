"""The links that people hold go on being known, and made the same, after the key they came of has been changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import URL

from forms_server.crypto.links import PURPOSES, links_of, mailed_token
from forms_server.crypto.tokens import Secret
from forms_server.store import open_store
from tests.forms_server.store.samples import register
from tests.forms_server.store.test_changes import sign_up

OLD, TODAY = Secret("k" * 32), Secret("n" * 32, old=["k" * 32])


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("maker", [OLD, TODAY], ids=["before", "today"])
def test_a_mailed_link_is_made_by_the_key_that_made_it_first(sqlite_url: URL, purpose: str, maker: Secret) -> None:
    kept = sign_up(1)
    assert kept.sign_up
    links = links_of(maker, "gruppo", kept.response_id, kept.sign_up.address_hash)
    store = open_store(sqlite_url)
    register(store)
    store.keep(replace(kept, sign_up=replace(kept.sign_up, links=links)))
    stored = ("gruppo", kept.response_id, kept.sign_up.address_hash)
    with store.snapshot() as snapshot:
        assert mailed_token(TODAY, snapshot, purpose, stored) == maker.link_token(purpose, *stored)
    store.close()


def test_a_link_that_was_never_kept_is_made_by_todays_key(sqlite_url: URL) -> None:
    stored = ("gruppo", "0" * 32, "address")
    store = open_store(sqlite_url)
    with store.snapshot() as snapshot:
        assert mailed_token(TODAY, snapshot, "receipt", stored) == TODAY.link_token("receipt", *stored)
    store.close()
