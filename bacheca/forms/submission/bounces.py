"""Delivery status notifications (RFC 3464): which letter of ours could not be delivered, to whom, and why.

Postfix, Exim, Exchange and Gmail write them alike: a `multipart/report` of a text, a `message/delivery-status` and the
letter, or its headers. What any of them says in words is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

REPORT, STATUS, HEADERS = "multipart/report", "message/delivery-status", "text/rfc822-headers"

AT_MOST = 20
"""How many recipients of one notification are looked at, and how many letters that it names."""

CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
ADDRESS = re.compile(r"[^\s<>@;]{1,64}@[^\s<>@;]{1,254}")
MESSAGE_ID = re.compile(r"<[^<>\s]+>")
LONGEST_ID = 250


@dataclass(frozen=True)
class Bounce:
    """A letter that came back.

    Args:
        letters: the Message-IDs that the notification names, the letter's own among them.
        recipient: to whom it was sent; empty where that is not said.
        status: why, as RFC 3463 has it (`5.1.1`); empty where that is not said.
    """

    letters: tuple[str, ...]
    recipient: str = ""
    status: str = ""


def bounces_of(message: Message) -> tuple[Bounce, ...]:
    """Give what a notification says of each recipient that could not be reached; nothing where it is none.

    What is only late, or was passed on, has not come back.
    """
    if message.get_content_type() != REPORT or not message.is_multipart():
        return ()
    parts = [part for part in message.get_payload() if isinstance(part, Message)]
    report = next((part for part in parts if part.get_content_type() == STATUS and part.is_multipart()), None)
    if report is None:
        return ()
    letters = tuple(dict.fromkeys((*_own(parts), *_answered(message))))[:AT_MOST]
    blocks = [block for block in report.get_payload() if isinstance(block, Message)][: AT_MOST + 1]
    return tuple(
        Bounce(letters, _address(block), _status(block))
        for block in blocks
        if str(block.get("Action", "")).partition("(")[0].strip().casefold() == "failed"
    )


def _own(parts: list[Message]) -> Iterator[str]:
    """Name the letter that is enclosed, whole or by its headers."""
    for part in parts:
        if part.get_content_type() == HEADERS:
            payload = part.get_payload(decode=True)
            headers = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
            yield from _named(HeaderParser().parsestr(headers), "Message-ID")
        elif part.get_content_maintype() == "message" and part.get_content_type() != STATUS and part.is_multipart():
            for inner in part.get_payload():
                if isinstance(inner, Message):
                    yield from _named(inner, "Message-ID")


def _answered(message: Message) -> Iterator[str]:
    for name in ("In-Reply-To", "References"):
        yield from _named(message, name)


def _named(message: Message, header: str) -> Iterator[str]:
    return (found for found in MESSAGE_ID.findall(str(message.get(header, ""))) if len(found) <= LONGEST_ID)


def _address(block: Message) -> str:
    for name in ("Original-Recipient", "Final-Recipient"):
        kind, _semicolon, said = str(block.get(name, "")).partition(";")
        named = said.strip().removeprefix("<").removesuffix(">")
        found = ADDRESS.fullmatch(named) if kind.strip().casefold() in ("rfc822", "utf-8") else None
        if found:
            return found[0]
    return ""


def _status(block: Message) -> str:
    found = [CODE.search(str(block.get(name, ""))) for name in ("Status", "Diagnostic-Code")]
    codes = [code[0] for code in found if code]
    return next((code for code in codes if not code.endswith(".0.0")), codes[0] if codes else "")
