"""What is said of a person's data, as JSON and as a page: the evidence of consents, and a copy of all that is held."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from jinja2 import Environment
from markupsafe import Markup

from bacheca.forms.catalogues import marked as _
from bacheca.forms.jinja import make_environment
from bacheca.forms.locales import locale_of
from bacheca.forms.text import canonical_notice, digest
from forms_server.form_registry import ServedForms
from forms_server.http.page_shell import Shell
from forms_server.http.pages import TEMPLATES
from forms_server.messages import ABOUT, CATALOGUE, say
from forms_server.privacy.data_subjects import DataSubject, Held
from forms_server.store import Store
from forms_server.store.subject_access import AuditRecord, ConsentHeld, MailHeld

Told = dict[str, Any]

FILES: Mapping[str, str] = {
    "evidence": _("your-consents"),
    "export": _("your-data"),
    "erase": _("proof-of-erasure"),
}
"""What files are called that are sent to somebody, in letters that every file system takes."""


SEALED = _(
    "In sealed answers the address may still stand: only a key opens them, and nobody can search them without it:"
    " {forms}."
)
"""What is said of what nobody could look through, in a proof of erasure."""


def evidence_of(person: DataSubject, forms: ServedForms, content: Path, now: datetime) -> Told:
    """Tell every consent of a person: to which exact text, when, how, whether confirmed and withdrawn.

    Args:
        person: what is held.
        forms: the forms as they are now.
        content: the folder of the form files.
        now: the time, with its zone.

    Returns:
        JSON types; each notice with its hash, text, and the file of the content in which it still stands, or None.
    """
    responses = [
        _about(held) | {"consents": [_consent(held, consent, forms, content) for consent in held.holding.consents]}
        for held in person.held
    ]
    return {"address": person.address, "produced_at": _moment(now), "responses": responses}


def copy_of(person: DataSubject, forms: ServedForms, content: Path, now: datetime) -> Told:
    """Tell all that is held of a person: the evidence of consents, and answers, corrections and mail with it."""
    told = evidence_of(person, forms, content, now)
    for response, held in zip(told["responses"], person.held, strict=True):
        response["answers"] = list(_answers(held))
        response["sealed"] = not held.is_open
        response["corrections"] = [
            {"number": done.number, "version": done.version, "corrected_on": done.corrected_on.isoformat()}
            for done in held.holding.corrections
        ]
        response["mail"] = [_mail(mail) for mail in held.holding.mails]
    told["mail"] = [_mail(letter.mail) for letter in person.letters]
    told["mentions"] = [{"form": mention.form, "field": mention.field} for mention in person.mentions]
    return told


def as_json(told: Told) -> str:
    """Write it as JSON that people can read, too."""
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_page(told: Told, language: str, community: str, zone: ZoneInfo) -> str:
    """Write it as a page that needs nothing else, to be read, printed or sent.

    Args:
        told: what `evidence_of` or `copy_of` tells.
        language: the language of the page.
        community: the community's name.
    """
    is_copy = "mentions" in told
    title = say("What we hold of you", language) if is_copy else say("Evidence of consents", language)
    content = (
        _environment(language, zone)
        .get_template("person.html")
        .render(told=told, title=title, is_copy=is_copy, community=community, about=said_of_mail(language))
    )
    return Shell(None).page(language, title=title, content=Markup(content), alternates={})  # noqa: S704  # escaped by Jinja


def file_name(what: str, language: str, references: Sequence[str], today: date) -> str:
    """Name a file that is sent to somebody, in their language and without its ending.

    Args:
        what: a key of `FILES`.
        language: their language.
        references: those of their responses; the one there is stands in the name.
        today: stands in the name where there are several, or none.
    """
    return f"{say(FILES[what], language)}-{references[0] if len(references) == 1 else today.isoformat()}"


def said_of_mail(language: str) -> Mapping[str, str]:
    """Say what each kind of mail does."""
    return {kind: say(sentence, language) for kind, sentence in ABOUT.items()}


@dataclass(frozen=True)
class Proof:
    """What is sent to somebody who was erased, or kept beside their request: it does not say who they are."""

    title: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The same as plain text."""
        return "\n\n".join((self.title, *self.lines)) + "\n"


def still_sealed(record: AuditRecord, store: Store, zone: ZoneInfo) -> list[str]:
    """Name the forms with answers that were sealed when somebody was erased, and still are."""
    return store.subject_access.sealed_forms(until=record.done_at.astimezone(zone).date())


