"""Publishing, readable top to bottom: ask the service → build beside → verify → swap → tell the service → keep.

Whatever fails before the swap leaves the site of before as it is; what the service refuses after it brings that back.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bacheca.forms import Community, Form
from bacheca.forms.published import FORMS_FOLDER, built_site
from bacheca.portal.build.pipeline import Tell
from bacheca.portal.clock import build_moment
from bacheca.portal.errors import NotPublished, PortalProblem, RenderFailed, marked_line
from bacheca.portal.publishing.kept_files import changed_in
from bacheca.portal.publishing.kept_sites import KeptSite, KeptSites
from bacheca.portal.publishing.service import Service, hold_against
from bacheca.portal.rules import levelled

NAMED = 5
"""How many of the files that are not what they were are named."""


@dataclass(frozen=True)
class Publisher:
    """Whoever puts one site in the place of another.

    Args:
        sites: the sites that are kept.
        service: the service whose forms they have; None where none is to be asked.
        tell: is told of every step.
        language: the language that problems are said in.
    """

    sites: KeptSites
    service: Service | None
    tell: Tell
    language: str

    def publish(
        self,
        make: Callable[[Path], None],
        forms: Path,
        label: str,
        *,
        usual: Community,
        limits: Mapping[str, int],
        levels: Mapping[str, str],
        anew: bool = False,
    ) -> None:
        """Make a site, and show it in the place of the one before once nothing of it is wrong.

        One that is, byte for byte, the one that is shown gets no number, and pushes out none that is kept.

        Args:
            make: makes the site in a folder, which is not there.
            forms: the folder of the form files, as editors write them.
            label: what the site is called among those that are kept.
            usual: what the forms take for granted.
            limits: how large a page and the site may be.
            levels: the levels that the settings give rules, by code.
            anew: whether it is published even if it is the one that is shown.

        Raises:
            PortalError: something is wrong; the site of before is the one that is shown.
        """
        start = time.perf_counter()
        with self.sites.alone(lambda: self.tell("publish_waiting", None)):
            self._hold(forms, usual, told=True)
            try:
                make(self.sites.next)
                self._verify(limits, levels)
                served = self._hold(
                    self.sites.next / FORMS_FOLDER, usual
                )  # those of the site, against what is kept by now
                if not anew and self.sites.next_is_live():
                    self._tell_service(served, forms)
                    self.tell(
                        "published_already", time.perf_counter() - start, number=self.sites.live, folder=self.sites.site
                    )
                    return
                os.sync()
                number = self.sites.number_of_next()
                self.sites.add(number, build_moment(), label)
            finally:
                shutil.rmtree(self.sites.next, ignore_errors=True)
            before = self.sites.shown_before(number)
            self.sites.show(number)
            try:
                self._tell_service(served, forms)
            except NotPublished:
                self.sites.put_back(before)
                self.sites.drop(number)
                raise
            self.sites.prune()
        self.tell("published", time.perf_counter() - start, number=number, folder=self.sites.site)

    def roll_back(self, number: int | None, *, as_it_stands: bool = False) -> None:
        """Show an earlier site again, forms included.

        Args:
            number: which; None for the one before the one that is shown.
            as_it_stands: whether it is shown even if its files are not what they were when it was published.

        Raises:
            NotPublished: there is none, its files are not what they were, or the service refuses its forms; what was
                shown is shown.
        """
        with self.sites.alone(lambda: self.tell("publish_waiting", None)):
            site = self._asked_for(number)
            if not as_it_stands:
                self._look_at_files(site)
            forms = self._hold(site.folder / FORMS_FOLDER, built_site(site.folder).usual, told=True)
            before = self.sites.shown_before(site.number)
            self.sites.show(site.number)
            try:
                self._tell_service(forms, site.folder / FORMS_FOLDER)
            except NotPublished:
                self.sites.put_back(before)
                raise
        self.tell("rolled_back", None, number=site.number, moment=moment_of(site))

    def _asked_for(self, number: int | None) -> KeptSite:
        kept, live = self.sites.all(), self.sites.live
        if number is None:
            found = [site for site in kept if live is None or site.number < live]
        else:
            found = [site for site in kept if site.number == number]
        if not found:
            allowed = ", ".join(str(site.number) for site in kept if site.number != live)
            code = "SITE_NONE_BEFORE" if number is None else "SITE_NOT_KEPT"
            values = {"number": number, "allowed": allowed or "—"}
            raise NotPublished(PortalProblem(code, str(self.sites.folder), 1, values=values))
        return found[-1]

    def _look_at_files(self, site: KeptSite) -> None:
        changed = changed_in(site.folder)
        if changed is None:
            self.tell("site_unknown", None, number=site.number)
        elif changed:
            names = ", ".join((*changed[:NAMED], *("…",) * (len(changed) > NAMED)))
            values = {"number": site.number, "names": names}
            raise NotPublished(PortalProblem("SITE_CHANGED", str(site.folder / changed[0]), 1, values=values))

    def _verify(self, limits: Mapping[str, int], levels: Mapping[str, str]) -> None:
        from bacheca.portal.verification.site import look_at  # noqa: PLC0415  calendars take a while to load

        start = time.perf_counter()
        found = list(levelled(look_at(self.sites.next, limits), levels))
        if any(problem.stops for problem in found):
            raise RenderFailed(*found)
        for problem in found:
            self.tell("line", None, value=marked_line(problem, self.language))
        self.tell("verified", time.perf_counter() - start, folder=self.sites.next)

    def _hold(self, folder: Path, usual: Community, *, told: bool = False) -> dict[str, Form]:
        """Hold forms against what the service keeps, before anybody sees them."""
        if not self.service:
            if told:
                self.tell("service_not_asked", None)
            return {}
        changes, forms = hold_against(self.service, folder, usual, self.language)
        if told:
            self.tell("service_asked", None, url=self.service.url)
            for change in changes:
                self.tell("line", None, value=change.line_of_text(self.language))
            for name, days in sorted(self.service.days().items()):
                opens, closes = (days.get(key) or "…" for key in ("opens", "closes"))
                self.tell("form_days", None, name=name, opens=opens, closes=closes)
            now = self.service.served().versions.keys()
            self._name("forms_new", forms.keys() - now)
            self._name("forms_gone", now - {path.stem for path in folder.glob("*.yaml")})  # one with a slip is not gone
        return forms

    def _tell_service(self, forms: dict[str, Form], folder: Path) -> None:
        """Let the service look at the site that is shown now, which it does whenever it is asked anything.

        Raises:
            NotPublished: it cannot serve a form of it.
        """
        if not self.service:
            return
        served = self.service.served()
        refused = [
            PortalProblem("FORM_NOT_TAKEN", str(folder / f"{name}.yaml"), 1, values={"reason": served.refused[name]})
            for name in sorted(forms.keys() & served.refused.keys())
        ]
        if refused:
            raise NotPublished(*refused)
        other = {name for name, form in forms.items() if served.versions.get(name) != form.version}
        self._name("service_other", other, url=self.service.url)

    def _name(self, saying: str, names: Iterable[str], **values: object) -> None:
        if listed := ", ".join(sorted(names)):
            self.tell(saying, None, names=listed, **values)


def moment_of(site: KeptSite) -> str:
    """Write when a site was published, in the time of this machine; nothing where it never was."""
    return site.published.astimezone().strftime("%Y-%m-%d %H:%M") if site.published else ""
