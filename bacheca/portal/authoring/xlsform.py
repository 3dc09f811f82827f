"""Forms that come from other tools as XLSForms, and go to them."""

from __future__ import annotations

from pathlib import Path

from bacheca.forms import Form, FormProblems
from bacheca.forms.errors import Problem
from bacheca.forms.xlsform import Imported, read_xlsform, write_xlsform
from bacheca.portal.errors import ContentProblems, PortalProblem, SettingsProblems
from bacheca.portal.settings import Portal


def import_xlsform(portal: Portal, workbook: Path, name: str) -> tuple[list[Path], tuple[Problem, ...]]:
    """Write the form files of an XLSForm; all of them, or none.

    Args:
        portal: where they go.
        workbook: the XLSForm.
        name: what to call the form; empty: as it calls itself.

    Returns:
        The files, and what was changed or left out.

    Raises:
        ContentProblems: it cannot be a form; every reason is in it.
        SettingsProblems: a form of that name is there already.
    """
    try:
        read = read_xlsform(workbook, name, portal.usual)
    except FormProblems as error:
        raise ContentProblems(*error.problems) from None
    return _create(portal, read), read.remarks


def export_xlsform(form: Form, target: Path) -> None:
    """Write a form as an XLSForm.

    Raises:
        ContentProblems: some of its words cannot be in an XLSForm.
        SettingsProblems: the file is there already.
    """
    if target.exists():
        raise SettingsProblems(PortalProblem("EXISTS", target.as_posix(), 1))
    try:
        write_xlsform(form, target)
    except FormProblems as error:
        raise ContentProblems(*error.problems) from None


def _create(portal: Portal, read: Imported) -> list[Path]:
    folder = portal.forms
    taken = [path for path in sorted(folder.glob(f"{read.name}.*")) if path.suffix == ".yaml"]
    if taken:
        raise SettingsProblems(*(PortalProblem("EXISTS", path.as_posix(), 1) for path in taken))
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    try:
        for name, text in sorted(read.files.items(), reverse=True):  # the form last: a build never meets half of it
            path = folder / name
            with path.open("x", encoding="utf-8") as file:
                made.append(path)
                file.write(text)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    return made[::-1]
