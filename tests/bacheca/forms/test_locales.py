"""`bacheca.forms.locales`: languages with a country or a script, as well as those without."""

from __future__ import annotations

import pytest

from bacheca.forms.locales import language_name


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("it", "en", "Italian"),
        ("de-AT", "de-AT", "Deutsch"),
        ("zh-Hans", "zh-Hans", "中文"),
        ("pt-BR", "it", "portoghese"),
        ("de-XX", "de", "Deutsch"),
    ],
)
def test_a_language_has_a_name_in_every_other(code: str, language: str, name: str) -> None:
    assert language_name(code, language) == name
