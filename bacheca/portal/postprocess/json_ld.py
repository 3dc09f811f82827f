"""Linked data of a page, in the words of schema.org, from its front matter and its rendered sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bacheca.portal.content.events import Event, events_of
from bacheca.portal.content.pages import Page
from bacheca.portal.postprocess.html_tree import Tree
from bacheca.portal.postprocess.sections import sections
from bacheca.portal.settings import Language

CONTEXT = "https://schema.org"
FAQ = "faq"
"""The translation key of the page of questions, in every language."""


def data_of(page: Page, language: Language) -> Iterator[dict[str, Any]]:
    """Give what the front matter of a page says to machines.

    Args:
        page: the page.
        language: its language.
    """
    url = language.url + page.url
    if page.meta.get("occupation"):
        yield occupation(page.meta["occupation"], page.meta, url, language.code)
    for event in events_of([page]):
        yield event_data(event, url, language)


def questions(tree: Tree, url: str, language: str) -> dict[str, Any]:
    """Give a page of questions and answers as a `FAQPage`: each section is a question."""
    return {
        "@context": CONTEXT,
        "@type": "FAQPage",
        "@id": url,
        "url": url,
        "inLanguage": language,
        "mainEntity": [
            {
                "@type": "Question",
                "@id": f"{url}#{section.name}",
                "url": f"{url}#{section.name}",
                "name": section.title,
                "acceptedAnswer": {"@type": "Answer", "text": section.text},
            }
            for section in sections(tree)
        ],
    }


def occupation(given: Mapping[str, Any], meta: Mapping[str, Any], url: str, language: str) -> dict[str, Any]:
    """Give a job profile as an `Occupation`.

    A pay without a date is left out: a machine would take it for today's.

    Args:
        given: what the front matter says under `occupation`.
        meta: the whole front matter.
        url: the page's address.
        language: its language.
    """
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Occupation",
        "@id": url,
        "url": url,
        "inLanguage": language,
        "name": given["name"],
        "description": meta["description"],
        "sameAs": [given["esco"]],
        "occupationalCategory": {
            "@type": "CategoryCode",
            "codeValue": str(given["isco"]),
            "inCodeSet": {"@type": "CategoryCodeSet", "name": "ISCO-08"},
            "url": f"http://data.europa.eu/esco/isco/C{given['isco']}",
        },
    }
    if given.get("also"):
        data["alternateName"] = list(given["also"])
    facts = {fact["about"]: fact for fact in given.get("facts", ())}
    for about, name in (("training", "educationRequirements"), ("skills", "skills")):
        if about in facts:
            data[name] = facts[about]["text"]
    pay = facts.get("pay", {})
    if pay.get("date") and pay.get("amount"):
        data["estimatedSalary"] = {
            "@type": "MonetaryAmount",
            "name": pay["text"],
            "currency": pay["amount"]["currency"],
            "minValue": pay["amount"]["from"],
            "maxValue": pay["amount"]["to"],
            "validFrom": str(pay["date"]),
        }
    return data


def event_data(event: Event, url: str, language: Language) -> dict[str, Any]:
    """Give an event as an `Event`."""
    places: list[dict[str, Any]] = []
    if event.place:
        places.append({"@type": "Place", "name": event.place, "address": event.address or event.place})
    if event.online:
        places.append({"@type": "VirtualLocation", "url": event.online})
    mode = "Mixed" if len(places) == 2 else "Online" if event.online else "Offline"
    return {
        "@context": CONTEXT,
        "@type": "Event",
        "@id": url,
        "url": url,
        "inLanguage": language.code,
        "name": event.title,
        "description": event.description,
        "startDate": (event.starts.date() if event.all_day else event.starts).isoformat(),
        "endDate": (event.last_day if event.all_day else event.ends).isoformat(),
        "eventStatus": f"{CONTEXT}/{'EventCancelled' if event.cancelled else 'EventScheduled'}",
        "eventAttendanceMode": f"{CONTEXT}/{mode}EventAttendanceMode",
        "location": places[0] if len(places) == 1 else places,
        "organizer": {"@type": "Organization", "name": language.community["name"], "url": language.url},
    }
