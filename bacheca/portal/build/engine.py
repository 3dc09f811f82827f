"""Rendering: MkDocs driven in this process, or one process of another engine a language, side by side."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bacheca.portal.cache.code import code_digest
from bacheca.portal.cache.raw_site import RawSite, raw_site
from bacheca.portal.cache.store import Cache
from bacheca.portal.choices import ENGINES
from bacheca.portal.disk.discard import discard
from bacheca.portal.errors import PortalProblem, RenderFailed
from bacheca.portal.rendering.driver import EngineFailed, is_driven, render_language
from bacheca.portal.settings import Language, Portal

SETTINGS = "mkdocs.yml"

CODE = Path(__file__).resolve().parents[3]
"""The folder from which the engine imports our extensions."""

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


TRACEBACK = "Traceback (most recent call last):"


def render(portal: Portal, engine: str, cache: Cache) -> dict[str, RawSite]:
    """Render the staged pages of every language.

    Args:
        portal: the portal, staged.
        engine: a key of `ENGINES`.
        cache: where builds keep what they made.

    Returns:
        What was made of each language, by its code.

    Raises:
        RenderFailed: the engine is not installed, or found something wrong in a language.
    """
    if importlib.util.find_spec(engine) is None:
        raise RenderFailed(PortalProblem("ENGINE_MISSING", "mkdocs.yml", 1, values={"engine": engine}))
    folders = {language.code: portal.build / language.code for language in portal.languages}
    driven = [language.code for language in portal.languages if engine == "mkdocs" and is_driven(language.config)]
    wrong: dict[str, str] = {}
    rendered: dict[str, RawSite] = {}
    with _started(engine, {code: folder for code, folder in folders.items() if code not in driven}) as running:
        for code in driven:
            try:
                rendered[code] = render_language(folders[code] / SETTINGS, cache, code_digest(cache))
            except EngineFailed as error:
                wrong[code] = str(error)
        for code, process in running.items():
            output = COLOURS.sub("", process.communicate()[0]).strip()
            if process.returncode:
                wrong[code] = output
            else:
                rendered[code] = raw_site(folders[code] / "site")
    failed = (language for language in portal.languages if language.code in wrong)
    if problems := [_problem(engine, language, folders[language.code], wrong[language.code]) for language in failed]:
        raise RenderFailed(*problems)
    return rendered


@contextmanager
def _started(engine: str, folders: Mapping[str, Path]) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """Start the processes of an engine, one a language; none of them outlives what is done with them."""
    paths = [str(CODE), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "NO_MKDOCS_2_WARNING": "1",
    }
    running = {}
    for code, folder in folders.items():
        discard(folder / "site")
        running[code] = subprocess.Popen(  # noqa: S603  our own interpreter and our own file
            [sys.executable, *ENGINES[engine], SETTINGS],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
    try:
        yield running
    finally:
        for process in running.values():
            process.kill()
            process.wait()


def _problem(engine: str, language: Language, folder: Path, output: str) -> PortalProblem:
    """Say what an engine said, and write all of it into a file."""
    log = folder / "engine.log"
    log.write_text(output + "\n", encoding="utf-8")
    values = {"engine": engine, "language": language.code, "output": _gist(output), "log": log}
    return PortalProblem("ENGINE", language.config_file.as_posix(), 1, values=values)


def _gist(output: str) -> str:
    """Keep of what an engine said the part that speaks to people: a traceback's last line is enough."""
    said, traceback, rest = output.strip().partition(TRACEBACK)
    return said + rest.rsplit("\n", 1)[-1] if traceback else output
