"""Writes a form file as an editor would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from bacheca.forms.definition.yaml_source import NUMBER

WIDTH = 100
READ_OTHERWISE = frozenset(("", "~", "null", "true", "false"))


class Dumper(yaml.SafeDumper):
    """Small mappings on one line, texts quoted where a form file would read them as something else."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write a value again where it comes again: form files have no aliases."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Put the dashes of a list under its key."""
        super().increase_indent(flow, indentless)


def _mapping(dumper: Dumper, data: Mapping[str, Any]) -> yaml.Node:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", data.items())
    leaves = all(not isinstance(value, dict | list) for value in data.values())
    short = sum(len(str(key)) + len(str(value)) + 4 for key, value in data.items()) < WIDTH
    node.flow_style = leaves and short and "\n" not in str(data) and "fields" not in data and "name" not in data
    return node


def _list(dumper: Dumper, data: list[Any]) -> yaml.Node:
    flow = all(isinstance(value, str | int | list) for value in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)


def _text(dumper: Dumper, data: str) -> yaml.Node:
    quoted = data in READ_OTHERWISE or NUMBER.fullmatch(data)
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"' if quoted else None)


Dumper.add_representer(dict, _mapping)
Dumper.add_representer(list, _list)
Dumper.add_representer(str, _text)


def yaml_text(data: Mapping[str, Any]) -> str:
    """Write the content of a form file or of a translation; reading it gives the same content."""
    return yaml.dump(dict(data), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)
