"""What a million stored responses cost: taking one more, exporting all, exporting again after a hundred more.

Peers: the same service with a thousand stored; frictionless, which validates the very file that was exported (a part
of it, since it takes minutes for all); and the first export, against which the second one stands.

Run it as `python -m bench.growth [--responses 1000000] [--seconds 10]`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from types import MappingProxyType

from bacheca.forms.community import FIRST
from bench._load import run_load
from bench._servers import ROOT, Server, served
from bench.ingest import ANSWERS, FORM, RUN, requests, settings
from forms_server.database.engine import Work
from forms_server.database.tables import responses
from forms_server.form_registry import serve_forms
from forms_server.store import Kept, Store, open_store

CONTENT = ROOT / "content" / "forms"
RESPONSES, FEW, MORE = 1_000_000, 1_000, 100
DAYS = 300
"""Over how many days the stored responses came, up to yesterday."""

CLIENTS, ROUNDS = 8, 3
VALIDATED = 50_000
"""How many rows frictionless validates: for all of them it takes minutes."""

AT_LEAST = {"rate": 0.9, "export": 10.0}
AT_MOST = {"again": 0.1, "megabytes": 200.0}

EXPORT = """
import atexit, sys, time
start = time.perf_counter()
from bacheca.one_command import run_one
from forms_server.__main__ import main

