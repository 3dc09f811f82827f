"""Copies of a package for the programs that analysts use; the CSV of the package stays what counts."""

from __future__ import annotations

from forms.copies.keeping import files_of_others, renew_copies
from forms.copies.making import COPIES, Copy, make_copies

__all__ = ["COPIES", "Copy", "files_of_others", "make_copies", "renew_copies"]
