"""Counts how many forms of a public collection are imported whole; run by hand, since nothing of it is kept here.

    git clone https://github.com/XLSForm/pyxform DIR && git -C DIR checkout COMMIT
    python -m tests.bacheca.forms.xlsform.collections DIR

`collections.yaml` lists the collections by source and commit, with how many of each must come in whole.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from bacheca.forms import FormProblems
from bacheca.forms.xlsform import read_xlsform

Tables = dict[str, list[list[str]]]


def tables_in(text: str) -> Tables:
    """Read the sheets of a form as pyxform writes them in its tests: a name, and under it rows between bars."""
    tables: Tables = {}
    here: list[list[str]] = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.strip().startswith("|") else []
        if not cells:
            continue
        if cells[0]:
            here = tables.setdefault(cells[0].lower(), [])
        if any(cells[1:]):
            here.append(cells[1:])
    return tables if any(tables.get("survey", ())) else {}


def tables_of(folder: Path) -> Iterator[Tables]:
    """Give the forms that stand as tables in the tests of a program, those that are put together left out."""
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in inside else None
            if isinstance(text, str) and (tables := tables_in(text)):
                yield tables


def write(path: Path, tables: Tables) -> None:
    """Write tables as a workbook."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in tables.items():
            page = book.add_worksheet(name[:31])
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        page.write_string(number, column, text)


def outcome(path: Path) -> tuple[str, ...]:
    """Import a workbook; give the codes of what stops it."""
    try:
        read_xlsform(path)
    except FormProblems as error:
        return tuple(sorted({problem.code for problem in error.problems}))
    return ()


def report(what: str, outcomes: list[tuple[str, ...]]) -> None:
    """Say how many came in whole, and what stops the others: alone, and at all."""
    whole = sum(not codes for codes in outcomes)
    sys.stdout.write(f"{what}: {whole} of {len(outcomes)} whole\n")
    alone = Counter(codes[0] for codes in outcomes if len(codes) == 1)
    any_of = Counter(code for codes in outcomes for code in codes)
    for code, count in any_of.most_common(12):
        sys.stdout.write(f"    {code}: {count}, alone {alone[code]}\n")


def main(folder: Path) -> None:
    """Count the workbooks and the tables of a folder."""
    report("workbooks", [outcome(path) for path in sorted(folder.rglob("*.xlsx"))])
    with TemporaryDirectory() as place:
        found = []
        for tables in tables_of(folder):
            path = Path(place) / "form.xlsx"
            write(path, tables)
            found.append(outcome(path))
    report("tables", found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
