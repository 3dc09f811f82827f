"""`bacheca.portal.content.hostile`: pages that would keep the engine for minutes are told of before it reads them."""

from __future__ import annotations

import pytest

from bacheca.portal.content.hostile import LONGEST, hostile_line

MANY = 8000


@pytest.mark.parametrize(
    "text",
    [
        ">" * MANY + " a",
        "\n".join(">" * depth + " a" for depth in range(400)),
        "\n".join("    " * depth + "- a" for depth in range(400)),
        "[" * MANY,
        "![" * MANY,
        "[a](" * MANY,
        "[" * MANY + "]" * MANY,
        "<a " * MANY,
        "~~~a\n" * MANY,
        "# a\n" * MANY,
        " ".join("`" * length for length in range(1, 800)),
        "\n".join(f"*[A{number}]: b" for number in range(8000)) + "\n\n" + "A1 " * 32000,
        "a" * (LONGEST + 1),
    ],
    ids=lambda text: text[:12],
)
def test_what_would_take_minutes_is_told_of(text: str) -> None:
    assert hostile_line(f"Prima.\n\n{text}") >= 1


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(f"## Titolo {number}\n\nUn testo con [un link](a.md) e `codice`." for number in range(500)),
        "\n".join(f"- [voce {number}](a{number}.md) (nota)" for number in range(1000)),
        "```\n" + "if (a < b) { f(a[0]); }\n" * 1000 + "```\n",
        "\n".join(f"| [a](b.md) | <br> | `c` | {number} |" for number in range(1000)),
        "\n\n".join(f"    ```\n    {number}\n    ```" for number in range(100)),
    ],
    ids=["headings", "list", "code", "table", "fences"],
)
def test_a_long_page_that_people_wrote_is_none_of_these(text: str) -> None:
    assert hostile_line(text) == 0
