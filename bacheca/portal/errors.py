"""What can be wrong with a portal.

PortalError
├── SettingsProblems   mkdocs.yml, or the command itself, cannot be used
├── ContentProblems    pages or forms want mending: every problem of them
├── RenderFailed       the engine, or the step after it, could not make the pages
└── NotPublished       a site does not take the place of the one before
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bacheca import __version__
from bacheca.folder_record import MADE, RecordRefused
from bacheca.forms.errors import Problem
from bacheca.portal.messages import REASONS, SAYINGS, SENTENCES, WARNINGS, say


@dataclass(frozen=True, order=True)
class PortalProblem(Problem):
    """One thing wrong with the portal; its code is a key of `bacheca.portal.messages.SENTENCES`."""

    @property
    def stops(self) -> bool:
        """Whether the portal cannot be built until it is mended: a warning stops nothing."""
        return self.level == "error" if self.level else self.code not in WARNINGS

    def sentence(self, language: str) -> str:
        """Say what is wrong, in a language with a catalogue (English otherwise)."""
        return say(SENTENCES[self.code][0], language, **self._said(language))

    def remedy(self, language: str) -> str:
        """Say how to mend it; empty where the sentence says it already."""
        return say(SENTENCES[self.code][1], language, **self._said(language))

    def _said(self, language: str) -> Mapping[str, object]:
        """Give the values, and what the system says as people of a language do."""
        reason = REASONS.get(str(self.values.get("reason", "")))
        return {**self.values, "reason": say(reason, language)} if reason else self.values


def problem_of_record(refused: RecordRefused, folder: Path) -> PortalProblem:
    """Say why what a folder remembers of the Bacheca that made it is refused.

    Args:
        refused: the refusal.
        folder: the community's folder.
    """
    code = "FOLDER_NEWER" if refused.version else "FOLDER_RECORD"
    values = {"made": refused.version, "own": __version__}
    return PortalProblem(code, (folder / MADE).as_posix(), 1, values=values)


def marked_line(problem: Problem, language: str) -> str:
    """Give a problem as a line that says whether it stops the command: `path:line: CODE [error] message — remedy`."""
    return problem.line_of_text(language, f"[{say(SAYINGS['stops' if problem.stops else 'warns'], language)}]")


def is_full(error: OSError) -> bool:
    """Tell whether a disk, or somebody's part of it, has no room left."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def problem_of_system(error: OSError, settings: Path, *folders: Path) -> PortalProblem:
    """Say what the system refuses.

    Args:
        error: the refusal.
        settings: the file that is named where the refusal names none.
        folders: where things are written; of a full disk that names no file, the one with the least room is meant.
    """
    written = error.filename2 or error.filename  # of two it is the second that is written to
    if not is_full(error):
        reason = error.strerror or str(error)
        return PortalProblem("FILE", os.fsdecode(written or settings), 1, values={"reason": reason})
    places = [Path(os.fsdecode(written))] if written else folders or (settings.absolute().parent,)
    there = [next(way for way in (place, *place.absolute().parents) if way.is_dir()) for place in places]
    folder = min(there, key=lambda place: shutil.disk_usage(place).free)
    return PortalProblem("DISK_FULL", folder.as_posix(), 1, values={"folder": folder.as_posix()})


class PortalError(Exception):
    """Whatever stops the command; `problems` holds every reason.

    Args:
        problems: every reason, in the order of reading.
    """

    exit_code = 1
    """What the command answers the shell."""

    def __init__(self, *problems: Problem):
        self.problems = problems
        super().__init__("\n".join(problem.line_of_text("en") for problem in problems))


class SettingsProblems(PortalError):
    """The settings cannot be used."""

    exit_code = 2


class ContentProblems(PortalError):
    """Pages or forms want mending."""


class RenderFailed(PortalError):
    """The pages could not be made."""


class NotPublished(PortalError):
    """A site does not take the place of the one before."""
