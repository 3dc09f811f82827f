"""The mutants that may survive, each with the reason: it does the same, or harms nobody."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

LIST = Path(__file__).with_name("survivors.yml")

HEADER = re.compile(r'(?<=headers\.get\(")[\w-]+(?="\))')
"""The name of a header that is asked for: the same in whatever letters, as werkzeug's tests hold."""

SAFEGUARD = re.compile(r"(strict|encoding)=[^,()]+,?\s*")
"""What changes nothing where all is well: `zip` with lists as long as each other, a machine whose encoding is UTF-8."""


@dataclass(frozen=True)
class Mutation:
    """A change to a function.

    Args:
        file: the module, from the root.
        function: the function, or `Class.method`.
        line: the lines that change, as they are.
        mutant: what they become.
    """

    file: str
    function: str
    line: str
    mutant: str

    @classmethod
    def of(cls, file: str, function: str, diff: str) -> Mutation:
        """Read a mutation out of a unified diff."""
        taken, given = (
            "\n".join(line[1:].strip() for line in diff.splitlines() if line[:1] == sign and line[:3] != sign * 3)
            for sign in "-+"
        )
        return cls(file, function, taken, given)

    @property
    def is_of_safeguard(self) -> bool:
        """Whether nothing but a safeguard is changed or taken out, or nothing but the letters of a header's name."""
        return _meant(self.line) == _meant(self.mutant)


def _meant(lines: str) -> str:
    return HEADER.sub(lambda found: found[0].lower(), SAFEGUARD.sub("", lines))


@dataclass(frozen=True)
class Survivor:
    """A mutation that no test need notice, and why not."""

    mutation: Mutation
    why: str


def listed() -> list[Survivor]:
    """Read the list."""
    entries = yaml.safe_load(LIST.read_text(encoding="utf-8")) or []
    return [
        Survivor(
            Mutation(entry["file"], entry["function"], entry["line"].strip(), entry["mutant"].strip()), entry["why"]
        )
        for entry in entries
    ]


def source_of(file: Path, function: str) -> str | None:
    """Give the lines of a function or method, or None where there is none of that name."""
    body: list[ast.stmt] = ast.parse(file.read_text(encoding="utf-8")).body
    *classes, name = function.split(".")
    for one in classes:
        body = next((node.body for node in body if isinstance(node, ast.ClassDef) and node.name == one), [])
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = next((node for node in body if isinstance(node, defined) and node.name == name), None)
    if found is None:
        return None
    return "\n".join(
        line.strip() for line in file.read_text(encoding="utf-8").splitlines()[found.lineno - 1 : found.end_lineno]
    )
