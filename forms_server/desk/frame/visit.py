"""Somebody at the desk: who they are, what they may do, and the pages that they are answered with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import Response, redirect, request

from bacheca.forms import Form
from forms_server.accounts.invitations import Invitations, new_id
from forms_server.accounts.openid import OpenId
from forms_server.accounts.passkeys import Passkeys
from forms_server.accounts.place import Place
from forms_server.accounts.roles import STRANGER, Right, may
from forms_server.accounts.sign_in import SignIn
from forms_server.context import Service
from forms_server.desk.frame.pages import POLICY, fill
from forms_server.desk.frame.screen import Screen, Waiting
from forms_server.desk.frame.words import say
from forms_server.errors import BodyProblem
from forms_server.form_registry import served_last
from forms_server.http.body import read_body
from forms_server.messages import say as say_of_service
from forms_server.store import StoredResponse
from forms_server.store.desk.accounts import Account
from forms_server.store.desk.log import Entry
from forms_server.store.desk.sessions import Session

COOKIE = "__Host-desk"
"""The cookie of a session: a browser sends it to this host alone, and only where nobody listens."""

DESK = "/desk"
SIGN_IN = f"{DESK}/sign-in"
CHECK = f"{DESK}/check"


@dataclass(frozen=True)
class Visit:
    """One request to the desk.

    Args:
        service: the parts of the service.
        screens: the screens that there are.
        place: where the desk is.
        language: the language that it is spoken in.
        session: whose session it belongs to; None before somebody has signed in.
    """

    service: Service
    screens: Sequence[Screen]
    place: Place
    language: str
    session: Session | None

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""
        return self.service.intake.now

    @property
    def account(self) -> Account:
        """Who is there; only asked where a right is needed that nobody has who has not signed in."""
        if self.session is None:
            raise LookupError("nobody has signed in")
        return self.session.account

    @property
    def role(self) -> str:
        """What they may do."""
        return self.session.account.role if self.session else STRANGER

    def may(self, right: Right) -> bool:
        """Tell whether they have a right."""
        return may(self.role, right)

    @property
    def may_open(self) -> bool:
        """Tell whether they may see what is personal."""
        return self.may(Right.PEOPLE)

    def say(self, sentence: str, /, **values: object) -> str:
        """Say a sentence of the catalogue in their language."""
        return say(sentence, self.language, **values)

    @property
    def community(self) -> str:
        """What the community is called; empty where no portal is built."""
        return self.service.pages.shell.portal.name

    @property
    def forms(self) -> Mapping[str, Form]:
        """The forms that can be answered, by name."""
        return {name: served.form for name, served in self.service.forms.items()}

    def form(self, name: str) -> Form | None:
        """Give a form that can be answered, or one whose file is gone, as it was last; None where there is none."""
        served = self.service.forms.get(name) or served_last(name, self.service.store)
        return served.form if served else None

    def no_form(self) -> Response:
        """Say that there is no such form."""
        return self.stop(
            self.say("There is no such form"),
            self.say("Its name may have changed: choose it in the list."),
            status=404,
            back=f"{DESK}/forms/",
        )

    def reference(self, stored: StoredResponse) -> str:
        """Give the code that whoever sent a response reads out from their receipt."""
        return self.service.secret.named(stored.form, stored.secret_id).reference(stored.token_hash)

    def references(self, ids: Collection[str]) -> Mapping[str, str]:
        """Give those of some responses by their ids; none of what is not there any more."""
        found = self.service.store.browse.tokens(set(ids))
        secret = self.service.secret
        return {name: secret.named(form, by).reference(hashed) for name, (form, by, hashed) in found.items()}

    def parts(self, form: Form) -> Sequence[tuple[str, str]]:
        """Give what the desk shows of a form to whoever is there: the address and the words of each link."""
        parts = [screen.part for screen in self.screens if screen.part and self.may(screen.right)]
        return [
            (DESK + part.address.format(name=form.name), self.say(part.called))
            for part in parts
            if part.suits(form) and (form.name in self.forms or not part.served)
        ]

    @property
    def passkeys(self) -> Passkeys:
        """What asks for passkeys."""
        return Passkeys(self.service.store, self.service.secret, self.place, self.community)

    @property
    def sign_in(self) -> SignIn:
        """What lets people in."""
        return SignIn(self.service.store, self.service.secret, self.now)

    @property
    def openid(self) -> OpenId:
        """What lets people in by what a provider says."""
        return OpenId(self.service.store, self.service.secret, self.service.settings, self.place, self.now)

    @property
    def invitations(self) -> Invitations:
        """What invites people, in the name of whoever is there."""
        return Invitations(
            self.service.store,
            self.service.secret,
            self.service.settings,
            self.now,
            by=self.session.account.account_id if self.session else "",
            origin=self.place.origin,
        )

    @cached_property
    def waiting(self) -> Mapping[str, Sequence[Waiting]]:
        """What waits for a decision, by the name of the screen where it is decided about."""
        return {screen.name: tuple(screen.waits(self)) for screen in self.screens if self.may(screen.right)}

    @cached_property
    def _body(self) -> Mapping[str, Sequence[str]] | BodyProblem:
        if not request.content_length and not request.content_type:
            return {}
        try:
            return read_body(request.headers, request.stream)
        except BodyProblem as problem:
            return problem

    @property
    def unreadable(self) -> BodyProblem | None:
        """Why what was posted cannot be read; None where it can."""
        return self._body if isinstance(self._body, BodyProblem) else None

    @property
    def posted(self) -> Mapping[str, Sequence[str]]:
        """What was posted; nothing where it cannot be read."""
        return {} if isinstance(self._body, BodyProblem) else self._body

    def field(self, name: str) -> str:
        """Give a field that was posted once; empty for any other."""
        values = self.posted.get(name, ())
        return values[0] if len(values) == 1 else ""

    def asked(self, name: str) -> str:
        """Give what the address of the page says of something; empty where it says nothing."""
        return request.args.get(name, "").replace("\0", "")

    def note(self, action: str, *, form: str | None = None, responses: Iterable[str | None] = (None,)) -> None:
        """Write down that they saw or changed something, before they see it.

        Args:
            action: a key of `ACTIONS`.
            form: the form that it is about.
            responses: the ids of the responses whose owners it is about.
        """
        moment, who = self.now(), self.account.account_id
        self.service.store.desk_log.add(
            [Entry(new_id(), moment, who, action, form, response_id) for response_id in responses]
        )

    def page(self, template: str, title: str, *, part: str = "", status: int = 200, **values: object) -> Response:
        """Answer with a page.

        Args:
            template: its file in the templates of the desk.
            title: what it is called, in their language.
            part: what it shows of that, in English, where there are several pages about the same.
            status: the HTTP status.
            values: what the template names.
        """
        rail = [screen for screen in self.screens if screen.called and self.may(screen.right) and self.session]
        head = f"{title}: {self.say(part)}" if part else title
        head = say_of_service("Error: {title}", self.language, title=head) if status == 422 else head
        given = {"visit": self, "title": title, "head": head, "rail": rail, "here": request.path, "desk": DESK}
        answer = Response(fill(template, self.language, {**given, **values}), status, mimetype="text/html")
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    def sure(
        self,
        question: str,
        consequence: str,
        button: str,
        *,
        back: str = f"{DESK}/",
        parts: Sequence[str] = (),
        known: Mapping[str, str] | None = None,
    ) -> Response | None:
        """Ask once more before something that cannot be taken back; None once they have said yes.

        Args:
            question: what is asked, in their language.
            consequence: what will be so afterwards.
            button: what the button that does it says.
            back: where whoever thinks better of it goes.
            parts: the same in its parts, where there are several.
            known: what the consequence says of how things stand; where that has changed, it is asked again.
        """
        known = known or {}
        if self.field("sure") == "yes" and all(self.field(name) == value for name, value in known.items()):
            return None
        again = {*known, "sure"}
        posted = [(name, value) for name, values in self.posted.items() if name not in again for value in values]
        posted += known.items()
        return self.page(
            "sure.html",
            question,
            consequence=consequence,
            parts=parts,
            button=button,
            back=back,
            posted=posted,
            changed=self.field("sure") == "yes",
        )

    def stop(self, title: str, remedy: str, *, status: int, back: str = f"{DESK}/") -> Response:
        """Say why something is not done, and what to do next."""
        return self.page("stop.html", title, status=status, remedy=remedy, back=back)

    def go(self, address: str) -> Response:
        """Lead on to another page of the desk."""
        answer = redirect(address, 303)
        return Response(answer.get_data(), 303, {"Location": address}, mimetype="text/html")


def inside(address: str) -> str:
    """Give an address if it is one of the desk, and its home for any other: nobody is led out of the house."""
    safe = address.startswith(f"{DESK}/") and not set(address) & set("\\\r\n") and "//" not in address
    return address if safe and len(address) < 500 else f"{DESK}/"
