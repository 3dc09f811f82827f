"""The guides of the desk name what its pages say, in the words of their language, and show pictures that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
GUIDES = {"en": "desk.md", "it": "banco.md"}


def words(language: str) -> set[str]:
    """Everything that the desk says in a language, each without what it is filled with."""
    with (ROOT / "forms_server/locale/it/LC_MESSAGES/desk.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    said = [(message.id if language == "en" else message.string) or () for message in messages]
    texts = [text for each in said for text in ([each] if isinstance(each, str) else each)]
    return {re.split(r"[:(]? *(?:%\(|\{)", text)[0].rstrip(" :") for text in texts}


@pytest.mark.parametrize("language", GUIDES)
def test_a_guide_names_what_the_pages_say(language: str) -> None:
    guide = (ROOT / "docs" / GUIDES[language]).read_text(encoding="utf-8")
    named = {" ".join(found.split()) for found in re.findall(r"\*\*([^*]+)\*\*", guide)}
    assert sorted(named - words(language)) == []
    assert named


def test_the_guides_say_the_same() -> None:
    texts = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in GUIDES.values()]
    for mark in (r"^#+ ", r"^\d\. ", r"^- \*\*", r"^\| ", r"^!\["):
        counts = {len(re.findall(mark, text, re.MULTILINE)) for text in texts}
        assert len(counts) == 1, mark
    for name in GUIDES.values():
        for picture in re.findall(r"^!\[[^]]+\]\(([^)]+)\)", (ROOT / "docs" / name).read_text("utf-8"), re.MULTILINE):
            assert (ROOT / "docs" / picture).stat().st_size < 120_000, picture
