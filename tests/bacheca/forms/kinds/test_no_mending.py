"""Nothing is mended in silence: what is kept says what was typed, but for the changes that are listed here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bacheca.forms.asking.wording import Wording
from bacheca.forms.kinds import Field, kind_of
from bacheca.forms.kinds.cells.cell_checks import Fault
from bacheca.forms.text import canonical_text

WORDS = {language: Wording(title="La domanda") for language in ("it", "en")}


def field(**descriptor: object) -> Field:
    kind = kind_of(descriptor)
    assert kind is not None
    return kind({"name": "x", "title": "La domanda", **descriptor}, WORDS)


def kept_of(of: Field, typed: str, language: str) -> str | None:
    """Give what is kept of an answer; None where it is refused."""
    reading = of.read({of.name: [typed]}, language)
    return None if reading.problems else reading.cells[of.name]


def meant(text: str) -> str:
    """Leave out what nobody sees, and write full-width signs as narrow ones."""
    wide = {0x3000: " "} | {point: chr(point - 0xFEE0) for point in range(0xFF01, 0xFF5F)}
    return canonical_text(text).translate(wide)


def significant(text: str) -> str:
    """Keep what says something: letters and figures of any sort."""
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN" or char == "-")


def number(typed: str) -> str:
    """Blanks, marks between thousands, a plus, zeros at either end say nothing; a decimal mark does."""
    figures = significant(meant(typed).replace("−", "-"))
    return figures.replace("-", "").strip("0")


def phone(typed: str) -> str:
    """The prefix of Italy, `00` for a plus, a zero in brackets after it, what stands between: they say nothing."""
    called_from_inside = re.sub(r"^((?:\+|00)\d{1,3}\s*)\(0\)", r"\1", meant(typed).strip())
    figures = significant(called_from_inside.replace("-", ""))
    return re.sub("^(0|39)*", "", figures)


def date(typed: str) -> str:
    """The order, what stands between, and zeros in front say nothing."""
    parts = sorted(int(part) for part in "".join(c if c.isdigit() else " " for c in meant(typed)).split())
    return " ".join(map(str, parts))


def address(typed: str) -> str:
    """The case of a host, a scheme that lacks, and how a sign is written in a web address say nothing."""
    text = meant(unquote(typed)).strip().casefold()
    text = text.removeprefix("http://").removeprefix("https://")
    return "".join(significant(text.encode("idna" if text.isascii() else "utf-8").decode()))


FIGURES = st.text("0123456789.,' -+()/²½①Ⅻ٣３．eE\u00a0\u200b−x", max_size=14)
PHONES = st.one_of(
    FIGURES,
    st.builds(
        "".join, st.lists(st.sampled_from(["02 345678", "333 1234567", "+39", "0039", " ", "(0)", "Ada", "ext", "²"]))
    ),
)
DATES = st.one_of(
    st.builds("{}/{}/{}".format, *[st.sampled_from(["1", "03", "12", "2024", "0001", "3²", "٣", " 7 ", ""])] * 3),
    st.text("0123456789-/. ²", max_size=10),
)
HOSTS = st.lists(
    st.sampled_from(["ada", "@", "x", ".it", ".", "²", "①", "ﬁ", " ", ",", "<", ">", "ｘ", "http://", "à"])
).map("".join)

CASES: Sequence[tuple[Field, st.SearchStrategy[str], Callable[[str], str]]] = (
    (field(type="integer"), FIGURES, number),
    (field(type="number"), FIGURES, number),
    (field(**{"form:widget": "tel"}), PHONES, phone),
    (field(type="date"), DATES, date),
    (field(type="yearmonth"), DATES, date),
    (field(type="year"), DATES, date),
    (field(format="email"), HOSTS, lambda text: significant(meant(text)).casefold()),
    (field(format="uri"), HOSTS, address),
)


@pytest.mark.parametrize(("of", "texts", "says"), CASES, ids=[of.kind for of, _, _ in CASES])
@pytest.mark.parametrize("language", WORDS)
def test_what_is_kept_says_what_was_typed(
    of: Field, texts: st.SearchStrategy[str], says: Callable[[str], str], language: str
) -> None:
    @settings(max_examples=150)
    @given(texts)
    @example("10²")
    @example("1 2")
    @example("02 345678 Ada")
    @example("+39 (0)2 345678")
    @example("+3902 345678(0)")
    @example("ada@x².it")
    @example("ｘ.ithttp://ｘ")
    def holds(typed: str) -> None:
        kept = kept_of(of, typed, language)
        if kept and "xn--" not in kept:
            assert says(kept) == says(typed)

    holds()


@given(st.text("0123456789.,", max_size=12), st.sampled_from(["it", "en"]))
def test_a_number_of_several_thousands_and_one_of_one_are_read_alike(typed: str, language: str) -> None:
    """If `1,000,000` is a million, `1,000` is no one."""
    of = field(type="integer")
    kept = kept_of(of, typed, language)
    again = kept_of(of, f"{typed}{typed[-4:]}", language)
    if kept and again and typed[-4:-3] in (".", ","):
        assert len(again) == len(kept) + 3


@pytest.mark.parametrize(("typed", "one", "other"), [("1,000", "1000", "1"), ("-12,000", "-12000", "-12")])
def test_a_whole_number_of_two_readings_says_both(typed: str, one: str, other: str) -> None:
    outcome = field(type="integer").canonical(typed, "it")
    assert isinstance(outcome, Fault)
    assert outcome.values == {"one": one, "other": other}
    assert [kept_of(field(type="integer"), text, "it") for text in (one, other)] == [one, other]
