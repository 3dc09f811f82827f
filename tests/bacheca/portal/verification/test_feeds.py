"""`bacheca.portal.verification.feeds`: what programs read is as its specification says."""

from __future__ import annotations

import pytest

from bacheca.portal.verification.feeds import KINDS

RSS = (
    "<rss><channel><title>t</title><link>l</link><description>d</description>"
    "<item><title>a</title><guid>1</guid><pubDate>Mon, 23 Nov 2026 10:00:00 +0000</pubDate></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><id>i</id><title>t</title><updated>2026-11-23T10:00:00+00:00</updated>'
    "<entry><id>1</id><title>a</title><updated>2026-11-23T10:00:00Z</updated><author><name>n</name></author></entry>"
    "</feed>"
)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.example/</loc></url></urlset>'
)
JSON = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "t",'
    ' "items": [{"id": "1", "content_text": "x", "date_published": "2026-11-23T10:00:00+00:00"}]}'
)
CALENDAR = (
    "BEGIN:VCALENDAR\r\nPRODID:p\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261123T100000Z\r\n"
    "DTSTART:20261124T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SOUND = [(".xml", RSS), (".xml", ATOM), (".xml", SITEMAP), (".xml", "<other/>"), (".json", JSON), (".ics", CALENDAR)]
SOUND += [(".json", '{"any": 1}'), (".json", "[]")]


@pytest.mark.parametrize(("ending", "text"), SOUND)
def test_what_is_as_it_should_be_is_read(ending: str, text: str) -> None:
    assert list(KINDS[ending](text)) == []


@pytest.mark.parametrize(
    ("ending", "text", "left_out", "code", "name"),
    [
        (".xml", RSS, "<title>t</title>", "DATA_LACKS", "title"),
        (".xml", RSS, "<link>l</link>", "DATA_LACKS", "link"),
        (".xml", RSS, "<title>a</title>", "DATA_LACKS", "title"),
        (".xml", RSS, "</rss>", "SITE_FILE", None),
        (".xml", RSS, " Nov 2026", "DATA_VALUE", "pubDate"),
        (".xml", ATOM, "<id>i</id>", "DATA_LACKS", "id"),
        (".xml", ATOM, "<author><name>n</name></author>", "DATA_LACKS", "author"),
        (".xml", ATOM, "Z</updated>", "SITE_FILE", None),
        (".xml", ATOM, "T10:00:00+00:00", "DATA_VALUE", "updated"),
        (".xml", SITEMAP, "https://a.example", "DATA_VALUE", "loc"),
        (".json", JSON, '"title": "t",', "DATA_LACKS", "title"),
        (".json", JSON, '"id": "1", ', "DATA_LACKS", "id"),
        (".json", JSON, '"content_text": "x",', "DATA_LACKS", "content_text"),
        (".json", JSON, "T10:00:00+00:00", "DATA_VALUE", "date_published"),
        (".json", JSON, "}]}", "SITE_FILE", None),
        (".ics", CALENDAR, "UID:1\r\n", "DATA_LACKS", "UID"),
        (".ics", CALENDAR, "DTSTART:20261124T100000Z\r\n", "DATA_LACKS", "DTSTART"),
        (".ics", CALENDAR, "VERSION:2.0\r\n", "DATA_LACKS", "VERSION"),
        (".ics", CALENDAR, "END:VCALENDAR\r\n", "SITE_FILE", None),
    ],
)
def test_what_is_left_out_is_named(ending: str, text: str, left_out: str, code: str, name: str | None) -> None:
    assert left_out in text
    found = list(KINDS[ending](text.replace(left_out, "", 1)))
    assert (code, name) in {(fault.code, fault.values.get("name")) for fault in found}


@pytest.mark.parametrize(
    ("ending", "text", "entry"),
    [
        (".xml", RSS, RSS[RSS.index("<item>") : RSS.index("</channel>")]),
        (".xml", ATOM, ATOM[ATOM.index("<entry>") : ATOM.index("</feed>")]),
        (".xml", SITEMAP, "<url><loc>https://a.example/</loc></url>"),
        (".ics", CALENDAR, CALENDAR[CALENDAR.index("BEGIN:VEVENT") : CALENDAR.index("END:VCALENDAR")]),
        (".json", JSON.replace("}]", "},]"), '{"id": "1", "content_text": "x"}'),
    ],
)
def test_two_entries_of_one_name_are_named(ending: str, text: str, entry: str) -> None:
    twice = text.replace(",]", f",{entry}]") if ending == ".json" else text.replace(entry, entry * 2)
    assert [fault.values["name"] for fault in KINDS[ending](twice)] == ["2 ×"]
