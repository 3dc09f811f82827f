"""The pages of a form as HTML: the form, the check page, the answers.

The HTML needs no script. Its classes are styled by the portal; `assets/form.js` adds what a script can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from babel.dates import get_timezone_location
from jinja2 import Environment
from markupsafe import Markup

from bacheca.forms.catalogues import translations
from bacheca.forms.definition.form import Form
from bacheca.forms.definition.layout import sections_of
from bacheca.forms.definition.places import Vacancy
from bacheca.forms.definition.privacy import DAYS_TO_CONFIRM
from bacheca.forms.definition.when_to_answer import when_to_answer_here, when_to_answer_section
from bacheca.forms.errors import Problem
from bacheca.forms.html.markdown import static_html
from bacheca.forms.html.show_if import months_compared, show_if
from bacheca.forms.jinja import make_environment
from bacheca.forms.kinds import Posted
from bacheca.forms.locales import locale_of
from bacheca.forms.submission.mail_template import mail_lines, mail_text, mailto

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = Path(__file__).parent / "assets"
TRAP = "_homepage"
"""The control that people do not see and programs fill in."""
STAMP = "_time"
"""The control that carries when a page was made."""


@cache
def environment(language: str) -> Environment:
    """Make the template environment of a language; everything is escaped."""
    made = make_environment(TEMPLATES, language, translations(language))
    made.globals["days_to_confirm"] = DAYS_TO_CONFIRM
    made.filters["markdown"] = lambda text: Markup(static_html(text))  # noqa: S704  # HTML in it was escaped
    return made


def render_form(
    form: Form,
    language: str,
    *,
    action: str,
    mail_to: str = "",
    posted: Posted | None = None,
    problems: Sequence[Problem] = (),
    early: bool = False,
    opens_calendar: str = "",
    poster: str = "",
    closed: bool = False,
    shut: bool = False,
    full: bool = False,
    vacancy: Vacancy | None = None,
    withdraw: str = "",
    seed: int | None = None,
    stamp: str = "",
    check: str = "",
    button: str = "",
) -> str:
    """Render a form.

    Args:
        form: the form.
        language: one of its languages.
        action: the address it posts to.
        mail_to: the address for answers by e-mail; empty where there is none.
        posted: what was typed before, by the name of the control, to be shown again.
        problems: what is wrong with it; each is said on top and beside its field.
        early: whether the form takes no answers yet, which it says instead of itself. A page that is read later than
            it was made knows the moment: a script shows the form then, and without one a link leads to the service.
        opens_calendar: where a calendar file with the day is on which it opens; empty where there is none.
        poster: where a poster of it to print is; empty where there is none.
        closed: whether the form takes no more answers, which is then all that it says. A page that is read later
            than it was made knows the moment, and a script acts on it.
        shut: whether it is closed and may be opened again any moment: it says that alone, and a script shows the form
            then.
        full: whether every place is taken, which is then all that it says.
        vacancy: what is left of its places; None on a page that is read later than it was made, where a script asks.
        withdraw: where answers that are kept, and are corrected here, can be withdrawn; empty for new ones.
        seed: what fixes the order of shuffled options, from 0 to `SEED`; None for a page that many will see,
            where a script draws its own and without script the options stand as written.
        stamp: a signed mark of when the page was made, to be posted back; empty where nobody can sign one.
        check: the address that checks a step of it; empty: beneath that of the form.
        button: what its button says, in that language; empty: what the form says itself.

    Returns:
        A `<form>` and what belongs around it, to be put in a page under the page's own heading.
    """
    posted = {**(_seeds(form, seed) if seed is not None else {}), **(posted or {})}
    lines = mail_lines(form, language, posted)
    return (
        environment(language)
        .get_template("form.html")
        .render(
            form=form,
            sections=sections_of(form),
            show_if=lambda condition: show_if(form, condition),
            when_to_answer=lambda field: when_to_answer_here(form, field, language),
            when_to_answer_section=lambda section: when_to_answer_section(form, section.opened_by, language),
            months=months_compared(form, language),
            appearing=any(field.condition or field.other for field in form.fields),
            language=language,
            action=action,
            mail_to=mail_to,
            posted=posted,
            problems=problems,
            said=_said(problems, language),
            abroad=_place_of(form, language),
            early=early,
            opens_calendar=opens_calendar,
            poster=poster,
            closed=closed,
            shut=shut,
            state=f"{action.rpartition('/')[0]}/state.json",
            results=f"{action}/results?lang={language}" if form.publishes_results else "",
            full=full,
            vacancy=vacancy,
            withdraw=withdraw,
            check=check,
            button=button,
            minutes=max(1, round(form.seconds / 60)),
            keep=form.keep,
            lines=lines,
            mailto=mailto(form, language, mail_to, mail_text(lines)),
            trap=TRAP,
            stamp_name=STAMP,
            stamp=stamp,
        )
    )


def render_problems(form: Form, language: str, problems: Sequence[Problem]) -> str:
    """Render what is wrong with some steps, as it stands on the page of the form.

    Args:
        form: the form.
        language: one of its languages.
        problems: what is wrong, each with its field.

    Returns:
        The summary and the sentence of each field, to be put in their places; nothing where nothing is wrong.
    """
    template = environment(language).get_template("step_problems.html")
    return template.render(form=form, language=language, problems=problems, said=_said(problems, language), posted={})


def _said(problems: Sequence[Problem], language: str) -> dict[str, str]:
    """Give the sentence that stands beside each field: that of its first problem."""
    return {problem.field: problem.sentence(language) for problem in reversed(problems) if problem.field}


def render_check(form: Form, language: str, *, action: str, posted: Posted, cells: Mapping[str, str], key: str) -> str:
    """Render the page on which answers are checked before they are sent for good.

    Args:
        form: the form.
        language: one of its languages.
        action: the address it posts to.
        posted: what was typed, carried along in hidden controls.
        cells: the same as it will be kept.
        key: the single-use key to post with it.
    """
    carried = {name: posted[name] for field in form.fields for name in field.inputs if name in posted}
    return (
        environment(language)
        .get_template("check.html")
        .render(form=form, language=language, action=action, carried=carried, cells=cells, key=key)
    )


def render_answers(form: Form, language: str, cells: Mapping[str, str], *, masked: bool) -> str:
    """Render the answers of a response as a list of questions and answers.

    Args:
        form: the form.
        language: one of its languages.
        cells: the kept cells.
        masked: whether personal answers show only their first character, as on a receipt.
    """
    return (
        environment(language)
        .get_template("answers.html")
        .render(form=form, language=language, cells=cells, masked=masked)
    )


def sources(form: Form, query: Posted) -> dict[str, list[str]]:
    """Take the form's hidden sources out of the query of an address, to be rendered as posted before."""
    found = {field.name: field.source((query.get(field.name) or [""])[0]) for field in form.fields}
    return {name: [source] for name, source in found.items() if source}


def _place_of(form: Form, language: str) -> str:
    """Name the city by whose clocks a form opens and closes; empty where they are the community's."""
    return get_timezone_location(form.zone, locale=locale_of(language), return_city=True) if form.abroad else ""


def _seeds(form: Form, seed: int) -> dict[str, list[str]]:
    return {name: values for field in form.fields for name, values in field.seeded(seed).items()}
