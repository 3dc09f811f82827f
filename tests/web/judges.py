"""Asks the programs from npm about pages: html-validate about files, Lighthouse about addresses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tests.browser import CHROMIUM

HERE = Path(__file__).parent
PROGRAMS = HERE / "node_modules"
CATEGORIES = ("accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Report:
    """What Lighthouse says of a page.

    Args:
        address: the page.
        scores: of each category, from 0 to 100.
        shift: how far things moved as it loaded (cumulative layout shift).
        faults: one line for each thing that keeps a score from 100, with the elements it is about.
    """

    address: str
    scores: dict[str, int]
    shift: float
    faults: tuple[str, ...]


def html_problems(files: Iterable[Path]) -> list[str]:
    """Run html-validate once over all files.

    Returns:
        One line a problem: the file and the line in it, the rule, the sentence, the element.
    """
    command = [PROGRAMS / ".bin" / "html-validate", "--config", HERE / "html-validate.cjs", "--formatter", "json"]
    return [
        f"{page['filePath']}:{said['line']} {said['ruleId']}: {said['message']} {said.get('selector') or ''}"
        for page in _run([*map(str, command), *map(str, files)])
        for said in page["messages"]
    ]


def lighthouse(addresses: Iterable[str], categories: Sequence[str] = CATEGORIES) -> list[Report]:
    """Run Lighthouse on pages one after the other, each cold, as on a phone 360 pixels wide, in one Chromium."""
    command = ["node", str(HERE / "lighthouse.mjs"), CHROMIUM, ",".join(categories), *addresses]
    return [Report(**{**said, "faults": tuple(said["faults"])}) for said in _run(command)]


def _run(command: list[str]) -> Any:
    assert PROGRAMS.is_dir(), "npm ci --prefix tests/web installs what this needs; make test does it by itself"
    with TemporaryFile("w+", encoding="utf-8") as output:  # a program that leaves at once would cut a pipe short
        done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True, check=False)
        output.seek(0)
        try:
            return json.load(output)
        except ValueError:
            raise AssertionError(done.stderr) from None
