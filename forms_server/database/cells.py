"""One answer of a response, as each database reads it out of the object that all are kept in."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Text, cast, func, type_coerce

from forms_server.database.tables import responses


def cell(connection: Connection, name: str) -> ColumnElement[str]:
    """Give the cell of a column of a response's answers; null where it has none."""
    answers = type_coerce(responses.c.answers, Text)
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import JSON  # noqa: PLC0415  of no use to SQLite, and it takes long to load

        found: ColumnElement[str] = cast(answers, JSON)[name].astext
        return found
    extracted: ColumnElement[str] = func.json_extract(answers, f'$."{name}"')
    return extracted
