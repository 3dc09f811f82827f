"""The results that a build shows: taken from a folder or from the service, checked, and kept for when it is away."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from forms import Form, PackageProblems, Problem
from forms.results.package import DESCRIPTOR, PUBLIC_FILES, QUOTATIONS, RESULTS, read_results
from forms.results.sentences import ResultsProblem
from portal.errors import ContentProblems
from portal.pages import Page
from portal.results_block import KEPT
from portal.settings import Portal

if TYPE_CHECKING:
    from portal.content import Content

BLOCK = re.compile(r"[ ]{0,3}(/{3,})\s*results\s*\|\s*(\S+)\s*$")
SOURCE = "data/results"
"""Where the results are, if nothing else is said: the folder that the service publishes to."""

PATIENCE = 10
"""How long to wait for the service, in seconds."""

LARGEST = 8 * 1024 * 1024
"""The most bytes of a file of results."""


def check_results(page: Page, names: Sequence[str], forms: Mapping[str, Form]) -> Iterator[Problem]:
    """Give what is wrong with the blocks of a page that ask for results.

    Args:
        page: the page.
        names: the names of the form files.
        forms: the forms that can be used, by name.
    """
    lines = [(line, text) for line, text in page.prose() if text.strip()]
    for (line, text), (_, after) in zip(lines, [*lines[1:], (0, "")], strict=False):
        block = BLOCK.match(text)
        if block and after.strip() != block[1]:
            yield page.problem("BLOCK_OPEN", line, mark=block[1])
        if block and block[2] not in names:
            yield page.problem("FORM_UNKNOWN", line, name=block[2], allowed=", ".join(names) or "—")
        elif block and block[2] in forms and page.language not in forms[block[2]].languages:
            file = f"content/forms/{block[2]}.{page.language}.yaml"
            yield page.problem("FORM_LANGUAGE", line, name=block[2], language=page.language, file=file)


def take_results(portal: Portal, content: Content, source: str) -> list[str]:
    """Take the packages of results that pages show to `build/results`, all of them or none.

    Args:
        portal: the portal.
        content: what editors wrote.
        source: a folder with a package a form, or the address of the service.

    Returns:
        The names of the forms whose last good results are shown, since newer ones could not be had.

    Raises:
        ContentProblems: some package is not valid, comes from another form, or is older than what is shown.
    """
    taken = portal.build / "results"
    taken.mkdir(parents=True, exist_ok=True)
    problems: list[Problem] = []
    kept: list[str] = []
    with tempfile.TemporaryDirectory(dir=portal.build) as folder:
        new = Path(folder)
        for form in _shown(content):
            shown = taken / form.name
            try:
                found = _fetch(form, source, new) if urlsplit(source).scheme else _find(form, portal.root / source)
                if found is None:
                    kept += [form.name] if (shown / DESCRIPTOR).is_file() else []
                    continue
                _check(form, found, shown)
            except PackageProblems as error:
                problems += error.problems
            else:
                if found != new / form.name:
                    _copy(found, new / form.name)
        if problems:
            raise ContentProblems(*problems)
        for package in new.iterdir():
            shutil.rmtree(taken / package.name, ignore_errors=True)
            package.rename(taken / package.name)
    (taken / KEPT).write_text(json.dumps(kept), encoding="utf-8")
    return kept


def _shown(content: Content) -> list[Form]:
    names = {
        block[2]
        for pages in content.pages.values()
        for page in pages
        for _, text in page.prose()
        if (block := BLOCK.match(text))
    }
    return [content.forms[name] for name in sorted(names) if name in content.forms]


def _check(form: Form, found: Path, shown: Path) -> None:
    """Make sure of a package.

    Raises:
        PackageProblems: it cannot be shown.
    """
    results = read_results(found, form)
    try:
        last = read_results(shown, form) if (shown / DESCRIPTOR).is_file() else None
    except PackageProblems:  # the form has changed since: what was shown then says nothing any more
        last = None
    if last and results.created < last.created:
        values = {"created": results.created, "shown": last.created, "kept": shown.as_posix()}
        raise PackageProblems((ResultsProblem("RESULTS_OLDER", (found / DESCRIPTOR).as_posix(), 1, values=values),))


def _find(form: Form, folder: Path) -> Path | None:
    return folder / form.name if (folder / form.name / DESCRIPTOR).is_file() else None


def _copy(package: Path, to: Path) -> None:
    to.mkdir()
    for name in PUBLIC_FILES:
        if (package / name).is_file():
            shutil.copyfile(package / name, to / name)


def _fetch(form: Form, url: str, folder: Path) -> Path | None:
    """Fetch a package from the service; None where it is away or has none.

    Raises:
        PackageProblems: the service answers, but not with a package.
    """
    package = folder / form.name
    package.mkdir()
    try:
        for name in (DESCRIPTOR, RESULTS, QUOTATIONS):
            if name == QUOTATIONS and QUOTATIONS not in (package / DESCRIPTOR).read_text(encoding="utf-8"):
                continue
            with urlopen(f"{url.rstrip('/')}/forms/{form.name}/results/{name}", timeout=PATIENCE) as answer:  # noqa: S310
                (package / name).write_bytes(answer.read(LARGEST))
    except HTTPError as error:
        shutil.rmtree(package)
        if error.code == 404 or error.code >= 500:
            return None
        values = {"form": form.name, "url": url, "reason": f"HTTP {error.code}"}
        raise PackageProblems((ResultsProblem("RESULTS_SOURCE", url, 1, values=values),)) from None
    except (URLError, OSError):
        shutil.rmtree(package)
        return None
    return package
