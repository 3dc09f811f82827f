"""The settings of a portal: `mkdocs.yml`, and the `mkdocs.LANG.yml` of each further language that inherits it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bacheca.folder_record import RecordRefused, refuse_newer
from bacheca.forms import USUAL, Community
from bacheca.forms.definition.checks.localities import language_meant
from bacheca.forms.definition.text_file import read_text
from bacheca.forms.definition.yaml_mistakes import mistakes_of
from bacheca.forms.errors import Problem
from bacheca.forms.locales import language_name
from bacheca.portal.appearance.colours import check_colours, given_in
from bacheca.portal.appearance.look import Look, read_look
from bacheca.portal.appearance.own_files import folder_of, own_files
from bacheca.portal.errors import PortalProblem, SettingsProblems, problem_of_record
from bacheca.portal.files import is_own
from bacheca.portal.markdown_defaults import with_defaults
from bacheca.portal.own_settings.shapes import check_shapes
from bacheca.portal.rules import check_rules, levels_of, limits_of
from bacheca.portal.setting_names import THEME, is_language, leave_to_main, name_language, put_right, put_zone_right
from bacheca.portal.setting_places import Places
from bacheca.portal.settings_file import KNOWN, SNIPPETS, check_code, check_is_own, read_settings
from bacheca.portal.theme_defaults import with_options, with_parts, with_words

BLOG: Mapping[str, Any] = MappingProxyType(
    {
        "enabled": True,
        "blog_dir": "blog",
        "post_dir": "{blog}/posts",
        "post_url_format": "{date}/{slug}",
        "post_url_date_format": "yyyy/MM/dd",
        "archive_url_format": "archive/{date}",
        "categories_url_format": "category/{slug}",
    }
)
"""What the engine takes for granted of articles."""


@dataclass(frozen=True)
class Language:
    """One language of the portal: one configuration, one tree of pages, one build.

    Args:
        code: its code, such as `it`.
        config_file: the file its settings come from.
        config: the settings, inheritance resolved.
        content: the folder of its pages.
        prefix: where its pages stand under the portal's root: empty for the main language, `en/`.
        written: the settings as they stand in its files, which further languages inherit.
    """

    code: str
    config_file: Path
    config: Mapping[str, Any]
    content: Path
    prefix: str
    written: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """What it is called in itself, such as `Italiano`."""
        return language_name(self.code, self.code).capitalize()

    @property
    def community(self) -> Mapping[str, str]:
        """The settings that pages may name as `{{ community.KEY }}`."""
        given = self.config.get("extra", {}).get("community", {})
        texts = {key: value for key, value in given.items() if not isinstance(value, list | dict)}
        return {str(key): "" if value is None else str(value) for key, value in texts.items()}

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end, and its events take place."""
        said = self.config.get("extra", {}).get("community", {}).get("zone")
        return ZoneInfo(said) if said else USUAL.zone

    @property
    def facts(self) -> Mapping[str, str]:
        """What several pages tell and one place holds, named in pages as `{{ fact.KEY }}`."""
        return {str(key): str(value) for key, value in (self.config.get("extra", {}).get("facts") or {}).items()}

    @property
    def locale(self) -> str:
        """How dates and numbers are written, such as `en_GB`."""
        return str(self.config.get("extra", {}).get("words", {}).get("locale") or self.code)

    @property
    def blog(self) -> Mapping[str, Any] | None:
        """The settings of the articles, or None in a language without articles."""
        plugins = self.config["plugins"]
        if "blog" not in plugins:
            return None
        settings = {**BLOG, **(plugins["blog"] or {})}
        return settings if settings["enabled"] else None

    @property
    def included(self) -> tuple[Path, ...]:
        """The folders of the portal's own, named from that of the settings, that snippets may be taken from."""
        options = self.config["markdown_extensions"].get(SNIPPETS)
        given = options.get("base_path") if isinstance(options, dict) else None
        named = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        root = self.config_file.parent
        folders = (root / name for name in named if isinstance(name, str))
        return tuple(folder for folder in folders if is_own(folder, root) and folder.is_dir())

    @property
    def limits(self) -> Mapping[str, int]:
        """The most characters of a description, kilobytes of a picture, megabytes of a file; of a page and a site."""
        return limits_of(self.config.get("extra", {}))

    @property
    def own(self) -> Path:
        """The folder with the portal's own look: its `assets` and `theme`."""
        return folder_of(self.content, self.config_file.parent)

    @property
    def look(self) -> Look:
        """How its pages look, as its files are now."""
        extra = self.config.get("extra", {})
        has_hero = extra.get("hero") is not False
        return read_look(given_in(extra.get("colours")), own_files(self.own / "assets"), has_hero=has_hero)

    @property
    def url(self) -> str:
        """The address of its home."""
        return str(self.config["site_url"])

    @property
    def path(self) -> str:
        """The path of its home on the host."""
        return urlsplit(self.url).path


