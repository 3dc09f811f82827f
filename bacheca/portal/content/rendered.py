"""What the engine makes of a page's Markdown, read once: links, names, headings, pictures, blocks, each with its line.

Python-Markdown with the extensions of the settings reads the page, as it will when the site is built, so that what is
checked is what the page will have. It keeps no lines. So a mark, one character that nobody writes, is put beforehand
where something begins that a problem may be about; a mark tells its line, and it comes out only where the engine made
something of it: not of what stands in code or in a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor  # type: ignore[import-untyped]
from pymdownx.blocks.block import Block  # type: ignore[import-untyped]
from pymdownx.highlight import Highlight, HighlightExtension  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bacheca.portal.content.executable import ELEMENTS, executable
from bacheca.portal.content.heads import KeptHeads
from bacheca.portal.content.hostile import hostile_line
from bacheca.portal.content.variables import FILLING, filled

BUILTINS = ("toc", "tables", "fenced_code")
"""The extensions that MkDocs adds to those of the settings."""

BLOCKS = {
    "bacheca.portal.markdown.form_block": "form",
    "bacheca.portal.markdown.results_block": "results",
    "bacheca.portal.markdown.poster_block": "poster",
}
"""Our extensions whose blocks are only named here: what they put into the page is no Markdown."""

HIGHLIGHT = "pymdownx.highlight"
COLOURED = ("pymdownx.superfences", "pymdownx.inlinehilite")
"""Extensions that colour code by way of `HIGHLIGHT`."""

LINE_NAMES = frozenset(("line_anchors", "anchor_linenums", "linespans", "lineanchors"))
"""Options by which lines of code get names."""

FIRST = 0xF0000
"""The first of the characters that are marks: the second plane for private use, which no font and no text uses."""

HEADING_FIRST = 0x100000
"""The first of those that mark headings, which are taken out again before the engine makes names of headings."""

MOST_LINES = 0xFFFD
MARK = re.compile("[\U000f0000-\U0010ffff]")

DESTINATION = re.compile(r"\]\([ \t]*<?")
DEFINITION = re.compile(r"[ \t>]*\[(?!\^)[^\]]{1,300}\]:[ \t]*<?(?=\S)")
TAG = re.compile(r"<[a-zA-Z][a-zA-Z0-9-]*(?=[\s/>]|$)")
HEADING = re.compile(r"(?:[ \t>]|[-*+:][ \t]|[0-9]{1,9}[.)][ \t])*#{1,6}[ \t]*")
UNDERLINE = re.compile(r"[ \t>]*(?:=+|-+)[ \t]*$")
UNDERLINED = re.compile(r"[ \t>]*[*_“«(]*[^\W\d_]+")
BLOCK = re.compile(r"[ \t>]*/{3,}[ ]*(?:form|results|poster)[ ]*\|[ ]*(?=\S)")
INCLUDE = re.compile(r"[ \t]*(?=;?-+8<-+(?:[ \t]|$))")


@dataclass(frozen=True)
class Reference:
    """Something of a page that leads somewhere, or shows a file.

    Args:
        target: where it leads, as it was written.
        line: its line in the file.
        is_picture: whether it is a picture.
        is_html: whether it is an element of HTML, whose address the engine leaves as it stands.
        words: what a picture says to whoever cannot see it; None where nothing is said of it at all.
        says_itself: whether it is a link whose words are its address, as that of a program on the reader's computer is.
    """

    target: str
    line: int
    is_picture: bool = False
    is_html: bool = False
    words: str | None = None
    says_itself: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading.

    Args:
        level: its level, from 1 to 6.
        text: its words.
        name: its name, which links end with; empty where it has none.
        line: its line in the file.
    """

    level: int
    text: str
    name: str
    line: int


@dataclass(frozen=True)
class NamedBlock:
    """A block that puts a form, or the results of one, into the page.

    Args:
        kind: `form` or `results`.
        name: the name of the form.
        line: its line in the file.
    """

    kind: str
    name: str
    line: int


@dataclass(frozen=True)
class Rendered:
    """What the engine makes of a page.

    Args:
        references: what leads somewhere, in the order of the page, each once.
        headings: its headings.
        names: what links to the page can end with.
        blocks: its forms and results.
        fillings: the names between double braces that nothing took the place of.
        included: the lines that would put another file into it.
        executable: what in it would run, and the line where that is known, or 0.
        refused: why it could not be read; empty where it was.
        refused_line: the line of that.
    """

    references: tuple[Reference, ...] = ()
    headings: tuple[Heading, ...] = ()
    names: frozenset[str] = frozenset()
    blocks: tuple[NamedBlock, ...] = ()
    fillings: tuple[str, ...] = ()
    included: tuple[int, ...] = ()
    executable: tuple[tuple[str, int], ...] = ()
    refused: str = ""
    refused_line: int = 1


