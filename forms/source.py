"""YAML as JSON would have it: no dates, no octals, no `no` for false, and every value knows its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from forms.errors import FormProblems, Problem

Key = tuple[str | int, ...]
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
DEEPEST = 20
"""How many lists and properties a value may stand in; a form needs seven."""

OPENING = re.compile(r"(?:[\[{]\s*|[-?][ \t]+){60}")
"""So many openings in a row that libyaml could run out of stack, where no exception helps."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, ten times faster, where PyYAML has it


class Composer(LOADER):  # type: ignore[misc, valid-type]
    """Puts values together without guessing their types, which takes PyYAML a third of its time: `_scalar` knows."""

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """Keep no account of where a value stands."""

    def ascend_resolver(self) -> None:
        """Keep no account of where a value stands."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        """Give every value the same type."""
        return "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class Source:
    """A YAML file read into JSON types.

    Args:
        path: the file, as it is named in problems.
        data: its value.
        lines: where each value stands, by its path of keys and positions; the first line is 1.
    """

    path: str
    data: Any
    lines: dict[Key, int]

    def line(self, *key: str | int) -> int:
        """Give the line of a value, or of the nearest value around it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def problem(self, code: str, *key: str | int, **values: object) -> Problem:
        """Make a problem that points at a value."""
        return Problem(code, self.path, self.line(*key), values=values)


def read_source(path: Path) -> Source:
    """Read a YAML file.

    Raises:
        FormProblems: the file cannot be read, is not YAML, repeats a key, uses an alias or is nested beyond reason.
    """
    name = path.as_posix()
    try:
        text = path.read_text(encoding="utf-8")
        if OPENING.search(text):
            raise FormProblems((Problem("FORM_DEEP", name, 1),))
        node = yaml.compose(text, Loader=Composer)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        raise FormProblems((Problem("FORM_FILE", name, 1, values={"reason": reason}),)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "YAML"
        line = mark.line + 1 if mark else 1
        raise FormProblems((Problem("FORM_YAML", name, line, values={"reason": reason}),)) from None
    source = Source(name, None, {})
    problems: list[Problem] = []
    data = _value(node, (), source, problems, set())
    if problems:
        raise FormProblems(tuple(problems))
    return Source(name, data, source.lines)


def _value(node: yaml.Node | None, key: Key, source: Source, problems: list[Problem], seen: set[int]) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    source.lines.setdefault(key, line)
    if len(key) > DEEPEST:
        problems.append(source.problem("FORM_DEEP", *key))
        return None
    if id(node) in seen:  # an alias: it could contain itself, or grow without end
        problems.append(source.problem("FORM_ALIAS", *key))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            name = str(key_node.value)
            source.lines[(*key, name)] = key_node.start_mark.line + 1
            if name in found:
                problems.append(source.problem("FORM_REPEATED_KEY", *key, name, key=name))
            found[name] = _value(value_node, (*key, name), source, problems, seen)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*key, i), source, problems, seen) for i, item in enumerate(node.value)]
    return _scalar(node)


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
