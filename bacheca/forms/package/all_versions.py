"""All the responses of a form in one table, whatever version of it they answered.

A version that did not ask a question has the code `not-asked` in its columns; no answer can be that word.
"""

from __future__ import annotations

import csv
import heapq
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from operator import itemgetter
from pathlib import Path
from typing import Any

from bacheca.forms.asking.conditions import NOT_ASKED
from bacheca.forms.catalogues import translations
from bacheca.forms.definition.form import FIXED_COLUMNS, Form
from bacheca.forms.kinds.base import STANDARD_LABELS

VERSION = FIXED_COLUMNS.index("form_version")
IN_ORDER = itemgetter(FIXED_COLUMNS.index("received_on"), FIXED_COLUMNS.index("response_id"))


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
    not_asked = translations(versions[-1].language).gettext(STANDARD_LABELS[NOT_ASKED])
    for form in versions:
        for column in form.columns:
            kept = ("name", "title", "description", "type", "format")
            described[column.name] = {key: said for key, said in column.table_schema().items() if key in kept}
            codes = missing.setdefault(column.name, {"": "", NOT_ASKED: not_asked})
            codes |= column.missing
    return [
        described[name] | {"missingValues": [{"value": code, "label": said} for code, said in missing[name].items()]}
        for name in union_columns(versions)
    ]


def union_rows(files: Sequence[Path], versions: Sequence[Form]) -> Iterator[Sequence[str]]:
    """Merge the files of a form's resources, a row of each in memory at a time.

    Args:
        files: the CSV file of each resource, each sorted by `received_on`, then `response_id`.
        versions: every version of the form.

    Returns:
        The rows in the same order: the fixed columns, then those of `union_columns`.
    """
    with ExitStack() as opened:
        arranged = [
            _arranged(opened.enter_context(path.open(encoding="utf-8", newline="")), versions) for path in files
        ]
        yield from heapq.merge(*arranged, key=IN_ORDER)


def _arranged(file: Iterable[str], versions: Sequence[Form]) -> Iterator[Sequence[str]]:
    """Put the cells of a file's rows where the union has them."""
    columns = (*FIXED_COLUMNS, *union_columns(versions))
    rows = csv.reader(file)
    header = next(rows)
    places: dict[str, itemgetter[Any]] = {}
    for form in versions:
        known = {*FIXED_COLUMNS, *(column.name for column in form.columns)}.intersection(header)
        places[form.version] = itemgetter(*(header.index(name) if name in known else -1 for name in columns))
    for row in rows:
        yield places[row[VERSION]]((*row, NOT_ASKED))
