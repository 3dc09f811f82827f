"""What was posted for a question, what is read of it, and the lines in which it is answered by e-mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bacheca.forms.errors import Problem

Posted = Mapping[str, Sequence[str]]
"""Every value posted, by the name of its control."""


@dataclass(frozen=True)
class Reading:
    """What a field makes of what was posted.

    Args:
        cells: a canonical cell for each of its columns.
        problems: why the answer is refused; empty when it is not.
        notice: the exact text that was agreed to, on a consent that was given.
    """

    cells: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    notice: str = ""


@dataclass(frozen=True)
class MailLine:
    """A line of a form as text for an e-mail.

    Args:
        before: what stands before the place of the answer.
        slot: what is answered so far: a text, or `x` in an option.
        after: what stands after it.
        control: the name of the control that the slot mirrors; empty where there is none.
        value: the value of the control that the slot mirrors; empty for a text.
    """

    before: str
    slot: str = ""
    after: str = ""
    control: str = ""
    value: str | None = None
