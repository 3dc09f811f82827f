"""Results as a public Data Package: `results.csv`, `quotations.csv` where there are any, and `datapackage.json`.

`results.json` says the same in one file, for programs that show it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bacheca.forms import limits
from bacheca.forms.atomic_file import replaced
from bacheca.forms.definition.form import Form
from bacheca.forms.errors import PackageProblems
from bacheca.forms.package.package import DIALECT, PROFILE, SCHEMA_PROFILE, integrity_of
from bacheca.forms.package.spreadsheets import public_row, restored
from bacheca.forms.results.results import BLANK, MEASURES, Quotation, Results, Row
from bacheca.forms.results.tally import measures_of
from bacheca.forms.results_messages import METHOD, TITLE, ResultsProblem, say
from bacheca.forms.text import canonical_text, digest

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
COLUMNS_MEAN = {
    "field": "The question, by its name in schema.json; empty for the whole form.",
    "category": "The answer, by its code, or the reason for not answering (- for none); empty for the whole question.",
    "crossed_field": "The question that it is crossed with; mostly empty.",
    "crossed_category": "The answer to that question, by its code.",
    "measure": "What the value is: responses to the form, answered the question, count of an answer, mean, nps (net"
    " promoter score, from -100 to 100), mean-rank (1 is the first place).",
    "value": "The number; blank where it is not shown. Rounded where the package says so.",
}
SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    RESULTS: {
        "$schema": SCHEMA_PROFILE,
        "fields": [
            *({"name": name, "type": "string", "description": COLUMNS_MEAN[name]} for name in COLUMNS[:4]),
            {
                "name": "measure",
                "type": "string",
                "description": COLUMNS_MEAN["measure"],
                "constraints": {"required": True, "enum": list(MEASURES)},
            },
            {"name": "value", "type": "number", "description": COLUMNS_MEAN["value"]},
        ],
    },
    QUOTATIONS: {
        "$schema": SCHEMA_PROFILE,
        "fields": [{"name": name, "type": "string", "constraints": {"required": True}} for name in ("field", "text")],
    },
}
COUNTS = ("responses", "answered", "count")
COUNT = re.compile(r"(?:0|[1-9][0-9]{0,9})?")
NUMBER = re.compile(r"(?:-?(?:0|[1-9][0-9]{0,20})(?:\.[0-9]{1,6})?)?")
NOTHING = re.compile(r"(?!)")
VALUES = {measure: COUNT if measure in COUNTS else NUMBER for measure in MEASURES}
"""How the values of a measure are written; blank where they are not shown."""

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
MOST = 1_000_000
"""The highest threshold, or step of rounding, that results can have."""

PROBLEMS = 20
"""The most problems of a package that are told at once."""


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


def open_results(folder: Path, form: Form) -> Results:
    """Read a package of results, its files and nothing else.

    Args:
        folder: the package.
        form: the form it must belong to.

    Raises:
        PackageProblems: it cannot be read, or `parse_results` refuses it.
    """
    texts = {}
    for name in (DESCRIPTOR, RESULTS, QUOTATIONS):
        if name != QUOTATIONS or (folder / name).is_file():
            try:
                with (folder / name).open("rb") as file:
                    texts[name] = file.read(limits.RESULTS + 1)
            except OSError as error:
                raise PackageProblems((_unread(folder / name, error),)) from None
    return parse_results(texts, form, folder.as_posix())


def parse_results(texts: Mapping[str, bytes], form: Form, place: str) -> Results:
    """Read the files of a package of results, wherever they come from.

    Of the descriptor only what it says of the publication is taken: what the tables are, this module knows. No file
    that it names is opened.

    Args:
        texts: the files, by their names; more bytes than the limit where one is too long.
        form: the form it must belong to.
        place: where they come from.

    Raises:
        PackageProblems: they cannot be read, belong to another form, mix two publications or show a count below
            their own threshold.
    """
    path = f"{place}/{DESCRIPTOR}"
    try:
        descriptor = _descriptor_in(texts[DESCRIPTOR])
        made = _results_of(descriptor, texts)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, csv.Error) as error:
        raise PackageProblems((_unread(path, error),)) from None
    if made.form != form.name:
        raise PackageProblems((_problem(path, "RESULTS_FORM", other=made.form, form=form.name),))
    if strange := _strange_tables(descriptor):
        raise PackageProblems((_problem(path, "RESULTS_INVALID", reason=strange),))
    if descriptor.get("bacheca:digest") != digest_of(_tables(made)):
        raise PackageProblems((_problem(path, "RESULTS_TORN"),))
    problems = [*_strange(path, made, form), *_small(path, made, max(made.threshold, form.threshold))]
    if problems:
        raise PackageProblems(tuple(problems[:PROBLEMS]))
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
    words = form.wording(form.language)
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
        "title": say(TITLE, form.language, title=words.title),
        "description": say(METHOD[method], form.language, **values),
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


def _descriptor_in(text: bytes) -> Mapping[str, Any]:
    said = json.loads(_decoded(text), parse_constant=_refused)
    if not isinstance(said, dict):
        raise TypeError(DESCRIPTOR)
    return said


def _decoded(text: bytes) -> str:
    if len(text) > limits.RESULTS:
        raise ValueError(f"> {limits.RESULTS // 1024**2} MB")
    return text.decode("utf-8")


def _refused(constant: str) -> Any:
    raise ValueError(constant)


def _results_of(descriptor: Mapping[str, Any], texts: Mapping[str, bytes]) -> Results:
    named = [descriptor["bacheca:form"], descriptor["version"]]
    changed = descriptor.get("bacheca:changed", [])
    if not all(isinstance(name, str) and NAME.fullmatch(name) for name in (*named, *changed)):
        raise ValueError("name")
    threshold, rounding = descriptor["bacheca:threshold"], descriptor["bacheca:rounding"]
    if not all(type(number) is int and 0 <= number <= MOST for number in (threshold, rounding)):
        raise ValueError("threshold")
    created = datetime.fromisoformat(descriptor["created"])
    if created.tzinfo is None:
        raise ValueError("created")
    quotations = _rows_of(texts[QUOTATIONS], ("field", "text")) if _lists_quotations(descriptor) else []
    rows = tuple(Row(*cells) for cells in _rows_of(texts[RESULTS], COLUMNS))
    for number, row in enumerate(rows, 2):
        if not (all(map(_is_code, row.place)) and VALUES.get(row.measure, NOTHING).fullmatch(row.value)):
            raise ValueError(f"{RESULTS}:{number}")
    if len({row.place for row in rows}) < len(rows):
        raise ValueError(RESULTS)
    for number, (field, text) in enumerate(quotations, 2):
        if not _is_code(field) or canonical_text(text) != text:
            raise ValueError(f"{QUOTATIONS}:{number}")
    return Results(
        named[0],
        named[1],
        threshold,
        rounding,
        date.fromisoformat(descriptor["bacheca:since"]),
        date.fromisoformat(descriptor["bacheca:until"]),
        created,
        rows,
        tuple(Quotation(*cells) for cells in quotations),
        tuple(changed),
    )


def _is_code(text: str) -> bool:
    return len(text) <= limits.LINE and text.isprintable()


def _lists_quotations(descriptor: Mapping[str, Any]) -> bool:
    return any(resource["path"] == QUOTATIONS for resource in descriptor["resources"])


def _strange_tables(descriptor: Mapping[str, Any]) -> str:
    """Find tables, or columns of them, that results do not have; nothing where all is as it should be."""
    try:
        for resource in descriptor["resources"]:
            schema = SCHEMAS.get(resource["path"])
            if schema is None:
                return "path"
            names = [[field["name"] for field in each["fields"]] for each in (schema, resource["schema"])]
            if names[0] != names[1]:
                return "schema"
    except (KeyError, TypeError):
        return "resources"
    return ""


def _rows_of(text: bytes, columns: Sequence[str]) -> list[list[str]]:
    reader = csv.reader(io.StringIO(_decoded(text), newline=""), strict=True)
    if next(reader, None) != list(columns):
        raise ValueError(", ".join(columns))
    rows = []
    for row in reader:
        if len(row) != len(columns):
            raise ValueError(f"{len(columns)} ≠ {len(row)}")
        rows.append(list(map(restored, row)))
    return rows


def _strange(path: Path | str, results: Results, form: Form) -> Iterable[ResultsProblem]:
    """Find fields and categories that the form does not have; what was counted until it was sealed is no such."""
    known = {"": {""}}
    for name, measure in measures_of(replace(form, sealed=False)).items():
        asked = measure.asked
        known[name] = {"", BLANK, *measure.categories, *measure.missing, *asked.categories}
    for row in results.rows:
        for name, code in ((row.field, row.category), (row.crossed_field, row.crossed_category)):
            if code not in known.get(name, ()):
                yield _problem(path, "RESULTS_STRANGE", what=f"{name} {code}".strip(), form=form.name)
    for said in results.quotations:
        if said.field not in known:
            yield _problem(path, "RESULTS_STRANGE", what=said.field, form=form.name)


def _small(path: Path | str, results: Results, least: int) -> Iterable[ResultsProblem]:
    """Find counts that should never have been shown."""
    for row in results.rows:
        if row.measure in COUNTS and row.value and not results.rounding and Decimal(row.value) < least:
            what = " ".join(filter(None, row.place))
            yield _problem(path, "RESULTS_COUNT", what=what, value=row.value, threshold=least)


def _unread(path: Path | str, error: Exception) -> ResultsProblem:
    reason = getattr(error, "strerror", None) or f"{type(error).__name__} {error}"[: limits.LINE]
    return _problem(path, "RESULTS_FILE", file=Path(str(path)).name, reason=reason)


def _problem(path: Path | str, code: str, **values: object) -> ResultsProblem:
    return ResultsProblem(code, str(path), 1, values=values)


def _write(path: Path, text: str) -> None:
    with replaced(path) as file:
        file.write(text)
    path.chmod(0o644)
