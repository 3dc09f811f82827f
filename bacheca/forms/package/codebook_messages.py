"""The words of the codebook for people, in English; the catalogue `codebook` translates them."""

from __future__ import annotations

from bacheca.forms.catalogues import Catalogue
from bacheca.forms.catalogues import marked as _

CATALOGUE = Catalogue("codebook")
say = CATALOGUE.say


PRIVACIES = {
    "public": _("no personal data"),
    "free-text": _("people’s own words"),
    "personal": _("personal data"),
    "sensitive": _("sensitive data"),
}
"""What each degree of privacy means."""

STANDS_FOR = {"category": _("answer"), "missing": _("no answer"), "end": _("end of the scale")}
"""What a code stands for."""
