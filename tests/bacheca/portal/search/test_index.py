"""`bacheca.portal.search.index`: what can be found, and what each is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bacheca.portal.rendering.plain_entries import PlainEntry, engine_entries
from bacheca.portal.search.index import AFTER, BEFORE, Known, entries_of, search_index

DOCS = [
    {"location": "", "title": "Casa", "text": ""},
    {"location": "parole/#forum", "title": "Forum", "text": "<p>Detto <em>anche</em>:\n bacheca &amp; altro</p>"},
    {"location": "parole/#note", "title": "Da dove vengono?", "text": "Di l&agrave;"},
    {"location": "domande/#chi", "title": "Chi &lt; che", "text": "x"},
    {"location": "notizie/uno/", "title": "Uno", "text": "x", "tags": ["reti"]},
    {"location": "notizie/uno/#grafico", "title": "Uno", "text": ""},
    {"location": "notizie/uno/#due", "title": "Due", "text": "x", "tags": ["reti"]},
]
KNOWN = Known(
    "it",
    kinds={"notizie/uno/": "article"},
    descriptions={"notizie/uno/": "Di che parla."},
    also={"parole/#forum": ("gruppo",)},
    terms=("parole/#forum",),
    questions=("domande/",),
)


def found(known: Known = KNOWN, key: str = "docs") -> dict[str, dict[str, Any]]:
    made = search_index(engine_entries(json.dumps({key: DOCS}).encode()), known)
    return {entry["location"]: entry for entry in entries_of(made.decode())}


def test_each_place_says_what_it_is() -> None:
    assert {place: entry["kind"] for place, entry in found().items()} == {
        "": "page",
        "parole/#forum": "term",
        "parole/#note": "question",
        "domande/#chi": "question",
        "notizie/uno/": "article",
        "notizie/uno/#due": "section",
    }


def test_the_index_of_either_engine_is_read() -> None:
    assert found(key="items") == found()


def test_texts_are_plain_and_only_a_page_has_labels_and_a_description() -> None:
    entries = found()
    assert entries["parole/#forum"]["text"] == "Detto anche : bacheca & altro"
    assert entries["parole/#forum"]["also"] == ["gruppo"]
    assert (entries["domande/#chi"]["title"], entries["parole/#note"]["text"]) == ("Chi < che", "Di là")
    assert (entries["notizie/uno/"]["labels"], entries["notizie/uno/"]["description"]) == (["reti"], "Di che parla.")
    assert entries["notizie/uno/#due"].keys() == {"location", "title", "kind", "text"}


@pytest.mark.parametrize("text", ["l'uno", "a\\'b", 'a"b', "\\", "a\u2028b", "</script>", "\\u0027", "a\nb'"])
def test_whatever_is_written_is_read_back(text: str) -> None:
    made = search_index([PlainEntry("", "", "", [])], Known("it", descriptions={"": text}))
    assert [entry["description"] for entry in entries_of(made.decode())] == [text]
    assert re.fullmatch(r"searchIndex\(JSON\.parse\('(?:[^'\\\n\r\u2028\u2029]|\\.)*'\)\);\n", made.decode())


@pytest.mark.parametrize("text", ["[]", f"{BEFORE}[]{AFTER}", f'{BEFORE}{{"entries":[{{}}{AFTER}'])
def test_what_is_no_index_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"no index|Expecting"):
        list(entries_of(text))


def test_it_brings_the_drawing_of_where_nothing_is_found() -> None:
    made = search_index([], Known("it", drawing='<svg class="scene"/>')).decode()
    assert '"drawing":"<svg class=' in made
    assert list(entries_of(made)) == []
