"""The style sheets of a page: only those of what it has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bacheca.portal.theme.rendered import Theme


@pytest.mark.parametrize(
    "text",
    [
        '<div class="highlight"><pre></pre></div>',
        '<div class="tabbed-set tabbed-alternate"></div>',
        '<ul class="task-list"></ul>',
        '<span class="keys"></span>',
        '<div class="footnote"></div>',
    ],
)
def test_a_page_with_code_tabs_tasks_keys_or_notes_has_their_styles(tmp_path: Path, text: str) -> None:
    assert theme_with(tmp_path, text).page("a.md").css_matches('link[href$="blocks.css"]')


def test_a_page_with_none_of_these_pays_nothing(tmp_path: Path) -> None:
    assert not theme_with(tmp_path, "<p>Testo.</p>").page("a.md").css_matches('link[href$="blocks.css"]')


def theme_with(folder: Path, text: str) -> Theme:
    theme = Theme(folder, ["a.md"])
    for page in theme.nav.pages:
        page.content = text
    return theme
