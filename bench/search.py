"""How well the search answers, and how soon: the place of what people look for, for the queries of `queries.LANG.yaml`.

Peers: Material's own search, over the index of the same build, and Pagefind over the same pages. The figure is the
mean reciprocal rank: 1 where what is looked for always stands first, 0.5 where it always stands second, and a query
that does not find it adds nothing (Voorhees, *The TREC-8 Question Answering Track Report*, 1999). The places are
counted page by page, and within a page by how well its parts fit. Ours is measured without the community's own words
too: who wrote `content/synonyms.LANG.yml` had the queries before them. Those of `later.LANG.yaml` were written last.

How soon: a handbook of many pages, the processor slowed six times, from asking for the search to the first answer, and
until every text is known. The slowing does not reach workers, in which Material's search and Pagefind do their work.

Run it as `python -m bench.search [--missed] [--pages 1000]`; `--pages 0` leaves the handbook out. Pagefind is installed
into `build/bench/pagefind`, by its hash, when it is first measured; where that cannot be, it is left out.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
import yaml
from playwright.sync_api import Browser, Page, sync_playwright

from bench._corpus import Handbook, write_portal
from bench._servers import ROOT
from tests.browser import CHROMIUM

HOMES = {"it": "/", "en": "/en/"}
LOCK = Path(__file__).with_name("pagefind.lock")
PAGEFIND = ROOT / "build" / "bench" / "pagefind"
SLOWER = 6
"""How many times the processor of a slow phone is slower than this one."""

AIM = 0.9
ICON = "assets/images/favicon.svg"

OURS = """async ([home, queries, plain]) => {
  document.querySelector(".search-open").click();
  const later = (resolve) => { setTimeout(resolve, 20); };
  while (!document.querySelector("dialog.search[data-read]")) await new Promise(later);
  let data = null;
  const text = await (await fetch(`${home}search/search_index.js`)).text();
  new Function("searchIndex", text)((found) => { data = found; });
  if (plain) {
    const own = new Set(plain);
    data.entries.forEach((entry) => { if (entry.also) entry.also = entry.also.filter((word) => !own.has(word)); });
  }
  const ranking = searchRanking(data, globalThis.searchWords);
  await ranking.read();
  return queries.map((query) => ranking.find(query).groups.flat().map(({ entry }) => entry.location));
}"""
"""Rank as the search's window does."""

MATERIAL = """async ([script, index, queries]) => {
  const worker = new Worker(script);
  const answer = (message, wanted) => new Promise((resolve, reject) => {
    worker.onerror = (fault) => reject(fault.message);
    worker.onmessage = ({ data }) => { if (data.type === wanted) resolve(data.data); };
    worker.postMessage(message);
  });
  const { config, docs } = await (await fetch(index)).json();
  await answer({ type: 0, data: { config, docs, options: { suggest: false } } }, 1);
  const found = [];
  for (const query of queries) found.push((await answer({ type: 2, data: query }, 3)).items);
  worker.terminate();
  return found.map((items) => items.flatMap(
    (group) => [...group].sort((one, other) => other.score - one.score).map((entry) => entry.location),
  ));
}"""
"""Start Material's worker and ask it each query, by the messages that Material's script sends it."""

PAGEFINDS = """async ([script, queries]) => {
  const pagefind = await import(script);
  const found = [];
  const weight = (part) => part.weighted_locations.reduce((sum, place) => sum + place.balanced_score, 0);
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const pages = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    found.push(pages.flatMap((page) => {
      const parts = [...page.sub_results].sort((one, other) => weight(other) - weight(one)).map((part) => part.url);
      return parts.length ? parts : [page.url];
    }));
  }
  return found;
}"""

FIRST_OURS = """async (query) => {
  const start = performance.now();
  const window_ = document.querySelector("dialog.search");
  document.querySelector(".search-open").click();
  const input = document.querySelector("#search-query");
  const until = async (there) => {
    while (!there()) await new Promise((resolve) => { setTimeout(resolve, 5); });
    return performance.now() - start;
  };
  await until(() => window_.open);
  input.value = query;
  input.dispatchEvent(new Event("input"));
  const first = await until(() => document.querySelector(".search__result"));
  return [first, await until(() => "read" in window_.dataset)];
}"""

FIRST_ANSWER = """async (given) => {
  const start = performance.now();
  await (%s)(given);
  const done = performance.now() - start;
  return [done, done];
}"""