@dataclass(frozen=True)
class Portal:
    """A portal: its languages and its folders.

    Args:
        root: the folder of the main configuration file.
        languages: the languages to build, the main one first.
        usual: what its forms take for granted: the main language, even where another one alone is built.
    """

    root: Path
    languages: tuple[Language, ...]
    usual: Community

    @property
    def main(self) -> Language:
        """The language at the root of the site."""
        return self.languages[0]

    @property
    def url(self) -> str:
        """The address of the site, under which every language has its place."""
        return self.main.url.removesuffix(self.main.prefix)

    @property
    def levels(self) -> Mapping[str, str]:
        """The levels that the settings of the main language give rules of `check`, by code."""
        return levels_of(self.main.config.get("extra", {}))

    @property
    def forms(self) -> Path:
        """The folder of the form files."""
        return self.main.content.parent / "forms"

    @property
    def build(self) -> Path:
        """The folder where a build works."""
        return self.root / "build"

    @property
    def told(self) -> Path:
        """The folder of what builds were told of forms: their results, and the days set for them."""
        return self.build / "results"


def load_portal(config_file: Path, only: str = "") -> Portal:
    """Read the settings of a portal.

    Args:
        config_file: the settings of the main language.
        only: the code of the one language to keep; empty for all.

    Raises:
        SettingsProblems: a file cannot be read, a setting is missing or invalid, `only` is not there.
    """
    portal, problems = read_portal(config_file, only)
    if portal is None or problems:
        raise SettingsProblems(*problems)
    return portal


def read_portal(config_file: Path, only: str = "") -> tuple[Portal | None, list[Problem]]:
    """Read the settings of a portal as far as they can be read.

    Args:
        config_file: the settings of the main language.
        only: the code of the one language to keep; empty for all.

    Returns:
        The portal, whose pages can be checked whatever is wrong with its settings, and every problem of those;
        None where nobody can tell where its pages are.
    """
    try:
        refuse_newer(config_file.parent)
    except RecordRefused as refused:
        return None, [problem_of_record(refused, config_file.parent)]
    language, problems = _read_language(config_file, None)
    if language is None:
        return None, problems
    languages = [language]
    beside = {file.stem.removeprefix(f"{config_file.stem}."): file for file in _files_beside(config_file)}
    named = [str(code) for code in language.config["extra"]["community"].get("languages") or (language.code, *beside)]
    for code in dict.fromkeys((*named[1:], *beside)):
        file = beside.get(code)
        if code not in named and file:
            place = Places(config_file, KNOWN).of("extra", "community", "languages")
            values = {"file": file.name, "languages": ", ".join((*named, code))}
            problems.append(PortalProblem("LANGUAGE_UNLISTED", *place, values=values))
            continue
        further, found = _read_language(file or config_file, language, code)
        told = [(problem.code, problem.values) for problem in problems]  # what is inherited is told of once
        problems += [problem for problem in found if (problem.code, problem.values) not in told]
        if further:
            languages.append(further)
    kept = tuple(language for language in languages if only in ("", language.code))
    if not kept:
        allowed = ", ".join(language.code for language in languages)
        values = {"language": only, "allowed": allowed}
        return None, [*problems, PortalProblem("LANGUAGE_UNKNOWN", str(config_file), 1, values=values)]
    return Portal(config_file.parent, kept, Community(languages[0].code, languages[0].zone)), problems


def _files_beside(config_file: Path) -> list[Path]:
    """Give the settings of further languages: `mkdocs.LANG.yml` beside `mkdocs.yml`."""
    return sorted(config_file.parent.glob(f"{config_file.stem}.*{config_file.suffix}"))


LANGUAGE = re.compile(r"\blanguages?\s*:\s*(?:\[\s*|\n\s*-\s*)?[\"']?([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\b")
"""Where settings name a language: the first of a list, or the theme's."""


def language_of(config_file: Path) -> str:
    """Guess the language of settings that cannot be read, to speak of them in it."""
    found = LANGUAGE.search(read_text(config_file).text)
    return found[1] if found else USUAL.language


