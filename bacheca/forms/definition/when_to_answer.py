"""When a question is to be answered, in a sentence: for pages without script, for paper, mails and codebooks."""

from __future__ import annotations

from babel.lists import format_list

from bacheca.forms.asking.conditions import Combination, Comparison, Condition, comparisons_of, plain
from bacheca.forms.catalogues import translations
from bacheca.forms.definition.form import Form
from bacheca.forms.kinds import Field
from bacheca.forms.locales import locale_of


def when_to_answer(form: Form, field: Field, language: str) -> str:
    """Say all that decides when a field is to be answered, its section's condition included; empty for always."""
    said = (when_to_answer_section(form, field, language), when_to_answer_here(form, field, language))
    return " ".join(filter(None, said))


def when_to_answer_here(form: Form, field: Field, language: str) -> str:
    """Say when a field is to be answered by those who answer its section; empty for always."""
    if field.own_condition is None:
        return ""
    say = translations(language).gettext
    return say("Answer only if {clause}.").format(clause=_in_words(form, plain(field.own_condition), language))


def when_to_answer_section(form: Form, field: Field, language: str) -> str:
    """Say when the questions of the section in which a field stands are to be answered; empty for always."""
    if field.within is None:
        return ""
    say = translations(language).gettext
    clause = _in_words(form, plain(field.within), language)
    return say("Answer the questions of this section only if {clause}.").format(clause=clause)


def _in_words(form: Form, condition: Condition, language: str) -> str:
    """Say a condition that `plain` gave: groups that stand in another are parted by semicolons."""
    if not isinstance(condition, Combination) or condition.key == "not":
        return _clause(form, condition, language)
    say = translations(language).gettext
    said = [_inner(form, part, language) for part in condition.parts]
    if not any(map(_is_group, condition.parts)):
        pattern = say("{before} and {last}") if condition.key == "all" else say("{before} or {last}")
        return pattern.format(before=", ".join(said[:-1]), last=said[-1])
    pattern = say("{before}; and also if {last}") if condition.key == "all" else say("{before}; or else if {last}")
    return pattern.format(before="; ".join(said[:-1]), last=said[-1])


def _is_group(condition: Condition) -> bool:
    return isinstance(condition, Combination) and condition.key != "not"


def _inner(form: Form, condition: Condition, language: str) -> str:
    """Say a part of a condition."""
    said = _in_words(form, condition, language)
    if isinstance(condition, Combination) and condition.key == "any":
        return translations(language).gettext("either {clauses}").format(clauses=said)
    return said


def _clause(form: Form, condition: Condition, language: str) -> str:
    """Say one comparison, or that it does not hold."""
    say = translations(language).gettext
    denied = isinstance(condition, Combination)
    compared = next(comparisons_of(condition))
    earlier = form.field(compared.field)
    title = earlier.words[language].title
    if compared.answered is not None:
        answered = compared.answered is not denied
        said = say("you answered “{title}”") if answered else say("you did not answer “{title}”")
        return said.format(title=title)
    if compared.any_of:
        quoted = [say("“{label}”").format(label=earlier.label(code, language)) for code in compared.any_of]
        answers = format_list(quoted, style="or", locale=locale_of(language))
        said = say("you did not choose {answers} for “{title}”") if denied else say("you chose {answers} for “{title}”")
        return said.format(answers=answers, title=title)
    said = say("you did not answer “{title}” with {answer}") if denied else say("you answered “{title}” with {answer}")
    return said.format(answer=_between(earlier, compared, language), title=title)


def _between(earlier: Field, compared: Comparison, language: str) -> str:
    """Say from which answer to which."""
    say = translations(language).gettext
    low, high = (earlier.show({earlier.name: bound}, language) for bound in (compared.at_least, compared.at_most))
    if low and high:
        return low if low == high else say("something from {low} to {high}").format(low=low, high=high)
    if earlier.columns[0].cell_type.is_calendar:
        return (say("{bound} or later") if low else say("{bound} or earlier")).format(bound=low or high)
    return (say("{bound} or more") if low else say("{bound} or less")).format(bound=low or high)