@dataclass(frozen=True)
class Outcome:
    """The place of each query's answer, from 1 on; 0 where it was not found."""

    places: Mapping[str, int]

    @property
    def mean_reciprocal_rank(self) -> float:
        """Give the figure, from 0 to 1."""
        return sum(1 / place for place in self.places.values() if place) / len(self.places)

    def __str__(self) -> str:
        """Write the figure, and for how many queries the answer stands first."""
        first = sum(place == 1 for place in self.places.values())
        return f"{self.mean_reciprocal_rank:.3f}, {first} of {len(self.places)}"


SETS = ("queries", "later")


def queries(language: str, name: str = "queries") -> dict[str, list[str]]:
    """Read the queries of a language, each with the addresses that answer it."""
    written = yaml.safe_load(Path(__file__).with_name(f"{name}.{language}.yaml").read_text(encoding="utf-8"))
    return {query: [answer] if isinstance(answer, str) else answer for query, answer in written.items()}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as it is, as Material's worker and Pagefind need it; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def placed(language: str, found: Mapping[str, Sequence[str]], home: str) -> list[Outcome]:
    """Look each query's answer up in the addresses that were found for it; give the outcome of each of `SETS`.

    Args:
        language: the language of the queries.
        found: the addresses of each, the best first.
        home: what stands before them.
    """
    outcomes = []
    for name in SETS:
        places = {}
        for query, answers in queries(language, name).items():
            shown = [home + line for line in found[query]]
            places[query] = next((place for place, line in enumerate(shown, 1) if line in answers), 0)
        outcomes.append(Outcome(places))
    return outcomes


