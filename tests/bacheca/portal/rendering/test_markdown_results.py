"""What Markdown makes of a page, and what it is made of besides the page's text."""

from __future__ import annotations

from pathlib import Path

import pytest
from mkdocs.structure.files import Files

from bacheca.portal.rendering.markdown_results import cache_of_reads
from tests.bacheca.portal.conftest import FORM


def test_a_form_on_a_page_is_another_before_it_opens_while_it_is_open_and_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = 'form:opens: "2026-11-23"\nform:closes: "2026-11-24"\nfields:\n'
    (tmp_path / "prova.yaml").write_text(FORM.replace("fields:\n", days, 1), encoding="utf-8")
    found = []
    for day in ("1795305600", "1795392000", "1795478400", "1795564800"):  # from 22 to 25 November
        monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
        found.append(cache_of_reads(Files(()))(("form", str(tmp_path), str(tmp_path), "prova", "it", "Europe/Rome")))
    assert found[1] == found[2]
    assert len(set(found)) == 3
