"""The words of the codebook for people, in English; the catalogue `codebook` translates them."""

from __future__ import annotations

from bacheca.forms.catalogues import marked as _
from bacheca.forms.catalogues import translations

DOMAIN = "codebook"


PRIVACIES = {
    "public": _("no personal data"),
    "free-text": _("people’s own words"),
    "personal": _("personal data"),
    "sensitive": _("sensitive data"),
}
"""What each degree of privacy means."""

STANDS_FOR = {"category": _("answer"), "missing": _("no answer"), "end": _("end of the scale")}
"""What a code stands for."""


def say(sentence: str, language: str) -> str:
    """Say a sentence of the catalogue; English where there is no catalogue."""
    return translations(language, domain=DOMAIN).gettext(sentence)
