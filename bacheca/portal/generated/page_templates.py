"""The Markdown templates of the pages that the build writes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment

from bacheca.forms.jinja import bare_environment
from bacheca.portal.content.articles import long_date
from bacheca.portal.messages import SAYINGS, say

TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
SPECIAL = re.compile(r"([\\`*_\[\]<>{}#|])")


@cache
def environment(language: str) -> Environment:
    """Make the environment of the Markdown templates; values are escaped by the filter `plain`."""
    made = bare_environment(TEMPLATES, escaped=False, whole_ends=True)
    made.filters["plain"] = lambda text: SPECIAL.sub(r"\\\1", str(text))
    made.filters["day"] = lambda day: long_date(day, language)
    made.globals["say"] = lambda saying, **values: say(SAYINGS[saying], language, **values)
    made.globals["language"] = language
    return made
