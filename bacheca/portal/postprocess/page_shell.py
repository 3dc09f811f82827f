"""The shell: the page in the portal's own look that the service fills with what it has to say.

It is made from the page for missing addresses (`bacheca/portal/theme/404.html`), the only one whose addresses hold
at any depth. The service replaces the marks `CONTENT`, `TITLE` and `ALTERNATE`.
"""

from __future__ import annotations

from bacheca.forms.published import ALTERNATE, CONTENT, TITLE
from bacheca.portal.errors import PortalProblem, RenderFailed
from bacheca.portal.postprocess.html_tree import Node, Tree, element, nodes_of

FROM, TO = "shell:content", "/shell:content"
"""The comments between which the theme puts a page's own content."""

OF_ONE_PAGE = ", ".join(
    (
        *(f'head meta[name="{name}"]' for name in ("description", "robots")),
        *('head meta[name^="twitter:"]', 'head meta[property^="og:"]'),
        *(f'head link[rel="{name}"]' for name in ("canonical", "alternate", "prev", "next")),
    )
)
"""What the head of a page says of its one address."""


def make_shell(page: Tree) -> None:
    """Make the shell of the page for missing addresses: marks where the service speaks, nothing of one address.

    Raises:
        RenderFailed: the page lacks the comments around its content, or its title.
    """
    title = page.css_first("head title")
    region = _region(page)
    lacking = [mark for mark, found in ((f"<!-- {FROM} -->", region), ("<title>", title)) if not found]
    if lacking or not title:
        raise RenderFailed(*map(lacks, lacking))
    for node in page.css(OF_ONE_PAGE):
        node.remove()
    (mark,) = nodes_of(CONTENT)
    region[0].insert_before(mark)
    for node in region:
        node.remove()
    named = element("title", {}, TITLE)
    title.replace_with(named)
    for switch in page.css("a[href][hreflang]"):
        language = switch.attributes["hreflang"] or ""
        del switch.attrs["hreflang"]  # the service finds the mark by the language that follows it
        switch.attrs["href"] = ALTERNATE
        switch.attrs["hreflang"] = language
    if page.head:
        page.head.insert_child(element("meta", {"name": "robots", "content": "noindex"}))


def lacks(mark: str) -> PortalProblem:
    """Say that the page for missing addresses lacks something, or is missing itself."""
    return PortalProblem("SHELL_MARKS", "bacheca/portal/theme/404.html", 1, values={"mark": mark})


def _region(page: Tree) -> list[Node]:
    """Give the two comments and all between them; nothing unless they stand side by side."""
    comments = (node for node in page.root.traverse(include_text=True) if node.is_comment_node) if page.root else ()
    node = next((node for node in comments if (node.comment_content or "").strip() == FROM), None)
    found: list[Node] = []
    while node:
        found.append(node)
        if node.is_comment_node and (node.comment_content or "").strip() == TO:
            return found
        node = node.next
    return []
