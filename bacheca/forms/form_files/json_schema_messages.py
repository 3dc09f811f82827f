"""What each property of a form file is for, in English, as editors read it while they write; `schema` translates it."""

from __future__ import annotations


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue."""
    return sentence


ABOUT: dict[str, str] = {
    "$schema": _("Says that this is a Table Schema: any Frictionless tool can read it."),
    "name": _("The form's name, as in its address: that of the file, without .yaml."),
    "field.name": _("The name of the column: small letters, digits and single underscores."),
    "title": _("What people read first: the name of the form, or the question."),
    "description": _("A hint beneath the title."),
    "form:kind": _("survey for questions, signup where people leave an address to confirm, poll for a quick vote."),
    "form:publish": _("results publishes protected counts, nothing keeps them private."),
    "form:closes": _("The last day on which the form can be answered, as 2027-06-30."),
    "form:steps": _("Whether a script shows one section at a time."),
    "form:keep": _("How long answers are kept from the day they come: 24 months, 2 years, 90 days."),
    "form:places": _("How many may sign up."),
    "form:notify": _("When the secretariat is told: of each response, or once a day."),
    "form:seal": _("Whether personal answers are sealed to the editors' keys as they come."),
    "form:cross": _("Pairs of questions whose results are crossed."),
    "form:threshold": _("The least count that results show."),
    "form:disclosure": _("How small counts are protected: suppression hides them, rounding rounds all."),
    "fields": _("The questions, in order."),
    "type": _("The type of the answer in the package."),
    "format": _("How a text is written: an e-mail address, a web address."),
    "form:widget": _("How the question looks, where its type alone does not say."),
    "categories": _("The choices: a code that never changes its meaning, and a label that may be corrected."),
    "categoriesOrdered": _("Whether the choices go from less to more."),
    "missingValues": _("The reasons for not answering that people may choose, and the label of a blank."),
    "constraints": _("The limits of an answer."),
    "required": _("Whether the form cannot be sent without an answer."),
    "minLength": _("The fewest characters of an answer."),
    "maxLength": _("The most characters of an answer."),
    "minimum": _("The least answer."),
    "maximum": _("The greatest answer."),
    "pattern": _("A regular expression that the whole answer must match."),
    "form:privacy": _("public, free-text (no names are asked), personal or sensitive: it can only become stricter."),
    "form:autocomplete": _("What a browser may fill in: name, organization, email, tel…"),
    "form:section": _("A heading above this question, and perhaps a text beneath it."),
    "form:showIf": _("When the question is shown: an earlier field, and what its answer must be."),
    "form:other": _("Whether people may write another choice."),
    "form:shuffle": _("Whether each person sees the choices in another order."),
    "form:matrix": _("The name of the table of which this question is a row."),
    "form:stem": _("The question above the table, on its first row."),
    "form:exclusive": _("The code of the choice that excludes the others."),
    "form:choose": _("How many choices: min and max."),
    "form:ends": _("What the first and the last step of the scale mean: low and high."),
    "form:notice": _("The text that people agree to."),
    "form:quotes": _("The free texts that this consent allows to quote."),
    "form:translates": _("The words that this file translates; `python build.py translated NAME` writes it."),
}
