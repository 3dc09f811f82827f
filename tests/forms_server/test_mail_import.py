"""Letters that hold a form become responses, once; whatever cannot be read stays where it is, with the reason."""

from __future__ import annotations

import base64
import mailbox
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL

from forms.mail_text import mail_lines, mail_text
from forms_server.__main__ import main
from forms_server.errors import LetterProblem
from forms_server.mail_import import MailImport
from forms_server.service import Service
from forms_server.store import StoredResponse
from tests.forms_server.samples import Respondent, link, running

ADA = {"nome": ["Ada Prova"], "email": ["ada@example.org"], "consenso": ["true"]}
CASA = {"luogo": ["casa"], "commento": ["perché\nsì"]}


@pytest.fixture
def now() -> list[datetime]:
    """The time, which a test may change."""
    return [datetime(2026, 11, 23, 12, tzinfo=UTC)]


@pytest.fixture
def service(tmp_path: Path, database_url: URL, now: list[datetime]) -> Iterator[Service]:
    with running(tmp_path, database_url, lambda: now[0]) as made:
        yield made


@pytest.fixture
def desk(service: Service) -> MailImport:
    return MailImport(service.intake, service.forms, "http://localhost")


@pytest.fixture
def text(service: Service) -> Callable[..., str]:
    """Write a form as its page offers it for an e-mail."""

    def write(name: str, answers: dict[str, list[str]]) -> str:
        return mail_text(mail_lines(service.forms[name].form, "it", answers))

    return write


def letter(body: str, html: str = "", number: int = 1, **headers: str) -> bytes:
    message = EmailMessage()
    said = {"Message-ID": f"<{number}@example.org>", "From": "Ada <ada@example.org>", "Subject": "Sondaggio", **headers}
    for name, value in said.items():
        message[name] = value
    message.set_content(body, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html", cte="base64")
    return message.as_bytes()


def kept(service: Service, form: str) -> list[StoredResponse]:
    return list(service.store.responses(form, 1))


def refused(desk: MailImport, raw: bytes) -> tuple[str, list[str]]:
    with pytest.raises(LetterProblem) as caught:
        desk.keep(raw)
    return caught.value.code, [problem.code for problem in caught.value.problems]


def outlook(text: str) -> str:
    lines = "".join(f"<p class=MsoNormal>{escape(line) or '<o:p>&nbsp;</o:p>'}</p>" for line in text.split("\n"))
    return f"<html><body><div class=WordSection1>{lines}</div></body></html>"


def gmail_reply(text: str) -> str:
    lines = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))
    return f'<div>Ecco.</div><div class="gmail_quote"><blockquote class="gmail_quote">{lines}</blockquote></div>'


LETTERS: dict[str, Callable[[str], bytes]] = {
    "as it was written": letter,
    "quoted-printable": lambda text: letter(text.replace("\n", "\r\n")),
    "base64 in Latin-1": lambda text: (
        b"Message-ID: <a>\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(text.encode("cp1252"))
    ),
    "only HTML, by Outlook": lambda text: letter("Il tuo programma non legge l'HTML.", outlook(text)),
    "a reply by Gmail": lambda text: letter(re.sub("(?m)^", "> ", text), gmail_reply(text)),
    "a reply by hand": lambda text: letter("Ciao, rispondo sotto.\n\n" + re.sub("(?m)^", "> ", text)),
    "smart quotes": lambda text: letter(text.replace("'", "’").replace(">>", "»")),
    "without a Message-ID": lambda text: letter(text).replace(b"Message-ID: <1@example.org>\n", b""),
}


@pytest.mark.parametrize("write", LETTERS.values(), ids=LETTERS.keys())
def test_a_letter_becomes_one_response_however_often_it_is_read(
    desk: MailImport, service: Service, text: Callable[..., str], write: Callable[[str], bytes]
) -> None:
    raw = write(text("sondaggio", CASA))
    first, second = desk.keep(raw), desk.keep(raw)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.receipt == second.receipt
    (stored,) = kept(service, "sondaggio")
    assert stored.answers == {"luogo": "casa", "commento": "perché\nsì"}
    assert (stored.channel, stored.language, stored.version) == ("mail", "it", service.forms["sondaggio"].form.version)


