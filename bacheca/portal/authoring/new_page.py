"""New pages, articles, events and forms: files that pass the check, ready to be written on."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml

from bacheca.forms.definition.checks.nearest import slug
from bacheca.forms.jinja import bare_environment
from bacheca.portal.authoring.new_entry import new_question, new_term
from bacheca.portal.authoring.new_form import Plan, check_questions, check_text
from bacheca.portal.authoring.new_override import new_override
from bacheca.portal.build.read import read_content
from bacheca.portal.content.articles import articles_of
from bacheca.portal.errors import PortalProblem, SettingsProblems
from bacheca.portal.messages import SAYINGS, STARTS, say
from bacheca.portal.settings import Language, Portal

TEMPLATES = Path(__file__).parents[1] / "templates" / "new"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PATH = re.compile(rf"{NAME.pattern}(/{NAME.pattern})*")

SURVEY = Plan()


def new_page(portal: Portal, language: Language, name: str, today: dt.date) -> Path:
    """Create a page; its name may be a path, such as `partecipa/incontri`."""
    _check_name(name, PATH, "partecipa/incontri")
    file = language.content / f"{name}.md"
    return _create(file, "page.md", language, title=_title(name), key=name.replace("/", "-"))


def new_article(portal: Portal, language: Language, name: str, today: dt.date) -> Path:
    """Create an article, a draft of today's date in the newest issue."""
    _check_name(name, NAME, "un-reclamo-in-pubblico")
    blog = portal.main.blog
    if blog is None:
        raise SettingsProblems(
            PortalProblem(
                "SETTING_MISSING",
                str(portal.main.config_file),
                1,
                values={"key": "plugins.blog", "example": "blog: {blog_dir: articoli}"},
            )
        )
    content, _ = read_content(portal)
    before = articles_of(content.sound(portal.main.code))
    return _create(
        portal.main.content / blog["blog_dir"] / "posts" / f"{name}.md",
        "article.md",
        portal.main,
        title=_title(name),
        name=name,
        today=today.isoformat(),
        topic=next((article.topic for article in before if article.topic), _start(portal.main.code, "new_topic")),
        author=next(
            (author for article in before for author in article.authors), _start(portal.main.code, "author_code")
        ),
        issue=max((article.issue for article in before), default=0) or 1,
    )


def new_event(portal: Portal, language: Language, name: str, today: dt.date) -> Path:
    """Create an event, a draft four weeks from today."""
    _check_name(name, NAME, "pomeriggio-di-domande")
    day = (today + dt.timedelta(weeks=4)).isoformat()
    folder = language.content / say(SAYINGS["events_folder"], language.code)
    return _create(folder / f"{name}.md", "event.md", language, title=_title(name), key=name, day=day)


def check_form_name(portal: Portal, name: str) -> None:
    """Make sure, before anything is asked, that a form can have a name.

    Raises:
        SettingsProblems: it cannot, or there is such a form.
    """
    _check_name(name, NAME, "iscrizione-incontro")
    if (file := portal.forms / f"{name}.yaml").exists():
        raise SettingsProblems(PortalProblem("EXISTS", file.as_posix(), 1))


def new_form(portal: Portal, language: Language, name: str, today: dt.date, plan: Plan = SURVEY) -> Path:
    """Create a form, as it is planned.

    Raises:
        ContentProblems: a form made of that plan would have problems; nothing is written.
    """
    _check_name(name, NAME, "iscrizione-incontro")
    file = portal.forms / f"{name}.yaml"
    check_questions(plan, file)
    values = {"title": _title(name), "name": name, "plan": plan}
    check_text(_text("form.yaml", portal.main, **values), file, portal.usual)
    return _create(file, "form.yaml", portal.main, **values)


Maker = Callable[[Portal, Language, str, dt.date], Path]
MAKERS: dict[str, Maker] = {
    "page": new_page,
    "article": new_article,
    "event": new_event,
    "form": new_form,
    "term": new_term,
    "faq": new_question,
    "override": new_override,
}
"""What can be created: each is given the portal, a language, a name and today's date, and gives the new file.

Each raises SettingsProblems when the name cannot be one, or the file is there already."""


def _title(name: str) -> str:
    return name.rpartition("/")[2].replace("-", " ").capitalize()


def _check_name(name: str, pattern: re.Pattern[str], example: str) -> None:
    if not pattern.fullmatch(name):
        parts = [slug(part.removesuffix(".md")) for part in re.split(r"[/\\]+", name)]
        near = "/".join(filter(None, parts if pattern is PATH else parts[-1:])) or example
        raise SettingsProblems(PortalProblem("NAME", name, 1, values={"name": name, "near": near}))


def _text(template: str, language: Language, **values: object) -> str:
    environment = bare_environment(TEMPLATES, escaped=False, whole_ends=True)
    environment.filters["yaml"] = lambda entry: yaml.safe_dump(entry, allow_unicode=True, width=10_000).rstrip("\n")
    environment.globals["say"] = partial(_start, language.code)
    return environment.get_template(template).render(**values)


def _start(language: str, key: str) -> str:
    return say(STARTS[key], language)


def _create(file: Path, template: str, language: Language, **values: object) -> Path:
    text = _text(template, language, **values)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise SettingsProblems(PortalProblem("EXISTS", file.as_posix(), 1)) from None
    return file
