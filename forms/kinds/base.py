"""What every kind of field does; a kind overrides what is its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from forms.canonical import canonical_text
from forms.checks import Check, Fault, codes, compile_check
from forms.errors import Problem
from forms.wording import Wording

Posted = Mapping[str, Sequence[str]]
Signature = tuple[str, str, str]
"""How a kind is recognised in a form file: `type`, `format` (or `categories`), `form:widget`."""

KEPT_IN_PACKAGE = (
    "name",
    "title",
    "description",
    "type",
    "format",
    "categories",
    "categoriesOrdered",
    "missingValues",
)


@dataclass(frozen=True)
class Column:
    """A column of the package: a Table Schema field and its compiled check."""

    descriptor: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The column's name."""
        return str(self.descriptor["name"])

    @cached_property
    def check(self) -> Check:
        """The check of its cells, compiled once."""
        return compile_check(self.descriptor)


@dataclass(frozen=True)
class Reading:
    """What a field makes of what was posted.

    Args:
        cells: a canonical cell for each of its columns.
        problems: why the answer is refused; empty when it is not.
        notice: the exact text that was agreed to, on a consent that was given.
    """

    cells: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    notice: str = ""


@dataclass(frozen=True)
class MailLine:
    """A line of a form as text for an e-mail.

    Args:
        before: what stands before the place of the answer.
        slot: what is answered so far: a text, or `x` in an option.
        after: what stands after it.
        control: the name of the control that the slot mirrors; empty where there is none.
        value: the value of the control that the slot mirrors; empty for a text.
    """

    before: str
    slot: str = ""
    after: str = ""
    control: str = ""
    value: str | None = None


@dataclass(frozen=True, eq=False)
class Field:
    """One question of a form.

    Args:
        descriptor: its entry in the form file.
        words: its wording in each language.
    """

    kind: ClassVar[str]
    signatures: ClassVar[tuple[Signature, ...]]
    template: ClassVar[str]
    properties: ClassVar[frozenset[str]] = frozenset()
    privacy_unless_said: ClassVar[str] = "public"
    seconds: ClassVar[int] = 15
    offers_missing: ClassVar[bool] = False
    autocomplete_unless_said: ClassVar[str] = ""
    input_type: ClassVar[str] = "text"
    says: ClassVar[Mapping[str, str]] = MappingProxyType({})

    descriptor: Mapping[str, Any]
    words: Mapping[str, Wording]

    @property
    def name(self) -> str:
        """The field's name, which is also its first column's."""
        return str(self.descriptor["name"])

    @property
    def required(self) -> bool:
        """Whether the form cannot be sent without it."""
        return (self.descriptor.get("constraints") or {}).get("required") is True

    @property
    def privacy(self) -> str:
        """`public`, `free-text`, `personal` or `sensitive`."""
        return str(self.descriptor.get("form:privacy", self.privacy_unless_said))

    @property
    def limit(self) -> int:
        """The most characters of an answer; 0 where it has no such limit."""
        return int((self.descriptor.get("constraints") or {}).get("maxLength", 0))

    @property
    def autocomplete(self) -> str:
        """The `autocomplete` token (WCAG 2.2, 1.3.5), or nothing."""
        return str(self.descriptor.get("form:autocomplete", self.autocomplete_unless_said))

    @property
    def anchor(self) -> str:
        """The id of the control that a link to the field leads to."""
        return f"f-{self.name}"

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The codes of its choices."""
        return codes(self.descriptor.get("categories"))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The codes that stand for no answer; the empty one is always among them."""
        return tuple(dict.fromkeys(("", *codes(self.descriptor.get("missingValues")))))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in the package."""
        return (Column(self.table_schema()),)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names under which its controls post."""
        return (self.name,)

    def table_schema(self) -> dict[str, Any]:
        """Give its first column as a plain Table Schema field, with every limit as a constraint."""
        field = {key: self.descriptor[key] for key in KEPT_IN_PACKAGE if key in self.descriptor}
        missing = self.descriptor.get("missingValues") or []
        if missing and "" not in codes(missing):
            field["missingValues"] = [{"value": "", "label": ""}, *missing]
        constraints = dict(self.descriptor.get("constraints") or {})
        if self.categories:
            constraints["enum"] = list(self.categories)  # frictionless does not enforce `categories`
        if len(self.missing) > 1 or "form:showIf" in self.descriptor:
            constraints.pop("required", None)  # a coded refusal is missing for a Table Schema, not for us
        return field | ({"constraints": constraints} if constraints else {})

    def read(self, posted: Posted, language: str) -> Reading:
        """Read what was posted for it.

        Args:
            posted: every value posted, by name; texts as they came.
            language: the language the person was reading.
        """
        values = posted.get(self.name, ())
        text = canonical_text(values[0]) if values else ""
        outcome = text if text in self.missing else self.canonical(text)
        cell, fault = (text, outcome) if isinstance(outcome, Fault) else (outcome, None)
        if len(values) > 1:
            fault = Fault("repeated", {})
        elif cell == "" and self.required:
            fault = Fault("required", {})
        elif cell and cell in self.missing and not self.offers_missing:
            fault = Fault("reserved", {"code": cell})
        else:
            fault = fault or self.columns[0].check(cell)
        return Reading({self.name: cell}, (self.problem(fault, language),) if fault else ())

    def canonical(self, text: str) -> str | Fault:
        """Put an answer into the one way it is kept; a Fault where it cannot be."""
        return text

    def problem(self, fault: Fault, language: str) -> Problem:
        """Turn a fault into the problem that the person reads."""
        code = self.says.get(fault.code, fault.code)
        title = self.words[language].title
        return Problem(code, field=self.name, values={"title": title, **fault.values})

    def posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what would be posted to get these cells: the way back from `read`."""
        cell = cells.get(self.name, "")
        return {self.name: [cell]} if cell else {}

    def show(self, cells: Mapping[str, str], language: str) -> str:
        """Say an answer in words; empty where there is none."""
        cell = cells.get(self.name, "")
        return self.words[language].labels.get(cell, cell) if cell else ""

    def mask(self, shown: str) -> str:
        """Show of a personal answer only how it begins."""
        return f"{shown[:1]}•••"

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give the lines in which an answer by e-mail is written."""
        values = posted.get(self.name) or [""]
        return [MailLine(">> ", values[0], control=self.name)]

    def summary(self, rows: Iterable[Mapping[str, str]]) -> dict[str, int]:
        """Count answers by code; of a free text only whether there is one (`answered`)."""
        counts = dict.fromkeys((*(self.categories or ("answered",)), *self.missing), 0)
        for row in rows:
            cell = row.get(self.name, "")
            counts[cell if cell in counts else "answered"] += 1
        return counts

    def codebook_rows(self) -> list[dict[str, str]]:
        """Describe its columns: a row a column, then one for each code."""
        about = {"column": self.name, "kind": self.kind, "type": str(self.descriptor.get("type", "string"))}
        about |= {"required": "yes" if self.required else "no", "privacy": self.privacy}
        words = self.words.items()
        first = {f"question_{language}": said.title for language, said in words}
        first |= {f"hint_{language}": said.description for language, said in words}
        rows = [about | first | {f"notice_{language}": said.notice for language, said in words if said.notice}]
        for stands_for, listed in (("category", self.categories), ("missing", self.missing)):
            for code in listed:
                if not code and not any(said.labels.get(code) for _, said in words):
                    continue  # a blank without a label is an ordinary empty cell
                labels = {f"label_{language}": said.labels.get(code, "") for language, said in words}
                rows.append({"column": self.name, "code": code, "stands_for": stands_for, **labels})
        return rows
