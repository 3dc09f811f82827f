"""Editors' patterns: three engines read alike what is allowed, and none of them takes long."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import pytest
from frictionless import Field
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bacheca.forms import Form
from bacheca.forms.definition.evolution import Verdict, changes_since, verdict_of
from bacheca.forms.definition.form import form_of
from bacheca.forms.kinds.cells.cell_checks import compile_check
from bacheca.forms.package.package import flat_schema
from bacheca.forms.patterns.dialect import MOST_STEPS, check_pattern, matcher, read_pattern
from bacheca.forms.patterns.reader import PatternRefused
from tests.backtracking import TOO_MANY, steps

Written = Callable[..., Form]

ALLOWED = [
    "[0-9]{5}",
    "^[0-9]{5}$",
    "red|blue",
    "([A-Z]{2}) ?[0-9]{3}[A-Z]{2}",
    "[a-z]+( [a-z]+)*",
    r"[a-zà-ü' \-]{2,}",
    r".+@.+\..+",
    r"(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}",
    r"\w+\s\D\S\W",
    r"[\w.]+",
    r"[^\n\t]*",
    r"\/\[\]\{\}\|\^\$",
    "(?:a|)b?",
    "[😀-😎]{1,3}",
]

REFUSED = [
    # pattern, code, what is at fault, what to write
    ("(?=a)b", "PATTERN_UNKNOWN", "(?=", ""),
    ("(?!a)b", "PATTERN_UNKNOWN", "(?!", ""),
    ("(?<=a)b", "PATTERN_UNKNOWN", "(?<=", ""),
    ("(?<n>a)", "PATTERN_UNKNOWN", "(?<n", ""),
    ("(?P<n>a)", "PATTERN_UNKNOWN", "(?P<", ""),
    ("(?i)a", "PATTERN_UNKNOWN", "(?i", ""),
    ("(?>a)", "PATTERN_UNKNOWN", "(?>", ""),
    ("(?#a)", "PATTERN_UNKNOWN", "(?#", ""),
    (r"(a)\1", "PATTERN_UNKNOWN", r"\1", ""),
    (r"\012", "PATTERN_UNKNOWN", r"\0", ""),
    (r"\x41", "PATTERN_UNKNOWN", r"\x", ""),
    (r"\u0041", "PATTERN_UNKNOWN", r"\u", ""),
    (r"\p{L}", "PATTERN_UNKNOWN", r"\p", ""),
    (r"\ba", "PATTERN_UNKNOWN", r"\b", ""),
    (r"a\Z", "PATTERN_UNKNOWN", r"\Z", ""),
    (r"[\D]", "PATTERN_UNKNOWN", r"\D", ""),
    (r"[\b]", "PATTERN_UNKNOWN", r"\b", ""),
    ("[]", "PATTERN_UNKNOWN", "[]", ""),
    ("a\\", "PATTERN_UNKNOWN", "\\", ""),
    ("a++", "CONSTRAINT_PATTERN", "++", "+"),
    ("a+?", "CONSTRAINT_PATTERN", "+?", "+"),
    ("a{2}{3}", "CONSTRAINT_PATTERN", "{2}{", "{2}"),
    ("a{,3}", "CONSTRAINT_PATTERN", "{,", "{0,"),
    ("a{x}", "CONSTRAINT_PATTERN", "{", r"\{"),
    ("a{2,1}", "CONSTRAINT_PATTERN", "{2,1}", "{1,2}"),
    ("*a", "CONSTRAINT_PATTERN", "*", r"\*"),
    ("a}", "CONSTRAINT_PATTERN", "}", r"\}"),
    ("a]", "CONSTRAINT_PATTERN", "]", r"\]"),
    ("a)(b", "CONSTRAINT_PATTERN", ")", r"\)"),
    ("(a", "CONSTRAINT_PATTERN", "(", r"\("),
    ("[a", "CONSTRAINT_PATTERN", "[a", r"\["),
    ("[a-", "CONSTRAINT_PATTERN", "[a-", r"\["),
    (r"\-", "CONSTRAINT_PATTERN", r"\-", "-"),
    (r"\è", "PATTERN_UNKNOWN", r"\è", ""),
    ("[a-]", "CONSTRAINT_PATTERN", "-", r"\-"),
    ("[-a]", "CONSTRAINT_PATTERN", "-", r"\-"),
    ("[a&&b]", "CONSTRAINT_PATTERN", "&&", r"\&"),
    ("[a--b]", "CONSTRAINT_PATTERN", "-", r"\-"),
    ("[[a]", "CONSTRAINT_PATTERN", "[", r"\["),
    ("[(]", "CONSTRAINT_PATTERN", "(", r"\("),
    ("[/]", "CONSTRAINT_PATTERN", "/", r"\/"),
    ("[z-a]", "CONSTRAINT_PATTERN", "z-a", "a-z"),
    ("a$b", "PATTERN_ANCHOR", "$", ""),
    ("^a|b$", "PATTERN_ANCHOR", "^", ""),
    ("a{1001}", "PATTERN_LONG", "", ""),
    ("(a{1000}){1000}", "PATTERN_LONG", "", ""),
    ("a" * 501, "PATTERN_LONG", "", ""),
    ("(" * 21 + ")" * 21, "PATTERN_LONG", "", ""),
    ("([A-Za-z]+ ?)+", "PATTERN_SLOW", "", ""),
    ("(a|a)*", "PATTERN_SLOW", "", ""),
    ("(a|ab)*", "PATTERN_SLOW", "", ""),
    ("(a*)*", "PATTERN_SLOW", "", ""),
    ("(a?b?)*", "PATTERN_SLOW", "", ""),
    ("(a+)+b", "PATTERN_SLOW", "", ""),
    (r"(\w+\s?){1,20}", "PATTERN_SLOW", "", ""),
    (".*.*.*.*x", "PATTERN_SLOW", "", ""),
]


@pytest.mark.parametrize("pattern", ALLOWED)
def test_what_every_engine_reads_alike_is_allowed(pattern: str) -> None:
    check_pattern(pattern, 200)


@pytest.mark.parametrize(("pattern", "code", "part", "instead"), REFUSED, ids=[row[0][:20] for row in REFUSED])
def test_the_rest_is_refused_with_a_remedy(pattern: str, code: str, part: str, instead: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        check_pattern(pattern, 200)
    assert refused.value.code == code
    if code == "CONSTRAINT_PATTERN":
        assert refused.value.values == {"part": part, "instead": instead}
    elif part:
        assert refused.value.values == {"part": part}


def test_whatever_short_text_is_a_pattern_or_is_refused() -> None:
    for length in range(1, 5):
        for signs in itertools.product(r"a[]-\^(){|", repeat=length):
            with contextlib.suppress(PatternRefused):
                read_pattern("".join(signs))


@pytest.mark.parametrize("pattern", [5, None, ["a"], True])
def test_a_pattern_is_a_text(pattern: object) -> None:
    with pytest.raises(PatternRefused):
        check_pattern(pattern, 200)


CHARACTERS = st.sampled_from("abzAZ09_-. \n\t&~^$|/[](){}*+?\\é😀٣ ") | st.characters(codec="utf-8")
CLASS_MEMBERS = st.one_of(
    CHARACTERS.filter(lambda char: char not in "()[]{}/-|\\"),
    st.sampled_from([r"\d", r"\w", r"\s", "a-z", "0-9", r"\-", r"\]", r"\[", r"\&", "à-ü", r"\t", r"\\", "^"]),
)
ATOMS = st.one_of(
    st.sampled_from([".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\.", r"\(", r"\/", r"\n", r"\|", "a", "b", "é"]),
    CHARACTERS.filter(lambda char: char not in "^$\\.*+?()[]{}|"),
    st.builds(
        "[{}{}]".format, st.sampled_from(["", "^"]), st.lists(CLASS_MEMBERS, min_size=1, max_size=4).map("".join)
    ),
)
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,}", "{0,3}"])
PATTERNS = st.recursive(
    st.builds("{}{}".format, ATOMS, REPEATS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.builds("({}){}".format, st.lists(inner, min_size=1, max_size=3).map("|".join), REPEATS),
        st.lists(inner, min_size=2, max_size=3).map("|".join).map("(?:{})".format),
    ),
    max_leaves=6,
)
TEXTS = st.text("abzA09_-. \n\t\x0b\x1c\x85\u00a0\u2028&~^é٣😀", max_size=6)


@pytest.fixture(scope="module")
def browser() -> Iterator[Callable[[str, list[str]], object]]:
    """The engine of a browser, one process for all that is asked."""
    command = ["node", str(Path(__file__).with_name("engine.mjs"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as node:
        assert node.stdin
        assert node.stdout
        send, answers = node.stdin, node.stdout

        def ask(pattern: str, texts: list[str]) -> object:
            send.write(json.dumps({"pattern": pattern, "texts": texts}) + "\n")
            send.flush()
            return json.loads(answers.readline())

        yield ask
        send.close()


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(PATTERNS, st.lists(TEXTS, min_size=1, max_size=12), st.data())
def test_three_engines_agree_on_whatever_is_allowed(
    browser: Callable[[str, list[str]], object], pattern: str, texts: list[str], data: st.DataObject
) -> None:
    try:
        portable = read_pattern(pattern).portable
    except PatternRefused:
        assume(False)
    texts = [*texts, *(data.draw(st.from_regex(portable, fullmatch=True), label="a match") for _ in range(2))]
    texts = [text for text in texts if not ("." in pattern and set(text) & set("\r\u2028\u2029"))]  # never kept
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Python warns of what it will read otherwise one day
        by_python = [bool(re.fullmatch(portable, text)) for text in texts]
    by_re2 = [bool(matcher(portable)(text)) for text in texts]
    assert by_re2 == by_python == browser(portable, texts)


@settings(max_examples=300, suppress_health_check=[HealthCheck.filter_too_much])
@given(PATTERNS, st.lists(st.text("ab09_. é", min_size=1, max_size=3), min_size=1, max_size=3))
def test_no_engine_that_goes_back_takes_more_steps_than_are_foreseen(pattern: str, pumped: list[str]) -> None:
    length = 30
    try:
        read = read_pattern(pattern)
    except PatternRefused:
        assume(False)
    foreseen = read.steps(length)
    assume(foreseen * len(read.portable) < TOO_MANY / 10)
    for pump in pumped:
        text = (pump * length)[: length - 1] + "!"
        assert steps(read.portable, text) <= 10 * len(read.portable) * foreseen


@pytest.mark.parametrize("pattern", ALLOWED)
def test_what_is_allowed_takes_no_more_than_the_steps_that_it_may(pattern: str) -> None:
    assert read_pattern(pattern).steps(200) <= MOST_STEPS
    for hostile in ("a" * 40, "1" * 40, "a@a.a@" * 6, "a " * 20, "1.1." * 10):
        assert steps(read_pattern(pattern).portable, f"{hostile}!") < 300_000


def test_a_longer_answer_allows_less_freedom() -> None:
    check_pattern(".*a.*", 200)
    check_pattern(".*a.*", 2000)
    with pytest.raises(PatternRefused):
        check_pattern(".*a.*", 60_000)


def test_short_names_of_classes_are_written_out_for_all_who_read_the_schema(written: Written) -> None:
    form = written(r"- {name: x, title: La domanda, type: string, constraints: {pattern: '\d{2}[\w.]\s?'}}")
    pattern = flat_schema(form)["fields"][0]["constraints"]["pattern"]
    assert pattern == r"(?:[0-9]{2}[A-Za-z0-9_.][ \t\n\r\f\v]?)"
    check = form.columns[0].check
    assert check("12a") is None
    for cell in ("١٢a", "12è", "12a\u00a0"):
        assert check(cell) is not None
        assert Field.from_descriptor(dict(form.columns[0].descriptor)).read_cell(cell)[1]


OLD = [r"\d{5}", r"[\d.]+\s?", r"\w+", r"(?=[a-z])\w+", r"([a-z])\1", r"(?i)ab", r"\bab\b", "[a-z-]+", "a++"]


@pytest.mark.parametrize("pattern", OLD)
def test_a_version_kept_with_a_pattern_that_is_refused_today_is_still_read(written: Written, pattern: str) -> None:
    today = written("- {name: x, title: La domanda, type: string, constraints: {pattern: '[a-z0-9]+'}}")
    fields = [{**today.descriptor["fields"][0], "constraints": {"pattern": pattern}}]
    kept = form_of({**today.descriptor, "fields": fields}, {})
    assert kept.columns[0].descriptor["constraints"]["pattern"] == f"(?:{pattern})"
    for text in ("12345", "aa", "ab"):
        assert not re.fullmatch(pattern, text) or kept.columns[0].check(text) is None
    assert verdict_of(changes_since([kept], today)) is Verdict.NEW_VERSION


def test_a_pattern_that_means_something_else_today_begins_a_new_file(written: Written) -> None:
    today = written(r"- {name: x, title: La domanda, type: string, constraints: {pattern: '\d{5}'}}")
    fields = [{**today.descriptor["fields"][0], "constraints": {"pattern": r"\d{5}"}}]
    kept = form_of({**today.descriptor, "fields": fields}, {})
    changes = changes_since([kept], today)
    assert [(change.verdict, change.code) for change in changes] == [(Verdict.NEW_VERSION, "limit-tighter")]
    assert "[0-9]{5}" in changes[0].sentence("it")
    assert kept.columns[0].check("١٢٣٤٥") is None  # it was an answer when it came
    assert kept.version != today.version
    assert changes_since([today], today) == ()


def test_a_pattern_that_was_exponential_holds_nobody() -> None:
    check = compile_check({"name": "x", "type": "string", "constraints": {"pattern": "([A-Za-z]+ ?)+"}})
    started = process_time()
    assert check("a" * 5_000 + "!") is not None  # what goes back would not end before the sun does
    assert process_time() - started < 30
