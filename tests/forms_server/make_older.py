"""Makes a store of a version that later ones open: `python -m tests.forms_server.make_older`.

Run it once a release, at the commit of the release; `older/VERSION.zip` is never made again. It holds a response in
each state, all that can belong to one, and the addresses that were handed out (`known.json`).
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from bacheca import __version__
from bacheca.forms import load_forms
from bacheca.forms.submission.mail_template import mail_lines, mail_text
from forms_server.app import make_app
from forms_server.context import Service
from forms_server.crypto.sealing import make_key
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.publishing.export import export_forms
from forms_server.submission.mail_import import MailImport
from tests.forms_server.samples import ADA, Respondent, link, running
from tests.forms_server.submission.test_mail_import import letter
from tests.forms_server.test_places import SESSIONS, Crowd
from tests.forms_server.test_posting import KEY, SIGNUP
from tests.forms_server.test_quarantine import doubted

OLDER = Path(__file__).with_name("older")
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
PLACES = "form:places: 13\nform:waiting: 2\nform:hold: 12 hours\nform:keep: 24 months\n"
NEWS = """\
- name: novita
  title: Vuoi le novità?
  type: boolean
  form:widget: consent
  form:notice: Ti scriviamo una volta al mese.
"""
FORMS = ("gruppo", "riservato", "sondaggio")


def first(form: str) -> str:
    """Write the forms as they were published first."""
    if "form:kind: signup" not in form:
        return form
    return form.replace("fields:\n", f"{PLACES}fields:\n").replace(
        "- name: consenso", f"{SESSIONS}{NEWS}- name: consenso"
    )


def second(form: str) -> str:
    """Write them with a survey that asks something more, which begins another resource of its package."""
    if "form:kind: signup" in form:
        return first(form)
    return form + "- {name: anni, title: Da quanti anni?, type: integer, constraints: {required: true, maximum: 60}}\n"


class Everybody:
    """Those who answered, and what they were handed out."""

    def __init__(self, service: Service, now: list[datetime]):
        self.service = service
        self.crowd = Crowd(service, now)
        self.anybody = Respondent(service)

    def survey(self, number: int, **changes: str) -> str:
        """Answer the survey; give the address of the receipt."""
        return self.anybody.answer_survey(_key=f"{KEY}{number:02}", **changes)

    def group(self, name: str, session: str = "mattina", *, news: bool = False, confirmed: bool = True) -> str:
        """Sign up, and confirm; give the address of the receipt."""
        answers = {"nome": name, "email": f"{name}@example.org", "sessione": session}
        data = ADA | {"_key": f"{KEY}{name}"} | answers | ({"novita": "true"} if news else {})
        receipt = self.anybody.post("/forms/gruppo", data)
        if confirmed:
            assert self.crowd.press(name)[0] == 303
            return link(self.crowd.mails(name)[0], "receipt")  # which may change something, as its owner's
        return receipt

    def sealed(self, name: str) -> str:
        """Sign up where answers are sealed, and confirm; give the address of the receipt."""
        data = ADA | {"_key": f"{KEY}s{name}", "nome": name, "email": f"{name}@example.org"}
        receipt = self.anybody.post("/forms/riservato", data)
        assert self.crowd.press(name)[0] == 303
        return receipt


def begin(all_: Everybody, now: list[datetime]) -> Iterator[tuple[str, str, str]]:
    """Answer the forms as they were first; give of each what kind of address it is."""
    yield "gruppo", "expired", all_.group("vito", "sera", confirmed=False)
    now[0] = NOW
    all_.service.retention.purge([served.form for served in all_.service.forms.values()])
    for number in range(2):
        yield "sondaggio", "receipts", all_.survey(number, commento=f"il {number}°, perché sì")
    corrected = all_.survey(2, commento="prima")
    all_.anybody.post(f"{corrected}/correct", {"_lang": "it", "luogo": "non-so", "commento": "dopo"})
    yield "sondaggio", "receipts", corrected
    withdrawn = all_.survey(3, commento="ritirata")
    all_.anybody.post(f"{withdrawn}/withdraw")
    yield "sondaggio", "withdrawn", withdrawn
    doubtful = doubted(make_app(all_.service).test_client(), _key=f"{KEY}trap", commento="comprate")
    yield "sondaggio", "receipts", doubtful
    form = all_.service.forms["sondaggio"].form
    written = letter(mail_text(mail_lines(form, "it", {"luogo": ["casa"], "commento": ["per posta"]})))
    read = MailImport(all_.service.intake, all_.service.forms, "http://localhost").keep(written).receipt
    assert read
    yield "sondaggio", "receipts", f"/forms/sondaggio/receipt/{read.token}"


def go_on(all_: Everybody) -> Iterator[tuple[str, str, str]]:
    """Answer the forms as they were later; give of each what kind of address it is."""
    yield "sondaggio", "receipts", all_.survey(10, commento="di dopo", anni="7")
    ada = all_.group("ada")
    for name in ("bea", "cleo"):
        yield "gruppo", "receipts", all_.group(name)
    all_.anybody.post(ada.replace("?", "/withdraw?"))
    yield "gruppo", "withdrawn", ada
    assert all_.crowd.jobs() == 1
    yield "gruppo", "confirm", link(all_.crowd.mails("bea")[-1], "confirm")
    dora = all_.group("dora", "sera", news=True)
    answers = {"nome": "Dora", "email": "dora@example.org", "sessione": "sera", "consenso": "true", "_lang": "it"}
    all_.anybody.post(dora.replace("?", "/correct?"), answers)  # and takes the consent for news back
    yield "gruppo", "receipts", dora
    yield "riservato", "receipts", all_.sealed("gino")
    yield "gruppo", "receipts", all_.group("fosca", "sera", confirmed=False)
    all_.service.store.outbox.hold_back("550")
    yield "gruppo", "receipts", all_.group("elio", "sera", confirmed=False)
    people = DataSubjects(all_.service.retention, all_.service.secret)
    people.note("export", people.find("dora@example.org"))


def main() -> None:
    """Have everything happen that leaves something in a store, and pack what it leaves."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "forms").mkdir()
        (folder / "forms/riservato.yaml").write_text(
            SIGNUP.replace("name: gruppo", "name: riservato").replace("fields:\n", "form:seal: true\nfields:\n", 1)
        )
        for editor in ("ada", "eva"):
            make_key(folder / f"{editor}.txt", editor, folder / "forms")
        url = make_url(f"sqlite:///{folder}/data/forms.db")
        now = [NOW - timedelta(days=20)]
        handed: list[tuple[str, str, str]] = []
        with running(folder, url, lambda: now[0], first, FORMS_PUBLIC_URL="http://localhost") as service:
            handed += begin(Everybody(service, now), now)
        with running(folder, url, lambda: now[0], second, FORMS_PUBLIC_URL="http://localhost") as service:
            handed += go_on(Everybody(service, now))
            service.store.copies.note(NOW)
            list(export_forms(service.store, FORMS, folder / "data", NOW))
            counts = {form: dict(service.store.counts(form)) for form in FORMS}
            service.store.wipe()
        links: dict[str, dict[str, list[str]]] = {}
        for form, kind, address in handed:
            links.setdefault(form, {}).setdefault(kind, []).append(address)
        versions = {form: loaded.version for form, loaded in load_forms(folder / "forms").items()}
        known = {"now": NOW.isoformat(), "versions": versions, "counts": counts, "links": links}
        (folder / "known.json").write_text(json.dumps(known, indent=1), encoding="utf-8")
        for letter_ in folder.glob("data/outbox/*"):
            letter_.unlink()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(file, file.relative_to(folder))
        (OLDER / f"{__version__}.zip").write_bytes(packed.getvalue())


if __name__ == "__main__":
    main()
