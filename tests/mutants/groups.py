"""What is mutated, and which tests must notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Group:
    """Modules, and the tests that are run on each mutant of them.

    Args:
        modules: the modules, as patterns from the root.
        tests: what pytest is given: those that run in process, on SQLite, without a browser.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self) -> list[Path]:
        """Give the modules, from the root."""
        found = {path.relative_to(ROOT) for pattern in self.modules for path in ROOT.glob(pattern)}
        return sorted(found)


GROUPS = {
    "origin": Group(("forms_server/http/origin.py",), ("tests/forms_server/http/test_origin.py",)),
    "crypto": Group(
        ("forms_server/crypto/*.py",),
        (
            "tests/forms_server/crypto",
            # starts processes, each of which would be one more mutant
            "--deselect=tests/forms_server/crypto/test_tokens.py::test_processes_that_start_together_agree_on_one_secret",
        ),
    ),
    "privacy": Group(("forms_server/privacy/*.py",), ("tests/forms_server/privacy",)),
    "store": Group(("forms_server/store/*.py",), ("tests/forms_server/store",)),
    "disclosure": Group(
        ("bacheca/forms/results/disclosure.py", "bacheca/forms/results/boxes.py"),
        ("tests/bacheca/forms/results/test_disclosure.py",),
    ),
    "kinds": Group(("bacheca/forms/kinds/**/*.py",), ("tests/bacheca/forms/kinds", "tests/bacheca/forms/asking")),
    "checks": Group(
        ("bacheca/forms/definition/checks/*.py",),
        (
            "tests/bacheca/forms/definition/checks",
            "tests/bacheca/forms/definition/test_privacy.py",
            "tests/test_docs.py::test_a_wrong_example_has_that_problem_and_no_other",
            "tests/test_docs.py::test_a_right_example_has_no_problem",
            "tests/test_docs.py::test_the_line_that_a_remedy_shows_takes_the_problem_away",
        ),
    ),
}
