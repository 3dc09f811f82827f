"""The page of problems, read as the tests that it is: `docs/problems.md`."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bacheca.forms import FormsError, Problem
from bacheca.forms.messages import SENTENCES
from bacheca.forms.results_messages import SENTENCES as OF_RESULTS
from bacheca.portal.build.read import read_content
from bacheca.portal.checks.form_changes import changes_against
from bacheca.portal.errors import PortalError
from bacheca.portal.own_look.overrides import digest_of_template, product_template
from bacheca.portal.settings import load_portal
from tests.bacheca.portal.conftest import ENGLISH, SETTINGS, Sketch

PAGE = Path(__file__).parents[1] / "docs" / "problems.md"
SECTION = re.compile(r"^### ([A-Z_]+)\n\n(.+?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^(Sbagliato|Giusto):\n\n```\w+ (\S+)( latin-1)?\n(.*?\n)```$", re.MULTILINE | re.DOTALL)
HEAD = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: esempio
title: Un esempio
form:kind: survey
"""
FIELDS = "fields:\n- name: parere\n  title: Che cosa ne pensi?\n  type: string\n"
OF_FORMS = {**SENTENCES, **OF_RESULTS}
FRONT = "---\ntitle: Una pagina\ndescription: Di che cosa si parla.\ntranslation: esempio\n---\n"


@dataclass(frozen=True)
class Example:
    """Something that an editor writes.

    Args:
        code: the problem it is about.
        wrong: whether it has that problem.
        frame: what it is a part of.
        encoding: how it is saved, where it is wrong.
        text: itself.
    """

    code: str
    wrong: bool
    frame: str
    encoding: str
    text: str

    @property
    def is_of_forms(self) -> bool:
        """Whether it is about forms alone, whatever the portal they are in."""
        return self.code in OF_FORMS

    def files(self) -> dict[str, str]:
        """Give the files that it is or is a part of, where those are forms."""
        kind, _, path = self.frame.partition("=")
        if kind == "file":
            return {path: _dated(path, self.text)}
        if kind == "campi":
            return {"content/forms/esempio.yaml": f"{HEAD}fields:\n{self.text}"}
        if kind == "testa":
            given = yaml.load(self.text, yaml.BaseLoader)
            kept = "".join(line for line in HEAD.splitlines(True) if line.split(": ")[0] not in given)
            return {"content/forms/esempio.yaml": kept + self.text + FIELDS}
        if kind == "traduzione":
            return {"content/forms/esempio.yaml": HEAD + FIELDS, "content/forms/esempio.en.yaml": self.text}
        return {}

    def put_into(self, sketch: Sketch) -> None:
        """Write it where it belongs."""
        kind = self.frame.partition("=")[0]
        if written := self.files():
            pass
        elif kind == "pagina":
            written = {"content/it/esempio.md": FRONT + self.text}
        elif kind == "ortografia":
            sketch.page("it/articoli/colophon.md", "# Chi siamo\n", translation="imprint")
            sketch.settings("mkdocs.yml", SETTINGS | {"extra": {**SETTINGS["extra"], "spelling": "it_IT"}})
            sketch.settings("mkdocs.en.yml", ENGLISH | {"extra": {"spelling": ""}})
            written = {"content/it/esempio.md": FRONT + self.text}
        elif kind == "impostazioni":
            sketch.settings("mkdocs.yml", SETTINGS | yaml.safe_load(self.text))
            return
        else:
            raise AssertionError(f"{self.code}: no frame is called {self.frame}")
        self.write(sketch.root, written)

    def write(self, root: Path, files: Mapping[str, str]) -> None:
        """Write files, as it is saved."""
        for name, text in files.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding=(self.wrong and self.encoding) or "utf-8")


def _dated(path: str, text: str) -> str:
    """Give a text with the digest of the product's template that it takes the place of, where it says `DIGEST`."""
    original = product_template(path.removeprefix("content/theme/"))
    return text.replace("DIGEST", digest_of_template(original)) if original else text


@cache
def sections() -> dict[str, str]:
    """Give the section of each problem."""
    return dict(SECTION.findall(PAGE.read_text(encoding="utf-8")))


def named(example: Example) -> str:
    """Name an example."""
    return f"{example.code}-{'wrong' if example.wrong else 'right'}"


def examples() -> Iterator[Example]:
    """Give every example of the page."""
    for code, text in sections().items():
        for word, frame, encoding, written in FENCE.findall(text):
            yield Example(code, word == "Sbagliato", frame, encoding.strip(), written)


def codes_found(sketch: Sketch, example: Example) -> set[str]:
    """Check a small portal with an example in it, and give the codes of what is found."""
    if example.frame == "comando":
        sketch.write("content/forms/esempio.yaml", HEAD + FIELDS)
        return _codes_of_command(sketch, example.text)
    return {problem.code for problem in problems_found(sketch, example)}


def problems_found(sketch: Sketch, example: Example) -> list[Problem]:
    """Check a small portal with an example in it."""
    sketch.write("content/forms/esempio.yaml", HEAD + FIELDS)
    sketch.page("it/modulo-esempio.md", "/// form | esempio\n///\n", translation="modulo-esempio")
    sketch.page("it/bozza.md", "Testo.", translation="bozza", draft="true")
    for name, size in (("pianta.svg", 200_000), ("pianta-ridotta.svg", 90_000)):
        if name in example.text:
            sketch.write(f"content/it/{name}", "x" * size)
    example.put_into(sketch)
    return problems_in(sketch)


def problems_in(sketch: Sketch) -> list[Problem]:
    """Check a small portal."""
    try:
        _, problems = read_content(load_portal(sketch.config_file), spelling=True)
    except (PortalError, FormsError) as error:
        problems = error.problems
    return list(problems)


def shown_by(problem: Problem) -> str | None:
    """Give the line that the remedy of a problem shows, where it shows one."""
    shown = re.match(r"(?:write|type|begin|put|add)\b[^`]*`([^`]+)`", problem.remedy("en"))
    return shown[1] if shown else None


def mended_by(problem: Problem, shown: str) -> Iterator[str]:
    """Give the ways in which a line that is shown may be written: for the faulty one, above it or below it."""
    lines = Path(problem.path).read_text(encoding="utf-8").split("\n")
    lines += [""] * (problem.line - len(lines))
    at = problem.line - 1
    within = str(re.match(r"\s*(?:- )?", lines[at])[0])  # type: ignore[index]  # it matches whatever stands there
    for new in (f"{within}{shown.strip()}", shown):
        yield "\n".join([*lines[:at], new, *lines[at + 1 :]])
    yield "\n".join([*lines[:at], f"{within}{shown.strip()}", *lines[at:]])
    yield "\n".join([*lines[: at + 1], f"{within.replace('-', ' ')}{shown.strip()}", *lines[at + 1 :]])


def _codes_of_command(sketch: Sketch, text: str) -> set[str]:
    reference = re.fullmatch(r"python build\.py check --against (\S+)\n", text)
    assert reference, text
    who = ["-c", "user.name=Prova", "-c", "user.email=prova@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "Prova"]):
        subprocess.run(["git", *who, *command], cwd=sketch.root, check=True)
    try:
        list(changes_against(sketch.portal().forms, reference[1], {}))
    except PortalError as error:
        return {problem.code for problem in error.problems}
    return set()
