"""From a YAML file and its translations to a form, or to every problem that keeps them from being one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bacheca.forms.community import USUAL, Community
from bacheca.forms.definition.checks.form import EVERY_KEY, problems_of_form
from bacheca.forms.definition.checks.localities import is_language, language_meant, language_of
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.checks.translation import old_words, problems_of_translation
from bacheca.forms.definition.form import FIXED_COLUMNS, Form, form_of
from bacheca.forms.definition.yaml_source import Source, open_source
from bacheca.forms.errors import FormProblems, Problem
from bacheca.forms.patterns.dialect import read_pattern


def load_form(path: Path, community: Community = USUAL) -> Form:
    """Load a form file and its translations.

    Args:
        path: the file.
        community: whose form it is.

    Raises:
        FormProblems: it cannot be used; every problem of the form and of its translations is in it.
    """
    form, problems = read_form(path, sorted(path.parent.glob(f"{path.stem}.*.yaml")), community)
    if form is None:
        raise FormProblems(tuple(problems))
    return form


def load_forms(folder: Path, community: Community = USUAL) -> dict[str, Form]:
    """Load every form of a folder, by name; folders inside it hold examples and are left alone.

    Args:
        folder: the folder.
        community: whose forms they are.

    Raises:
        FormProblems: some cannot be used; every problem of all of them is in it.
    """
    forms, problems = read_forms(folder, community)
    if any(problem.stops for problem in problems):
        raise FormProblems(tuple(problems))
    return forms


def read_forms(folder: Path, community: Community = USUAL) -> tuple[dict[str, Form], list[Problem]]:
    """Read every form of a folder.

    Args:
        folder: the folder.
        community: whose forms they are.

    Returns:
        The forms that can be used, by name, and every problem of all of them, warnings included.
    """
    paths = sorted(folder.glob("*.yaml"))
    names = {path.stem for path in paths if "." not in path.stem}
    translations: dict[str, list[Path]] = {name: [] for name in names}
    problems: list[Problem] = []
    for path in paths:
        name = path.stem.partition(".")[0]
        if path.stem == name:
            continue
        if name in names:
            translations[name].append(path)
        else:
            near = nearest(name, sorted(names), 0.0) or name
            values = {"form": name, "near": f"{near}{path.name[len(name) :]}"}
            problems.append(Problem("TRANSLATION_ALONE", path.as_posix(), 1, values=values))
    forms: dict[str, Form] = {}
    for path in paths:
        if path.stem in names:
            form, found = read_form(path, translations[path.stem], community)
            problems += found
            if form is not None:
                forms[form.name] = form
    return forms, problems


def read_form(
    path: Path, translations: Sequence[Path], community: Community = USUAL
) -> tuple[Form | None, list[Problem]]:
    """Read a form file and the translations beside it.

    Args:
        path: the form file.
        translations: the files that translate it.
        community: whose form it is.

    Returns:
        The form, or None where it cannot be used, and every problem of it, warnings included.
    """
    source, problems = open_source(path, EVERY_KEY)
    problems += problems_of_form(source, path.stem, FIXED_COLUMNS, community) if source else []
    own = language_of(source, community)
    words: dict[str, Source] = {}
    for beside in translations:
        translation, found = open_source(beside, EVERY_KEY)
        problems += found
        language = beside.stem.split(".", 1)[1]
        if not is_language(language) or language == own:
            near = language_meant(language, own)
            values = {"language": language, "name": path.stem, "near": near}
            problems.append(Problem("TRANSLATION_LANGUAGE", beside.as_posix(), 1, values=values))
        if translation is None:
            continue
        words[language] = translation
        found = problems_of_translation(translation, source, language)
        problems += [*found, *(old_words(translation, source, [*problems, *found]) if source else ())]
    if source is None or any(problem.stops for problem in problems):
        return None, problems
    written = {language: translation.data for language, translation in words.items()}
    whole = {**source.data, "fields": [_portable(entry) for entry in source.data["fields"]]}
    return form_of(whole, written, community), problems


def _portable(entry: dict[str, Any]) -> dict[str, Any]:
    """Write out the pattern of a field, so that a change of what it means to us is a change of the form."""
    given = entry.get("constraints") or {}
    if "pattern" not in given:
        return entry
    return {**entry, "constraints": {**given, "pattern": read_pattern(given["pattern"]).portable}}
