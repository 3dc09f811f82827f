"""A form as it looks to whoever has no key to what is sealed."""

from __future__ import annotations

from dataclasses import dataclass

from bacheca.forms.definition.form import Form
from bacheca.forms.definition.privacy import is_sealed, sealed_columns


@dataclass(frozen=True, eq=False)
class ReadablePart(Form):
    """A form without its sealed questions.

    Args:
        whole: the form; the version of its part is its own.
    """

    whole: Form

    @property
    def version(self) -> str:
        """The version of the whole."""
        return self.whole.version


def readable_part(form: Form) -> Form:
    """Give a form without the questions whose answers are sealed; the form itself where none are."""
    if not is_sealed(form):
        return form
    sealed = sealed_columns(form)
    fields = tuple(field for field in form.fields if not sealed & {column.name for column in field.columns})
    return ReadablePart(form.descriptor, form.words, fields, form)
