"""What is erased or corrected goes from the files beside the database too: letters, decisions, quotations."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bacheca.forms.atomic_file import unfinished_in
from forms_server.context import Service
from forms_server.errors import StoreUnavailable
from forms_server.privacy.data_subjects import DataSubjects
from forms_server.privacy.file_erasure import HELD_IN, Traces
from forms_server.publishing.quotations import Reviews
from forms_server.publishing.results import Publication, publish, published
from forms_server.store import OutboxMail, Store
from forms_server.store.desk.accounts import Account, Link
from forms_server.store.desk.downloads import Download
from tests.forms_server.samples import Respondent, link
from tests.forms_server.stored import invited
from tests.forms_server.test_posting import KEY

ADDRESS = "ada.prova@example.org"
WORDS = "Con una griglia a righe verdi"
POLL = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: voto
title: Strumenti
form:kind: poll
form:publish: results
form:keep: 6 months
fields:
- {name: usi, title: Usi?, type: string, categories: [{value: si, label: Sì}, {value: no, label: No}]}
- {name: come, title: Come?, type: string, form:widget: textarea}
- {name: posta, title: Posta, type: string, format: email}
- name: citami
  title: Citatemi
  type: boolean
  form:widget: consent
  form:notice: Potete pubblicare il mio commento.
  form:quotes: [come]
"""


@pytest.fixture
def further_forms() -> dict[str, str]:
    return {"voto": POLL}


@pytest.fixture
def ada(service: Service) -> Respondent:
    return Respondent(service)


@pytest.fixture
def receipt(service: Service, ada: Respondent) -> str:
    """Twelve people vote; Ada's comment is approved and quoted. Give her receipt."""
    for number in range(12):
        ada.post("/forms/voto", {"_key": f"{KEY}{number}", "usi": ("si", "no")[number % 2]})
    mine = {"_key": KEY, "usi": "si", "come": WORDS, "posta": ADDRESS, "citami": "true"}
    receipt = ada.post("/forms/voto", mine)
    reviews = Reviews(service.settings.data, service.forms["voto"].form)
    with service.store.snapshot() as snapshot:
        (comment,) = reviews.comments(snapshot)
    reviews.approve(comment, comment.text)
    form = service.forms["voto"].form
    assert publish(service.store, form, service.settings.data, service.intake.now()).became is Publication.PUBLISHED
    assert traces(service, WORDS) == {"reviews", "results"}
    return receipt


def traces(service: Service, text: str) -> set[str]:
    """Name the folders of the data, packages aside, in whose files a text stands."""
    folder = service.settings.data
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("forms.db")]
    return {path.relative_to(folder).parts[0] for path in files if text.encode() in path.read_bytes()} - {"packages"}


def test_a_comment_that_is_withdrawn_is_quoted_nowhere(service: Service, ada: Respondent, receipt: str) -> None:
    form = service.forms["voto"].form
    before = published(service.settings.data, form)
    ada.post(f"{receipt}/withdraw")
    assert traces(service, WORDS) == set()
    after = published(service.settings.data, form)
    assert before is not None
    assert after is not None
    assert (after.rows, after.quotations) == (before.rows, ())
    assert publish(service.store, form, service.settings.data, service.intake.now()).became is Publication.SAME


def test_a_comment_that_is_corrected_is_quoted_no_more(service: Service, ada: Respondent, receipt: str) -> None:
    changed = {"_lang": "it", "usi": "no", "come": WORDS, "posta": ADDRESS, "citami": "true"}
    ada.post(f"{receipt}/correct", changed)
    assert traces(service, WORDS) == {"reviews", "results"}  # the comment is as it was
    ada.post(f"{receipt}/correct", changed | {"come": "In altro modo"})
    assert traces(service, WORDS) == set()


def test_a_comment_whose_time_is_over_is_quoted_no_more(
    service: Service, ada: Respondent, receipt: str, now: list[datetime]
) -> None:
    now[0] = datetime(2027, 6, 1, tzinfo=UTC)
    service.retention.purge([])
    assert traces(service, WORDS) == set()


def test_who_is_erased_leaves_no_letter_and_no_quotation_and_others_keep_theirs(
    service: Service, ada: Respondent, receipt: str
) -> None:
    ada.sign_up()
    ada.sign_up(_key=KEY + "eva", email="eva@example.org")
    (service.settings.data / "outbox").mkdir()
    kept = service.settings.data / "outbox" / "appunti.eml"
    kept.write_text(ADDRESS)
    assert {mail["To"] for mail in ada.mails()} == {ADDRESS, "eva@example.org", None}
    kept.write_text("")
    persons = DataSubjects(service.retention, service.secret)
    persons.erase(persons.find(ADDRESS))
    assert traces(service, ADDRESS) == traces(service, WORDS) == set()
    assert traces(service, "eva@example.org") == {"outbox"}
    assert kept.exists()


