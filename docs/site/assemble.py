"""The documentation as a community's folder, which Bacheca then builds: `python docs/site/assemble.py FOLDER`.

The pages stay where they are read on a forge, links and all. Here each gets its place in the tree of its language,
which is that of the menu that names it, and its links lead to the page or the drawing that the file has become.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LANGUAGES = {"en": "mkdocs.yml", "it": "mkdocs.it.yml"}
MAIN = "en"
NAMED = {
    "readme.md": "README.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "security-policy.md": "SECURITY.md",
    "benchmarks.md": "bench/README.md",
    "licence.md": "LICENSE",
    "deploy.md": "deploy",
    "italian.md": "docs/site/italian.md",
    "english.md": "docs/site/english.md",
}
"""The pages that are no file of docs/, and what they are made of."""

ALSO = {"content/LICENSE.md": "licence.md"}
"""Files that have become a part of a page of another name."""

CODE = re.compile(r"^( *)(```+)[^\n]*\n.*?^\1\2$|`+[^`\n]*`+", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(\]\()([^)\s]+)(\))")
ENDLESS = re.compile(">{50,}")
"""An example of what no page may say, which must not be said here either."""

SAID_OF_CODE = re.compile(r"^( *)(```+\w+) (?!\w+=\")(?:file=(\S+))?.*$", re.MULTILINE)
"""What stands behind the language of a block of code, for the tests."""

KINDS = {".yml": "yaml", ".conf": "nginx", ".service": "ini", ".timer": "ini", "": "sh"}
"""How the files of a server are coloured, by what their names end with."""


LONG = "docs/problems.md"
"""The page whose sections are pages of the site, in the order of the menu: none there may be as long."""


def pages() -> dict[str, tuple[str, str]]:
    """Give of each file of the repository that is a page: its language, and the name of the page."""
    found = {}
    for language in LANGUAGES:
        for name in _menu(language):
            if name not in parts():
                found[NAMED.get(name, f"docs/{name}")] = (language, name)
    return found


def parts() -> list[str]:
    """Name the pages that the sections of the long one become."""
    folder = LONG.removeprefix("docs/").removesuffix(".md") + "/"
    return [name for language in LANGUAGES for name in _menu(language) if name.startswith(folder)]


def split(text: str) -> tuple[str, dict[str, str]]:
    """Take the long page apart: its beginning, which leads to its sections, and those by the names of their pages.

    Raises:
        ValueError: the menu names more of them, or fewer.
    """
    begun, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    if len(sections) != len(parts()):
        raise ValueError(f"{LONG} has {len(sections)} sections; name each in {HERE / 'mkdocs.it.yml'}, in order")
    made: dict[str, str] = {}
    for name, section in zip(parts(), sections, strict=True):
        title = section.partition("\n")[0]
        deeper = re.sub(r"\]\((?=[\w-]+\.md)", "](../", section)
        made[name] = re.sub(r"^### ", "## ", f"# {deeper}", flags=re.MULTILINE)
        begun += f"- [{title}]({name})\n"
    return begun, made


def _menu(language: str) -> Iterator[str]:
    yield from _named_in(yaml.safe_load((HERE / LANGUAGES[language]).read_text(encoding="utf-8"))["nav"])


def _named_in(nav: object) -> Iterator[str]:
    if isinstance(nav, str) and nav.endswith(".md"):
        yield nav
    elif isinstance(nav, list | dict):
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from _named_in(entry)


def linked(text: str, source: str, language: str) -> str:
    """Give the Markdown of a file with its links leading where they do on the site.

    Args:
        text: what the file says.
        source: where it stands in the repository.
        language: the tree that it goes into.

    Raises:
        ValueError: a link leads to a file of the repository that is no page.
    """
    known = pages()

    def lead(found: re.Match[str]) -> str:
        target, mark, part = found[2].partition("#")
        if "://" in target or not target or target.startswith("mailto:"):
            return found[0]
        path = _resolved(PurePosixPath(source).parent / target)
        if path.endswith((".png", ".svg")):
            return f"{found[1]}{PurePosixPath(path).name}{found[3]}"
        if path in ALSO:
            path, part, mark = NAMED[ALSO[path]], "content", "#"
        elif path.startswith("deploy/"):
            path, part, mark = "deploy", _anchor(PurePosixPath(path).name), "#"
        if path not in known:
            raise ValueError(f"{source}: {found[2]} leads to no page of the site; name it in {HERE / 'mkdocs.yml'}")
        there, name = known[path]
        if there != language:
            name = ("/" if there == MAIN else f"/{there}/") + name.removesuffix(".md") + "/"
        return f"{found[1]}{name}{mark}{part}{found[3]}"

    def said(prose: str) -> str:
        return LINK.sub(lead, prose.replace("\\\n", "  \n"))  # a forge ends a line by either, Markdown by blanks

    done, end = [], 0
    for code in CODE.finditer(text):
        done += [said(text[end : code.start()]), code[0]]
        end = code.end()
    return "".join(done) + said(text[end:])


def _resolved(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _anchor(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def deploy() -> str:
    """Write the page of the files that a server needs."""
    text = "# The files of a server\n\nWhat [operators.md](../docs/operators.md) copies to a server, as it is.\n"
    for file in sorted((ROOT / "deploy").iterdir()):
        kind = KINDS.get(file.suffix, "text")
        text += f"\n## {file.name} {{: #{_anchor(file.name)} }}\n\n````{kind}\n{file.read_text(encoding='utf-8')}````\n"
    return text


def licence() -> str:
    """Write the page of the licences."""
    content = (ROOT / "content/LICENSE.md").read_text(encoding="utf-8")
    content = re.sub(r"^# .*", "## What the first community wrote {: #content }", content, count=1)
    return f"# Licence\n\n````text\n{(ROOT / 'LICENSE').read_text(encoding='utf-8')}````\n\n{content}"


def assemble(folder: Path) -> None:
    """Write the folder anew.

    Args:
        folder: where; what is in its `content` goes.
    """
    shutil.rmtree(folder / "content", ignore_errors=True)
    for language, settings in LANGUAGES.items():
        (folder / "content" / language).mkdir(parents=True)
        shutil.copy(HERE / settings, folder / settings)
        shutil.copy(HERE / f"index.{language}.md", folder / "content" / language / "index.md")
    (folder / "content/forms").mkdir()
    made = {"deploy": deploy, "LICENSE": licence}
    for source, (language, name) in pages().items():
        text = made[source]() if source in made else (ROOT / source).read_text(encoding="utf-8")
        text = (
            ENDLESS.sub(">…", text).replace("{{field:", "{ {field:").replace("{{{{ fact", "{ { fact")
        )  # which would be a word of the settings
        text = SAID_OF_CODE.sub(lambda found: (f"`{found[3]}`\n\n" if found[3] else "") + found[1] + found[2], text)
        where = f"{source}/page" if source == "deploy" else source
        for picture in re.findall(r"\]\(([^)\s]+\.(?:png|svg))\)", CODE.sub("", text)):
            shutil.copy((ROOT / source).parent / picture, folder / "content" / language)
        said = linked(text, where, language)
        sections: dict[str, str] = {}
        if source == LONG:
            said, sections = split(said)
        for path, page in {name: said, **sections}.items():
            file = folder / "content" / language / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
