"""`bacheca.portal.importing.markdown_text`: code stays to the letter, whatever becomes of the text around it."""

from __future__ import annotations

import pytest

from bacheca.portal.importing.markdown_text import box, outside_code


@pytest.mark.parametrize(
    "code",
    [
        "`a`",
        "``a ` b``",
        "```\na\n```",
        "~~~ sh\na\n\n```\na\n~~~",
        "- x\n\n    ```js\n    a\n      a\n    ```",
        "```\na",
    ],
)
def test_code_is_left_alone(code: str) -> None:
    text = f"a {code if '`a' in code else ''}\n\n{code}\n\na"
    done = outside_code(text, lambda said: said.replace("a", "b"))
    assert code in done
    assert done.startswith("b ")
    assert done.endswith("a" if code == "```\na" else "b")


def test_code_in_what_becomes_a_box_moves_in_with_it() -> None:
    text = ":\n```sh\nls\n  -l\n```\n:"
    done = outside_code(text, lambda said: box("tip", 'Say "this"', said.strip(":\n")))
    assert done == '!!! tip "Say ”this”"\n\n    ```sh\n    ls\n      -l\n    ```\n'


def test_a_box_of_no_known_kind_is_a_note() -> None:
    assert box("mystery", "", "a\n\nb", "  ") == "  !!! note\n\n      a\n\n      b\n"
