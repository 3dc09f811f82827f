"""Rendering: one process of the engine a language, side by side."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bacheca.portal.choices import ENGINES
from bacheca.portal.errors import PortalProblem, RenderFailed
from bacheca.portal.settings import Portal

CODE = Path(__file__).resolve().parents[3]
"""The folder from which the engine imports our extensions."""

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


TRACEBACK = "Traceback (most recent call last):"


def render(portal: Portal, engine: str) -> dict[str, Path]:
    """Render the staged pages of every language.

    Args:
        portal: the portal, staged.
        engine: a key of `ENGINES`.

    Returns:
        The folder of each language's pages, by its code.

    Raises:
        RenderFailed: the engine is not installed, or found something wrong in a language.
    """
    if importlib.util.find_spec(engine) is None:
        raise RenderFailed(PortalProblem("ENGINE_MISSING", "build.py", 1, values={"engine": engine}))
    paths = [str(CODE), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "NO_MKDOCS_2_WARNING": "1",
    }
    folders = {language.code: portal.build / language.code / "site" for language in portal.languages}
    for folder in folders.values():
        shutil.rmtree(folder, ignore_errors=True)
    running = [
        subprocess.Popen(  # noqa: S603  our own interpreter and our own file
            [sys.executable, *ENGINES[engine], "mkdocs.yml"],
            cwd=portal.build / language.code,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        for language in portal.languages
    ]
    problems = []
    try:
        for language, process in zip(portal.languages, running, strict=True):
            output = COLOURS.sub("", process.communicate()[0]).strip()
            if process.returncode:
                log = portal.build / language.code / "engine.log"
                log.write_text(output + "\n", encoding="utf-8")
                values = {"engine": engine, "language": language.code, "output": _gist(output), "log": log}
                problems.append(PortalProblem("ENGINE", language.config_file.as_posix(), 1, values=values))
    finally:
        for process in running:
            process.kill()
            process.wait()
    if problems:
        raise RenderFailed(*problems)
    return folders


def _gist(output: str) -> str:
    """Keep of what an engine said the part that speaks to people: a traceback's last line is enough."""
    said, traceback, rest = output.partition(TRACEBACK)
    return said + rest.rsplit("\n", 1)[-1] if traceback else output
