"""Whatever a community is and does: no sentence and no template of ours speaks of the first one that used it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOPS = (ROOT / "bacheca", ROOT / "forms_server")
ENDINGS = (".py", ".po", ".html", ".jinja", ".txt", ".md", ".yaml", ".yml", ".xml", ".svg", ".js")
TRADE = re.compile(r"community[- ]manag|gestor[ei] di comunità|mestiere|responsabil[ei] di comunità", re.IGNORECASE)
"""Its trade, which nobody else's sign-up is about."""

GROUP = re.compile(
    r"\b(?:the|our|your) group\b|\b(?:il|al|del|nel|dal|nostro|tuo) gruppo\b"
    r"|\b(?:zur|unsere|deine|eure) Gruppe\b|\b(?:le|du|au|notre|ton) groupe\b|\b(?:el|al|del|nuestro|tu) grupo\b",
    re.IGNORECASE,
)
"""What its members sign up to."""

SAID = (".po", ".html", ".jinja", ".txt", ".md", ".yaml")
"""What people read; code may speak of groups of fields and of commits."""

XLSFORM = "bacheca/forms/xlsform"
"""Where a group is a part of a workbook, in its own catalogue."""


def texts() -> dict[str, str]:
    files = [file for top in TOPS for file in top.rglob("*") if file.suffix in ENDINGS]
    found = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}
    return {name: text for name, text in found.items() if not name.endswith(".min.js") and "mermaid" not in name}


TEXTS = texts()


def lines(pattern: re.Pattern[str], names: list[str]) -> list[str]:
    comments = re.compile(r"\{#.*?#\}", re.DOTALL)
    return [
        f"{name}: {line.strip()}"
        for name in names
        for line in comments.sub("", TEXTS[name]).split("\n")
        if pattern.search(line)
    ]


def test_there_is_something_to_read() -> None:
    assert sum(name.endswith(".po") for name in TEXTS) > 10
    assert {"forms_server/templates/receipt.html", "forms_server/templates/mail/confirm.jinja"} <= TEXTS.keys()


def test_nothing_speaks_of_the_trade_of_the_first_community() -> None:
    assert lines(TRADE, [*TEXTS]) == []


def test_no_sentence_speaks_of_its_group() -> None:
    names = [name for name in TEXTS if name.endswith(SAID) and "xlsform" not in name]
    assert lines(GROUP, names) == []


@pytest.mark.parametrize("said", ["Iscriviti al gruppo", "The group is full", "per i community manager", "zur Gruppe"])
def test_such_words_are_found(said: str) -> None:
    assert GROUP.search(said) or TRADE.search(said)
