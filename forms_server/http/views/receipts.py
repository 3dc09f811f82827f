"""`/forms/NAME/receipt/TOKEN`: what a respondent gets back, to see, correct and withdraw what is kept.

Looking never changes anything: each change is a POST from a page that asks for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, redirect, request

from bacheca.forms import NOTHING, Form, Problem, read_submission
from bacheca.forms import Response as Answers
from bacheca.forms.definition.allotment import places_of
from bacheca.forms.definition.places import Vacancy
from forms_server.context import Service
from forms_server.crypto.links import find_receipt
from forms_server.errors import BodyProblem, StoreUnavailable
from forms_server.form_registry import ServedForm, form_of_version
from forms_server.http.body import read_body
from forms_server.http.pages import address
from forms_server.http.views.forms import (
    Posted,
    asked_language,
    language_of,
    no_place,
    origin_of_request,
    standing_of,
)
from forms_server.store import Corrected, StoredResponse
from forms_server.store.lifecycle import MEMBERS, State, tombstone_of
from forms_server.submission.correction import form_to_correct

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opened:
    """A receipt that was opened.

    Args:
        served: the form as it is served now; None where it is served no more.
        form: the form as it was answered.
        stored: the response as it is kept.
        language: the language of the page.
        here: the receipt's address.
        token: the secret part of it.
        token_hash: the hash by which the store knows it.
    """

    served: ServedForm | None
    form: Form
    stored: StoredResponse
    language: str
    here: str
    token: str
    token_hash: str

    @property
    def to_correct(self) -> Form:
        """The form on which the response is corrected: today's, while it goes into the same file."""
        return form_to_correct(self.served, self.form, self.stored)


def receipt_views(service: Service) -> Blueprint:
    """Make the views of the receipts."""
    views = Blueprint("receipts", __name__, url_prefix="/forms")

    def opened(name: str, token: str, then: Callable[[Opened], Response]) -> Response:
        """Open a receipt and go on; say what stands in the way where it cannot be opened."""
        served = service.forms.get(name)
        language = asked_language(service, served)
        try:
            with service.store.snapshot() as snapshot:
                stored, token_hash = find_receipt(service.secret, snapshot, name, token) or (None, "")
                version = next((v for v in snapshot.versions(name) if stored and v.version == stored.version), None)
            if stored is None or version is None or service.retention.is_over(stored):
                return service.pages.obstacle("no-receipt", language, form=served.form if served else None)
            form = form_of_version(version, service.settings.community)
            language, here = language_of(form, stored), f"{address(name)}/receipt/{token}"
            receipt = Opened(served, form, stored, language, here, token, token_hash)
            if stored.mailed_only and token_hash == stored.token_hash:
                return _show_confirmed(service, receipt)
            return then(receipt)
        except StoreUnavailable as error:
            log.error("a receipt could not be opened", extra={"code": error.code})
            return service.pages.obstacle("away", language)

    @views.get("/<name>/receipt/<token>")
    def see(name: str, token: str) -> Response:
        return opened(name, token, lambda receipt: _show(service, receipt))

    @views.get("/<name>/receipt/<token>/correct")
    def ask_to_correct(name: str, token: str) -> Response:
        return opened(name, token, lambda receipt: _show_correction(service, receipt))

    @views.post("/<name>/receipt/<token>/correct")
    def correct(name: str, token: str) -> Response:
        return opened(name, token, lambda receipt: _correct(service, receipt))

    @views.get("/<name>/receipt/<token>/withdraw")
    def ask_to_withdraw(name: str, token: str) -> Response:
        return opened(name, token, lambda receipt: service.pages.withdraw(receipt.form, receipt.language, receipt.here))

    @views.post("/<name>/receipt/<token>/withdraw")
    def withdraw(name: str, token: str) -> Response:
        # Where it was confirmed or went to another address since it was opened, it is opened once more.
        return opened(name, token, lambda receipt: _withdraw(service, receipt) or withdraw(name, token))

    @views.get("/<name>/receipt/<token>/consents/<field>")
    def ask_to_take_back(name: str, token: str, field: str) -> Response:
        return opened(name, token, lambda receipt: _take_back(service, receipt, field))

    @views.post("/<name>/receipt/<token>/consents/<field>")
    def take_back(name: str, token: str, field: str) -> Response:
        return opened(name, token, lambda receipt: _take_back(service, receipt, field))

    @views.get("/<name>/receipt/<token>/letters")
    def ask_to_decline(name: str, token: str) -> Response:
        return opened(name, token, lambda receipt: _letters(service, receipt))

    @views.post("/<name>/receipt/<token>/letters")
    def decline(name: str, token: str) -> Response:
        return opened(name, token, lambda receipt: _decline(service, receipt))

    @views.post("/<name>/receipt/<token>/letters/again")
    def accept(name: str, token: str) -> Response:
        return opened(name, token, lambda receipt: _accept(service, receipt))

    @views.get("/<name>/withdrawn")
    def withdrawn(name: str) -> Response:
        return service.pages.withdrawn(asked_language(service, service.forms.get(name)))

    return views


