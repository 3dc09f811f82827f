"""Reading `mkdocs.yml` as data: whatever in it would run code, or read a file elsewhere, needs the operator's word.

Editors commit the settings with the pages. So nothing in them may do on the machine that builds what only who runs that
machine may decide; that word is `BACHECA_ALLOW` in the environment of the build, never a file of the portal.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import mergedeep  # type: ignore[import-untyped]
import yaml
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from bacheca.forms.definition.text_file import text_of
from bacheca.forms.definition.yaml_mistakes import LOADER, mistakes_of
from bacheca.portal.disk.plain_files import read_file
from bacheca.portal.errors import PortalProblem, SettingsProblems
from bacheca.portal.setting_places import Places

ALLOW = "BACHECA_ALLOW"
"""The operator's word: which of `WORDS` the settings may use, with commas between."""

WORDS = ("tags", "hooks", "theme", "templates", "plugins", "extensions")
THEME = Path(__file__).parent / "theme"
BESIDE = re.compile(r"[\w-][\w.-]*\.ya?ml")
NAME, APPLY = "tag:yaml.org,2002:python/name:", "tag:yaml.org,2002:python/object/apply:"
HARMLESS = frozenset(
    (
        "material.extensions.emoji.twemoji",
        "material.extensions.emoji.to_svg",
        "pymdownx.superfences.fence_code_format",
        "pymdownx.superfences.fence_div_format",
        "pymdownx.slugs.slugify",
        "markdown.extensions.toc.slugify_unicode",
    )
)
"""Functions that Material's handbook names with `!!python`: they make text of text."""

LISTED = ("plugins", "markdown_extensions")
"""What may be written as a list or as a mapping."""

PLUGINS = frozenset(("search", "blog", "tags", "material/search", "material/blog", "material/tags"))
EXTENSIONS = frozenset(
    (
        *("abbr", "admonition", "attr_list", "codehilite", "def_list", "extra", "fenced_code", "footnotes"),
        *("md_in_html", "meta", "nl2br", "sane_lists", "smarty", "tables", "toc", "wikilinks"),
        *(
            "bacheca.portal.markdown.form_block",
            "bacheca.portal.markdown.results_block",
            "bacheca.portal.markdown.poster_block",
            "bacheca.portal.markdown.glossary_aliases",
            "bacheca.portal.markdown.task_labels",
        ),
        *("pymdownx.arithmatex", "pymdownx.betterem", "pymdownx.caret", "pymdownx.critic", "pymdownx.details"),
        *("pymdownx.emoji", "pymdownx.escapeall", "pymdownx.extra", "pymdownx.highlight", "pymdownx.inlinehilite"),
        *("pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark", "pymdownx.progressbar", "pymdownx.saneheaders"),
        *("pymdownx.smartsymbols", "pymdownx.striphtml", "pymdownx.superfences", "pymdownx.tabbed"),
        *("pymdownx.tasklist", "pymdownx.tilde", "pymdownx.blocks.admonition", "pymdownx.blocks.definition"),
        *("pymdownx.blocks.details", "pymdownx.blocks.html", "pymdownx.blocks.tab", "pymdownx.blocks.caption"),
    )
)
"""Markdown extensions that read no file and fetch nothing; any other name is a module to be imported."""


SNIPPETS = "pymdownx.snippets"
"""The extension that puts other files into a page."""

KNOWN = frozenset(
    [
        "INHERIT",
        "site_name",
        "site_url",
        "site_description",
        "docs_dir",
        "theme",
        "language",
        "plugins",
        "nav",
        "extra",
        "markdown_extensions",
        "community",
        "name",
        "email",
        "authors",
        "description",
        "avatar",
        "validation",
    ]
)
"""Settings by which one that lacks its colon is known."""


