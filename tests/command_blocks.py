"""The commands that the documentation shows, block by block, and a machine of paper on which they can be run."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", *(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))))
FENCE = re.compile(r"^( *)```(?:sh|bash|console|shell)\b[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"(?<![\w.])/(srv|etc|usr/local|var)/")
"""The folders of a server that blocks name; a machine of paper has its own."""


@dataclass(frozen=True)
class Block:
    """Commands that a page shows together.

    Args:
        page: where.
        text: themselves.
    """

    page: str
    text: str

    @property
    def name(self) -> str:
        """The page and the first line, without its remark."""
        first = re.sub(r"\s+(?:# |\\$|pyproject).*", "", self.text.partition("\n")[0])
        return f"{self.page}: {first.strip()}"


def blocks(*pages: str) -> list[Block]:
    """Give the blocks of pages, in their order."""
    return [
        Block(page, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))
        for page in pages
        for indent, text in FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    ]


NAMED = "tests/test_docs.py::test_whatever_command_a_recipe_names_is_there"
ELSEWHERE = {
    "README.md: make run": "it serves until it is stopped; the build and the service are those of every journey",
    "README.md: python3 -m venv .venv": "tests/system/test_scripts.py::test_the_environment_is_made_where_it_is_asked",
    "README.md: python3 -m pip wheel --no-deps -w dist .": (
        "tests/system/test_wheel.py::test_it_builds_and_serves_a_portal"
    ),
    "README.md: python build.py check": (
        "a list of commands, each with tests of its own:"
        " tests/test_docs.py::test_every_command_is_documented_and_every_documented_one_exists"
    ),
    "CONTRIBUTING.md: make quick": f"tests do not run all tests; {NAMED}",
    "CONTRIBUTING.md: make mutants": f"it takes hours; {NAMED}",
    "CONTRIBUTING.md: uv pip compile": f"it asks PyPI for what is newest; {NAMED}",
    "docs/appearance.md: python build.py new override partials/footer.html": (
        "tests/bacheca/portal/own_look/test_overrides.py::test_an_override_of_each_template_begins_without_a_problem"
    ),
    "docs/editors.md: git clone INDIRIZZO-DEL-PROGETTO bacheca": (
        "the address is the project's, and the preview goes on until it is stopped:"
        " tests/system/test_wheel.py::test_it_builds_and_serves_a_portal"
    ),
    "docs/forms.md: python build.py new form festa": (
        "tests/bacheca/portal/authoring/test_new_page.py::test_a_form_begins_with_what_was_planned"
    ),
    "docs/forms.md: python build.py translated festa": (
        "tests/bacheca/portal/authoring/test_mark_translated.py"
        "::test_marking_a_translation_says_that_it_is_of_these_words"
    ),
    "docs/forms.md: python build.py walk festa --count 200": (
        "tests/bacheca/portal/simulation/test_run.py::test_every_answer_is_taken_and_given_back_or_told_why_not"
    ),
    "docs/languages.md: python build.py translations status pt": (
        "tests/bacheca/portal/test_catalogue_status.py"
        "::test_the_command_says_it_of_each_catalogue_and_the_check_of_each_language"
    ),
    "docs/operators.md: python -m hatchling build -t wheel -d dist && cp requirements.lock dist/": (
        "tests/system/test_container.py::test_the_portal_and_its_forms_are_served, where podman is: `make server`"
    ),
    "docs/operators.md: FORMS_DATABASE_URL=postgresql+psycopg://bacheca:password@10.0.0.9/bacheca": (
        "tests/faults/test_machines.py::test_one_of_two_machines_dies_under_load_and_nobody_loses_anything"
    ),
    "docs/privacy.md: python -m forms_server evidence ada@example.org --page prova.html": (
        "tests/forms_server/privacy/test_data_subjects.py::test_the_commands_print_json_write_a_page_and_leave_a_record"
    ),
    'docs/privacy.md: python -m forms_server new-key ada.txt --name "Ada"': (
        "tests/forms_server/crypto/test_sealing.py::test_the_commands_make_keys_rotate_them_and_open_what_is_sealed"
    ),
    "docs/problems.md: python build.py check --against ramo-che-non-c-e": (
        "tests/test_docs.py::test_a_wrong_example_has_that_problem_and_no_other"
    ),
    "docs/problems.md: python build.py check --against HEAD": (
        "tests/test_docs.py::test_a_right_example_has_no_problem"
    ),
    "docs/publishing.md: python build.py publish": (
        "tests/journeys/test_publishing.py::test_site_and_forms_go_live_and_come_back_together_and_nobody_notices"
    ),
    "docs/publishing.md: git commit --allow-empty -m 'Publish again' && git push": (
        "tests/system/test_post_receive.py"
        "::test_a_fault_that_is_not_the_commits_is_said_and_the_same_commit_is_published_again"
    ),
}
"""The blocks that `tests/forms_server/test_operators_page.py` does not run: by which test they are, or why not.
All others are of pages that it reads whole."""

TOLD_WHOLE = ("docs/operators.md", "docs/publishing.md")
"""The pages whose other blocks are run one after the other."""


RUNUSER = 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"'
INSTALL = """\
given=
while [ $# -gt 0 ]; do
    case $1 in -o | -g) shift ;; *) given="$given '$1'" ;; esac
    shift
