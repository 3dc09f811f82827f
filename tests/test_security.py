"""The page on security, held against the tests that it names."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+\.\d+(?:\.\d+)?) [^|]+ \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
ROWS = dict(ROW.findall(PAGE))
APPLIES = re.findall(
    r"\S+",
    """
1.2.1 1.2.4 1.3.7 1.3.11 2.2.1 2.2.2 2.2.3 2.3.2 2.3.3 2.3.4 2.4.1 3.3 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1 3.5.3
3.7.2 4.1.1 4.1.3 4.2.1 5.2.1 5.3.2 6.1.1 6.3.1 6.3.2 6.3.3 6.3.8 6.4.1 6.4.4 6.5.1 6.5.5 6.7.2 6.8.1 6.8.2 6.8.4
7.2.2 7.2.3 7.3.1 7.4.1 7.4.2 7.4.5 7.5.1 8.2.1 8.2.2 8.2.3 8.3.1 8.3.2 9.1.1 9.2.1 9.2.2 10.1.2 10.2.1 10.2.2
10.5.1 10.5.2 10.5.3 10.5.4 11.5.1 13.4.2 13.4.4 14.3.2 15.1.2 15.3.3
15.3.7 16.2.5 16.4.1 16.5.1 16.5.3
""",
)


def test_every_requirement_that_applies_has_a_row_of_its_own() -> None:
    assert [number for number, _ in ROW.findall(PAGE)] == APPLIES
    assert PAGE.split("## OWASP")[1].count("\n| ") == len(APPLIES) + 1


RULES = PAGE.split("| rule | test |\n|---|---|\n")[1].split("\n\n")[0].splitlines()
TEST = re.compile(r"tests/[\w/]+\.py::\w+")


def test_each_requirement_and_each_rule_of_our_own_names_tests_and_nothing_else() -> None:
    assert len(RULES) > 10
    assert [number for number in APPLIES if not ROWS[number].split()] == []
    assert [name for number in APPLIES for name in ROWS[number].split() if not TEST.fullmatch(name)] == []
    assert [rule for rule in RULES if not TEST.search(rule)] == []


def test_every_metric_is_documented_and_every_documented_one_exists() -> None:
    code = (ROOT / "forms_server/http/metrics.py").read_text(encoding="utf-8")
    made = {re.sub("_total$", "", name) for name in re.findall(r'"(bacheca_\w+)"', code)}
    table = PAGE.split("| metric |")[1].split("\n\n")[0]
    written = {re.sub("_total$", "", name) for name in re.findall(r"bacheca_\w+", table)}
    assert made == written


def test_every_test_that_the_page_names_exists() -> None:
    named = {name.partition("::")[::2] for name in TEST.findall(PAGE)}
    there = {
        (path, function)
        for path in {path for path, _ in named}
        for function in re.findall(r"^(?:async )?def (\w+)\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert sorted(named - there) == []
