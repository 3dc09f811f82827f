"""`own_words`: what is filled in."""

from __future__ import annotations

from bacheca.forms.definition.own_words import filled_in, placeholders_in


def test_what_stands_between_brackets_is_filled_in() -> None:
    assert filled_in("{when}, {where}", {"when": "domani", "where": "{when}"}) == "domani, {when}"


def test_what_nobody_knows_and_what_is_no_name_stay_as_they_stand() -> None:
    text = "{nome} {title.__class__} {} {a\nb} } {"
    assert filled_in(text, {"title": "x"}) == text
    assert placeholders_in(text) == ["nome", "title.__class__", ""]
