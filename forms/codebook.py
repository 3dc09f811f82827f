"""The codebook of a form: the exact wording in every language, and what each code stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.definition import Form

ABOUT = ("column", "kind", "type", "required", "privacy", "code", "stands_for")
SAID = ("question", "hint", "label", "notice")


def codebook_columns(form: Form) -> tuple[str, ...]:
    """Give the columns of the codebook: what is said stands once for each language."""
    return ABOUT + tuple(f"{what}_{language}" for what in SAID for language in form.languages)


def codebook_rows(form: Form) -> list[Mapping[str, str]]:
    """Describe every column of the form's answers: a row a column, then a row a code."""
    columns = codebook_columns(form)
    return [
        {column: row.get(column, "") for column in columns} for field in form.fields for row in field.codebook_rows()
    ]


def codebook_schema(form: Form) -> dict[str, Any]:
    """Give the codebook's own Table Schema."""
    return {"fields": [{"name": column, "type": "string"} for column in codebook_columns(form)]}
