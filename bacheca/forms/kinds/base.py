"""What every kind of field does; a kind overrides what is its own.

One class, however long: it is the whole of what may be asked of a question, with the answer that most kinds give, so
that whoever adds a kind reads one file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from random import Random
from types import MappingProxyType
from typing import Any, ClassVar, Self

from bacheca.forms import limits
from bacheca.forms.asking.conditions import (
    NOT_ASKED,
    NOT_SHOWN,
    SHOW_IF,
    Comparison,
    Condition,
    as_code,
    condition_of,
    joined,
)
from bacheca.forms.asking.wording import Wording
from bacheca.forms.catalogues import marked as _
from bacheca.forms.catalogues import translations
from bacheca.forms.errors import Problem
from bacheca.forms.kinds.cells.cell_checks import Fault, codes
from bacheca.forms.kinds.cells.column import Column
from bacheca.forms.kinds.counted import Boxes, Chart, Counted
from bacheca.forms.kinds.reading import MailLine, Posted, Reading
from bacheca.forms.text import canonical_text

WORDS = ("ascolto", "comunità", "regole", "accoglienza", "dialogo", "tempo", "cura", "fiducia", "perché", "città")
"""Words that made-up answers are made of, accents among them."""

Signature = tuple[str, str, str]
"""How a kind is recognised in a form file: `type`, `format` (or `categories`), `form:widget`."""

PRIVACIES = ("public", "free-text", "personal", "sensitive")
"""How much the answers to a field tell of who gave them, the least first."""

PERSONAL = frozenset(PRIVACIES[PRIVACIES.index("personal") :])
"""Those that tell who somebody is, or what is nobody else's business."""

KEPT_IN_PACKAGE = ("name", "title", "description", "type", "format", "categoriesOrdered")


STANDARD_LABELS = {
    "": _("No answer"),
    NOT_SHOWN: _("Not shown"),
    NOT_ASKED: _("Not asked in this version"),
    "true": _("Yes"),
    "false": _("No"),
    "other": _("Other"),
}
"""The labels of codes that an editor need not label."""

WrongLimit = tuple[str, tuple[str | int, ...], dict[str, object]]
"""A problem of a field's entry: its code, the place inside the entry, what its sentence names."""


