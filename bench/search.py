"""How well the search answers: the place of what people look for, for the queries of `queries.LANG.yaml`.

Peer: Material's own search, over the same index of the same site. The figure is the mean reciprocal rank: 1 where what
is looked for always stands first, 0.5 where it always stands second, and a query that does not find it adds nothing
(Voorhees, *The TREC-8 Question Answering Track Report*, 1999). The places are counted page by page, and within a page
by how well its parts fit. Both searches run where they run for readers, in a worker of Chromium.

Run it as `python -m bench.search [--missed]`, which also lists the queries whose answer does not stand first.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml
from playwright.sync_api import Page, sync_playwright

from bench._servers import ROOT
from bench.lighthouse import serving
from tests.browser import CHROMIUM

HOMES = {"it": "/", "en": "/en/"}
WORKERS = ("ours", "Material's")

ASK = """async ([script, index, queries]) => {
  const worker = new Worker(script);
  const answer = (message, wanted) => new Promise((resolve, reject) => {
    worker.onerror = (fault) => reject(fault.message);
    worker.onmessage = ({ data }) => { if (data.type === wanted) resolve(data.data); };
    worker.postMessage(message);
  });
  const { config, docs } = await (await fetch(index)).json();
  await answer({ type: 0, data: { config, docs, options: { suggest: false } } }, 1);
  const found = {};
  for (const query of queries) found[query] = (await answer({ type: 2, data: query }, 3)).items;
  worker.terminate();
  return found;
}"""
"""Start a worker and ask it each query, by the messages that Material's script sends it."""


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


def lines(items: list[list[dict[str, Any]]]) -> list[str]:
    """Give the addresses found for a query in their order: page by page, and of a page what fits best first."""
    return [entry["location"] for group in items for entry in sorted(group, key=lambda entry: -entry["score"])]


def measured(page: Page, address: str, language: str, worker: str) -> Outcome:
    """Ask one of the searches all queries of a language."""
    asked, home = queries(language), HOMES[language]
    page.goto(address + home)
    script = urljoin(page.url, json.loads(page.locator("#__config").text_content() or "")["search"])
    if worker == "Material's":
        script = re.sub(r"search\.\w+\.js\?", "", script)
    found = page.evaluate(ASK, [script, f"{home}search/search_index.json", list(asked)])
    places = {}
    for query, answers in asked.items():
        shown = [home + location for location in lines(found[query])]
        places[query] = next((place for place, line in enumerate(shown, 1) if line in answers), 0)
    return Outcome(places)


def main(arguments: Sequence[str] = ()) -> int:
    """Print the table; give 1 where ours is no better than the peer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--missed", action="store_true", help="list the queries whose answer does not stand first")
    missed = parser.parse_args(arguments).missed
    worse = False
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build = [sys.executable, str(ROOT / "build.py"), "--site-dir", str(site)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        print("| language | search | queries | first | mean reciprocal rank |\n|---|---|---|---|---|")
        with serving(site, Path(folder) / "data") as address:
            for language in HOMES:
                page = browser.new_page()
                by_search = {worker: measured(page, address, language, worker) for worker in WORKERS}
                for name, outcome in by_search.items():
                    rank = f"{outcome.mean_reciprocal_rank:.3f}"
                    print(f"| {language} | {name} | {len(outcome.places)} | {outcome.first} | {rank} |")
                if missed:
                    for query, place in by_search["ours"].places.items():
                        if place != 1:
                            print(f"    {language} {query}: {place or 'not found'}")
                worse |= by_search["ours"].mean_reciprocal_rank <= by_search["Material's"].mean_reciprocal_rank
        browser.close()
    return int(worse)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
