"""What could not be kept of another tool's site, said to whoever brings it over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bacheca.forms.catalogues import marked as _
from bacheca.portal.importing.source_site import Note
from bacheca.portal.messages import say

NOTES: Mapping[str, str] = {
    "HELD_BACK": _("Pages kept as drafts: `bacheca check` says what stops them. Mend it, then take out `draft: true`"),
    "RULE": _(
        "Rules that are warnings for now, in `extra.rules` of `mkdocs.yml`: mend what they tell, then take them out"
    ),
    "SHORTCODE": _("Shortcodes that nothing takes the place of: what stood between them is kept"),
    "LIQUID": _("Liquid that nothing takes the place of: it was taken out"),
    "COMPONENT": _("Components that nothing takes the place of: what stood between them is kept"),
    "FRAME": _("Pages of others shown in a frame, or scripts: a link stands in the place of a frame"),
    "LINK": _("Links that led nowhere that could be found: they are as they were"),
    "MENU": _("Entries of the menu without a page in that language: they were left out"),
    "HEAD": _("Front matter that could not be read whole"),
    "HTML_PAGE": _("Pages written in HTML: copy their text into Markdown"),
    "COLLECTION": _("Collections without pages of their own: they were left out"),
    "PROGRAM": _("Programs, of which only the plain words were read: look at the menu, the name and the address"),
    "PLUGIN": _("Plugins that are not here"),
    "OUTSIDE": _("Pages whose address leads out of the site: they stand at the path of their file"),
    "TWICE": _("Pages whose address another one has: they were left out"),
    "LANGUAGE": _("Languages that could not be told from their codes: their pages were left out"),
    "UNUSED": _("Files that no page leads to: they were left out"),
}
"""What each kind of note is about; the keys in the order of the report."""

MOST = 200
"""How many notes of a kind the report lists."""


def report(title: str, notes: Iterable[Note], language: str) -> str:
    """Write the report as Markdown.

    Args:
        title: what it is called.
        notes: what it tells.
        language: the language that it is written in.
    """
    by_kind: dict[str, list[Note]] = defaultdict(list)
    for note in sorted(set(notes)):
        by_kind[note.code].append(note)
    parts = [f"# {title}"]
    for code, sentence in NOTES.items():
        if found := by_kind.get(code):
            lines = [_line(note) for note in found[:MOST]]
            if len(found) > MOST:
                lines.append("- " + say(_("and {count} more"), language, count=len(found) - MOST))
            parts += [f"## {say(sentence, language)} ({len(found)})", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _line(note: Note) -> str:
    place = f"{note.file}:{note.line}" if note.line else note.file
    return f"- {place}" + (f": `{note.what.replace('`', '’')}`" if note.what else "")