def _is_open(service: Service, receipt: Opened) -> bool:
    return receipt.served is not None and not receipt.served.form.is_closed(service.intake.now())


def _reference(service: Service, stored: StoredResponse) -> str:
    return service.secret.named(stored.form, stored.secret_id).reference(stored.token_hash)


def _show_confirmed(service: Service, receipt: Opened) -> Response:
    """Say that only the mailed link opens it now: whoever holds this receipt may have sent it for somebody else."""
    looks = request.method != "POST" and request.path == receipt.here
    return service.pages.receipt_confirmed(
        receipt.form, receipt.language, reference=_reference(service, receipt.stored), status=200 if looks else 403
    )


def _show(service: Service, receipt: Opened) -> Response:
    return service.pages.receipt(
        receipt.form,
        receipt.language,
        receipt.stored,
        reference=_reference(service, receipt.stored),
        here=receipt.here,
        open_=_is_open(service, receipt),
        gone=receipt.served is None,
        origin=service.settings.public_url or origin_of_request(),
        standing=standing_of(service, receipt.stored) if receipt.form.kind == "signup" else None,
        letters=_declines(service, receipt) if _is_written_to(receipt) else None,
    )


def _show_correction(service: Service, receipt: Opened) -> Response:
    if not _is_open(service, receipt):
        return service.pages.obstacle("closed-receipt", receipt.language)
    kept = receipt.stored.answers
    posted = {name: values for field in receipt.to_correct.fields for name, values in field.posted(kept).items()}
    return service.pages.correction(
        receipt.to_correct,
        receipt.to_correct.spoken(receipt.language),
        receipt.here,
        posted=posted,
        sealed=receipt.stored.sealed is not None,
        vacancy=_vacancy(service, receipt),
    )


def _vacancy(service: Service, receipt: Opened) -> Vacancy | None:
    """Give what is left of the places beside those that a response has, or waits for."""
    form, stored = receipt.to_correct, receipt.stored
    places = places_of(form, service.intake.now)
    if places is None:
        return None
    ledger = service.store.waiting_list.ledger(form.name, places, but=stored.response_id)
    waits = service.store.waiting_list.is_in(stored.response_id)
    own = {(quota.field, quota.code) for quota in places.wanted(stored.answers)}
    bands = {key: band for key, band in ledger.vacancy().bands.items() if key not in own}
    return Vacancy(bands, waits=waits or stored.state == State.QUARANTINED)


def _correct(service: Service, receipt: Opened) -> Response:
    if not _is_open(service, receipt):
        return service.pages.obstacle("closed-receipt", receipt.language)
    form = receipt.to_correct
    problems: tuple[Problem, ...] = ()
    try:
        posted = read_body(request.headers, request.stream)
    except BodyProblem as problem:
        if problem.status != 422:
            return service.pages.obstacle(problem.code, receipt.language)
        posted, problems = problem.posted, (Problem(problem.code),)
    language = next((code for code in posted.get("_lang", ()) if code in form.languages), form.spoken(receipt.language))
    if not problems:
        response, problems = read_submission(form, posted, language)
        problems = tuple(replace(one, code="nothing-left") if one.code == NOTHING else one for one in problems)
        version = "".join(posted.get("_version", ())) or form.version
        if receipt.served and version not in receipt.served.accepted | {form.version}:
            problems = (Problem("changed"), *problems)
    if problems:
        return service.pages.correction(
            form,
            language,
            receipt.here,
            posted=posted,
            problems=problems,
            status=422,
            vacancy=_vacancy(service, receipt),
        )
    response = replace(response, version=version)
    oldest = service.retention.oldest_pending
    outcome = service.intake.correct(
        form, receipt.stored, receipt.token, response, origin=origin_of_request(), oldest=oldest
    )
    if outcome is Corrected.ABSENT:
        return service.pages.obstacle("no-receipt", language, form=form)
    return _full(service, receipt, response, posted) if outcome is Corrected.FULL else _corrected(service, receipt)


