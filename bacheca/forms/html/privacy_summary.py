"""What each form promises about the answers: what it asks that tells who somebody is, what for, and for how long."""

from __future__ import annotations

from collections.abc import Iterable

from bacheca.forms.definition.form import Form
from bacheca.forms.html.form_page import environment


def render_promises(forms: Iterable[Form], language: str) -> str:
    """Render what a privacy page says of each form, as the form files have it today.

    Args:
        forms: the forms, in the order in which they are told.
        language: the language of the page; a form that is not in it is told in its first one.

    Returns:
        HTML without an empty line, so that it may stand in Markdown.
    """
    html = (
        environment(language)
        .get_template("promises.html")
        .render(
            forms=list(forms),
            language=language,
            personal=lambda form: [field for field in form.fields if field.is_personal],
            consents=lambda form: [field for field in form.fields if field.agrees],
            free=lambda form: any(field.privacy == "free-text" or field.other for field in form.fields),
            titled=lambda field: (field.words.get(language) or next(iter(field.words.values()))).title,
        )
    )
    return "\n".join(line for line in html.splitlines() if line.strip())
