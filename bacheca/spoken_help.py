"""The help of commands in the language of whoever reads it: each sentence is looked up where it is shown.

Catalogues are read only then: whoever runs a command does not wait for them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import ClassVar

import click

DOMAIN = "help"
"""The catalogue of what helps say."""


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
        parted = [(name, *told.partition("  [")) for name, told in rows]
        said = [(name, f"{self.said(told)}{mark}{rest}") for name, told, mark, rest in parted]
        super().write_dl(said, col_max, col_spacing)


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
        from bacheca.forms.catalogues import LOCALE, as_typed, translations  # noqa: PLC0415

        english = " ".join(sentence.split())
        told = (translations(language, folder, DOMAIN).gettext(english) for folder in (*self.locales, LOCALE))
        return next((one for one in told if one != as_typed(english)), as_typed(english))

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
