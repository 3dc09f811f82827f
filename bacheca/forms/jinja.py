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
from markupsafe import Markup

from bacheca.forms.compiled.kept import name_within
from bacheca.forms.compiled.templates import AtRunTime, CompiledTemplates
from bacheca.forms.grammar.articles import with_articles
from bacheca.forms.grammar.quantities import quantities_in
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
    speak(made, language, catalogue)
    made.filters["number"] = lambda value: format_decimal(value, locale=locale_of(language))
    made.filters["day"] = lambda value: format_date(value, format="long", locale=locale_of(language))
    return made


def speak(made: Environment, language: str, catalogue: NullTranslations) -> None:
    """Let the sentences of an environment, which has the extension `i18n`, be those of a catalogue."""
    made.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    for name, translate in (("gettext", catalogue.gettext), ("ngettext", catalogue.ngettext)):
        made.globals[name] = _filled_in(translate, language)


def _filled_in(translate: Callable[..., str], language: str) -> Callable[..., str]:
    """Write the numbers that a sentence names, and the articles before them, as its readers do.

    By itself a number still tells of one from many.
    """

    @pass_context
    def say(context: Context, *sentences: Any, **values: Any) -> str:
        known = {**values, **quantities_in(values, language)}
        said = with_articles(translate(*sentences), language, known)
        return (Markup(said) if context.eval_ctx.autoescape else said) % known  # noqa: S704  # written by us

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
        optimized=False,
    )
    made.code_generator_class = AtRunTime
    folders = [templates] if isinstance(templates, Path) else templates
    if all(names := [name_within(folder) for folder in folders]):
        made.bytecode_cache = CompiledTemplates(" ".join(names))
    made.filters["direction"] = direction_of
    return made
