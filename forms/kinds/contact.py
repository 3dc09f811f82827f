"""Ways to reach a person or a site: e-mail, phone and web address."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlsplit

import idna

from forms.checks import Fault
from forms.kinds.base import Field

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
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

    def canonical(self, text: str, language: str) -> str | Fault:
        """Check the address's syntax; nothing is looked up."""
        from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  slow to load, and few need it

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

    def canonical(self, text: str, language: str) -> str | Fault:
        """Read a number with spaces, dots, brackets or a prefix, as people write it."""
        import phonenumbers  # noqa: PLC0415  slow to load, and few need it

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


class WebAddress(Field):
    """A web address; `https://` is added where it lacks, and its host is kept in lower-case ASCII."""

    kind = "web address"
    signatures = (("string", "uri", ""),)
    template = "kinds/text.html"
    input_type = "url"
    constraints = frozenset(("required", "maxLength"))
    autocomplete_unless_said = "url"
    says = MappingProxyType({"too-long": "not-uri"})

    def table_schema(self) -> dict[str, Any]:
        """Give its column; no browser shows more than 2,000 characters."""
        field = super().table_schema()
        return field | {"constraints": {"maxLength": 2000, **field.get("constraints", {})}}

    def canonical(self, text: str, language: str) -> str | Fault:
        """Read an address as people write it: without scheme, with accents."""
        text = text.strip()
        try:
            parts = urlsplit(text if SCHEME.match(text) else f"https://{text}")
            host = idna.encode(parts.hostname or "", uts46=True).decode()
            port = f":{parts.port}" if parts.port else ""
        except (ValueError, idna.IDNAError):
            return Fault("not-uri", {})
        if parts.scheme not in ("http", "https") or parts.username is not None:
            return Fault("not-uri", {})
        path, query, fragment = (quote(part, safe="/:@!$&'()*+,;=~?%") for part in parts[2:])
        return f"{parts.scheme}://{host}{port}{path}{query and f'?{query}'}{fragment and f'#{fragment}'}"
