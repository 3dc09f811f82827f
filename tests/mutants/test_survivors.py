"""The list of mutants that may survive does not rot: each is about code that stands there, and says why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mutants.__main__ import Score, configure
from tests.mutants.groups import GROUPS, ROOT, Group
from tests.mutants.quickest_first import STATS, pytest_collection_modifyitems
from tests.mutants.survivors import Mutation, Survivor, listed, source_of


@pytest.mark.parametrize(
    "survivor", listed(), ids=lambda survivor: f"{survivor.mutation.file}-{survivor.mutation.function}"
)
def test_what_a_listed_mutant_changes_still_stands_there(survivor: Survivor) -> None:
    mutation = survivor.mutation
    assert (ROOT / mutation.file).relative_to(ROOT) in {file for group in GROUPS.values() for file in group.files()}
    source = source_of(ROOT / mutation.file, mutation.function)
    assert source is not None, mutation
    assert f"\n{mutation.line}\n" in f"\n{source}\n"
    assert survivor.why.strip()


def test_no_mutant_is_listed_twice() -> None:
    mutations = [survivor.mutation for survivor in listed()]
    assert len(set(mutations)) == len(mutations)


def test_what_is_mutated_and_the_tests_that_notice_are_there() -> None:
    for group in GROUPS.values():
        assert all(list(ROOT.glob(pattern)) for pattern in group.modules), group
        for test in group.tests:
            file = test.removeprefix("--deselect=").partition("::")[0]
            assert (ROOT / file).exists(), test


def test_mutants_are_made_and_tried_anew_where_other_lines_are_mutated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, made = GROUPS["origin"], tmp_path / "mutants" / "forms_server" / "http"
    made.mkdir(parents=True)
    configure(tmp_path / "pyproject.toml", group)
    for name in ("origin.py", "origin.py.meta"):
        (made / name).write_text("", encoding="utf-8")
    configure(tmp_path / "pyproject.toml", Group(group.modules, ("tests/forms_server/http",)))
    assert len(list(made.iterdir())) == 2
    monkeypatch.setattr("tests.mutants.__main__.SENTENCES", [])
    configure(tmp_path / "pyproject.toml", group)
    assert list(made.iterdir()) == []


@pytest.mark.parametrize(("killed", "tried", "between"), [(90, 100, (82.6, 94.5)), (10, 10, (72.2, 100.0))])
def test_a_sample_tells_between_what_the_share_of_all_lies(killed: int, tried: int, between: tuple[float, ...]) -> None:
    score = Score(1000, tried, killed, [])
    assert tuple(round(bound, 1) for bound in score.between) == between


@dataclass
class Item:
    nodeid: str


def test_the_quickest_test_of_a_mutant_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [Item("new"), Item("slow"), Item("quick")]
    monkeypatch.chdir(tmp_path)
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.nodeid for item in items] == ["new", "slow", "quick"]
    STATS.write_text('{"duration_by_test": {"slow": 2, "quick": 1}}', encoding="utf-8")
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.nodeid for item in items] == ["quick", "slow", "new"]


def test_a_mutation_is_read_out_of_a_diff() -> None:
    diff = "--- a.py\n+++ a.py\n@@ -1,3 +1,3 @@\n def one():\n-    return 1\n+    return 2\n"
    assert Mutation.of("a.py", "one", diff) == Mutation("a.py", "one", "return 1", "return 2")


@pytest.mark.parametrize(
    ("line", "mutant", "harmless"),
    [
        ("zip(a, b, strict=True)", "zip(a, b, )", True),
        ("read(encoding='utf-8', errors='x')", "read(errors='x')", True),
        ("read(encoding='utf-8')", "read(encoding=None)", True),
        ("zip(a, b, strict=True)", "zip(b, strict=True)", False),
        ("read(encoding='utf-8', errors='x')", "read(encoding='utf-8')", False),
        ('headers.get("Origin") == "A"', 'headers.get("ORIGIN") == "A"', True),
        ('headers.get("Origin") == "A"', 'headers.get("XXOriginXX") == "A"', False),
        ('headers.get("Origin") == "A"', 'headers.get("Origin") == "a"', False),
    ],
)
def test_a_safeguard_or_the_letters_of_a_header_alone_may_be_changed(line: str, mutant: str, harmless: bool) -> None:
    assert Mutation("a.py", "one", line, mutant).is_of_safeguard == harmless
