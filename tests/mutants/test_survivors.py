"""The list of mutants that may survive does not rot: each is about code that stands there, and says why."""

from __future__ import annotations

import pytest

from tests.mutants.groups import GROUPS, ROOT
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
    ],
)
def test_a_safeguard_alone_may_be_changed(line: str, mutant: str, harmless: bool) -> None:
    assert Mutation("a.py", "one", line, mutant).is_of_safeguard == harmless
