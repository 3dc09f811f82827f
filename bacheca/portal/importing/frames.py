"""Frames that show a page of somebody else, and scripts: neither may stand in a page here."""

from __future__ import annotations

import re

from bacheca.portal.importing.markdown_text import outside_code
from bacheca.portal.importing.source_site import SourcePage, SourceSite

FRAME = re.compile(
    r"<iframe\b[^>]*?\bsrc\s*=\s*[\"']([^\"']+)[\"'][^>]*>(?:.*?</iframe\s*>)?", re.DOTALL | re.IGNORECASE
)
SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|/>)", re.DOTALL | re.IGNORECASE)


def without_frames(site: SourceSite, page: SourcePage, text: str) -> str:
    """Give the Markdown of a page with links in the place of frames, and without scripts."""

    def link(found: re.Match[str]) -> str:
        site.note("FRAME", page.file, what=found[1])
        address = f"https:{found[1]}" if found[1].startswith("//") else found[1]
        return f"<{address}>" if address.startswith("http") else f"[{address}]({address})"

    def script(found: re.Match[str]) -> str:
        site.note("FRAME", page.file, what=found[0])
        return ""

    return outside_code(text, lambda said: SCRIPT.sub(script, FRAME.sub(link, said)))
