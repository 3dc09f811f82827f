"""The words of the codebook for people, in English; the catalogue `codebook` translates them."""

from __future__ import annotations

from bacheca.forms.catalogues import translations

DOMAIN = "codebook"


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue."""
    return sentence


KINDS = {
    "text": _("text"),
    "long text": _("long text"),
    "email": _("e-mail address"),
    "phone": _("phone number"),
    "web address": _("web address"),
    "integer": _("whole number"),
    "number": _("number"),
    "scale": _("scale"),
    "date": _("date"),
    "month": _("month"),
    "year": _("year"),
    "single choice": _("one choice"),
    "multiple choice": _("several choices"),
    "ranking": _("ranking"),
    "yes or no": _("yes or no"),
    "consent": _("consent"),
    "hidden source": _("source taken from the address of the page"),
}
"""What each kind of question is called."""

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
