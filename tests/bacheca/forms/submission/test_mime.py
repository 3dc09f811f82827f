"""E-mails as Outlook, Gmail, Apple Mail, Thunderbird and phones write them."""

from __future__ import annotations

import base64
import quopri
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bacheca.forms import limits
from bacheca.forms.errors import LetterRefused
from bacheca.forms.submission.html_text import text_of_html
from bacheca.forms.submission.mime import read_letter, tidy, unflowed

HEAD = "Message-ID: <1@example.org>\r\nFrom: Ada <ada@example.org>\r\nMIME-Version: 1.0\r\n"
TEXT = "Perché sì – “forse” è\n[x] Casa\n>> l’altro"


def letter(kind: str, body: bytes, encoding: str = "8bit") -> bytes:
    return f"{HEAD}Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "raw",
    [
        letter("text/plain; charset=utf-8", TEXT.encode()),
        letter("text/plain; charset=utf-8", TEXT.replace("\n", "\r\n").encode()),
        letter("text/plain; charset=utf-8", quopri.encodestring(TEXT.encode()), "quoted-printable"),
        letter("text/plain; charset=utf-8", base64.encodebytes(TEXT.encode()), "base64"),
        letter("text/plain; charset=windows-1252", TEXT.encode("cp1252")),
        letter("text/plain; charset=iso-8859-1", TEXT.encode("cp1252")),  # what Outlook calls so
        letter("text/plain", TEXT.encode()),
        letter("text/plain", TEXT.encode("cp1252")),
        letter("text/plain; charset=us-ascii", TEXT.encode()),
        letter("text/plain; charset=klingon", TEXT.encode()),
        letter("text/plain; charset=utf-16", b"\xff\xfe" + TEXT.encode("utf-16-le")),
        letter("text/plain; charset=utf-8", TEXT.replace(" ", "\u00a0").replace("Casa", "Ca\u200bsa").encode()),
    ],
)
def test_a_text_is_read_whatever_it_is_wrapped_in(raw: bytes) -> None:
    assert read_letter(raw).texts == (TEXT,)


def test_the_plain_text_comes_first_and_then_what_the_html_says() -> None:
    raw = letter(
        "multipart/mixed; boundary=a",
        b"--a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nuno\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>due</p>\r\n--b--\r\n"
        b"--a\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\ntre\r\n--a--\r\n",
    )
    assert [text.strip() for text in read_letter(raw).texts] == ["uno", "due"]


def test_a_letter_without_text_says_nothing() -> None:
    assert read_letter(letter("application/ms-tnef", b"AAAA", "base64")).texts == ()
    assert read_letter(b"").texts == ()


