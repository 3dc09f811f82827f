"""Marking translations as those of the words that a form has now, so that later changes of it are noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bacheca.forms import USUAL, Community
from bacheca.forms.atomic_file import overwrite
from bacheca.forms.catalogues import as_typed
from bacheca.forms.definition.checks.translation import MARKS, marks_of
from bacheca.forms.definition.yaml_source import read_source
from bacheca.forms.form_files.loading import read_form
from bacheca.portal.build.read import form_names
from bacheca.portal.errors import ContentProblems, PortalProblem, SettingsProblems

BLOCK = re.compile(rf"^{MARKS}:.*\n?(?:^[ \t]+\S.*\n?)*", re.MULTILINE)


def mark_translations(folder: Path, name: str, community: Community = USUAL) -> Iterator[Path]:
    """Write into every translation of a form which words it translates.

    Args:
        folder: the folder of the form files; examples in the folders beneath it count too.
        name: the form's name.
        community: whose form it is.

    Returns:
        Each translation, as it is written.

    Raises:
        SettingsProblems: there is no such form, or it has no translation.
        ContentProblems: the form or a translation has to be mended first; nothing is written.
    """
    path = find_form(folder, name)
    translations = sorted(path.parent.glob(f"{name}.*.yaml"))
    if not translations:
        raise SettingsProblems(PortalProblem("TRANSLATION_NONE", path.as_posix(), 1, values={"name": name}))
    form, problems = read_form(path, translations, community)
    if form is None:
        raise ContentProblems(*(problem for problem in problems if problem.stops))
    marks = "".join(f'  {what}: "{mark}"\n' for what, mark in marks_of(read_source(path).data).items())
    for translation in translations:
        words = BLOCK.sub("", translation.read_text(encoding="utf-8")).rstrip("\n")
        command = as_typed(f"python build.py translated {name}")
        overwrite(translation, f"{words}\n{MARKS}:  # {command}\n{marks}")
        yield translation


def find_form(folder: Path, name: str) -> Path:
    """Find a form file by its name, among those to publish and then among the examples.

    Raises:
        SettingsProblems: there is none.
    """
    for place in (folder, *sorted(path for path in folder.rglob("*") if path.is_dir())):
        if name in form_names(place):
            return place / f"{name}.yaml"
    allowed = ", ".join(sorted({path.stem for path in folder.rglob("*.yaml") if "." not in path.stem})) or "—"
    values = {"name": name, "allowed": allowed}
    raise SettingsProblems(PortalProblem("FORM_UNKNOWN", folder.as_posix(), 1, values=values))
