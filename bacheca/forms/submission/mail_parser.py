"""A form that came back by e-mail: what `mail_template.py` wrote, read again after mail programs and people had it.

Nothing is guessed: a box is found by its label, an answer by its question, and words that belong to neither are a
problem that somebody has to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bacheca.forms import limits
from bacheca.forms.definition.form import Form
from bacheca.forms.definition.when_to_answer import when_to_answer
from bacheca.forms.errors import LetterRefused, Problem
from bacheca.forms.kinds import Field
from bacheca.forms.kinds.reading import MailLine
from bacheca.forms.text import canonical_text

HEADER = re.compile(
    r"\[(?P<form>[a-z][a-z0-9-]{0,63})[\s>]+(?P<language>[a-z]{2,3}(?:-[A-Z]{2})?)[\s>]+(?P<version>[0-9a-f]{16})\s*\]"
)
BOX = r"[\[(](?P<mark>[^\[\]()\n]{0,5})[\])]\s*"
TICKS = frozenset(("x", "×", "✗", "✘", "✓", "✔", "☑", "☒", "v", "s", "sì", "si", "y", "yes", "ok", "1", "*", "•"))
BLANK = frozenset(("", "_", "__", "☐"))
PLACE = r"(?:>>|»|›››?|＞＞)"
"""The mark before a written answer, and what programs that mend quotes make of it."""

ENDINGS = re.compile(
    r"^(?:--$|_{10,}$|-{2,}\s*(?:messaggio|original|forwarded)|(?:inviato|sent|get|scarica|ottieni)\s(?:da|from|outlook)"
    r"|(?:il|on)\s[^\n]{10,120}(?:\n[^\n]{0,80})?(?:ha scritto|wrote):$|(?:da|from):\s)",
    re.IGNORECASE | re.MULTILINE,
)
"""What stands under a letter: a signature, what a phone says of itself, the letter that is answered."""

TITLE_LIMIT = 1_000
"""How long a question may have been whose words are others now, in characters."""

ALIKE = ("'’‘ʼ`´", '"“”„«»', "-–—‑−")
"""Characters that programs put for one another."""


@dataclass(frozen=True)
class Copy:
    """A form inside a letter.

    Args:
        form: the form's name.
        language: the language it was written in.
        version: the version of the form.
        depth: how often it is quoted; 0 where the sender wrote it.
        text: what follows its first line, without the marks of quoting.
        whole: whether its last line is there too.
    """

    form: str
    language: str
    version: str
    depth: int
    text: str
    whole: bool


def copies_of(text: str) -> tuple[Copy, ...]:
    """Find the forms in the text of a letter: of those that are quoted more and less, only those quoted least.

    Raises:
        LetterRefused: there are more than anybody sends.
    """
    headers = list(islice(HEADER.finditer(text), limits.LETTER_FORMS + 1))
    if len(headers) > limits.LETTER_FORMS:
        raise LetterRefused("letter-forms", {"limit": limits.LETTER_FORMS})
    ends = (*(text.rfind("\n", 0, header.start()) + 1 for header in headers[1:]), len(text))
    copies = [_copy(text, header, end) for header, end in zip(headers, ends, strict=False)]
    least = min((copy.depth for copy in copies), default=0)
    return tuple(copy for copy in copies if copy.depth == least)


def read_copy(form: Form, copy: Copy) -> tuple[dict[str, list[str]], tuple[Problem, ...]]:
    """Read the answers in a form.

    Args:
        form: the form, of the copy's version.
        copy: what came back.

    Returns:
        The answers as a browser would post them, and what could not be read, in the order of the fields.
    """
    posted: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for field, content in _parts(form, copy, problems):
        said, unread = _read_field(form, field, copy.language, content)
        posted |= said
        if unread:
            title = field.words[copy.language].title
            problems.append(Problem("mail-unread", field=field.name, values={"title": title, "text": unread}))
    order = [field.name for field in form.fields]
    return posted, tuple(sorted(problems, key=lambda problem: order.index(problem.field)))


def holds_text(copy: Copy, text: str) -> bool:
    """Tell whether a form holds a text, as the one who agrees to it must have read it."""
    return re.search(_pattern_of(text), copy.text) is not None


def _copy(text: str, header: re.Match[str], end: int) -> Copy:
    begins = text.rfind("\n", 0, header.start()) + 1
    quoting = re.match(r"[\s>]*", text[begins : header.start()])
    depth = quoting[0].count(">") if quoting else 0
    block = "\n".join(_unquoted(line, depth) for line in text[header.end() : end].split("\n"))
    closing = re.search(rf"\[/{re.escape(header['form'])}\]", block)
    block = block[: closing.start()] if closing else block
    return Copy(header["form"], header["language"], header["version"], depth, block, closing is not None)


def _unquoted(line: str, depth: int) -> str:
    """Take off as many marks of quoting as stand before the form's first line; what has fewer was added by hand."""
    quoted = re.match(rf"(?: ?>){{1,{depth}}} ?", line) if depth else None
    return line[quoted.end() :] if quoted else line


