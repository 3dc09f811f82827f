"""Bringing together what a community changed in a file and what a new version changes in it, by git's own merge."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path


def merged(base: str, theirs: str, ours: str) -> str | None:
    """Merge two later states of a text; None where both changed the same lines, or no git is there to tell.

    Args:
        base: what both come from.
        theirs: the text as the community has it.
        ours: the text as the new version writes it.
    """
    git = shutil.which("git")
    if git is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, text in (("theirs", theirs), ("base", base), ("ours", ours)):
            (Path(folder) / name).write_text(text, encoding="utf-8", errors="surrogateescape", newline="\n")
            names.append(name)
        command = [git, "merge-file", "--stdout", "--quiet", *names]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603  fixed arguments
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None
