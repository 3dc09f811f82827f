"""What catalogues of software read of Bacheca is what Bacheca says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bacheca import __version__

ROOT = Path(__file__).parents[2]
PUBLICCODE: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
STANDARD = Draft202012Validator(
    yaml.safe_load((ROOT / "tests/system/publiccode.schema.yml").read_text(encoding="utf-8"))
)
"""The rules of https://yml.publiccode.tools, version 0.7."""

CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_every_catalogue_names_this_version_and_this_licence() -> None:
    assert (PUBLICCODE["softwareVersion"], PUBLICCODE["legal"]["license"]) == (__version__, "MIT")
    assert (CITATION["version"], CITATION["license"]) == (__version__, "MIT")


def test_the_languages_of_the_catalogue_are_those_with_sentences_of_their_own() -> None:
    translated = {path.name for path in (ROOT / "bacheca/portal/locale").iterdir() if path.is_dir()}
    assert set(PUBLICCODE["localisation"]["availableLanguages"]) == translated | {"en"}


def faults(told: dict[str, Any]) -> list[str]:
    """Give what the standard does not take, by where it stands."""
    return sorted(f"{'/'.join(map(str, error.path))}: {error.message[:60]}" for error in STANDARD.iter_errors(told))


def test_the_catalogue_takes_what_is_told_of_the_software() -> None:
    assert faults(PUBLICCODE) == []


WRONG: list[tuple[str, Any]] = [
    ("url", None),
    ("maintenance", {"type": "community"}),
    ("developmentStatus", "alpha"),
    ("softwareType", "standalone"),
    ("categories", ["website-management"]),
    ("supports", [{"id": "alias:wcag"}]),
    ("it", {"countryExtensionVersion": "1.0"}),
    ("localisation", {"localisationReady": "yes", "availableLanguages": ["it"]}),
    ("description", {"it": {**PUBLICCODE["description"]["it"], "shortDescription": "Bacheca. " * 17}}),
    ("description", {"it": {**PUBLICCODE["description"]["it"], "longDescription": "Un portale."}}),
]


@pytest.mark.parametrize(("key", "value"), WRONG)
def test_what_the_catalogue_would_refuse_is_seen(key: str, value: object) -> None:
    told = {name: given for name, given in {**PUBLICCODE, key: value}.items() if given is not None}
    assert len(faults(told)) == 1
