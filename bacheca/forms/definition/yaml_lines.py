"""What beginners get wrong in a line of YAML, and the line they meant: one rule a mistake, its name the problem's code.

A rule proposes; whether a proposal helps is for the parser to say (`bacheca/forms/definition/yaml_mistakes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

NAME = r"[\w$.-]+(?::[A-Za-z]\w*)?"
ITEMS = r"[ \t]*(?:-[ \t]+)*"
ENTRY = re.compile(rf"({ITEMS}(?:{NAME}|\"[^\"]*\"|'[^']*')[ ]*:[ \t]+)(\S.*)")
ITEM = re.compile(r"([ \t]*(?:-[ \t]+)+)(\S.*)")
REMARK = re.compile(r"(?<![ \t])[ \t]+#([ \t].*)?$")
CLOSED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
STRANGE_BLANKS = re.compile(r"[\xa0\u2000-\u200a\u202f\u205f\u3000]|([\u200b-\u200d\u2060\ufeff])")
STRANGE_PLACES = re.compile(rf"^[ \t-]*{STRANGE_BLANKS.pattern}|[:,]{STRANGE_BLANKS.pattern}|{STRANGE_BLANKS.pattern}:")
CURLY = "“”„‟«»‘’‚"
PAIR = re.compile(
    rf"([{{,][ ]*{NAME}[ ]*:[ ]+)([^\"'\s{{}}\[\],][^{{}}\[\],]*?|[@`%&*!|>?][^{{}}\[\],]*?)(?=[ ]*[,}}])"
)
CLOSERS = {"[": "]", "{": "}"}

Rule = Callable[[Sequence[str], int, Collection[str]], Iterator[str]]
"""Gives what a line may have been meant to be: it is given all lines, which one, and the properties that are known."""


def in_quotes(text: str) -> str:
    """Write a text so that YAML reads all of it as one."""
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


def parted(line: str) -> tuple[str, str, str]:
    """Split a line into what stands before its value, the value, and a remark after it."""
    found = ENTRY.fullmatch(line) or ITEM.fullmatch(line)
    if not found:
        return line, "", ""
    value = found[2].rstrip()
    closed = CLOSED.match(value)
    remark = REMARK.search(value, closed.end() if closed else 0)
    return (found[1], value[: remark.start()], remark[0]) if remark else (found[1], value, "")


def indent_of(line: str) -> int:
    """Count the blanks at the left of a line."""
    return len(line) - len(line.lstrip())


def places(lines: Sequence[str], i: int) -> list[int]:
    """Give how far from the left a line may stand, as those above it do, the nearest first."""
    found: dict[int, None] = {}
    for line in reversed(lines[max(0, i - 60) : i]):
        if line.strip() and not line.lstrip().startswith("#"):
            here = indent_of(line.replace("\t", "  "))
            dashes = re.match(r"(?:-[ ]+)*", line.lstrip())
            found |= dict.fromkeys((here, here + len(dashes[0]) if dashes else here))
    here = indent_of(lines[i].replace("\t", "  "))
    return sorted({*found, *(place + 2 for place in found)}, key=lambda place: (abs(place - here), -place))


def tab(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A tab among the blanks at the left."""
    left = re.match(r"[ \t]*(?:-[ \t]*)?", lines[i])
    if left and "\t" in left[0]:
        yield re.sub(r"\t", "  ", re.sub(r"-[ \t]+", "- ", left[0])) + lines[i][left.end() :]
        rest = re.sub(r"^-[ \t]+", "- ", lines[i].lstrip())
        yield from (" " * place + rest for place in places(lines, i))


