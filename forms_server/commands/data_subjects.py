"""The commands that serve people who ask about their own data, and the record of it."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.place import LOCAL
from forms_server.clock import utc_now
from forms_server.commands.base import Opened, identity_option, opened, said_plainly
from forms_server.commands.packages import STRANGE, say_exported
from forms_server.commands.speaking import speaks, tell, word
from forms_server.crypto.sealing import read_keyring, recipients_for
from forms_server.crypto.tokens import open_secret
from forms_server.errors import PersonProblem
from forms_server.http.page_shell import Shell
from forms_server.messages import Saying
from forms_server.privacy.data_subjects import DataSubject, DataSubjects, address_of
from forms_server.privacy.erasure import Erased, erase_person
from forms_server.privacy.requests import KINDS, OUTCOMES, PersonRequests
from forms_server.privacy.subject_report import (
    Told,
    as_json,
    as_page,
    copy_of,
    evidence_of,
    proof_as_page,
    proof_of,
    still_sealed,
)
from forms_server.submission.correction import correct_on_request, form_to_correct, posted_of
from forms_server.submission.intake import Intake

MENTIONED = _("{path}: not ours, left as it is, and {address} stands in it: take it out there, or delete the file")

page_option = click.option(
    "--page", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file too, as a page to read."
)
lang_option = click.option("--lang", default="", help="The language of the page; the community's where none is said.")


@click.command("evidence")
@click.argument("address")
@page_option
@lang_option
@identity_option
@said_plainly
def evidence(address: str, page: Path | None, lang: str, identities: tuple[Path, ...]) -> None:
    """Print as JSON what ADDRESS agreed to: the exact text, when, how, confirmed, withdrawn."""
    with opened() as work:
        persons, person = _found(work, address, identities)
        told = evidence_of(person, work.forms, work.settings.content, utc_now())
        _tell(work, told, page, lang)
        persons.note("evidence", person)


@click.command("export-person")
@click.argument("address")
@page_option
@lang_option
@identity_option
@said_plainly
def export_person(address: str, page: Path | None, lang: str, identities: tuple[Path, ...]) -> None:
    """Print as JSON all that is held of ADDRESS, across all forms."""
    with opened() as work:
        persons, person = _found(work, address, identities)
        told = copy_of(person, work.forms, work.settings.content, utc_now())
        _tell(work, told, page, lang)
        persons.note("export", person)
    sealed = sum(not held.is_open for held in person.held)
    if sealed:
        tell(_("{count} responses stay sealed: give --identity to open them"), err=True, count=sealed)


@click.command("erase-person")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@identity_option
@said_plainly
def erase_person_of(address: str, yes: bool, identities: tuple[Path, ...]) -> None:
    """Erase all that is held of ADDRESS, across all forms, and write down that it was done.

    The packages that held it are written again, with the copies that were made of them. Leaves with 1 when one could
    not be, or when a file mentions ADDRESS that somebody else put into the data folder.
    """
    with opened() as work:
        persons, person = _found(work, address, identities)
        for form, count in person.counts.items():
            tell(_("{form}: {count} to erase"), form=form, count=count)
        if person.letters:
            tell(_("mail to the address: {count} to erase"), count=len(person.letters))
        _say_what_stays(person)
        if person.is_held and not yes:
            click.confirm(word(_("Erase them for good?")), abort=True)
        erased = erase_person(persons, person, work.retention.store, work.settings, utc_now())
        tell(_("{count} erased; audit record {record}"), count=len(person.held), record=erased.record.id)
        if not yes:
            _say_what_stays(person)
        gone = _say_what_is_left(erased, person.address)
    if any(held.holding.stored.channel == "mail" for held in person.held):
        tell(_("Some came by mail: the letters themselves are yours to delete."))
    if erased.busy:
        raise erased.busy
    if not gone:
        sys.exit(1)


@click.command("audit")
@click.argument("address", required=False)
@click.option("--proof", default="", help="Print the proof of the erasure with this reference, to be sent.")
@page_option
@lang_option
@said_plainly
def audit(address: str | None, proof: str, page: Path | None, lang: str) -> None:
    """List what was done for people who asked about their data, or for ADDRESS alone."""
    with opened() as work:
        if proof:
            _prove(work, proof, page, lang)
            return
        persons = DataSubjects(work.retention, open_secret(work.settings))
        subjects = persons.subjects(address_of(address)) if address else []
        for record in work.retention.store.subject_access.audits(*subjects):
            counts = ", ".join(f"{form} {count}" for form, count in record.counts.items()) or word(_("nothing held"))
            click.echo(f"{record.id} {record.done_at:%Y-%m-%d %H:%M} {record.action} {record.subject[:12]}: {counts}")


@click.command("correct")
@click.argument("address")
@click.argument("response")
@click.argument("answers", nargs=-1, required=True, metavar="FIELD=VALUE...")
@identity_option
@said_plainly
def correct(address: str, response: str, answers: tuple[str, ...], identities: tuple[Path, ...]) -> None:
    """Correct RESPONSE of ADDRESS on its owner's request: each FIELD becomes its VALUE, given again for several.

    RESPONSE is its reference, as the receipt and the copy of the data have it, or the beginning of its id.
    """
    with opened() as work:
        persons, person = _found(work, address, identities)
        found = [
            one
            for one in person.held
            if one.reference == response.upper() or one.holding.stored.response_id.startswith(response)
        ]
        if len(found) != 1:
            raise PersonProblem(
                Saying(_("This is no answer of theirs, or not one alone: {response}"), response=response)
            )
        (held,) = found
        form = form_to_correct(work.forms.get(held.form.name), held.form, held.holding.stored)
        changed: dict[str, list[str]] = {}
        for name, equals, value in (answer.partition("=") for answer in answers):
            if not equals:
                raise click.UsageError(word(_("Write each answer as FIELD=VALUE.")))
            changed.setdefault(name, []).append(value)
        recipients = recipients_for(work.settings.content, [form])
        intake = Intake(
            work.retention.store,
            open_secret(work.settings),
            work.retention.now,
            recipients=lambda: recipients,
            community=lambda: work.settings.community,
        )
        problems = correct_on_request(
            intake,
            work.retention,
            form,
            held,
            {**posted_of(form, held), **changed},
            language=form.spoken(held.holding.stored.language),
            origin=work.settings.public_url or LOCAL,
        )
        for problem in problems:
            click.echo(problem.sentence(speaks()), err=True)
        if problems:
            sys.exit(1)
        persons.answer("correct", person.address)
        tell(_("{response}: corrected"), response=held.reference)


@click.command("requests")
@click.argument("address", required=False)
@click.option("--kind", type=click.Choice([*KINDS]), help="Note that ADDRESS asked for this.")
@click.option("--received", type=click.DateTime(["%Y-%m-%d"]), help="The day it came; today where none is said.")
@click.option("--extend", metavar="REQUEST", help="Take two months more for it, once whoever asked was told why.")
@click.option("--close", metavar="REQUEST", help="Close one that was answered by hand, refused or taken back.")
@click.option("--outcome", type=click.Choice([*OUTCOMES]), default="done", show_default=True, help="What became of it.")
@said_plainly
def requests(  # noqa: PLR0917  an option each
    address: str | None, kind: str | None, received: datetime | None, extend: str, close: str, outcome: str
) -> None:
    """List what people asked for about their data, the nearest deadline first; or note what ADDRESS asked for.

    A copy, evidence, a correction and an erasure close what they answer.
    """
    if bool(address) != bool(kind):
        raise click.UsageError(word(_("Name the ADDRESS that asks together with the --kind of what it asks for.")))
    with opened() as work:
        made = PersonRequests(work.retention, open_secret(work.settings))
        if address and kind:
            request = made.note(address, kind, received.date() if received else work.retention.today)
            tell(_("{request}: to be answered by {day}"), request=request.request_id, day=request.due_on)
        if extend:
            tell(_("{request}: to be answered by {day}"), request=extend, day=made.extend(extend).due_on)
        if close:
            made.close(close, outcome)
        if not (address or extend or close):
            for request in work.retention.store.requests.open():
                click.echo(f"{request.due_on} {request.request_id} {request.kind} {made.address(request)}")


def _say_what_stays(person: DataSubject) -> None:
    """Name the answers of others that mention the address, and the forms in which nobody can know."""
    for mention in person.mentions:
        sentence = _("{form}: {response} mentions the address in {field}, and stays")
        tell(sentence, form=mention.form, response=mention.response_id, field=mention.field)
    for form in person.shut:
        tell(
            _("{form}: sealed answers that no key opened stay, and may mention the address: give --identity"), form=form
        )


def _say_what_is_left(erased: Erased, address: str) -> bool:
    """Say what became of the packages, and name what only people can look through; tell whether nothing is left."""
    written = say_exported(erased.exported)
    for path in erased.staying.unknown:
        tell(STRANGE, err=True, path=path)
    for path in erased.staying.naming:
        if path not in erased.staying.unknown:
            tell(MENTIONED, err=True, path=path, address=address)
    return written and erased.is_whole


def _found(work: Opened, address: str, identities: tuple[Path, ...]) -> tuple[DataSubjects, DataSubject]:
    persons = DataSubjects(work.retention, open_secret(work.settings), read_keyring(identities))
    return persons, persons.find(address)


def _prove(work: Opened, audit_id: str, page: Path | None, language: str) -> None:
    found = work.retention.store.subject_access
    record = found.audit(audit_id) or found.audit(audit_id.upper())
    if record is None or record.action != "erase":
        sentence = _("There is no erasure with the reference {reference}; `audit` lists what was done.")
        raise PersonProblem(Saying(sentence, reference=audit_id))
    usual = work.settings.community
    language = language or usual.language
    titles = {name: form.wording(language).title for name, form in work.known.all.items()}
    sealed = still_sealed(record, work.retention.store, usual.zone)
    told = proof_of(record, sealed, titles, language, community=Shell(work.settings.site).portal.name, zone=usual.zone)
    if page:
        _write(page, proof_as_page(told, language))
    click.echo(told.text, nl=False)


def _tell(work: Opened, told: Told, page: Path | None, language: str) -> None:
    if page:
        usual = work.settings.community
        text = as_page(told, language or usual.language, Shell(work.settings.site).portal.name, usual.zone)
        _write(page, text)
    click.echo(as_json(told), nl=False)


def _write(page: Path, text: str) -> None:
    with open(os.open(page, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


COMMANDS = (evidence, export_person, erase_person_of, audit, correct, requests)
