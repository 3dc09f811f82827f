"""How well the search answers, and how soon: the place of what people look for, for the queries of `queries.LANG.yaml`.

Peers: Material's own search, over the index of the same build, and Pagefind over the same pages. The figure is the mean
reciprocal rank: 1 where what is looked for always stands first, 0.5 where it always stands second, and a query that does
not find it adds nothing (Voorhees, *The TREC-8 Question Answering Track Report*, 1999). The places are counted page by
page, and within a page by how well its parts fit. Ours is measured without the community's own words too: who wrote
`content/synonyms.LANG.yml` had the queries before them.

How soon: a handbook of many pages, the processor slowed six times, from asking for the search to the first answer, and
until every text is known. The slowing does not reach workers, in which Material's search and Pagefind do their work.

Run it as `python -m bench.search [--missed] [--pages 1000]`; `--pages 0` leaves the handbook out. Pagefind is installed
into `build/bench/pagefind`, by its hash, when it is first measured; where that cannot be, it is left out.
"""

from __future__ import annotations

import argparse
import functools
import json
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
from playwright.sync_api import Browser, Page, Response, sync_playwright

from bench._corpus import Handbook, write_portal
from bench._servers import ROOT
from tests.browser import CHROMIUM

HOMES = {"it": "/", "en": "/en/"}
LOCK = Path(__file__).with_name("pagefind.lock")
PAGEFIND = ROOT / "build" / "bench" / "pagefind"
SLOWER = 6
"""How many times the processor of a slow phone is slower than this one."""

AIM = 0.9

OURS = """async ([home, queries, plain]) => {
  document.querySelector(".search-open").click();
  while (!document.querySelector("dialog.search[data-read]")) await new Promise((resolve) => { setTimeout(resolve, 20); });
  let data = null;
  const text = await (await fetch(`${home}search/search_index.js`)).text();
  new Function("searchIndex", text)((found) => { data = found; });
  if (plain) {
    const own = new Set(plain);
    data.entries.forEach((entry) => { if (entry.also) entry.also = entry.also.filter((word) => !own.has(word)); });
  }
  const ranking = searchRanking(data, globalThis.searchWords);
  await ranking.readTexts();
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


@dataclass(frozen=True)
class Outcome:
    """The place of each query's answer, from 1 on; 0 where it was not found."""

    places: Mapping[str, int]

    @property
    def mean_reciprocal_rank(self) -> float:
        """Give the figure, from 0 to 1."""
        return sum(1 / place for place in self.places.values() if place) / len(self.places)

    @property
    def first(self) -> int:
        """Count the queries whose answer stands first."""
        return sum(place == 1 for place in self.places.values())


def queries(language: str) -> dict[str, list[str]]:
    """Read the queries of a language, each with the addresses that answer it."""
    written = yaml.safe_load(Path(__file__).with_name(f"queries.{language}.yaml").read_text(encoding="utf-8"))
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


def placed(language: str, found: Sequence[Sequence[str]], home: str) -> Outcome:
    """Look each query's answer up in the addresses that were found for it.

    Args:
        language: the language of the queries.
        found: the addresses of each, the best first.
        home: what stands before them.
    """
    places = {}
    for (query, answers), lines in zip(queries(language).items(), found, strict=True):
        shown = [home + line.removeprefix(home or "\0") for line in lines]
        places[query] = next((place for place, line in enumerate(shown, 1) if line in answers), 0)
    return Outcome(places)


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


def ranked(browser: Browser, site: Path, folder: Path) -> Iterator[tuple[str, str, Outcome]]:
    """Ask every search all queries; give language, search and outcome of each."""
    indexed = indexed_by_pagefind(site, folder)
    for language, home in HOMES.items():
        asked = list(queries(language))
        with served(site) as address:
            page = browser.new_page()
            page.goto(address + home)
            for name, left_out in (("ours", None), ("ours, without the community's words", own_words(language))):
                yield language, name, placed(language, page.evaluate(OURS, [home, asked, left_out]), home)
        engine = ROOT / "build" / language / "site"
        with served(engine) as address:
            page.goto(f"{address}/search/search_index.json")
            found = page.evaluate(MATERIAL, [f"/{worker_of(engine)}", "/search/search_index.json", asked])
            yield language, "Material's", placed(language, found, home)
        if indexed:
            with served(indexed) as address:
                page.goto(address + home)
                yield language, "Pagefind", placed(language, page.evaluate(PAGEFINDS, ["/pagefind/pagefind.js", asked]), "")
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


