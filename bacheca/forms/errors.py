"""What can be wrong with a form or an answer.

FormsError
├── FormProblems      a form file that cannot be used: every problem of it
├── LetterRefused     an e-mail that is beyond a limit: nobody looks for a form in it
└── PackageProblems   a data package that is not valid: every problem of it
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from bacheca.forms.catalogues import filled, translations
from bacheca.forms.messages import SENTENCES, WARNINGS


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong, with its place and its remedy.

    Args:
        code: the stable code, a key of `SENTENCES` (`FORM_NAME`, `required`…).
        path: the file at fault, as the reader would type it; empty for an answer.
        line: its line, from 1; 0 where no line can be named.
        field: the field at fault; empty for the whole form.
        values: what the sentence names in braces.
        place: where it stands in its file: the keys and positions that lead there.
        level: `error` or `warning`, where it is another than its code's.
    """

    code: str
    path: str = ""
    line: int = 0
    field: str = ""
    values: Mapping[str, object] = dataclasses.field(default_factory=dict, compare=False)
    place: tuple[str | int, ...] = dataclasses.field(default=(), compare=False)
    level: str = dataclasses.field(default="", compare=False)

    @property
    def stops(self) -> bool:
        """Whether the form cannot be used until it is mended: a warning stops nothing."""
        return self.level == "error" if self.level else self.code not in WARNINGS

    def sentence(self, language: str) -> str:
        """Say what is wrong, in a language with a catalogue (English otherwise)."""
        return self._say(SENTENCES[self.code][0], language)

    def remedy(self, language: str) -> str:
        """Say how to mend it; empty where the sentence says it already."""
        return self._say(SENTENCES[self.code][1], language)

    def line_of_text(self, language: str, mark: str = "") -> str:
        """Give the problem as `path:line: CODE message — remedy`, where there is a mark with that behind the code."""
        said = " ".join(filter(None, (self.code, mark, self.sentence(language))))
        remedy = self.remedy(language)
        return f"{self.path}:{self.line}: {said}" + (f" — {remedy}" if remedy else "")

    def _say(self, sentence: str, language: str) -> str:
        if not sentence:
            return ""
        return filled(translations(language).gettext(sentence), language, self.values)


class FormsError(Exception):
    """Whatever this package refuses; `problems` holds every reason."""

    def __init__(self, problems: tuple[Problem, ...]):
        self.problems = problems
        super().__init__("\n".join(problem.line_of_text("en") for problem in problems))


class FormProblems(FormsError):
    """A form file that cannot be used."""


class LetterRefused(FormsError):
    """An e-mail that is beyond a limit.

    Args:
        code: which, a key of `SENTENCES`.
        values: what its sentence names: the limits.
    """

    def __init__(self, code: str, values: Mapping[str, object]):
        super().__init__((Problem(code, values=values),))

    def __reduce__(self) -> tuple[type[LetterRefused], tuple[str, Mapping[str, object]]]:
        """Let it pass from one process to another."""
        return type(self), (self.problems[0].code, self.problems[0].values)


class PackageProblems(FormsError):
    """A data package that does not hold what its descriptor says."""
