"""The words of the copies, in English; the catalogue `copies` translates them."""

from __future__ import annotations

from bacheca.forms.catalogues import Catalogue
from bacheca.forms.catalogues import marked as _

CATALOGUE = Catalogue("copies")
say = CATALOGUE.say


FIXED = {
    "response_id": _("Response"),
    "received_on": _("Received on"),
    "form_version": _("Version of the form"),
    "language": _("Language"),
    "channel": _("Channel"),
}
"""What the columns of every package are called."""

ANSWERS = _("Answers")
"""What the sheet of a workbook is called on which they stand in words."""

REFERENCE = _("Reference")
WHAT_A_REFERENCE_IS = _(
    "The code on the receipt, by which the desk finds the answer."
    " The data package knows the same answer by its response_id."
)
GIVEN_ON = _("{title} – given on")
WHAT_GIVEN_ON_IS = _("The day on which the consent was given that stands now.")
"""What the copies that people read say beside the package, and what it is."""

YES_NO = {"true": _("Yes"), "false": _("No")}
CUT = _("… [cut here: the whole text is in {file}]")
"""What stands at the end of a text that does not fit a cell."""

WHY_MISSING = _("Why there is no answer: {title}")
"""The label of the variable that says so of a text, in SPSS."""
