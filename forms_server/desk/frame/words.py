"""The sentences of the desk, in the languages that there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from babel import Locale

from bacheca.forms.catalogues import Catalogue
from bacheca.forms.catalogues import marked as _

LOCALE = Path(__file__).parents[2] / "locale"

CATALOGUE = Catalogue("desk", LOCALE)
say = CATALOGUE.say

SOURCE = "en"
"""The language of the code."""

LANGUAGES = (SOURCE, *sorted(file.parents[1].name for file in LOCALE.glob("*/LC_MESSAGES/desk.po")))
"""The languages that the desk speaks."""

NAMED = [(code, Locale.parse(code, sep="-").get_display_name(code)) for code in LANGUAGES]
"""The same with what each calls itself."""

ACTIONS: Mapping[str, str] = {
    "sign-in": _("signed in"),
    "invite": _("invited somebody to the desk"),
    "role": _("changed what somebody may do"),
    "remove": _("took somebody’s access away"),
    "sign-out": _("ended sessions"),
    "sign-out-all": _("signed out everywhere else"),
    "check": _("proved once more who they are"),
    "passkey": _("added a passkey"),
    "bound": _("came in by an organisation for the first time"),
    "passkey-drop": _("took a passkey out"),
    "person": _("looked at what is held of somebody"),
    "person-look": _("looked through all answers for somebody"),
    "person-evidence": _("wrote the evidence of somebody’s consents"),
    "person-correct": _("corrected somebody’s answer"),
    "person-erase": _("erased somebody for good"),
    "request": _("noted a request of somebody"),
    "request-extend": _("took longer for a request of somebody"),
    "request-close": _("closed a request of somebody"),
    "person-export": _("wrote a copy of somebody’s data"),
    "open": _("opened personal answers"),
    "comments": _("read a comment"),
    "approve": _("let a comment be published"),
    "reject": _("refused a comment"),
    "quarantine": _("read what was in quarantine"),
    "release": _("let an answer in"),
    "discard": _("discarded an answer"),
    "answer-erase": _("erased an answer for good"),
    "mail": _("read to whom letters go"),
    "mail-again": _("had a letter sent once more"),
    "mail-give-up": _("gave a letter up"),
    "undecide": _("took back a decision about a comment"),
    "sealed": _("fetched sealed answers"),
    "publish": _("published results"),
    "backup": _("took a copy of the store away"),
    "form-close": _("closed a form"),
    "form-open": _("opened a form, or gave it another last day"),
    "form-file": _("let the days of a form’s file hold again"),
    "download": _("downloaded answers"),
    "download-personal": _("downloaded answers with personal data"),
    "sign-ups": _("looked at a sign-up"),
    "resend": _("wrote once more to somebody who signed up"),
    "add": _("added somebody who signed up on paper"),
    "confirm": _("confirmed a sign-up for somebody"),
    "withdraw": _("withdrew a sign-up for somebody"),
    "no-letters": _("noted that somebody wants no letters to all"),
    "letters-again": _("noted that somebody wants letters to all again"),
    "offer": _("offered a place out of turn"),
    "sheet": _("made a sheet to sign"),
    "write-to": _("wrote a letter to many"),
    "stop-letter": _("stopped a letter to many"),
}
"""What the log says of each thing that somebody did; what a role was given by has the role after a colon."""

SEVERAL: Mapping[str, str] = {
    "open": _("opened {count} personal answers"),
    "comments": _("read {count} comments"),
    "quarantine": _("read {count} answers in quarantine"),
    "sign-ups": _("looked at {count} sign-ups"),
    "sheet": _("made a sheet to sign with {count} names"),
    "mail": _("read to whom {count} letters go"),
}
"""What the log says of what was done with several at once."""