def test_the_receipt_of_a_letter_opens_and_what_was_withdrawn_there_does_not_come_back(
    desk: MailImport, service: Service, text: Callable[..., str]
) -> None:
    raw = letter(text("sondaggio", CASA))
    receipt = desk.keep(raw).receipt
    assert receipt is not None
    ada = Respondent(service)
    where = f"/forms/sondaggio/receipt/{receipt.token}"
    assert receipt.reference in ada.browser.get(where).text
    ada.post(f"{where}/withdraw")
    again = desk.keep(raw)
    assert (again.receipt, again.is_new) == (None, False)
    assert kept(service, "sondaggio") == []
    assert service.store.counts("sondaggio") == {"withdrawn": 1}


def test_a_sign_up_by_letter_waits_to_be_confirmed_like_every_other(
    desk: MailImport, service: Service, text: Callable[..., str]
) -> None:
    desk.keep(letter(text("gruppo", ADA)))
    assert service.store.counts("gruppo") == {"pending": 1}
    ada = Respondent(service)
    (mail,) = ada.mails()
    ada.post(link(mail, "confirm"))
    (stored,) = kept(service, "gruppo")
    assert (stored.channel, stored.answers["email"]) == ("mail", "ada@example.org")


def test_two_letters_with_the_same_answers_are_two_responses(
    desk: MailImport, service: Service, text: Callable[..., str]
) -> None:
    for number in (1, 2):
        desk.keep(letter(text("sondaggio", CASA), number=number))
    assert len(kept(service, "sondaggio")) == 2


def test_a_letter_that_cannot_be_read_changes_nothing(
    desk: MailImport, service: Service, text: Callable[..., str]
) -> None:
    survey, signup = text("sondaggio", CASA), text("gruppo", ADA)
    wrong: list[tuple[bytes, tuple[str, list[str]]]] = [
        (letter("Ciao, quando chiude il sondaggio?"), ("no-form", [])),
        (b"\x00\xff", ("no-form", [])),
        (letter(survey.replace("[sondaggio it", "[altro it")), ("unknown-form", [])),
        (letter(survey.replace("[sondaggio it", "[sondaggio fr")), ("unknown-form", [])),
        (letter(re.sub(r"(\[sondaggio it) \w{16}", r"\1 0123456789abcdef", survey)), ("old-version", [])),
        (letter(text("sondaggio", {})), ("empty", [])),
        (letter(survey + "\n" + text("sondaggio", {"luogo": ["ufficio"]})), ("several", [])),
        (letter(survey.replace("[ ] Ufficio", "[x] Ufficio")), ("answers", ["repeated"])),
        (letter(survey.replace(">> perché", f">> {'a' * 51}")), ("answers", ["too-long"])),
        (letter(survey.replace("[x] Casa", "[x] Casa mia")), ("answers", ["mail-unread"])),
        (letter(survey.replace("[commento]", "")), ("answers", ["mail-unread", "mail-lacks"])),
        (letter(survey.replace("perché", "perch\ufffd")), ("answers", ["not-utf8"])),
        (letter(signup.replace("ada@example.org", "ada")), ("answers", ["not-email"])),
        (letter(signup.replace("Potete scrivermi.", "Potete telefonarmi.")), ("answers", ["mail-unread"])),
        (letter(signup.replace("Potete scrivermi.", "")), ("answers", ["mail-notice"])),
        (letter(signup.replace("[x] Acconsento", "[ ] Acconsento")), ("answers", ["agree"])),
    ]
    assert [refused(desk, raw) for raw, _ in wrong] == [reason for _, reason in wrong]
    assert service.store.counts("sondaggio") == service.store.counts("gruppo") == {}


