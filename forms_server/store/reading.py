"""One look at the store: every question is answered of the same moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select

from forms_server.store.records import FormVersion, StoredResponse
from forms_server.store.tables import form_versions, responses

ROWS_AT_ONCE = 200


class Reading:
    """A snapshot, as `Store.reading` gives it; it ends with that `with` block."""

    def __init__(self, connection: Connection):
        self._connection = connection

    def find_by_token(self, form: str, token_hash: str) -> StoredResponse | None:
        """Find the response that a receipt belongs to; `None` when there is none."""
        found = (
            self._connection.execute(
                stored_responses().where(responses.c.form == form, responses.c.token_hash == token_hash)
            )
            .mappings()
            .one_or_none()
        )
        return None if found is None else StoredResponse(**found)

    def responses(self, form: str, resource: int) -> Iterator[StoredResponse]:
        """Give the kept responses of a package resource, a few in memory at a time.

        Returns:
            Them in the order of `received_on`, then `response_id`.
        """
        asked = kept_in_order(form, resource)
        found = self._connection.execute(asked, execution_options={"yield_per": ROWS_AT_ONCE})
        with found:
            for row in found.mappings():
                yield StoredResponse(**row)

    def counts(self, form: str) -> Mapping[str, int]:
        """Count a form's responses.

        Returns:
            How many there are in each state that has any.
        """
        asked = (
            select(responses.c.state, func.count())
            .where(responses.c.form == form)
            .group_by(responses.c.state)
            .order_by(responses.c.state)
        )
        return {state: count for state, count in self._connection.execute(asked)}

    def versions(self, form: str) -> list[FormVersion]:
        """Give the versions of a form, the first registered first."""
        asked = select(form_versions).where(form_versions.c.form == form).order_by(form_versions.c.position)
        return [FormVersion(**row) for row in self._connection.execute(asked).mappings()]


def stored_responses() -> Select[Any]:
    """Ask for responses with the resource of their version."""
    wanted = (
        *(responses.c[name] for name in StoredResponse.__dataclass_fields__ if name != "resource"),
        form_versions.c.resource,
    )
    return select(*wanted).join_from(
        responses,
        form_versions,
        (responses.c.form == form_versions.c.form) & (responses.c.version == form_versions.c.version),
    )


def kept_in_order(form: str, resource: int) -> Select[Any]:
    """Ask for the kept responses of a package resource in its order."""
    return (
        stored_responses()
        .where(responses.c.form == form, responses.c.state == "kept", form_versions.c.resource == resource)
        .order_by(responses.c.received_on, responses.c.response_id)
    )