class MarkdownReader:
    """Reads pages as the engine will.

    Args:
        extensions: the Markdown extensions of the settings, each with its options; all of them may be loaded.
        known: what takes the place of what stands between double braces.
    """

    def __init__(self, extensions: Mapping[str, Any] | None = None, known: Mapping[str, str] | None = None):
        self._extensions = dict(extensions or {})
        self.known = dict(known or {})
        self._done: dict[tuple[str, int], Rendered] = {}
        self.heads: KeptHeads | None = None
        """What was read of front matter before, where that is kept."""

    @cached_property
    def unfit(self) -> dict[str, str]:
        """The extensions that cannot be loaded with their options, and why; pages are read without them."""
        return self.tried()

    def tried(self) -> dict[str, str]:
        """Load each extension by itself, and give those that cannot be, and why."""
        found = {}
        for name in self._names():
            try:
                Markdown(extensions=[name], extension_configs=self._options([name]))
            except Exception as error:  # whatever an extension raises would stop the build as well
                found[name] = f"{type(error).__name__}: {error}"[:200]
        return found

    @cached_property
    def _markdown(self) -> Markdown:
        kinds = [kind for name, kind in BLOCKS.items() if name in self._extensions]
        ours: list[Extension] = [_HeadingLines(), _NamedBlocks(kinds)]
        try:
            return self._loading(self._names(), ours)
        except Exception:
            return self._loading([name for name in self._names() if name not in self.unfit], ours)

    def _loading(self, names: list[str], ours: list[Extension]) -> Markdown:
        options = self._options(names)
        loaded = [_Uncoloured(**options[name]) if name == HIGHLIGHT else name for name in names]
        return Markdown(extensions=[*loaded, *ours], extension_configs=options)

    def _names(self) -> list[str]:
        names = [name for name in dict.fromkeys((*BUILTINS, *self._extensions)) if name not in BLOCKS]
        if HIGHLIGHT not in names and not {*COLOURED}.isdisjoint(names):
            names.append(HIGHLIGHT)
        return names

    def _options(self, names: list[str]) -> dict[str, dict[str, Any]]:
        options = {name: dict(self._extensions.get(name) or {}) for name in names}
        if "codehilite" in options and LINE_NAMES.isdisjoint(options["codehilite"]):
            options["codehilite"]["use_pygments"] = False  # colours are nothing to read
        return options

    def read(self, body: str, first_line: int = 1) -> Rendered:
        """Read a page, once.

        Args:
            body: its Markdown.
            first_line: the line of the file on which that begins.
        """
        if (body, first_line) not in self._done:
            self._done[body, first_line] = self._read(body, first_line)
        return self._done[body, first_line]

    def html(self, body: str, first_line: int = 1) -> str:
        """Give the HTML of a page, with the marks, as the engine makes it.

        Raises:
            Exception: the engine could not.
        """
        lines = MARK.sub("", body).split("\n")
        marked = "\n".join(_marked(lines, first_line, includes="pymdownx.snippets" not in self._extensions))
        self._markdown.reset()
        return self._markdown.convert(filled(marked, self.known))

    def _read(self, body: str, first_line: int) -> Rendered:
        if line := hostile_line(body):
            return Rendered(refused=TANGLED, refused_line=first_line + line - 1)
        try:
            html = self.html(body, first_line)
        except Exception as error:
            return Rendered(refused=f"{type(error).__name__}: {error}"[:200], refused_line=first_line)
        return _Walk(html, MARK.sub("", body).split("\n"), first_line).rendered()


TANGLED = "tangled"
"""Why a page is refused that would be too much work."""

PLAIN = MarkdownReader()
"""The reader of pages whose settings nobody knows."""


