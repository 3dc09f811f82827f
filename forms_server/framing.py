"""Where a request ends: read in one way only, so that a proxy and the server never part over it."""

from __future__ import annotations

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError


class StrictParser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Reads a request; one that says twice how long it is gets 400, and its connection is closed.

    waitress believes the chunks and goes on with the connection. RFC 9112 (6.1) wants it closed at the least: whatever
    a proxy took for the body would be read as the next request.
    """

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers.

        Raises:
            ParsingError: they are no such thing, or say two lengths.
        """
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Both chunks and a length")


class StrictChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection whose requests are read strictly."""

    parser_class = StrictParser
