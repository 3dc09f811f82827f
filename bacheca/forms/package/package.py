"""Responses as a Data Package (https://datapackage.org/standard/data-package/, version 2.0).

The only module that knows frictionless. Packages are written so that whoever reads one at any moment sees a
valid one: each file beside its place, on disk, then renamed; the descriptor last. While the files change, the
descriptor that is there says no hash of them, since for a moment it would be another's.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bacheca.forms.atomic_file import replaced
from bacheca.forms.definition.form import CHANNELS, FIXED_COLUMNS, Form
from bacheca.forms.errors import PackageProblems, Problem
from bacheca.forms.package.all_versions import union_columns, union_fields, union_rows
from bacheca.forms.package.codebook import Codebook, Counts, counting
from bacheca.forms.package.codebook_page import codebook_page
from bacheca.forms.package.first_seen import FIRST_SEEN, LANGUAGE, first_seen
from bacheca.forms.package.incremental_csv import Day, Part, Written, write_days
from bacheca.forms.text import digest

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}

DESCRIPTOR = "datapackage.json"

FORMAT = 1
"""Another number whenever rows are written in another way than before: then none that is there is taken over."""

RESPONSE_ID = {
    "name": "response_id",
    "type": "string",
    "constraints": {"required": True, "pattern": "([0-9a-f]{32})"},
}
RECEIVED_ON = {"name": "received_on", "type": "date", "constraints": {"required": True}}


@dataclass(frozen=True)
class Table:
    """The responses of consecutive compatible versions of a form, which share a file.

    Args:
        versions: all of them, oldest first.
        days: the responses by day, sorted by `received_on`, then `response_id`: fixed columns and those of the form.
    """

    versions: Sequence[Form]
    days: Iterable[Day]

    @property
    def form(self) -> Form:
        """The newest version, which describes the file."""
        return self.versions[-1]


def resource_name(number: int) -> str:
    """Name the resource of the nth run of compatible versions, from 1."""
    return "responses" if number == 1 else f"responses_v{number}"


def table_schema(versions: Sequence[Form], fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the Table Schema of the responses to some versions of a form: the fixed columns, then the form's."""
    known = sorted({form.version for form in versions})
    fixed = [
        RESPONSE_ID,
        RECEIVED_ON,
        {"name": "form_version", "type": "string", "constraints": {"required": True, "enum": known}},
        {"name": "language", "type": "string", "constraints": {"required": True}},
        {"name": "channel", "type": "string", "constraints": {"required": True, "enum": list(CHANNELS)}},
    ]
    return {
        "$schema": SCHEMA_PROFILE,
        "fields": [*fixed, *map(dict, fields)],
        "primaryKey": ["response_id"],
    }


def flat_schema(form: Form) -> dict[str, Any]:
    """Give the form as a plain Table Schema: its columns, without the properties that are ours alone."""
    words = form.wording(form.language)
    head = {
        "$schema": SCHEMA_PROFILE,
        "name": form.name,
        "title": words.title,
        "description": words.description,
    }
    return head | {"fields": [column.table_schema() for column in form.columns]}


