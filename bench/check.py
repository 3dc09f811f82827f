"""How long `build.py check` takes: on 500 forms with their translations, and on 1,000 pages of some 820 words.

Peers: frictionless 5, which reads the same 500 files as Table Schemas and knows nothing of translations; and
Python-Markdown, which converts the same 1,000 pages and checks nothing. The interpreter's start counts.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import markdown
import yaml
from frictionless import Schema

ROOT = Path(__file__).parents[1]
FORMS = 500
RUNS = 5
AIM = 2.0
PAGES = 1000
AIM_COLD, AIM_WARM = 5.0, 1.0
"""Seconds: for forms, for pages the first time, and for pages of which one has changed."""

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


def write_pages(folder: Path, pages: int) -> None:
    """Write a portal of pages that link to each other, in the words of this one's."""
    settings = SETTINGS.replace("extra: {", "extra: {spelling: it_IT, ")
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    content = folder / "content/it"
    content.mkdir(parents=True)
    (folder / "content/forms").mkdir()
    models = [ROOT / "content/it" / name for name in ("profilo.md", "linee-guida.md", "domande.md")]
    words = [word for path in models for word in path.read_text(encoding="utf-8").split() if word.isalpha()]
    (folder / "content/words.it.txt").write_text("\n".join(sorted(set(words))), encoding="utf-8")
    (content / "index.md").write_text(PAGE, encoding="utf-8")
    chance = random.Random(1)
    for number in range(pages):
        parts = []
        for part in range(8):
            link = f"[altra](p{chance.randrange(pages)}.md#parte-1)"
            parts.append(f"## Parte {part}\n\n{' '.join(chance.choices(words, k=100))} {link}.")
        text = "\n\n".join(parts)
        head = f"---\ntitle: Pagina {number}\ndescription: Una pagina.\ntranslation: p{number}\n---\n"
        (content / f"p{number}.md").write_text(f"{head}# Pagina {number}\n\n{text}\n", encoding="utf-8")


def measure_pages() -> bool:
    """Measure and print how long pages take; tell whether the aims hold."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder, PAGES)
        cold, _ = check_seconds(folder)
        runs = []
        for run in range(RUNS):
            with (folder / f"content/it/p{run}.md").open("a", encoding="utf-8") as page:
                page.write("\nUna riga in più.\n")
            runs.append(check_seconds(folder))
        warm, processor = (median(times) for times in zip(*runs, strict=True))
        start = time.perf_counter()
        for path in folder.glob("content/it/*.md"):
            markdown.markdown(path.read_text(encoding="utf-8").split("---\n", 2)[2], extensions=["toc"])
        peer = time.perf_counter() - start
    print(f"build.py check, {PAGES} pages: {cold:.2f} s the first time (aim: under {AIM_COLD:.0f} s);", end=" ")
    print(f"{warm:.2f} s after one has changed, of the processor {processor:.2f} s (aim: under {AIM_WARM:.0f} s)")
    print(f"Python-Markdown converts them: {peer:.2f} s; ratios {cold / peer:.2f} and {warm / peer:.2f}")
    return cold < AIM_COLD and warm < AIM_WARM


def main() -> int:
    """Measure and print; tell whether an aim was missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_portal(folder, FORMS)
        runs = [check_seconds(folder) for _ in range(RUNS)]
        ours, processor = (median(times) for times in zip(*runs, strict=True))
        peer = median(peer_seconds(folder) for _ in range(RUNS))
    print(f"build.py check, {FORMS} forms: {ours:.2f} s, of the processor {processor:.2f} s (aim: under {AIM:.0f} s)")
    print(f"frictionless reads them as schemas: {peer:.2f} s; ratio {ours / peer:.2f}")
    return 0 if measure_pages() and ours < AIM else 1
