"""The tables of a written package, read for a copy: what its descriptor says, a row in memory at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bacheca.forms.community import FIRST
from bacheca.forms.definition.form import FIXED_COLUMNS, Form
from bacheca.forms.kinds.consent import HASH, NOTICE
from bacheca.forms.kinds.ranking import Ranking
from bacheca.forms.package.all_versions import union_fields
from bacheca.forms.package.first_seen import FIRST_SEEN, LANGUAGE
from bacheca.forms.package.formats.messages import FIXED, YES_NO, say

ALL = "responses_all"
"""The table of every version, whose columns take their codes from the other tables."""


@dataclass(frozen=True)
class Variable:
    """A column, as an analyst thinks of it.

    Args:
        name: its name in the package.
        title: the question.
        type: its Table Schema type.
        labels: what each code of an answer means; empty where answers are not coded.
        missing: what each code for no answer means; the empty cell is not among them.
        ordered: whether the codes are in order.
        limits: its constraints.
        numbers: the number that each code has for good, by the order in which the form's versions brought them.
        lowest: the least number that any version allows; None where there is no such limit.
        question: of a box among others, or the words beside them: the question without the choice.
        choice: the choice that it stands for.
        agrees: whether it holds an agreement, which is not given where nothing was ticked.
    """

    name: str
    title: str
    type: str
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    ordered: bool = False
    limits: Mapping[str, Any] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    lowest: float | None = None
    question: str = ""
    choice: str = ""
    agrees: bool = False

    @property
    def is_proof(self) -> bool:
        """Whether it holds the hash of the text that was agreed to: for programs, and nothing that people read."""
        return self.name.endswith(NOTICE) and self.limits.get("pattern") == HASH

    @property
    def is_box(self) -> bool:
        """Whether it holds one of several choices that may be made together."""
        return bool(self.question)

    @property
    def ranks(self) -> bool:
        """Whether it holds the rank of one category."""
        return self.type == "integer" and "__" in self.name and self.limits.get("minimum") == 1


@dataclass(frozen=True)
class Sheet:
    """A table of a package.

    Args:
        name: the resource's name.
        path: its file.
        variables: its columns.
        language: the language of its form.
    """

    name: str
    path: Path
    variables: tuple[Variable, ...]
    language: str

    def rows(self) -> Iterator[list[str]]:
        """Read its rows."""
        with self.path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            yield from reader


@dataclass(frozen=True)
class Sheets:
    """The tables of a package.

    Args:
        title: the title of the form.
        created: when it was made.
        responses: the tables of the responses.
        codebook: that of the codebook.
        in_words: the tables of the responses as they are said in words.
        missing: every code for no answer, in the order in which the form's versions brought them.
    """

    title: str
    created: datetime
    responses: tuple[Sheet, ...]
    codebook: Sheet
    in_words: tuple[Sheet, ...]
    missing: tuple[str, ...] = ()


def sheets_of(folder: Path) -> Sheets:
    """Read what the descriptor of a package says of its tables."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["name"]: resource["schema"]["fields"] for resource in package["resources"]}
    versions = [fields for name, fields in described.items() if name not in (ALL, "codebook")]
    known, lowest = _newest(versions), _lowest(versions)
    first = package.get(FIRST_SEEN, {})
    language = str(package.get(LANGUAGE, FIRST.language))
    numbers = {
        name: {code: number for number, code in enumerate(listed, 1)}
        for name, listed in first.get("categories", {}).items()
    }
    boxes = _boxes(folder / "codebook.csv", language)
    sheets = {}
    for name, fields in described.items():
        columns = (_variable(entry, known if name == ALL else {}, numbers, lowest, language) for entry in fields)
        asked = _with_consents(_with_box(column, *boxes.get(column.name, ("", ""))) for column in columns)
        sheets[name] = Sheet(name, folder / f"{name}.csv", asked, language)
    codebook = sheets.pop("codebook")
    created = datetime.fromisoformat(package["created"])
    missing = tuple(first.get("missingValues", ()))
    tables = tuple(sheets.values())
    return Sheets(package["title"], created, tables, codebook, tables, missing)


