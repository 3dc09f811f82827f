"""The compiled checks against frictionless: whatever we accept, frictionless accepts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from email_validator import EmailNotValidError, validate_email
from frictionless import Field
from hypothesis import assume, given
from hypothesis import strategies as st

from bacheca.forms.kinds.cells.cell_checks import compile_check
from bacheca.forms.text import canonical_text


def frictionless_accepts(descriptor: dict[str, Any], cell: str) -> bool:
    _, notes = Field.from_descriptor(descriptor).read_cell(cell)
    return not notes


def fault(cell: str, **descriptor: Any) -> str | None:
    found = compile_check({"name": "x", **descriptor})(cell)
    return found.code if found else None


words = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
digits = st.integers(-10_000, 10_000)
PATTERNS = ["[a-z]+", "red|blue", "x*", "\\d{2}", "[\\w.]+", "\\w\\s?", "a$|b", "(?:è|é)+", "[0-9]{2}"]


@st.composite
def descriptors(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(
        st.sampled_from(["string", "email", "uri", "integer", "number", "boolean", "date", "year", "yearmonth"])
    )
    shape = {"type": "string", "format": kind} if kind in ("email", "uri") else {"type": kind}
    limits: dict[str, Any] = {}
    if draw(st.booleans()):
        limits["required"] = draw(st.booleans())
    if shape["type"] == "string":
        limits |= draw(
            st.fixed_dictionaries({}, optional={"minLength": st.integers(0, 4), "maxLength": st.integers(0, 9)})
        )
        if draw(st.booleans()):
            limits["pattern"] = f"(?:{draw(st.sampled_from(PATTERNS))})"
        if draw(st.booleans()):
            limits["enum"] = draw(st.lists(words, min_size=1, max_size=4))
    elif kind != "boolean":
        bound = {
            "integer": digits,
            "number": st.decimals(-99, 99, places=2).map(float),
            "date": st.dates().map(str),
            "year": st.integers(1000, 9999),
            "yearmonth": st.dates().map(lambda day: str(day)[:7]),
        }[kind]
        limits |= draw(st.fixed_dictionaries({}, optional={"minimum": bound, "maximum": bound}))
    missing = draw(
        st.sampled_from([None, [""], ["", "non-so"], [{"value": "", "label": ""}, {"value": "x9", "label": "X"}]])
    )
    return {"name": "x", **shape, "constraints": limits} | ({"missingValues": missing} if missing else {})


NEAR_MISSES = st.sampled_from(
    re.split(
        r"\|",
        "| |1_000| 1 |+1|-0|01|1.0|1,5|1e3|NaN|inf|١٢|12|-3|0.5|9999999999999999|0.1111111111111111|true|True|1|0|-1.50"
        "|2027-06-30|2027-6-3|2027-02-29|0001-01-01|20270630|2027-W01-1|2027-06|2027-6|2027|0000|+999|red|redX|blue\n|aa"
        "|a@example.org|A.b+c@x-y.it|a@-x.it|a@x.1|a@x|https://a.it|https://a.it/è|http://a|mailto:a|https://a.it:99999/%zz"
        "|non-so|x9",
    )
)
CELLS = st.one_of(
    NEAR_MISSES,
    words,
    digits.map(str),
    st.decimals(-999, 999, places=3).map(str),
    st.dates().map(str),
    st.dates().map(lambda day: str(day)[:7]),
    st.emails(),
    st.from_regex(r"https?://[a-z.-]{1,9}(:[0-9]{1,6})?[/?#\[\]a-z%]{0,9}", fullmatch=True),
)


@given(descriptors(), CELLS)
def test_whatever_the_checks_accept_frictionless_accepts(descriptor: dict[str, Any], typed: str) -> None:
    cell = canonical_text(typed)
    if compile_check(descriptor)(cell) is None:
        assert frictionless_accepts(descriptor, cell)


@pytest.mark.parametrize(
    ("descriptor", "cell"),
    [
        ({"type": "integer"}, "1_000"),
        ({"type": "integer"}, " 1 "),
        ({"type": "integer"}, "+1"),
        ({"type": "integer"}, "01"),
        ({"type": "integer"}, "-0"),
        ({"type": "integer"}, "١٢"),
        ({"type": "integer"}, "9" * 16),
        ({"type": "number"}, "1e3"),
        ({"type": "number"}, "NaN"),
        ({"type": "number"}, "Infinity"),
        ({"type": "number"}, "1.50"),
        ({"type": "number"}, "1."),
        ({"type": "boolean"}, "True"),
        ({"type": "boolean"}, "1"),
        ({"type": "date"}, "2027-6-3"),
        ({"type": "yearmonth"}, "2027-6"),
        ({"type": "year"}, "+999"),
        ({"type": "string", "format": "email"}, '"a"@example.org'),
        ({"type": "string", "format": "email"}, "a@example.ORG"),
        ({"type": "string", "format": "uri"}, "mailto:a@example.org"),
        ({"type": "string", "format": "uri"}, "https://example.org/a b"),
        ({"type": "string", "constraints": {"pattern": "red|blue"}}, "redX"),
        ({"type": "string", "constraints": {"pattern": "a"}}, "a\n"),
        ({"type": "integer", "constraints": {"required": True}}, "٠"),
    ],
)
def test_what_only_frictionless_accepts_is_in_this_table(descriptor: dict[str, Any], cell: str) -> None:
    assert frictionless_accepts({"name": "x", **descriptor}, cell)
    assert compile_check({"name": "x", **descriptor})(cell) is not None


@given(st.emails())
def test_every_address_that_email_validator_takes_is_an_e_mail_cell(typed: str) -> None:
    try:
        checked = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        assume(False)
    assert fault(f"{checked.local_part}@{checked.ascii_domain}", type="string", format="email") is None


def test_a_column_of_no_type_holds_texts() -> None:
    assert fault("una frase") is None
    assert fault("una frase", constraints={"maxLength": 3}) == "too-long"


def test_a_missing_value_is_a_fault_only_where_an_answer_is_required() -> None:
    missing = ["", "non-so"]
    assert [fault(cell, type="integer", missingValues=missing) for cell in missing] == [None, None]
    required = {"type": "integer", "missingValues": missing, "constraints": {"required": True}}
    assert [fault(cell, **required) for cell in missing] == ["required", "required"]


@pytest.mark.parametrize(
    ("constraints", "cell", "code"),
    [
        ({"minLength": 3}, "ab", "too-short"),
        ({"maxLength": 3}, "abcd", "too-long"),
        ({"maxLength": 3}, "èèè", None),
        ({"enum": ["a"]}, "b", "not-a-choice"),
        ({"pattern": "red|blue"}, "redX", "not-the-pattern"),
        ({"pattern": "red|blue"}, "blue", None),
    ],
)
def test_a_text_over_a_limit_is_refused(constraints: dict[str, Any], cell: str, code: str | None) -> None:
    assert fault(cell, type="string", constraints=constraints) == code


@pytest.mark.parametrize(
    ("kind", "bounds", "others"),
    [
        ("integer", (2, 10), ("9", "1", "11")),
        ("number", (0.1, 9.5), ("9.05", "0.09", "9.51")),
        ("date", ("2027-02-01", "2027-10-01"), ("2027-09-30", "2027-01-31", "2027-10-02")),
        ("yearmonth", ("2027-02", "2027-10"), ("2027-09", "2027-01", "2027-11")),
        ("year", (1900, 2027), ("1999", "1899", "2028")),
    ],
)
def test_bounds_compare_values_and_not_letters(
    kind: str, bounds: tuple[Any, Any], others: tuple[str, str, str]
) -> None:
    low, high = bounds
    limits = {"minimum": low, "maximum": high}
    found = [fault(cell, type=kind, constraints=limits) for cell in (str(low), str(high), *others)]
    assert found == [None, None, None, "too-low", "too-high"]
