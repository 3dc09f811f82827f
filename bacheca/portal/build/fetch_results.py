"""What a build is told of forms: their results and the days set for them, from a folder or from the service.

Both are checked, and kept for when the service is away.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bacheca.forms import Form, PackageProblems, Problem, limits
from bacheca.forms.atomic_file import overwrite
from bacheca.forms.results.package import DESCRIPTOR, QUOTATIONS, RESULTS, open_results, parse_results, write_results
from bacheca.forms.results.results import Results
from bacheca.forms.results_messages import ResultsProblem
from bacheca.forms.set_days import SET_DAYS, TOLD, as_text, days_in, days_of
from bacheca.portal.clock import build_moment
from bacheca.portal.content.closings import closed_with_results
from bacheca.portal.errors import ContentProblems
from bacheca.portal.markdown.results_block import KEPT_RESULTS
from bacheca.portal.settings import Portal

STATE = "forms/state.json"
"""Where the service tells what has changed since pages were made."""

if TYPE_CHECKING:
    from bacheca.portal.build.read import Content


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
    taken = portal.told
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
                results = _checked(form, found, shown)
            except PackageProblems as error:
                problems += error.problems
            else:
                if found != new / form.name:
                    write_results(new / form.name, form, results)
        if problems:
            raise ContentProblems(*problems)
        for package in new.iterdir():
            shutil.rmtree(taken / package.name, ignore_errors=True)
            package.rename(taken / package.name)
    (taken / KEPT_RESULTS).write_text(json.dumps(kept), encoding="utf-8")
    return kept


def take_set_days(portal: Portal, source: str) -> bool:
    """Take the days that were set for forms, instead of those of their files, to `build/results`.

    Args:
        portal: the portal.
        source: as `take_results` has it.

    Returns:
        Whether they are known: of a service that is away, those that it told last go on to hold.
    """
    taken = portal.told
    if not any(portal.forms.glob("*.yaml")):
        return True
    if not urlsplit(source).scheme:
        days = days_in(portal.root / source)
    else:
        from bacheca.portal.build.service_files import Away, Unfit, service_file  # noqa: PLC0415  as below

        try:
            told = json.loads(service_file(source, STATE))
            days = days_of(told.get(TOLD, {}))
        except (Away, Unfit, ValueError, AttributeError, RecursionError):
            return False
    if days:
        taken.mkdir(parents=True, exist_ok=True)
        overwrite(taken / SET_DAYS, as_text(days))
    else:
        (taken / SET_DAYS).unlink(missing_ok=True)
    return True


def _shown(content: Content) -> list[Form]:
    pages, now = list(chain.from_iterable(content.pages.values())), build_moment()
    names = {block.name for page in pages for block in page.rendered.blocks if block.kind == "results"}
    names |= {name for page in pages for name in closed_with_results(page, content.forms, now)}
    return [content.forms[name] for name in sorted(names) if name in content.forms]


def _checked(form: Form, found: Path, shown: Path) -> Results:
    """Read a package and make sure of it.

    Raises:
        PackageProblems: it cannot be shown.
    """
    results = open_results(found, form)
    try:
        last = open_results(shown, form) if (shown / DESCRIPTOR).is_file() else None
    except PackageProblems:  # the form has changed since: what was shown then says nothing any more
        last = None
    if last and results.created < last.created:
        values = {"created": results.created, "shown": last.created, "kept": shown.as_posix()}
        raise PackageProblems((ResultsProblem("RESULTS_OLDER", (found / DESCRIPTOR).as_posix(), 1, values=values),))
    return results


def _find(form: Form, folder: Path) -> Path | None:
    return folder / form.name if (folder / form.name / DESCRIPTOR).is_file() else None


def _fetch(form: Form, url: str, folder: Path) -> Path | None:
    """Ask the service for a package and write it anew from our own form; None where it is away or has none.

    Raises:
        PackageProblems: the service answers, but not with a package.
    """
    place = f"forms/{form.name}/results"
    deadline = monotonic() + limits.RESULTS_SECONDS
    texts: dict[str, bytes] = {}
    from bacheca.portal.build.service_files import Away, Unfit, service_file  # noqa: PLC0415  TLS takes a while to load

    try:
        for name in (DESCRIPTOR, RESULTS, QUOTATIONS):
            if name != QUOTATIONS or f'"{QUOTATIONS}"'.encode() in texts[DESCRIPTOR]:
                texts[name] = service_file(url, f"{place}/{name}", max(0.0, deadline - monotonic()))
    except Away:
        return None
    except Unfit as unfit:
        values = {"form": form.name, "url": url, "reason": str(unfit)}
        raise PackageProblems((ResultsProblem("RESULTS_SOURCE", url, 1, values=values),)) from None
    write_results(folder / form.name, form, parse_results(texts, form, f"{url.rstrip('/')}/{place}"), url)
    return folder / form.name
