"""Letters that hold a form become responses, once; whatever cannot be read stays where it is, with the reason.

One way in: mailboxes, letters and people’s mistakes all end in the same few outcomes.
"""

from __future__ import annotations

import base64
import mailbox
import os
import re
import signal
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.policy import default
from html import escape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import URL, select

from bacheca.forms import limits
from bacheca.forms.errors import LetterRefused
from bacheca.forms.submission.mail_template import mail_lines, mail_text
from bacheca.forms.submission.mime import Letter, read_letter
from forms_server.__main__ import main
from forms_server.context import Service
from forms_server.database.tables import letter_marks
from forms_server.errors import LetterProblem
from forms_server.store import StoredResponse
from forms_server.submission.letter_reader import LetterReader
from forms_server.submission.mail_import import MailImport
from forms_server.submission.mailbox_files import envelopes_in
from tests.forms_server.samples import Respondent, link, running
from tests.forms_server.stored import responses_in

ADA = {"nome": ["Ada Prova"], "email": ["ada@example.org"], "consenso": ["true"]}
CASA = {"luogo": ["casa"], "commento": ["perché\nsì"]}


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


def letter(body: str, html: str = "", number: int = 1, **headers: Any) -> bytes:
    message = EmailMessage()
    said = {"Message-ID": f"<{number}@example.org>", "From": "Ada <ada@example.org>", "Subject": "Sondaggio", **headers}
    for name, value in said.items():
        message[name] = value
    message.set_content(body, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html", cte="base64")
    return message.as_bytes()


def kept(service: Service, form: str) -> list[StoredResponse]:
    return list(responses_in(service.store, form, 1))


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


def test_a_letter_that_answers_only_what_is_not_shown_is_empty(
    tmp_path: Path, database_url: URL, now: list[datetime]
) -> None:
    asked = "  form:widget: textarea\n"

    def edit(form: str) -> str:
        return form.replace(asked, f"{asked}  form:showIf: {{field: luogo, answered: true}}\n")

    with running(tmp_path, database_url, lambda: now[0], edit) as service:
        desk = MailImport(service.intake, service.forms, "http://localhost")
        lines = mail_lines(service.forms["sondaggio"].form, "it", {"commento": ["perché"]})
        assert refused(desk, letter(mail_text(lines))) == ("empty", [])
        assert list(responses_in(service.store, "sondaggio", 1)) == []


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


def quoted(text: str, times: int = 1) -> str:
    return re.sub("(?m)^", "> " * times, text)


GRAZIE: dict[str, Any] = {"Message-ID": "<grazie@example.org>", "Subject": "Re: Sondaggio"}
AUTOMATIC: dict[str, Any] = {"Auto-Submitted": "auto-replied"}
THREAD: dict[str, Any] = {"In-Reply-To": "<2@example.org>", "References": "<1@example.org> <2@example.org>"}


def passed_on(raw: bytes, *, attached: bool) -> bytes:
    """Write a letter of the secretary's that holds another one."""
    message = EmailMessage()
    message["Message-ID"], message["From"], message["Subject"] = "<fwd@example.org>", "s@example.org", "Fwd: Sondaggio"
    inner = message_from_bytes(raw, policy=default)
    assert isinstance(inner, EmailMessage)
    if attached:
        message.set_content("Ecco.")
        message.add_attachment(inner)
    else:
        message.set_content(f"---- Messaggio inoltrato ----\nDa: Ada <ada@example.org>\n\n{inner.get_content()}")
    return message.as_bytes()


QUOTING: dict[str, Callable[[str], bytes]] = {
    "thanks, quoted twice": lambda text: letter("Grazie!\n\n" + quoted(text, 2), **GRAZIE, **THREAD),
    "thanks, quoted twice, without the thread": lambda text: letter("Grazie!\n\n" + quoted(text, 2), **GRAZIE),
    "thanks, quoted once": lambda text: letter("Grazie!\n\n" + quoted(text), **GRAZIE, **THREAD),
    "thanks, quoted once, without the thread": lambda text: letter("Grazie!\n\n" + quoted(text), **GRAZIE),
    "thanks above what Outlook does not quote": lambda text: letter(
        f"Grazie!\n\nDa: Ada\n\n{text}", **GRAZIE, **THREAD
    ),
    "the secretary's answer": lambda text: letter(
        "Ricevuto.\n\n" + quoted(text), **GRAZIE, **THREAD, From="Segreteria <s@example.org>"
    ),
    "folded by the program that quotes": lambda text: letter(
        quoted(re.sub("perché\n", "perché ", text)), **GRAZIE, **THREAD
    ),
    "passed on": lambda text: passed_on(letter(text), attached=False),
    "passed on as a file": lambda text: passed_on(letter(text), attached=True),
}


@pytest.mark.parametrize("fate", ["kept", "erased", "corrected"])
def test_a_letter_that_quotes_an_answer_adds_none_whatever_became_of_it(
    desk: MailImport, service: Service, text: Callable[..., str], fate: str
) -> None:
    written = text("sondaggio", CASA)
    receipt = desk.keep(letter(written)).receipt
    assert receipt is not None
    where = f"/forms/sondaggio/receipt/{receipt.token}"
    if fate == "erased":
        Respondent(service).post(f"{where}/withdraw")
    elif fate == "corrected":
        Respondent(service).post(f"{where}/correct", {"luogo": "ufficio"})

    def held() -> tuple[object, ...]:
        return service.store.counts("sondaggio"), [stored.answers for stored in kept(service, "sondaggio")]

    before = held()
    assert [name for name, quote in QUOTING.items() if desk.keep(quote(written)).is_new] == []
    assert not desk.keep(letter(written)).is_new
    assert held() == before


@pytest.mark.parametrize("name", [name for name in QUOTING if "quoted twice" not in name and "Outlook" not in name])
def test_in_whichever_order_they_are_read_they_are_one(
    desk: MailImport, service: Service, text: Callable[..., str], name: str
) -> None:
    written = text("sondaggio", CASA)
    assert desk.keep(QUOTING[name](written)).is_new
    assert not desk.keep(letter(written)).is_new
    assert service.store.counts("sondaggio") == {"kept": 1}


def test_what_programs_answer_and_what_is_quoted_twice_is_never_a_response(
    desk: MailImport, service: Service, text: Callable[..., str]
) -> None:
    written = text("sondaggio", CASA)
    assert refused(desk, letter(quoted(written), **AUTOMATIC)) == ("automatic", [])
    assert refused(desk, letter("Grazie!\n" + quoted(written, 2))) == ("quoted", [])
    desk.keep(letter(written))
    other = text("sondaggio", {"luogo": ["ufficio"]})
    assert refused(desk, letter(quoted(other), **GRAZIE, **THREAD)) == ("quoted", [])
    bounce = MIMEMultipart("report")
    bounce.attach(MIMEMessage(message_from_bytes(letter(other, number=9))))
    assert refused(desk, bounce.as_bytes()) == ("automatic", [])
    assert service.store.counts("sondaggio") == {"kept": 1}


def test_people_who_answer_the_same_letter_alike_are_several_responses(
    desk: MailImport, service: Service, text: Callable[..., str]
) -> None:
    written = text("sondaggio", CASA)
    for number, name in enumerate(("ada", "eva", "ugo"), 10):
        asked: dict[str, Any] = {"In-Reply-To": "<invito@example.org>", "References": "<invito@example.org>"}
        assert desk.keep(letter(quoted(written), number=number, From=f"{name}@example.org", **asked)).is_new
    assert desk.keep(passed_on(letter(written, number=20, From="ida@example.org"), attached=True)).is_new
    assert desk.keep(letter(written, number=21, From="leo@example.org")).is_new
    assert service.store.counts("sondaggio") == {"kept": 5}


def test_nothing_of_a_letter_is_kept_to_know_it_again_but_hashes(
    desk: MailImport, service: Service, text: Callable[..., str]
) -> None:
    desk.keep(letter(text("sondaggio", CASA)))
    with service.store.snapshot() as snapshot:
        rows = snapshot._connection.execute(select(letter_marks)).all()
    assert rows
    assert all(form == "sondaggio" and re.fullmatch("[0-9a-f]{64}", mark) for form, mark in rows)


def test_whatever_goes_wrong_with_a_letter_is_that_letter_s_problem(service: Service, text: Callable[..., str]) -> None:
    for error in (RecursionError, MemoryError, LookupError, ValueError, KeyError, UnicodeError, AssertionError):

        def fails(raw: bytes, error: type[Exception] = error) -> Letter:
            raise error

        broken = MailImport(service.intake, service.forms, "http://localhost", fails)
        assert refused(broken, letter(text("sondaggio", CASA))) == ("unreadable", [])


def test_a_letter_is_read_in_a_process_that_may_die_of_it(text: Callable[..., str]) -> None:
    good = letter(text("sondaggio", CASA))
    with LetterReader(seconds=30) as reader:
        assert reader.read(good) == read_letter(good)
        with pytest.raises(LetterRefused):
            reader.read(b"x" * (limits.LETTER + 1))
        os.kill(reader.process_id, signal.SIGSTOP)  # it hangs, for as long as anybody waits
        reader.seconds = 0.2
        with pytest.raises(LetterRefused) as caught:
            reader.read(good)
        assert caught.value.problems[0].code == "letter-hard"
        reader.seconds = 30
        os.kill(reader.process_id, signal.SIGKILL)
        with pytest.raises(LetterRefused):
            reader.read(good)
        assert reader.read(good) == read_letter(good)


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


def test_a_folder_of_all_kinds_is_read_through_and_nothing_in_it_is_passed_over(run: Callable[..., Result]) -> None:
    all_kinds = Path("all")
    (all_kinds / "deeper").mkdir(parents=True)
    Path("files/a/1.eml").rename(all_kinds / "ANSWER.EML")
    Path("mbox").rename(all_kinds / "deeper" / "archive.mbox")
    Path("maildir").rename(all_kinds / "maildir")
    (all_kinds / "notes.txt").write_text("Da leggere.")
    (all_kinds / ".DS_Store").write_bytes(b"\0")
    done = run("all")
    places = [line.partition(": ")[0] for line in done.stdout.splitlines()[:-1]]
    assert places == [
        "all/ANSWER.EML",
        *["all/deeper/archive.mbox"] * 3,
        *[f"all/maildir/new/{number}.host" for number in (1, 2, 3)],
        "all/notes.txt",
    ]
    assert done.stdout.splitlines()[-1] == "1 kept, 2 known before, 5 left"


@pytest.mark.parametrize("source", ["files", "maildir", "mbox"])
def test_what_is_kept_can_be_taken_away_and_only_that(run: Callable[..., Result], source: str) -> None:
    assert run(source, "--remove").exit_code == 1
    last = run(source).stdout.splitlines()
    assert last[-1] == "0 kept, 0 known before, 2 left"


def test_the_reasons_are_told_in_italian_too_and_the_links_when_asked(run: Callable[..., Result]) -> None:
    said = run("files", "--lang", "it", "--links").stdout
    assert "non contiene nessun modulo" in said
    assert re.search(r"riferimento \S{4}-\S{4}, http://127.0.0.1:8000/forms/sondaggio/receipt/[\w-]{43}\n", said)


HOSTILE = {
    "1-nested.eml": b"Content-Type: message/rfc822\r\n\r\n" * 1_500,
    "2-comments.eml": b"Content-Type: text/html\r\n\r\n" + b"<!--" * 200_000,
    "3-charset.eml": b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-" * 200_000,
    "4-items.eml": b"Content-Type: text/html\r\n\r\n" + b"<li>a" * 150_000,
    "5-large.eml": b"Subject: x\r\n\r\n" + b"x" * (limits.LETTER + 1),
    "6-escape\x1b[2J.eml": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n" * 1_000,
}


@pytest.mark.parametrize("source", ["files", "mbox"])
def test_hostile_letters_are_named_and_the_others_are_read(run: Callable[..., Result], source: str) -> None:
    good = Path("files/a/1.eml").read_bytes()
    for path in Path("files/a").iterdir():
        path.unlink()
    Path("mbox").write_bytes(b"")
    for name, raw in {**HOSTILE, "9-good.eml": good}.items():
        Path("files/a", name).write_bytes(raw)
        with Path("mbox").open("ab") as file:
            file.write(b"From x\n" + raw.replace(b"\r\n", b"\n") + b"\n")
    Path("files/a/7-folder.eml").mkdir()
    os.mkfifo("files/a/8-endless.eml")
    done = run(source)
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "1 kept, 0 known before, 6 left"
    assert done.stdout.count("left there: The ") == 4
    assert "\x1b" not in done.stdout
    assert "— ask whoever wrote" in done.stdout


def test_of_a_mailbox_no_more_than_a_letter_is_in_memory(tmp_path: Path) -> None:
    box = tmp_path / "box"
    with box.open("wb") as file:
        file.write(b"From a\nSubject: uno\n\nprimo\n>From me\n\nFrom b\n\n")
        file.truncate(200 * 1024 * 1024)  # a letter of zeros, which takes no room on the disk
        file.seek(0, os.SEEK_END)
        file.write(b"\nFrom c\nSubject: tre\n\nterzo\n")
    tracemalloc.start()
    found = [(envelope.place, len(envelope.read()), envelope.read()[:40]) for envelope in envelopes_in(box)]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [size for _, size, _ in found] == [29, limits.LETTER + 1, 20]
    assert (found[0][2], found[2][2]) == (b"Subject: uno\n\nprimo\nFrom me\n\n", b"Subject: tre\n\nterzo\n")
    assert most < 6 * limits.LETTER


def test_a_mailbox_that_cannot_be_read_is_named_and_the_next_one_is_read(run: Callable[..., Result]) -> None:
    Path("closed.eml").symlink_to("/proc/self/mem")
    done = run("closed.eml", "files/a/1.eml")
    assert done.exit_code == 1
    assert "kept, reference" in done.stdout
    assert "closed.eml: " in done.output
