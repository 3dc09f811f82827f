"""What the pages of a preview are told: that there is a new build, and what keeps the next one from being made.

A script of theirs asks for `reload.json`: `stamp` changes with every build, `problems` and `warnings` are the lines
that the command prints. Nothing of it is in a site that is published.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from bacheca.forms.atomic_file import replaced
from bacheca.forms.errors import Problem
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.postprocess.snippets import piece

SCRIPTS = "assets/javascripts"
TOLD = "reload.json"
LIVE = Path(__file__).parent / "live"
"""The script, and how what it says looks."""

WORDS = ("problems", "warnings", "close", "first")


def tell_built(site_dir: Path, prefix: str, stamp: str, language: str, warnings: Iterable[Problem] = ()) -> None:
    """Tell the pages of a language that there is a new build.

    Args:
        site_dir: the site, with the new pages in place.
        prefix: where the pages of the language stand in it.
        stamp: another one for each build.
        language: the language to speak.
        warnings: what should be looked at.
    """
    _tell(site_dir / prefix / SCRIPTS, stamp, language, warnings=warnings)


def tell_problems(site_dir: Path, stamp: str, language: str, problems: Iterable[Problem]) -> None:
    """Tell the pages that are there why no new build takes their place.

    Args:
        site_dir: the site of before; its pages stay. Without one a page that says it goes to `first_page(site_dir)`.
        stamp: another one for each build.
        language: the language to speak.
        problems: everything that is wrong.
    """
    found = list(site_dir.glob(f"**/{SCRIPTS}/{TOLD}"))
    for told in found:
        _tell(told.parent, json.loads(told.read_text(encoding="utf-8"))["stamp"], language, problems)
    if found:
        return
    first = first_page(site_dir)
    shutil.rmtree(first, ignore_errors=True)
    shutil.copytree(LIVE, first / SCRIPTS)
    _tell(first / SCRIPTS, stamp, language)
    lines = [problem.line_of_text(language) for problem in problems]
    page = piece("first.html", language, language=language, words=_words(language), problems=lines)
    for name in ("index.html", "404.html"):
        (first / name).write_text(page, encoding="utf-8")


def first_page(site: Path) -> Path:
    """Give the folder of the page that says what is wrong, until there is a first site."""
    return site.with_name(f"{site.name}-first")


def _tell(
    scripts: Path, stamp: str, language: str, problems: Iterable[Problem] = (), warnings: Iterable[Problem] = ()
) -> None:
    told = {
        "stamp": stamp,
        "words": _words(language),
        "problems": [problem.line_of_text(language) for problem in problems],
        "warnings": [problem.line_of_text(language) for problem in warnings],
    }
    with replaced(scripts / TOLD) as file:
        json.dump(told, file, ensure_ascii=False)


def _words(language: str) -> dict[str, str]:
    return {word: say(SAYINGS[f"preview_{word}"], language) for word in WORDS}
