"""A small service for the tests: a survey, a sign-up, and somebody who answers them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import URL

from forms_server.app import make_app, make_service
from forms_server.context import Service
from forms_server.mail.sender import sender_of
from forms_server.settings import Settings
from tests.forms_server.test_posting import GOOD, KEY, OWN, SIGNUP, SURVEY

ADA = {"_key": KEY, "_lang": "it", "nome": "Ada Prova", "email": "ada.prova@example.org", "consenso": "true"}


@contextmanager
def running(
    folder: Path,
    url: URL,
    now: Callable[[], datetime],
    edit: Callable[[str], str] = str,
    **settings: str,
) -> Iterator[Service]:
    """Run a service in a folder.

    Args:
        folder: for its forms and its data.
        url: its database.
        now: the time it goes by.
        edit: changes the text of each form.
        settings: further settings.
    """
    content = folder / "forms"
    content.mkdir(exist_ok=True)
    for name, form in (("sondaggio", SURVEY), ("gruppo", SIGNUP)):
        (content / f"{name}.yaml").write_text(edit(form), encoding="utf-8")
    environ = {
        "FORMS_DATABASE_URL": url.render_as_string(hide_password=False),
        "FORMS_CONTENT": str(content),
        "FORMS_DATA": str(folder / "data"),
        "FORMS_SITE": "",
        "FORMS_SECRET_KEY": "k" * 32,
        "FORMS_MAIL_FROM": "redazione@example.org",
        "FORMS_RATE_LIMIT": "off",
    }
    made = make_service(Settings.from_environ(environ | settings), now)
    try:
        yield made
    finally:
        made.store.close()


def with_property(line: str) -> Callable[[str], str]:
    """Add a property to a form."""
    return lambda form: form.replace("fields:\n", f"{line}\nfields:\n")


class Respondent:
    """Somebody with a browser and a mailbox."""

    def __init__(self, service: Service):
        self.service = service
        self.browser: FlaskClient = make_app(service).test_client()

    def post(self, where: str, data: dict[str, str] | None = None, **headers: str) -> str:
        """Post as a page of the portal does; give where it leads."""
        answer = self.browser.post(where, data=data or {}, headers=OWN | headers)
        assert answer.status_code == 303, (answer.status_code, answer.text)
        return answer.headers["Location"]

    def answer_survey(self, **changes: str) -> str:
        """Answer the survey; give the address of the receipt."""
        return self.post("/forms/sondaggio", GOOD | changes)

    def sign_up(self, **changes: str) -> str:
        """Sign up; give the address of the receipt."""
        return self.post("/forms/gruppo", ADA | changes)

    def mails(self) -> list[EmailMessage]:
        """Have the mail sent that is due; give all that ever came, the oldest first."""
        service = self.service
        sender_of(service.settings, service.secret, service.pages.shell, service.store, service.intake.now).send_due()
        files = sorted((service.settings.data / "outbox").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def link(mail: EmailMessage, purpose: str, base: str = "http://localhost") -> str:
    """Give the address of a link in a mail, without the origin."""
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(rf"{base}(/forms/\S+/{purpose}/[\w-]{{43}}\?lang=\w\w)\s", body.get_content())
    assert found, body.get_content()
    return found[1]
