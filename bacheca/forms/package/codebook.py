"""The codebook of a package: the exact wording in every language, what each code stands for, and how often it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bacheca.forms.asking.conditions import Combination, Comparison, Condition, plain
from bacheca.forms.definition.form import Form
from bacheca.forms.definition.when_to_answer import when_to_answer
from bacheca.forms.kinds import Field

ABOUT = ("column", "kind", "type", "required", "privacy", "shown_if", "code", "stands_for")
SAID = ("section", "stem", "question", "hint", "label", "notice", "when")
COUNTS = "counts"
"""How often it came in each resource: `responses=12 responses_v2=3`; one that is not named does not have it.

One column, so that a package in the making never has another header than its descriptor says."""

ANSWERED = "*"
"""Under which all cells that are an answer are counted; no code is written so."""

Key = tuple[str, str, str]
"""What tells the rows of a codebook apart: the column, the code, what it stands for."""


@dataclass(frozen=True)
class Entry:
    """What the codebook says of one question.

    Args:
        form: the newest version that asks it.
        field: the question.
        rows: a row a column, then a row a code.
    """

    form: Form
    field: Field
    rows: tuple[Mapping[str, str], ...]


@dataclass
class Counts:
    """What came in some rows.

    Args:
        total: how many rows there were.
        versions: how many of each version, by its digest.
        cells: how often each code came in a column, and every other answer as one.
    """

    total: int = 0
    versions: Counter[str] = field(default_factory=Counter)
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, more: Counts) -> None:
        """Add what came in other rows."""
        self.total += more.total
        self.versions.update(more.versions)
        self.cells.update(more.cells)

    def as_json(self) -> list[Any]:
        """Give them as JSON values."""
        return [self.total, self.versions, [[*key, count] for key, count in self.cells.items()]]

    @classmethod
    def of_json(cls, value: list[Any]) -> Counts:
        """Make them again."""
        total, versions, cells = value
        return cls(total, Counter(versions), Counter({(column, code): count for column, code, count in cells}))


@dataclass(frozen=True)
class Codebook:
    """The codebook of a form's package.

    Args:
        resources: the newest form of each resource by the resource's name, oldest first.
    """

    resources: Mapping[str, Form]
    _counts: dict[str, Counts] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The form as it is now."""
        return list(self.resources.values())[-1]

    @property
    def versions(self) -> Counter[str]:
        """How many responses came to each version, by its digest."""
        return sum((counts.versions for counts in self._counts.values()), Counter())

    def total(self, resource: str) -> int:
        """Tell how many responses a resource holds."""
        return self._of(resource).total

    def add(self, resource: str, counts: Counts) -> None:
        """Add what was counted in rows of a resource."""
        self._counts.setdefault(resource, Counts()).add(counts)

    def _of(self, resource: str) -> Counts:
        return self._counts.get(resource, Counts())

    def columns(self) -> tuple[str, ...]:
        """Give the columns; what is said stands once for each language."""
        return (*ABOUT, *(f"{what}_{language}" for what in SAID for language in self.form.languages), COUNTS)

    def rows(self) -> list[Mapping[str, str]]:
        """Describe every column of the package: what is asked now, then what only earlier versions asked."""
        columns = self.columns()
        return [{column: row.get(column, "") for column in columns} for entry in self.entries() for row in entry.rows]

    def entries(self) -> Iterator[Entry]:
        """Describe question by question; a code or a column that is no more stands after those that are."""
        found: dict[str, Entry] = {}
        for form in reversed(list(self.resources.values())):
            for of_field in form.fields:
                rows: tuple[Mapping[str, str], ...] = tuple(_rows(form, of_field))
                if of_field.name in found:
                    newer = found[of_field.name]
                    known = {_key(row) for row in newer.rows}
                    rows = newer.rows + tuple(row for row in rows if _key(row) not in known)
                    found[of_field.name] = Entry(newer.form, newer.field, rows)
                else:
                    found[of_field.name] = Entry(form, of_field, rows)
        for name, entry in found.items():
            there = {
                resource: frozenset(map(_key, _rows(form, form.field(name))))
                for resource, form in self.resources.items()
                if name in form.fields_by_name
            }
            yield Entry(
                entry.form, entry.field, tuple({**row, COUNTS: self._count(name, row, there)} for row in entry.rows)
            )

    def schema(self) -> dict[str, Any]:
        """Give the codebook's own Table Schema."""
        return {"fields": [{"name": column, "type": "string"} for column in self.columns()]}

    def _count(self, name: str, row: Mapping[str, str], there: Mapping[str, frozenset[Key]]) -> str:
        """Say in which resources a column or a code is, and how often it came in each."""
        column, code, stands_for = _key(row)
        own = stands_for == "category" and column != name  # a category with a column to itself
        counts: dict[str, int] = {}
        for resource, keys in there.items():
            if _key(row) in keys:
                cells = self._of(resource).cells
                count = cells[column, ANSWERED if own or not stands_for else code]
                counts[resource] = count - cells[column, "0"] if own else count
        return " ".join(f"{resource}={count}" for resource, count in counts.items())