class Reader(LOADER):  # type: ignore[misc, valid-type]
    """YAML without code; what it refused is in `refused`, by line."""

    def __init__(self, stream: Any):
        super().__init__(stream)
        self.refused: list[tuple[int, str]] = []

    def named(self, suffix: str, node: yaml.Node) -> Any:
        """Construct `!!python/name:`, where it is harmless."""
        if suffix not in HARMLESS:
            return self.refuse(node)
        module, _, name = suffix.rpartition(".")
        return getattr(import_module(module), name)

    def applied(self, suffix: str, node: yaml.Node) -> Any:
        """Construct `!!python/object/apply:` of what makes slugs, the one such thing that is harmless."""
        if suffix != "pymdownx.slugs.slugify" or not isinstance(node, yaml.MappingNode):
            return self.refuse(node)
        given = self.construct_mapping(node, deep=True).get("kwds") or {}
        return self.named(suffix, node)(**{key: value for key, value in given.items() if key in ("case", "normalize")})

    def refuse(self, node: yaml.Node) -> None:
        """Remember a tag that would run code, read the environment or name a file."""
        self.refused.append((node.start_mark.line + 1, str(node.tag).replace("tag:yaml.org,2002:", "!!")))


Reader.add_multi_constructor(NAME, Reader.named)
Reader.add_multi_constructor(APPLY, Reader.applied)
Reader.add_constructor(None, Reader.refuse)


def is_allowed(word: str) -> bool:
    """Tell whether the operator allows the settings to do something: one of `WORDS`."""
    return word in {part.strip() for part in os.environ.get(ALLOW, "").split(",")}


def read_settings(file: Path) -> dict[str, Any]:
    """Read a file of settings, what it inherits included.

    Raises:
        OSError: it cannot be read.
        SettingsProblems: it is a link or no YAML, inherits from elsewhere, or has tags that would run code.
    """
    check_is_own(file)
    if is_allowed("tags"):
        with file.open("rb") as opened:
            try:
                return _mapping(yaml_load(opened), file)
            except (ConfigurationError, UnicodeDecodeError) as error:
                raise _unreadable(file, str(error)) from None
    reader = None
    try:
        reader = Reader(_readable(file))
        settings = _mapping(reader.get_single_data(), file)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _unreadable(file, str(error), mark.line + 1 if mark else 1) from None
    finally:
        if reader:
            reader.dispose()
    if reader.refused:
        raise SettingsProblems(*(refusal(file, line, tag, "tags") for line, tag in reader.refused))
    parent = settings.pop("INHERIT", None)
    if parent is None:
        return settings
    if not BESIDE.fullmatch(str(parent)) or str(parent) == file.name:
        values = {"key": "INHERIT", "value": parent, "example": "mkdocs.yml"}
        raise SettingsProblems(PortalProblem("SETTING_PATH", *Places(file, KNOWN).of("INHERIT"), values=values))
    inherited = read_settings(file.with_name(str(parent)))
    return dict(mergedeep.merge(inherited, settings))


def check_is_own(file: Path) -> None:
    """Make sure that a file of settings is one, and no link: what that leads to could be any file of the machine.

    Raises:
        SettingsProblems: it is a link, a pipe, a folder; nothing of it was read.
    """
    if file.is_symlink() or (file.exists() and not file.is_file()):
        code = "FILE_LINK" if file.is_symlink() else "FILE_KIND"
        raise SettingsProblems(PortalProblem(code, file.as_posix(), 1, values={"name": file.name}))


def _readable(file: Path) -> str:
    """Give the text of a file, its mistakes mended as the problems of `check` propose.

    Raises:
        OSError: it cannot be read.
    """
    text = text_of(read_file(file)).text
    return mistakes_of(text, KNOWN, tags=True)[1] or text


def refusal(file: Path, line: int, what: str, word: str) -> PortalProblem:
    """Say that something needs the operator's word."""
    return PortalProblem("SETTING_CODE", file.as_posix(), line, values={"what": what, "allow": f"{ALLOW}={word}"})