def _parts(form: Form, copy: Copy, problems: list[Problem]) -> Iterator[tuple[Field, str]]:
    """Divide a form into its questions, each with what stands under it."""
    found: list[tuple[Field, int, int]] = []
    at = 0
    for number, field in enumerate((field for field in form.fields if field.asks), 1):
        place = _question(field, number, copy, at)
        if place is None:
            title = field.words[copy.language].title
            problems.append(Problem("mail-lacks", field=field.name, values={"title": title}))
            continue
        found.append((field, *place))
        at = place[1]
    for i, (field, _, start) in enumerate(found):
        content = copy.text[start : found[i + 1][1] if i + 1 < len(found) else len(copy.text)]
        ending = ENDINGS.search(content) if i + 1 == len(found) and not copy.whole else None
        yield field, content[: ending.start()] if ending else content


def _question(field: Field, number: int, copy: Copy, at: int) -> tuple[int, int] | None:
    """Find where a question begins and ends: by its words, or by its name where the words have changed since."""
    words = field.words[copy.language]
    above = "".join(rf"(?:{_pattern_of(text)}\s+)?" for text in (words.section, words.stem) if text)
    name = rf"\[{re.escape(field.name)}\]"
    whole = re.compile(rf"{above}(?:{number}\.\s*)?{_pattern_of(words.title)}\s*{name}")
    found = whole.search(copy.text, at) or re.compile(
        rf"(?m)^ *(?:{number}\.[^\[\]]{{0,{TITLE_LIMIT}}})?{name}"
    ).search(copy.text, at)
    return (found.start(), found.end()) if found else None


def _read_field(form: Form, field: Field, language: str, rest: str) -> tuple[dict[str, list[str]], str]:
    """Read what stands under a question; give the answers and what is none."""
    posted: dict[str, list[str]] = {}
    lines = field.mail_lines(language, {})
    for text in (when_to_answer(form, field, language), *(line.before for line in lines if not line.control)):
        if text and (printed := re.match(rf"\s*{_pattern_of(text)}", rest)):
            rest = rest[printed.end() :]
    boxes = [line for line in lines if line.value is not None]
    slots = [line for line in lines if line.control and line.value is None]
    rest, ticked = _ticked(boxes, rest, own_words=len(boxes) > 1 and not slots)  # one box alone is a consent
    for line in boxes:
        if line in ticked:
            posted.setdefault(line.control, []).append(line.value or "")
    if not slots:
        return posted, rest.strip()
    if len(slots) == 1 and slots[0].before == ">> ":
        text = re.sub(rf"(?m)\A\s*(?:{PLACE}|>) ?|^ *{PLACE} ?", "", rest, count=1)
        values, rest = {slots[0].control: text.strip()}, ""
    else:
        values, rest = _labelled(slots, rest)
    posted |= {name: [text if field.many_lines else " ".join(text.split())] for name, text in values.items() if text}
    return posted, rest.strip()


def _ticked(boxes: list[MailLine], rest: str, *, own_words: bool) -> tuple[str, list[MailLine]]:
    """Find the boxes with a mark; give what stands beside all boxes, and those that are ticked.

    Args:
        boxes: the lines of the options.
        rest: what stands under the question.
        own_words: whether a label written without its box is that answer.
    """
    ticked = []
    labels = {_label(line): line for line in boxes}
    for label in sorted(labels, key=len, reverse=True):  # «Sì, spesso» before «Sì»
        found = re.search(rf"{BOX}{_pattern_of(label)}(?=\s*(?:$|\[|\())", rest, re.MULTILINE)
        mark = found["mark"].strip().casefold() if found else ""
        if found and mark in BLANK | TICKS:
            rest = f"{rest[: found.start()]}{rest[found.end() :]}"
            ticked += [labels[label]] if mark in TICKS else []
    if own_words:
        lines = rest.split("\n")
        for label, line in labels.items():
            is_label = re.compile(rf"\s*(?:{PLACE}\s*)?{_pattern_of(label)}\s*").fullmatch
            others = [text for text in lines if not is_label(text)]
            ticked += [line] if len(others) < len(lines) and line not in ticked else []
            lines = others
        rest = "\n".join(lines)
        if boxes and re.fullmatch(rf"\s*{PLACE}?\s*", rest):
            rest = ""
    return rest, ticked


def _label(line: MailLine) -> str:
    return line.after.removeprefix("] ")


def _labelled(slots: list[MailLine], rest: str) -> tuple[dict[str, str], str]:
    """Read the answers that have a label each; give them by control, and what stands before them all."""
    marks: list[tuple[int, int, str]] = []
    for line in slots:
        label = line.before.removesuffix(" >> ")
        found = re.search(rf"(?:^|\s){_pattern_of(label)}\s*{PLACE}", rest)
        marks += [(found.start(), found.end(), line.control)] if found else []
    if not marks:
        return {}, rest
    marks.sort()
    ends = [start for start, _, _ in marks[1:]] + [len(rest)]
    values = {name: rest[start:end].strip() for (_, start, name), end in zip(marks, ends, strict=True)}
    return values, rest[: marks[0][0]]


def _pattern_of(text: str) -> str:
    """Match a text of ours as mail programs give it back: folded, with other quotes and dashes, in other case."""
    words = canonical_text(text).replace("…", "...").split()
    return r"(?i:" + r"\s+".join("".join(map(_alike, word)).replace(r"\.\.\.", r"(?:\.\.\.|…)") for word in words) + ")"


def _alike(character: str) -> str:
    group = next((group for group in ALIKE if character in group), "")
    return f"[{re.escape(group)}]" if group else re.escape(character)
