"""The one way that templates become HTML here: everything escaped, nothing undefined, words from a catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from bacheca.forms.catalogues import quantities_in
from bacheca.forms.locales import direction_of, locale_of


def make_environment(templates: Path, language: str, catalogue: NullTranslations) -> Environment:
    """Make the template environment of a language.

    Args:
        templates: the folder of the templates.
        language: the language that numbers and days are written in.
        catalogue: what `{% trans %}` takes its words from.

    Returns:
        An environment of its own, with the filters `number` and `day`, to which others may be added. Numbers within
        sentences need no filter.
    """
    made = bare_environment(templates)
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    for name in ("gettext", "ngettext"):
        made.globals[name] = _with_numbers(made.globals[name], language)
    made.filters["number"] = lambda value: format_decimal(value, locale=locale_of(language))
    made.filters["day"] = lambda value: format_date(value, format="long", locale=locale_of(language))
    return made


def _with_numbers(said: Any, language: str) -> Callable[..., str]:
    """Write the numbers that a sentence names as its readers do; by itself a number still tells of one from many."""

    @pass_context
    def say(context: Context, *sentences: Any, **values: Any) -> str:
        shown = {name: str(quantity) for name, quantity in quantities_in(values, language).items()}
        text: str = said(context, *sentences, **(values | shown))
        return text

    return say


def bare_environment(
    templates: Path | Sequence[Path], *, escaped: bool = True, whole_ends: bool = False
) -> Environment:
    """Make a template environment that speaks no language: the line of a tag leaves no line.

    Args:
        templates: the folder of the templates, or several, of which the first that has one gives it.
        escaped: whether values are escaped as HTML; only what is no HTML may do without.
        whole_ends: whether the last line of a template keeps its end.
    """
    made = Environment(
        loader=FileSystemLoader(templates),
        autoescape=escaped,  # noqa: S701  # whoever writes Markdown or plain text says so
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=whole_ends,
    )
    made.filters["direction"] = direction_of
    return made
