"""The help of commands, and what is wrong with how one is typed, in the language of whoever reads it.

Each sentence is looked up where it is shown, those of click by how they come out.

Catalogues are read only then: whoever runs a command does not wait for them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from textwrap import shorten
from typing import Any, ClassVar

import click

DOMAIN = "help"
"""The catalogue of what helps say."""

OF_CLICK = (
    "Error: {message}",
    "Try '{command}' for help.",
    "No such option '{name}'.",
    "No such command '{name}'.",
    "{message} Did you mean '{name}'?",
    "{message} (Did you mean one of: {names}?)",
    "Missing command.",
    "Missing argument '{name}'.",
    "Missing option '{name}'.",
    "Missing option '{name}'. {choices}",
    "Missing argument '{name}'. {choices}",
    "Choose from:{choices}",
    "Got unexpected extra argument ({arguments})",
    "Got unexpected extra arguments ({arguments})",
    "Option '{name}' requires an argument.",
    "Option '{name}' does not take a value.",
    "Invalid value for '{name}': {problem}",
    "'{value}' is not a valid integer.",
    "'{value}' is not a valid integer range.",
    "{value} is not in the range {range}.",
    "'{value}' is not one of {choices}.",
    "'{value}' does not match the format '{format}'.",
    "'{value}' does not match the formats {formats}.",
    "Path '{path}' does not exist.",
    "File '{path}' does not exist.",
    "Directory '{path}' does not exist.",
    "File '{path}' is a directory.",
    "Directory '{path}' is a file.",
    "[default: {value}]",
    "[default: {value}; {range}]",
    "[required]",
)
"""What click says of how a command is typed, the longer sentence before one that is within it."""

PLACE = re.compile(r"\\\{(\w+)\\\}")
"""Where a sentence, escaped for a pattern, names something."""

MARK = re.compile(r"\[[^\]]*\]")
"""What an option is where it is not given, or that it must be."""


class SpokenFormatter(click.HelpFormatter):
    """Writes a help in a language.

    Args:
        group: the commands it is of, with their catalogues.
        width: how wide the terminal is; None where nobody knows.
        max_width: how wide a help gets at most.
    """

    def __init__(self, group: SpokenGroup, width: int | None = None, max_width: int | None = None):
        super().__init__(width=width, max_width=max_width)
        self._group, self._language = group, group.help_language()

    def said(self, sentence: str) -> str:
        """Say a sentence in the language."""
        return self._group.said(sentence, self._language)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is typed."""
        super().write_usage(prog, args, prefix or f"{self.said('Usage:')} ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Write a part under its name."""
        with super().section(self.said(name)):
            yield

    def write_text(self, text: str) -> None:
        """Write what a command does, a paragraph at a time."""
        super().write_text("\n\n".join(self.said(part) for part in text.split("\n\n")))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write what each option is for, beside what it is where it is not given."""
        parted = [(name, *re.split(r"(?=(?:^|  )\[)", told, maxsplit=1)) for name, told in rows]
        said = [
            (name, "".join((self.said(told), *(MARK.sub(self._said_mark, mark) for mark in marks))))
            for name, told, *marks in parted
        ]
        super().write_dl(said, col_max, col_spacing)

    def _said_mark(self, mark: re.Match[str]) -> str:
        return self._group.retold(mark[0], self._language)


class SpokenContext(click.Context):
    """What a command is run in, where its help speaks."""

    def make_formatter(self) -> click.HelpFormatter:
        """Make what writes the help."""
        context: click.Context | None = self
        groups = []
        while context:
            groups += [context.command] if isinstance(context.command, SpokenGroup) else []
            context = context.parent
        return SpokenFormatter(groups[-1], self.terminal_width, self.max_content_width)


class SpokenGroup(click.Group):
    """Commands whose help speaks the languages of the catalogues in some folders."""

    context_class = SpokenContext
    locales: ClassVar[tuple[Path, ...]] = ()

    def help_language(self) -> str:
        """Give the language of the help: that of the terminal."""
        from bacheca.forms import USUAL  # noqa: PLC0415
        from bacheca.forms.locales import language_of_terminal  # noqa: PLC0415

        return language_of_terminal(os.environ) or USUAL.language

    def said(self, sentence: str, language: str) -> str:
        """Say a sentence as the first catalogue that has it does, on one line."""
        from bacheca.forms.catalogues import LOCALE, as_typed, translations  # noqa: PLC0415  only where help is read

        if not (english := " ".join(sentence.split())):
            return ""
        told = (translations(language, folder, DOMAIN).gettext(english) for folder in (*self.locales, LOCALE))
        return next((one for one in told if one != as_typed(english)), as_typed(english))

    def retold(self, text: str, language: str) -> str:
        """Say what click says, with what is said within it; anything else stays as it is."""
        for sentence in OF_CLICK:
            pattern = PLACE.sub(r"(?P<\1>.+?)", re.escape(sentence))
            if found := re.fullmatch(pattern, text, re.DOTALL):
                values = {name: self.retold(value, language) for name, value in found.groupdict().items()}
                return self.said(sentence, language).format(**values)
        told = self.said(text, language)
        return text if told.split() == text.split() else told

    @contextmanager
    def telling_errors(self) -> Iterator[None]:
        """Say what is wrong with how a command was typed, and leave with its code."""
        try:
            yield
        except click.ClickException as error:
            shown = StringIO()
            error.show(shown)
            language = self.help_language()
            *before, told = re.split(r"^(?=Error: )", shown.getvalue().rstrip("\n"), maxsplit=1, flags=re.MULTILINE)
            lines = [self.retold(line, language) for line in "".join(before).split("\n")]
            click.echo("\n".join(lines) + self.retold(told, language), err=True)
            raise click.exceptions.Exit(error.exit_code) from None

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read what the commands were given."""
        with self.telling_errors():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with self.telling_errors():
            return super().invoke(ctx)

    def speaking(self, command: click.Command) -> click.Command:
        """Let the help of a command, and of those below it, speak as well."""
        for one in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
            one.context_class = SpokenContext
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does."""
        commands = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        shown = {name: command for name, command in commands.items() if command and not command.hidden}
        limit = formatter.width - 6 - max(map(len, shown), default=0)
        language = self.help_language()
        rows = []
        for name, command in shown.items():
            does, _, _ = self.said((command.help or "").partition("\n\n")[0], language).partition(". ")
            rows.append((name, shorten(does.rstrip("."), limit, placeholder="…")))
        with formatter.section("Commands"):
            click.HelpFormatter.write_dl(formatter, rows)
