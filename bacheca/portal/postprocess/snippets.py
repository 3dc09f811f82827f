"""Pieces of HTML that the build adds to rendered pages, from templates with autoescape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bacheca.portal.messages import SAYINGS, say

TEMPLATES = Path(__file__).parents[1] / "templates" / "site"


def piece(name: str, language: str, /, **values: Any) -> str:
    """Render a template.

    Args:
        name: its file under `templates/site/`.
        language: the language in which its `say("KEY")` speaks.
        values: what it names.
    """
    return _environment(language).get_template(name).render(values)


def data_block(data: Mapping[str, Any]) -> str:
    """Give linked data as the element that carries it: browsers do not run it, so no policy stops it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return piece("data.html", "en", text=Markup(text.replace("<", "\\u003c")))  # noqa: S704  no tag can end it


@cache
def _environment(language: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["say"] = lambda saying, **values: say(SAYINGS[saying], language, **values)
    return made
