"""Why a letter was not delivered, in words, by what the outbox keeps of it."""

from __future__ import annotations

import re

from bacheca.forms.catalogues import marked as _
from forms_server.messages import Saying

STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
REPLY = re.compile(r"[45]\d\d")

OURS = {
    "certificate": _("The certificate of our mail server is not trusted."),
    "no-starttls": _("Our mail server offers no encryption."),
    "no-sender": _("Nobody has said from which address letters come: set FORMS_MAIL_FROM."),
    "no-consent": _(
        "The form no longer has the consent that it is for: put it back into the form, or give the letter up."
    ),
    "restored": _("It waited when the copy was made that was restored: it may have been sent already."),
}
"""What stands in the way before a letter goes out."""

THEIRS = (
    (re.compile(r"\d\.1\.\d+"), _("There is no such address ({code}).")),
    (re.compile(r"\d\.2\.2"), _("The mailbox is full ({code}).")),
    (re.compile(r"\d\.2\.\d+"), _("The mailbox takes no mail ({code}).")),
    (re.compile(r"\d\.3\.4"), _("The letter is too large for it ({code}).")),
    (re.compile(r"\d\.4\.\d+"), _("Its mail server could not be reached for days ({code}).")),
    (re.compile(r"\d\.7\.\d+"), _("Its mail server does not want mail from us ({code}).")),
    (STATUS, _("Its mail server sent it back ({code}).")),
)
"""What the status of a notification means (RFC 3463), the first that fits."""


def why(fault: str | None) -> Saying:
    """Say why a letter was not delivered.

    Args:
        fault: what the outbox keeps: a status of a notification, a reply of our mail server, or the name of a fault.
    """
    fault = fault or ""
    if fault in OURS:
        return Saying(OURS[fault])
    for pattern, sentence in THEIRS:
        if pattern.fullmatch(fault):
            return Saying(sentence, code=fault)
    if REPLY.fullmatch(fault):
        lasting = _("Our mail server refuses it for good ({code}): the address may be wrong.")
        passing = _("Our mail server asks to try again later ({code}).")
        return Saying(lasting if fault.startswith("5") else passing, code=fault)
    return (
        Saying(_("Our mail server cannot be reached ({code})."), code=fault) if fault else Saying(_("Not tried yet."))
    )