OUTLOOK = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p {margin:0} --></style>
<!--[if gte mso 9]><xml>no</xml><![endif]--></head><body lang=IT><div class=WordSection1>
<p class=MsoNormal><span lang=IT>1. Nome&nbsp;[nome]<o:p></o:p></span></p>
<p class=MsoNormal>&gt;&gt; Ada
Prova<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal>[x] S&igrave;</p></div></body></html>"""
GMAIL = """<div dir="ltr">Ciao<div><br></div><div class="gmail_quote"><div class="gmail_attr">ha scritto:<br></div>
<blockquote class="gmail_quote"><div>1. Nome [nome]</div><div>&gt;&gt; Ada<br></div></blockquote></div></div>"""
PASTED = '<pre class="form-mail-text">1. Nome [nome]\n<span data-control="nome">&gt;&gt;  a   b</span>\n\nfine</pre>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (OUTLOOK, "1. Nome [nome]\n>> Ada Prova\n\n[x] Sì"),
        (GMAIL, "Ciao\n\nha scritto:\n> 1. Nome [nome]\n> >> Ada"),
        (PASTED, "1. Nome [nome]\n>>  a   b\n\nfine"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<table><tr><td>[ ]</td><td>Casa</td></tr></table>", "[ ] Casa"),
        ("<script>alert(1)</script><title>no</title><b>s</b>ì", "sì"),
        ("<p>a<p>b</blockquote></blockquote>c", "a\nbc"),
    ],
)
def test_html_is_read_as_its_reader_sees_it(html: str, text: str) -> None:
    assert tidy(text_of_html(html)).strip() == text


def test_an_address_that_outlook_repeats_as_a_link_stands_once() -> None:
    assert tidy(">> ada@example.org<mailto:Ada@example.org>") == ">> ada@example.org"
    assert tidy("vedi www.example.org/a <https://www.example.org/a/> qui") == "vedi www.example.org/a qui"
    assert tidy("Ada <ada@example.org> e <https://example.org>") == "Ada <ada@example.org> e <https://example.org>"


def test_flowed_lines_are_joined_and_the_others_are_not() -> None:
    assert unflowed("una riga \nlunga \nfin qui\n >> Ada\n>> \n\nfine\n-- \nfirma") == (
        "una riga lunga fin qui\n>> Ada\n>> \n\nfine\n-- \nfirma"
    )
    assert unflowed("> citata \n> ancora \n>> di altri\nmia") == "> citata ancora \n>> di altri\nmia"
    assert unflowed("paro \nla", delete_space=True) == "parola"
    raw = letter("text/plain; format=flowed; delsp=yes", b"paro \r\nla\r\n")
    assert read_letter(raw).texts == ("parola\n",)


def test_a_letter_is_known_by_its_message_id_and_without_one_by_what_it_says() -> None:
    named = letter("text/plain", b"a")
    nameless = named.replace(b"Message-ID: <1@example.org>\r\n", b"")
    assert read_letter(named).key == "<1@example.org>"
    assert read_letter(nameless).key == read_letter(nameless).key
    assert len({read_letter(raw).key for raw in (nameless, nameless + b"b", b"Date: x\r\n" + nameless)}) == 3


@pytest.mark.parametrize(
    ("headers", "moment"),
    [
        ("Date: Mon, 23 Nov 2026 10:00:00 +0100", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("Date: Mon, 23 Nov 2026 10:00:00 -0000", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        (
            "Received: from a; Tue, 24 Nov 2026 08:00:00 +0000\r\nReceived: x; y\r\nDate: Mon, 23 Nov 2026 10:00:00",
            datetime(2026, 11, 24, 8, tzinfo=UTC),
        ),
        ("Received: nonsense\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("Date: ieri", None),
        ("X: y", None),
    ],
)
def test_when_it_came_is_what_the_last_server_says(headers: str, moment: datetime | None) -> None:
    assert read_letter(f"{headers}\r\n\r\nCiao".encode()).received == moment


AUTOMATIC = [
    "Auto-Submitted: auto-replied (vacation)",
    "Auto-Submitted: auto-generated",
    "Subject: Risposta automatica: Sondaggio",
    "Subject: Automatic reply: Sondaggio",
    "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_Sondaggio?=",
    "Subject: Abwesenheitsnotiz: Sondaggio",
    "Precedence: bulk",
    "Precedence: junk",
    "Precedence: auto_reply",
    "X-Autoreply: yes",
    "X-Autorespond: fuori sede",
    "Return-Path: <>",
    "From: MAILER-DAEMON@example.org",
    "Content-Type: multipart/report; report-type=delivery-status; boundary=a",
]


@pytest.mark.parametrize("header", AUTOMATIC)
def test_what_a_program_wrote_is_known(header: str) -> None:
    assert read_letter(f"{header}\r\n\r\nCiao".encode()).is_automatic


@pytest.mark.parametrize(
    "headers",
    [
        "X: y",
        "Auto-Submitted: no",
        "Subject: Re: Risposta",
        "Subject: Automatico",
        "Precedence: list",
        "Precedence: bulk\r\nList-Id: <soci.example.org>",
    ],
)
def test_what_people_wrote_is_not_taken_for_a_program_s(headers: str) -> None:
    assert not read_letter(f"{headers}\r\n\r\nCiao".encode()).is_automatic


@pytest.mark.parametrize(
    ("raw", "is_passed_on"),
    [
        ("Subject: Sondaggio\r\n\r\nCiao", False),
        ("Subject: Re: Sondaggio\r\n\r\nInoltrato", False),
        ("Subject: Fwd: Sondaggio\r\n\r\nCiao", True),
        ("Subject: I: Sondaggio\r\n\r\nCiao", True),
        ("Subject: =?utf-8?b?Rnc6IEPDoCBTb25kYWdnaW8=?=\r\n\r\nCiao", True),
        ("Subject: guarda\r\n\r\n---------- Forwarded message ---------", True),
        ("Subject: guarda\r\n\r\nInizio messaggio inoltrato:", True),
    ],
)
def test_a_letter_that_is_passed_on_is_known(raw: str, is_passed_on: bool) -> None:
    assert read_letter(raw.encode()).is_passed_on == is_passed_on


def test_a_letter_says_who_sent_it_and_what_it_answers_and_holds() -> None:
    read = read_letter(
        b"From: Ada <Ada@Example.org>\r\nReferences: <1@a>\r\n <2@a>\r\nIn-Reply-To: <2@a>\r\n"
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nCiao <mailto:eva@example.org>\r\n--a\r\n"
        b"Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\nMessage-ID: <3@a>\r\n\r\nUno\r\n--a--"
    )
    assert (read.sender, set(read.answers), read.addresses) == (
        "ada@example.org",
        {"<1@a>", "<2@a>"},
        ("eva@example.org",),
    )
    assert [(inner.key, inner.texts) for inner in read.enclosed] == [("<3@a>", ("Uno",))]


@given(st.binary(max_size=400), st.sampled_from(["text/plain", "text/html", "multipart/mixed; boundary=a", "a/b", "x"]))
def test_no_bytes_are_too_broken_to_be_looked_at(body: bytes, kind: str) -> None:
    read_letter(letter(kind, body, "base64"))
    read_letter(letter(kind, b"--a\r\n" + body))
    read_letter(body)


def nested(kind: str, times: int) -> bytes:
    """Put a letter into a letter into a letter…"""
    if kind == "message":
        return b"Content-Type: message/rfc822\r\n\r\n" * times + b"Content-Type: text/plain\r\n\r\nx"
    return b"".join(f"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n".encode() for i in range(times))


HTML = "text/html; charset=utf-8"
BEYOND: dict[str, tuple[bytes, str]] = {
    "too many bytes": (letter("text/plain", b"x" * limits.LETTER), "letter-size"),
    "too many lines": (letter("text/plain", b"\n" * (limits.LETTER_LINES + 1)), "letter-lines"),
    "letters in letters": (nested("message", 1_500), "letter-parts"),
    "letters in letters, within the number": (nested("message", 30), "letter-parts"),
    "parts in parts": (nested("multipart", 1_500), "letter-parts"),
    "many parts": (letter("multipart/mixed; boundary=a", b"--a\r\n\r\n" * 50_000), "letter-parts"),
    "a long header": (letter("text/plain; " + '";' * 10_000, b"x"), "letter-header"),
    "many headers": (b"A: b\r\n" * 2_000 + b"\r\nx", "letter-header"),
    "a long text": (letter("text/plain", b"x" * (limits.LETTER_TEXT + 1)), "letter-text"),
    "many lines of text": (letter("text/plain", b"x\n" * (limits.LETTER_TEXT_LINES + 2)), "letter-text"),
    "a long HTML": (letter(HTML, b"x" * (limits.LETTER_TEXT + 1)), "letter-text"),
    "list items": (letter(HTML, b"<li>a" * 150_000), "letter-text"),
    "elements in elements": (letter(HTML, b"<div>" * (limits.LETTER_TAGS + 1)), "letter-text"),
    "attributes": (letter(HTML, b"<a " + b" ".join(b"x%d=1" % i for i in range(90_000)) + b">"), "letter-text"),
    "attributes behind a quote": (letter(HTML, b'<a x=">" ' + b"b " * 200 + b">"), "letter-text"),
    "a tag without an end": (letter(HTML, b"<a x='" * 15_000), "letter-text"),
}


@pytest.mark.parametrize(("raw", "code"), BEYOND.values(), ids=BEYOND.keys())
def test_a_letter_beyond_a_limit_is_refused_and_the_limit_named(raw: bytes, code: str) -> None:
    with pytest.raises(LetterRefused) as caught:
        read_letter(raw)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert "{" not in caught.value.problems[0].sentence("it") + caught.value.problems[0].remedy("it")


def test_comments_that_never_end_are_read_in_one_go() -> None:
    assert read_letter(letter(HTML, b"<!--" * 200_000)).texts == ()


def test_a_text_is_read_even_where_the_html_beside_it_is_beyond_a_limit() -> None:
    html = b"<li>a" * 100_000
    both = b"--b\r\nContent-Type: text/plain\r\n\r\nuno\r\n--b\r\nContent-Type: text/html\r\n\r\n" + html
    assert [text.strip() for text in read_letter(letter("multipart/alternative; boundary=b", both)).texts] == ["uno"]


@pytest.mark.parametrize("name", ["punycode", "idna", "utf-7", "unicode_escape", "raw-unicode-escape", "rot13", "mbcs"])
def test_no_name_of_a_charset_reaches_a_codec_that_mail_does_not_use(name: str) -> None:
    body = b"Casa-\\u0041+AEE-"
    for kind in (f'text/plain; charset="{name}"', f"text/plain; charset*=utf-8''{name}"):
        assert read_letter(letter(kind, body)).texts == (body.decode(),)
    assert read_letter(letter(f"text/plain; charset*={name}''utf-8", body)).texts == (body.decode(),)


def test_one_long_flowed_line_is_joined_in_one_go() -> None:
    assert len(unflowed("parola \n" * 200_000)) == 1_400_000
