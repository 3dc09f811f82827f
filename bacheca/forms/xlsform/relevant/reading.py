"""From a `relevant` to a condition: what it compares, with questions of the form, at most two groups deep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import product
from math import ceil, floor
from typing import Any, Literal

from bacheca.forms.asking.conditions import (
    LEVELS,
    Combination,
    Comparison,
    Condition,
    as_code,
    joined,
    opposite,
    plain,
)
from bacheca.forms.kinds import Field
from bacheca.forms.xlsform.relevant.xpath import COMPARING, Call, Expression, NotRead, Reference, Text, read

MOST_TERMS = 24
"""How many groups a condition may become, so that none stands deeper than another."""

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
NUMERIC = frozenset(("number", "int", "round", "string", "coalesce", "once"))
ALWAYS, NEVER = Combination("all", ()), Combination("any", ())


def read_condition(texts: Iterable[str], field_of: Callable[[str], Field | None]) -> Condition | None:
    """Read a `relevant` and those of the groups around it, all of which must hold.

    Args:
        texts: the expressions.
        field_of: finds the question of a name as the form has it; None where there is none.

    Returns:
        The condition; None where it always holds.

    Raises:
        NotRead: a form cannot say it.
    """
    reader = _Reader(field_of)
    parts = tuple(reader.condition(read(text)) for text in dict.fromkeys(texts))
    said = _without_constants(Combination("all", parts))
    if said == ALWAYS:
        return None
    if said == NEVER:
        raise NotRead
    return _shallow(_merged(plain(said)))


def written_as(condition: Condition, typed: Callable[[str, str], object]) -> dict[str, Any]:
    """Write a condition as a form file does.

    Args:
        condition: the condition.
        typed: writes a value as YAML has it, for the question of a name.
    """
    if isinstance(condition, Combination):
        if condition.key == "not":
            return {"not": written_as(condition.parts[0], typed)}
        return {condition.key: [written_as(part, typed) for part in condition.parts]}
    said: dict[str, Any] = {"field": condition.field}
    if condition.answered is not None:
        return said | {"answered": condition.answered}
    if condition.any_of:
        listed = [typed(condition.field, code) for code in condition.any_of]
        return said | ({"equals": listed[0]} if len(listed) == 1 else {"in": listed})
    bounds = (("atLeast", condition.at_least), ("atMost", condition.at_most))
    return said | {key: typed(condition.field, bound) for key, bound in bounds if bound}


@dataclass(frozen=True)
class _Reader:
    """Reads expressions that look at the questions of a form."""

    field_of: Callable[[str], Field | None]

    def condition(self, said: Expression) -> Condition:
        """Read what can be true or false."""
        if not isinstance(said, Call):
            raise NotRead
        if said.name in ("and", "or"):
            key: Literal["all", "any"] = "all" if said.name == "and" else "any"
            return Combination(key, tuple(map(self.condition, said.arguments)))
        if said.name in COMPARING:
            return self.compared(said.name, *said.arguments)
        arity = len(said.arguments)
        if said.name == "not" and arity == 1:
            return opposite(self.condition(said.arguments[0]))
        if said.name in ("true", "false") and not arity:
            return ALWAYS if said.name == "true" else NEVER
        if said.name == "boolean" and arity == 1:
            return self.condition(said.arguments[0])
        if said.name == "selected" and arity == 2:
            asked, code = said.arguments
            if isinstance(asked, Reference) and isinstance(code, Text) and code.text:
                return self.equal(asked.name, code.text)
        raise NotRead

    def compared(self, sign: str, left: Expression, right: Expression) -> Condition:
        """Read a comparison, whichever side the question is on."""
        left, right = _bare(left), _bare(right)
        if isinstance(left, Text):
            left, right, sign = right, left, MIRRORED[sign]
        if isinstance(right, Call) and right.name in ("true", "false"):
            said = self.condition(left)
            return said if (right.name == "true") == (sign == "=") else opposite(said)
        if not isinstance(right, Text):
            raise NotRead
        if isinstance(left, Reference):
            if sign == "=":
                return self.equal(left.name, right.text)
            return opposite(self.equal(left.name, right.text)) if sign == "!=" else self.ordered(left.name, sign, right)
        if isinstance(left, Call) and left.name in ("string-length", "count-selected") and len(left.arguments) == 1:
            return self.counted(left.arguments[0], sign, right.text)
        if isinstance(left, Call) and left.name == "selected" and right.text in ("true", "false", "1", "0"):
            said = self.condition(left)
            return said if (right.text in ("true", "1")) == (sign == "=") else opposite(said)
        raise NotRead

    def counted(self, asked: Expression, sign: str, number: str) -> Condition:
        """Read that there is something in an answer, or nothing."""
        if not isinstance(asked, Reference):
            raise NotRead
        blank = self.blank(asked.name)
        if (sign, number) in ((">", "0"), (">=", "1"), ("!=", "0")):
            return opposite(blank)
        if (sign, number) in (("=", "0"), ("<", "1"), ("<=", "0")):
            return blank
        raise NotRead

    def blank(self, name: str) -> Condition:
        """Ask for nothing, not even a reason for not answering."""
        field = self.known(name)
        missing = tuple(code for code in field.listed_missing if code)
        unanswered = Comparison(field.name, answered=False)
        if not missing:
            return unanswered
        return Combination("all", (unanswered, opposite(Comparison(field.name, missing))))

    def known(self, name: str) -> Field:
        """Find a question."""
        field = self.field_of(name)
        if field is None:
            raise NotRead
        return field

    def equal(self, name: str, value: str) -> Condition:
        """Ask for one answer."""
        if not value:
            return self.blank(name)
        field = self.field_of(name)
        if field is None:
            return Comparison(name, (value,))
        if field.comparable is not None:
            return Comparison(field.name, ("true" if field.agrees and value == "OK" else value,))
        cell = _cell_of(field, value)
        if cell is None:
            raise NotRead
        return Comparison(field.name, at_least=cell, at_most=cell)

    def ordered(self, name: str, sign: str, bound: Text) -> Condition:
        """Ask for a lesser or greater answer."""
        field = self.known(name)
        if field.comparable is not None and not field.has_order:
            codes = tuple(code for code in field.categories if _compares(code, sign, bound.text))
            return Comparison(field.name, codes) if codes else NEVER
        if not field.has_order:
            raise NotRead
        whole = field.columns[0].type == "integer"
        cell = _rounded(bound.text, sign) if whole else _cell_of(field, bound.text)
        if cell is None:
            raise NotRead
        if sign in ("<=", ">=") or (whole and "." in bound.text):
            return _bounded(field.name, ">" in sign, cell)
        if field.columns[0].type == "number":
            answered = Comparison(field.name, answered=True)
            return Combination("all", (answered, opposite(_bounded(field.name, ">" not in sign, cell))))
        beside = list(field.columns[0].cell_type.neighbours(cell))
        if len(beside) < 2:
            raise NotRead
        return _bounded(field.name, ">" in sign, beside[1] if ">" in sign else beside[0])


def _bounded(name: str, is_least: bool, cell: str) -> Comparison:
    return Comparison(name, at_least=cell) if is_least else Comparison(name, at_most=cell)


def _bare(said: Expression) -> Expression:
    """Take off functions that leave an answer what it is."""
    while isinstance(said, Call) and said.name in NUMERIC and len(said.arguments) == 1:
        said = said.arguments[0]
    if isinstance(said, Call) and said.name in ("date", "date-time") and len(said.arguments) == 1:
        return _bare(said.arguments[0])
    return said


def _compares(code: str, sign: str, bound: str) -> bool:
    try:
        one, other = Decimal(code), Decimal(bound)
    except InvalidOperation:
        return False
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign]


def _rounded(bound: str, sign: str) -> str | None:
    """Give the whole number that a bound of whole numbers comes to."""
    try:
        number = Decimal(bound)
    except InvalidOperation:
        return None
    return str(ceil(number) if ">" in sign else floor(number))


def _cell_of(field: Field, value: str) -> str | None:
    """Write a value as an answer is kept; None where it is no answer of that kind."""
    cell_type = field.columns[0].cell_type
    if cell_type.is_calendar:
        cell = value[: len(cell_type.usual_bound)]
        starts = value[len(cell) :] in ("", "-01", "-01-01")
    else:
        try:
            cell, starts = as_code(float(value)), True
        except ValueError:
            return None
    return cell if starts and field.place(cell) is not None else None


def _without_constants(condition: Condition) -> Condition:
    """Leave out what is always true, or never."""
    if isinstance(condition, Comparison):
        return condition
    parts = tuple(map(_without_constants, condition.parts))
    if condition.key == "not":
        return NEVER if parts[0] == ALWAYS else ALWAYS if parts[0] == NEVER else Combination("not", parts)
    nothing, everything = (ALWAYS, NEVER) if condition.key == "all" else (NEVER, ALWAYS)
    if everything in parts:
        return everything
    return Combination(condition.key, tuple(part for part in parts if part != nothing))


def _merged(condition: Condition) -> Condition:
    """Say of several answers to one question at once that they are wanted, or are not; and that there is any."""
    if isinstance(condition, Comparison) or condition.key == "not":
        return condition
    denied = condition.key == "all"
    codes: dict[str, dict[str, None]] = {}
    others: list[Condition] = []
    places: list[str | Condition] = []
    for part in map(_merged, condition.parts):
        compared = part.parts[0] if isinstance(part, Combination) and part.key == "not" else part
        if isinstance(compared, Comparison) and compared.any_of and (compared is not part) == denied:
            if compared.field not in codes:
                places.append(compared.field)
            codes.setdefault(compared.field, {}).update(dict.fromkeys(compared.any_of))
        else:
            others.append(part)
            places.append(part)
    found: list[Condition] = []
    for place in places:
        if isinstance(place, str):
            compared = Comparison(place, tuple(codes[place]))
            found.append(opposite(compared) if denied else compared)
        else:
            found.append(place)
    return plain(Combination(condition.key, tuple(_any_answer(found, denied=denied))))


def _any_answer(parts: list[Condition], *, denied: bool) -> list[Condition]:
    """Say shortly what says at length that there is an answer, or none: not blank, nor a reason for not answering."""
    found = list(parts)
    for part in parts:
        compared = part.parts[0] if isinstance(part, Combination) and part.key == "not" else part
        if not (isinstance(compared, Comparison) and compared.any_of):
            continue
        answered = Comparison(compared.field, answered=denied)
        reason: Condition = compared if denied else opposite(compared)
        either = Combination("any" if denied else "all", (answered, reason))
        if either in found:
            found[found.index(either)] = answered
            found.remove(part)
    return found


def _depth(condition: Condition) -> int:
    if isinstance(condition, Comparison) or condition.key == "not":
        return 0
    return 1 + max(map(_depth, condition.parts))


def _shallow(condition: Condition) -> Condition:
    """Say the same with groups two deep: any of several of which all parts hold.

    Raises:
        NotRead: it would be too long to be understood.
    """
    if _depth(condition) <= LEVELS:
        return condition
    terms = [_merged(plain(joined(*term) or ALWAYS)) for term in _terms(condition)]
    return _merged(plain(Combination("any", tuple(terms))))


def _terms(condition: Condition) -> list[tuple[Condition, ...]]:
    """Give the alternatives of a condition, each as the comparisons that must hold together."""
    if isinstance(condition, Comparison) or condition.key == "not":
        return [(condition,)]
    parts = [_terms(part) for part in condition.parts]
    if condition.key == "any":
        found = [term for some in parts for term in some]
    else:
        if _product(parts) > MOST_TERMS:
            raise NotRead
        found = [tuple(one for term in some for one in term) for some in product(*parts)]
    if len(found) > MOST_TERMS:
        raise NotRead
    return found


def _product(parts: list[list[tuple[Condition, ...]]]) -> int:
    size = 1
    for some in parts:
        size *= len(some)
    return size
