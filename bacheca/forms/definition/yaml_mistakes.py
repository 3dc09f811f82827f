"""Every mistake for which a YAML file cannot be read, at the line where it began, with the line that was meant.

Parsers stop at the first fault, and tell of it where they got lost. Here each line that looks wrong is mended as its
rule proposes, and the parser says whether it then gets further: so a proposal always helps, and the mended text can
be read on for the next mistake.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import yaml

from bacheca.forms.definition.yaml_lines import LAST_RULES, RULES, STRANGE_BLANKS, Rule, in_quotes, parted

MOST = 40
"""The most mistakes that are told of a file."""

WORK = 2_000_000
"""The most characters that are parsed, again and again, to find the mistakes of a file."""

LOOK = 500
"""The characters that could be parsed while the rules look at a line."""

NEAR = 3
"""How many lines above the one at fault may stand at the wrong place."""

UNREADABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML lets nobody write; line ends are LF by now."""

OTHER_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
"""What ends a line for YAML and for no editor."""

BRACKETED = ("while scanning a quoted scalar", "while parsing a flow")
"""Where a parser says so, the place where something opened is known."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, ten times faster, where PyYAML has it


class Composer(LOADER):  # type: ignore[misc, valid-type]
    """Puts values together without guessing their types, which takes PyYAML a third of its time."""

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """Keep no account of where a value stands."""

    def ascend_resolver(self) -> None:
        """Keep no account of where a value stands."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        """Give every value the same type."""
        return "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class Mistake:
    """A mistake in a file.

    Args:
        code: its rule, the code of a problem; empty where no rule knows it.
        line: the line where it began, from 1.
        written: that line.
        mended: the line that was meant.
        more: what else its sentence names.
    """

    code: str
    line: int
    written: str
    mended: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    def applied(self, lines: Sequence[str]) -> str:
        """Give the text with the line as it was meant."""
        return "\n".join((*lines[: self.line - 1], self.mended, *lines[self.line :]))

    @property
    def values(self) -> dict[str, object]:
        """What the sentences name."""
        return {"written": self.written.strip(), "mended": self.mended, **self.more}


@dataclass(frozen=True)
class Fault:
    """Where a parser got lost: the line, from 0, and column, and the line where something opened; -1: nowhere."""

    line: int
    column: int
    opened: int = -1


@dataclass
class Parser:
    """Parses again and again, within a limit."""

    left: int = WORK

    def fault_of(self, text: str) -> Fault | None:
        """Say where a text stops being YAML that is a list or holds properties."""
        unclosed = sum(text.count(mark) for mark in "[{") - sum(text.count(mark) for mark in "]}")
        self.left -= len(text) * (1 + abs(unclosed) // 10)  # what is nested deeply takes much longer
        try:
            node = yaml.compose(text, Loader=Composer)
        except yaml.MarkedYAMLError as error:
            mark, context = error.problem_mark, error.context_mark
            opened = context.line if context and str(error.context).startswith(BRACKETED) else -1
            return Fault(mark.line, mark.column, opened) if mark else Fault(0, 0)
        except yaml.YAMLError:
            return Fault(0, 0)
        return Fault(0, 0) if isinstance(node, yaml.ScalarNode) else None


def mistakes_of(text: str, known: Collection[str], *, tags: bool = False) -> tuple[list[Mistake], str]:
    """Find every mistake for which a text cannot be read, or is read as something else.

    Args:
        text: the text of a YAML file, its lines ended by LF.
        known: the properties that may stand in it.
        tags: whether a value may begin with a tag, such as `!ENV`.

    Returns:
        The mistakes in the order of finding, and the text as it was meant; empty where not all could be mended.
    """
    lines = OTHER_LINE_ENDS.sub(" ", text).split("\n")
    mistakes = [*_unreadable(lines), *_hyphens(lines)]
    parser = Parser()
    fault = parser.fault_of("\n".join(lines))
    while fault and len(mistakes) < MOST:
        found = _first_mended(lines, fault, known, parser)
        if found is None:
            line = min(fault.opened if fault.opened >= 0 else fault.line, len(lines) - 1)
            while line and not lines[line].strip():
                line -= 1
            return _by_line([*mistakes, Mistake("", line + 1, lines[line])]), ""
        mistake, fault = found
        mistakes.append(mistake)
        lines[mistake.line - 1] = mistake.mended
    if fault:
        return _by_line(mistakes), ""
    silent = [mistake for mistake in misread(lines) if not tags or mistake.more.get("sign") != "!"]
    for mistake in silent:
        lines[mistake.line - 1] = mistake.mended
    return _by_line([*mistakes, *silent]), "\n".join(lines)


def _by_line(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Put mistakes in order, one a line: the first that was found of it, and the line as it was mended at last."""
    found: dict[int, Mistake] = {}
    for mistake in mistakes:
        first = found.get(mistake.line, mistake)
        found[mistake.line] = replace(first, mended=mistake.mended)
    return [found[line] for line in sorted(found)]