def tell():
    spent, processor = time.perf_counter() - start, time.process_time()
    with open("/proc/self/status") as status:  # getrusage would count what the process that began this one holds
        (peak,) = (int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    print(spent, processor, peak)

atexit.register(tell)
sys.argv[1:1] = ["export"]
run_one(main)
"""
"""The loading of the program counts; that of frictionless, which is only made to read many rows, does not. It is
loaded once before, as it is where it is installed: or the first export would compile it."""

VALIDATE = """
import sys, time
from frictionless import Package
start, spent = time.perf_counter(), time.process_time()
assert Package(sys.argv[1]).validate().valid
print(time.perf_counter() - start, time.process_time() - spent)
"""


def fill(
    store: Store, count: int, today: date, content: Path = CONTENT, also: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Store responses as if they had come over the last days, two in five with a comment.

    Args:
        store: an empty store.
        count: how many.
        today: the day after the last of them.
        content: the folder of the form.
        also: what each says besides.
    """
    form = serve_forms(content, store, today - timedelta(days=DAYS), FIRST)[FORM].form
    chance = random.Random(1)
    words = ANSWERS["criteri"].split()

    def row(number: int) -> Mapping[str, object]:
        chosen = {name: chance.choice([*form.field(name).categories, ""]) for name in ("struttura", "specializzazione")}
        comment = " ".join(chance.choices(words, k=12)) if chance.random() < 0.4 else ""
        random_id = f"{chance.getrandbits(128):032x}"
        return {
            "response_id": random_id,
            "form": FORM,
            "version": form.version,
            "language": "it",
            "channel": "web",
            "received_on": today - timedelta(days=DAYS - number * DAYS // count),
            "state": "kept",
            "key_hash": random_id * 2,
            "token_hash": random_id[::-1] * 2,
            "content_hash": f"{number:064x}",
            "answers": {**chosen, "criteri": comment, **also},
        }

    rows = map(row, range(count))
    while batch := list(islice(rows, 50_000)):
        with store._database.transaction(Work.WRITE) as connection:
            if connection.dialect.name == "sqlite":  # or most of the time goes into waiting for pages
                connection.exec_driver_sql("PRAGMA cache_size=-1000000")
            connection.execute(responses.insert(), batch)


def add(store: Store, count: int, today: date) -> None:
    """Keep some more responses of today."""
    form = serve_forms(ROOT / "content" / "forms", store, today, FIRST)[FORM].form
    cells = {name: ANSWERS[name] for name in ("struttura", "specializzazione", "criteri")}
    for _ in range(count):
        mark = os.urandom(16).hex()
        store.keep(Kept(mark, FORM, form.version, "it", "web", today, f"k{mark}", f"t{mark}", mark, cells))


def in_turn(few: Server, many: Server, seconds: float) -> tuple[float, float]:
    """Give the rates of the two services, loaded one after the other some times."""
    rates: dict[int, list[float]] = {few.port: [], many.port: []}
    for _ in range(ROUNDS):
        for server in (few, many):
            rates[server.port].append(run_load(server.port, CLIENTS, seconds, requests(server.port)).rate)
    return median(rates[few.port]), median(rates[many.port])


def run(script: str, argument: str, environ: Mapping[str, str] | None = None) -> list[float]:
    """Run a script in a process of its own; give the figures of its last line."""
    done = subprocess.run(
        [sys.executable, "-c", script, argument],
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(figure) for figure in done.stdout.splitlines()[-1].split()]


def part_of(package: Path, rows: int) -> Path:
    """Write a package of the first rows of the responses of another; give its descriptor."""
    folder = package / "part"
    folder.mkdir()
    with (package / "responses.csv").open(encoding="utf-8") as file:
        (folder / "responses.csv").write_text("".join(islice(file, rows + 1)), encoding="utf-8")
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    (whole,) = (found for found in descriptor["resources"] if found["name"] == "responses")
    descriptor["resources"] = [{key: whole[key] for key in whole if key not in ("hash", "bytes")}]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder / "datapackage.json"


def measure(folder: Path, count: int, seconds: float) -> Iterator[tuple[str, float]]:
    """Measure; give each figure by its name."""
    today = datetime.now(UTC).date()
    few, many = folder / "few", folder / "many"
    for place, number in ((few, FEW), (many, count)):
        place.mkdir()
        store = open_store(f"sqlite:///{place}/forms.db")
        fill(store, number, today)
        store.close()
    environ = settings(f"sqlite:///{many}/forms.db", many / "data") | {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    with (
        served(RUN, settings(f"sqlite:///{few}/forms.db", few / "data"), few / "log") as first,
        served(RUN, environ, many / "log") as second,
    ):
        slow, quick = in_turn(first, second, seconds)
    yield "few", slow
    yield "many", quick
    yield "store_megabytes", sum(file.stat().st_size for file in many.glob("forms.db*")) / 1e6
    run("import forms_server.commands.packages; print(0)", FORM, environ)
    whole = run(EXPORT, FORM, environ)
    package = many / "data" / "packages" / FORM
    exported = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["bacheca:counts"]["exported"]
    store = open_store(f"sqlite:///{many}/forms.db")
    add(store, MORE, today)
    store.close()
    yield "package_megabytes", sum(file.stat().st_size for file in package.iterdir()) / 1e6
    again = run(EXPORT, FORM, environ)
    checked = min(VALIDATED, exported)
    peer = run(VALIDATE, str(part_of(package, checked)))
    yield from zip(("whole", "whole_processor", "whole_megabytes"), whole, strict=True)
    yield from zip(("again", "again_processor", "again_megabytes"), again, strict=True)
    yield from zip(("peer", "peer_processor"), peer, strict=True)
    yield "exported", float(exported)
    yield "checked", float(checked)


def main(arguments: Sequence[str] = ()) -> int:
    """Measure, print the figures and the ratios, and tell whether they hold."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description="What a million responses cost.")
    parser.add_argument("--responses", type=int, default=RESPONSES, help="how many are stored")
    parser.add_argument("--seconds", type=float, default=10.0, help="for how long each service is loaded, three times")
    chosen = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores; load before: {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        found = dict(measure(Path(name), chosen.responses, chosen.seconds))
    ours, peer = found["exported"] / found["whole"], found["checked"] / found["peer"]
    print(f"| with {FEW:,} stored, {CLIENTS} clients | {found['few']:.0f} a second |")
    print(f"| with {chosen.responses:,} stored | {found['many']:.0f} a second |")
    print(f"| store, package | {found['store_megabytes']:.0f} MB, {found['package_megabytes']:.0f} MB on disk |")
    for name, what in (("whole", f"export of {found['exported']:,.0f}"), ("again", f"again after {MORE} more")):
        spent, peak = found[f"{name}_processor"], found[f"{name}_megabytes"]
        print(f"| {what} | {found[name]:.1f} s ({spent:.1f} s of processor), {peak:.0f} MB at most |")
    print(f"| exported | {ours:,.0f} rows a second |")
    print(f"| frictionless, {found['checked']:,.0f} rows of that file | {peer:,.0f} rows a second |")
    ours_alone, peer_alone = found["exported"] / found["whole_processor"], found["checked"] / found["peer_processor"]
    print(f"| of the processor's time alone | {ours_alone:,.0f} and {peer_alone:,.0f} rows a second |")
    ratios = {
        "rate": found["many"] / found["few"],
        "export": ours / peer,
        "again": found["again"] / found["whole"],
        "megabytes": max(found["whole_megabytes"], found["again_megabytes"]),
    }
    for name, least in AT_LEAST.items():
        print(f"{name}: {ratios[name]:.2f} (aim: at least {least:g})")
    for name, most in AT_MOST.items():
        print(f"{name}: {ratios[name]:.2f} (aim: at most {most:g})")
    print(f"load after: {os.getloadavg()[0]:.1f}")
    held = all(ratios[name] >= least for name, least in AT_LEAST.items())
    return 0 if held and all(ratios[name] <= most for name, most in AT_MOST.items()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
