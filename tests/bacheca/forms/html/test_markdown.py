"""Markdown of forms and mails is rendered once for many who read it, and forgotten."""

from __future__ import annotations

import pytest

from bacheca.forms.html.markdown import mailed_html, static_html
from bacheca.forms.patterns.dialect import matcher


@pytest.mark.parametrize("kept", [static_html, mailed_html, matcher], ids=lambda kept: kept.__wrapped__.__name__)
def test_what_is_made_of_a_text_is_kept_of_some_texts_alone(kept: object) -> None:
    """A service runs for months, while the texts of its forms and letters change."""
    assert 0 < (kept.cache_info().maxsize or 0) <= 512  # type: ignore[attr-defined]
