"""The kinds of field: one class each, found by how the field is written in the form file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.kinds.base import Column, Field, Posted, Reading, Signature
from forms.kinds.choice import SingleChoice
from forms.kinds.consent import Consent
from forms.kinds.contact import Email, Phone
from forms.kinds.text import LongText, Text

__all__ = ["KINDS", "Column", "Field", "Posted", "Reading", "kind_of"]

KINDS: Mapping[Signature, type[Field]] = {
    signature: kind for kind in (Text, LongText, Email, Phone, SingleChoice, Consent) for signature in kind.signatures
}


def kind_of(descriptor: Mapping[str, Any]) -> type[Field] | None:
    """Find the kind of a field as it is written; None where no kind is written so."""
    form = "categories" if descriptor.get("categories") else str(descriptor.get("format", "default"))
    return KINDS.get((str(descriptor.get("type", "string")), form, str(descriptor.get("form:widget", ""))))