def counting(form: Form) -> Callable[[Mapping[str, Sequence[str]], Counts], None]:
    """Give what counts in a block of a form's responses each code, and every other answer as one."""
    coded = [(column.name, *_coded(of_field, column.name)) for of_field in form.fields for column in of_field.columns]

    def count(block: Mapping[str, Sequence[str]], counts: Counts) -> None:
        counts.total += len(block["form_version"])
        counts.versions.update(block["form_version"])
        for name, codes, missing in coded:
            answered = 0
            for cell, times in Counter(block[name]).items():
                if cell in codes:
                    counts.cells[name, cell] += times
                if cell not in missing:
                    answered += times
            if answered:
                counts.cells[name, ANSWERED] += answered

    return count


def routing_of(of_field: Field) -> str:
    """Write the condition of a question for a program to read: `luogo in (casa, mare)`; empty where it has none.

    Several are joined by `and` and `or`, those inside others in brackets; numbers and days are compared by `>=`, `<=`.
    """
    return _routing(plain(of_field.condition)) if of_field.condition else ""


def _routing(condition: Condition) -> str:
    if isinstance(condition, Comparison):
        return _compared(condition)
    if condition.key == "not":
        return f"not ({_routing(condition.parts[0])})"
    parts = (f"({_routing(part)})" if _is_joined(part) else _routing(part) for part in condition.parts)
    return {"all": " and ", "any": " or "}[condition.key].join(parts)


def _is_joined(condition: Condition) -> bool:
    """Tell whether a condition is written with `and` or `or`."""
    if isinstance(condition, Combination):
        return condition.key != "not"
    return bool(condition.at_least and condition.at_most)


def _compared(comparison: Comparison) -> str:
    field = comparison.field
    if comparison.answered is not None:
        return f"{field} {'answered' if comparison.answered else 'not answered'}"
    if comparison.any_of:
        return f"{field} in ({', '.join(comparison.any_of)})"
    bounds = ((">=", comparison.at_least), ("<=", comparison.at_most))
    return " and ".join(f"{field} {sign} {bound}" for sign, bound in bounds if bound)


def _coded(of_field: Field, column: str) -> tuple[frozenset[str], frozenset[str]]:
    """Give the cells of a column that are counted one by one, and those that are no answer."""
    rows = [*of_field.codebook_rows(), *of_field.implied_rows()]
    codes = {row["code"] for row in rows if row["column"] == column and "code" in row}
    return frozenset((*codes, *of_field.missing, "0")), frozenset(of_field.missing)


def _key(row: Mapping[str, str]) -> Key:
    return row["column"], row.get("code", ""), row.get("stands_for", "")


def _rows(form: Form, of_field: Field) -> Iterator[dict[str, str]]:
    """Add to a field's own rows where it stands, when it is asked, and the codes that its kind implies."""
    about = {"shown_if": routing_of(of_field)}
    for language, words in of_field.words.items():
        about |= {f"section_{language}": words.section, f"stem_{language}": words.stem}
        about |= {f"when_{language}": when_to_answer(form, of_field, language)}
    described = ""
    for row in of_field.codebook_rows():
        first = row["column"] != described
        described = row["column"]
        yield row | about if first else row
        if first and described == of_field.name:
            yield from of_field.implied_rows()
