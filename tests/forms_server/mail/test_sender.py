"""Against a mail server that is down, slow, refuses or dies, nothing is lost and nothing is sent twice."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import URL

from forms_server.context import Service
from forms_server.errors import StoreUnavailable
from forms_server.mail import Composer, SmtpCarrier
from forms_server.mail.sender import DEAD_AFTER, LONGEST_WAIT, MailSender, wait_after
from tests.forms_server.mail.server import Behaviour, authenticate, listening
from tests.forms_server.samples import Respondent, running
from tests.forms_server.test_posting import KEY
from tests.journeys.service import free_port

PEOPLE = ("ada", "bea", "cleo")


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: now[0]) as made:
        ada = Respondent(made)
        for number, name in enumerate(PEOPLE):
            now[0] += timedelta(seconds=1)  # so that they are sent in this order
            ada.sign_up(_key=f"{KEY}{number}", email=f"{name}@example.org")
        yield made


@pytest.fixture
def server() -> Behaviour:
    return Behaviour()


def outbox(service: Service, url: str, context: ssl.SSLContext | None = None) -> MailSender:
    composer = Composer(service.settings, service.secret, service.pages.shell, service.store)
    return MailSender(service.store, composer, SmtpCarrier(url, context, patience=1), service.intake.now)


def recipients(server: Behaviour) -> list[str]:
    return [message["To"].split("@")[0] for message in server.taken]


def test_every_letter_is_sent_once_over_one_connection(service: Service, server: Behaviour) -> None:
    with listening(server) as port:
        box = outbox(service, f"smtp://127.0.0.1:{port}")
        assert box.send_due() == {"sent": 3}
        assert box.send_due() == {}
    assert recipients(server) == list(PEOPLE)
    assert len(set(server.ids)) == 3


def test_while_the_server_is_down_mail_waits_longer_each_time(
    service: Service, server: Behaviour, now: list[datetime]
) -> None:
    port = free_port()
    box = outbox(service, f"smtp://127.0.0.1:{port}")
    assert box.send_due() == {"delayed": 1}  # one is tried, and the others need not be
    assert service.store.outbox.stuck(now[0] + timedelta(days=1)) == {"waiting": 3}
    for _ in range(4):
        box.send_due()
        now[0] += timedelta(minutes=1)
    with listening(server, port):
        now[0] += LONGEST_WAIT
        assert box.send_due() == {"sent": 3}
    assert sorted(recipients(server)) == list(PEOPLE)


def test_attempts_are_twice_as_far_apart_each_time_up_to_a_limit() -> None:
    minutes = [wait_after(attempts) / timedelta(minutes=1) for attempts in range(1, 13)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert wait_after(10_000) == LONGEST_WAIT


def test_a_recipient_refused_for_good_is_a_dead_letter_and_the_others_get_theirs(
    service: Service, server: Behaviour
) -> None:
    server.recipient["ada@example.org"] = "550 5.1.1 no such user ada@example.org"
    with listening(server) as port:
        box = outbox(service, f"smtp://127.0.0.1:{port}")
        assert box.send_due() == {"dead": 1, "sent": 2}
        assert box.send_due() == {}
    (dead,) = service.store.outbox.dead()
    assert (dead.recipient, dead.fault) == ("ada@example.org", "550")


def test_a_recipient_refused_for_now_is_tried_again(service: Service, server: Behaviour, now: list[datetime]) -> None:
    server.recipient["ada@example.org"] = "450 4.2.1 mailbox busy"
    with listening(server) as port:
        box = outbox(service, f"smtp://127.0.0.1:{port}")
        assert box.send_due() == {"delayed": 1, "sent": 2}
        server.recipient.clear()
        assert box.send_due() == {}
        now[0] += timedelta(minutes=1)
        assert box.send_due() == {"sent": 1}
    assert recipients(server) == ["bea", "cleo", "ada"]


@pytest.mark.parametrize(
    ("answer", "counts"),
    [("451 4.3.0 try later", {"delayed": 1, "sent": 2}), ("554 5.7.1 spam", {"dead": 1, "sent": 2})],
)
def test_a_letter_refused_for_now_waits_and_one_refused_for_good_is_dead(
    service: Service, server: Behaviour, answer: str, counts: dict[str, int]
) -> None:
    server.data = [answer]
    with listening(server) as port:
        assert outbox(service, f"smtp://127.0.0.1:{port}").send_due() == counts
    assert recipients(server) == ["bea", "cleo"]


def test_a_server_that_hangs_up_delays_and_loses_nothing(
    service: Service, server: Behaviour, now: list[datetime]
) -> None:
    server.hang_up = ["before"]
    with listening(server) as port:
        box = outbox(service, f"smtp://127.0.0.1:{port}")
        assert box.send_due() == {"delayed": 1}
        now[0] += timedelta(minutes=1)
        assert box.send_due() == {"sent": 3}
    assert sorted(recipients(server)) == list(PEOPLE)


def test_a_server_that_takes_a_letter_and_dies_unsaid_gets_it_again_under_the_same_id(
    service: Service, server: Behaviour, now: list[datetime]
) -> None:
    server.hang_up = ["after"]
    with listening(server) as port:
        box = outbox(service, f"smtp://127.0.0.1:{port}")
        assert box.send_due() == {"delayed": 1}
        now[0] += timedelta(minutes=1)
        assert box.send_due() == {"sent": 3}
    assert len(server.ids) == 4  # SMTP cannot tell; the mail program can, by the Message-ID
    assert len(set(server.ids)) == 3


def test_a_server_that_says_nothing_is_left_after_a_while(
    service: Service, server: Behaviour, now: list[datetime]
) -> None:
    server.slow = 3
    with listening(server) as port:
        box = outbox(service, f"smtp://127.0.0.1:{port}")
        assert box.send_due() == {"delayed": 1}
        server.slow = 0
        now[0] += timedelta(minutes=1)
        box.send_due()
    assert set(recipients(server)) == set(PEOPLE)


def test_a_slow_server_gets_each_letter_once(service: Service, server: Behaviour) -> None:
    server.slow = 0.3
    with listening(server) as port:
        assert outbox(service, f"smtp://127.0.0.1:{port}").send_due() == {"sent": 3}
    assert recipients(server) == list(PEOPLE)


def test_a_letter_is_given_up_after_days(service: Service, now: list[datetime]) -> None:
    box = outbox(service, f"smtp://127.0.0.1:{free_port()}")
    now[0] += DEAD_AFTER - timedelta(hours=1)
    assert box.send_due() == {"delayed": 1}
    now[0] += timedelta(hours=8)
    for _ in range(3):
        assert box.send_due() == {"dead": 1}
    assert [mail.fault for mail in service.store.outbox.dead()] == ["ConnectionRefusedError"] * 3


def test_a_store_that_cannot_be_told_gets_no_letter_sent_twice(
    service: Service, server: Behaviour, now: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(mail_id: str) -> None:
        raise StoreUnavailable("busy")

    with listening(server) as port:
        box = outbox(service, f"smtp://127.0.0.1:{port}")
        with monkeypatch.context() as patch:
            patch.setattr(service.store.outbox, "sent", fails)
            with pytest.raises(StoreUnavailable):
                box.send_due()
        now[0] += timedelta(minutes=10)
        box.send_due()
    assert sorted(recipients(server)) == list(PEOPLE)


def test_two_workers_at_once_send_each_letter_once(service: Service, server: Behaviour) -> None:
    server.slow = 0.2
    with listening(server) as port:
        boxes = [outbox(service, f"smtp://127.0.0.1:{port}") for _ in range(2)]
        threads = [Thread(target=box.send_due) for box in boxes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        boxes[0].send_due()
    assert sorted(recipients(server)) == list(PEOPLE)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody has signed, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem", folder / "key.pem"


def server_side(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def trusting(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


def test_a_password_travels_encrypted_to_a_server_whose_certificate_holds(
    service: Service, server: Behaviour, certificate: tuple[Path, Path]
) -> None:
    options: dict[str, Any] = {
        "tls_context": server_side(certificate),
        "auth_required": True,
        "authenticator": authenticate,
    }
    with listening(server, require_starttls=True, **options) as port:
        url = f"smtp://ada:p%40ss%20word@127.0.0.1:{port}"
        assert outbox(service, url, trusting(certificate)).send_due() == {"sent": 3}
    assert server.encrypted == [True] * 3


def test_smtps_is_encrypted_from_the_start(service: Service, server: Behaviour, certificate: tuple[Path, Path]) -> None:
    with listening(server, ssl_context=server_side(certificate)) as port:
        url = f"smtps://127.0.0.1:{port}"
        assert outbox(service, url, trusting(certificate)).send_due() == {"sent": 3}
    assert len(server.taken) == 3


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_nobody_vouches_for_gets_no_letter(
    service: Service, server: Behaviour, certificate: tuple[Path, Path], scheme: str
) -> None:
    options: dict[str, Any] = {"ssl_context" if scheme == "smtps" else "tls_context": server_side(certificate)}
    with listening(server, **options) as port:
        assert outbox(service, f"{scheme}://127.0.0.1:{port}").send_due() == {"delayed": 1}
    assert server.taken == []


def test_a_password_is_never_sent_in_the_clear(service: Service, server: Behaviour) -> None:
    with listening(server, authenticator=authenticate, auth_require_tls=False) as port:
        assert outbox(service, f"smtp://ada:p%40ss%20word@127.0.0.1:{port}").send_due() == {"delayed": 1}
    assert server.taken == []


def test_a_wrong_password_delays_every_letter_and_kills_none(
    service: Service, server: Behaviour, certificate: tuple[Path, Path]
) -> None:
    options: dict[str, Any] = {
        "tls_context": server_side(certificate),
        "auth_required": True,
        "authenticator": authenticate,
    }
    with listening(server, **options) as port:
        assert outbox(service, f"smtp://ada:no@127.0.0.1:{port}", trusting(certificate)).send_due() == {"delayed": 1}
    assert service.store.outbox.dead() == []
