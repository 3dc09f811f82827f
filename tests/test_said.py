"""No template says a sentence of its own, and no command of the portal prints one: they stand in the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.pseudo import SAID

ROOT = Path(__file__).parents[1]
TEMPLATES = [
    file
    for top in ("bacheca/forms/html/templates", "bacheca/portal/theme", "bacheca/portal/templates", "forms_server")
    for file in sorted((ROOT / top).rglob("*.html"))
]
COMMANDS = sorted((ROOT / "bacheca/portal/commands").glob("*.py"))

OF_JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NAMES = {"RSS", "Atom", "JSON", "ISCO-08", "ESCO", "NPS"}
"""What is called the same in every language."""

FOR_PROGRAMS = re.compile(r'[\w-]+="|\S*\.(?:csv|json)\b')
"""Names of files, and of the attributes that a macro makes."""


def own_words(template: str) -> list[str]:
    """Give what a template says by itself, in its text and in the attributes that people read or hear."""
    tree = LexborHTMLParser(OF_JINJA.sub("\N{OBJECT REPLACEMENT CHARACTER}", template))
    tree.strip_tags(["script", "style"])
    attributes = (said for node in tree.css("*") for name in SAID if (said := node.attributes.get(name)))
    texts = [tree.root.text(separator="\n") if tree.root else "", *attributes]
    words = (word for text in texts for word in re.findall(r"[^\s\W][\w-]+", FOR_PROGRAMS.sub("", text)))
    return [word for word in words if word not in NAMES and re.search(r"[^\W\d_]{2,}", word)]


def printed(source: str) -> Iterator[str]:
    """Give the words that a command prints without looking them up."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("echo", "prompt"):
            for argument in node.args:
                yield from literal(argument)


def literal(node: ast.AST) -> Iterator[str]:
    """Give the words that stand in an expression; what is looked up, or is the key of something, is none of them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[^\W\d_]{2,}", node.value):
        yield node.value
    elif isinstance(node, (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.BoolOp)):
        for part in ast.iter_child_nodes(node):
            yield from literal(part)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_template_says_anything_of_its_own(template: Path) -> None:
    assert own_words(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("said", ["<p>Read <b>more</b></p>", '<img alt="A drawing">', "{% if x %}Else{% endif %}"])
def test_such_words_are_found(said: str) -> None:
    assert own_words(said)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda file: file.stem)
def test_no_command_of_the_portal_prints_a_sentence_of_its_own(command: Path) -> None:
    assert list(printed(command.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("said", ['click.echo("Done")', 'click.echo(f"{count} files")', 'click.prompt("Name")'])
def test_such_sentences_are_found(said: str) -> None:
    assert list(printed(said))
