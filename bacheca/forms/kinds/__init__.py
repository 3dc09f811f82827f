"""The kinds of field: one class each, found by how the field is written in the form file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bacheca.forms.kinds.base import Field, Signature
from bacheca.forms.kinds.boolean import YesNo
from bacheca.forms.kinds.calendar import Date, Year, YearMonth
from bacheca.forms.kinds.cells.column import Column
from bacheca.forms.kinds.choice import LongChoice, SingleChoice
from bacheca.forms.kinds.consent import Consent
from bacheca.forms.kinds.contact import Email, Phone, WebAddress
from bacheca.forms.kinds.hidden import Hidden
from bacheca.forms.kinds.multiple import MultipleChoice
from bacheca.forms.kinds.number import Integer, Number
from bacheca.forms.kinds.ranking import Ranking
from bacheca.forms.kinds.reading import Posted, Reading
from bacheca.forms.kinds.scale import Scale
from bacheca.forms.kinds.text import LongText, Text

__all__ = ["KINDS", "Column", "Field", "Posted", "Reading", "kind_of"]

KINDS: Mapping[Signature, type[Field]] = {
    signature: kind
    for kind in (
        Text,
        LongText,
        Email,
        Phone,
        WebAddress,
        Integer,
        Number,
        Scale,
        Date,
        YearMonth,
        Year,
        SingleChoice,
        LongChoice,
        MultipleChoice,
        Ranking,
        YesNo,
        Consent,
        Hidden,
    )
    for signature in kind.signatures
}


def kind_of(descriptor: Mapping[str, Any]) -> type[Field] | None:
    """Find the kind of a field as it is written; None where no kind is written so."""
    form = "categories" if descriptor.get("categories") else str(descriptor.get("format", "default"))
    return KINDS.get((str(descriptor.get("type", "string")), form, str(descriptor.get("form:widget", ""))))