done
eval "exec /usr/bin/install $given"
"""
ADDUSER = 'while [ "$1" != --home ]; do shift; done; mkdir -p "$2"'
PYTHON = f"""\
[ "$1 $2" = "-m bacheca" ] || exec "{sys.executable}" "$@"
shift 2
exec "{sys.executable}" -I -S "{ROOT}/tests/warm_python.py" "$MACHINE/warm" call "$@"
"""
VENV = """\
[ "$1 $2" = "-m venv" ] || exec python "$@"
mkdir -p "$3/bin"
ln -s "$MACHINE/bin/python" "$MACHINE/bin/pip" "$3/bin"
"""
WRITTEN_DOWN = ("apt-get", "certbot", "chown", "createuser", "curl", "journalctl", "nginx", "pip", "systemctl")
"""Programs that change a machine, or ask one: of these it is written down that they were asked."""


class PaperMachine:
    """A folder that stands for a server: what would change this machine is written down in `done`, all else happens.

    Args:
        folder: the folder.
        changed: what else is another thing here than on a server, by what the pages call it.
    """

    def __init__(self, folder: Path, changed: Mapping[str, str]):
        self.folder = folder
        self._changed = changed
        self._environ = {
            "LANGUAGE": "en",  # what the page shows of commands is English
            "PATH": f"{folder}/bin:{folder}/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "MACHINE": str(folder),
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        for place in ("bin", "srv", "etc/systemd/system", "etc/nginx/conf.d", "usr/local/bin"):
            (folder / place).mkdir(parents=True)
        (folder / "deploy").symlink_to(ROOT / "deploy")
        (folder / "done").touch()
        doing = {"runuser": RUNUSER, "install": INSTALL, "adduser": ADDUSER, "python": PYTHON, "python3": VENV}
        self._warm = subprocess.Popen(
            [sys.executable, "-m", "tests.warm_python", str(folder / "warm")],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        for name in WRITTEN_DOWN:
            doing[name] = f'echo {name} "$@" >> "$MACHINE/done"'
        for name, script in doing.items():
            self.program(name, script)

    def __enter__(self) -> Self:
        """Wait until its Python is warm."""
        with self._warm.stdout or nullcontext() as said:
            assert said
            assert said.readline()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._warm.kill()
        self._warm.wait()

    def program(self, name: str, script: str) -> None:
        """Put a program onto it."""
        self.write(f"bin/{name}", f"#!/bin/sh\n{script}\n", mode=0o755)

    def link(self, program: str) -> None:
        """Let it have a program of this machine."""
        (self.folder / "bin" / Path(program).name).symlink_to(program)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Write a file of it, adapted."""
        (self.folder / path).write_text(self.adapted(text), encoding="utf-8")
        (self.folder / path).chmod(mode)

    def adapted(self, text: str) -> str:
        """Give a text as it has to be said here."""
        for found, put in self._changed.items():
            text = text.replace(found, put)
        return PLACES.sub(lambda place: f"{self.folder}{place[0]}", text)

    def run(self, block: Block, folder: str = ".") -> str:
        """Run a block, as whoever types it does; give what it said.

        Raises:
            AssertionError: one of its commands failed.
        """
        done = subprocess.run(
            ["/bin/sh", "-e", "-c", self.adapted(block.text)],
            cwd=self.folder / folder,
            env=self._environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block.name}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @property
    def done(self) -> list[str]:
        """What was written down, in the order in which it was asked."""
        return (self.folder / "done").read_text(encoding="utf-8").splitlines()


def is_executable(path: Path) -> bool:
    """Tell whether whoever owns a file may run it."""
    return bool(path.stat().st_mode & stat.S_IXUSR) and shutil.which(str(path)) is not None
