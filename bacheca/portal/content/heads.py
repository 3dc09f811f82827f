"""The front matter of a page, as YAML or as other tools write it: TOML between `+++`, JSON, `Title: …` lines."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from mkdocs.utils.meta import get_data

from bacheca.forms.errors import Problem
from bacheca.portal.content.yaml_heads import Head, read_head
from bacheca.portal.errors import PortalProblem

YAML = re.compile(r"\A---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
JSON = re.compile(r"\A\{[ \t]*(?=\n|\")")
LINES = re.compile(
    r"\A(title|description|date|tags|authors?|category|categories|slug|summary|status):[ \t]", re.IGNORECASE
)
ENDING = re.compile(r"[ \t]*[-—–_*=]{2,}[ \t]*|[ \t]+---[ \t]*")
"""What people write where the front matter should end with three hyphens."""

PROPERTY = re.compile(r"[ \t]*[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$)")
LISTS = ("tags", "authors", "categories")
"""What a line of plain text holds several of, with commas between."""

KEYS = frozenset(
    (
        *("title", "description", "translation", "date", "authors", "categories", "tags", "slug", "numero"),
        *("starts", "ends", "place", "address", "online", "signup", "cancelled"),
        *("template", "hide", "draft", "translates"),
    )
)
"""Properties by which one that lacks its colon is known."""

ADDED = frozenset(
    (
        *(
            "alternates",
            "card",
            "related",
            "signed",
            "issue",
            "latest",
            "counts",
            "event",
            "language_notes",
            "draft_note",
            "picture",
        ),
        *("listing", "events"),
    )
)
"""What the build alone says to the templates: from other tools these words mean something else."""

HOME = "home.html"
"""The template that shows `HOME_KEYS`; elsewhere, as other tools write them, they mean nothing here."""

HOME_KEYS = frozenset(("hero", "cards", "aside"))

MOST = 5000
"""The most values of a front matter, those that stand there by reference counted each time."""

DEEPEST = 40


class KeptHeads(Protocol):
    """What was read of front matter before."""

    def get_head(self, written: str) -> Head | None:
        """Give what was read in a text; None where nothing was."""

    def put_head(self, written: str, head: Head) -> None:
        """Keep what was read in a text."""


def read_front_matter(text: str, file: str, kept: KeptHeads | None = None) -> tuple[Head, str]:
    """Read the front matter of a page.

    Args:
        text: the text of the page.
        file: the file, as problems name it.
        kept: what was read before.

    Returns:
        Its properties, none where it has none of a sort that is known, and the Markdown after it.
    """
    for pattern, read in READERS.items():
        if found := pattern.match(text):
            if kept and pattern is YAML and (known := kept.get_head(found[0])):
                return known, text[found.end() :]
            head, end = read(text, found, file)
            if head is not None:
                head = _stored(head, file)
                if kept and pattern is YAML:
                    kept.put_head(found[0], head)
                return head, text[end:]
    if problem := _unended(text, file):
        return Head(None, problems=(problem,)), ""
    return Head({}), text


def _yaml(text: str, found: re.Match[str], file: str) -> tuple[Head | None, int]:
    return read_head(found[1] or "", file, KEYS, 1), found.end()


def _toml(text: str, found: re.Match[str], file: str) -> tuple[Head | None, int]:
    written = found[1] or ""
    try:
        values = tomllib.loads(written)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = int(at[1]) if (at := re.search(r"line (\d+)", str(error))) else 1
        said = {"written": written.split("\n")[line - 1].strip()}
        return Head(None, problems=(PortalProblem("PAGE_TOML", file, line + 1, values=said),)), found.end()
    return Head(values, _lines(written, r"^[ \t]*[\"']?{key}[\"']?[ \t]*=", values)), found.end()


def _json(text: str, found: re.Match[str], file: str) -> tuple[Head | None, int]:
    try:
        values, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None, 0  # a page may begin with a brace
    values = {key: _day(value) if key == "date" else value for key, value in values.items()}
    return Head(values, _lines(text[:end], r"\"{key}\"[ \t]*:", values, 0)), end


def _plain(text: str, found: re.Match[str], file: str) -> tuple[Head | None, int]:
    body, said = get_data(text)
    values: dict[str, Any] = dict(said)
    for key in LISTS:
        if key in values:
            values[key] = [item.strip() for item in values[key].split(",") if item.strip()]
    if "date" in values:
        values["date"] = _day(values["date"])
    return Head(values, _lines(text, r"^[ ]{{0,3}}{key}:", values, 0)), len(text) - len(body)


READERS: Mapping[re.Pattern[str], Callable[[str, re.Match[str], str], tuple[Head | None, int]]] = {
    YAML: _yaml,
    TOML: _toml,
    JSON: _json,
    LINES: _plain,
}
"""How each sort of front matter is known, and what reads it: it gives where the text begins too."""


def _day(value: Any) -> Any:
    with suppress(TypeError, ValueError):
        return dt.date.fromisoformat(value[:10])
    return value


def _lines(text: str, pattern: str, keys: Mapping[str, Any], before: int = 1) -> dict[str, int]:
    lines = {}
    for key in keys:
        if found := re.search(pattern.format(key=re.escape(key)), text, re.MULTILINE | re.IGNORECASE):
            lines[key] = text.count("\n", 0, found.start()) + 1 + before
    return lines


def _stored(head: Head, file: str) -> Head:
    """Give a head whose values can be written as YAML, each by itself; none where they are beyond all measure."""
    if head.values is None:
        return head
    left = [MOST]
    try:
        values = {str(key): _value(value, left, 0) for key, value in head.values.items() if value is not None}
        strange = ADDED if is_home(values) else ADDED | HOME_KEYS
        values = {key: value for key, value in values.items() if key not in strange}
    except OverflowError:
        return Head(None, problems=(*head.problems, Problem("FORM_DEEP", file, 1)))
    return Head(values, head.lines, head.written, head.problems)


def is_home(values: Mapping[str, Any]) -> bool:
    """Tell whether a page is the home page, or looks like it."""
    return values.get("template") == HOME or values.get("translation") == "home"


def _value(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth > DEEPEST:
        raise OverflowError
    if isinstance(value, Mapping):
        return {_key(key): _value(inner, left, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_value(inner, left, depth + 1) for inner in value]
    if isinstance(value, str | int | float | dt.date) or value is None:
        return value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _key(key: Any) -> Any:
    return key if isinstance(key, str | int | float | dt.date) or key is None else str(key)


def _unended(text: str, file: str) -> Problem | None:
    """Say what is wrong with a front matter that does not begin or end as it should."""
    lines = text.split("\n")
    if not lines[0].startswith(("---", "—", "–-", "--")) or not any(map(PROPERTY.match, lines[1:2])):
        return None
    if lines[0].rstrip() != "---":
        return PortalProblem("PAGE_HEAD_MARK", file, 1, values={"written": lines[0].strip()})
    for i, line in enumerate(lines[1:], 2):
        if ENDING.fullmatch(line):
            return PortalProblem("PAGE_HEAD_MARK", file, i, values={"written": line.strip()})
        if not line.strip() or line.startswith("#"):
            return PortalProblem("PAGE_HEAD_OPEN", file, i)
    return PortalProblem("PAGE_HEAD_OPEN", file, len(lines))
