"""Ways to reach a person: e-mail and phone."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from forms.checks import Fault
from forms.kinds.base import Field

E164 = r"\+[1-9][0-9]{6,14}"
COUNTRY = "IT"
"""The country of a phone number written without its prefix."""


class Email(Field):
    """An e-mail address; its domain is kept in lower case."""

    kind = "email"
    signatures = (("string", "email", ""),)
    template = "kinds/text.html"
    input_type = "email"
    privacy_unless_said = "personal"
    autocomplete_unless_said = "email"
    says = MappingProxyType({"too-long": "not-email"})

    def table_schema(self) -> dict[str, Any]:
        """Give its column; RFC 5321 allows 254 characters."""
        field = super().table_schema()
        return field | {"constraints": {"maxLength": 254, **field.get("constraints", {})}}

    def canonical(self, text: str) -> str | Fault:
        """Check the address's syntax; nothing is looked up."""
        try:
            checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            return Fault("not-email", {})
        return f"{checked.local_part}@{checked.ascii_domain}"

    def mask(self, shown: str) -> str:
        """Show how the address begins, and its domain."""
        return f"{shown[0]}•••@{shown.rpartition('@')[2]}"


class Phone(Field):
    """A phone number, kept as E.164."""

    kind = "phone"
    signatures = (("string", "default", "tel"),)
    template = "kinds/text.html"
    input_type = "tel"
    privacy_unless_said = "personal"
    autocomplete_unless_said = "tel"
    says = MappingProxyType({"not-the-pattern": "not-phone"})

    def table_schema(self) -> dict[str, Any]:
        """Give its column, with the pattern of E.164."""
        field = super().table_schema()
        return field | {"constraints": {**field.get("constraints", {}), "pattern": f"({E164})"}}

    def canonical(self, text: str) -> str | Fault:
        """Read a number with spaces, dots, brackets or a prefix, as people write it."""
        try:
            number = phonenumbers.parse(text, COUNTRY)
        except phonenumbers.NumberParseException:
            return Fault("not-phone", {})
        if number.extension or not phonenumbers.is_possible_number(number):
            return Fault("not-phone", {})
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def mask(self, shown: str) -> str:
        """Show the last two digits."""
        return f"•••{shown[-2:]}"