def blank(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A blank that is none for YAML, where YAML wants one."""
    if STRANGE_PLACES.search(lines[i]):
        yield STRANGE_BLANKS.sub(lambda found: "" if found[1] else " ", lines[i])


def marker(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A line that ends a document, where nothing of it may follow."""
    if re.fullmatch(r"(?:-{2,}|\.{3}|—-?|–{1,3})[ ]*", lines[i]):
        yield ""


def dash(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A hyphen without its space, or another mark where a hyphen is meant."""
    found = re.match(r"([ \t]*)(?:-(?=[\w\"'{\[])|[–—•·*][ ]*(?=\S))(?!-)", lines[i])
    if found:
        yield f"{found[1]}- {lines[i][found.end() :]}"


def colon_space(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A colon without its space."""
    for name in (rf"form:\w+|{re.escape('$schema')}", r"[A-Za-z_]\w*"):
        found = re.match(rf"({ITEMS}(?:{name})):(?=[^\s:/])", lines[i])
        if found and found[1].strip(" -\t") != "form":
            yield f"{found[1]}: {lines[i][found.end() :]}"
            return
    yield from _in_pairs(lines[i], re.compile(r"([{,][ ]*[A-Za-z_]\w*):(?=[^\s:/,}])"), r"\1: ")


def _in_pairs(line: str, pattern: re.Pattern[str], by: str) -> Iterator[str]:
    if "{" in line and (mended := pattern.sub(by, line)) != line:
        yield mended


def colon_missing(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A property that is known, without its colon."""
    found = re.fullmatch(rf"({ITEMS}({NAME}))(?:[ ]*[=;,][ ]*|[ ]+(?![:])|$)(.*)", lines[i].rstrip())
    if found and (found[2] in known or re.match(r"[ ]*[=;]", lines[i][found.end(1) :])):
        yield f"{found[1]}: {found[3]}" if found[3] else f"{found[1]}:"


def curly(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """Quotes as a word processor makes them."""
    head, value, remark = parted(lines[i])
    if value and (value[0] in CURLY or value[-1] in CURLY):
        yield head + in_quotes(value.strip(CURLY + "\"'")) + remark
    if any(mark in CURLY for mark in lines[i]) and "{" in lines[i]:
        yield re.sub("[“”„‟]", '"', lines[i])


def quote(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A quote that opens a value and does not close."""
    head, value, _ = parted(lines[i])
    if value[:1] in ('"', "'") and not CLOSED.match(value):
        yield head + in_quotes(value[1:].rstrip())
    opened = re.search(r"([:,{\[][ ]*)([\"'])((?:(?!\2)[^,}\]])*)([,}\]].*)$", lines[i])
    if opened and len(re.findall(opened[2], lines[i])) % 2:
        yield lines[i][: opened.start()] + opened[1] + in_quotes(opened[3]) + opened[4]


def after_quotes(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A value that begins with quotes and goes on after them."""
    head, value, remark = parted(lines[i])
    closed = CLOSED.match(value)
    if closed and closed.end() < len(value):
        whole = value
        if value[-1] == value[0] and value.count(value[0]) % 2:
            whole = value[1:-1]
        elif re.match(r"'[^']*\w'\w", value):  # the second is an apostrophe
            whole = value[1:].removesuffix("'")
        yield head + in_quotes(whole.replace("''", "'")) + remark
        yield head + in_quotes(value) + remark


def colon(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A colon in a text without quotes."""
    head, value, remark = parted(lines[i])
    if value and value[0] not in "\"'{[" and (": " in value or value.endswith(":")):
        yield head + in_quotes(value) + remark
    yield from quoted_pairs(lines[i], lambda said: ": " in said or said.endswith(":"))


def quoted_pairs(line: str, strange: Callable[[str], object]) -> Iterator[str]:
    """Put quotes around the values between braces that are strange."""
    if "{" in line:
        mended = PAIR.sub(lambda found: found[1] + in_quotes(found[2]) if strange(found[2]) else found[0], line)
        if mended != line:
            yield mended


def sign(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A text that begins with a sign that means something else."""
    head, value, remark = parted(lines[i])
    if value and (value[0] in "@`%&*!|>[]{},#" or re.match(r"[-?:](?:[ ]|$)", value)):
        yield head + in_quotes(value) + remark
    yield from quoted_pairs(line=lines[i], strange=lambda said: said[0] in "@`%&*!|>?")


def bracket(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """Brackets that open and do not close, or the other way round."""
    head, value, remark = parted(lines[i])
    open_ones: list[str] = []
    spare = ""
    for mark in re.sub(CLOSED, "", value or lines[i]):
        if mark in CLOSERS:
            open_ones.append(CLOSERS[mark])
        elif mark in "]}":
            if open_ones and open_ones[-1] == mark:
                open_ones.pop()
            else:
                spare = mark
    whole = (head + value if value else lines[i]).rstrip()
    if open_ones and not spare:
        comma = whole.endswith(",")
        yield whole.removesuffix(",") + "".join(reversed(open_ones)) + ("," if comma else "") + remark
    elif spare and open_ones:
        yield whole.rstrip("]}") + "".join(reversed(open_ones)) + remark
    elif spare and value[:1] != spare:
        opener = "[" if spare == "]" else "{"
        start = re.match(ITEMS, whole)
        begin = start.end() if start else 0
        yield whole[:begin] + opener + whole[begin:] + remark
        yield head + opener + value + remark
        yield whole[:-1].rstrip() + remark


def list_under(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A value, and a list under it."""
    head, value, remark = parted(lines[i])
    after = next((line for line in lines[i + 1 :] if line.strip()), "")
    begin = re.match(ITEMS, lines[i])
    under = re.match(r"[ ]*-[ ]", after) and begin and indent_of(after) >= len(begin[0])
    if value and ENTRY.fullmatch(lines[i]) and under:
        yield head.rstrip() + remark


def indent(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A line too far to the left or to the right."""
    if re.match(rf"{ITEMS}(?:{NAME})[ ]*:(?:[ ]|$)|[ ]*-[ ]", lines[i]):
        for place in places(lines, i):
            if place != indent_of(lines[i]):
                yield " " * place + lines[i].lstrip()


def continues(lines: Sequence[str], i: int, known: Collection[str]) -> Iterator[str]:
    """A text that goes on at the left of where it began."""
    above = next((line for line in reversed(lines[:i]) if line.strip()), "")
    if above and lines[i].strip() and not ENTRY.fullmatch(lines[i]):
        dashes = re.match(ITEMS, above)
        yield " " * ((len(dashes[0]) if dashes else 0) + 2) + lines[i].lstrip()


RULES: dict[str, Rule] = {
    "YAML_TAB": tab,
    "YAML_BLANK": blank,
    "YAML_MARKER": marker,
    "YAML_DASH": dash,
    "YAML_CURLY": curly,
    "YAML_QUOTE": quote,
    "YAML_AFTER_QUOTES": after_quotes,
    "YAML_COLON_SPACE": colon_space,
    "YAML_COLON_MISSING": colon_missing,
    "YAML_BRACKET": bracket,
    "YAML_COLON": colon,
    "YAML_LIST": list_under,
    "YAML_SIGN": sign,
}
"""What is tried on every line from the one at fault upwards."""

LAST_RULES: dict[str, Rule] = {"YAML_INDENT": indent, "YAML_CONTINUES": continues}
"""What is tried where nothing else helps, on the lines next to the one at fault."""
