"""What can go wrong in the service.

ServiceProblem
├── SettingsProblem        settings that cannot be used: the service does not start
├── FormsRefused           forms that would change what is stored: they are served as they were
├── SealProblem            what is sealed cannot be opened, or nothing to seal it to
├── BackupProblem          a copy of the store that cannot be made, is not whole or cannot be brought back
├── MoveProblem            a store that cannot be moved into another database: nothing was
├── BodyProblem            a body that cannot be read: 413, 415 or 422
├── PersonProblem          something asked about somebody that cannot be found out
├── AccountProblem         something asked about an account of the desk that is not done
├── LetterProblem          a letter that holds no response that can be kept: it is left where it is
├── CampaignProblem        a letter to many that is not written
├── JobTaken               a job that another process does now: it is not done twice at once
├── MailProblem
│   ├── MailDelayed        a letter that cannot be sent now: it is tried again
│   └── MailRefused        a letter that cannot be delivered: it is put on the list of dead letters
└── StoreProblem
    ├── StoreRefused       a database this code cannot work with: the service does not start
    ├── StoreDamaged       a row that cannot be read
    └── StoreUnavailable   the database did not do what was asked: 503, sending again is safe

Operators read the sentence that each is made of: in the language of their terminal, in English in the logs. What
respondents read of those with a `code` lives in the catalogues under it.
"""

from __future__ import annotations

from collections.abc import Iterable

from bacheca.forms import Problem
from bacheca.forms.catalogues import marked as _
from bacheca.forms.definition.evolution import Change
from forms_server.messages import SOURCE, Saying, said


class ServiceProblem(Exception):
    """Whatever this package refuses or cannot do; what it is made of is a `Saying`."""

    def said(self, language: str) -> str:
        """Say what is wrong, in a language."""
        return str(said(self.args[0], language))


class SettingsProblem(ServiceProblem):
    """Settings that cannot be used; `problems` holds a sentence each, with its remedy."""

    def __init__(self, problems: Iterable[str]):
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))

    def said(self, language: str) -> str:
        """Say what is wrong, a line for each problem."""
        return "\n".join(said(problem, language) for problem in self.problems)


class SealProblem(ServiceProblem):
    """Something sealed that cannot be opened, or something to be sealed without keys."""


class BackupProblem(ServiceProblem):
    """A copy of the store that cannot be made, is not whole, or cannot be brought back now."""


class MoveProblem(ServiceProblem):
    """A store that cannot be moved into another database, or a database that takes none: nothing was moved."""


class BodyProblem(ServiceProblem):
    """A body that cannot be read as answers.

    Args:
        status: the HTTP status to answer with.
        code: what is wrong, one of the codes listed in `forms_server.http.body`.
        posted: what could still be read, in order, so that the page can show it back.
    """

    def __init__(self, status: int, code: str, posted: dict[str, list[str]] | None = None):
        self.status = status
        self.code = code
        self.posted = posted or {}
        super().__init__(f"{status} {code}")


class PersonProblem(ServiceProblem):
    """Something asked about somebody that cannot be found out."""


class AccountProblem(ServiceProblem):
    """Something asked about an account of the desk that is not done.

    Args:
        sentence: why, in English with names in braces; the desk says it in its reader's language.
        values: what the braces name.
    """

    def __init__(self, sentence: str, **values: str):
        self.sentence = sentence
        self.values = values
        super().__init__(sentence.format(**values))


class LetterProblem(ServiceProblem):
    """A letter that holds no response that can be kept.

    Args:
        code: why, a key of `sentences.LETTERS`, or `answers` for what `problems` say.
        problems: what is wrong with the answers.
        values: what the sentence names.
    """

    def __init__(self, code: str, *, problems: tuple[Problem, ...] = (), **values: str):
        self.code = code
        self.problems = problems
        self.values = values
        super().__init__(code)


class CampaignProblem(ServiceProblem):
    """A letter to many that is not written, and why."""


class JobTaken(ServiceProblem):
    """A job that another process does now; `doing` says that it is being done."""

    def __init__(self, doing: str):
        sentence = _("{doing} by another process now. Try again when that has ended.")
        super().__init__(Saying(sentence, doing=Saying(doing)))


class MailProblem(ServiceProblem):
    """A letter that was not sent; `code` says why: an SMTP status or a name, never what a server wrote."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


class MailDelayed(MailProblem):
    """A letter that cannot be sent now.

    Args:
        code: why.
        lasting: whether the next letter would fare no better.
    """

    def __init__(self, code: str, *, lasting: bool = False):
        self.lasting = lasting
        super().__init__(code)


class MailRefused(MailProblem):
    """A letter that cannot be delivered."""


class StoreProblem(ServiceProblem):
    """Something about the database."""


class StoreRefused(StoreProblem):
    """A database that this code cannot work with, and what to do about it."""


class StoreDamaged(StoreProblem):
    """A row of the database that this code never wrote; `what` says which."""

    def __init__(self, what: str):
        sentence = _("The store is damaged: {what}. Bring back the last backup that `verify` finds whole.")
        super().__init__(Saying(sentence, what=what))


class StoreUnavailable(StoreProblem):
    """The database did not confirm what was asked of it: nobody knows, and asking again is safe.

    Args:
        code: the database's own name for what happened (`SQLITE_FULL`, an SQLSTATE, …). Never its
            message, which can quote the values that were sent.
        lasting: whether this process cannot trust its database any more and should end.
    """

    def __init__(self, code: str, *, lasting: bool = False):
        self.code = code
        self.lasting = lasting
        super().__init__(Saying(_("the database is not available: {code}"), code=code))


class FormsRefused(ServiceProblem):
    """Forms that would change the meaning of stored responses; `changes` says which and why."""

    def __init__(self, changes: Iterable[tuple[str, Change]]):
        self.changes = tuple(changes)
        super().__init__(self.said(SOURCE))

    def said(self, language: str) -> str:
        """Say what each form would change."""
        return "\n".join(f"{form}: {change.sentence(language)}" for form, change in self.changes)
