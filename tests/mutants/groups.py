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
    "privacy": Group(
        ("forms_server/privacy/*.py",),
        (
            "tests/forms_server/privacy",
            "tests/forms_server/crypto/test_sealing.py::test_a_person_is_found_by_the_address_and_opened_only_with_a_key",
        ),
    ),
    # a passkey and a provider of OpenID Connect need a browser's part: their tests take a second each
    "accounts": Group(
        tuple(f"forms_server/accounts/{name}.py" for name in ("authenticators", "invitations", "place", "sign_in")),
        tuple(f"tests/forms_server/accounts/test_{name}.py" for name in ("authenticators", "by_the_store", "place")),
    ),
    "desk_store": Group(("forms_server/store/desk/*.py",), ("tests/forms_server/store/desk",)),
    "store": Group(
        ("forms_server/store/*.py", "forms_server/database/group_commit.py"),
        (
            "tests/forms_server/store",
            "tests/forms_server/database/test_group_commit.py",
            # each survivor would wait for them: they look at nothing but memory, over thousands of responses
            *(
                f"--deselect=tests/forms_server/store/test_snapshot.py::test_memory_stays_flat_however_{which}"
                for which in ("many_there_are", "much_was_written_on_a_day")
            ),
        ),
    ),
    "disclosure": Group(
        ("bacheca/forms/results/disclosure.py", "bacheca/forms/results/boxes.py"),
        ("tests/bacheca/forms/results/test_disclosure.py", "tests/bacheca/forms/results/test_boxes.py"),
    ),
    "kinds": Group(
        ("bacheca/forms/kinds/**/*.py",),
        (
            "tests/bacheca/forms/kinds",
            "tests/bacheca/forms/asking",
            # what a kind knows of wrong entries
            "tests/bacheca/forms/definition/checks/test_documented.py",
            "tests/bacheca/forms/definition/checks/test_values.py",
            # takes as long as all the others together, and what it finds gets into the table below it
            "--deselect=tests/bacheca/forms/kinds/cells/test_cell_checks.py::test_whatever_the_checks_accept_frictionless_accepts",
        ),
    ),
    "checks": Group(
        ("bacheca/forms/definition/checks/*.py",),
        (
            "tests/bacheca/forms/definition/checks",
            "tests/bacheca/forms/definition/test_privacy.py",
            # forms at random, which take longer than all the others
            "--deselect=tests/bacheca/forms/definition/checks/test_form.py::test_whatever_is_written_is_a_form_or_a_list_of_problems",
        ),
    ),
}
