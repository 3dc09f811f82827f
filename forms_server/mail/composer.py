"""What each mail of the outbox says, in the language of whoever gets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from jinja2 import Environment
from markupsafe import Markup

from bacheca.forms import Form
from bacheca.forms.calendars.entries import entry_of
from bacheca.forms.calendars.files import calendar_file
from bacheca.forms.definition.allotment import Places, places_of
from bacheca.forms.definition.own_words import filled_in
from bacheca.forms.definition.privacy import DAYS_TO_CONFIRM, last_day_to_confirm
from bacheca.forms.html.markdown import mailed_html
from bacheca.forms.html.plain_text import mailed_text
from bacheca.forms.jinja import bare_environment, speak
from bacheca.forms.local_time import local_day
from bacheca.forms.locales import locale_of
from bacheca.forms.published import Event, event_of
from bacheca.forms.text import digest
from forms_server.crypto.links import mailed_token
from forms_server.crypto.tokens import Secret
from forms_server.errors import MailDelayed, MailRefused
from forms_server.form_registry import form_of_version
from forms_server.http.page_shell import Shell
from forms_server.http.pages import TEMPLATES, address, moment_said
from forms_server.messages import CATALOGUE, SUBJECTS, WARNINGS, say
from forms_server.settings import Settings
from forms_server.store import OutboxMail, Store, WaitingMail

BLANKS = re.compile(r"\n{3,}")
PARTS = {"plain": "mail/parts.txt", "html": "mail/parts.html", "page": "mail/parts.page.html"}
"""What letters are put together of: as text, as HTML, and within a page of the desk."""

USUAL_COLOURS: Mapping[str, Mapping[str, str]] = {
    "light": {
        "paper": "#fbf8f2",
        "card": "#fffdf9",
        "ink": "#22252b",
        "soft": "#565b64",
        "line": "#e3dbcd",
        "accent": "#a43c17",
        "on-accent": "#ffffff",
    },
    "dark": {
        "paper": "#17181b",
        "card": "#1f2125",
        "ink": "#ece7dd",
        "soft": "#b1ada4",
        "line": "#34363c",
        "accent": "#f0966c",
        "on-accent": "#17181b",
    },
}
"""The colours of letters of a portal that has none of its own, by theme."""

UNFOLDED = SMTP.clone(max_line_length=998)
"""Headers as long as RFC 5322 allows: the address in `List-Unsubscribe` would not survive being folded."""


@cache
def environment(language: str, kind: str) -> Environment:
    """Make the template environment of a language, for letters as HTML (escaped) or as plain text."""
    made = bare_environment(Path(TEMPLATES), escaped=kind != "plain", whole_ends=True)
    made.add_extension("jinja2.ext.i18n")
    # In what is no plain text, whatever is HTML in the Markdown was escaped.
    made.filters["markdown"] = mailed_text if kind == "plain" else (lambda text: Markup(mailed_html(text)))  # noqa: S704
    speak(made, language, CATALOGUE.of(language))
    made.globals["days_to_confirm"] = DAYS_TO_CONFIRM
    return made


@dataclass(frozen=True)
class Letter:
    """What a kind of mail needs.

    Args:
        values: the values of its template.
        withdraw: for respondents, the link that ends it.
        one_click: where one click of a mail program ends letters of its kind (RFC 8058); empty for none.
        subject: its subject, where that is not the one of all of its kind.
        event: the event that it is about, which goes with it as a calendar file.
    """

    values: Mapping[str, Any]
    withdraw: str = ""
    one_click: str = ""
    subject: str = ""
    event: Event | None = None


@dataclass(frozen=True)
class Written:
    """A letter before it is put together: from which address, about what, and what its template is given."""

    sender: str
    subject: str
    letter: Letter
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Preview:
    """A letter as it will be read: within a page, and as plain text."""

    sender: str
    subject: str
    page: Markup
    text: str


@dataclass(frozen=True)
class Composer:
    """Writes letters.

    Args:
        settings: the sender, and where links lead.
        secret: makes the tokens of the links again.
        shell: knows the community's name and address.
        store: knows the forms, as they were answered.
    """

    settings: Settings
    secret: Secret
    shell: Shell
    store: Store

    def compose(self, mail: WaitingMail) -> EmailMessage:
        """Write a letter.

        Raises:
            MailDelayed: nobody has said from which address letters come.
            MailRefused: it is for a consent that its form has no more.
        """
        written = self._write(mail)
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(self.shell.portal.name, addr_spec=written.sender)
        if self.shell.portal.email not in {"", written.sender}:  # who answers means the people, not what sends for them
            message["Reply-To"] = Address(self.shell.portal.name, addr_spec=self.shell.portal.email)
        message["To"] = Address(addr_spec=mail.recipient or self.shell.portal.email or written.sender)
        message["Subject"] = written.subject
        message["Date"] = format_datetime(mail.created_at)
        message["Message-ID"] = f"<{mail.id}@{written.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        if written.letter.one_click:
            message["List-Unsubscribe"] = f"<{written.letter.one_click}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        message.set_content(_render(mail, "plain", written.said), cte="quoted-printable")
        message.add_alternative(_render(mail, "html", written.said), subtype="html", cte="quoted-printable")
        for part in (message, *message.iter_parts()):
            part["Content-Language"] = mail.language
        if written.letter.event:
            file = self._calendar(written.letter.event, mail).decode()
            message.add_attachment(file, subtype="calendar", filename="event.ics", cte="base64")
        message.policy = UNFOLDED
        return message

    def preview(self, mail: OutboxMail) -> Preview:
        """Show a letter as it will be read.

        Raises:
            MailDelayed: nobody has said from which address letters come.
            MailRefused: it is for a consent that its form has no more.
        """
        waiting = WaitingMail(mail.id, None, mail.kind, mail.recipient, mail.language, mail.payload, 1, mail.created_at)
        written = self._write(waiting)
        sender = str(Address(self.shell.portal.name, addr_spec=written.sender))
        page = Markup(_render(waiting, "page", written.said))  # noqa: S704  # escaped by Jinja
        return Preview(sender, written.subject, page, _render(waiting, "plain", written.said))

    def _write(self, mail: WaitingMail) -> Written:
        portal = self.shell.portal
        sender = self.settings.mail_from or portal.email
        if not sender:
            raise MailDelayed("no-sender", lasting=True)
        letter = KINDS[mail.kind](self, mail)
        values = {**letter.values, "community": portal.name or sender, "email": portal.email or sender}
        own = filled_in(letter.subject, values)
        subject = " ".join((own or say(SUBJECTS[mail.kind], mail.language, **values)).split())
        said = {
            **values,
            "withdraw": letter.withdraw,
            "language": mail.language,
            "subject": subject,
            "colours": {**USUAL_COLOURS, **portal.colours},
        }
        return Written(sender, subject, letter, said)

    def _calendar(self, event: Event, mail: WaitingMail) -> bytes:
        maker = self.shell.portal.name
        return calendar_file(
            [entry_of(event)], maker=maker, language=mail.language, name=event.title, made_at=mail.created_at
        )

    def form(self, name: str) -> Form:
        """Give a form as it was last served."""
        return form_of_version(self.store.versions(name)[-1])

    def link(self, mail: WaitingMail, purpose: str) -> str:
        """Give the whole address of a link, made for the response that the mail belongs to."""
        form = mail.form or ""
        with self.store.snapshot() as snapshot:
            stored = (form, mail.response_id or "", mail.address_hash or "")
            token = mailed_token(self.secret, snapshot, purpose, stored)
        base = self.settings.public_url or str(mail.payload.get("origin", ""))
        return f"{base}{address(form)}/{purpose}/{token}?lang={mail.language}"


UNCONFIRMED = ("confirm", "known")
"""Letters of sign-ups that nobody has confirmed: to end them loses nobody their place."""


def _to_respondent(composer: Composer, mail: WaitingMail) -> Letter:
    form = composer.form(mail.form or "")
    words = form.wording(mail.language)
    receipt = composer.link(mail, "receipt")
    until = last_day_to_confirm(mail.pending_since or local_day(mail.created_at, composer.settings.community.zone))
    portal = composer.shell.portal
    event = portal.event(form.name, mail.language)
    values = {
        "title": words.title,
        "words": words,
        "event": event,
        "about": event.title if event else words.title,
        "when": event.when if event else "",
        "where": event.where if event else "",
        "onward": portal.onward.get(form.name, {}).get(mail.language),
        "confirm": composer.link(mail, "confirm"),
        "receipt": receipt,
        "reference": composer.secret.reference(mail.token_hash or ""),
        "until": format_date(until, format="long", locale=locale_of(mail.language)),
        "community": portal.name,
        "held": moment_said(mail.held_until, mail.language, form.zone) if mail.held_until else "",
        "queued": composer.store.waiting_list.is_in(mail.response_id or ""),
    }
    withdraw = receipt.replace("?", "/withdraw?")
    return Letter(
        {**values, "own_text": filled_in(words.mail_text, values)},
        withdraw,
        withdraw if mail.kind in UNCONFIRMED else "",
        words.mail_subject if mail.kind == "confirm" else "",
        event,
    )


def _reminder(composer: Composer, mail: WaitingMail) -> Letter:
    """Write of the event as it was when the reminder was due: the page of it may be gone or changed since."""
    letter = _to_respondent(composer, mail)
    event = event_of(dict(mail.payload["event"]))  # type: ignore[call-overload]
    return replace(letter, values={**letter.values, "event": event, "about": event.title}, event=event)


def _to_many(composer: Composer, mail: WaitingMail) -> Letter:
    """Write one of the letters to many; without a person, as a trial whose links lead to the form."""
    campaign = composer.store.campaigns.find(mail.campaign_id) if mail.campaign_id else None
    told = (campaign.subject, campaign.body, campaign.consent) if campaign else _of_trial(mail)
    subject, body, consent = told
    form = composer.form(mail.form or str(mail.payload["form"]))
    field = form.fields_by_name.get(consent)
    if consent and not (field and field.agrees):
        raise MailRefused("no-consent")  # they agreed to something else than the form asks for today
    # What the sign-up cannot do without is not taken back alone: such a letter is declined as those to all are.
    agreed = field if field and not field.required else None
    if mail.response_id:
        receipt = composer.link(mail, "receipt")
        leave = receipt.replace("?", f"/consents/{consent}?" if agreed else "/letters?")
    else:
        base = composer.settings.public_url or str(mail.payload["origin"])
        receipt = leave = f"{base}{address(form.name)}?lang={mail.language}"
    event = composer.shell.portal.event(form.name, mail.language)
    title = form.wording(mail.language).title
    values = {
        "title": title,
        "about": event.title if event else title,
        "when": event.when if event else "",
        "where": event.where if event else "",
        "receipt": receipt,
        "community": composer.shell.portal.name,
        "agreed": agreed.words[mail.language].title if agreed and mail.language in agreed.words else "",
    }
    one_click = leave if mail.response_id else ""
    return Letter({**values, "own_text": filled_in(body, values), "leave": leave}, "", one_click, subject)


def _of_trial(mail: WaitingMail) -> tuple[str, str, str]:
    subject, text, consent = (str(mail.payload[name]) for name in ("subject", "text", "consent"))
    return subject, text, consent


def _waiting(composer: Composer, mail: WaitingMail) -> Letter:
    letter, form = _to_respondent(composer, mail), composer.form(mail.form or "")
    places = places_of(form, lambda: mail.created_at) or Places((), lambda: mail.created_at)
    position = composer.store.waiting_list.ledger(form.name, places).position(mail.response_id or "")
    return replace(letter, values={**letter.values, "before": max(0, position - 1)})


def _lost(composer: Composer, mail: WaitingMail) -> Letter:
    form = composer.form(str(mail.payload["form"]))
    return Letter({"title": form.wording(mail.language).title, "reason": mail.payload["reason"]})


def _notice(composer: Composer, mail: WaitingMail) -> Letter:
    form = composer.form(str(mail.payload["form"]))
    came = mail.created_at.astimezone(composer.settings.community.zone)
    with composer.store.snapshot() as snapshot:
        count = snapshot.received(form.name)
    return Letter(
        {
            "title": form.wording(mail.language).title,
            "day": format_date(came.date(), format="long", locale=locale_of(mail.language)),
            "time": format_time(came.time(), format="short", locale=locale_of(mail.language)),
            "count": count,
        }
    )


def _digest(composer: Composer, mail: WaitingMail) -> Letter:
    form = composer.form(str(mail.payload["form"]))
    day = format_date(date.fromisoformat(str(mail.payload["day"])), format="long", locale=locale_of(mail.language))
    return Letter({"title": form.wording(mail.language).title, "day": day, "count": mail.payload["count"]})


def _warning(composer: Composer, mail: WaitingMail) -> Letter:
    said = mail.payload["warnings"]
    warnings = said if isinstance(said, Mapping) else {}
    return Letter({"warnings": [say(WARNINGS[code], mail.language, count=n) for code, n in warnings.items()]})


def _to_desk(composer: Composer, mail: WaitingMail) -> Letter:
    """Write to somebody who was invited to the desk, or who signs in with codes."""
    link_id = str(mail.payload["link"])
    tokens = [secret.desk_token(link_id) for secret in composer.secret.all]
    token = next((one for one in tokens if composer.store.accounts.knows_link(digest(one))), tokens[0])
    settings = composer.settings
    base = settings.desk_origin or settings.public_url or str(mail.payload["origin"])
    return Letter({"enter": f"{base}/desk/{mail.kind}/{token}?lang={mail.language}"})


def _of_access(composer: Composer, mail: WaitingMail) -> Letter:
    """Tell somebody that one more thing opens the desk for them."""
    settings = composer.settings
    base = settings.desk_origin or settings.public_url or str(mail.payload["origin"])
    return Letter({"access": f"{base}/desk/me/?lang={mail.language}", "provider": mail.payload.get("provider", "")})


KINDS: Mapping[str, Callable[[Composer, WaitingMail], Letter]] = {
    "confirm": _to_respondent,
    "known": _to_respondent,
    "remind": _reminder,
    "waiting": _waiting,
    "offered": _to_respondent,
    "noted": _to_respondent,
    "letter": _to_many,
    "lost": _lost,
    "notice": _notice,
    "digest": _digest,
    "warning": _warning,
    "invitation": _to_desk,
    "sign-in": _to_desk,
    "passkey": _of_access,
    "bound": _of_access,
}
"""The kinds of mail: each has a template of its name and a subject in `SUBJECTS`."""


def _render(mail: WaitingMail, kind: str, values: Mapping[str, Any]) -> str:
    made = environment(mail.language, kind)
    text = made.get_template(f"mail/{mail.kind}.jinja").render(parts=PARTS[kind], **values)
    return text if kind == "html" else BLANKS.sub("\n\n", text).strip("\n") + "\n"