def _unreadable(lines: list[str]) -> Iterator[Mistake]:
    """Find characters that YAML lets nobody write, and take them away."""
    for i, line in enumerate(lines):
        found = UNREADABLE.search(line)
        if found:
            lines[i] = UNREADABLE.sub("", line)
            yield Mistake("YAML_CONTROL", i + 1, lines[i], lines[i], {"char": f"U+{ord(found[0]):04X}"})


def _first_mended(
    lines: Sequence[str], fault: Fault, known: Collection[str], parser: Parser, *, pairs: bool = True
) -> tuple[Mistake, Fault | None] | None:
    """Find the mistake that the parser meets first: one that helps when mended, or one of two that hide each other."""
    last = min(fault.line, len(lines) - 1)
    opened = (fault.opened,) if 0 <= fault.opened <= last else ()
    upwards = list(dict.fromkeys((*opened, *range(last, -1, -1))))
    near = [i for i in range(last, -1, -1) if lines[i].strip()][:NEAR]
    for rules, tried in ((RULES, upwards), (LAST_RULES, near)):
        for mistake in _proposals(lines, rules, tried, known, parser):
            if parser.left < 0:
                return None
            after = parser.fault_of(mistake.applied(lines))
            if _helps(after, fault, mistake.line - 1) or (after and _closes(lines, mistake, fault, after)):
                return mistake, after
    if pairs:
        for mistake in _proposals(lines, RULES, near, known, parser):
            mended = mistake.applied(lines).split("\n")
            if _first_mended(mended, fault, known, parser, pairs=False):
                return mistake, fault
    return None


def _proposals(
    lines: Sequence[str], rules: Mapping[str, Rule], tried: Sequence[int], known: Collection[str], parser: Parser
) -> Iterator[Mistake]:
    for i in tried:
        parser.left -= LOOK
        if parser.left < 0:
            return
        for code, rule in rules.items():
            for mended in rule(lines, i, known):
                if mended != lines[i]:
                    yield Mistake(code, i + 1, lines[i], mended, _more(lines[i]))


def _helps(after: Fault | None, before: Fault, i: int) -> bool:
    """Tell whether the parser gets further with line `i` mended."""
    if after is None or ((after.line, after.column) > (before.line, before.column) and after.line != i):
        return True
    return before.opened == i and after.line > i


def _closes(lines: Sequence[str], mistake: Mistake, before: Fault, after: Fault) -> bool:
    """Tell whether a quote left open went on to the one that opens another text, where the parser got lost."""
    if mistake.code != "YAML_QUOTE" or after.line < mistake.line:
        return False
    mark = parted(mistake.written)[1][:1] or '"'
    return before.line == next((j for j in range(mistake.line, len(lines)) if mark in lines[j]), -1)


def _more(line: str) -> dict[str, str]:
    _, value, _ = parted(line)
    strange = STRANGE_BLANKS.search(line)
    return {"sign": value[:1], "value": value, "char": f"U+{ord(strange[0]):04X}" if strange else ""}


def _hyphens(lines: list[str]) -> Iterator[Mistake]:
    """Find items of a list whose hyphen touches a property, which to a parser is a property of that name."""
    for i in list(_outside_blocks(lines)):
        if re.match(r"[ \t]*-[A-Za-z$]\w*:(?:[ ]|$|\w+:[ ])", lines[i]):
            written, lines[i] = lines[i], lines[i].replace("-", "- ", 1)
            yield Mistake("YAML_DASH", i + 1, written, lines[i])


def _outside_blocks(lines: Sequence[str]) -> Iterator[int]:
    """Give the lines that are not in a block of text, opened by `|` or `>`."""
    block = -1
    for i, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if block >= 0 and (indent > block or not line.strip()):
            continue
        block = indent if re.search(r":[ ]+[|>][-+0-9]*[ ]*(?:#.*)?$", line) else -1
        yield i


def misread(lines: Sequence[str]) -> Iterator[Mistake]:
    """Find texts of which a sign takes a part away, without a word: a # that is no remark, `!word` and `&word`."""
    for i in _outside_blocks(lines):
        head, value, remark = parted(lines[i])
        cut = re.fullmatch(r"[^\"'\[{|>&*!#].*?[ \t]+#[^\s#].*", value + remark)
        if cut and value.split()[0] not in ("true", "false"):
            yield Mistake("YAML_HASH", i + 1, lines[i], head + in_quotes(value + remark))
        elif re.match(r"(?:&|!(?!relative)[a-zà-ÿ])[^\s\[{]*[ ]+[^\s\[{\"'&*!]", value):
            yield Mistake("YAML_SIGN", i + 1, lines[i], head + in_quotes(value) + remark, _more(lines[i]))