def _read_language(file: Path, main: Language | None, named: str = "") -> tuple[Language | None, list[Problem]]:
    """Read the settings of a language.

    Args:
        file: they stand in it; those of the main language, where a further one has no file of its own.
        main: the main language; None where this is it.
        named: the code by which it is listed; empty where the settings alone tell it.
    """
    config, problems = _read_config(file)
    if config is None:
        return None, problems
    if main:
        leave_to_main(config, main.written, main.url, named)
        if file == main.config_file:
            config.pop("nav", None)  # the labels of the menu are words of the main language

    written = copy.deepcopy(config)
    places = Places(file, KNOWN)

    def problem(code: str, way: tuple[str, ...], **values: object) -> None:
        problems.append(PortalProblem(code, *places.of(*way), values=values))

    name_language(config, named, problem)
    folder = Path(str(config.get("docs_dir") or USUAL.language)).name
    assumed = folder if is_language(folder) else language_meant(folder)
    put_right(config, assumed, problem)
    check_shapes(config.get("extra"), problem)
    config["theme"].setdefault("name", THEME)
    misshapen = {found.values.get("key") for found in problems if found.code == "SETTING_SHAPE"}
    for key, example in EXAMPLES.items():
        if not _setting(config, key) and key not in misshapen:
            problem("SETTING_MISSING", tuple(key.split(".")), key=key, example=example)
    code = str(_setting(config, "theme.language") or assumed)
    config.setdefault("plugins", {"search": {}})
    for key in ("plugins", "markdown_extensions"):
        if not isinstance(config.setdefault(key, {}), dict):
            problem("SETTING_LIST", (key,), key=key, example=f"{key}: [{'search' if key == 'plugins' else 'toc'}]")
    shaped = {key: _mapping(config.get(key)) for key in ("plugins", "markdown_extensions", "theme", "extra")}
    shaped["plugins"] = with_options(shaped["plugins"], code)
    shaped["markdown_extensions"] = with_defaults(shaped["markdown_extensions"], code)
    shaped["theme"] = {**with_parts(shaped["theme"], file.parent), "language": code}
    shaped["extra"]["words"] = with_words(_mapping(shaped["extra"].get("words")), code)
    shaped["extra"]["community"] = _mapping(shaped["extra"].get("community"))
    put_zone_right(shaped["extra"]["community"], problem)
    url = str(config.get("site_url") or (main.url if main else "https://example.org/")).rstrip("/") + "/"
    if not re.match(r"https?://", url):
        near = f"https://{url.rpartition('//')[2]}"
        problem("SETTING_ADDRESS", ("site_url",), value=config["site_url"], near=near)
        url = near
    main_url = main.url if main else url
    if not url.startswith(main_url):
        problem("SETTING_SITE_URL", ("site_url",), value=url, main=main_url, near=f"{main_url}{code}/")
        url = f"{main_url}{code}/"
    check_code({**config, **shaped}, file.parent, problem)
    check_rules(shaped["extra"], problem)
    check_colours(shaped["extra"].get("colours"), problem)
    content = file.parent / str(config.get("docs_dir") or f"content/{code}")
    if not is_own(content, file.parent):
        problem("SETTING_PATH", ("docs_dir",), key="docs_dir", value=config["docs_dir"], example=f"content/{code}")
        return None, problems
    if content.is_dir():
        whole = {**config, **shaped, "site_url": url}
        return Language(code, file, whole, content, url[len(main_url) :], written), problems
    if config.get("docs_dir"):
        problem("CONTENT_MISSING", ("docs_dir",), folder=content.as_posix())
    return None, problems


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}


def _read_config(file: Path) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Read a file of settings, and what it inherits, as far as it can be read; give its problems too."""
    try:
        check_is_own(file)
    except SettingsProblems as error:
        return None, [*error.problems]
    read = read_text(file)
    problems: list[Problem] = []
    if read.reason:
        problems.append(PortalProblem("SETTINGS_FILE", str(file), read.line, values={"reason": read.reason}))
    mistakes, text = mistakes_of(read.text, KNOWN, tags=True)
    problems += [
        Problem(found.code, str(file), found.line, values=found.values)
        if found.code
        else PortalProblem("PAGE_YAML", str(file), found.line, values=found.values)
        for found in mistakes
    ]
    if not text:
        return None, problems or [PortalProblem("SETTINGS_FILE", str(file), 1, values={"reason": "site_name: …"})]
    try:
        return read_settings(file), problems
    except SettingsProblems as error:
        return None, [*problems, *error.problems]
    except OSError as error:
        values = {"reason": error.strerror or error}
        return None, [*problems, PortalProblem("SETTINGS_FILE", str(file), 1, values=values)]


EXAMPLES = {
    "site_name": "site_name: La Bacheca",
    "site_url": "site_url: https://bacheca.example.org/",
    "docs_dir": "docs_dir: content/it",
    "theme.language": "theme: {language: it}",
    "extra.community.name": "extra: {community: {name: La Bacheca}}",
    "extra.community.email": "extra: {community: {email: info@bacheca.example.org}}",
}
"""The settings that a build needs, each with an example; the rest is the engine's."""


def _setting(config: Mapping[str, Any], key: str) -> Any:
    found: Any = config
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
