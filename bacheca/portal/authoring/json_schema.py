"""The JSON Schemas of form files, where editors' tools find them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bacheca.forms.form_files.json_schema import form_schema, translation_schema
from bacheca.portal.settings import Portal

SCHEMAS = {"form.schema.json": form_schema, "translation.schema.json": translation_schema}
"""The files under `docs/` and what is in them."""


def as_json(schema: Mapping[str, Any]) -> str:
    """Write a schema as people read it."""
    return json.dumps(schema, ensure_ascii=False, indent=2)


def write_schemas(portal: Portal, language: str) -> Iterator[Path]:
    """Write the schemas to `docs/` and give each file.

    Args:
        portal: the portal whose forms point at them.
        language: the language of their descriptions.
    """
    for name, schema in SCHEMAS.items():
        file = portal.root / "docs" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(as_json(schema(language)) + "\n", encoding="utf-8")
        yield file