def test_letters_go_with_a_sign_up_that_expires_and_after_thirty_days(
    service: Service, ada: Respondent, now: list[datetime]
) -> None:
    ada.sign_up()
    ada.sign_up(_key=KEY + "eva", email="eva@example.org")
    ada.post(link(ada.mails()[0], "confirm"))
    now[0] += timedelta(days=15)
    service.retention.purge([])
    assert len(traces(service, ADDRESS) | traces(service, "eva@example.org")) == 1
    now[0] += timedelta(days=16)
    service.retention.purge([])
    assert list((service.settings.data / "outbox").iterdir()) == []


def test_a_file_broken_by_hand_keeps_nobody_from_withdrawing(
    service: Service, ada: Respondent, receipt: str, caplog: pytest.LogCaptureFixture
) -> None:
    reviews = service.settings.data / "reviews" / "voto.json"
    reviews.write_text("{")
    ada.post(f"{receipt}/withdraw")
    service.retention.purge([])
    assert service.store.counts("voto") == {"kept": 12, "withdrawn": 1}
    assert "what was erased could not be swept away yet" in caplog.messages


def test_what_cannot_be_swept_now_is_swept_by_the_next_purge(
    service: Service, ada: Respondent, receipt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> bool:
        raise StoreUnavailable("away")

    with monkeypatch.context() as patched:
        patched.setattr(service.store, "wipe", away)
        ada.post(f"{receipt}/withdraw")
    assert traces(service, WORDS) == {"reviews", "results"}
    service.retention.purge([])
    assert traces(service, WORDS) == set()


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def swept(tmp_path: Path, store: Store, now: list[datetime]) -> Traces:
    return Traces(tmp_path, store, lambda: now[0])


def aged(path: Path, moment: datetime) -> Path:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


@on_sqlite
def test_a_file_that_was_asked_for_goes_with_its_row_and_one_that_is_sent_at_once_after_an_hour(
    swept: Traces, store: Store, now: list[datetime]
) -> None:
    account = Account("ada", "ada@example.org", "analyst", "it", now[0])
    invited(store, account, Link("link", "hash", "ada", "invitation", now[0], now[0]))
    kept, over, gone = "a" * 32, "b" * 32, "c" * 32
    for name, kind, asked_at in ((kept, "xlsx", now[0]), (over, "sav", now[0] - timedelta(hours=1, seconds=1))):
        store.downloads.ask(Download(name, "ada", "gruppo", kind, 0, asked_at))
    for name in (kept, over, gone, "at-once", "old"):
        (swept.folder / "downloads" / name).mkdir(parents=True)
        aged(swept.folder / "downloads" / name, now[0] - timedelta(hours=1))
    aged(swept.folder / "downloads" / "old", now[0] - timedelta(hours=1, seconds=1))
    swept.sweep_downloads()
    assert {path.name for path in (swept.folder / "downloads").iterdir()} == {kept, "at-once"}
    now[0] += timedelta(hours=1)
    swept.sweep_downloads()
    assert {path.name for path in (swept.folder / "downloads").iterdir()} == {kept}
    now[0] += timedelta(seconds=1)
    swept.sweep()
    assert list((swept.folder / "downloads").iterdir()) == []


@on_sqlite
def test_what_a_killed_process_left_half_written_goes_after_an_hour_and_what_is_being_written_stays(
    swept: Traces, now: list[datetime]
) -> None:
    others = [swept.folder / folder / ".a.7.new.json" for folder in HELD_IN]
    for path in others:
        path.parent.mkdir()
        path.write_text("half", encoding="utf-8")
        assert unfinished_in(path.parent) == [path]
    aged(others[0], now[0] - timedelta(hours=1))
    aged(others[1], now[0] - timedelta(hours=1, seconds=1))
    swept.sweep()
    assert [path.exists() for path in others] == [True, False]


@on_sqlite
def test_a_letter_goes_once_the_outbox_knows_it_no_more(swept: Traces, store: Store, now: list[datetime]) -> None:
    folder = swept.folder / "outbox"
    folder.mkdir()
    store.outbox.add(OutboxMail("a" * 32, "notice", "ada@example.org", "it", {}, now[0], of_response=False))
    for name in ("a" * 32, "b" * 32, "appunti", "B" * 32):
        (folder / f"{name}.eml").write_text("", encoding="utf-8")
    (folder / f"{'c' * 32}.txt").write_text("", encoding="utf-8")
    swept.sweep()
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"{'a' * 32}.eml", "appunti.eml", f"{'B' * 32}.eml", f"{'c' * 32}.txt"]
    )