def variables_of(versions: Sequence[Form], language: str = "") -> tuple[Variable, ...]:
    """Give the columns of all the responses to a form before any package is written: the fixed ones, then its own.

    Args:
        versions: every version of the form, oldest first.
        language: that of whoever reads them; a version that is not translated into it speaks its own.
    """
    versions = [form.told_in(language) for form in versions]
    known = _newest([[column.table_schema() for column in form.columns] for form in versions])
    fixed = ({"name": name, "type": "date" if name == "received_on" else "string"} for name in FIXED_COLUMNS)
    entries = (*fixed, *union_fields(versions))
    return _with_consents(_variable(entry, known, {}, {}, versions[-1].language) for entry in entries)


def _with_box(variable: Variable, question: str, choice: str) -> Variable:
    return replace(variable, question=question, choice=choice)


def _with_consents(variables: Iterable[Variable]) -> tuple[Variable, ...]:
    """Mark those that hold an agreement: the hash of what was agreed to stands beside them."""
    found = tuple(variables)
    proofs = {variable.name for variable in found if variable.is_proof}
    return tuple(replace(one, agrees=True) if one.name + NOTICE in proofs else one for one in found)


def _boxes(codebook: Path, language: str) -> dict[str, tuple[str, str]]:
    """Find of which question each box is, and what it is to tick it, as the codebook says."""
    question, label = f"question_{language}", f"label_{language}"
    with codebook.open(encoding="utf-8", newline="") as file:
        return {
            row["column"]: (row[question], row[label])
            for row in csv.DictReader(file)
            if "__" in row["column"] and row["kind"] != Ranking.kind and row["stands_for"] != "missing"
            if row.get(question) and row.get(label)
        }


def _lowest(tables: list[list[Mapping[str, Any]]]) -> dict[str, float | None]:
    """Give the least number of each column, over all versions; None where one of them has no such limit."""
    found: dict[str, float | None] = {}
    for entry in (entry for fields in tables for entry in fields):
        name, least = str(entry["name"]), entry.get("constraints", {}).get("minimum")
        least = float(least) if isinstance(least, int | float) else None
        before = found.get(name, least)
        found[name] = None if before is None or least is None else min(before, least)
    return found


def _newest(tables: list[list[Mapping[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Join what the tables say of each column, oldest first: the newest labels, and every code there ever was."""
    known: dict[str, dict[str, Any]] = {}
    for fields in tables:
        for entry in fields:
            earlier = known.get(entry["name"], entry)
            before = {item["value"]: item for item in earlier.get("categories", ())}
            now = {item["value"]: item for item in entry.get("categories", ())}
            known[entry["name"]] = dict(entry)
            if earlier.get("constraints") != entry.get("constraints"):
                known[entry["name"]].pop("constraints", None)  # the limits of one version do not hold for another
            if before or now:
                known[entry["name"]]["categories"] = list(
                    (now | {v: before[v] for v in before if v not in now}).values()
                )
    return known


def _variable(
    entry: Mapping[str, Any],
    known: Mapping[str, Mapping[str, Any]],
    numbers: Mapping[str, Mapping[str, int]],
    lowest: Mapping[str, float | None],
    language: str,
) -> Variable:
    name = str(entry["name"])
    whole = {**known.get(name, {}), **entry}
    labels = {str(item["value"]): str(item["label"]) for item in whole.get("categories", ())}
    limits = whole.get("constraints", {})
    yes_no = {code: say(said, language) for code, said in YES_NO.items()}
    if whole["type"] == "boolean":
        labels = yes_no
    elif "__" in name and (limits.get("minimum"), limits.get("maximum")) == (0, 1):
        labels = {"0": yes_no["false"], "1": yes_no["true"]}
    missing = {str(item["value"]): str(item["label"]) for item in whole.get("missingValues", ()) if item["value"] != ""}
    title = str(whole.get("title") or (say(FIXED[name], language) if name in FIXED else name))
    return Variable(
        name,
        title,
        whole["type"],
        labels,
        missing,
        whole.get("categoriesOrdered") is True,
        limits,
        numbers.get(name, {code: number for number, code in enumerate(labels, 1)}),
        lowest.get(name),
    )
