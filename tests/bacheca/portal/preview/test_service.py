"""`bacheca.portal.preview.service`: what the service of a preview is told."""

from __future__ import annotations

import subprocess
from pathlib import Path
from unittest.mock import Mock

import pytest

from bacheca.portal.preview.service import Service


@pytest.mark.parametrize("has_forms", [True, False])
def test_a_portal_without_a_folder_of_forms_is_served_with_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_forms: bool
) -> None:
    started = Mock()
    monkeypatch.setattr(subprocess, "Popen", started)
    forms = tmp_path / "content/forms"
    if has_forms:
        forms.mkdir(parents=True)
    Service(tmp_path / "data", 8001).start(tmp_path / "site", forms)
    told = Path(started.call_args.kwargs["env"]["FORMS_CONTENT"])
    assert told.is_dir()
    assert (told == forms) is has_forms
