"""Letters to many: written at the desk or in the terminal, tried on oneself, begun, stopped, and put out bit by bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bacheca.forms import Form
from bacheca.forms.catalogues import marked as _
from forms_server.errors import CampaignProblem
from forms_server.messages import Saying
from forms_server.privacy.retention import DAYS_OF_MAIL
from forms_server.store import Job, OutboxMail, Store
from forms_server.store.desk.campaigns import LETTER, Campaign
from forms_server.submission.intake import Intake

BATCH = 200
"""How many of a letter are put into the outbox at a time: the mail that others wait for comes in between."""

EMPTY = _("Write what it is about, and what it says.")
LONG = _("It is too long: at most {subject} characters for what it is about, {text} for the text.")
NOBODY = _("Nobody is confirmed whom it would be for.")
NO_ADDRESS = _("This form keeps no address that can be read: nobody can be written to.")
NO_REST = _("This letter was not stopped, or not in the last {days} days: nobody knows who is left.")
UNKNOWN = _("{form} has no {asked}, whom the letter would be for: nothing is sent. It has: {known}.")

ON_ITS_WAY = _("The letter is on its way to {address}.")

LONGEST_SUBJECT = 200
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Draft:
    """A letter that is being written.

    Args:
        form: the form that those it is for have signed up to.
        subject: what it is about.
        text: what it says, in Markdown.
        session: `FIELD=CODE`, the choice they made; empty for any.
        consent: the consent they gave; empty for all that are confirmed.
        rest_of: the name of a letter that was stopped, where this one is for those who did not get it.
    """

    form: Form
    subject: str
    text: str
    session: str = ""
    consent: str = ""
    rest_of: str = ""


@dataclass(frozen=True)
class Letters:
    """Writes letters to many.

    Args:
        store: where they wait.
        intake: knows the time, and makes names.
        origin: where people reach the service, for the links in letters.
    """

    store: Store
    intake: Intake
    origin: str

    def count(self, draft: Draft) -> int:
        """Count those whom a letter is for as things stand."""
        return self.store.campaigns.count(self.campaign(draft))

    def declined(self, draft: Draft) -> int:
        """Count those who are left out, as they want no letters to all."""
        return self.store.campaigns.declined(self.campaign(draft))

    def check(self, draft: Draft) -> None:
        """Refuse a letter that would go to others than it says, or that says nothing.

        Raises:
            CampaignProblem: there is nothing in it, nobody can be written to, or the form lacks what it is for.
        """
        form = draft.form
        if not form.address_field or form.address_field in form.sealed_columns:
            raise CampaignProblem(Saying(NO_ADDRESS))
        choices = [f"{field.name}={code}" for field in form.fields if field.places for code in field.categories]
        consents = [field.name for field in form.fields if field.agrees]
        for asked, known in ((draft.session, choices), (draft.consent, consents)):
            if asked and asked not in known:
                raise CampaignProblem(Saying(UNKNOWN, form=form.name, asked=asked, known=", ".join(known) or "–"))
        if draft.rest_of and not self.has_rest(self.store.campaigns.find(draft.rest_of), form):
            raise CampaignProblem(Saying(NO_REST, days=DAYS_OF_MAIL))
        if not draft.subject.strip() or not draft.text.strip():
            raise CampaignProblem(Saying(EMPTY))
        if len(draft.subject) > LONGEST_SUBJECT or len(draft.text) > LONGEST_TEXT:
            raise CampaignProblem(Saying(LONG, subject=LONGEST_SUBJECT, text=LONGEST_TEXT))

    def has_rest(self, campaign: Campaign | None, form: Form) -> bool:
        """Tell whether a letter was stopped, and it is known still who got it."""
        if campaign is None or campaign.form != form.name or not campaign.stopped:
            return False
        return campaign.started_at > self.intake.now() - timedelta(days=DAYS_OF_MAIL)

    def trial(self, draft: Draft, address: str, language: str) -> OutboxMail:
        """Give it as one address alone would get it, with links that withdraw nothing.

        Raises:
            CampaignProblem: as for `check`.
        """
        self.check(draft)
        said = {"form": draft.form.name, "subject": draft.subject, "text": draft.text, "consent": draft.consent}
        payload = {"origin": self.origin, **said}
        return OutboxMail(
            self.intake.new_id(), LETTER, address, language, payload, self.intake.now(), of_response=False
        )

    def test(self, draft: Draft, address: str, language: str) -> None:
        """Write it to one address alone.

        Raises:
            CampaignProblem: as for `check`.
        """
        self.store.outbox.add(self.trial(draft, address, language))

    def start(self, draft: Draft, campaign_id: str = "") -> Campaign:
        """Begin it; a letter that was begun under the same name is not begun once more.

        Raises:
            CampaignProblem: as for `check`, or there is nobody whom it is for.
        """
        self.check(draft)
        campaign = self.campaign(draft, campaign_id or self.intake.new_id())
        if self.store.campaigns.find(campaign.campaign_id) is None:
            if not self.store.campaigns.count(campaign):
                raise CampaignProblem(Saying(NOBODY))
            self.store.campaigns.start(campaign)
        return campaign

    def stop(self, campaign_id: str) -> bool:
        """Stop what is not sent yet; tell whether there was anything to stop."""
        return self.store.campaigns.stop(campaign_id, self.intake.now())

    def campaign(self, draft: Draft, campaign_id: str = "") -> Campaign:
        """Give the letter to many that a draft would become."""
        field, _equals, code = draft.session.partition("=")
        asked = draft.form.fields_by_name.get(draft.consent)
        stopped = self.store.campaigns.find(draft.rest_of) if draft.rest_of else None
        before = ",".join(filter(None, (stopped.campaign_id, stopped.rest_of))) if stopped else ""
        return Campaign(
            campaign_id,
            draft.form.name,
            draft.form.address_field,
            " ".join(draft.subject.split()),
            draft.text.strip(),
            self.origin,
            self.intake.now(),
            session_field=field,
            session_code=code,
            consent=draft.consent,
            rest_of=before,
            to_all=int(asked is None or asked.required),  # nobody can take back alone what the sign-up needs
        )


def put_letters(store: Store, now: Callable[[], datetime]) -> int:
    """Put some of the letters that were begun into the outbox; give how many people were looked at.

    Raises:
        JobTaken: another process does so.
        StoreUnavailable: the store does not answer; what was put is put, and the rest goes on from there.
    """
    with store.alone_at(Job.LETTERS):
        return store.campaigns.put(now(), BATCH)
