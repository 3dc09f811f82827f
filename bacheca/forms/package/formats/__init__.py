"""Copies of a package for the programs that analysts use; the CSV of the package stays what counts."""

from __future__ import annotations

from bacheca.forms.package.formats.added_columns import Told
from bacheca.forms.package.formats.keeping import files_of_others, renew_copies
from bacheca.forms.package.formats.registry import COPIES, Copy, make_copies

__all__ = ["COPIES", "Copy", "Told", "files_of_others", "make_copies", "renew_copies"]