def proof_of(
    record: AuditRecord,
    sealed: Sequence[str],
    titles: Mapping[str, str],
    language: str,
    *,
    community: str,
    zone: ZoneInfo,
) -> Proof:
    """Tell that somebody was erased: when, from which forms, what may be left, and where the audit has it.

    Args:
        record: what the audit says.
        sealed: the forms in which something of that day is still sealed (`still_sealed`).
        titles: what the forms are called.
        language: the language of the proof.
        community: the community's name; empty where none is known.
        zone: where the community is.
    """
    erased = "; ".join(f"{titles.get(form, form)}: {count}" for form, count in record.counts.items())
    done_at = record.done_at.astimezone(zone)
    lines = (
        say(
            "On {moment} we erased the answers that were found under the e-mail address whose owner asked for it, and"
            " the mail to it.",
            language,
            moment=_to_the_minute(done_at, language),
        ),
        say(
            "Answers that were erased, with their consents, links, corrections and mail, by form: {erased}.",
            language,
            erased=erased or "0",
        ),
        say("What other people wrote in answers of their own stays, also where the address stands in it.", language),
        *([say(SEALED, language, forms="; ".join(titles.get(form, form) for form in sealed))] if sealed else ()),
        say(
            "Of the erasure we keep a line in our register: this reference, the day, the forms, and a keyed hash from"
            " which the address cannot be read. It goes after five years.",
            language,
        ),
        say("Should a backup of before be brought back, what was erased is erased again at once.", language),
        say("Reference: {reference}", language, reference=record.id),
    )
    return Proof(say("Proof of erasure", language), (*((community,) if community else ()), *lines))


def proof_as_page(proof: Proof, language: str) -> str:
    """Write a proof as a page that needs nothing else."""
    content = (
        make_environment(TEMPLATES, language, CATALOGUE.of(language)).get_template("proof.html").render(proof=proof)
    )
    return Shell(None).page(language, title=proof.title, content=Markup(content), alternates={})  # noqa: S704  # escaped by Jinja


@cache
def _environment(language: str, zone: ZoneInfo) -> Environment:
    made = make_environment(TEMPLATES, language, CATALOGUE.of(language))
    made.filters["moment"] = lambda text: _said(text, language, zone)
    locale = locale_of(language)
    made.filters["date"] = lambda text: format_date(datetime.fromisoformat(text), format="long", locale=locale)
    return made


def _mail(mail: MailHeld) -> Told:
    return {**vars(mail), "created_at": _moment(mail.created_at)}


def _about(held: Held) -> Told:
    stored, form = held.holding.stored, held.form
    return {
        "form": form.name,
        "title": form.wording(stored.language).title,
        "reference": held.reference,
        "state": stored.state,
        "received_on": stored.received_on.isoformat(),
        "form_version": stored.version,
        "language": stored.language,
        "channel": stored.channel,
        "confirmed_at": _moment(held.holding.confirmed_at),
        "attested": [{"done_at": _moment(one.done_at), "note": one.note} for one in held.holding.attestations],
        "keep_until": _day(stored.keep_until),
        "letters_declined_at": _moment(held.holding.letters_declined_at),
    }


def _consent(held: Held, consent: ConsentHeld, forms: ServedForms, content: Path) -> Told:
    field = held.form.fields_by_name.get(consent.field)
    stored = held.holding.stored
    return {
        "purpose": consent.field,
        "title": field.words[consent.language].title if field and consent.language in field.words else consent.field,
        "number": consent.number,
        "given_at": _moment(consent.given_at),
        "given_on": _day(consent.given_on),
        "method": stored.channel,
        "confirmed_at": _moment(consent.confirmed_at),
        "withdrawn_at": _moment(consent.withdrawn_at),
        "withdrawn_on": _day(consent.withdrawn_on),
        "notice": {
            "hash": f"sha256:{consent.notice_hash}",
            "language": consent.language,
            "form_version": stored.version,
            "text": consent.text,
            "file": _file_of(consent, stored.form, forms, content),
        },
    }


def _file_of(consent: ConsentHeld, name: str, forms: ServedForms, content: Path) -> str | None:
    """Find the file in which a notice stands today."""
    served = forms.get(name)
    if served is None:
        return None
    for language in served.form.languages:
        for field in served.form.fields:
            if digest(canonical_notice(field.words[language].notice)) == consent.notice_hash:
                own = language == served.form.language
                return (Path(content.name) / (f"{name}.yaml" if own else f"{name}.{language}.yaml")).as_posix()
    return None


def _answers(held: Held) -> Iterator[Mapping[str, object]]:
    language = held.form.spoken(held.holding.stored.language)
    for field in held.form.fields:
        names = [column.name for column in field.columns]
        if not any(name in held.cells for name in names):
            continue
        yield {
            "field": field.name,
            "question": field.words[language].title,
            "answer": field.show(held.cells, language) if field.was_shown(held.cells) else "",
            "values": {name: held.cells.get(name, "") for name in names},
        }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _to_the_minute(moment: datetime, language: str) -> str:
    locale = locale_of(language)
    return f"{format_date(moment, 'long', locale)}, {format_time(moment, 'short', locale=locale)}"


def _said(text: str, language: str, zone: ZoneInfo) -> str:
    moment = datetime.fromisoformat(text).astimezone(zone)
    return format_datetime(moment, format="long", locale=locale_of(language))
