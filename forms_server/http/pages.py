"""The pages the service makes, each put into the portal's own look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from flask import Response
from jinja2 import Environment
from markupsafe import Markup

from bacheca.forms import Form, Problem, render_answers, render_check, render_form
from bacheca.forms.definition.places import Vacancy
from bacheca.forms.definition.privacy import DAYS_TO_CONFIRM, Period, last_day_to_confirm
from bacheca.forms.html.markdown import static_html
from bacheca.forms.jinja import make_environment
from bacheca.forms.locales import locale_of
from forms_server.http.page_shell import Shell
from forms_server.messages import CATALOGUE, OBSTACLES, say
from forms_server.store import StandingConsent, StoredResponse

TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def environment(language: str) -> Environment:
    """Make the template environment of a language; everything is escaped."""
    made = make_environment(TEMPLATES, language, CATALOGUE.of(language))
    made.filters["markdown"] = lambda text: Markup(static_html(text))  # noqa: S704  # HTML in it was escaped
    made.globals["days_to_confirm"] = DAYS_TO_CONFIRM
    made.filters["hour"] = lambda moment, zone: moment_said(moment, language, zone)
    return made


def moment_said(moment: datetime, language: str, zone: tzinfo) -> str:
    """Say a day and an hour, as the clocks of a zone show them."""
    here, locale = moment.astimezone(zone), locale_of(language)
    return (
        f"{format_date(here.date(), format='full', locale=locale)}, {format_time(here, format='short', locale=locale)}"
    )


@dataclass(frozen=True)
class Standing:
    """Where a sign-up to a form with places stands.

    Args:
        held_until: until when it holds a place, or one in the queue; None where nobody counts.
        queued: whether it stands in the queue.
        lapsed: whether the time is over for which anything was held.
    """

    held_until: datetime | None = None
    queued: bool = False
    lapsed: bool = False


class Pages:
    """Makes whole pages.

    Args:
        shell: the portal's page around the service's content.
    """

    def __init__(self, shell: Shell):
        self.shell = shell

    def form(
        self,
        form: Form,
        language: str,
        *,
        posted: Mapping[str, Sequence[str]] | None = None,
        problems: Sequence[Problem] = (),
        status: int = 200,
        early: bool = False,
        closed: bool = False,
        vacancy: Vacancy | None = None,
        seed: int | None = None,
        stamp: str = "",
    ) -> Response:
        """Show a form, with what was answered so far and what is wrong with it.

        `vacancy` is what is left of its places; `seed` orders its shuffled options; `stamp` signs when it was made.
        """
        content = render_form(
            form,
            language,
            action=address(form.name),
            mail_to=self.shell.portal.email,
            posted=posted,
            problems=problems,
            early=early,
            opens_calendar=f"{address(form.name)}/opens.ics?lang={language}",
            closed=closed,
            full=vacancy is not None and vacancy.fills(form.fields),
            vacancy=vacancy,
            seed=seed,
            stamp=stamp,
        )
        title = form.wording(language).title
        if problems:
            title = say("Error: {title}", language, title=title)
        return self._page(
            "form_page.html",
            language,
            title,
            status=status,
            alternates={other: f"{address(form.name)}?lang={other}" for other in form.languages},
            form=form,
            words=form.wording(language),
            content=Markup(content),  # noqa: S704  # rendered by Jinja with everything escaped
            home_page=self.shell.portal.form_page(form.name, language),
            **self._event(form, language),
        )

    def check(
        self, form: Form, language: str, *, posted: Mapping[str, Sequence[str]], cells: Mapping[str, str], key: str
    ) -> Response:
        """Ask for a last look at the answers; only what this page posts is kept."""
        content = render_check(form, language, action=address(form.name), posted=posted, cells=cells, key=key)
        title = say("Check your answers", language) + f" – {form.wording(language).title}"
        return self._page(
            "check_page.html",
            language,
            title,
            words=form.wording(language),
            content=Markup(content),  # noqa: S704  # rendered by Jinja with everything escaped
        )

    def receipt(
        self,
        form: Form,
        language: str,
        stored: StoredResponse,
        *,
        reference: str,
        here: str,
        open_: bool,
        gone: bool,
        origin: str,
        standing: Standing | None = None,
        letters: bool | None = None,
    ) -> Response:
        """Show what is kept of a response, contact data masked, and what can be done with it.

        Args:
            form: the form as it was answered.
            language: the language of the page.
            stored: the response.
            reference: the code to quote.
            here: the address of the receipt.
            open_: whether it can still be corrected.
            gone: whether the form is there no more.
            origin: where the service was reached, for the whole address of the receipt.
            standing: where a sign-up stands among the places.
            letters: whether its owner wants no letters to all; None where none come anyway.
        """
        receipt = say("Receipt", language)
        return self._page(
            "receipt.html",
            language,
            f"{receipt} {reference} – {form.wording(language).title}",
            alternates=_alternates(form, here),
            form=form,
            words=form.wording(language),
            reference=reference,
            here=here,
            whole=f"{origin}{here}",
            open=open_,
            gone=gone,
            answers=Markup(  # noqa: S704  # escaped by Jinja
                render_answers(_readable(form, stored), language, stored.answers, masked=True)
            ),
            sealed=stored.sealed is not None,
            email=self.shell.portal.email,
            keep_until=stored.keep_until,
            address=_masked_address(form, stored, language),
            until=last_day_to_confirm(stored.pending_since) if stored.pending_since else None,
            onward=self.shell.portal.onward.get(form.name, {}).get(language),
            **self._event(form, language),
            state=stored.state,
            standing=standing or Standing(),
            letters=letters,
        )

    def correction(
        self,
        form: Form,
        language: str,
        receipt: str,
        *,
        posted: Mapping[str, Sequence[str]],
        problems: Sequence[Problem] = (),
        status: int = 200,
        sealed: bool = False,
        vacancy: Vacancy | None = None,
    ) -> Response:
        """Show a form with the answers that are kept, to be corrected; nothing of them is masked here.

        Args:
            form: the form to correct them on.
            language: the language of the page.
            receipt: the address of the receipt.
            posted: the answers, as a browser would post them.
            problems: what is wrong with them.
            status: the HTTP status.
            sealed: whether some are sealed, and have to be written once more.
            vacancy: what is left of the places that it does not have itself.
        """
        here = f"{receipt}/correct"
        withdraw = f"{receipt}/withdraw?lang={language}"
        check = f"{address(form.name)}/step"
        content = render_form(
            form,
            language,
            action=here,
            posted=posted,
            problems=problems,
            withdraw=withdraw,
            check=check,
            vacancy=vacancy,
        )
        title = f"{say('Correct your answers', language)} – {form.wording(language).title}"
        if problems:
            title = say("Error: {title}", language, title=title)
        return self._page(
            "correction.html",
            language,
            title,
            status=status,
            alternates=_alternates(form, here),
            words=form.wording(language),
            content=Markup(content),  # noqa: S704  # rendered by Jinja with everything escaped
            receipt=receipt,
            confirms=bool(form.address_field),
            sealed=sealed,
        )

    def withdraw(self, form: Form, language: str, receipt: str) -> Response:
        """Ask whether what is kept shall be erased."""
        here = f"{receipt}/withdraw"
        return self._page(
            "withdraw.html",
            language,
            f"{say('Withdraw', language)} – {form.wording(language).title}",
            alternates=_alternates(form, here),
            form=form,
            words=form.wording(language),
            here=here,
            receipt=receipt,
        )

    def consent(self, form: Form, language: str, receipt: str, given: StandingConsent) -> Response:
        """Ask whether a consent shall be taken back."""
        here = f"{receipt}/consents/{given.field}"
        return self._page(
            "consent.html",
            language,
            f"{say('Take back a consent', language)} – {form.wording(language).title}",
            alternates=_alternates(form, here),
            words=form.wording(language),
            here=here,
            receipt=receipt,
            notice=given.text,
            consent_language=given.language,
        )

    def consent_taken_back(self, form: Form, language: str, receipt: str) -> Response:
        """Say that a consent is taken back."""
        title = f"{say('The consent is taken back', language)} – {form.wording(language).title}"
        words = form.wording(language)
        return self._page("consent_back.html", language, title, words=words, receipt=receipt)

    def letters(self, form: Form, language: str, receipt: str, *, declined: bool) -> Response:
        """Ask whether letters to all shall come no more, or say that they do not, with the way back."""
        here = f"{receipt}/letters"
        return self._page(
            "letters.html",
            language,
            f"{say('No more letters to all', language)} – {form.wording(language).title}",
            alternates=_alternates(form, here),
            words=form.wording(language),
            here=here,
            receipt=receipt,
            declined=declined,
        )

    def withdrawn(self, language: str) -> Response:
        """Say that what was kept is erased."""
        return self._page("withdrawn.html", language, say("Withdrawn", language))

    def receipt_confirmed(self, form: Form, language: str, *, reference: str, status: int) -> Response:
        """Say that a response was confirmed, and that its receipt opens it no more: the mailed link does."""
        title = say("Confirmed", language)
        return self._page(
            "receipt_confirmed.html",
            language,
            f"{title} – {form.wording(language).title}",
            status=status,
            words=form.wording(language),
            reference=reference,
        )

    def readdressed(self, form: Form, language: str) -> Response:
        """Say that a corrected address has to be confirmed from there."""
        title = say("Confirm from the new address", language)
        return self._page("readdressed.html", language, title, words=form.wording(language))

    def confirm(
        self,
        form: Form,
        language: str,
        stored: StoredResponse,
        *,
        here: str,
        seen: str,
        consents: Sequence[StandingConsent] = (),
        changed: bool = False,
        standing: Standing | None = None,
    ) -> Response:
        """Ask to confirm a sign-up or to take an offered place, which only the button does, showing all of it.

        Args:
            form: the form as it was answered.
            language: the language of the page.
            stored: the response.
            here: the address of the link.
            seen: what the button says of the answers that are shown.
            consents: the agreements that are confirmed.
            changed: whether the answers are others than those that were shown before.
            standing: where it stands among the places.
        """
        return self._page(
            "confirm.html",
            language,
            f"{say('Confirm', language)} – {form.wording(language).title}",
            state=stored.state,
            standing=standing or Standing(),
            alternates=_alternates(form, here),
            form=form,
            words=form.wording(language),
            here=here,
            address=_masked_address(form, stored, language),
            answers=Markup(  # noqa: S704  # escaped by Jinja
                render_answers(_readable(form, stored), language, stored.answers, masked=False)
            ),
            sealed=stored.sealed is not None,
            seen=seen,
            consents=consents,
            changed=changed,
            **self._event(form, language),
        )

    def confirm_closed(self, form: Form, language: str, stored: StoredResponse, *, receipt: str) -> Response:
        """Say that the form of a sign-up that waits is there no more, and what becomes of what was sent.

        Args:
            form: the form as it was answered.
            language: the language of the page.
            stored: the response, which waits to be confirmed.
            receipt: the address of the receipt that its mail leads to.
        """
        return self._page(
            "confirm_closed.html",
            language,
            f"{say('This form is no longer open', language)} – {form.wording(language).title}",
            status=410,
            words=form.wording(language),
            receipt=receipt,
            until=last_day_to_confirm(stored.pending_since) if stored.pending_since else None,
        )

    def confirmed_before(self, form: Form, language: str, *, waits: bool = False) -> Response:
        """Say that an address is a member already, or waits for a place."""
        title = say("You are in the waiting list", language) if waits else say("You are already in the list", language)
        return self._page("confirmed_before.html", language, title, words=form.wording(language), waits=waits)

    def obstacle(
        self, code: str, language: str, *, form: Form | None = None, again: Mapping[str, Any] | None = None
    ) -> Response:
        """Say why a request is not served and what to do next.

        Args:
            code: a key of `sentences.OBSTACLES`.
            language: the language of the page.
            form: the form it was about, to open it again.
            again: `action` and `posted` of a button that sends the same once more.
        """
        obstacle = OBSTACLES[code]
        remedy = remedy_of(code, language, form)
        return self._page(
            "obstacle.html",
            language,
            say(obstacle.title, language),
            status=obstacle.status,
            title=say(obstacle.title, language),
            remedy=remedy,
            again=again,
            form_page=self.shell.portal.form_page(form.name, language) or address(form.name) if form else "",
        )

    def _event(self, form: Form, language: str) -> dict[str, Any]:
        """Give the event that people sign up for with a form, and where its calendar file is."""
        calendar = f"{address(form.name)}/event.ics?lang={language}"
        return {"event": self.shell.portal.event(form.name, language), "calendar": calendar}

    def _page(
        self,
        template: str,
        language: str,
        heading: str,
        *,
        status: int = 200,
        alternates: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Response:
        home = self.shell.portal.home(language)
        content = environment(language).get_template(template).render(home=home, language=language, **values)
        page = self.shell.page(language, title=heading, content=Markup(content), alternates=alternates or {})  # noqa: S704
        return Response(page, status, mimetype="text/html")


def remedy_of(code: str, language: str, form: Form | None) -> str:
    """Say what to do next where something stands in the way of a request; `form` is what it was about."""
    day = format_date(form.opens, format="long", locale=locale_of(language)) if form and form.opens else ""
    period = Period(DAYS_TO_CONFIRM, "day").words(language)
    return say(OBSTACLES[code].remedy, language, day=day, period=period)


def _alternates(form: Form, here: str) -> dict[str, str]:
    return {language: f"{here}?lang={language}" for language in form.languages}


def _readable(form: Form, stored: StoredResponse) -> Form:
    """Give a form without the questions whose answers are sealed in a response."""
    return form.without(form.sealed_beside(stored.answers)) if stored.sealed else form


def _masked_address(form: Form, stored: StoredResponse, language: str) -> str:
    """Give the address a sign-up is confirmed from, masked; empty where there is none."""
    name = form.address_field
    shown = form.field(name).show(stored.answers, language) if name else ""
    return form.field(name).mask(shown) if shown else ""


def address(name: str) -> str:
    """Give the address of a form."""
    return f"/forms/{name}"
