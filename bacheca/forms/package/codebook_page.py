"""The codebook as a page: one file that needs no other, with a part in each language of the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from bacheca.forms.catalogues import translations
from bacheca.forms.html.form_page import TEMPLATES
from bacheca.forms.jinja import make_environment
from bacheca.forms.locales import language_name
from bacheca.forms.package.codebook import COUNTS, Codebook, Entry
from bacheca.forms.package.codebook_messages import CATALOGUE, PRIVACIES, STANDS_FOR, say


def codebook_page(codebook: Codebook, created: datetime) -> str:
    """Render the codebook of a package.

    Args:
        codebook: the codebook, with all the rows of the package counted.
        created: when the package was made.

    Returns:
        An HTML document without scripts and without addresses of other files.
    """
    form = codebook.form
    parts = [Markup(_part(codebook, language, created)) for language in form.languages]  # noqa: S704  # escaped there
    page = environment(form.languages[0]).get_template("codebook.html")
    names = {language: language_name(language, language) for language in form.languages}
    return page.render(form=form, names=names, language=form.languages[0], parts=parts)


@cache
def environment(language: str) -> Environment:
    """Make the template environment of a language; everything is escaped."""
    made = make_environment(TEMPLATES, language, CATALOGUE.of(language))
    made.policies["ext.i18n.trimmed"] = True
    made.filters["called"] = translations(language).gettext
    made.filters["privacy"] = lambda privacy: say(PRIVACIES[privacy], language)
    made.filters["stands_for"] = lambda what: say(STANDS_FOR[what], language) if what else ""
    return made


def _part(codebook: Codebook, language: str, created: datetime) -> str:
    """Render what is said in one language."""
    form = codebook.form
    now = {field.name for field in form.fields}
    entries = list(codebook.entries())
    return (
        environment(language)
        .get_template("codebook_part.html")
        .render(
            form=form,
            language=language,
            created=created,
            codebook=codebook,
            present=[entry for entry in entries if entry.field.name in now],
            past=[entry for entry in entries if entry.field.name not in now],
            words_of=lambda entry: _words(entry, language),
            counts_of=_counts,
        )
    )


def _words(entry: Entry, language: str) -> dict[str, str]:
    """Gather what the first row that speaks says of a question; one that is older may lack the language."""
    spoken = language if language in entry.field.words else next(iter(entry.field.words))
    row = next((row for row in entry.rows if row.get(f"question_{spoken}")), entry.rows[0])
    said = ("section", "stem", "question", "hint", "notice", "when")
    return {what: row.get(f"{what}_{spoken}", "") for what in said} | {"language": spoken}


def _counts(row: Mapping[str, str]) -> dict[str, int]:
    """Read the counts of a row, by resource."""
    return {resource: int(count) for resource, _, count in (said.partition("=") for said in row[COUNTS].split())}