def _marked(lines: list[str], first: int, *, includes: bool) -> Iterator[str]:
    """Give lines with marks where something begins that a problem may be about."""
    for number, (line, after) in enumerate(zip(lines, [*lines[1:], ""], strict=True), first):
        mark = chr(FIRST + min(number, MOST_LINES))
        marked = line
        if "](" in line:
            marked = DESTINATION.sub(rf"\g<0>{mark}", marked)
        if "<" in line:
            marked = TAG.sub(rf"\g<0> {mark}", marked)
        if "]:" in line:
            marked = DEFINITION.sub(rf"\g<0>{mark}", marked, count=1)
        if begin := _words_of_heading(marked, after):
            heading = chr(HEADING_FIRST + min(number, MOST_LINES))
            marked = f"{marked[:begin]}{heading}{marked[begin:]}"
        elif begin := _argument(marked):
            marked = f"{marked[:begin]}{mark}{marked[begin:]}"
        elif includes and "8<-" in line and (found := INCLUDE.match(line)):
            begin = found.end()  # what it is indented by says what it belongs to
            marked = f"{marked[:begin]}{mark}{marked[begin:]}"
        yield marked


def _words_of_heading(line: str, after: str) -> int:
    """Give where the words of a heading begin; or, of one that is underlined, where its first word ends. 0: none."""
    found: re.Match[str] | None = HEADING.match(line) if "#" in line else None
    if not found and after[-1:] in ("-", "=", " ") and UNDERLINE.match(after):
        found = UNDERLINED.match(line)
    return found.end() if found else 0


def _argument(line: str) -> int:
    """Give where the name begins in the line that opens a block; 0 in any other."""
    found = BLOCK.match(line)
    return found.end() if found else 0


def line_of_mark(text: str) -> int:
    """Give the line that the first mark of a text tells; 0 where it has none."""
    found = MARK.search(text)
    if not found:
        return 0
    place = ord(found[0])
    return place - (HEADING_FIRST if place >= HEADING_FIRST else FIRST)


def unmarked(text: str) -> str:
    """Give a text without its marks."""
    return MARK.sub("", text) if not text.isascii() else text


def _executable(html: str) -> dict[str, int]:
    """Give what would run in a text with marks, each with the line that the marks beside it tell first, or 0."""
    found: dict[str, int] = {}
    for written, beside in executable(html, ELEMENTS):
        found.setdefault(unmarked(written), max(map(line_of_mark, beside), default=0))
    return found


class _InOneColour(Highlight):  # type: ignore[misc]
    """Takes code for a text without a language: colours are nothing to read, and take the longest to make."""

    def get_lexer(self, src: str, language: str, inline: bool, stripnl: bool) -> tuple[object, str]:
        """Give what reads a text."""
        return super().get_lexer(src, "text", inline, stripnl)[0], language or "text"


class _Uncoloured(HighlightExtension):  # type: ignore[misc]
    """Reads the heads of code, with titles and numbers of lines, as the engine does, and colours nothing.

    Without Pygments a head with such an option would begin no code.
    """

    def get_pymdownx_highlighter(self) -> type[Highlight]:
        """Give what makes HTML of code."""
        return _InOneColour


class _HeadingLines(Extension):
    """Moves the marks of headings from their words, of which names are made, into an attribute."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the step: before the words are read, so also before `toc` makes names of them."""
        md.treeprocessors.register(_MoveMarks(md), "heading_lines", 25)


class _MoveMarks(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter():
            text = element.text
            if not text or text.isascii():
                continue
            marks = [mark for mark in MARK.findall(text) if ord(mark) >= HEADING_FIRST]
            if marks and re.fullmatch("h[1-6]", element.tag):
                element.set("data-line", marks[0])
            for mark in marks:
                text = text.replace(mark, "")
            element.text = AtomicString(text) if isinstance(element.text, AtomicString) else text


class _NamedBlock(Block):  # type: ignore[misc]
    """A block whose place is kept; what stands in it stays in the page, for it may be a block that does not end."""

    ARGUMENT = True

    def on_create(self, parent: Element) -> Element:
        element = Element("section", {"data-block": self.NAME, "data-name": self.argument})
        parent.append(element)
        return element


class _NamedBlocks(BlocksExtension):  # type: ignore[misc]
    def __init__(self, kinds: list[str]):
        super().__init__()
        self._kinds = kinds

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: N802
        """Register the blocks."""
        for kind in self._kinds:
            block_mgr.register(type(f"_{kind}", (_NamedBlock,), {"NAME": kind, "CONFIG": {}}), {})


ADDRESSES = {
    **dict.fromkeys(("a", "area"), "href"),
    **dict.fromkeys(("img", "source", "audio", "video", "track", "embed"), "src"),
}
"""The elements that lead somewhere or show a file, and the attribute that says where."""

SILENT = frozenset(("script", "style", "template"))
CODE = frozenset(("code", "pre", "kbd", "samp", "math"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "del", "dfn", "em", "i", "img", "ins", "mark", "q", "s", "small"),
        *("span", "strong", "sub", "sup", "time", "u", "var", "wbr", "svg"),
    )
)
NOWHERE = -1
"""The run of text of what is no prose: code, and what is marked as of another language."""

