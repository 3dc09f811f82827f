"""The settings of a portal: `mkdocs.yml`, and the `mkdocs.LANG.yml` of each further language that inherits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from forms.errors import Problem
from portal.content_files import is_own
from portal.errors import PortalProblem, SettingsProblems
from portal.settings_file import check_code, read_settings


@dataclass(frozen=True)
class Language:
    """One language of the portal: one configuration, one tree of pages, one build.

    Args:
        code: its code, such as `it`.
        config_file: the file its settings come from.
        config: the settings, inheritance resolved.
        content: the folder of its pages.
        prefix: where its pages stand under the portal's root: empty for the main language, `en/`.
    """

    code: str
    config_file: Path
    config: Mapping[str, Any]
    content: Path
    prefix: str

    @property
    def community(self) -> Mapping[str, str]:
        """The settings that pages may name as `{{ community.KEY }}`."""
        given = self.config.get("extra", {}).get("community", {})
        return {str(key): "" if value is None else str(value) for key, value in given.items()}

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
        settings: Mapping[str, Any] | None = self.config["plugins"].get("blog")
        return settings if settings and settings.get("enabled", True) else None

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
    """

    root: Path
    languages: tuple[Language, ...]

    @property
    def main(self) -> Language:
        """The language at the root of the site."""
        return self.languages[0]

    @property
    def url(self) -> str:
        """The address of the site, under which every language has its place."""
        return self.main.url.removesuffix(self.main.prefix)

    @property
    def forms(self) -> Path:
        """The folder of the form files."""
        return self.main.content.parent / "forms"

    @property
    def build(self) -> Path:
        """The folder where a build works."""
        return self.root / "build"


def load_portal(config_file: Path, only: str = "") -> Portal:
    """Read the settings of a portal.

    Args:
        config_file: the settings of the main language.
        only: the code of the one language to keep; empty for all.

    Raises:
        SettingsProblems: a file cannot be read, a setting is missing or invalid, `only` is not there.
    """
    files = [config_file, *sorted(config_file.parent.glob(f"{config_file.stem}.*{config_file.suffix}"))]
    languages: list[Language] = []
    problems: list[Problem] = []
    for file in files:
        try:
            languages.append(_load_language(file, languages[0] if languages else None))
        except SettingsProblems as error:
            problems += error.problems
            if not languages:
                break
    if problems:
        raise SettingsProblems(*problems)
    kept = tuple(language for language in languages if only in ("", language.code))
    if not kept:
        allowed = ", ".join(language.code for language in languages)
        raise SettingsProblems(
            PortalProblem("LANGUAGE_UNKNOWN", str(config_file), 1, values={"language": only, "allowed": allowed})
        )
    return Portal(config_file.parent, kept)


def _load_language(file: Path, main: Language | None) -> Language:
    def problem(code: str, **values: object) -> PortalProblem:
        return PortalProblem(code, str(file), 1, values=values)

    try:
        config = read_settings(file)
    except OSError as error:
        raise SettingsProblems(problem("SETTINGS_FILE", reason=error.strerror)) from None
    problems = [
        problem("SETTING_MISSING", key=key, example=example)
        for key, example in EXAMPLES.items()
        if not _setting(config, key)
    ]
    problems += [
        problem("SETTING_LIST", key=key)
        for key in ("plugins", "markdown_extensions")
        if not isinstance(config.setdefault(key, {}), dict)
    ]
    if problems:
        raise SettingsProblems(*problems)
    if refused := list(check_code(file, config, file.parent)):
        raise SettingsProblems(*refused)
    url = config["site_url"] = str(config["site_url"]).rstrip("/") + "/"
    main_url = main.url if main else url
    if not url.startswith(main_url):
        raise SettingsProblems(problem("SETTING_SITE_URL", value=url, main=main_url))
    content = file.parent / config["docs_dir"]
    if not is_own(content, file.parent):
        raise SettingsProblems(problem("SETTING_PATH", key="docs_dir", value=config["docs_dir"], example="content/it"))
    if not content.is_dir():
        raise SettingsProblems(problem("CONTENT_MISSING", folder=content))
    return Language(config["theme"]["language"], file, config, content, url[len(main_url) :])


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