def check_code(config: Mapping[str, Any], root: Path, tell: Callable[..., None]) -> None:
    """Tell of the settings that would run code, or read what is not the portal's.

    Args:
        config: the settings, with their extensions and plugins as mappings.
        root: the portal's folder.
        tell: takes a code, the keys that lead to the setting, and the values of the sentence.
    """
    found: list[tuple[str, str, tuple[str, ...]]] = [("hooks", "hooks", ("hooks",))] if config.get("hooks") else []
    found += [("templates", "extra_templates", ("extra_templates",))] if config.get("extra_templates") else []
    found += [
        (word, f"{place}: {name}", (place, str(name)))
        for place, word, known in (("plugins", "plugins", PLUGINS), ("markdown_extensions", "extensions", EXTENSIONS))
        for name in config[place]
        if name not in known and str(name).removeprefix("markdown.extensions.") not in known
    ]
    custom = config["theme"].get("custom_dir")
    if custom and (root / custom).resolve() != THEME.resolve():
        found.append(("theme", f"theme.custom_dir: {custom}", ("theme", "custom_dir")))
    for word, what, place_of in found:
        if not is_allowed(word):
            tell("SETTING_CODE", place_of, what=what, allow=f"{ALLOW}={word}")
    for hook in _hooks(config):
        if is_allowed("hooks") and not (root / hook).is_file():
            tell("SETTING_HOOK", ("hooks", hook), value=hook, folder=root)
    for place, word in (("plugins", "plugins"), ("markdown_extensions", "extensions")):
        for name, settings in config[place].items() if not is_allowed(word) else ():
            for way, value in _leading_out(settings, (place, str(name))):
                tell("SETTING_PATH", way, key=f"{place}.{name}", value=value, example="articoli")


def _hooks(config: Mapping[str, Any]) -> list[str]:
    given = config.get("hooks")
    return [str(hook) for hook in given] if isinstance(given, list) else []


def permitted(extensions: Mapping[str, Any]) -> dict[str, Any]:
    """Give the Markdown extensions that may be loaded: those that the operator would have to allow are left out."""
    if is_allowed("extensions"):
        return dict(extensions)
    return {
        name: options
        for name, options in extensions.items()
        if str(name).removeprefix("markdown.extensions.") in EXTENSIONS and not any(_leading_out(options))
    }


def within(*folders: str) -> dict[str, Any]:
    """Give the options of snippets, where the operator has allowed them: what folders hold may be included, no more."""
    return {"base_path": [*folders], "restrict_base_path": True, "url_download": False, "check_paths": True}


def appended(options: Mapping[str, Any]) -> list[str] | None:
    """Give the texts that snippets may add to every page; None where one is no whole file, so that nobody can tell.

    Args:
        options: those of snippets, with the folders that `within` gives.
    """
    named, folders = options.get("auto_append") or [], [Path(folder) for folder in options.get("base_path") or ()]
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        return None
    found = [[file for folder in folders if (file := folder / name).is_file()] for name in named]
    try:
        texts = [[file.read_bytes().decode("utf-8", "surrogateescape") for file in files] for files in found]
    except OSError:
        return None
    return ["\0".join(each) for each in texts] if all(texts) else None


def _leading_out(options: Any, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give the texts among options that are paths out of the portal, and the keys that lead to each."""
    for place, value in _texts(options, way):
        if os.path.isabs(value) or ".." in re.split(r"[/\\]", value):
            yield place, value


def _texts(value: Any, way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield way, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*way, str(key)))
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, way)


def _mapping(settings: Any, file: Path) -> dict[str, Any]:
    if not isinstance(settings, dict):
        raise _unreadable(file, "YAML")
    return settings | {key: _joinable(settings[key]) for key in LISTED if key in settings}


def _joinable(value: Any) -> Any:
    """Give a list of plugins or extensions as a mapping, which joins what inherits it instead of being replaced."""
    if not isinstance(value, list):
        return value
    listed = [item if isinstance(item, dict) else {item: {}} for item in value if isinstance(item, str | dict)]
    return {name: options for item in listed for name, options in item.items()} if len(listed) == len(value) else value


def _unreadable(file: Path, reason: str, line: int = 1) -> SettingsProblems:
    values = {"reason": reason.replace("\n", " ")}
    return SettingsProblems(PortalProblem("SETTINGS_FILE", file.as_posix(), line, values=values))