def timed(browser: Browser, address: str, ask: Callable[[Page], list[float]]) -> Speed:
    """Time a search on a slow phone."""
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    fetched: list[Response] = []
    page.on("response", fetched.append)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    first, whole = ask(page)
    weight = sum(_sent(answer) for answer in fetched if answer.ok)
    page.context.close()
    return Speed(weight / 1000, first, whole)


def _sent(answer: Response) -> int:
    body = answer.body()
    packed = urlsplit(answer.url).path.endswith((".pagefind", ".pf_index", ".pf_meta", ".pf_fragment"))
    return len(body) if packed else len(brotli.compress(body, quality=5))


def speeds(browser: Browser, pages: int, folder: Path) -> Iterator[tuple[str, Speed, int]]:
    """Time every search over a handbook; give its name, how soon it answers, and the bytes of its index as written."""
    root, site = folder / "handbook", folder / "handbook-site"
    root.mkdir()
    write_portal(root, Handbook(pages))
    build(root, site)
    index = (site / "search/search_index.js").read_text(encoding="utf-8")
    word = index.partition('"title":"Pagina 0, ')[2].split(" ")[0]
    with served(site) as address:
        yield "ours", timed(browser, address, lambda page: page.evaluate(FIRST_OURS, word)), len(index.encode())
    engine = root / "build/it/site"
    with served(engine) as address:
        arguments = [f"/{worker_of(engine)}", "/search/search_index.json", [word]]
        script = f"async (given) => {{ const start = performance.now(); await ({MATERIAL})(given); const done = performance.now() - start; return [done, done]; }}"  # noqa: E501
        speed = timed(browser, f"{address}/assets/images/favicon.svg", lambda page: page.evaluate(script, arguments))
        yield "Material's", speed, (engine / "search/search_index.json").stat().st_size
    if indexed := indexed_by_pagefind(site, folder / "handbook-pagefind"):
        with served(indexed) as address:
            script = f"async (given) => {{ const start = performance.now(); await ({PAGEFINDS})(given); const done = performance.now() - start; return [done, done]; }}"  # noqa: E501
            speed = timed(browser, address, lambda page: page.evaluate(script, ["/pagefind/pagefind.js", [word]]))
            size = sum(file.stat().st_size for file in (indexed / "pagefind").rglob("*") if file.is_file())
            yield "Pagefind", speed, size


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
        print("| language | search | queries | first | mean reciprocal rank |\n|---|---|---|---|---|")
        for language, search, outcome in ranked(browser, site, folder / "pagefind"):
            figures[language, search] = outcome.mean_reciprocal_rank
            rank = f"{outcome.mean_reciprocal_rank:.3f}"
            print(f"| {language} | {search} | {len(outcome.places)} | {outcome.first} | {rank} |", flush=True)
            for query, place in outcome.places.items() if chosen.missed and search.startswith("ours") else ():
                if place != 1:
                    print(f"    {language} {query}: {place or 'not found'}")
        if chosen.pages:
            print(f"\n| {chosen.pages} pages | index, KB | fetched, KB | first answer, ms | all read, ms |\n|---|---|---|---|---|")
            for search, speed, size in speeds(browser, chosen.pages, folder):
                print(f"| {search} | {size / 1000:.0f} | {speed.files:.0f} | {speed.first:.0f} | {speed.whole:.0f} |", flush=True)
        browser.close()
    ours = {language: figures[language, "ours"] for language in HOMES}
    return int(any(figure < max(AIM, ours[language]) for (language, search), figure in figures.items() if search == "ours"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
