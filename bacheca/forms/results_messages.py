"""What people read about results, in English; the catalogue `results` translates it."""

from __future__ import annotations

from dataclasses import dataclass

from bacheca.forms.catalogues import Catalogue
from bacheca.forms.catalogues import marked as _
from bacheca.forms.errors import Problem

CATALOGUE = Catalogue("results")
say = CATALOGUE.say


SENTENCES: dict[str, tuple[str, str]] = {
    # form files
    "RESULTS_THRESHOLD": (
        _("form:threshold is {value}"),
        _("write a whole number from {least} up, or leave it out"),
    ),
    "RESULTS_DISCLOSURE": (_("form:disclosure is {value}"), _("choose one of: {allowed}")),
    "CROSS_SHAPE": (_("form:cross is not a list of pairs of fields"), _("write `form:cross: [[one, other]]`")),
    "CROSS_UNKNOWN": (_("form:cross names {name}, which is no field"), _("check how it is written")),
    "CROSS_KIND": (
        _("{name} cannot be crossed"),
        _("cross single choices, scales and yes or no, asked of everybody, neither personal nor sealed"),
    ),
    "CROSS_RING": (
        _("With {pair} the crossings make a ring, from which small counts could be worked out"),
        _("remove one of them"),
    ),
    "CROSS_ROUNDED": (_("Crossings are not rounded"), _("remove form:cross, or form:disclosure: rounding")),
    "QUOTES": (
        _("form:quotes does not name fields of free text"),
        _("write `form:quotes: [FIELD]` on the consent, with one of: {allowed}"),
    ),
    # packages
    "RESULTS_FILE": (_("{file} cannot be read: {reason}"), _("publish the results again")),
    "RESULTS_INVALID": (_("The results are not a valid data package: {reason}"), _("publish the results again")),
    "RESULTS_FORM": (_("These are the results of {other}, not of {form}"), _("put each package in its own folder")),
    "RESULTS_STRANGE": (
        _("The results speak of {what}, which {form} does not have"),
        _("publish the results of the form as it is now, or bring the form back"),
    ),
    "RESULTS_TORN": (
        _("datapackage.json and its files come from two different publications"),
        _("try again; if it stays so, publish the results again"),
    ),
    "RESULTS_OLDER": (
        _("These results are of {created}, older than those shown now, of {shown}"),
        _("publish the results again, or delete {kept} to show the older ones"),
    ),
    "RESULTS_COUNT": (
        _("{what} is shown as {value}, below the threshold of {threshold}"),
        _("publish the results again: these did not pass disclosure control"),
    ),
    "RESULTS_SOURCE": (
        _("The results of {form} cannot be fetched from {url}: {reason}"),
        _("see that the service runs and that the address is right"),
    ),
}
"""What can be wrong with a package of results, and its remedy."""

METHOD = {
    "suppression": _(
        "Counts of responses to each question, and of pairs of questions. A count below {threshold} is not shown, nor"
        " is any other from which one could be worked out; such cells are blank, and so are empty ones. Results are"
        " updated only when enough responses have come for no single one to be told from the difference."
    ),
    "rounding": _(
        "Counts of responses to each question, rounded to multiples of {rounding} so that no count below {threshold}"
        " can be known; the parts of a question add up to its whole. Each number is only about what was counted."
    ),
}
"""How counts are protected."""

NO_ANSWER = _("No answer")
"""What a question left blank is called where the form has no words for it."""

TRAFFIC = (_("The most read pages"), _("Where readers come from"))
"""The headings of a month of traffic."""

PROGRESS = {
    "title": _("How the community is doing"),
    "description": _("What can be counted of the community and of nobody in it: counts of people are rounded."),
    "members": _("Members at the end of each month, rounded to tens"),
    "confirmations": _("Confirmed sign-ups, rounded to tens"),
    "answers": _("Answers to each form, rounded to tens"),
    "answers_to_one": _("Answers, rounded to tens"),
    "articles": _("Articles published"),
    "glossary": _("The glossary"),
    "terms": _("terms explained"),
    "times": _("Hours until an answer, as the editors note them"),
    "views": _("Pages read in a month"),
    "pages": _("The most read pages of the last month"),
    "referrers": _("Where the readers of the last month came from"),
    "what": _("What"),
    "many": _("How many"),
    "nothing": _("Nothing to show yet."),
}
"""The titles and words of the page on the community's progress."""

TITLE = _("Results: {title}")
CITATION = _("{publisher}, “{title}”, results of {day}, {address}")


@dataclass(frozen=True, order=True)
class ResultsProblem(Problem):
    """One thing wrong with a package of results; its code is a key of `SENTENCES` here."""

    def sentence(self, language: str) -> str:
        """Say what is wrong, in a language with a catalogue (English otherwise)."""
        return say(SENTENCES[self.code][0], language, **self.values)

    def remedy(self, language: str) -> str:
        """Say how to mend it."""
        return say(SENTENCES[self.code][1], language, **self.values)
