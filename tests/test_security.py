"""The page on security, held against the tests that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+\.\d+(?:\.\d+)?) [^|]+ \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
ROWS = dict(ROW.findall(PAGE))
APPLIES = re.findall(
    r"\S+",
    """
1.2.1 1.2.4 1.3.7 1.3.11 2.2.1 2.2.2 2.2.3 2.3.2 2.3.3 2.3.4 2.4.1 3.3 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.5.1
3.5.3 3.7.2 4.1.1 4.1.3 4.2.1 5.2.1 5.3.2 8.2.2 9.1.1 9.2.1 9.2.2 11.5.1 13.4.2 13.4.4 14.3.2 15.1.2 15.3.3 15.3.7
16.2.5 16.4.1 16.5.1 16.5.3
""",
)


def test_every_requirement_that_applies_has_a_row_of_its_own() -> None:
    assert [number for number, _ in ROW.findall(PAGE)] == APPLIES
    assert PAGE.split("## OWASP")[1].count("\n| ") == len(APPLIES) + 1


@pytest.mark.parametrize("number", APPLIES)
def test_a_requirement_names_tests_that_exist(number: str) -> None:
    named = ROWS[number].split()
    assert named
    for name in named:
        path, _, function = name.partition("::")
        assert re.search(rf"^def {function}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), name


RULES = PAGE.split("| rule | test |\n|---|---|\n")[1].split("\n\n")[0].splitlines()


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_our_own_names_tests_that_exist(rule: str) -> None:
    named = re.findall(r"(tests/\S+\.py)::(\w+)", rule)
    assert named
    for path, function in named:
        assert re.search(rf"^def {function}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), function


def test_every_metric_is_documented_and_every_documented_one_exists() -> None:
    code = (ROOT / "forms_server/http/metrics.py").read_text(encoding="utf-8")
    made = {re.sub("_total$", "", name) for name in re.findall(r'"(bacheca_\w+)"', code)}
    table = PAGE.split("| metric |")[1].split("\n\n")[0]
    written = {re.sub("_total$", "", name) for name in re.findall(r"bacheca_\w+", table)}
    assert made == written


@pytest.mark.parametrize("name", sorted(set(re.findall(r"tests/[\w/]+\.py::\w+", PAGE))))
def test_every_test_that_the_page_names_exists(name: str) -> None:
    path, _, function = name.partition("::")
    assert re.search(rf"^(async )?def {function}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
