"""A community's own templates, `content/theme/`, which take the place of the product's, whole or by blocks.

They are Jinja, which runs on the machine that builds: they need the operator's word `theme`, as a theme of one's own
does. Staging puts them over the theme; `bacheca/` before a name means the product's, so that
`{% extends "bacheca/partials/footer.html" %}` changes some blocks of it and keeps the rest.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import material  # type: ignore[import-untyped]

from bacheca.portal.settings import Language
from bacheca.portal.settings_file import THEME, is_allowed

FOLDER = "theme"
PRODUCT = "bacheca"
"""What stands before the name of a template that is meant as the product has it."""

MATERIAL = Path(material.__file__).parent / "templates"
MADE_FROM = re.compile(r"\{#-? *bacheca: (\S+) ([0-9a-f]{12}) *-?#\}")
BEGUN = """\
{{#- bacheca: {name} {digest} -#}}
{{% extends "{product}/{name}" %}}
"""
BLOCK = """\
{{% block {block} %}}
  {{{{ super() }}}}
{{% endblock %}}
"""


def own_templates(language: Language) -> dict[str, Path]:
    """Give the templates of a community by their names, such as `partials/footer.html`."""
    folder = language.own / FOLDER
    files = (file for file in folder.rglob("*") if file.is_file() and file.name[0] != ".")
    return {file.relative_to(folder).as_posix(): file for file in sorted(files)}


def product_template(name: str) -> Path | None:
    """Give the file of the product's template of a name; None where there is none."""
    found = (file for folder in (THEME, MATERIAL) if (file := folder / name).is_file() and file.suffix == ".html")
    return next(found, None)


def product_names() -> list[str]:
    """Name the templates of the product."""
    return sorted(file.relative_to(THEME).as_posix() for file in THEME.rglob("*.html"))


def digest_of_template(file: Path) -> str:
    """Give what tells a version of a template from all others."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def comment_of(name: str, file: Path) -> str:
    """Give the comment that says of which version of a template an override is."""
    return BEGUN.format(name=name, digest=digest_of_template(file), product=PRODUCT).partition("\n")[0]


def begun_override(name: str, file: Path, blocks: list[str]) -> str:
    """Write an override that changes nothing yet.

    Args:
        name: the name of the template.
        file: the product's.
        blocks: the names of its blocks.
    """
    head = BEGUN.format(name=name, digest=digest_of_template(file), product=PRODUCT)
    return head + "".join(BLOCK.format(block=block) for block in blocks)


def staged_theme(language: Language) -> Mapping[str, Path]:
    """Give the files of the theme with the community's own templates over it; none where it has none, or may not."""
    own = own_templates(language) if is_allowed("theme") else {}
    if not own:
        return {}
    base = language.config_file.parent / str(language.config["theme"].get("custom_dir") or THEME)
    files = {file.relative_to(base).as_posix(): file for file in base.rglob("*") if file.is_file()}
    for name in own:
        if original := files.get(name) or product_template(name):
            files[f"{PRODUCT}/{name}"] = original
    return {**files, **own}