def _full(service: Service, receipt: Opened, response: Answers, posted: Posted) -> Response:
    """Say of which choices no place is left, and that those before stay."""
    form, vacancy = receipt.to_correct, _vacancy(service, receipt)
    problems = no_place(form, response, vacancy) if vacancy else ()
    return service.pages.correction(
        form, response.language, receipt.here, posted=posted, problems=problems, status=409, vacancy=vacancy
    )


def _corrected(service: Service, receipt: Opened) -> Response:
    form = receipt.to_correct
    language = form.spoken(receipt.language)
    service.retention.tidy()
    with service.store.snapshot() as snapshot:
        if find_receipt(service.secret, snapshot, form.name, receipt.token) is None:
            # It was opened by the link that had been mailed to the address before: that one opens nothing any more.
            return service.pages.readdressed(form, language)
    return make_response(redirect(receipt.here, 303))


def _take_back(service: Service, receipt: Opened, field: str) -> Response:
    """Take back one consent where that is posted, or ask for the button; nothing else of the sign-up changes."""
    form, stored = receipt.form, receipt.stored
    known = form.fields_by_name.get(field)
    if known is None or not known.agrees or known.required:
        return service.pages.obstacle("no-receipt", receipt.language, form=form)
    with service.store.snapshot() as snapshot:
        given = next((one for one in snapshot.standing_consents(stored.response_id) if one.field == field), None)
    if given is None:
        return service.pages.consent_taken_back(form, receipt.language, receipt.here)
    if request.method != "POST":
        return service.pages.consent(form, receipt.language, receipt.here, given)
    if not service.intake.take_back(form, stored, receipt.token, field):
        return service.pages.obstacle("no-receipt", receipt.language, form=form)
    service.retention.tidy()
    return service.pages.consent_taken_back(form, receipt.language, receipt.here)


def _is_written_to(receipt: Opened) -> bool:
    """Tell whether letters to all who signed up come to whoever sent a response."""
    return bool(receipt.form.address_field) and receipt.stored.state in MEMBERS


def _is_one_click() -> bool:
    """Tell whether a mail program asks (RFC 8058): a page of ours says which it is, and a mail program has none."""
    return "Origin" not in request.headers


def _declines(service: Service, receipt: Opened) -> bool:
    return bool(service.store.campaigns.declined_among([receipt.stored.response_id]))


def _letters(service: Service, receipt: Opened) -> Response:
    if not _is_written_to(receipt):
        return service.pages.obstacle("no-receipt", receipt.language, form=receipt.form)
    declined = _declines(service, receipt)
    return service.pages.letters(receipt.form, receipt.language, receipt.here, declined=declined)


def _decline(service: Service, receipt: Opened) -> Response:
    """Write no letters to all to whoever signed up; the sign-up stays."""
    form, decline = receipt.form.name, service.store.changes.decline_letters
    # Of an answer that nobody writes to, no moment is kept.
    if not (_is_written_to(receipt) and decline(form, receipt.token_hash, service.intake.now())):
        return service.pages.obstacle("no-receipt", receipt.language, form=receipt.form)
    return service.pages.letters(receipt.form, receipt.language, receipt.here, declined=True)


def _accept(service: Service, receipt: Opened) -> Response:
    form, accept = receipt.form.name, service.store.changes.accept_letters
    if not (_is_written_to(receipt) and accept(form, receipt.token_hash)):
        return service.pages.obstacle("no-receipt", receipt.language, form=receipt.form)
    return make_response(redirect(f"{receipt.here}?lang={receipt.language}", 303))


def _withdraw(service: Service, receipt: Opened) -> Response | None:
    """Erase the response; None where it is there, and the receipt does not open it any more."""
    stored = receipt.stored
    if _is_written_to(receipt) and _is_one_click():  # in a letter of before: whoever is tired of them keeps their place
        return _decline(service, receipt)
    try:
        erased = service.retention.withdraw(stored, receipt.token_hash)
    except OSError as error:
        log.error("a withdrawal could not be written down", extra={"code": type(error).__name__})
        return service.pages.obstacle("away", receipt.language)
    if not erased:
        with service.store.snapshot() as snapshot:
            if not snapshot.is_buried(tombstone_of(stored.form, stored.response_id)):
                return None
    if _is_one_click():  # it follows no redirect
        return service.pages.withdrawn(receipt.language)
    return make_response(redirect(f"{address(receipt.form.name)}/withdrawn?lang={receipt.language}", 303))
