"""What commands say, in the language of whoever sits at the terminal, or else of the community."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bacheca import __version__
from bacheca.folder_record import RecordRefused
from bacheca.forms import FormsError
from bacheca.forms.catalogues import Catalogue
from bacheca.forms.catalogues import marked as _
from bacheca.forms.locales import language_of_terminal
from forms_server.errors import AccountProblem, ServiceProblem
from forms_server.messages import CATALOGUE, SOURCE, Saying, Told
from forms_server.settings import Settings

SPOKEN = "forms_server.language"

NEWER = _(
    "{folder} is of Bacheca {version}, and this is {own}: install {version} or a newer one (pip install --upgrade"
    " bacheca), or bring back the folder as it was before the upgrade."
)
RECORD = _(
    "What {folder} remembers of the Bacheca that made it cannot be read: bring its folder .bacheca back from git, or"
    " from a backup."
)


def tell(sentence: str, /, *, err: bool = False, **values: object) -> None:
    """Print a sentence of the catalogue with what it names, on stderr where something is wrong."""
    click.echo(word(sentence, **values), err=err)


def word(sentence: str, /, **values: object) -> str:
    """Say a sentence of the catalogue with what it names."""
    language = speaks()
    return sentence.said(language) if isinstance(sentence, Told) else Saying(sentence, **values).said(language)


def told_of(error: Exception, language: str) -> str:
    """Say what is wrong, a line for each problem."""
    if isinstance(error, FormsError):
        return "\n".join(problem.line_of_text(language) for problem in error.problems)
    if isinstance(error, RecordRefused):
        sentence = NEWER if error.version else RECORD
        return Saying(sentence, folder=Path.cwd(), version=error.version, own=__version__).said(language)
    if isinstance(error, AccountProblem):
        return Catalogue("desk", CATALOGUE.folder).say(error.sentence, language, **error.values)
    return error.said(language) if isinstance(error, ServiceProblem) else str(error)


def speaks() -> str:
    """Give the language that this command speaks."""
    context = click.get_current_context(silent=True)
    meta = context.meta if context else {}
    if SPOKEN not in meta:
        meta[SPOKEN] = language_of_terminal(os.environ) or _language_of_community()
    return str(meta[SPOKEN])


def speak(language: str) -> None:
    """Let this command speak a language; an empty one changes nothing."""
    if language:
        click.get_current_context().meta[SPOKEN] = language


def _language_of_community() -> str:
    try:
        return Settings.from_environ(os.environ).community.language
    except ServiceProblem:
        return SOURCE
