"""Packages to be copied: of every kind of question, and of two versions of a form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bacheca.forms import Form
from bacheca.forms.package.package import write_package
from tests.bacheca.forms.package.test_package import EVERY_KIND, NOW, every_answer, row, table

Written = Callable[..., Form]
FIRST = """
- name: colore
  title: =Colore?
  type: string
  form:other: true
  categoriesOrdered: true
  categories: [{value: rosso, label: Rosso}, {value: blu, label: '=BLU'}]
  missingValues: [{value: "", label: Vuoto}, {value: non-so, label: Non so}]
- name: testo
  title: Testo?
  type: string
  form:widget: textarea
  constraints: {maxLength: 40000}
  form:showIf: {field: colore, equals: rosso}
- {name: numero, title: Numero?, type: number}
- {name: giorno, title: Giorno?, type: date}
- {name: all, title: Tutti?, type: boolean}
"""
SECOND = FIRST.replace("value: blu,", "value: verde,").replace(
    "type: number", "type: number, constraints: {minimum: 0}"
)


@pytest.fixture
def every_kind(written: Written, tmp_path: Path) -> tuple[Form, list[dict[str, str]], Path]:
    """Write a package of every kind of question."""
    form = written(EVERY_KIND)
    rows = every_answer(form)
    write_package(tmp_path / "p", [table(form, *rows)], {}, NOW)
    return form, rows, tmp_path / "p"


def answers(number: int, **cells: str) -> dict[str, str]:
    """Fill the cells of a response."""
    blank = {"colore": "", "colore__other": "", "testo": "", "numero": "", "giorno": "", "all": ""}
    return {**blank, **cells, "response_id": f"{number:032x}"}


@pytest.fixture
def package(written: Written, tmp_path: Path) -> Callable[..., Path]:
    """Write a package of one version of a form or of two."""

    def write(first: list[dict[str, str]], second: list[dict[str, str]] | None = None) -> Path:
        old, new = written(FIRST), written(SECOND)
        tables = [table(old, *(row(old, cells) | cells for cells in first))]
        if second is not None:
            tables.append(table(new, *(row(new, cells) | cells for cells in second)))
        write_package(tmp_path / "p", tables, {}, NOW)
        return tmp_path / "p"

    return write
