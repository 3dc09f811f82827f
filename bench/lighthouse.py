"""How fast pages are on a slow phone: Lighthouse's performance score, for each kind of page, at 360 pixels.

Peer: the stock Material theme, given the same text of three pages, served compressed by the same server, without web
fonts (it would fetch them from another host). Speed is worked out by Lighthouse for a slow phone on slow 4G from how
the page loads here. The aim is 95 for every page; each score is the best of some runs, since neighbours only slow.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bacheca.portal.postprocess.compression import copies_of
from bench._servers import ROOT, served
from tests.journeys.test_lighthouse import FOUND
from tests.web.judges import lighthouse

AIM = 95
RUNS = 3
SAME = {"/profilo/": "profilo.md", "/linee-guida/": "linee-guida.md", "/privacy/": "privacy.md"}
"""The pages whose text the peer is given too."""

STOCK = """\
site_name: Banco
theme: {name: material, variant: classic, language: it, font: false}
plugins: {search: {lang: it}}
markdown_extensions: [admonition, attr_list, def_list, footnotes, md_in_html, tables, {toc: {permalink: true}}]
validation: {nav: {omitted_files: ignore}, links: {not_found: ignore, anchors: ignore, unrecognized_links: ignore}}
"""


def build_stock(folder: Path) -> Path:
    """Build the peer's pages; give the folder of its site."""
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(STOCK, encoding="utf-8")
    for name in SAME.values():
        shutil.copy(ROOT / "content/it" / name, folder / "docs")
    (folder / "docs/index.md").write_text("# Banco\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "mkdocs", "--quiet", "build"], cwd=folder, check=True, capture_output=True)
    for file in [file for file in (folder / "site").rglob("*") if file.is_file()]:
        for ending, copy in copies_of(file.name, file.read_bytes()):
            file.with_name(file.name + ending).write_bytes(copy)
    return folder / "site"


@contextmanager
def serving(site: Path, data: Path) -> Iterator[str]:
    """Serve a site as `python -m forms_server run` does; give its address."""
    data.mkdir()
    environ = {"FORMS_DATABASE_URL": f"sqlite:///{data}/forms.db", "FORMS_DATA": str(data), "FORMS_SITE": str(site)}
    with served(["-m", "forms_server", "run", "--port", "PORT"], environ, data / "log") as server:
        yield f"http://127.0.0.1:{server.port}"


def scores(base: str, pages: Sequence[str], runs: int) -> list[int]:
    """Give the best score of each page."""
    found = [lighthouse((base + page for page in pages), ["performance"]) for _ in range(runs)]
    return [max(report.scores["performance"] for report in reports) for reports in zip(*found, strict=True)]


def main(runs: int = RUNS) -> int:
    """Measure, print the scores, and tell whether they hold."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "build.py", "--site-dir", str(folder / "site")]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        (folder / "stock").mkdir()
        with serving(folder / "site", folder / "data") as ours:
            measured = dict(zip(FOUND, scores(ours, FOUND, runs), strict=True))
        with serving(build_stock(folder / "stock"), folder / "stock-data") as stock:
            peer = dict(zip(SAME, scores(stock, list(SAME), runs), strict=True))
    for page, score in measured.items():
        beside = f"{peer[page]:5.0f}  ratio {score / peer[page]:.2f}" if page in peer else ""
        print(f"{score:5.0f}  {page:<40}{beside}")
    least = min(measured.values())
    print(f"least {least:.0f} (aim: {AIM}); in the last columns the stock theme, with the same text")
    return 0 if least >= AIM else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="how often each page is measured")
    sys.exit(main(parser.parse_args().runs))
