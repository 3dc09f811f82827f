"""Forms as XLSForms (https://xlsform.org/en/ref-table/), in and out: nothing is dropped without a word."""

from __future__ import annotations

from bacheca.forms.xlsform.exporting import write_xlsform
from bacheca.forms.xlsform.importing import Imported, read_xlsform

__all__ = ["Imported", "read_xlsform", "write_xlsform"]
