"""Which row of a database is damaged, where reading found that one is."""

from __future__ import annotations

from sqlalchemy import Connection, Text, type_coerce
from sqlalchemy.sql import select

from forms_server.database.tables import Day, JsonText, Unreadable, UtcSecond, metadata

KINDS = (Day, JsonText, UtcSecond)
"""The kinds of columns whose values are text that has to be read."""


def damaged_row(connection: Connection) -> str:
    """Name the first row that holds what this code never wrote, and the column that holds it."""
    for table in metadata.sorted_tables:
        columns = [column for column in table.c if isinstance(column.type, KINDS)]
        key = [type_coerce(column, Text) for column in table.primary_key]
        asked = select(*key, *(type_coerce(column, Text) for column in columns))
        read = [
            column.type.dialect_impl(connection.dialect).result_processor(connection.dialect, None)
            for column in columns
        ]
        for row in connection.execute(asked):
            for column, value, process in zip(columns, row[len(key) :], read, strict=True):
                try:
                    process and process(value)
                except Unreadable:
                    name = " ".join(map(str, row[: len(key)]))
                    return f"of the row {name} of {table.name} the value of {column.name} cannot be read"
    return "a row cannot be read"
