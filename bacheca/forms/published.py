"""The form files that are kept with a built site: those that its pages were made from."""

from __future__ import annotations

import shutil
from pathlib import Path

KEPT = ".forms"
"""Their folder in the site: swapped in with the pages, and hidden from readers as whatever begins with a dot."""

RECIPIENTS = "recipients.txt"
"""The file of the public keys that answers are sealed to, in the folder of the form files: one a line."""


def form_files(folder: Path) -> list[Path]:
    """Give what makes forms in a folder: their files, their translations and the public keys; examples are left out."""
    return sorted(path for path in (*folder.glob("*.yaml"), folder / RECIPIENTS) if path.is_file())


def keep_with_site(folder: Path, site: Path) -> None:
    """Copy what makes forms into a site, with its times, so that what did not change is not read again."""
    kept = site / KEPT
    kept.mkdir()
    for path in form_files(folder):
        shutil.copy2(path, kept / path.name)
