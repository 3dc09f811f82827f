"""Pieces of HTML that the build adds to rendered pages, from templates with autoescape."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from bacheca.forms.jinja import bare_environment
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


@cache
def _environment(language: str) -> Environment:
    made = bare_environment(TEMPLATES)
    made.globals["say"] = lambda saying, **values: say(SAYINGS[saying], language, **values)
    return made