@dataclass(frozen=True, eq=False)
class Field(ABC):
    """One question of a form.

    Args:
        descriptor: its entry in the form file.
        words: its wording in each language.
        within: the condition of the section in which it stands; None where that has none.
        country: the code of the country that it is asked in; empty where nobody can tell.
    """

    kind: ClassVar[str]
    """Its name, by which codebooks and stored forms know it."""

    called: ClassVar[str]
    """What people call it: a sentence of the catalogue."""

    signatures: ClassVar[tuple[Signature, ...]]
    """The ways in which a form file writes it."""

    template: ClassVar[str]
    """The template of its controls."""

    counted: ClassVar[Counted]
    """What results count of its answers."""

    chart: ClassVar[Chart]
    """How results draw them."""

    xlsform: ClassVar[str]
    """The type of its row in an XLSForm."""

    xlsform_appearance: ClassVar[str] = ""
    """The look by which an XLSForm tells it from others of that type."""

    properties: ClassVar[frozenset[str]] = frozenset()
    constraint_names: ClassVar[frozenset[str]] = frozenset(("required",))
    privacy_unless_said: ClassVar[str] = "public"
    leads_to_somebody: ClassVar[bool] = False
    """Whether an answer is taken for somebody's own, as a page of theirs is, until its form says how private it is."""

    seconds: ClassVar[int] = 15
    offers_missing: ClassVar[bool] = False
    shares_places: ClassVar[bool] = False
    autocomplete_unless_said: ClassVar[str] = ""
    input_type: ClassVar[str] = "text"
    keyboard: ClassVar[str] = ""
    json_format: ClassVar[str] = ""
    many_lines: ClassVar[bool] = False
    is_mail_address: ClassVar[bool] = False
    ranks_choices: ClassVar[bool] = False
    has_order: ClassVar[bool] = False
    says: ClassVar[Mapping[str, str]] = MappingProxyType({})

    descriptor: Mapping[str, Any]
    words: Mapping[str, Wording]
    within: Condition | None = None
    country: str = ""

    @property
    def name(self) -> str:
        """The field's name, which is also its first column's."""
        return str(self.descriptor["name"])

    @property
    def constraints(self) -> Mapping[str, Any]:
        """Its limits, as Table Schema calls them; those that its kind implies are left out."""
        return self.descriptor.get("constraints") or {}

    @property
    def required(self) -> bool:
        """Whether the form cannot be sent without it."""
        return self.constraints.get("required") is True

    @property
    def opens_section(self) -> bool:
        """Whether a section of the form begins with it."""
        return bool(self.descriptor.get("form:section"))

    @property
    def matrix(self) -> str:
        """The name of the matrix that it is a row of; mostly empty."""
        return ""

    @property
    def other_name(self) -> str:
        """The name of the control and of the column that hold the words of another answer."""
        return f"{self.name}__other"

    @property
    def other(self) -> bool:
        """Whether it takes an answer that is not listed, in the person's own words."""
        return False

    @property
    def shuffles(self) -> bool:
        """Whether its options may stand in another order for each person."""
        return False

    @property
    def quotes(self) -> tuple[str, ...]:
        """The free texts that agreeing to it allows to quote, by name."""
        return ()

    def is_written_like(self, other: Field) -> bool:
        """Tell whether the form file says the same of both, in the same words."""
        return self.descriptor == other.descriptor and self.within == other.within

    @property
    def privacy(self) -> str:
        """`public`, `free-text`, `personal` or `sensitive`."""
        return str(self.descriptor.get("form:privacy", self.privacy_unless_said))

    @property
    def is_personal(self) -> bool:
        """Whether it is for those alone who look after people: by its form's word, or by its kind, as an address is."""
        unsaid = self.leads_to_somebody and "form:privacy" not in self.descriptor
        return unsaid or not PERSONAL.isdisjoint((self.privacy, self.privacy_unless_said))

    @property
    def protected_as(self) -> str:
        """Its privacy as it is kept to: `personal` where its kind is and its form does not say so."""
        return "personal" if self.is_personal and self.privacy not in PERSONAL else self.privacy

    @property
    def autocomplete(self) -> str:
        """The `autocomplete` token (WCAG 2.2, 1.3.5), or nothing."""
        return str(self.descriptor.get("form:autocomplete", self.autocomplete_unless_said))

    @property
    def inputmode(self) -> str:
        """The keyboard of a phone, or nothing."""
        return self.keyboard

    @property
    def anchor(self) -> str:
        """The id of the control that a link to the field leads to."""
        return f"f-{self.name}"

    @property
    def asks(self) -> bool:
        """Whether it asks something of the person."""
        return True

    @property
    def agrees(self) -> bool:
        """Whether it asks for an agreement only, which says nothing where there are questions beside it."""
        return False

    @cached_property
    def own_condition(self) -> Condition | None:
        """When it is shown where its section is; None where it always is."""
        return condition_of(self.descriptor)

    @cached_property
    def condition(self) -> Condition | None:
        """When it is shown, its section's condition included; None where it always is."""
        return joined(self.within, self.own_condition)

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """The codes of the choices that the form file lists."""
        return codes(self.descriptor.get("categories"))

    @cached_property
    def listed_missing(self) -> tuple[str, ...]:
        """The codes for no answer that the form file lists."""
        return codes(self.descriptor.get("missingValues"))

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The codes of its choices."""
        return self.listed

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The codes that stand for no answer; the empty one is always among them."""
        unshown = (NOT_SHOWN,) if self.condition else ()
        return tuple(dict.fromkeys(("", *self.listed_missing, *unshown)))

    @cached_property
    def ambiguous_missing(self) -> tuple[str, ...]:
        """The codes for no answer that an answer could be kept as, too.

        A text can be said in other words, and is asked for them; one that must match a pattern cannot.
        """
        bare = {key: value for key, value in self.descriptor.items() if key not in ("missingValues", SHOW_IF)}
        checks = [column.check for column in type(self)(bare, self.words).columns if self._tells_codes_apart(column)]
        return tuple(code for code in self.listed_missing if code and any(check(code) is None for check in checks))

    def _tells_codes_apart(self, column: Column) -> bool:
        """Tell whether only some texts can stand in a column."""
        return column.type != "string" or bool(column.format) or bool({"pattern", "enum"} & set(column.constraints))

    @property
    def counted_codes(self) -> tuple[str, ...]:
        """The codes of its answers that results count, where each answer is one of a few."""
        return self.categories

    @property
    def scores(self) -> Mapping[str, int] | None:
        """The number that each of these codes stands for; None where they are no numbers."""
        return None

    @property
    def comparable(self) -> frozenset[str] | None:
        """The codes that the condition of another field may name; None where it may only ask for an answer."""
        return None

    def meets(self, comparison: Comparison, given: Sequence[str]) -> bool:
        """Tell whether an answer to it, as codes or texts, is what the condition of another field asks."""
        return comparison.holds(given, self.missing, self.place)

    def place(self, cell: str) -> Any:
        """Give what puts an answer in order among others; None where it has no place."""
        cell_type = self.columns[0].cell_type
        return cell_type.in_order(cell) if self.has_order and cell_type.in_order and cell_type.holds(cell) else None

    def typical_answers(self, comparisons: Iterable[Comparison]) -> Iterator[tuple[str, ...]]:
        """Give some answers, as codes or texts, such that whatever is answered compares like one of them."""
        if not self.required:
            yield ()
        if self.comparable is not None:
            yield from ((code,) for code in sorted(self.comparable))
        elif self.has_order:
            yield from ((cell,) for cell in self._typical_cells(comparisons))
        else:
            yield ("…",)

    def _typical_cells(self, comparisons: Iterable[Comparison]) -> list[str]:
        """Give the bounds that answers are compared with, its own limits, and what stands just beside them."""
        cell_type = self.columns[0].cell_type
        bounds = [bound for one in comparisons for bound in (one.at_least, one.at_most) if bound]
        own = [as_code(self.constraints[key]) for key in ("minimum", "maximum") if key in self.constraints]
        edges = [*bounds, *own] or [cell_type.usual_bound]
        found = dict.fromkeys((*edges, *(cell for edge in edges for cell in cell_type.neighbours(edge))))
        return [cell for cell in found if self.columns[0].check(cell) is None]

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its columns in the package."""
        return (Column(self.table_schema()),)

    @property
    def characters(self) -> int:
        """The most characters that its texts hold together."""
        return sum(int(column.constraints.get("maxLength", 0)) for column in self.columns)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names under which its controls post."""
        return (self.name,)

    @property
    def boxes(self) -> tuple[str, ...]:
        """The controls into which one answer is parted, where a program may post it whole under the field's name."""
        return ()

    def months(self, language: str) -> Mapping[str, str]:
        """Give the numbers of the months by the names under which one may be typed; nothing where none is asked."""
        return {}

    @property
    def pairs(self) -> int:
        """The most pairs of name and value that a page posts for it."""
        return len(self.inputs)

    def label(self, code: str, language: str) -> str:
        """Say a code in words."""
        said = self.words[language].labels.get(code) if language in self.words else ""
        standard = STANDARD_LABELS.get(code, "")
        return said or (translations(language).gettext(standard) if standard else code)

    def told_in(self, language: str) -> Self:
        """Give it with its columns called in one of its languages."""
        words = self.words[language]
        said = {"title": words.title, "description": words.description}
        descriptor = {**self.descriptor, **{key: text for key, text in said.items() if key in self.descriptor}}
        return replace(self, descriptor=descriptor, words={language: words, **self.words})

    def table_schema(self) -> dict[str, Any]:
        """Give its first column as a plain Table Schema field, with every limit as a constraint."""
        field = {key: self.descriptor[key] for key in KEPT_IN_PACKAGE if key in self.descriptor}
        field.setdefault("type", "string")
        constraints = dict(self.constraints)
        if self.categories:
            values = [int(code) for code in self.categories] if field["type"] == "integer" else list(self.categories)
            labels = [self.label(code, self._first) for code in self.categories]
            field["categories"] = [{"value": v, "label": said} for v, said in zip(values, labels, strict=True)]
            constraints["enum"] = values  # frictionless does not enforce `categories`
        if "pattern" in constraints:
            constraints["pattern"] = f"(?:{constraints['pattern']})"  # or `red|blue` would take `redX`
        if len(self.missing) > 1:
            constraints.pop("required", None)  # a coded refusal is missing for a Table Schema, not for us
        return field | self._missing_values() | ({"constraints": constraints} if constraints else {})

    @property
    def options(self) -> tuple[str, ...]:
        """The codes to choose among, reasons for not answering and another answer left out; none in a text."""
        return self.listed

    @property
    def places(self) -> Mapping[str, int]:
        """How many places each of its choices has, where it is one that has a number of them."""
        return {}

    @property
    def offered(self) -> tuple[str, ...]:
        """The codes of all that people choose among by its label."""
        return ()

    @property
    def choose(self) -> Mapping[str, int]:
        """How many categories make an answer, as the form file says it: `min`, `max`, both or neither."""
        return {}

    @property
    def exclusive(self) -> str:
        """The code that excludes all others; empty where there is none."""
        return ""

    @property
    def ticking(self) -> Boxes:
        """How its boxes may be ticked; as one, where it has none."""
        return Boxes()

    @property
    def stated_limits(self) -> Mapping[str, Any]:
        """Its limits, those that every text has included."""
        return self.constraints

    @property
    def span(self) -> str:
        """The ends of a scale, where a number means what it does only between them; empty elsewhere."""
        return ""

    @property
    def cell_codes(self) -> frozenset[str]:
        """What a kept answer may be, where answers are coded."""
        return frozenset((*self.categories, *(self.comparable or ()))) - {*self.missing}

    def source(self, text: str) -> str:
        """Give what it takes out of the address of the page, where it is a source and that is one."""
        return ""

    def seeded(self, seed: int) -> dict[str, list[str]]:
        """Give what is posted for its options to stand in the order of a seed; nothing where they never move."""
        return {}

    @abstractmethod
    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up an answer, as cells.

        Args:
            wanted: the code that it is to come to, where answers are coded.
            number: which of many people answers, for answers that nobody else gives.
            chance: where chance comes from.
        """

    def made_like(self, given: Sequence[str], number: int, chance: Random) -> dict[str, str]:
        """Make up an answer that compares like one of `typical_answers`, as cells."""
        if self.comparable is None and self.place(given[0]) is not None:
            return {self.name: given[0]}
        return self.made_up(given[0], number, chance)

    def answer_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of an answer that a program sends; the codes for no answer are strings everywhere."""
        limits = self.columns[0].constraints
        lengths = {key: limits[key] for key in ("minLength", "maxLength") if key in limits}
        written = {"type": "string", **lengths} | ({"format": self.json_format} if self.json_format else {})
        either = lengths.get("minLength") or self.json_format
        return {"anyOf": [written, {"enum": list(self.missing)}]} if either else written

    def further_column(self, name: str, of_type: str, title: str, **more: Any) -> Column:
        """Make one more column, with the same codes for no answer as the first."""
        about = {"name": name, "title": title, "type": of_type}
        return Column(about | self._missing_values() | more)

    @property
    def _first(self) -> str:
        return next(iter(self.words), "")

    def _missing_values(self) -> dict[str, Any]:
        if len(self.missing) == 1 and not self.listed_missing:
            return {}
        said = {code: self.label(code, self._first) for code in self.missing}
        if "" not in self.listed_missing:
            said[""] = ""
        return {"missingValues": [{"value": code, "label": label} for code, label in said.items()]}

    @classmethod
    def wrong_limits(cls, entry: Mapping[str, Any]) -> Iterator[WrongLimit]:
        """Find what is wrong with the entry of a form file that only this kind can know."""
        return iter(())

    def read(self, posted: Posted, language: str) -> Reading:
        """Read what was posted for it, which nothing works on before its size is known to be one of an answer.

        Args:
            posted: every value posted, by name; texts as they came.
            language: the language the person was reading.
        """
        fault = self.oversize(posted)
        if fault is None:
            return self.interpret(posted, language)
        cells = {column.name: "" for column in self.columns}
        if self.name in cells:
            cells[self.name] = (posted.get(self.name) or [""])[0]
        return Reading(cells, (self.problem(fault, language),))

    def oversize(self, posted: Posted) -> Fault | None:
        """Find a value that is longer than any answer, as it is typed, or more values than there are answers.

        An answer that comes whole and in its boxes comes twice.
        """
        for name in self.inputs:
            values = posted.get(name, ())
            if len(values) > self.most_values(name):
                return self.too_many(name)
            longest = limits.typed(self.longest(name))
            if any(len(value) > longest for value in values):
                return self.too_long(name)
        whole, parted = any(posted.get(self.name, ())), any(any(posted.get(name, ())) for name in self.boxes)
        return Fault("repeated", {}) if whole and parted else None

    def too_many(self, name: str) -> Fault:
        """Say that one of its controls posted too many values."""
        return Fault("repeated", {})

    def too_long(self, name: str) -> Fault:
        """Say that one of its controls posted a value that is too long."""
        return Fault("too-long", {"limit": self.longest(name)})

    def longest(self, name: str) -> int:
        """Give the most characters that are kept of what one of its controls posts."""
        return limits.SHORT_ANSWER

    def most_values(self, name: str) -> int:
        """Give how many values one of its controls may post."""
        return 1

    def interpret(self, posted: Posted, language: str) -> Reading:
        """Read what was posted for it and has the size of an answer."""
        values = self.gathered(posted)
        text = canonical_text(values[0]) if values else ""
        outcome = text if text in self.missing else self.canonical(text, language)
        cell, fault = (text, outcome) if isinstance(outcome, Fault) else (outcome, None)
        if cell == "" and self.required:
            fault = Fault("required", {})
        elif cell and cell in self.missing and (cell == NOT_SHOWN or not self.offers_missing):
            fault = Fault("reserved", {"code": cell})
        else:
            fault = fault or self.columns[0].check(cell)
        return Reading({self.name: cell}, (self.problem(fault, language),) if fault else ())

    def gathered(self, posted: Posted) -> Sequence[str]:
        """Give what was posted for its first column: one value, or none."""
        return posted.get(self.name, ())

    def cells_of(self, code: str) -> Mapping[str, str]:
        """Give the cells that tell who chose one of its options, or put it first; none where nothing tells."""
        return {self.name: code}

    def unshown(self) -> Reading:
        """Give what is kept of a question that was not shown."""
        return Reading({column.name: NOT_SHOWN for column in self.columns})

    def given(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """Give the codes or texts that it was answered with, codes for no answer included."""
        cell = cells.get(self.name, "")
        return (cell,) if cell else ()

    def was_shown(self, cells: Mapping[str, str]) -> bool:
        """Tell whether the question was shown."""
        return cells.get(self.columns[0].name, "") != NOT_SHOWN

    def canonical(self, text: str, language: str) -> str | Fault:
        """Put an answer into the one way it is kept; a Fault where it cannot be."""
        return text

    def problem(self, fault: Fault, language: str) -> Problem:
        """Turn a fault into the problem that the person reads."""
        code = self.says.get(fault.code, fault.code)
        title = self.words[language].title
        return Problem(code, field=self.name, values={"title": title, **fault.values})

    def no_place(self, code: str, language: str) -> Problem:
        """Say that no place is left of one of its choices."""
        return self.problem(Fault("no-place", {"choice": self.label(code, language)}), language)

    def posted(self, cells: Mapping[str, str]) -> dict[str, list[str]]:
        """Give what would be posted to get these cells: the way back from `read`."""
        cell = cells.get(self.name, "")
        return {self.name: [cell]} if cell and cell != NOT_SHOWN else {}

    def show(self, cells: Mapping[str, str], language: str) -> str:
        """Say an answer in words; empty where there is none."""
        cell = cells.get(self.name, "")
        return self.label(cell, language) if cell else ""

    def says_nothing(self, cell: str) -> bool:
        """Tell whether a cell is no answer, or one that cannot be kept, to be shown as it stands."""
        return cell in self.missing or self.columns[0].check(cell) is not None

    def mask(self, shown: str) -> str:
        """Show of a personal answer only how it begins."""
        return f"{shown[:1]}•••"

    def mail_lines(self, language: str, posted: Posted) -> list[MailLine]:
        """Give the lines in which an answer by e-mail is written."""
        values = posted.get(self.name) or [""]
        return [MailLine(">> ", values[0], control=self.name)]

    def codebook_rows(self) -> list[dict[str, str]]:
        """Describe its columns: a row a column, then one for each code."""
        words = self.words.items()
        first = self.about_column(self.name)
        first |= {f"question_{language}": said.title for language, said in words}
        first |= {f"hint_{language}": said.description for language, said in words}
        first |= {f"notice_{language}": said.notice for language, said in words if said.notice}
        return [first, *self.codebook_codes()]

    def about_column(self, name: str) -> dict[str, str]:
        """Begin a codebook row about one of its columns."""
        of_type = next(column.type for column in self.columns if column.name == name)
        about = {"column": name, "kind": self.kind, "type": of_type}
        return about | {"required": "yes" if self.required else "no", "privacy": self.protected_as}

    def implied_rows(self) -> list[dict[str, str]]:
        """Describe the codes of its first column that a form file does not list, a row each."""
        return []

    def implied_row(self, code: str, stands_for: str, labels: Mapping[str, str]) -> dict[str, str]:
        """Describe such a code, with its labels by language."""
        row = {"column": self.name, "code": code, "stands_for": stands_for}
        return row | {f"label_{language}": label for language, label in labels.items()}

    def codebook_codes(self) -> list[dict[str, str]]:
        """Describe the codes of its first column, a row each."""
        rows = []
        for stands_for, listed in (("category", self.categories), ("missing", self.missing)):
            for code in listed:
                if not code and not any(said.labels.get(code) for said in self.words.values()):
                    continue  # a blank without a label is an ordinary empty cell
                labels = {f"label_{language}": self.label(code, language) for language in self.words}
                rows.append({"column": self.name, "code": code, "stands_for": stands_for, **labels})
        return rows