def write_package(folder: Path, tables: Sequence[Table], counts: Mapping[str, int], created: datetime) -> int:
    """Write the private package of a form; what is there already of days that did not change is taken over.

    Args:
        folder: where it goes; made if it is not there, readable by its owner alone.
        tables: its responses by run of compatible versions, oldest first.
        counts: how many responses were received and what became of them; where more are to be exported than there
            are in the tables, the descriptor says how many are missing (`not_in_package`).
        created: when, with its time zone.

    Returns:
        How many responses it holds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _forget_hashes(folder / DESCRIPTOR)
    newest = tables[-1].form
    all_versions = [form for table in tables for form in table.versions]
    codebook = Codebook({resource_name(number): table.form for number, table in enumerate(tables, 1)})
    written = 0
    resources = []
    integrity: dict[str, Mapping[str, Any]] = {}
    for number, table in enumerate(tables, 1):
        name = resource_name(number)
        columns = FIXED_COLUMNS + tuple(column.name for column in table.form.columns)
        counts_of_rows, integrity[f"{name}.csv"] = _write_table(folder / f"{name}.csv", columns, table)
        codebook.add(name, counts_of_rows)
        written += counts_of_rows.total
        fields = [column.table_schema() for column in table.form.columns]
        resources.append(_resource(name, table_schema(table.versions, fields)))
    if len(tables) > 1:
        files = [folder / f"{resource_name(number)}.csv" for number in range(1, len(tables) + 1)]
        _write_csv(
            folder / "responses_all.csv", FIXED_COLUMNS + union_columns(all_versions), union_rows(files, all_versions)
        )
        resources.append(_resource("responses_all", table_schema(all_versions, union_fields(all_versions))))
    _write_csv(folder / "codebook.csv", codebook.columns(), (row.values() for row in codebook.rows()))
    resources.append(_resource("codebook", codebook.schema()))
    with replaced(folder / "codebook.html") as file:
        file.write(codebook_page(codebook, created))
    words = newest.wording(newest.language)
    missing = counts.get("exported", written) - written
    descriptor = {
        "$schema": PROFILE,
        "name": newest.name,
        "title": words.title,
        "description": words.description,
        "created": created.isoformat(timespec="seconds"),
        "version": newest.version,
        LANGUAGE: newest.language,
        "bacheca:counts": {**counts, "exported": written, **({"not_in_package": missing} if missing > 0 else {})},
        FIRST_SEEN: first_seen(all_versions),
        "resources": [
            {**resource, **(integrity.get(resource["path"]) or integrity_of(folder / resource["path"]))}
            for resource in resources
        ],
    }
    _write_json(folder / DESCRIPTOR, {key: value for key, value in descriptor.items() if value != ""})
    return written


def integrity_of(path: Path) -> dict[str, Any]:
    """Give what a descriptor says of a file for whoever wants to know whether it is whole (`hash`, `bytes`)."""
    with path.open("rb") as file:
        return _integrity(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def _integrity(digest: str, size: int) -> dict[str, Any]:
    return {"hash": f"sha256:{digest}", "bytes": size}


def changed_files(descriptor: Path) -> list[str]:
    """Name the files of a package that are not as they were when it was written."""
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    found = []
    for resource in package["resources"]:
        path = descriptor.parent / resource["path"]
        said = {key: resource[key] for key in ("hash", "bytes") if key in resource}
        if said and (not path.is_file() or integrity_of(path) != said):
            found.append(str(resource["path"]))
    return found


def _forget_hashes(descriptor: Path) -> None:
    """Take the hashes out of a descriptor whose files are about to change; one that cannot be read is left."""
    try:
        package = json.loads(descriptor.read_text(encoding="utf-8"))
        resources = [{k: v for k, v in of.items() if k not in ("hash", "bytes")} for of in package["resources"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    if resources != package["resources"]:
        _write_json(descriptor, {**package, "resources": resources})


def validate_package(descriptor: Path) -> None:
    """Run frictionless over a whole package, and hold each file against its hash.

    Raises:
        PackageProblems: it does not hold what its descriptor says.
    """
    from frictionless import Package  # noqa: PLC0415  a third of a second, which only this needs

    report = Package(str(descriptor)).validate()
    if report.valid:
        return
    changed = changed_files(descriptor) if not report.errors else []
    found = [Problem("PACKAGE_CHANGED", str(descriptor.parent / name), 0, values={"file": name}) for name in changed]
    found += [
        Problem("PACKAGE", str(descriptor), getattr(error, "row_number", None) or 0, values={"reason": error.message})
        for task in report.tasks
        for error in (*report.errors, *task.errors)
        if not (changed and error.type in ("hash-count", "byte-count"))
    ]
    raise PackageProblems(
        tuple(found) or (Problem("PACKAGE", str(descriptor), 0, values={"reason": str(report.stats)}),)
    )


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    with replaced(path) as file:
        json.dump(value, file, ensure_ascii=False, indent=2)
        file.write("\n")


def _resource(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    about = {"name": name, "type": "table", "path": f"{name}.csv", "format": "csv", "mediatype": "text/csv"}
    return {**about, "encoding": "utf-8", "dialect": DIALECT, "schema": schema}


def _write_table(path: Path, columns: Sequence[str], table: Table) -> tuple[Counts, Mapping[str, Any]]:
    """Write the file of a table, and beside it what is to be known of its days the next time.

    Returns:
        What the codebook counts in it, and what a descriptor says of the file.
    """
    memory = path.with_name(f".{path.stem}.days.json")
    written_as = digest(
        {"format": FORMAT, "columns": list(columns), "versions": [form.version for form in table.versions]}
    )
    known = _known_days(memory, written_as)
    with ExitStack() as opened:
        old = opened.enter_context(path.open("rb")) if known.parts and path.exists() else None
        new = opened.enter_context(replaced(path))
        written = write_days(new.buffer, old, known, columns, table.days, count=counting(table.form))
    with replaced(memory) as file:
        file.write(
            json.dumps(
                {"written_as": written_as, "digest": written.digest, "days": [part.as_json() for part in written.parts]}
            )
        )
    total = Counts()
    for part in written.parts:
        total.add(part.counts)
    return total, _integrity(written.digest, written.size)


def _known_days(memory: Path, written_as: str) -> Written:
    """Give what is known of a file's days; nothing where it was written in another way, or that cannot be read."""
    try:
        found = json.loads(memory.read_text(encoding="utf-8"))
        if found["written_as"] == written_as:
            return Written([Part.of_json(part) for part in found["days"]], str(found.get("digest", "")))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return Written()


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    with replaced(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
