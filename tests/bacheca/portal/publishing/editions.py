"""Small sites to publish, each of an edition that all of its pages name."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bacheca.forms.community import FIRST
from bacheca.forms.published import FORMS_FOLDER, METADATA, Site
from bacheca.portal.publishing.kept_sites import KeptSites
from bacheca.portal.publishing.publish import Publisher
from bacheca.portal.publishing.service import Service
from bacheca.portal.rules import LIMITS
from tests.forms_server.test_posting import SURVEY

PAGES = ("index.html", "404.html", "pagina/index.html")


def edition(number: int, forms: Mapping[str, str], **more: str) -> Callable[[Path], None]:
    """Give what makes a site in a folder.

    Args:
        number: what its pages name.
        forms: the text of each form.
        more: further files; a page of it that is not well-formed keeps it from being published.
    """

    def make(folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / FORMS_FOLDER).mkdir(parents=True)
        (folder / METADATA).write_text(Site("Prova", "prova@example.org").as_text(), encoding="utf-8")
        for name in ("sitemap.xml", "robots.txt"):
            (folder / name).write_text("<x/>")
        for name in PAGES:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(
                f"<!doctype html><title>{number}</title><p>{number}</p>" + f"<b>{number}</b>" * 999
            )
        for name, text in more.items():
            (folder / f"{name}.html").write_text(text)
        for name, text in forms.items():
            (folder / FORMS_FOLDER / f"{name}.yaml").write_text(text, encoding="utf-8")

    return make


class Editors:
    """Whoever writes forms and publishes them, beside a service or without one."""

    def __init__(self, root: Path, url: str = ""):
        self.forms = root / "forms"
        self.forms.mkdir(parents=True, exist_ok=True)
        self.sites = KeptSites(root / "site")
        self.told: list[tuple[str, Mapping[str, object]]] = []
        self.publisher = Publisher(self.sites, Service(url) if url else None, self._tell, "en")

    def publish(self, number: int, survey: str = SURVEY, *, anew: bool = False, **more: str) -> None:
        """Publish an edition with a survey as it is written now."""
        (self.forms / "sondaggio.yaml").write_text(survey, encoding="utf-8")
        make = edition(number, {"sondaggio": survey}, **more)
        label = f"edition {number}"
        self.publisher.publish(make, self.forms, label, usual=FIRST, limits=LIMITS, levels={}, anew=anew)

    @property
    def shown(self) -> str:
        """The title of the home page."""
        text = (self.sites.site / "index.html").read_text(encoding="utf-8")
        return text.partition("<title>")[2].partition("<")[0]

    def _tell(self, saying: str, seconds: float | None, **values: Any) -> None:
        self.told.append((saying, values))
