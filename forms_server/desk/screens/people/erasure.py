"""Erasing somebody for good: what goes and what stays, told before; the proof to send, told after."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from forms_server.accounts.roles import Right
from forms_server.desk.frame.screen import Screen
from forms_server.desk.frame.visit import Visit
from forms_server.desk.frame.words import NAMED
from forms_server.desk.screens.people.person import (
    DONE,
    HERE,
    attached,
    note_seen,
    of_person,
    questions_of,
    titles_of,
)
from forms_server.privacy.data_subjects import DataSubject, DataSubjects
from forms_server.privacy.erasure import Erased, Staying, erase_person, staying
from forms_server.privacy.subject_report import Proof, file_name, proof_as_page, proof_of, still_sealed

SCREEN = Screen("erasure", Right.PEOPLE)

LISTED = 200
"""How much of what was done for people is listed."""


@SCREEN.post("/people/erase", command="erase-person", fresh=True)
def erase(visit: Visit) -> Response:
    """Erase all that is held of somebody, once it was shown what that is."""
    return of_person(visit, lambda persons, address: _erase(visit, persons, persons.find(address)))


@SCREEN.get("/people/erased/<audit_id>")
def prove(visit: Visit, audit_id: str) -> Response:
    """Show the proof of an erasure, which names nobody."""
    proof = _proof(visit, audit_id)
    if proof is None:
        return _unknown(visit)
    return visit.page("people/proof.html", proof.title, proof=proof, audit_id=audit_id, languages=NAMED, home=HERE)


@SCREEN.get("/people/erased/<audit_id>/page")
def hand_out_page(visit: Visit, audit_id: str) -> Response:
    """Hand the proof out as a page."""
    proof = _proof(visit, audit_id)
    if proof is None:
        return _unknown(visit)
    return attached(proof_as_page(proof, visit.language), "text/html", f"{_named(visit, audit_id)}.html")


@SCREEN.get("/people/erased/<audit_id>/text")
def hand_out_text(visit: Visit, audit_id: str) -> Response:
    """Hand the proof out as a text, for a mail."""
    proof = _proof(visit, audit_id)
    return attached(proof.text, "text/plain", f"{_named(visit, audit_id)}.txt") if proof else _unknown(visit)


def _named(visit: Visit, audit_id: str) -> str:
    return file_name("erase", visit.language, [audit_id], visit.service.retention.today)


@SCREEN.get("/people/done/")
def list_done(visit: Visit) -> Response:
    """List what was done for people who asked about their data, and name nobody."""
    return visit.page(
        "people/done.html",
        visit.say("What was done for people who asked"),
        records=[
            (record, visit.say(DONE[record.action]) if record.action in DONE else record.action)
            for record in visit.service.store.subject_access.newest_audits(LISTED)
        ],
        titles=titles_of(visit),
        zone=visit.service.settings.community.zone,
        home=HERE,
    )


def _erase(visit: Visit, persons: DataSubjects, person: DataSubject) -> Response:
    service = visit.service
    if not person.is_held and not persons.is_unfinished(person.address):
        nothing = visit.say(
            "Nothing is held that was given with this address. What others wrote of it is theirs to change."
        )
        return visit.stop(
            visit.say("Nothing to erase"),
            " ".join([nothing, *_unsearched(visit, person)]),
            status=404,
            back=HERE,
        )
    asked = visit.sure(
        visit.say("Erase all of this for good?"),
        visit.say("{address}: nobody can bring it back, and no backup does.", address=person.address),
        visit.say("Erase for good"),
        back=HERE,
        parts=list(_parts(visit, person, staying(service.settings, service.store, person.address))),
    )
    if asked:
        note_seen(visit, "person-look", person)
        return asked
    note_seen(visit, "person-erase", person)
    erased = erase_person(persons, person, service.store, service.settings, visit.now())
    return visit.page(
        "people/erased.html",
        visit.say("Erased"),
        record=erased.record,
        gone=list(_gone(visit, person, erased)),
        stays=list(_stays(visit, person)),
        left=list(_left(visit, person, erased)),
        home=HERE,
    )


def _parts(visit: Visit, person: DataSubject, stays: Staying) -> Iterator[str]:
    """Tell what goes and what stays, a sentence each."""
    titles = titles_of(visit)
    for form, count in person.counts.items():
        yield visit.say(
            "Goes: {form} ({count}), with consents, links, corrections, mail, and the line in the package.",
            form=titles.get(form, form),
            count=count,
        )
    if person.letters:
        yield visit.say("Goes: mail to the address ({count}).", count=len(person.letters))
    yield from _of_others(visit, stays)
    yield from _stays(visit, person)


def _stays(visit: Visit, person: DataSubject) -> Iterator[str]:
    """Tell what stays in the store, before and after, a sentence each."""
    for one in questions_of(visit, person):
        yield visit.say(
            "Stays: an answer of somebody else to “{question}” in {form} ({response}), which holds the address.",
            **one,
        )
    yield from _unsearched(visit, person)
    yield visit.say("Stays: one line in the register that names nobody, with the day, the forms and a reference.")


def _unsearched(visit: Visit, person: DataSubject) -> Iterator[str]:
    """Tell where the address may stand and nobody could look, a sentence each."""
    titles = titles_of(visit)
    for form in person.shut:
        yield visit.say(
            "May stay: sealed answers to {form}, where nobody can search without a key. Whoever has one looks for the"
            " address there, and erases an answer found from its own page.",
            form=titles.get(form, form),
        )


def _gone(visit: Visit, person: DataSubject, erased: Erased) -> Iterator[str]:
    """Tell what was erased, a sentence each."""
    titles = titles_of(visit)
    for form, count in erased.record.counts.items():
        yield visit.say(
            "Erased: {form} ({count}), with consents, links, corrections and mail.",
            form=titles.get(form, form),
            count=count,
        )
    if person.letters:
        yield visit.say("Erased: mail to the address ({count}).", count=len(person.letters))


def _left(visit: Visit, person: DataSubject, erased: Erased) -> Iterator[str]:
    """Tell what is left to do, a sentence each."""
    if erased.busy:
        yield visit.say(
            "Packages are being written now: those that held this person are written anew by the next export."
        )
    for done in erased.exported:
        if not done.is_whole:
            yield visit.say("The package of {form} could not be written whole: export it again.", form=done.form)
    yield from _of_others(visit, erased.staying)
    if any(held.holding.stored.channel == "mail" for held in person.held):
        yield visit.say("Some of it came by mail: the letters in your mailbox are yours to delete.")


def _of_others(visit: Visit, stays: Staying) -> Iterator[str]:
    for path in stays.naming:
        yield visit.say(
            "Stays: {path} is not ours, and the address stands in it: take it out there, or delete it.", path=path
        )
    for path in stays.unknown:
        if path not in stays.naming:
            yield visit.say("Stays: {path} is of a form that nobody knows: look through it, then delete it.", path=path)


def _proof(visit: Visit, audit_id: str) -> Proof | None:
    record = visit.service.store.subject_access.audit(audit_id)
    if record is None or record.action != "erase":
        return None
    zone = visit.service.settings.community.zone
    return proof_of(
        record,
        still_sealed(record, visit.service.store, zone),
        titles_of(visit),
        visit.language,
        community=visit.community,
        zone=zone,
    )


def _unknown(visit: Visit) -> Response:
    return visit.stop(
        visit.say("There is no such erasure"),
        visit.say("Look for it in what was done for people who asked: it is kept there for five years."),
        status=404,
        back=f"{HERE}done/",
    )
