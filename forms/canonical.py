"""The one way in which a text is kept: NFC, LF, no control characters but TAB and LF."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def canonical_text(text: str) -> str:
    """Put a text as posted into its kept form; a text of blanks alone is no answer.

    Browsers send CRLF and people paste decomposed accents: both are put right before anything is
    counted or compared, so that «perché» is one answer however it was typed.
    """
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = unicodedata.normalize("NFC", text)  # last: a control may have stood between a letter and its accent
    return text if text.strip() else ""


def digest(value: Mapping[str, object] | str) -> str:
    """Hash a text, or a mapping whatever the order of its keys, with SHA-256 (64 hex digits)."""
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(value.encode("utf-8")).hexdigest()
