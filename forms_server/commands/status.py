"""The commands that say how everything stands, and from when until when a form takes answers."""

from __future__ import annotations

from datetime import date, datetime

import click
from babel.numbers import format_decimal

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from bacheca.forms.locales import locale_of
from forms_server.accounts.invitations import TERMINAL
from forms_server.commands.base import no_form, opened, said_plainly
from forms_server.commands.speaking import speak, speaks, tell, word
from forms_server.messages import Saying, said
from forms_server.operations.health import signs_of
from forms_server.operations.schedule import Scheduler, tell_builds
from forms_server.publishing.month import Account, month_named
from forms_server.publishing.overview import CLOSED, EARLY, OPEN, FormStanding, standing_of


@click.command("status")
@said_plainly
def status() -> None:
    """Say how each form stands, what waits, and how the service does."""
    with opened() as work:
        store, retention = work.retention.store, work.retention
        for served in work.forms.values():
            _tell_of(standing_of(store, served.form, retention.now))
        for sign in signs_of(store, work.settings, retention.today, retention.now()):
            said = Saying(sign.sentence, **sign.values)
            tell(_("ok {sign}: {said}") if sign.well else _("LOOK {sign}: {said}"), sign=Saying(sign.called), said=said)


STATES = {EARLY: _("not open yet"), OPEN: _("open"), CLOSED: _("closed")}
"""Whether a form takes answers."""


def _tell_of(standing: FormStanding) -> None:
    kept = _("{count} kept") if standing.places is None else _("{count} kept of {places} places")
    parts = [
        word(kept, count=standing.kept or 0, places=standing.places),
        word(_("{count} to be confirmed"), count=standing.pending),
        word(_("{count} waiting"), count=standing.waiting),
        word(_("{count} in quarantine"), count=standing.doubted),
        *([word(_("the last on {day}"), day=standing.last)] if standing.last else []),
    ]
    tell(
        "{form}: {state}, {parts}",
        form=standing.form.name,
        state=Saying(STATES[standing.state]),
        parts=", ".join(parts),
    )


@click.command("schedule")
@click.argument("name")
@click.option("--close", is_flag=True, help="Take no more answers from now on.")
@click.option("--open", "open_", is_flag=True, help="Take answers from now on, without an end.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Take answers from now until the end of that day.")
@click.option("--as-in-file", is_flag=True, help="Go by what the form's file says again.")
@said_plainly
def schedule(name: str, close: bool, open_: bool, until: datetime | None, as_in_file: bool) -> None:
    """Show from when until when the form NAME takes answers; or close it now, open it again, prolong it.

    Its file stays as it is: what is set here holds instead, and the service goes by it within seconds.
    """
    if close + (open_ or until is not None) + as_in_file > 1:
        raise click.UsageError(word(_("Say one thing: --close, --open, --until or --as-in-file.")))
    with opened() as work:
        served = work.forms.filed.get(name)
        if served is None:
            raise no_form(name, work.forms.filed)
        store, scheduler = work.retention.store, Scheduler(work.retention.store, work.now, TERMINAL)
        if close:
            scheduler.close(served.form)
        elif as_in_file:
            scheduler.follow_file(served.form)
        elif open_ or until:
            scheduler.open(served.form, until.date() if until else None)
        if close or as_in_file or open_ or until:
            tell_builds(store, work.settings.data)
        work.forms.reschedule(store.schedules.all())
        _tell(_("{form}: its file says: {days}"), served.form)
        if name in work.forms.schedules:
            _tell(_("{form}: set instead: {days}"), work.forms[name].form)


def _tell(sentence: str, form: Form) -> None:
    moments = (form.opens, form.shut_at.astimezone(form.zone) if form.shut_at else form.closes)
    tell(sentence, form=form.name, days=" – ".join(_written(moment) for moment in moments))


def _written(moment: date | None) -> str:
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%d %H:%M}"
    return moment.isoformat() if moment and moment != date.max else "…"


@click.command("month")
@click.argument("month", required=False, default="", metavar="2026-11")
@click.option("--public", is_flag=True, help="Say no more than what everybody can see.")
@click.option("--lang", default="", help="Speak this language.")
@said_plainly
def month_(month: str, public: bool, lang: str) -> None:
    """Say how a month was, as the page for the board does; the last one that is over where none is named."""
    speak(lang)
    with opened() as work:
        settings, language = work.settings, speaks()
        chosen = month_named(month, work.retention.today)
        forms = list(work.known.all.values())
        zone = settings.community.zone
        account = Account(work.retention.store, forms, settings.data, zone, language, whole=not public)
        click.echo(chosen.called(language))
        for section in account.sections(chosen):
            click.echo(f"\n{section.title.said(language)}")
            for line in section.lines:
                number = format_decimal(line.count, locale=locale_of(language))
                click.echo(f"  {said(line.called, language)}: {number}")
            for note in section.empty_or_notes():
                click.echo(f"  ({note.said(language)})")


COMMANDS = (status, schedule, month_)
