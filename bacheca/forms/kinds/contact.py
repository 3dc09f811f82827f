"""Ways to reach a person or a site: e-mail, phone and web address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from random import Random
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlsplit

import idna

from bacheca.forms import limits
from bacheca.forms.catalogues import marked as _
from bacheca.forms.errors import Problem
from bacheca.forms.kinds.base import Field
from bacheca.forms.kinds.cells.cell_checks import Fault
from bacheca.forms.kinds.counted import Chart, Counted
from bacheca.forms.locales import locale_of
from bacheca.forms.text import half_width

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
E164 = r"\+[1-9][0-9]{6,14}"
ABROAD = "+44 20 7946 0958"
"""A number that Ofcom keeps for examples, as it is written in other countries than its own."""

DIALLED = re.compile(r"\+?[0-9 \u00a0\u202f()./\u2010-\u2015-]+")
"""What a phone number is written with; a library would read letters as figures, and leave out words."""


class Email(Field):
    """An e-mail address; its domain is kept in lower case."""

    kind = "email"
    called = _("e-mail address")
    xlsform = "text"
    is_mail_address = True
    counted = Counted.NOTHING
    chart = Chart.NONE
    signatures = (("string", "email", ""),)
    template = "kinds/text.html"
    input_type = "email"
    json_format = "email"
    privacy_unless_said = "personal"
    autocomplete_unless_said = "email"
    says = MappingProxyType({"too-long": "not-email"})

    def table_schema(self) -> dict[str, Any]:
        """Give its column, with the length that RFC 5321 allows."""
        field = super().table_schema()
        return field | {"constraints": {"maxLength": limits.EMAIL, **field.get("constraints", {})}}

    def longest(self, name: str) -> int:
        """Give the length of an address."""
        return limits.EMAIL

    def canonical(self, text: str, language: str) -> str | Fault:
        """Check the address's syntax; nothing is looked up."""
        from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415  slow to load, and few need it

        text = half_width(text).strip()
        try:
            checked = validate_email(text, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            return Fault("not-email", {})
        if _reads_as_another(text.rpartition("@")[2]):
            return Fault("not-email", {})
        return f"{checked.local_part}@{checked.ascii_domain}"

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up an address that is nobody's."""
        return {self.name: f"persona-{number}@example.org"}

    def mask(self, shown: str) -> str:
        """Show how the address begins, and its domain."""
        return f"{shown[0]}•••@{shown.rpartition('@')[2]}"


class Phone(Field):
    """A phone number, kept as E.164."""

    kind = "phone"
    called = _("phone number")
    xlsform = "text"
    xlsform_appearance = "numbers"
    counted = Counted.NOTHING
    chart = Chart.NONE
    signatures = (("string", "default", "tel"),)
    template = "kinds/text.html"
    input_type = "tel"
    privacy_unless_said = "personal"
    autocomplete_unless_said = "tel"
    says = MappingProxyType({"not-the-pattern": "not-phone", "too-long": "not-phone"})

    def table_schema(self) -> dict[str, Any]:
        """Give its column, with the pattern of E.164."""
        field = super().table_schema()
        return field | {"constraints": {**field.get("constraints", {}), "pattern": f"({E164})"}}

    def canonical(self, text: str, language: str) -> str | Fault:
        """Read a number with spaces, dots, brackets or a prefix, as people write it."""
        import phonenumbers  # noqa: PLC0415  slow to load, and few need it

        text = half_width(text).strip()
        if not DIALLED.fullmatch(text):
            return Fault("not-phone", {})
        try:
            number = phonenumbers.parse(text, self.country or None)
        except phonenumbers.NumberParseException as error:
            lacks = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
            return Fault("phone-prefix" if lacks and not text.startswith("+") else "not-phone", {})
        kept: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        figures, abroad = (
            re.sub("[^0-9]", "", written).removeprefix("00") for written in (text, text.replace("(0)", "", 1))
        )  # a zero in brackets is for who calls from inside the country
        trunk = phonenumbers.ndd_prefix_for_region(self.country, True) or ""  # what comes first inside a country
        prefix = f"+{phonenumbers.country_code_for_region(self.country)}" if self.country else ""
        inside = prefix and kept in (f"{prefix}{figures}", f"{prefix}{figures.removeprefix(trunk)}")
        if not phonenumbers.is_possible_number(number) or not (inside or kept in (f"+{figures}", f"+{abroad}")):
            return Fault("not-phone", {})  # some figures would be lost
        if inside and not phonenumbers.is_valid_number(number):
            return Fault("phone-prefix", {})  # a number of another country would become one of this
        return kept

    def problem(self, fault: Fault, language: str) -> Problem:
        """Show how a number is written here, and from elsewhere."""
        import phonenumbers  # noqa: PLC0415  slow to load, and few need it

        found = super().problem(fault, language)
        if found.code not in ("not-phone", "phone-prefix"):
            return found
        here = phonenumbers.example_number(self.country) if self.country else None
        national = phonenumbers.PhoneNumberFormat.NATIONAL
        country = locale_of(language).territories.get(self.country, self.country)
        values = {
            "here": phonenumbers.format_number(here, national) if here else ABROAD,
            "abroad": ABROAD,
            "country": country,
        }
        code = found.code if self.country else "phone-international"
        return replace(found, code=code, values={**found.values, **values})

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up a number that a mobile phone of the country may have."""
        import phonenumbers  # noqa: PLC0415  slow to load, and few need it

        mobile = phonenumbers.example_number_for_type(self.country or None, phonenumbers.PhoneNumberType.MOBILE)
        example = phonenumbers.format_number(mobile, phonenumbers.PhoneNumberFormat.E164) if mobile else ABROAD
        figures = f"{number:05}"
        return {self.name: f"{example[: -len(figures)]}{figures}"}

    def mask(self, shown: str) -> str:
        """Show the last two digits."""
        return f"•••{shown[-2:]}"


class WebAddress(Field):
    """A web address; `https://` is added where it lacks, and its host is kept in lower-case ASCII."""

    kind = "web address"
    called = _("web address")
    xlsform = "text"
    counted = Counted.NOTHING
    chart = Chart.NONE
    signatures = (("string", "uri", ""),)
    template = "kinds/text.html"
    input_type = "url"
    constraint_names = frozenset(("required", "maxLength"))
    autocomplete_unless_said = "url"
    leads_to_somebody = True
    says = MappingProxyType({"too-long": "not-uri"})

    def table_schema(self) -> dict[str, Any]:
        """Give its column, with the length that browsers show."""
        field = super().table_schema()
        return field | {"constraints": {"maxLength": self.longest(self.name), **field.get("constraints", {})}}

    def longest(self, name: str) -> int:
        """Give the form's limit, or that of browsers."""
        return int(self.constraints.get("maxLength", limits.URI))

    def canonical(self, text: str, language: str) -> str | Fault:
        """Read an address as people write it: without scheme, with accents."""
        text = text.strip()
        if "\n" in text or "\t" in text:
            return Fault("not-one-line", {})
        try:
            parts = urlsplit(text if SCHEME.match(text) else f"https://{text}")
            named = half_width(parts.hostname or "")
            host = idna.encode(named, uts46=True).decode()
            port = f":{parts.port}" if parts.port is not None else ""
        except (ValueError, idna.IDNAError):
            return Fault("not-uri", {})
        if (
            parts.scheme not in ("http", "https")
            or parts.username is not None
            or port == ":0"
            or _reads_as_another(named)
        ):
            return Fault("not-uri", {})
        path, query, fragment = (quote(part, safe="/:@!$&'()*+,;=~?%") for part in parts[2:])
        return f"{parts.scheme}://{host}{port}{path}{query and f'?{query}'}{fragment and f'#{fragment}'}"

    def made_up(self, wanted: str, number: int, chance: Random) -> dict[str, str]:
        """Make up an address that is nobody's."""
        return {self.name: f"https://example.org/{number}"}


def _reads_as_another(host: str) -> bool:
    """Tell whether a host holds signs that IDNA takes for others, as a raised 2 for a 2."""
    return unicodedata.normalize("NFKC", host) != host