GENERATED = frozenset(("headerlink", "footnote-ref", "footnote-backref"))
"""The classes of links that the engine makes of its own."""


class _Walk:
    """One walk over a page's HTML.

    Args:
        html: the HTML, with marks.
        lines: the lines of the Markdown, without.
        first: the line of the file on which they begin.
    """

    def __init__(self, html: str, lines: list[str], first: int):
        self._html, self._lines, self._first = html, lines, first
        self._references: dict[Reference, None] = {}
        self._headings: list[tuple[int, str, int, int]] = []
        self._names: set[str] = set()
        self._blocks: list[NamedBlock] = []
        self._texts: dict[int, str] = {}
        self._fillings: dict[str, None] = {}
        self._included: dict[int, None] = {}

    def rendered(self) -> Rendered:
        """Walk, and give what was found."""
        body = LexborHTMLParser(self._html).body
        left: list[tuple[LexborNode, int]] = [(body, 0)] if body else []
        while left:
            node, run = left.pop()
            inner = self._enter(node, run)
            if inner is not None:
                left += [(child, inner) for child in reversed(list(node.iter(include_text=True)))]
        return Rendered(
            tuple(self._references),
            tuple(
                Heading(level, " ".join(self._texts.get(run, "").split()), name, line)
                for level, name, line, run in self._headings
            ),
            frozenset(self._names),
            tuple(self._blocks),
            tuple(self._fillings),
            tuple(self._included),
            tuple(_executable(self._html).items()),
        )

    def _enter(self, node: LexborNode, run: int) -> int | None:
        """Take from a node what it has, and give the run of text that its children belong to; None for no child."""
        if node.is_text_node:
            self._text(node.text_content or "", run)
            return None
        tag, attributes = node.tag, node.attributes
        if not node.is_element_node or tag in SILENT:
            return None
        name = attributes.get("id") or (attributes.get("name") if tag == "a" else "")
        if name:
            self._names.add(unmarked(name))
        classes = (attributes.get("class") or "").split()
        if GENERATED & set(classes):
            return None
        for value in attributes.values():
            if value and "{{" in value:
                self._fillings |= dict.fromkeys(FILLING.findall(unmarked(value)))
        if tag in ADDRESSES:
            self._reference(node, attributes)
        elif tag in HEADINGS:
            line = line_of_mark(attributes.get("data-line") or "") or self._line(attributes, node.text() or "")
            self._headings.append((int(tag[1]), unmarked(name or ""), line, node.mem_id))
        elif kind := attributes.get("data-block"):
            written = attributes.get("data-name") or ""
            line = line_of_mark(written) or self._line({}, unmarked(written))
            self._blocks.append(NamedBlock(kind, unmarked(written), line))
        if tag in CODE or run == NOWHERE or "lang" in attributes:
            return NOWHERE
        return run if tag in INLINE else node.mem_id

    def _text(self, text: str, run: int) -> None:
        if run == NOWHERE or not text:
            return
        if "{{" in text:
            self._fillings |= dict.fromkeys(FILLING.findall(unmarked(text)))
        if line := line_of_mark(text):
            if INCLUDE.match(self._lines[line - self._first]):
                self._included[line] = None
            text = unmarked(text)
        self._texts[run] = self._texts.get(run, "") + text

    def _reference(self, node: LexborNode, attributes: Mapping[str, str | None]) -> None:
        written = attributes.get(ADDRESSES[str(node.tag)])
        is_picture = node.tag == "img"
        if written is None and not is_picture:
            return
        target, words = unmarked(written or "").strip(), attributes.get("alt") if is_picture else None
        is_html = any(MARK.match(key) for key in attributes)
        line = line_of_mark(written or "") or self._line(attributes, target)
        words = None if words is None else unmarked(words)
        says_itself = not is_picture and unmarked(node.text() or "").strip().rstrip("/") == target.rstrip("/")
        self._references[Reference(target, line, is_picture, is_html, words, says_itself)] = None

    def _line(self, attributes: Mapping[str, str | None], written: str) -> int:
        """Give the line of an element: that of its own mark, or else the first on which its text stands."""
        for key in attributes:
            if line := line_of_mark(key):
                return line
        said = next((part for part in written.split("\n") if part.strip()), "").strip()
        found = (number for number, line in enumerate(self._lines, self._first) if said and said in line)
        return next(found, self._first)
