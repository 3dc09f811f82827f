"""What there is to say of the catalogues, for whoever translates them."""

from __future__ import annotations

import click

from bacheca.portal.catalogue_status import languages, status_of
from bacheca.portal.commands.base import language_here
from bacheca.portal.commands.options import SETTINGS
from bacheca.portal.messages import SAYINGS, say


@click.group("translations")
def translations() -> None:
    """Tell of the catalogues: what people read, in each language."""


@translations.command("status")
@click.argument("codes", nargs=-1, metavar="[LANG]...")
@click.option("--lang", default="", metavar="LANG", help="Speak this language.")
def status(codes: tuple[str, ...], lang: str) -> None:
    """Say of each catalogue of LANG, or of every language, how many sentences are done, in doubt, missing, stale."""
    lang = lang or language_here(SETTINGS)
    for code in codes or languages():
        found = list(status_of(code))
        for one in found:
            values = {"done": one.done, "total": one.total, "fuzzy": one.fuzzy, "missing": one.missing}
            click.echo(
                say(SAYINGS["catalogue"], lang, language=code, catalogue=f"{one.domain}.po", stale=one.stale, **values)
            )
        if not any(one.done for one in found):
            click.echo(say(SAYINGS["catalogue_none"], lang, language=code))


COMMANDS = (translations,)
