"""What catalogues of software read of Bacheca is what Bacheca says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bacheca import __version__

ROOT = Path(__file__).parents[2]
PUBLICCODE: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_every_catalogue_names_this_version_and_this_licence() -> None:
    assert (PUBLICCODE["softwareVersion"], PUBLICCODE["legal"]["license"]) == (__version__, "MIT")
    assert (CITATION["version"], CITATION["license"]) == (__version__, "MIT")


def test_the_languages_of_the_catalogue_are_those_with_sentences_of_their_own() -> None:
    translated = {path.name for path in (ROOT / "bacheca/portal/locale").iterdir() if path.is_dir()}
    assert set(PUBLICCODE["localisation"]["availableLanguages"]) == translated | {"en"}


@pytest.mark.parametrize("language", PUBLICCODE["description"])
def test_descriptions_have_the_lengths_that_the_catalogue_takes(language: str) -> None:
    """https://yml.publiccode.tools/schema.core.html: at most 150 characters, and 150 to 10,000."""
    told = PUBLICCODE["description"][language]
    assert len(told["shortDescription"]) <= 150 <= len(told["longDescription"]) <= 10_000
    assert all(len(feature) <= 100 for feature in told["features"])
