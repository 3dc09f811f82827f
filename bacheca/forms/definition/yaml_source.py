"""YAML as JSON would have it: no dates, no octals, no `no` for false, and every value knows its line."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bacheca.forms.definition.text_file import read_text
from bacheca.forms.definition.yaml_lines import in_quotes
from bacheca.forms.definition.yaml_mistakes import Composer, mistakes_of
from bacheca.forms.errors import FormProblems, Problem

Key = tuple[str | int, ...]
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
DEEPEST = 20
"""How many lists and properties a value may stand in; a form needs seven."""

OPENING = re.compile(r"(?:[\[{]\s*|[-?][ \t]+){60}")
"""So many openings in a row that libyaml could run out of stack, where no exception helps."""


@dataclass(frozen=True)
class Source:
    """A YAML file read into JSON types.

    Args:
        path: the file, as it is named in problems.
        data: its value.
        lines: where each value stands, by its path of keys and positions; the first line is 1.
        written: how values that are no texts stand in the file: `1e5` for 100000.
    """

    path: str
    data: Any
    lines: dict[Key, int]
    written: dict[Key, str] = field(default_factory=dict)

    def line(self, *key: str | int) -> int:
        """Give the line of a value, or of the nearest value around it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def as_written(self, *key: str | int) -> str:
        """Give a value as it stands in the file; empty where it is not there."""
        if key in self.written:
            return self.written[key]
        value = self.data
        for part in key:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return ""
        return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)

    def quoted(self, *key: str | int) -> str:
        """Give a value as it would be written to be read as a text."""
        return in_quotes(self.as_written(*key))

    def problem(self, code: str, *key: str | int, **values: object) -> Problem:
        """Make a problem that points at a value."""
        return Problem(code, self.path, self.line(*key), values=values, place=key)


def read_source(path: Path) -> Source:
    """Read a YAML file.

    Raises:
        FormProblems: the file cannot be read, is not YAML, repeats a key, uses an alias or is nested beyond reason.
    """
    source, problems = open_source(path)
    if source is None or problems:
        raise FormProblems(tuple(problems))
    return source


def open_source(path: Path, known: Collection[str] = ()) -> tuple[Source | None, list[Problem]]:
    """Read a YAML file as far as it can be read.

    Args:
        path: the file.
        known: the properties that may stand in it, by which one that lacks its colon is known.

    Returns:
        The file, its mistakes mended as its problems propose, and those problems; None for a file that nothing
        can be made of.
    """
    name = path.as_posix()
    file = read_text(path)
    problems = [Problem("FORM_FILE", name, file.line, values={"reason": file.reason})] if file.reason else []
    if file.reason and not file.text:
        return None, problems
    if OPENING.search(file.text):
        return None, [*problems, Problem("FORM_DEEP", name, 1)]
    mistakes, text = mistakes_of(file.text, known)
    problems += [Problem(m.code or "FORM_YAML", name, m.line, values=m.values) for m in mistakes]
    if mistakes and not text:
        return None, problems
    try:
        node = yaml.compose(text, Loader=Composer)
    except yaml.YAMLError:  # mended text can be read; this is for what nobody has thought of
        return None, problems or [Problem("FORM_YAML", name, 1, values={"written": "", "mended": ""})]
    reader = Reader(name, text, problems)
    return Source(name, reader.value(node, ()), reader.lines, reader.written), problems


@dataclass
class Reader:
    """Turns what YAML is made of into JSON types, and notes where everything stands.

    Args:
        path: the file, as it is named in problems.
        text: its text.
        problems: is added to.
    """

    path: str
    text: str
    problems: list[Problem]
    lines: dict[Key, int] = field(default_factory=dict)
    written: dict[Key, str] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node | None, key: Key) -> Any:
        """Read a value and all that is in it."""
        if node is None:
            return None
        line = node.start_mark.line + 1
        self.lines.setdefault(key, line)
        if len(key) > DEEPEST:
            self.problems.append(Problem("FORM_DEEP", self.path, line, place=key))
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            value: Any = self.mapping(node, key)
        elif isinstance(node, yaml.SequenceNode):
            items = enumerate(node.value)
            value = [self.value(item, (*key, i)) for i, item in items if not self.is_alias(item, (*key, i))]
        else:
            value = _scalar(node)
        if not isinstance(value, str):
            self.written[key] = " ".join(self.text[node.start_mark.index : node.end_mark.index].split())
        return value

    def mapping(self, node: yaml.MappingNode, key: Key) -> dict[str, Any]:
        """Read properties; of those that are written twice, the first."""
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            name, line = str(key_node.value), key_node.start_mark.line + 1
            if name in found:
                values = {"key": name, "first": self.lines[*key, name]}
                self.problems.append(Problem("FORM_REPEATED_KEY", self.path, line, values=values))
                continue
            self.lines[*key, name] = line
            if not self.is_alias(value_node, (*key, name)):
                found[name] = self.value(value_node, (*key, name))
        return found

    def is_alias(self, node: yaml.Node, key: Key) -> bool:
        """Tell whether a value stands elsewhere too: it could contain itself, or grow without end."""
        if id(node) not in self.seen:
            return False
        line = self.lines.setdefault(key, node.start_mark.line + 1)
        self.problems.append(Problem("FORM_ALIAS", self.path, line, place=key))
        return True


def _scalar(node: yaml.Node) -> Any:
    text = node.value
    if isinstance(node, yaml.ScalarNode) and node.style:  # quoted, or a block of text
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    number = NUMBER.fullmatch(text)
    if number:
        return float(text) if number[2] or number[3] else int(text)
    return text
