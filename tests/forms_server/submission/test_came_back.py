"""Letters of ours that came back: read as four mail servers write it, matched, and never taken for answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from bacheca.forms.submission.mime import read_letter
from forms_server.context import Service
from forms_server.errors import LetterProblem
from forms_server.store.outbox import ListedMail
from forms_server.submission.came_back import CameBack
from forms_server.submission.mail_import import MailImport
from tests.forms_server.desk.keeper import command
from tests.forms_server.samples import Respondent, running
from tests.forms_server.submission.test_mail_import import CASA, text  # noqa: F401  a fixture

SHAPES = Path(__file__).parent / "bounces"
ADA = "ada.prova@example.org"
STATUS = {"postfix": "5.1.1", "exim": "5.2.2", "exchange": "5.1.10", "gmail": "5.1.1"}


@pytest.fixture
def service(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, sqlite_url, lambda: now[0]) as made:
        yield made


@pytest.fixture
def desk(service: Service) -> MailImport:
    return MailImport(service.intake, service.forms, "http://localhost")


def shape(name: str, message_id: str, recipient: str = ADA, form: str = "", **changes: str) -> bytes:
    """Give a notification as a mail server writes it."""
    said = (SHAPES / f"{name}.eml").read_text("ascii")
    for before, after in {"MESSAGE-ID": message_id, "RECIPIENT": recipient, "FORM": form, **changes}.items():
        said = said.replace(before.replace("_", " "), after)
    return said.replace("\n", "\r\n").encode()


def sent(service: Service) -> str:
    """Sign somebody up; give the Message-ID of the letter that went out."""
    ada = Respondent(service)
    ada.sign_up()
    return str(ada.mails()[-1]["Message-ID"])


def came_back(service: Service) -> list[ListedMail]:
    return service.store.outbox.listed("bounced", 9)


@pytest.mark.parametrize("name", sorted(STATUS))
def test_what_each_mail_server_writes_marks_the_letter_and_is_no_answer(
    service: Service,
    desk: MailImport,
    name: str,
    text: Callable[..., str],  # noqa: F811
) -> None:
    written = text("sondaggio", CASA)
    raw = shape(name, sent(service), form=written)
    for _ in range(2):  # read twice, it says the same
        with pytest.raises(CameBack) as back:
            desk.keep(raw)
        assert back.value.status == STATUS[name]
    (mail,) = came_back(service)
    assert (mail.kind, mail.recipient, mail.fault, mail.form) == ("confirm", ADA, STATUS[name], "gruppo")
    assert mail.bounced_at == service.intake.now()
    assert service.store.counts("sondaggio") == {}
    assert service.store.counts("gruppo") == {"pending": 1}


def test_a_notification_without_the_letter_is_matched_by_whom_it_was_for(service: Service, desk: MailImport) -> None:
    sent(service)
    with pytest.raises(CameBack):
        desk.keep(shape("postfix", "none", References="X-None"))
    assert [mail.recipient for mail in came_back(service)] == [ADA]


def test_what_means_no_letter_of_ours_is_left_and_marks_nothing(service: Service, desk: MailImport) -> None:
    own = sent(service)
    foreign = [
        shape("postfix", "<0123456789abcdef0123456789abcdef@example.org>"),
        shape("postfix", "none", recipient="eva@example.org"),
        shape("postfix", own, failed="delayed"),
        shape("postfix", own, delivery_status="x-other").replace(b"message/delivery-status", b"text/plain"),
    ]
    for raw in foreign:
        with pytest.raises(LetterProblem) as left:
            desk.keep(raw)
        assert left.value.code == "automatic"
    assert came_back(service) == []


def test_an_address_that_only_the_notification_names_is_not_kept(service: Service, desk: MailImport) -> None:
    own = sent(service)
    with pytest.raises(CameBack):
        desk.keep(shape("postfix", own, recipient="somebody.else@example.org"))
    assert [mail.recipient for mail in came_back(service)] == [""]


def test_import_mail_says_it_and_takes_it_away(service: Service, tmp_path: Path) -> None:
    box = tmp_path / "back.eml"
    box.write_bytes(shape("gmail", sent(service)))
    told = command(service, "import-mail", "--remove", "--lang", "en", str(box))
    assert "a letter of ours came back: There is no such address (5.1.1)." in told
    assert "1 letters came back: `mail` lists them" in told
    assert not box.exists()
    listed = command(service, "mail", LANGUAGE="en")
    assert "came back, written 2026-11-23: asks to confirm a sign-up. There is no such address (5.1.1)." in listed
    assert "0 wait, 0 cannot be delivered, 1 came back" in listed


def test_what_came_back_is_forgotten_in_its_time(service: Service, desk: MailImport, now: list[datetime]) -> None:
    with pytest.raises(CameBack):
        desk.keep(shape("exim", sent(service)))
    now[0] += timedelta(days=31)
    service.store.outbox.forget(now[0] - timedelta(days=30))
    assert came_back(service) == []


@pytest.mark.parametrize("junk", [b"", b"Action: failed\r\n" * 500, b"Final-Recipient: rfc822;" + b"x" * 3000])
def test_a_notification_that_nobody_thought_of_is_no_fault(junk: bytes) -> None:
    head = b'Content-Type: multipart/report; boundary="a"\r\nMIME-Version: 1.0\r\n\r\n'
    part = b"--a\r\nContent-Type: message/delivery-status\r\n\r\nX: y\r\n\r\n" + junk + b"\r\n--a--\r\n"
    assert all(len(bounce.recipient) < 330 for bounce in read_letter(head + part).bounces)
