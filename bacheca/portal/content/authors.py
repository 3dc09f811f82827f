"""The authors of articles, as their file names them."""

from __future__ import annotations

from typing import Any

import yaml

from bacheca.portal.content.yaml_heads import LOADER
from bacheca.portal.settings import Language


def author_names(language: Language) -> dict[str, str]:
    """Give the names of authors by their keys; of those that the file does not name well, none: `check` tells."""
    if language.blog is None:
        return {}
    file = language.content / language.blog["blog_dir"] / ".authors.yml"
    try:
        written: Any = yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506  a safe one
        return {str(key): str(author["name"]) for key, author in written["authors"].items()}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        return {}
