"""Makes the portal of a version that later ones upgrade: `python -m tests.bacheca.portal.upgrading.make_older`.

Run it once a release, at the commit of the release; `older/VERSION.zip` is never made again.
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from pathlib import Path

from bacheca import __version__
from bacheca.portal.authoring.new_portal import Community, new_portal

OLDER = Path(__file__).with_name("older")
CHOIR = Community("Coro di Prova", ("it", "en"), "https://coro.example.net/", "coro@example.net")
EDITS = (
    ("content/it/contatti.md", "\n## ", "\nLe prove sono il martedì.\n\n## "),
    ("mkdocs.yml", "  forms_url:", "  check: {PICTURE_WORDS: warning} # le locandine\n  forms_url:"),
    (".github/workflows/check.yml", "on: [push, pull_request]", "on: [push]"),
    ("README.md", "# Coro di Prova\n", "# Il coro\n"),
)
"""What its editors changed: a file, what stood there, what stands there now."""


def edited(folder: Path) -> None:
    """Edit a new portal as a community does."""
    for name, was, now in EDITS:
        text = (folder / name).read_text(encoding="utf-8")
        assert was in text, name
        (folder / name).write_text(text.replace(was, now, 1), encoding="utf-8")


def main() -> None:
    """Make a portal, edit it, and pack it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "portal"
        new_portal(folder, Community(**{**vars(CHOIR), "today": dt.date(2026, 11, 30)}))
        edited(folder)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                archive.write(file, file.relative_to(folder))
        (OLDER / f"{__version__}.zip").write_bytes(packed.getvalue())


if __name__ == "__main__":
    main()
