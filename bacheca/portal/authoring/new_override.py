"""A template of one's own: the product's with its blocks to change, or a copy of it where it has none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from bacheca.forms.definition.checks.nearest import nearest
from bacheca.portal.errors import PortalProblem, SettingsProblems
from bacheca.portal.own_look.check_overrides import blocks_of
from bacheca.portal.own_look.overrides import (
    FOLDER,
    begun_override,
    comment_of,
    product_names,
    product_template,
)
from bacheca.portal.settings import Language, Portal


def new_override(portal: Portal, language: Language, name: str, today: dt.date) -> Path:
    """Create an override that changes nothing yet, and says of which version of the template it is.

    Args:
        portal: the portal.
        language: any of its languages: all have the same templates.
        name: the template, such as `partials/footer.html`.
        today: the day, which does not matter.

    Raises:
        SettingsProblems: there is no such template, or an override of it already.
    """
    original = product_template(name) if ".." not in Path(name).parts else None
    if original is None:
        raise SettingsProblems(
            PortalProblem("NAME", name, 1, values={"name": name, "near": nearest(name, product_names(), 0.0)})
        )
    file = portal.main.own / FOLDER / name
    if file.exists():
        raise SettingsProblems(PortalProblem("EXISTS", file.as_posix(), 1))
    blocks = blocks_of(original)
    whole = f"{comment_of(name, original)}\n{original.read_text(encoding='utf-8')}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(begun_override(name, original, blocks) if blocks else whole, encoding="utf-8")
    return file
