"""No template says a sentence of its own, no command prints one, no problem is made of one: catalogues do."""

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
    for file in sorted((*(ROOT / top).rglob("*.html"), *(ROOT / top / "pages").rglob("*.md")))
]
COMMANDS = [
    file
    for folder in ("bacheca/portal/commands", "forms_server/commands")
    for file in sorted((ROOT / folder).glob("*.py"))
]
SERVICE = sorted((ROOT / "forms_server").rglob("*.py"))
PRINTING = {"echo", "prompt", "confirm", "secho", "tell", "word", "UsageError", "ClickException", "BadParameter"}
"""What prints what it is given, or says it before a command ends."""

CODED = {
    "Problem",
    "LetterRefused",
    "StoreUnavailable",
    "LetterProblem",
    "BodyProblem",
    "MailDelayed",
    "MailRefused",
    "MailProblem",
}
"""Problems that are made of a code, whose sentence is looked up."""

OF_JINJA = re.compile(r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NAMES = {"RSS", "Atom", "JSON", "ISCO-08", "ESCO", "NPS"}
"""What is called the same in every language."""

NO_WORDS = re.compile(r"\{\w+\}|--[a-z-]+|\b[A-Z_]{2,}\b|\b[\w-]+\.(?:key|json)\b")
"""What is no word of a sentence: names in braces, options, settings, files."""

FOR_PROGRAMS = re.compile(r'[\w-]+="|\S*\.(?:csv|json)\b|\{:[^}]*\}')
"""Names of files, of the attributes that a macro makes, and of classes in Markdown."""


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
        if isinstance(node, ast.Call) and called(node) in PRINTING:
            for argument in (*node.args, *(named.value for named in node.keywords)):
                yield from literal(argument)


def raised(source: str) -> Iterator[str]:
    """Give the words that a problem of the service is made of without looking them up."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and re.search(r"(Problem|Refused|Damaged|Taken|Saying)$", called(node)):
            for argument in node.args if called(node) not in CODED else ():
                yield from literal(argument)


def called(node: ast.Call) -> str:
    """Give the name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def literal(node: ast.AST) -> Iterator[str]:
    """Give the words that stand in an expression; what is looked up, or is the key of something, is none of them.

    Nor are names in braces, options, and the names of settings and files.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.search(r"[^\W\d_]{2,}", NO_WORDS.sub("", node.value)):
            yield node.value
    elif isinstance(node, (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.BoolOp, ast.List, ast.Tuple)):
        for part in ast.iter_child_nodes(node):
            yield from literal(part)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_template_says_anything_of_its_own(template: Path) -> None:
    assert own_words(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("said", ["<p>Read <b>more</b></p>", '<img alt="A drawing">', "{% if x %}Else{% endif %}"])
def test_such_words_are_found(said: str) -> None:
    assert own_words(said)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda file: f"{file.parents[1].name}-{file.stem}")
def test_no_command_prints_a_sentence_of_its_own(command: Path) -> None:
    assert list(printed(command.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "said",
    [
        'click.echo("Done")',
        'click.echo(f"{count} files")',
        'click.prompt("Name")',
        'click.confirm("Erase them?")',
        'tell("{count} erased", count=3)',
        'tell(_("{count}: {word}"), count=3, word="nothing held")',
        'raise click.UsageError("Name one")',
    ],
)
def test_such_sentences_are_found(said: str) -> None:
    assert list(printed(said))


def test_no_problem_of_the_service_is_made_of_a_sentence_of_its_own() -> None:
    found = {file.relative_to(ROOT).as_posix(): list(raised(file.read_text(encoding="utf-8"))) for file in SERVICE}
    assert {file: words for file, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "said",
    ['raise MoveProblem("Name another")', 'raise SettingsProblem([f"{path}: no folder"])', 'Saying("{count} left")'],
)
def test_such_problems_are_found(said: str) -> None:
    assert list(raised(said))
