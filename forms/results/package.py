"""Results as a public Data Package: `results.csv`, `quotations.csv` where there are any, and `datapackage.json`.

`results.json` says the same in one file, for programs that show it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from forms.canonical import digest
from forms.definition import LANGUAGE, Form
from forms.errors import PackageProblems
from forms.package import DIALECT, PROFILE, SCHEMA_PROFILE, integrity_of, replaced, validate_package
from forms.results.rows import BLANK, MEASURES, Quotation, Results, Row, threshold_of
from forms.results.sentences import METHOD, TITLE, ResultsProblem, say
from forms.results.tally import measures_of
from forms.spreadsheets import public_row, restored

DESCRIPTOR = "datapackage.json"
RESULTS = "results.csv"
QUOTATIONS = "quotations.csv"
PAGE = "results.json"
PUBLIC_FILES = (DESCRIPTOR, RESULTS, QUOTATIONS, PAGE)
"""The files of a package, all of them public."""

LICENCE = {
    "name": "CC-BY-SA-4.0",
    "path": "https://creativecommons.org/licenses/by-sa/4.0/",
    "title": "Creative Commons Attribution-ShareAlike 4.0",
}
COLUMNS = tuple(column.name for column in fields(Row))
SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    RESULTS: {
        "$schema": SCHEMA_PROFILE,
        "fields": [
            *({"name": name, "type": "string"} for name in COLUMNS[:4]),
            {"name": "measure", "type": "string", "constraints": {"required": True, "enum": list(MEASURES)}},
            {"name": "value", "type": "number"},
        ],
    },
    QUOTATIONS: {
        "$schema": SCHEMA_PROFILE,
        "fields": [{"name": name, "type": "string", "constraints": {"required": True}} for name in ("field", "text")],
    },
}
COUNTS = ("responses", "answered", "count")


def write_results(folder: Path, form: Form, results: Results, address: str = "") -> None:
    """Write a package of results, so that whoever reads it at any moment finds a valid one.

    Args:
        folder: where it goes; made if it is not there, readable by everybody.
        form: the form.
        results: what to write.
        address: the address of the service, to name the source; empty where it is not known.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    tables = _tables(results)
    for name, table in _tables(results, public_row).items():
        _write(folder / name, table)
    descriptor = _descriptor(form, results, tables, address)
    descriptor["resources"] = [of | integrity_of(folder / of["path"]) for of in descriptor["resources"]]
    page = descriptor | {
        "rows": [asdict(row) for row in results.rows],
        "quotations": [asdict(quotation) for quotation in results.quotations],
    }
    _write(folder / PAGE, json.dumps(page, ensure_ascii=False, indent=1) + "\n")
    _write(folder / DESCRIPTOR, json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n")
    if QUOTATIONS not in tables:
        (folder / QUOTATIONS).unlink(missing_ok=True)


def read_results(folder: Path, form: Form) -> Results:
    """Read a package of results, wherever it comes from, and validate it as any Frictionless tool would.

    Args:
        folder: the package.
        form: the form it must belong to.

    Raises:
        PackageProblems: it is not valid, or `open_results` refuses it.
    """
    made = open_results(folder, form)
    path = folder / DESCRIPTOR
    try:
        validate_package(path)
    except PackageProblems as error:
        reasons = [problem.values.get("reason") or problem.sentence("en") for problem in error.problems]
        found = tuple(_problem(path, "RESULTS_INVALID", reason=reason) for reason in reasons)
        raise PackageProblems(found) from None
    return made


def open_results(folder: Path, form: Form) -> Results:
    """Read a package of results that was written here, its files and nothing else.

    Args:
        folder: the package.
        form: the form it must belong to.

    Raises:
        PackageProblems: it cannot be read, belongs to another form, mixes two publications or shows a count below
            its own threshold.
    """
    path = folder / DESCRIPTOR
    try:
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        made = _results_of(descriptor, folder)
    except (OSError, ValueError, KeyError, TypeError, InvalidOperation) as error:
        reason = getattr(error, "strerror", None) or f"{type(error).__name__} {error}"
        raise PackageProblems((_problem(path, "RESULTS_FILE", file=DESCRIPTOR, reason=reason),)) from None
    if made.form != form.name:
        raise PackageProblems((_problem(path, "RESULTS_FORM", other=made.form, form=form.name),))
    if descriptor.get("bacheca:digest") != digest_of(_tables(made)):
        raise PackageProblems((_problem(path, "RESULTS_TORN"),))
    problems = [*_strange(path, made, form), *_small(path, made, max(made.threshold, threshold_of(form)))]
    if problems:
        raise PackageProblems(tuple(problems))
    return made


def digest_of(tables: Mapping[str, str]) -> str:
    """Hash the tables of a package, by their names."""
    return digest(tables)


def digest_on_disk(folder: Path) -> str:
    """Give the digest that a published package bears; empty where there is none."""
    try:
        return str(json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8")).get("bacheca:digest", ""))
    except (OSError, ValueError):
        return ""


def results_digest(results: Results) -> str:
    """Give the digest that a package of these results bears."""
    return digest_of(_tables(results))


def _tables(results: Results, as_written: Callable[[list[str]], list[str]] = list) -> dict[str, str]:
    """Give the tables: what they say, or, with `public_row`, as they stand in files that anybody may open."""
    tables = {RESULTS: _csv(COLUMNS, (as_written([*row.place, row.value]) for row in results.rows))}
    if results.quotations:
        quoted = (as_written([said.field, said.text]) for said in results.quotations)
        tables[QUOTATIONS] = _csv(("field", "text"), quoted)
    return tables


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def _descriptor(form: Form, results: Results, tables: Mapping[str, str], address: str) -> dict[str, Any]:
    words = form.wording(LANGUAGE)
    method = "rounding" if results.rounding else "suppression"
    values = {"threshold": results.threshold, "rounding": results.rounding}
    resources = [
        {
            "name": name.removesuffix(".csv"),
            "type": "table",
            "path": name,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "dialect": DIALECT,
            "schema": SCHEMAS[name],
        }
        for name in tables
    ]
    return {
        "$schema": PROFILE,
        "name": f"{form.name}-results",
        "title": say(TITLE, LANGUAGE, title=words.title),
        "description": say(METHOD[method], LANGUAGE, **values),
        "version": results.version,
        "created": results.created.isoformat(timespec="seconds"),
        "licenses": [LICENCE],
        "sources": [{"title": words.title, "path": f"{address.rstrip('/')}/forms/{form.name}/schema.json"}]
        if address
        else [{"title": words.title}],
        "bacheca:form": form.name,
        "bacheca:method": method,
        "bacheca:threshold": results.threshold,
        "bacheca:rounding": results.rounding,
        "bacheca:since": results.since.isoformat(),
        "bacheca:until": results.until.isoformat(),
        **({"bacheca:changed": list(results.changed)} if results.changed else {}),
        "bacheca:digest": digest_of(tables),
        "resources": resources,
    }


def _results_of(descriptor: Mapping[str, Any], folder: Path) -> Results:
    listed = {resource["path"] for resource in descriptor["resources"]}
    quotations = _read_csv(folder / QUOTATIONS, ("field", "text")) if QUOTATIONS in listed else []
    rows = tuple(Row(*cells) for cells in _read_csv(folder / RESULTS, COLUMNS))
    for row in rows:
        Decimal(row.value or 0)
    return Results(
        str(descriptor["bacheca:form"]),
        str(descriptor["version"]),
        int(descriptor["bacheca:threshold"]),
        int(descriptor["bacheca:rounding"]),
        date.fromisoformat(descriptor["bacheca:since"]),
        date.fromisoformat(descriptor["bacheca:until"]),
        datetime.fromisoformat(descriptor["created"]),
        rows,
        tuple(Quotation(*cells) for cells in quotations),
        tuple(str(name) for name in descriptor.get("bacheca:changed", ())),
    )


def _read_csv(path: Path, columns: Sequence[str]) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if next(reader, None) != list(columns):
            raise ValueError(f"{path.name}: {', '.join(columns)}")
        rows = [list(map(restored, row)) for row in reader]
    if any(len(row) != len(columns) for row in rows):
        raise ValueError(f"{path.name}: {len(columns)}")
    return rows


def _strange(path: Path, results: Results, form: Form) -> Iterable[ResultsProblem]:
    """Find fields and categories that the form does not have."""
    known = {"": {""}}
    for name, measure in measures_of(form).items():
        asked = measure.asked
        known[name] = {"", BLANK, *measure.categories, *measure.missing, *asked.categories}
    for row in results.rows:
        for name, code in ((row.field, row.category), (row.crossed_field, row.crossed_category)):
            if code not in known.get(name, ()):
                yield _problem(path, "RESULTS_STRANGE", what=f"{name} {code}".strip(), form=form.name)
    for said in results.quotations:
        if said.field not in known:
            yield _problem(path, "RESULTS_STRANGE", what=said.field, form=form.name)


def _small(path: Path, results: Results, least: int) -> Iterable[ResultsProblem]:
    """Find counts that should never have been shown."""
    for row in results.rows:
        if row.measure in COUNTS and row.value and not results.rounding and Decimal(row.value) < least:
            what = " ".join(filter(None, row.place))
            yield _problem(path, "RESULTS_COUNT", what=what, value=row.value, threshold=least)


def _problem(path: Path, code: str, **values: object) -> ResultsProblem:
    return ResultsProblem(code, path.as_posix(), 1, values=values)


def _write(path: Path, text: str) -> None:
    with replaced(path) as file:
        file.write(text)
    path.chmod(0o644)
