"""A portal of a community's own: a folder with settings, first pages, two forms and legal pages, which builds at once.

What only the community can say is marked as `check --release` looks for it. Texts stand under
`templates/init/LANGUAGE/SECTION/`, at the paths of their pages; a language without any begins with the English ones.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from email_validator import EmailNotValidError, validate_email

import bacheca
from bacheca.folder_record import Record, write_record
from bacheca.forms import USUAL
from bacheca.forms.definition.checks.localities import is_zone, zone_meant
from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.jinja import bare_environment
from bacheca.portal.appearance.colours import check_colours
from bacheca.portal.authoring.mark_translated import mark_translations
from bacheca.portal.checks.translations import mark_page
from bacheca.portal.clock import zone_here
from bacheca.portal.content.pages import read_pages
from bacheca.portal.errors import PortalProblem, SettingsProblems
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.setting_names import is_language
from bacheca.portal.settings import load_portal

TEMPLATES = Path(__file__).parents[1] / "templates" / "init"
WRITTEN = ("en", *sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir() and len(folder.name) == 2))
"""The languages that first pages are written in; the first is for whoever writes in another."""

SECTIONS = ("profile", "guidelines", "glossary", "questions", "articles", "events", "survey", "signup", "newsletter")
"""What a portal can begin with, in the order of its menu."""

IN_MENU = ("profile", "guidelines", "glossary", "questions")
FORMS = ("survey", "signup")
ALWAYS = "always"
SAMPLE = "https://example.org/"
WEEKS = {"meeting": 4, "closes": 26}
"""Weeks until the days that are proposed: for a first meeting, and for the end of the survey."""

LOCK = "requirements.lock"


@dataclass(frozen=True)
class Community:
    """What a new portal is told.

    Args:
        name: what the community is called.
        languages: the codes of its languages, the main one first.
        url: where the portal will be.
        email: where people write to it.
        zone: the time zone in which its days end, as the IANA calls it.
        colours: the colour of its links and buttons, and perhaps a second one; none for the product's.
        sections: what it begins with, some of `SECTIONS`.
        forge: `github` (Forgejo reads the same) for a workflow that checks each change, or `none`.
        today: the day that the first article bears.
    """

    name: str
    languages: tuple[str, ...] = (USUAL.language,)
    url: str = SAMPLE
    email: str = "info@example.org"
    zone: str = field(default_factory=zone_here)
    colours: tuple[str, ...] = ()
    sections: tuple[str, ...] = SECTIONS
    forge: str = "github"
    today: dt.date = field(default_factory=dt.date.today)


COLOURS = ("accent", "second")
"""The colours that are asked for, in their order."""

FORGES = ("github", "none")


def new_portal(folder: Path, community: Community, add: Callable[[Path], None] = lambda new: None) -> list[Path]:
    """Write a portal, whole or not at all.

    Args:
        folder: where: a folder that is not there, or is empty.
        community: whose.
        add: is given the folder with the first files in it, before anybody sees it, and may add to them.

    Returns:
        The files, relative to the folder.

    Raises:
        SettingsProblems: something given cannot be, or the folder holds something; nothing is written.
    """
    if problems := list(_problems(folder, community)):
        raise SettingsProblems(*problems)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}") as name:
        new = Path(name)
        files = write_first_files(new, community)
        write_record(new, Record(bacheca.__version__, answers_of(community), files))
        add(new)
        written = sorted(map(Path, files))
        folder.mkdir(exist_ok=True)
        for child in new.iterdir():
            shutil.move(child, folder / child.name)
    return written


def write_first_files(new: Path, community: Community) -> dict[str, str]:
    """Write the first files of a portal into a folder that is empty.

    Returns:
        Their texts, by their path in the folder.
    """
    for path, text in _files(community):
        (new / path).parent.mkdir(parents=True, exist_ok=True)
        (new / path).write_text(text, encoding="utf-8", newline="\n")
    _mark_translations(new)
    found = sorted(file for file in new.rglob("*") if file.is_file())
    return {file.relative_to(new).as_posix(): file.read_text(encoding="utf-8") for file in found}


def answers_of(community: Community) -> dict[str, Any]:
    """Give what a new portal was told, as JSON has it."""
    return {**asdict(community), "today": community.today.isoformat()}


def community_of(answers: Mapping[str, Any]) -> Community:
    """Give whose portal it is from the answers that its folder remembers; what a later version asks has its default."""
    known = {item.name for item in fields(Community)}
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in answers.items() if key in known
    }
    given["today"] = dt.date.fromisoformat(answers["today"])
    return Community(**given)


def what_is_wrong(folder: Path, **answer: Any) -> list[PortalProblem]:
    """Give what is wrong with one answer before all are there; without any, with the folder.

    Args:
        folder: where the portal is to be.
        answer: an attribute of `Community`, and what it is to be.
    """
    problems = _problems(folder, Community(**{"name": "-", **answer}))
    return [problem for problem in problems if (problem.code == "INIT_FOLDER") is not bool(answer)]


def _problems(folder: Path, community: Community) -> Iterator[PortalProblem]:
    def wrong(option: str, value: object, example: str) -> PortalProblem:
        values = {"option": option, "value": value or '""', "example": example}
        return PortalProblem("INIT_VALUE", str(folder), 1, values=values)

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        yield PortalProblem("INIT_FOLDER", str(folder), 1, values={"folder": folder})
    if not community.name.strip() or not community.name.isprintable() or "{{" in community.name:
        yield wrong("name", community.name, "--name 'Coro di Bologna'")
    for code in dict.fromkeys(community.languages or ("",)):
        if not is_language(code) or community.languages.count(code) > 1:
            yield wrong("language", code, "--language it --language en")
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", community.url):
        yield wrong("address", community.url, f"--address {SAMPLE}")
    try:
        validate_email(community.email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        yield wrong("email", community.email, "--email info@example.org")
    if not is_zone(community.zone):
        yield wrong("zone", community.zone, f"--zone {zone_meant(community.zone, USUAL.zone)}")
    yield from _wrong_colours(folder, community.colours)
    for section in community.sections:
        if section not in SECTIONS:
            yield wrong("section", section, f"--section {nearest(section, SECTIONS) or SECTIONS[0]}")
    if community.forge not in FORGES:
        yield wrong("forge", community.forge, f"--forge {nearest(community.forge, FORGES) or FORGES[0]}")


def _wrong_colours(folder: Path, colours: tuple[str, ...]) -> Iterator[PortalProblem]:
    for name, colour in zip(COLOURS, colours, strict=False):
        found: list[tuple[str, dict[str, Any]]] = []
        check_colours({name: colour}, lambda code, way, found=found, **values: found.append((code, values)))
        for code, values in found:
            said = {key: str(value).replace(f"{name}: ", "--colour ") for key, value in values.items()}
            yield PortalProblem(code, str(folder), 1, values={**said, "key": "colour"})
    for colour in colours[len(COLOURS) :]:
        values = {"option": "colour", "value": colour, "example": f"--colour '{colours[0]}' --colour '{colours[1]}'"}
        yield PortalProblem("INIT_VALUE", str(folder), 1, values=values)


def _files(community: Community) -> Iterator[tuple[str, str]]:
    """Give the path and the text of each file; translations of forms are not marked yet."""
    main = community.languages[0]
    names = {form: Path(first_page(written_in(main), form)).stem for form in FORMS}
    for language in community.languages:
        texts = Texts(community, language, names)
        yield ("mkdocs.yml" if language == main else f"mkdocs.{language}.yml"), texts.settings()
        yield f"content/synonyms.{language}.yml", texts.render(f"synonyms.{texts.written}.yml")
        for path, template in texts.pages.items():
            yield f"content/{language}/{path}", texts.render(template)
        for form in [form for form in FORMS if form in community.sections]:
            whole = texts.render(f"forms/{form}.{texts.written}.yaml")
            words = f"{names[form]}.yaml" if language == main else f"{names[form]}.{language}.yaml"
            yield f"content/forms/{words}", whole if language == main else _words_of(whole)
    texts = Texts(community, main, names)
    yield "README.md", texts.render(f"README.{texts.written}.md")
    yield ".gitignore", texts.render("gitignore")
    yield "requirements.txt", _lock().read_text(encoding="utf-8")
    if community.forge == "github":
        yield ".github/workflows/check.yml", texts.render("workflow.yml")


def written_in(language: str) -> str:
    """Give the language that the first pages of a language are written in."""
    return language if language in WRITTEN else WRITTEN[0]


def first_page(written: str, section: str) -> str:
    """Give the path of a section's first page; a form is called as the page that shows it."""
    folder = TEMPLATES / written / section
    return next(path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.md")))


class Texts:
    """The first texts of a portal in one language.

    Args:
        community: whose.
        language: the code of the language.
        forms: what the forms are called.
    """

    def __init__(self, community: Community, language: str, forms: dict[str, str]):
        self._community = community
        self._language = language
        self._main = language == community.languages[0]
        self._forms = forms
        self.written = written_in(language)
        self.pages = {
            path.relative_to(folder).as_posix(): path.relative_to(TEMPLATES).as_posix()
            for section in (ALWAYS, *community.sections)
            if (folder := TEMPLATES / self.written / section).is_dir()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def render(self, template: str, **values: Any) -> str:
        """Write a text from its template, whose own braces are `[[ ]]` and `[% %]`, since pages have `{{ }}`."""
        environment = bare_environment(TEMPLATES, escaped=False, whole_ends=True).overlay(
            variable_start_string="[[",
            variable_end_string="]]",
            block_start_string="[%",
            block_end_string="%]",
            comment_start_string="[#",
            comment_end_string="#]",
        )
        environment.filters["yaml"] = _in_yaml
        environment.filters["flow"] = partial(_in_yaml, flow=True)
        environment.globals["say"] = self._say
        given = self._community
        return environment.get_template(template).render(
            name=given.name,
            url=given.url.rstrip("/") + ("/" if self._main else f"/{self._language}/"),
            email=given.email,
            zone=given.zone,
            colours=dict(zip(COLOURS, given.colours, strict=False)),
            sections=given.sections,
            language=self._language,
            inherits=not self._main,
            ways=[{"label": self._say(f"init_go_{form}"), "href": self._address(form)} for form in self._asked()],
            today=given.today,
            **{key: given.today + dt.timedelta(weeks=weeks) for key, weeks in WEEKS.items()},
            version=bacheca.__version__,
            **self._forms,
            **values,
        )

    def settings(self) -> str:
        """Write the file of settings."""
        menu: list[dict[str, Any]] = [
            {self._say(f"init_{section}"): self._first(section)}
            for section in IN_MENU
            if section in self._community.sections
        ]
        blog = "articles" in self._community.sections and self._first("articles")
        if blog:
            menu.append({self._say("init_articles"): [blog]})
        if asked := [self._first(form) for form in self._asked()]:
            menu.append({self._say("init_take_part"): asked})
        legal = {key: path for path, key in self._legal().items()}
        footer = [
            {"label": self._say(f"init_{key}"), "href": f"{legal[key].removesuffix('.md')}/"}
            | ({"element": element} if element else {})
            for key, element in FOOTER.items()
        ]
        return self.render(
            "mkdocs.yml",
            nav=menu,
            footer=footer,
            blog=blog and blog.partition("/")[0],
            fill=self._say("fill"),
            description=self._say("init_description", name=self._community.name),
        )

    def _asked(self) -> list[str]:
        return [form for form in FORMS if form in self._community.sections]

    def _first(self, section: str) -> str:
        return first_page(self.written, section)

    def _address(self, section: str) -> str:
        return f"{self._first(section).removesuffix('.md')}/"

    def _legal(self) -> dict[str, str]:
        """Give the translation key of each page that every portal has, by its path."""
        folder = TEMPLATES / self.written / ALWAYS
        found = {
            file.name: re.search(r"^translation: (.+)$", file.read_text("utf-8"), re.M) for file in folder.iterdir()
        }
        return {name: key[1] for name, key in found.items() if key and key[1] != "home"}

    def _say(self, saying: str, **values: object) -> str:
        return say(SAYINGS[saying], self._language, **values)


FOOTER = {"privacy": "privacy-policy-link", "accessibility": "accessibility-link", "contacts": ""}
"""The links at the foot of every page, by translation key, with the marks of Italian public sites."""


def _in_yaml(value: Any, *, flow: bool | None = None) -> str:
    written = yaml.safe_dump(value, allow_unicode=True, width=10_000, sort_keys=False, default_flow_style=flow)
    return written.removesuffix("\n...\n").rstrip("\n")


def _words_of(form: str) -> str:
    """Give of a form the words alone, as a translation has them."""
    whole = yaml.safe_load(form)
    fields = [{key: field[key] for key in WORDS if key in field} for field in whole["fields"]]
    words = {"title": whole["title"], "description": whole["description"], "fields": fields}
    return str(yaml.safe_dump(words, allow_unicode=True, sort_keys=False, width=110))


WORDS = ("name", "title", "description", "categories", "missingValues", "form:notice", "form:ends")


def _mark_translations(root: Path) -> None:
    """Mark pages and forms in further languages as being of the words as they are."""
    portal = load_portal(root / "mkdocs.yml")
    for file in portal.forms.glob("*.yaml"):
        if "." not in file.stem and list(file.parent.glob(f"{file.stem}.*.yaml")):
            list(mark_translations(portal.forms, file.stem, portal.usual))
    originals = {page.key for page in read_pages(portal.main)[0]}
    for language in portal.languages[1:]:
        for page in read_pages(language)[0]:
            if page.key in originals - {""}:
                mark_page(portal, Path(page.file))


def _lock() -> Path:
    """Give the file with the hashes of what Bacheca needs: an installed one has it inside, a checkout at its root."""
    inside = Path(bacheca.__file__).with_name(LOCK)
    return inside if inside.is_file() else inside.parents[1] / LOCK