def build(root: Path, site: Path) -> None:
    """Build a portal."""
    command = [sys.executable, str(ROOT / "build.py"), "--site-dir", str(site)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


def own_words(language: str) -> list[str]:
    """Give the words of the community's own file."""
    written = yaml.safe_load((ROOT / f"content/synonyms.{language}.yml").read_text(encoding="utf-8"))
    return [word for words in written.values() for word in words]


def worker_of(site: Path) -> str:
    """Give the path of Material's worker in what the engine left."""
    return next(site.glob("assets/javascripts/workers/search.*.min.js")).relative_to(site).as_posix()


def indexed_by_pagefind(site: Path, folder: Path) -> Path | None:
    """Let Pagefind index a copy of a site; give the copy, or nothing where it cannot be installed."""
    if not PAGEFIND.is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
        done = subprocess.run([*command, "--target", str(PAGEFIND), "-r", str(LOCK)], capture_output=True, check=False)
        if done.returncode:
            shutil.rmtree(PAGEFIND, ignore_errors=True)
            return None
    shutil.copytree(site, folder)
    program = [sys.executable, "-m", "pagefind", "--site", str(folder)]
    subprocess.run(program, env={"PYTHONPATH": str(PAGEFIND), "PATH": ""}, check=True, capture_output=True)
    return folder


def ranked(browser: Browser, site: Path, folder: Path) -> Iterator[tuple[str, str, list[Outcome]]]:
    """Ask every search all queries; give language, search and outcomes of each."""
    indexed = indexed_by_pagefind(site, folder)
    for language, home in HOMES.items():
        asked = [query for name in SETS for query in queries(language, name)]
        with served(site) as address:
            page = browser.new_page()
            page.goto(address + home)
            for name, left_out in (("ours", None), ("ours, without the community's words", own_words(language))):
                found = dict(zip(asked, page.evaluate(OURS, [home, asked, left_out]), strict=True))
                yield language, name, placed(language, found, home)
        engine = ROOT / "build" / language / "site"
        with served(engine) as address:
            page.goto(f"{address}/search/search_index.json")
            given = [f"/{worker_of(engine)}", "/search/search_index.json", asked]
            yield (
                language,
                "Material's",
                placed(language, dict(zip(asked, page.evaluate(MATERIAL, given), strict=True)), home),
            )
        if indexed:
            with served(indexed) as address:
                page.goto(address + home)
                lines = page.evaluate(PAGEFINDS, ["/pagefind/pagefind.js", asked])
                yield language, "Pagefind", placed(language, dict(zip(asked, lines, strict=True)), "")
        page.close()


@dataclass(frozen=True)
class Speed:
    """How soon a search answers.

    Args:
        files: what it fetches, in KB, as it would be sent in Brotli.
        first: milliseconds until the first answer.
        whole: milliseconds until all texts are known.
    """

    files: float
    first: float
    whole: float


def timed(browser: Browser, site: Path, path: str, ask: Callable[[Page], list[float]]) -> Speed:
    """Time a search on a slow phone.

    Args:
        browser: the browser.
        site: the folder of the site.
        path: the page of it that the search is asked from.
        ask: asks, and gives the milliseconds of `Speed`.
    """
    fetched: list[str] = []
    with served(site) as address:
        page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
        page.goto(f"{address}/{path}")
        page.wait_for_load_state("networkidle")
        page.on("response", lambda answer: fetched.append(answer.url))
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        first, whole = ask(page)
        page.context.close()
    return Speed(sum(_sent(site / urlsplit(url).path.lstrip("/")) for url in fetched) / 1000, first, whole)


def _sent(file: Path) -> int:
    """Give the bytes of a file as it would be sent; Pagefind's are compressed as they are."""
    body = file.read_bytes() if file.is_file() else b""
    return len(body) if file.suffix.startswith((".pf_", ".pagefind")) else len(brotli.compress(body, quality=5))


def speeds(browser: Browser, pages: int, folder: Path) -> Iterator[tuple[str, Speed, int]]:
    """Time every search over a handbook; give its name, how soon it answers, and the bytes of its index as written."""
    root, site = folder / "handbook", folder / "handbook-site"
    if not site.is_dir():
        root.mkdir()
        write_portal(root, Handbook(pages))
        build(root, site)
    index = (site / "search/search_index.js").read_text(encoding="utf-8")
    word = index.partition('"title":"Pagina 0, ')[2].split(" ")[0]
    size = (site / "search/search_index.js").stat().st_size
    yield "ours", timed(browser, site, "", lambda page: page.evaluate(FIRST_OURS, word)), size
    engine = root / "build/it/site"
    given = [f"/{worker_of(engine)}", "/search/search_index.json", [word]]
    speed = timed(browser, engine, ICON, lambda page: page.evaluate(FIRST_ANSWER % MATERIAL, given))
    yield "Material's", speed, (engine / "search/search_index.json").stat().st_size
    if indexed := indexed_by_pagefind(site, folder / "handbook-pagefind"):
        given = ["/pagefind/pagefind.js", [word]]
        speed = timed(browser, indexed, "", lambda page: page.evaluate(FIRST_ANSWER % PAGEFINDS, given))
        yield (
            "Pagefind",
            speed,
            sum(file.stat().st_size for file in (indexed / "pagefind").rglob("*") if file.is_file()),
        )


def main(arguments: Sequence[str] = ()) -> int:
    """Print the tables; give 1 where ours misses the aim, or is no better than a peer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--missed", action="store_true", help="list the queries whose answer does not stand first")
    parser.add_argument("--pages", type=int, default=1000, help="how many pages the handbook has  [default: 1000]")
    chosen = parser.parse_args(arguments)
    figures: dict[tuple[str, str], float] = {}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        site = folder / "site"
        build(ROOT, site)
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        print("| language | search | mean reciprocal rank, first | of later queries |\n|---|---|---|---|")
        for language, search, outcomes in ranked(browser, site, folder / "pagefind"):
            figures[language, search] = outcomes[0].mean_reciprocal_rank
            print(f"| {language} | {search} | {outcomes[0]} | {outcomes[1]} |", flush=True)
            places = {query: place for outcome in outcomes for query, place in outcome.places.items()}
            for query, place in places.items() if chosen.missed and search.startswith("ours") else ():
                if place != 1:
                    print(f"    {language} {query}: {place or 'not found'}")
        if chosen.pages:
            print(f"\n| {chosen.pages} pages | index, KB | fetched, KB | first answer, ms | all read, ms |")
            print("|---|---|---|---|---|")
            for search, speed, size in speeds(browser, chosen.pages, folder):
                print(
                    f"| {search} | {size / 1000:.0f} | {speed.files:.0f} | {speed.first:.0f} | {speed.whole:.0f} |",
                    flush=True,
                )
        browser.close()
    best = {
        language: max(figure for (spoken, _), figure in figures.items() if spoken == language) for language in HOMES
    }
    return int(any(figures[language, "ours"] < max(AIM, best[language]) for language in HOMES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
