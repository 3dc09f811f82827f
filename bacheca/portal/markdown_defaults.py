"""The Markdown that pages are written in, without a word in `mkdocs.yml`: what readers of other handbooks expect of it.

All of it makes text of text: it reads no file, fetches nothing, and writes neither scripts nor styles, which the policy
of the pages would stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mergedeep  # type: ignore[import-untyped]
from pymdownx.superfences import fence_code_format  # type: ignore[import-untyped]

from bacheca.portal.markdown.icons import icon_index, inline_icon
from bacheca.portal.messages import WORDS, say

EMOJI = "pymdownx.emoji"
HIGHLIGHT = "pymdownx.highlight"
TASKS = "pymdownx.tasklist"

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {"use_align_attribute": True},
    "toc": {},
    "pymdownx.caret": {},
    "pymdownx.details": {},
    EMOJI: {},
    "pymdownx.highlight": {},
    "pymdownx.keys": {},
    "pymdownx.mark": {},
    "pymdownx.superfences": {
        "custom_fences": [{"name": "mermaid", "class": "mermaid", "format": fence_code_format}],
    },
    "pymdownx.tabbed": {"alternate_style": True},
    TASKS: {},
    "pymdownx.tilde": {},
    "bacheca.portal.markdown.form_block": {},
    "bacheca.portal.markdown.glossary_aliases": {},
    "bacheca.portal.markdown.poster_block": {},
    "bacheca.portal.markdown.results_block": {},
    "bacheca.portal.markdown.task_labels": {},
}
"""The extensions and their options."""


def with_defaults(written: Mapping[str, Any], language: str = "en") -> dict[str, Any]:
    """Give the extensions of a portal: the defaults, and what its settings say of these and of others.

    Args:
        written: the options of each extension that the settings name; `false` leaves a default out.
        language: the language of the words that they write.
    """
    known = {name.removeprefix("markdown.extensions."): options for name, options in written.items()}
    links = {"permalink": True, "permalink_title": say(WORDS["toc_permalink"], language)}
    contents = {"toc": {**links, "title": say(WORDS["contents"], language)}}
    extensions: dict[str, Any] = mergedeep.merge(
        {},
        DEFAULTS,
        contents,
        {name: options if isinstance(options, Mapping) else {} for name, options in known.items()},
    )
    for name, options in known.items():
        if options is False:
            del extensions[name]
    if "codehilite" in known and HIGHLIGHT not in known:
        del extensions[HIGHLIGHT]  # it would take the place of the one that was asked for
    if EMOJI in extensions and _fetches(extensions[EMOJI].get("emoji_generator")):
        extensions[EMOJI] |= {"emoji_index": icon_index, "emoji_generator": inline_icon}
    if TASKS in extensions:
        extensions[TASKS]["custom_checkbox"] = False  # its box would have a label of its own, without a word
    return extensions


def _fetches(generator: Any) -> bool:
    """Tell whether what draws emoji would have the reader fetch them from another host."""
    return generator is None or generator.__module__.startswith(("material.", "pymdownx."))