def test_a_letter_counts_as_sent_when_it_came_and_not_when_it_is_read(
    desk: MailImport, service: Service, text: Callable[..., str], now: list[datetime]
) -> None:
    now[0] = datetime(2027, 7, 2, 9, tzinfo=UTC)
    survey = text("sondaggio", CASA)
    assert refused(desk, letter(survey, Date="Thu, 01 Jul 2027 00:10:00 +0200")) == ("closed", [])
    assert refused(desk, letter(survey)) == ("closed", [])
    assert desk.keep(letter(survey, Date="Wed, 30 Jun 2027 23:50:00 +0200")).is_new


def test_another_letter_with_the_same_message_id_is_refused(
    desk: MailImport, service: Service, text: Callable[..., str]
) -> None:
    desk.keep(letter(text("sondaggio", CASA)))
    assert refused(desk, letter(text("sondaggio", {"luogo": ["ufficio"]}))) == ("other-answers", [])
    assert [stored.answers["luogo"] for stored in kept(service, "sondaggio")] == ["casa"]


@pytest.fixture
def run(tmp_path: Path, sqlite_url: URL, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    with running(tmp_path, sqlite_url, lambda: datetime.now(UTC)) as service:
        settings = service.settings
        form = service.forms["sondaggio"].form
    box = tmp_path / "box"
    for kind in ("files/a", "maildir/cur", "maildir/new", "maildir/tmp"):
        (box / kind).mkdir(parents=True)
    day = "Mon, 23 Nov 2026 10:00:00 +0100"
    read = letter(mail_text(mail_lines(form, "it", {"luogo": ["casa"], "commento": ["From me"]})), Date=day)
    odd = letter(mail_text(mail_lines(form, "it", {"luogo": ["casa"]})).replace("Casa", "Mare"), Date=day)
    spam = letter("Compra!", number=3)
    for number, raw in enumerate((read, odd, spam), 1):
        (box / "files" / "a" / f"{number}.eml").write_bytes(raw)
        (box / "maildir" / "new" / f"{number}.host").write_bytes(raw)
        mbox = mailbox.mbox(box / "mbox")
        mbox.add(raw)
        mbox.close()
    environ = {"FORMS_DATABASE_URL": str(settings.database_url), "FORMS_CONTENT": str(settings.content)}
    environ |= {"FORMS_DATA": str(settings.data), "FORMS_SECRET_KEY": "k" * 32}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(box)
    return lambda *arguments: CliRunner().invoke(main, ["import-mail", *arguments])


@pytest.mark.parametrize("source", ["files", "maildir", "mbox", "files/a/1.eml"])
def test_every_kind_of_mailbox_is_read_and_left_as_it_is(run: Callable[..., Result], source: str) -> None:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    first, second = run(source), run(source)
    assert "kept, reference" in first.stdout
    assert "known, reference" in second.stdout
    if source == "files/a/1.eml":
        assert (first.exit_code, first.stdout.splitlines()[-1]) == (0, "1 kept, 0 known before, 0 left")
    else:
        assert (first.exit_code, first.stdout.splitlines()[-1]) == (1, "1 kept, 0 known before, 2 left")
        assert "there is no form in it" in first.stdout
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("source", ["files", "maildir", "mbox"])
def test_what_is_kept_can_be_taken_away_and_only_that(run: Callable[..., Result], source: str) -> None:
    assert run(source, "--remove").exit_code == 1
    last = run(source).stdout.splitlines()
    assert last[-1] == "0 kept, 0 known before, 2 left"


def test_the_reasons_are_told_in_italian_too_and_the_links_when_asked(run: Callable[..., Result]) -> None:
    said = run("files", "--lang", "it", "--links").stdout
    assert "non contiene nessun modulo" in said
    assert re.search(r"reference \S{4}-\S{4}, http://127.0.0.1:8000/forms/sondaggio/receipt/[\w-]{43}\n", said)
