"""What can be wrong with a portal.

PortalError
├── SettingsProblems   mkdocs.yml, or the command itself, cannot be used
├── ContentProblems    pages or forms want mending: every problem of them
├── RenderFailed       the engine, or the step after it, could not make the pages
└── NotPublished       a site does not take the place of the one before
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bacheca import __version__
from bacheca.folder_record import MADE, RecordRefused
from bacheca.forms.errors import Problem
from bacheca.portal.messages import SENTENCES, WARNINGS, say


@dataclass(frozen=True, order=True)
class PortalProblem(Problem):
    """One thing wrong with the portal; its code is a key of `bacheca.portal.messages.SENTENCES`."""

    @property
    def stops(self) -> bool:
        """Whether the portal cannot be built until it is mended: a warning stops nothing."""
        return self.level == "error" if self.level else self.code not in WARNINGS

    def sentence(self, language: str) -> str:
        """Say what is wrong, in a language with a catalogue (English otherwise)."""
        return say(SENTENCES[self.code][0], language, **self.values)

    def remedy(self, language: str) -> str:
        """Say how to mend it; empty where the sentence says it already."""
        return say(SENTENCES[self.code][1], language, **self.values)


def problem_of_record(refused: RecordRefused, folder: Path) -> PortalProblem:
    """Say why what a folder remembers of the Bacheca that made it is refused.

    Args:
        refused: the refusal.
        folder: the community's folder.
    """
    code = "FOLDER_NEWER" if refused.version else "FOLDER_RECORD"
    values = {"made": refused.version, "own": __version__}
    return PortalProblem(code, (folder / MADE).as_posix(), 1, values=values)


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
