"""Bringing a community's folder from the version that made it to this one: what will change, and changing it.

Three states of each file that `init` writes are compared: as the older version wrote it, as it is, as this version
writes it for the same answers. What nobody touched is replaced, what was edited is merged, and where both changed the
same lines a person decides. The rest of the folder is the community's, and left alone but for names of settings.
"""

from __future__ import annotations

import difflib
import shutil
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bacheca import __version__
from bacheca.folder_record import MADE, WRITTEN, Record, RecordRefused, read_record, write_record
from bacheca.forms.atomic_file import overwrite
from bacheca.portal.authoring.new_portal import community_of, write_first_files
from bacheca.portal.errors import SettingsProblems, problem_of_record
from bacheca.portal.renamed.settings import with_new_names
from bacheca.portal.upgrading.merging import merged

BEFORE = "build/before-upgrade"
"""Where files are kept as they were, in a folder with a number for each upgrade."""


@dataclass(frozen=True)
class Change:
    """What becomes of a file.

    Args:
        path: the file, in the folder.
        how: `new`, `replaced`, `merged`, `renamed` (settings alone), or `decide`: a person has to.
        was: its text; empty where there is none.
        text: what will stand there; of `decide`, what stands there.
        diff: what a person sees: what changes, and of `decide` what this version changed since the older one.
    """

    path: str
    how: str
    was: str
    text: str
    diff: str


@dataclass(frozen=True)
class Plan:
    """An upgrade, before it is done.

    Args:
        folder: the community's folder.
        made: the version that it is of; empty where it does not remember.
        changes: what becomes of its files, by path.
        record: what it will remember.
    """

    folder: Path
    made: str
    changes: tuple[Change, ...]
    record: Record

    @property
    def open_questions(self) -> tuple[Change, ...]:
        """What a person has to decide."""
        return tuple(change for change in self.changes if change.how == "decide")

    @property
    def writes(self) -> tuple[Change, ...]:
        """What will be written."""
        return tuple(change for change in self.changes if change.how != "decide")


def plan_upgrade(folder: Path, keep: Collection[str] = (), take: Collection[str] = ()) -> Plan:
    """Find out what will change; nothing is written.

    Args:
        folder: the community's folder.
        keep: files that stay as they are, whatever this version writes.
        take: files that become what this version writes, whatever they are.

    Raises:
        SettingsProblems: the folder is of a newer version, or what it remembers cannot be read.
    """
    try:
        record = read_record(folder)
    except RecordRefused as refused:
        raise SettingsProblems(problem_of_record(refused, folder)) from refused
    known = record or Record("")
    ours = _files_of_this_version(known) if known.answers else {}
    texts = {path: _text(folder / path) for path in {*known.files, *ours}}
    renamed = {path: with_new_names(text) for path, text in _settings(folder) if with_new_names(text) != text}
    changes: dict[str, Change] = {}
    remembered = dict(known.files)
    for path in sorted(ours):
        base, theirs, new = known.files.get(path), texts[path], ours[path]
        if path in take and theirs != new:
            changes[path] = _change(path, "replaced", theirs or "", new)
        elif path not in keep:
            is_settings = _is_settings(path)
            changed = _change_of(
                path,
                with_new_names(base) if is_settings and base is not None else base,
                with_new_names(theirs) if is_settings and theirs is not None else theirs,
                new,
            )
            if changed:
                changes[path] = replace(changed, was=theirs or "") if changed.how != "decide" else changed
        if path not in changes or changes[path].how != "decide":
            remembered[path] = new
    for path, text in renamed.items():
        if path not in changes:
            changes[path] = _change(path, "renamed", _text(folder / path) or "", text)
    after = Record(__version__, known.answers, remembered)
    return Plan(folder, known.version, tuple(changes[path] for path in sorted(changes)), after)


def upgrade(plan: Plan) -> Path | None:
    """Do what was planned, wholly or not at all.

    What was there is kept first. A failure puts all of it back. Whoever is killed runs `upgrade` again: what is done
    already is found so, and the folder is of the new version only once everything is written.

    Returns:
        The folder with the files as they were; None where none was there.

    Raises:
        OSError: something cannot be written; nothing is changed.
    """
    kept = _next(plan.folder)
    before = [change.path for change in plan.writes if (plan.folder / change.path).exists()]
    remembered = [name for name in (MADE, WRITTEN) if (plan.folder / name).exists()]
    for path in (*before, *remembered):
        (kept / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(plan.folder / path, kept / path)
    done: list[str] = []
    try:
        for change in plan.writes:
            file = plan.folder / change.path
            file.parent.mkdir(parents=True, exist_ok=True)
            done.append(change.path)
            overwrite(file, change.text.encode("utf-8", "surrogateescape"))
        write_record(plan.folder, plan.record)
    except BaseException:
        for path in (*done, *remembered):
            if (kept / path).exists():
                shutil.copy2(kept / path, plan.folder / path)
            else:
                (plan.folder / path).unlink(missing_ok=True)
        raise
    return kept if before else None


def _files_of_this_version(record: Record) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as new:
        return write_first_files(Path(new), community_of(record.answers))


def _change_of(path: str, base: str | None, theirs: str | None, ours: str) -> Change | None:
    """Give what becomes of a file that this version writes; None where it stays as it is."""
    if ours in (base, theirs) or (base is None and theirs is not None and _is_example(ours)):
        return None  # there already, or theirs are written that this would be an example of
    if theirs is None:
        return None if base is not None else _change(path, "new", "", ours)  # what they threw away stays away
    if theirs == base:
        return _change(path, "replaced", theirs, ours)
    joined = merged(base, theirs, ours) if base is not None else None
    if joined == theirs:
        return None
    if joined is not None:
        return _change(path, "merged", theirs, joined)
    return Change(path, "decide", theirs, theirs, _diff(path, base if base is not None else theirs, ours))


def _is_example(text: str) -> bool:
    """Tell whether a file says nothing but how to write it."""
    return all(line.startswith("#") for line in text.splitlines())


def _change(path: str, how: str, was: str, text: str) -> Change:
    return Change(path, how, was, text, _diff(path, was, text))


def _diff(path: str, before: str, after: str) -> str:
    sides = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    return "".join(difflib.unified_diff(*sides, fromfile=f"a/{path}", tofile=f"b/{path}", n=2))


def _is_settings(path: str) -> bool:
    return path.startswith("mkdocs.") and path.endswith(".yml") and "/" not in path


def _settings(folder: Path) -> Iterator[tuple[str, str]]:
    """Give the files of settings, `mkdocs.yml` and those of further languages, and their texts."""
    for file in sorted(folder.glob("mkdocs*.yml")):
        if _is_settings(file.name) and (text := _text(file)) is not None:
            yield file.name, text


def _text(file: Path) -> str | None:
    """Give the text of a file; None where there is none. Lines of Windows count as others."""
    if file.is_symlink() or not file.is_file():
        return None
    with file.open(encoding="utf-8", errors="surrogateescape") as opened:
        return opened.read()


def _next(folder: Path) -> Path:
    """Give a folder that is not there yet, for the files as they were."""
    number = 1
    while (folder / f"{BEFORE}-{number}").exists():
        number += 1
    return folder / f"{BEFORE}-{number}"
