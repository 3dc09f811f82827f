"""A form as text to send by e-mail, for when sending it is not possible.

The text is what `mail_parser.py` reads back: a first line that names form, language and version, then each
question with its field's name in square brackets, options as `[ ]`, and `>>` before a written answer; a last line
says where the answers end, whatever a mail program writes beneath.
"""

from __future__ import annotations

from urllib.parse import quote

from bacheca.forms.catalogues import translations
from bacheca.forms.definition.form import Form
from bacheca.forms.definition.when_to_answer import when_to_answer
from bacheca.forms.kinds import Posted
from bacheca.forms.kinds.reading import MailLine

MAILTO_LIMIT = 1_800
"""The most characters of a `mailto:` address that every mail program takes."""


def mail_lines(form: Form, language: str, posted: Posted) -> list[MailLine]:
    """Write a form as lines of text, with what was answered so far in its place."""
    say = translations(language).gettext
    lines = [
        MailLine(form.wording(language).title),
        MailLine(f"[{form.name} {language} {form.version}]"),
        MailLine(say("Put an x between the brackets of your answers, write the others after >>, and send it.")),
    ]
    for number, field in enumerate((field for field in form.fields if field.asks), 1):
        words = field.words[language]
        lines.append(MailLine(""))
        lines += [MailLine(text) for text in (words.section, words.stem) if text]
        lines.append(MailLine(f"{number}. {words.title} [{field.name}]"))
        lines += [MailLine(text) for text in (when_to_answer(form, field, language),) if text]
        lines += field.mail_lines(language, posted)
    return [*lines, MailLine(""), MailLine(f"[/{form.name}]")]


def mail_text(lines: list[MailLine]) -> str:
    """Join the lines into the text of an e-mail."""
    return "\n".join(f"{line.before}{line.slot}{line.after}" for line in lines)


def mailto(form: Form, language: str, address: str, text: str) -> str:
    """Make the `mailto:` link; a text too long for it is left to be pasted (RFC 6068)."""
    say = translations(language).gettext
    subject = quote(form.wording(language).title)
    body = quote(text.replace("\n", "\r\n"))
    if len(body) > MAILTO_LIMIT:
        body = quote(say("Paste here the text copied from the page of the form."))
    return f"mailto:{quote(address, safe='@')}?subject={subject}&body={body}"
