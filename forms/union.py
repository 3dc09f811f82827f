"""All the responses of a form in one table, whatever version of it they answered.

A version that did not ask a question has the code `not-asked` in its columns; no answer can be that word.
"""

from __future__ import annotations

import csv
import heapq
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from forms.conditions import NOT_ASKED
from forms.definition import LANGUAGE, Form
from forms.kinds.base import STANDARD_LABELS
from forms.messages import translations


def union_columns(versions: Sequence[Form]) -> tuple[str, ...]:
    """Give the columns of the answers: the newest version's first, then those that only older ones have."""
    return tuple(dict.fromkeys(column.name for form in reversed(versions) for column in form.columns))


def union_fields(versions: Sequence[Form]) -> list[dict[str, Any]]:
    """Give the Table Schema fields of the answers.

    The limits of one version do not hold for another's answers, so there are none but the type; every code
    that any version has for no answer is kept, with its newest label.
    """
    described: dict[str, dict[str, Any]] = {}
    missing: dict[str, dict[str, str]] = {}
    for form in versions:
        for column in form.columns:
            kept = ("name", "title", "description", "type", "format")
            described[column.name] = {key: column.descriptor[key] for key in kept if key in column.descriptor}
            codes = missing.setdefault(column.name, {"": "", NOT_ASKED: _not_asked()})
            codes |= {
                str(item["value"]): str(item["label"])
                for item in column.descriptor.get("missingValues", ())
                if isinstance(item, Mapping)
            }
    return [
        described[name] | {"missingValues": [{"value": code, "label": said} for code, said in missing[name].items()]}
        for name in union_columns(versions)
    ]


def union_rows(files: Sequence[Path], versions: Sequence[Form]) -> Iterator[dict[str, str]]:
    """Merge the files of a form's resources, a row of each in memory at a time.

    Args:
        files: the CSV file of each resource, each sorted by `received_on`, then `response_id`.
        versions: every version of the form.

    Returns:
        The rows in the same order.
    """
    columns = union_columns(versions)
    asked = {form.version: frozenset(column.name for column in form.columns) for form in versions}
    with ExitStack() as opened:
        readers = [csv.DictReader(opened.enter_context(path.open(encoding="utf-8", newline=""))) for path in files]
        for row in heapq.merge(*readers, key=lambda row: (row["received_on"], row["response_id"])):
            known = asked[row["form_version"]]
            yield row | {name: NOT_ASKED for name in columns if name not in known}


def _not_asked() -> str:
    return translations(LANGUAGE).gettext(STANDARD_LABELS[NOT_ASKED])
