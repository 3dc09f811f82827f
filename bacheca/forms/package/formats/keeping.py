"""Which copies in a package's folder are ours: those that still are as we made them.

Ours are made again with every export, asked for or not: nobody who was erased stays in them, and nobody loses a file.
What an analyst changed or put there is never touched, and named, since it may hold who was erased.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from bacheca.forms.atomic_file import replaced
from bacheca.forms.package.formats.added_columns import Told
from bacheca.forms.package.formats.registry import COPIES, Copy, make_copies
from bacheca.forms.package.package import DESCRIPTOR, integrity_of

MADE = ".copies.json"
"""What is known of the copies that we made: the hash of each, by its name."""

OF_THE_PACKAGE = frozenset((DESCRIPTOR, "codebook.csv", "codebook.html"))


def renew_copies(folder: Path, asked: Collection[str] = (), told: Told | None = None) -> Iterator[Copy]:
    """Make the copies of a package that are asked for, and again those that we made before.

    A copy of ours that cannot be made again is removed: it may hold what was withdrawn.

    Args:
        folder: the package.
        asked: what is asked for, of `COPIES`; a file of that name is then replaced, whoever made it.
        told: gives what those that people read say beside the package.
    """
    ours = made_by_us(folder)
    kinds = [kind for kind in COPIES if kind in asked or any(_kind_of(name) == kind for name in ours)]
    theirs = {path.name for path in folder.iterdir() if path.name not in ours and _kind_of(path.name) not in asked}
    for copy in make_copies(folder, kinds, spared=theirs, told=told):
        if copy.failed and copy.path.name in ours:
            copy.path.unlink(missing_ok=True)
            yield replace(copy, failed=f"{copy.failed}; the earlier one is removed, it may hold what was withdrawn")
        else:
            yield copy
        _note(folder, copy.path)


def made_by_us(folder: Path) -> frozenset[str]:
    """Name the copies in a folder that are as we made them."""
    return frozenset(name for name, hashed in _noted(folder).items() if _hash(folder / name) == hashed)


def files_of_others(folder: Path) -> list[Path]:
    """Give what stands in the folder of a package and is not ours."""
    try:
        package = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        resources = {str(resource["path"]) for resource in package["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        resources = set()
    known = OF_THE_PACKAGE | resources | made_by_us(folder)
    return sorted(path for path in folder.iterdir() if path.name not in known and not path.name.startswith("."))


def _kind_of(name: str) -> str:
    return next((kind for kind, copy in COPIES.items() if name.endswith(copy.ending)), "")


def _noted(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / MADE).read_text(encoding="utf-8"))
        return {name: str(hashed) for name, hashed in found.items() if _kind_of(name) and Path(name).name == name}
    except (OSError, ValueError, AttributeError):
        return {}


def _note(folder: Path, path: Path) -> None:
    noted = {**_noted(folder), path.name: _hash(path)}
    with replaced(folder / MADE) as file:
        json.dump({name: hashed for name, hashed in noted.items() if hashed}, file)


def _hash(path: Path) -> str:
    return str(integrity_of(path)["hash"]) if path.is_file() else ""
