"""The shell: the page in the portal's own look that the service fills with what it has to say.

It is made from the page for missing addresses (`bacheca/portal/theme/404.html`), the only one whose addresses hold
at any depth. The service replaces the marks `CONTENT`, `TITLE` and `ALTERNATE`.
"""

from __future__ import annotations

import re

from bacheca.portal.errors import PortalProblem, RenderFailed

CONTENT = "<!--bacheca:content-->"
TITLE = "<!--bacheca:title-->"
ALTERNATE = "bacheca:alternate"

REGION = re.compile(r"<!-- shell:content -->.*<!-- /shell:content -->", re.DOTALL)
TITLED = re.compile(r"<title>.*?</title>", re.DOTALL)
SWITCH = re.compile(r'(<a\b[^>]*?\bhref=")[^"]*("[^>]*\bhreflang=)')
OF_ONE_PAGE = re.compile(
    r'\s*<(?:meta\s+(?:name="(?:description|robots|twitter:[^"]*)"|property="og:[^"]*")|link\s+rel="(?:canonical|alternate|prev|next)")[^>]*>'
)
HEAD_END = "</head>"
NOINDEX = '<meta name="robots" content="noindex">'


def shell_of(page: str) -> str:
    """Make the shell.

    Args:
        page: the HTML of the page for missing addresses.

    Returns:
        The same page with marks where the service speaks, and nothing that belongs to one address.

    Raises:
        RenderFailed: the page lacks the comments around its content, its title or its end of head.
    """
    wanted = {"<!-- shell:content -->": REGION, "<title>": TITLED, HEAD_END: re.compile(HEAD_END)}
    problems = [
        PortalProblem("SHELL_MARKS", "bacheca/portal/theme/404.html", 1, values={"mark": mark})
        for mark, pattern in wanted.items()
        if not pattern.search(page)
    ]
    if problems:
        raise RenderFailed(*problems)
    shell = REGION.sub(CONTENT, OF_ONE_PAGE.sub("", page))
    shell = TITLED.sub(f"<title>{TITLE}</title>", shell, count=1)
    shell = SWITCH.sub(rf"\g<1>{ALTERNATE}\g<2>", shell)
    return shell.replace(HEAD_END, f"{NOINDEX}\n{HEAD_END}", 1)
