"""What the service's pages say when something stands in the way: a title and what to do next, by code.

English here; `locale/` translates. The OpenAPI document lists the statuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bacheca.forms.catalogues import Catalogue
from bacheca.forms.catalogues import marked as _

CATALOGUE = Catalogue("forms_server", Path(__file__).parent / "locale")
say = CATALOGUE.say

SOURCE = "en"
"""The language of the code."""


class Told(str):
    """A text that there is in every language: English wherever it is taken as a text, as in a log.

    Args:
        tell: gives it in a language.
    """

    __slots__ = ("said",)

    said: Callable[[str], str]

    def __new__(cls, tell: Callable[[str], str]) -> Self:
        """Write it in English."""
        made = super().__new__(cls, tell(SOURCE))
        made.said = tell
        return made


class Saying(Told):
    """A sentence of the catalogue with what it names.

    Args:
        sentence: in English, with names in braces, marked for the catalogue.
        values: what the braces name; what is told of them is said in the same language.
    """

    __slots__ = ()

    def __new__(cls, sentence: str, /, **values: object) -> Self:
        """Put it together."""

        def tell(language: str) -> str:
            return say(sentence, language, **{name: said(value, language) for name, value in values.items()})

        return super().__new__(cls, tell)


def said(value: Any, language: str) -> Any:
    """Say what can be told in a language, and leave anything else as it is."""
    return value.said(language) if isinstance(value, Told) else value


@dataclass(frozen=True)
class Obstacle:
    """Why a request is not served: the HTTP status, a title, and what the person can do."""

    status: int
    title: str
    remedy: str


OBSTACLES: dict[str, Obstacle] = {
    "bad-request": Obstacle(
        400, _("This request cannot be read"), _("Go back to the page of the form and send it from there.")
    ),
    "other-origin": Obstacle(
        403,
        _("This form cannot be sent from another site"),
        _("Open the form on this portal and answer it here: nothing has been kept."),
    ),
    "early": Obstacle(
        403,
        _("This form does not take answers yet"),
        _("Nothing has been kept. This form takes answers from {day} on: open it again then."),
    ),
    "not-found": Obstacle(
        404, _("This page is not here"), _("Check the address, or start again from the portal’s home page.")
    ),
    "no-receipt": Obstacle(
        404,
        _("There is no receipt at this address"),
        _("Check that the address is whole. If the answers were withdrawn, their receipt is gone too."),
    ),
    "method": Obstacle(
        405, _("This page cannot be used like that"), _("Open the form from the portal and send it from there.")
    ),
    "other-answers": Obstacle(
        409,
        _("These answers differ from those you sent before"),
        _("The first ones are kept as they were. To send other answers, open the form again and answer it anew."),
    ),
    "closed": Obstacle(
        410, _("This form is closed"), _("It takes no more answers, and these have not been kept. Thank you anyway.")
    ),
    "gone": Obstacle(
        410,
        _("This form is no longer open"),
        _("It takes no more answers, and nothing has been kept now. The receipt of what you sent before still opens."),
    ),
    "closed-receipt": Obstacle(
        410,
        _("These answers can no longer be corrected"),
        _("The form is closed. You can still see your answers and withdraw them: go back to your receipt."),
    ),
    "body-too-large": Obstacle(
        413,
        _("What you sent is too long"),
        _("Go back, where your answers still are, shorten the longest one and send again."),
    ),
    "media-type": Obstacle(
        415, _("What was sent is not a form"), _("Open the form on the portal and send it from there.")
    ),
    "charset": Obstacle(
        415, _("What was sent is not in UTF-8"), _("Open the form on the portal and send it from there.")
    ),
    "no-key": Obstacle(
        422,
        _("A key is missing"),
        _("A program sends an Idempotency-Key header of at least 22 random URL-safe characters."),
    ),
    "too-often": Obstacle(
        429,
        _("Too many answers have come from your network"),
        _("Go back, where your answers still are, wait a minute and send again."),
    ),
    "full": Obstacle(
        409,
        _("Every place is taken"),
        _("Nothing of what you sent has been kept. Places can become free again: try another day, or write to us."),
    ),
    "held": Obstacle(
        429,
        _("Too many sign-ups from your network wait to be confirmed"),
        _(
            "Nothing of what you sent has been kept. Open the mails that we sent and press the button of the page that"
            " each leads to, then send this again."
        ),
    ),
    "place-lost": Obstacle(
        409,
        _("Your place has gone to somebody else"),
        _(
            "The time for which it was held is over, and no place is left. You can press the button of the mail again"
            " as long as it is good: if one has become free by then, it is yours."
        ),
    ),
    "no-link": Obstacle(
        404,
        _("This link confirms nothing"),
        _("Check that it is whole. It is good for {period}, then what was sent is erased and you can send it again."),
    ),
    "server": Obstacle(
        500,
        _("Something went wrong on our side"),
        _("We do not know whether your answers were kept. Go back and send them again: they are kept only once."),
    ),
    "away": Obstacle(
        503, _("The service is restarting"), _("Open this page again in a minute: what you sent is safe.")
    ),
    "unknown": Obstacle(
        503,
        _("We do not know yet whether your answers are safe"),
        _("Send them again in a moment with the button below: they are kept only once."),
    ),
}

SUBJECTS: dict[str, str] = {
    "confirm": _("Confirm: {title}"),
    "known": _("You are already in the list: {title}"),
    "remind": _("Reminder: {about}"),
    "waiting": _("You are in the waiting list: {title}"),
    "offered": _("A place is yours, if you take it: {title}"),
    "noted": _("You are in the list: {title}"),
    "letter": _("A letter from {community}"),
    "lost": _("No place for you this time: {title}"),
    "notice": _("A new response: {title}"),
    "digest": _("Responses of {day}: {title}"),
    "warning": _("The forms of {community} need you"),
    "invitation": _("You are invited to the desk of {community}"),
    "sign-in": _("Your link to the desk of {community}"),
    "passkey": _("A passkey was added to your access to the desk of {community}"),
    "bound": _("An organisation’s account opens the desk of {community} for you"),
}
"""The subject of each kind of mail."""

ABOUT: dict[str, str] = {
    "confirm": _("asks to confirm a sign-up"),
    "known": _("says that the address is in the list already"),
    "remind": _("reminds of the event"),
    "waiting": _("says that there is a waiting list"),
    "offered": _("offers a place"),
    "lost": _("says that there is no place"),
    "notice": _("tells the secretariat of an answer"),
    "digest": _("tells the secretariat of the answers of a day"),
    "noted": _("says that the secretariat has confirmed a sign-up"),
    "letter": _("writes to everybody who signed up"),
    "warning": _("warns the secretariat"),
    "invitation": _("invites somebody to the desk"),
    "sign-in": _("lets somebody in at the desk"),
    "passkey": _("tells somebody of the desk that they have one more passkey"),
    "bound": _("tells somebody what opens the desk for them"),
}
"""What each kind of mail does."""

WARNINGS: dict[str, str] = {
    "disk": _("The disk takes no more writing: no answer can be kept until there is room."),
    "waiting": _("{count} mails have waited for more than a day: look at FORMS_SMTP_URL and at the mail server."),
    "backup": _("No backup has been made for {count} days: run `python -m forms_server backup FILE`."),
    "dead": _("{count} mails cannot be delivered: `python -m forms_server send-mail --dead` lists them."),
    "quarantine": _("{count} responses look like a program’s and wait: see `python -m forms_server quarantine`."),
}
"""What the secretariat is warned of."""

DOUBTS: dict[str, str] = {
    "trap": _("A field was filled in that people do not see."),
    "forged": _("The time at which its page was made is forged."),
    "at-once": _("It was sent again within two seconds: nobody reads a page that fast."),
    "": _("Why was not written down."),
}
"""Why answers wait in quarantine, by what the store keeps."""

LETTERS: dict[str, str] = {
    "no-form": _("there is no form in it"),
    "unknown-form": _("there is no form {form} here in the language {language}"),
    "old-version": _("it answers an earlier version of {form}, whose answers go into another file"),
    "several": _("it holds several forms with different answers"),
    "empty": _("the form in it has no answer"),
    "early": _("{form} took no answers yet when it came"),
    "closed": _("{form} was closed when it came"),
    "came-back": _("a letter of ours came back"),
    "automatic": _("a program wrote it, and not a person"),
    "quoted": _(
        "it quotes answers to {form} that came before, or others beside them: whoever wrote can correct theirs from the"
        " receipt, or send the form anew in an e-mail of its own"
    ),
    "unreadable": _("it cannot be read ({reason}): save it as plain text, and read it again"),
    "other-answers": _("a letter with the same Message-ID was kept with other answers"),
    "full": _("every place of {form} is taken"),
}
"""Why a letter is left where it is."""
