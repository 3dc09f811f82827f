"""Run mutmut on each group of modules, and compare what survives with the list: `make mutants`.

Each group is mutated in a copy of its own below `build/mutants`, where mutmut keeps its results: a run that was stopped
goes on where it was, and only what has changed, or survived, is tried again. Sentences are not mutated; nor does mutmut
mutate properties, other decorated functions, and what stands outside of functions.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import click
from mutmut.configuration import reset_config
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import get_mutant_name, orig_function_and_class_names_from_key

from tests.mutants.groups import GROUPS, ROOT, Group
from tests.mutants.survivors import Mutation, listed

FOLDER = ROOT / "build" / "mutants"
LEAST_KILLED = 0.9
SENTENCES = [r"\blog\.", r'^\s*f?" ', r"^\s*sentence = _\(", r'^\s*"[^"]* [^"]* [^"]*"$']
"""The lines that hold words for people: what goes to the log, a sentence, and how it goes on."""

Z = 1.96
"""How many standard deviations 95 % of a normal distribution lie within."""

ALIVE = ("survived", "no tests")
UNDECIDED = ("not checked", "check was interrupted by user")
OPTIONS = [
    *("-p", "no:schemathesis", "-p", "no:cacheprovider", "-p", "tests.mutants.quickest_first"),
    *("-k", "not postgresql"),
]


@dataclass(frozen=True)
class Score:
    """What came of a group: how many mutants there are, how many were tried and killed, and what survived.

    Mutants of safeguards that survived are in none of the numbers but the first.
    """

    made: int
    tried: int
    killed: int
    survivors: list[Mutation]

    @property
    def between(self) -> tuple[float, float]:
        """Between which percentages the share of all that would be killed lies, with 95 % certainty (Wilson)."""
        share, spread = self.killed / self.tried, Z * Z / self.tried
        middle, half = share + spread / 2, Z * sqrt(share * (1 - share) / self.tried + spread / self.tried / 4)
        return 100 * (middle - half) / (1 + spread), 100 * (middle + half) / (1 + spread)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(GROUPS)))
@click.option("--most", type=int, default=150, help="How many mutants of each group: a sample; 0 tries all of them.")
def main(names: tuple[str, ...], most: int) -> None:
    """Mutate the groups with these NAMES, or all of them, and see what the tests notice."""
    known = {survivor.mutation for survivor in listed()}
    failed = False
    click.echo(f"{'':12}{'made':>7}{'tried':>7}{'killed':>8}{'listed':>8}{'unlisted':>10}{'95 %':>16}")
    for name in names or GROUPS:
        score = tried(name, GROUPS[name], most)
        unlisted = [mutation for mutation in score.survivors if mutation not in known]
        numbers = (score.killed, len(score.survivors) - len(unlisted), len(unlisted))
        between = "{:.1f}–{:.1f} %".format(*score.between) if most and score.tried else ""
        click.echo("{:12}{:7}{:7}{:8}{:8}{:10}{:>16}".format(name, score.made, score.tried, *numbers, between))
        for mutation in unlisted:
            click.echo(f"\n- file: {mutation.file}\n  function: {mutation.function}")
            click.echo(f"  line: {json.dumps(mutation.line)}\n  mutant: {json.dumps(mutation.mutant)}\n  why: ")
        failed |= bool(unlisted) or score.killed < LEAST_KILLED * score.tried
    sys.exit(failed)


def tried(name: str, group: Group, most: int) -> Score:
    """Try the mutants of a group that are not known to be killed.

    Args:
        name: its name.
        group: the group.
        most: how many of its mutants; 0 for all.
    """
    folder = FOLDER / name
    copy_tree(folder)
    configure(folder / "pyproject.toml", group)
    with contextlib.chdir(folder):
        reset_config()
        made = {mutant: file for file in group.files() for mutant in mutants_of(file)}
        # by hash, so that the same mutants are chosen at each run, and of the code that did not change
        chosen = sorted(made, key=lambda mutant: hashlib.sha256(mutant.encode()).digest())[: most or None]
        open_ones = [
            mutant for mutant in chosen if results(made[mutant]).get(mutant, "not checked") in (*ALIVE, *UNDECIDED)
        ]
        if open_ones:
            mutmut = Path(sys.executable).with_name("mutmut")
            environ = {**os.environ, "CI": "1", "BACHECA_TABLES": os.environ.get("BACHECA_TABLES", "16")}
            command = [str(mutmut), "run", "--max-children=1", *open_ones]
            if subprocess.run(command, env=environ, check=False, stdout=sys.stderr).returncode:
                tests = " ".join(group.tests)
                raise click.ClickException(f"{name}: mutmut gave up, as it says above — see that these pass: {tests}")
        found = {mutant: results(made[mutant])[mutant] for mutant in chosen}
        alive = [mutation_of(mutant, made[mutant]) for mutant in chosen if found[mutant] in ALIVE]
    survivors = [mutation for mutation in alive if not mutation.is_of_safeguard]
    killed = sum(status not in (*ALIVE, *UNDECIDED) for status in found.values())
    return Score(len(made), killed + len(survivors), killed, survivors)


def copy_tree(folder: Path) -> None:
    """Bring a copy of the repository up to date, without touching the files that have not changed."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = {name for name in listing.stdout.decode().split("\0") if (ROOT / name).is_file()}
    changed = False
    for name in names - {"pyproject.toml"}:
        for copy in (folder / name, folder / "mutants" / name):
            mutated = name.startswith(("bacheca/", "forms_server/")) and name.endswith(".py")
            if copy.is_relative_to(folder / "mutants") and mutated:
                continue  # mutmut writes these itself, and no other file that it has once copied
            if not copy.exists() or copy.read_bytes() != (ROOT / name).read_bytes():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, copy)
                changed = True
    for path in list(folder.rglob("*.py")):
        if path.relative_to(folder).as_posix().removeprefix("mutants/") not in names:
            path.unlink()
    if changed:  # which test runs which function has to be found out anew; the verdicts on what is the same stay
        (folder / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)


