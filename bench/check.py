"""How long `build.py check` takes on a portal with 500 forms and their translations.

Peer: frictionless 5, which reads the same 500 files as Table Schemas and knows nothing of translations.
The aim is under 2 seconds for the whole command, the interpreter's start included.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import yaml
from frictionless import Schema

ROOT = Path(__file__).parents[1]
FORMS = 500
RUNS = 5
AIM = 2.0
"""Seconds."""

SETTINGS = """\
site_name: Banco
site_url: https://banco.example.org/
docs_dir: content/it
theme: {name: material, language: it}
plugins: {}
markdown_extensions: {}
extra: {community: {name: Banco, email: banco@example.org}}
"""
PAGE = "---\ntitle: Banco\ndescription: Una pagina.\ntranslation: home\n---\nCiao.\n"
EXAMPLES = ROOT / "content" / "forms"


def write_portal(folder: Path, forms: int) -> None:
    """Write a portal with one page and many forms: those of this repository and its examples, again and again."""
    (folder / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    (folder / "content/it").mkdir(parents=True)
    (folder / "content/it/index.md").write_text(PAGE, encoding="utf-8")
    (folder / "content/forms").mkdir()
    models = sorted(path for path in EXAMPLES.rglob("*.yaml") if "." not in path.stem)
    for number in range(forms):
        model = models[number % len(models)]
        name = f"{model.stem}-{number}"
        text = model.read_text(encoding="utf-8").replace(f"name: {model.stem}\n", f"name: {name}\n", 1)
        (folder / f"content/forms/{name}.yaml").write_text(text, encoding="utf-8")
        english = model.with_name(f"{model.stem}.en.yaml")
        if english.exists():
            (folder / f"content/forms/{name}.en.yaml").write_bytes(english.read_bytes())


def check_seconds(folder: Path) -> tuple[float, float]:
    """Run `build.py check` on a portal, as an editor does, and give its time by the clock and of the processor.

    Raises:
        CalledProcessError: it found a problem.
    """
    command = [sys.executable, str(ROOT / "build.py"), "check", "--config-file", str(folder / "mkdocs.yml")]
    start, used = time.perf_counter(), _processor()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start, _processor() - used


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def peer_seconds(folder: Path) -> float:
    """Let frictionless read the same form files."""
    start = time.perf_counter()
    for path in sorted(folder.glob("content/forms/*.yaml")):
        if "." not in path.stem:
            descriptor = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            Schema.from_descriptor({"$schema": descriptor["$schema"], "fields": descriptor["fields"]})
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_portal(folder, FORMS)
        runs = [check_seconds(folder) for _ in range(RUNS)]
        ours, processor = (median(times) for times in zip(*runs, strict=True))
        peer = median(peer_seconds(folder) for _ in range(RUNS))
    print(f"build.py check, {FORMS} forms: {ours:.2f} s, of the processor {processor:.2f} s (aim: under {AIM:.0f} s)")
    print(f"frictionless reads them as schemas: {peer:.2f} s; ratio {ours / peer:.2f}")
