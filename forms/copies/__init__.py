"""Copies of a package for the programs that analysts use; the CSV of the package stays what counts."""

from __future__ import annotations

from forms.copies.making import COPIES, Copy, make_copies, remove_copies

__all__ = ["COPIES", "Copy", "make_copies", "remove_copies"]