def configure(file: Path, group: Group) -> None:
    """Write the settings of pytest and mutmut for a group.

    Where other lines than before are mutated, all begins anew: mutants are known by numbers, which are others then.
    """
    settings = {
        "source_paths": ["bacheca", "forms_server"],
        "only_mutate": [path.as_posix() for path in group.files()],
        "do_not_mutate_patterns": SENTENCES,
        "pytest_add_cli_args_test_selection": group.tests,
        "pytest_add_cli_args": OPTIONS,
        "use_git_change_detection": False,
        "timeout_multiplier": 5.0,  # what only takes long on a busy machine is not killed by it
        "timeout_constant": 10.0,
    }
    lines = {key: f"{key} = {json.dumps(value)}" for key, value in settings.items()}
    own = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    text = "\n".join([own, "[tool.mutmut]", *lines.values(), ""])
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    if lines["do_not_mutate_patterns"] not in before:
        for module in group.files():
            for made in (module, Path(f"{module}.meta")):
                (file.parent / "mutants" / made).unlink(missing_ok=True)
    if before != text:
        file.write_text(text, encoding="utf-8")


def mutants_of(file: Path) -> Iterator[str]:
    """Give the names that mutmut gives to the mutants of a module."""
    made = mutate_file_contents(file.as_posix(), file.read_text(encoding="utf-8"))
    return (get_mutant_name(file, name) for name in made.mutant_names)


def results(file: Path) -> dict[str, str]:
    """Give what came of each mutant of a module, as far as mutmut knows."""
    kept = Path("mutants", f"{file}.meta")
    if not kept.exists():
        return {}
    codes = json.loads(kept.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {mutant: status_by_exit_code[code] for mutant, code in codes.items()}


def mutation_of(mutant: str, file: Path) -> Mutation:
    """Give what a mutant changes."""
    function, owner = orig_function_and_class_names_from_key(mutant)
    name = function.rpartition(".")[2]
    return Mutation.of(file.as_posix(), f"{owner}.{name}" if owner else name, get_diff_for_mutant(mutant, path=file))


if __name__ == "__main__":
    main()
