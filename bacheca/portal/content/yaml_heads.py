"""YAML that editors write beside forms: the front matter of pages, the authors, the settings.

Its problems are those of form files (`bacheca/forms/definition/yaml_mistakes.py`), and what can be mended is read on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bacheca.forms.definition.yaml_mistakes import Composer, misread, mistakes_of
from bacheca.forms.definition.yaml_source import OPENING
from bacheca.forms.errors import Problem
from bacheca.portal.errors import PortalProblem

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(LOADER):  # type: ignore[misc, valid-type]
    """Reads values as YAML 1.1 has them; a date or a number that cannot be stays a text, for the checks to tell of."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Make a value."""
        try:
            return super().construct_object(node, deep)
        except ValueError:
            return node.value


@dataclass(frozen=True)
class Head:
    """Properties, and where each stands.

    Args:
        values: the properties.
        lines: the line of each.
        written: how values that are no texts stand in the file.
        problems: what is wrong with the YAML.
    """

    values: Mapping[str, Any] | None
    lines: Mapping[str, int] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_head(text: str, file: str, known: Collection[str], before: int = 0) -> Head:
    """Read properties.

    Args:
        text: their YAML.
        file: the file, as problems name it.
        known: the properties that may stand there.
        before: how many lines of the file stand before the text.

    Returns:
        The properties, mistakes mended as the problems propose; None where nothing can be made of them.
    """
    if OPENING.search(text):
        return Head(None, problems=(Problem("FORM_DEEP", file, before + 1),))
    mistakes = list(misread(text.split("\n")))
    if mistakes or not _holds_properties(text):
        mistakes, text = mistakes_of(text, known)
    problems: list[Problem] = [
        Problem(found.code, file, found.line + before, values=found.values)
        if found.code
        else PortalProblem("PAGE_YAML", file, found.line + before, values=found.values)
        for found in mistakes
    ]
    if mistakes and not text:
        return Head(None, problems=tuple(problems))
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Head({}, problems=tuple(problems))
        if not isinstance(node, yaml.MappingNode):
            raise yaml.MarkedYAMLError(problem_mark=node.start_mark)
        lines: dict[str, int] = {}
        written: dict[str, str] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1 + before
            if name in lines:
                values = {"key": name, "first": lines[name]}
                problems.append(Problem("FORM_REPEATED_KEY", file, line, values=values))
            lines.setdefault(name, line)
            written.setdefault(name, text[value.start_mark.index : value.end_mark.index])
        return Head(loader.construct_document(node), lines, written, tuple(problems))
    except yaml.YAMLError as error:  # a tag that nobody knows, or properties that are none
        mark = getattr(error, "problem_mark", None)
        line = mark.line if mark else 0
        said = {"written": text.split("\n")[line].strip(), "mended": ""}
        return Head(None, problems=(*problems, PortalProblem("PAGE_YAML", file, line + 1 + before, values=said)))
    finally:
        loader.dispose()


def _holds_properties(text: str) -> bool:
    """Tell whether a text is YAML that holds properties."""
    try:
        node = yaml.compose(text, Loader=Composer)
    except yaml.YAMLError:
        return False
    return not isinstance(node, yaml.ScalarNode)
