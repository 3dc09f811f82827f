"""What may be wrong with a community's own templates: nobody uses them, they are old, or leave out what pages need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes
from selectolax.lexbor import LexborHTMLParser

from bacheca.forms.definition.checks.nearest import nearest
from bacheca.forms.definition.text_file import read_text
from bacheca.forms.errors import Problem
from bacheca.portal.content.pages import Page
from bacheca.portal.errors import PortalProblem
from bacheca.portal.own_look.overrides import (
    MADE_FROM,
    PRODUCT,
    comment_of,
    digest_of_template,
    own_templates,
    product_names,
    product_template,
)
from bacheca.portal.settings import Portal
from bacheca.portal.settings_file import ALLOW, is_allowed

NEEDED: Mapping[str, tuple[str, ...]] = {
    "404.html": ("shell:content", "/shell:content", "assets/stylesheets/forms.css", "assets/javascripts/form.js"),
    "main.html": (
        *(f"assets/stylesheets/{name}.css" for name in ("tokens", "page", "text", "forms", "results")),
        *("assets/javascripts/page.js", "assets/javascripts/form.js", "page.content", "viewport"),
    ),
    "home.html": ("page.content",),
    "blog-post.html": ("page.content",),
    "partials/content.html": ("page.content", "under-title"),
    "partials/header.html": ("partials/alternate.html", "partials/search.html", "partials/palette.html", "site-menu"),
    "partials/alternate.html": ("hreflang",),
    "partials/palette.html": ("partials/javascripts/palette.html",),
}
"""What forms, the pages of the service, the search and the choice of language and theme ask of a template."""

TEMPLATES = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])  # noqa: S701  only read, never run


def check_overrides(portal: Portal, pages: Iterable[Page]) -> Iterator[Problem]:
    """Give what is wrong with the templates of a portal's own.

    Args:
        portal: the portal.
        pages: its pages, which may ask for a template.
    """
    own = own_templates(portal.main)
    if not own:
        return
    trees: dict[str, nodes.Template] = {}
    for name, file in own.items():
        if not is_allowed("theme"):
            values = {"what": file.name, "allow": f"{ALLOW}=theme"}
            yield PortalProblem("SETTING_CODE", file.as_posix(), 1, values=values)
        try:
            trees[name] = TEMPLATES.parse(read_text(file).text)
        except TemplateSyntaxError as error:
            values = {"file": name, "reason": str(error.message)}
            yield PortalProblem("THEME_SYNTAX", file.as_posix(), error.lineno, values=values)
    used = {str(page.meta.get("template")) for page in pages}
    used |= {text for tree in trees.values() for text in _names_in(tree)}
    for name, tree in trees.items():
        file, original = own[name], product_template(name)
        yield from _stopped(file, tree)
        if original:
            yield from _compared(name, file, tree, original)
        elif name not in used:
            values = {"file": name, "near": nearest(name, product_names(), 0.0)}
            yield PortalProblem("THEME_UNKNOWN", file.as_posix(), 1, values=values)


def blocks_of(file: Path) -> list[str]:
    """Name the blocks of a template, in their order."""
    return [block.name for block in TEMPLATES.parse(file.read_text(encoding="utf-8")).find_all(nodes.Block)]


def _compared(name: str, file: Path, tree: nodes.Template, original: Path) -> Iterator[Problem]:
    """Give what an override has against the template in whose place it comes."""
    found = MADE_FROM.search(read_text(file).text)
    if not found or found[2] != digest_of_template(original):
        values = {"file": name, "original": original.as_posix(), "comment": comment_of(name, original)}
        yield PortalProblem("THEME_OLDER", file.as_posix(), 1, values=values)
    whole = TEMPLATES.parse(original.read_text(encoding="utf-8"))
    extends = any(isinstance(node, nodes.Extends) and f"{PRODUCT}/{name}" in _names_in(node) for node in tree.body)
    blocks = {block.name: block for block in tree.find_all(nodes.Block)}
    said = " ".join(_said(whole, blocks)) if extends else " ".join(_said(tree, {}))
    usual = " ".join(_said(whole, {}))
    for mark in NEEDED.get(name, ()):
        if mark in usual and mark not in said:
            yield PortalProblem("THEME_LACKS", file.as_posix(), 1, values={"file": name, "mark": mark})
    known = [block.name for block in whole.find_all(nodes.Block)]
    is_base = not any(isinstance(node, nodes.Extends) for node in whole.body)
    for block in sorted(blocks.keys() - set(known)) if extends and is_base else ():  # one below has its base's, too
        values = {"block": block, "allowed": ", ".join(known)}
        yield PortalProblem("THEME_BLOCK", file.as_posix(), blocks[block].lineno, values=values)


def _names_in(node: nodes.Node) -> set[str]:
    """Give the texts of a part of a template, among which are the names of others."""
    return {str(found.value) for found in node.find_all(nodes.Const) if isinstance(found.value, str)}


def _said(node: nodes.Node, blocks: Mapping[str, nodes.Block]) -> Iterator[str]:
    """Give what a template writes and names, with some of its blocks replaced by others."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        yield f"{node.node.name}.{node.attr}"
    elif isinstance(node, nodes.Block) and node.name in blocks:
        own = blocks[node.name]
        yield from _said(own, {})
        called = (call.node for call in own.find_all(nodes.Call))
        if not any(isinstance(name, nodes.Name) and name.name == "super" for name in called):
            return
    for child in node.iter_child_nodes():
        yield from _said(child, blocks)


def _stopped(file: Path, tree: nodes.Template) -> Iterator[Problem]:
    """Give what the policy of the pages would stop in the reader's browser."""
    written = "".join(found.data if isinstance(found, nodes.TemplateData) else "x" for found in _outputs(tree))
    root = LexborHTMLParser(written).root
    told: dict[str, None] = {}
    for node in root.traverse() if root else ():
        attributes = node.attributes
        kind = attributes.get("type") or ""
        if node.tag == "style" or (node.tag == "script" and not attributes.get("src") and "json" not in kind):
            told[str(node.tag)] = None
        for key in ("src", "href") if node.tag in ("script", "img", "link", "iframe") else ():
            if (attributes.get(key) or "").startswith(("http:", "https:", "//")):
                told[str(attributes[key])] = None
        told |= dict.fromkeys(f"{key}=" for key in attributes if key == "style" or key.startswith("on"))
    lines = read_text(file).text.splitlines()
    for what in told:
        line = next((number for number, text in enumerate(lines, 1) if what in text), 1)
        yield PortalProblem("THEME_STOPPED", file.as_posix(), line, values={"what": what})


def _outputs(tree: nodes.Template) -> Iterator[nodes.Node]:
    for output in tree.find_all(nodes.Output):
        yield from output.nodes
