"""Names that a form and its fields can have, made of those that others gave them."""

from __future__ import annotations

import re
import unicodedata


def name_of(name: str) -> str:
    """Make a name that a field can have: small letters, digits and single underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if re.fullmatch(r"[a-z](_?[a-z0-9])*_?", name):
        return name
    return made if re.match("[a-z]", made) else f"q_{made}".rstrip("_")


def form_name_of(name: str) -> str:
    """Make a name that a form can have: small letters, digits and hyphens."""
    made = name_of(name).replace("_", "-")[:64].strip("-")
    return name if re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name) else made
