"""A whole site, looked at before it is published: every page, every feed, and how large it all is.

What is referred to is followed in every build, by `bacheca.portal.build.verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bacheca.forms.errors import Problem
from bacheca.portal.errors import PortalProblem
from bacheca.portal.verification.fault import Fault
from bacheca.portal.verification.feeds import KINDS
from bacheca.portal.verification.markup import faults_of_page

READERS: Mapping[str, Callable[[str], Iterator[Fault]]] = {".html": faults_of_page, **KINDS}
NEEDED = ("index.html", "404.html", "sitemap.xml", "robots.txt")
"""What every site has."""


def look_at(site: Path, limits: Mapping[str, int]) -> Iterator[Problem]:
    """Look at every file of a site.

    Args:
        site: its folder.
        limits: the most kilobytes of a page, and the most megabytes of the site.

    Returns:
        A problem for each thing that a reader, or a reader's program, would stumble over.
    """
    whole = 0
    for file in sorted(path for path in site.rglob("*") if path.is_file()):
        path = file.relative_to(site).as_posix()
        size = file.stat().st_size
        whole += size
        if file.suffix == ".html" and size > limits["page"] * 1024:
            yield PortalProblem("SITE_PAGE_HEAVY", path, 1, values={"size": size // 1024, "limit": limits["page"]})
        read = READERS.get(file.suffix)
        for fault in _faults(file, read) if read else ():
            yield PortalProblem(fault.code, path, fault.line, values=dict(fault.values))
    for name in NEEDED:
        if not (site / name).is_file():
            yield PortalProblem("DATA_LACKS", name, 1, values={"element": site.name, "name": name})
    if whole > limits["site"] * 1024**2:
        values = {"size": whole // 1024**2, "limit": limits["site"]}
        yield PortalProblem("SITE_HEAVY", ".", 1, values=values)


def _faults(file: Path, read: Callable[[str], Iterator[Fault]]) -> Iterator[Fault]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return iter((Fault("SITE_FILE", values={"reason": str(error)}),))
    if not text.strip() and file.suffix != ".html":  # an editor's; whatever the build writes holds something
        return iter(())
    return read(text)
