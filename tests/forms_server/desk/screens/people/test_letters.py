"""Letters to many: each person once, whatever happens meanwhile, with one click that ends it.

One file: every letter goes to the same members of one group, and each test shows one thing that becomes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, event

from forms_server.operations.letters import put_letters
from forms_server.store import StoredResponse
from forms_server.store.desk.campaigns import Campaign, Campaigns
from tests.forms_server.desk.keeper import Keeper, command, keeper
from tests.forms_server.samples import ADA, link, running
from tests.forms_server.test_places import Crowd, said
from tests.forms_server.test_posting import KEY

BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)  # the commands go by the real time
HERE = "/desk/sign-ups/gruppo/letters/"
NEWS = """\
- name: novita
  title: Novità ogni mese
  type: boolean
  form:widget: consent
  form:notice: Mandatemi le novità.
"""
LETTER = {"subject": "Ci vediamo giovedì", "text": "Ciao,\n\nvedi [il programma](https://example.org/p).\n"}


@pytest.fixture
def now() -> list[datetime]:
    return [BEGIN]


class Members(Crowd):
    """People who sign up and confirm, with or without the consent to get news."""

    def join(self, *names: str, news: str = "") -> None:
        for name in names:
            data = ADA | {"_key": f"{KEY}{name}", "nome": name, "email": f"{name}@example.org"}
            self.anybody.post("/forms/gruppo", data | ({"novita": news} if news else {}))
            self.press(name)

    def round(self, most: int = 200) -> int:
        """Put what was begun into the outbox and send it; give how many were looked at."""
        done = self.service.store.campaigns.put(self.now[0], most)
        self.anybody.mails()
        return done

    def letters(self) -> list[EmailMessage]:
        """Give the letters to many that were sent."""
        return [mail for mail in self.anybody.mails() if mail["Subject"] == LETTER["subject"]]

    def got(self) -> list[str]:
        """Give who got them."""
        return sorted(str(mail["To"]).partition("@")[0] for mail in self.letters())


@pytest.fixture
def members(tmp_path: Path, sqlite_url: URL, now: list[datetime]) -> Iterator[Members]:
    """Ada and Bea, of whom Bea gets news; Cleo has yet to confirm."""

    def edit(form: str) -> str:
        return form + NEWS if "signup" in form else form

    with running(tmp_path, sqlite_url, lambda: now[0], edit, FORMS_PUBLIC_URL="http://localhost") as service:
        made = Members(service, now)
        made.join("ada")
        made.join("bea", news="true")
        made.anybody.post("/forms/gruppo", ADA | {"_key": f"{KEY}cleo", "nome": "cleo", "email": "cleo@example.org"})
        made.anybody.mails()  # so that nothing but a letter to many waits
        yield made


@pytest.fixture
def eva(members: Members) -> Keeper:
    """The secretary."""
    return keeper(members.service, "secretary", base="http://localhost")


def begin(members: Members, **changes: str) -> Campaign:
    """Begin a letter, without the desk."""
    campaign = Campaign(
        changes.pop("campaign_id", "c" * 32),
        "gruppo",
        "email",
        LETTER["subject"],
        changes.pop("text", LETTER["text"]),
        "http://localhost",
        members.now[0],
        **changes,  # type: ignore[arg-type]
    )
    assert members.service.store.campaigns.start(campaign)
    return campaign


def test_a_letter_is_looked_at_tried_and_sent_to_each_once(members: Members, eva: Keeper) -> None:
    page = eva.post(f"{HERE}preview", LETTER)
    assert "Per 2 persone: tutte le iscrizioni confermate" in page.text
    assert '<a href="https://example.org/p">il programma</a>' in page.text
    assert "Ci vediamo giovedì" in page.text
    hidden = eva.hidden(page)
    assert "in viaggio verso secretary@example.org" in eva.post(f"{HERE}test", hidden).text
    (tried,) = members.letters()
    assert (tried["To"], tried["List-Unsubscribe"]) == ("secretary@example.org", None)
    assert "/receipt/" not in said(tried)
    for _press in range(2):
        onward = eva.post(f"{HERE}send", hidden).headers["Location"]
    members.now[0] += timedelta(seconds=1)
    members.join("dora")  # after the letter was begun
    members.round()
    members.round()
    assert members.got() == ["ada", "bea", "secretary"]
    shown = " ".join(re.sub(r"<[^>]+>", " ", eva.get(onward).text.partition("<main")[2]).split())
    assert "tutto spedito Spedite 2 Da spedire 0 Non consegnate 0" in shown
    assert "era già partito tutto" in eva.post(f"{onward}/stop").text
    assert {entry.action for entry in members.service.store.desk_log.newest(9)} >= {"write-to"}
    assert LETTER["subject"] in eva.get(HERE).text
    first = members.letters()[1]
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/letters?lang=it" in first["List-Unsubscribe"]
    assert "Ciao, vedi il programma: https://example.org/p. --" in said(first)


def test_a_letter_that_was_sent_before_is_not_sent_again_without_a_word(members: Members, eva: Keeper) -> None:
    seen = "chi l’ha ricevuta la riceve di nuovo"
    campaigns = members.service.store.campaigns
    assert "Per 2 persone" in eva.post(f"{HERE}send", LETTER).text  # looked at first
    page = eva.post(f"{HERE}preview", LETTER)
    assert seen not in page.text
    assert not campaigns.newest("gruppo", 9)
    eva.post(f"{HERE}send", eva.hidden(page))
    assert seen in eva.post(f"{HERE}preview", LETTER).text
    assert seen not in eva.post(f"{HERE}preview", LETTER | {"consent": "novita"}).text
    assert len(campaigns.newest("gruppo", 9)) == 1


def test_after_a_letter_was_stopped_those_who_did_not_get_it_are_written_to_and_nobody_twice(
    members: Members, eva: Keeper
) -> None:
    members.join("dora", "eva")
    offers = "Scrivi a chi non l’ha ricevuta"
    reached: list[list[str]] = []
    page = eva.post(f"{HERE}preview", LETTER)
    for _stopped in range(2):  # the rest of the rest, too
        onward = eva.post(f"{HERE}send", eva.hidden(page)).headers["Location"]
        members.round(most=1)
        assert offers not in eva.get(onward).text
        stopped = eva.post(f"{onward}/stop")
        assert offers in stopped.text
        written = eva.post(HERE, eva.hidden(stopped))
        assert "non arriva a nessuno due volte" in written.text
        reached.append(members.got())
        page = eva.post(f"{HERE}preview", LETTER | eva.hidden(written))
        assert f"Per {4 - len(reached[-1])} person" in page.text
        assert "chi l’ha ricevuta la riceve di nuovo" not in page.text
    onward = eva.post(f"{HERE}send", eva.hidden(page)).headers["Location"]
    while members.round():
        pass
    assert [len(names) for names in reached] == [1, 2]
    assert members.got() == ["ada", "bea", "dora", "eva"]
    refused = eva.post(f"{HERE}preview", LETTER | {"rest_of": onward.rpartition("/")[2]})
    assert (refused.status_code, "non è stata fermata" in refused.text) == (422, True)


def test_a_letter_to_many_follows_nobody_and_leads_nowhere_by_halves(members: Members, eva: Keeper) -> None:
    text = "![x](https://example.org/p.gif) [qui](/forms/gruppo) [a](javascript:b) <b onclick=c>d</b>"
    page = eva.post(f"{HERE}preview", LETTER | {"text": text}).text.partition('class="letter"')[2]
    assert "&lt;b onclick=c&gt;" in page
    begin(members, text=text)
    members.service.store.campaigns.put(members.now[0], 200)
    (rich,) = (mail.get_body(("html",)) for mail in members.letters()[:1])
    assert rich
    for shown in (page.partition("</section>")[0], rich.get_content()):
        assert not re.search(r"<img|src=|<script|<b|javascript:", shown.replace("<body", "").replace("<br", ""))
    assert "<a>qui</a>" in page


def test_what_was_typed_stays_where_something_is_missing(members: Members, eva: Keeper) -> None:
    page = eva.post(f"{HERE}preview", {"subject": "", "text": "Ciao <b>", "consent": "novita"})
    assert page.status_code == 422
    assert "Ciao &lt;b&gt;</textarea>" in page.text
    assert 'value="novita" selected' in page.text
    assert eva.post(f"{HERE}", LETTER).status_code == 200
    assert LETTER["subject"] in eva.post(f"{HERE}", LETTER).text
    assert eva.post(f"{HERE}preview", LETTER | {"text": "x" * 20_001}).status_code == 422
    members.now[0] += timedelta(minutes=6)
    assert eva.post(f"{HERE}send", LETTER).status_code == 403


def rename_the_consent(members: Members) -> None:
    """Call the consent otherwise in the file of the form."""
    file = members.service.settings.content / "gruppo.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("name: novita", "name: notizie"), encoding="utf-8")
    members.service.watch.load()


def test_a_letter_for_what_has_left_the_form_goes_to_nobody(members: Members, eva: Keeper) -> None:
    page = eva.post(f"{HERE}preview", LETTER | {"consent": "novita"})
    assert "Per 1 persona" in page.text
    begin(members, consent="novita")
    rename_the_consent(members)
    for asked in (eva.hidden(page), eva.hidden(page) | {"consent": "", "session": "sessione=mattina"}):
        refused = eva.post(f"{HERE}send", asked)
        assert refused.status_code == 422
        assert "non si spedisce niente" in refused.text
    assert len(members.service.store.campaigns.newest("gruppo", 9)) == 1
    assert "tutte le iscrizioni confermate" not in eva.get(f"{HERE}{'c' * 32}").text
    members.round()
    assert members.got() == []  # one click in it would withdraw the sign-up
    assert _numbers(members.service.store.campaigns) == (0, 1, 0, 0)
    assert "Il modulo non ha più il consenso" in eva.get("/desk/mail/").text


def test_one_click_takes_the_consent_back_and_leaves_the_sign_up(members: Members) -> None:
    begin(members, consent="novita")
    members.round()
    (mail,) = members.letters()
    assert mail["To"] == "bea@example.org"
    leave = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")
    assert leave.partition("?")[0].endswith("/consents/novita")
    assert leave in said(mail)
    browser = members.anybody.browser
    assert "Mandatemi le novità." in browser.get(leave).text
    assert members.service.store.campaigns.count(begin(members, consent="novita", campaign_id="d" * 32)) == 1
    answer = browser.post(leave, data={"List-Unsubscribe": "One-Click"})  # a mail program sends no Origin
    assert (answer.status_code, "Il consenso è tolto" in answer.text) == (200, True)
    assert "Il consenso è tolto" in browser.post(leave, data={"List-Unsubscribe": "One-Click"}).text
    members.round()
    assert len(members.letters()) == 1
    assert members.counts() == {"kept": 2, "pending": 1}
    told = command(members.service, "export-person", "bea@example.org")
    assert re.search(r'"purpose": "novita".*?"withdrawn_at": "20', told, re.DOTALL)
    assert '"novita": "false"' in told
    assert browser.get(leave.replace("novita", "consenso")).status_code == 404  # which the sign-up needs


def one_click(mail: EmailMessage) -> str:
    """Give the address that a mail program posts to."""
    return str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")


def test_one_click_in_a_letter_to_all_ends_those_and_leaves_the_sign_up(members: Members, eva: Keeper) -> None:
    begin(members)
    members.round(1)
    (mail,) = members.letters()
    (name,) = members.got()
    leave = one_click(mail)
    assert leave in said(mail)
    assert "/withdraw" not in mail.as_string()
    browser, store = members.anybody.browser, members.service.store
    assert "solo il pulsante" in browser.get(leave).text
    assert store.campaigns.declined(begin(members, campaign_id="d" * 32)) == 0
    for _press in range(2):
        answer = browser.post(leave, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "Niente più e-mail a tutti" in answer.text) == (200, True)
    members.round()
    members.round()
    assert members.counts() == {"kept": 2, "pending": 1}
    assert members.got() == sorted([name, *({"ada", "bea"} - {name}), *({"ada", "bea"} - {name})])
    page = eva.post(f"{HERE}preview", LETTER).text
    assert "Per 1 persona" in page
    assert "1 altra persona ha chiesto di non ricevere e-mail a tutti" in page
    assert "altra persona" not in eva.post(f"{HERE}preview", LETTER | {"consent": "novita"}).text
    assert "altra persona" in eva.post(f"{HERE}preview", LETTER | {"consent": "consenso"}).text
    assert eva.post("/desk/sign-ups/gruppo").text.count("niente e-mail a tutti") == 1
    assert "non vuole e-mail a tutti, dal" in eva.post("/desk/people/find", {"address": f"{name}@example.org"}).text
    told = command(members.service, "export-person", f"{name}@example.org")
    assert re.search(r'"letters_declined_at": "20', told)
    assert command(members.service, "sign-ups", "gruppo").count("(no letters to all)") == 1
    receipt = leave.replace("/letters?", "?")
    assert "Hai chiesto di non ricevere più" in browser.get(receipt).text
    assert members.anybody.post(leave.replace("?", "/again?")).partition("?")[0] == receipt.partition("?")[0]
    assert "Hai chiesto di non ricevere più" not in browser.get(receipt).text
    assert "Per 2 persone" in eva.post(f"{HERE}preview", LETTER).text


def test_whoever_asks_by_telephone_gets_no_more_letters_to_all(members: Members, eva: Keeper) -> None:
    (ada,) = (one.response_id for one in stored_of(members) if one.answers["nome"] == "ada")
    where = f"/desk/sign-ups/gruppo/{ada}/no-letters"
    page = eva.post(where).text
    assert "l’iscrizione resta" in page
    assert 'name="again" value="yes"' in page
    assert "Per 1 persona" in eva.post(f"{HERE}preview", LETTER).text
    assert "di nuovo" in eva.post(where, {"again": "yes"}).text
    assert "Per 2 persone" in eva.post(f"{HERE}preview", LETTER).text
    assert "the sign-up stays" in command(members.service, "no-letters", "gruppo", ada)
    assert members.service.store.campaigns.declined_among([ada]) == {ada}
    assert "again" in command(members.service, "no-letters", "gruppo", ada, "--again")
    assert "no such sign-up" in command(members.service, "no-letters", "gruppo", "f" * 32, code=1)
    assert members.counts() == {"kept": 2, "pending": 1}


def stored_of(members: Members) -> list[StoredResponse]:
    with members.service.store.snapshot() as snapshot:
        return list(snapshot.live("gruppo"))


def test_one_click_in_an_older_letter_costs_nobody_their_place(members: Members) -> None:
    leave = link(members.mails("ada")[0], "receipt").replace("?", "/withdraw?")  # where letters of 0.2 led
    answer = members.anybody.browser.post(leave, data={"List-Unsubscribe": "One-Click"})
    assert "Niente più e-mail a tutti" in answer.text
    assert members.counts() == {"kept": 2, "pending": 1}
    assert members.anybody.post(leave)  # the button of the page
    assert members.counts() == {"kept": 1, "pending": 1, "withdrawn": 1}


def test_a_letter_for_what_the_sign_up_cannot_do_without_is_declined_as_one_to_all(
    members: Members, eva: Keeper
) -> None:
    page = eva.post(f"{HERE}preview", LETTER | {"consent": "consenso"})
    eva.post(f"{HERE}send", eva.hidden(page))
    members.round(1)
    (mail,) = members.letters()
    members.anybody.browser.post(one_click(mail), data={"List-Unsubscribe": "One-Click"})
    assert members.counts() == {"kept": 2, "pending": 1}


def test_whoever_withdraws_before_it_is_sent_gets_nothing(members: Members) -> None:
    begin(members)
    leave = link(members.mails("ada")[0], "receipt").replace("?", "/withdraw?")
    members.service.store.campaigns.put(members.now[0], 200)
    members.anybody.post(leave)
    assert members.got() == ["bea"]
    progress = members.service.store.campaigns.progress("c" * 32)
    assert progress
    assert (progress.campaign.sent, progress.waiting, progress.left_out) == (1, 0, 1)
    members.withdraw("bea")
    progress = members.service.store.campaigns.progress("c" * 32)
    assert progress
    assert progress.campaign.sent == 1  # which stays true


def test_what_is_not_sent_yet_is_stopped(members: Members, eva: Keeper) -> None:
    begin(members)
    assert members.round(1) == 1
    assert "Ferma" in eva.get(f"{HERE}{'c' * 32}").text
    assert "fermata" in eva.post(f"{HERE}{'c' * 32}/stop").text
    assert members.round(1) == 0
    assert len(members.got()) == 1
    progress = members.service.store.campaigns.progress("c" * 32)
    assert progress
    assert (progress.campaign.put, progress.waiting, progress.left_out) == (1, 0, 1)


def test_what_failed_of_a_letter_that_was_stopped_is_not_offered_to_be_tried_again(members: Members) -> None:
    begin(members)
    outbox, campaigns = members.service.store.outbox, members.service.store.campaigns
    campaigns.put(members.now[0], 200)
    mail = outbox.take(members.now[0])
    assert mail
    outbox.bury(mail.id, "550")
    assert outbox.listed("dead", 1)[0].subject == LETTER["subject"]
    assert campaigns.stop("c" * 32, members.now[0])
    assert outbox.dead() == []
    assert not outbox.again(mail.id, members.now[0])
    assert _numbers(campaigns) == (0, 1, 0, 1)


def test_a_process_that_is_killed_between_two_batches_or_within_one_writes_to_nobody_twice(members: Members) -> None:
    members.join("emma", "fay", "gia")
    begin(members)
    store = members.service.store
    assert store.campaigns.put(members.now[0], 2) == 2

    class Killed(BaseException):
        """The end of the process, as the database sees it: nothing of the transaction is there."""

    killed: list[str] = []

    def die(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("UPDATE campaigns") and not killed:
            killed.append(statement)
            raise Killed

    members.anybody.mails()
    event.listen(Engine, "before_cursor_execute", die)
    with pytest.raises(Killed):
        store.campaigns.put(members.now[0], 2)
    event.remove(Engine, "before_cursor_execute", die)
    assert killed
    while members.round(2):
        pass
    assert members.got() == ["ada", "bea", "emma", "fay", "gia"]


def test_a_letter_that_failed_is_counted_and_can_be_sent_once_more(members: Members) -> None:
    begin(members)
    outbox, campaigns = members.service.store.outbox, members.service.store.campaigns
    campaigns.put(members.now[0], 200)
    mails = [mail.id for _number in range(2) if (mail := outbox.take(members.now[0]))]
    for mail_id in mails:
        outbox.bury(mail_id, "550")
    assert _numbers(campaigns) == (0, 2, 0, 0)
    outbox.revive(members.now[0])
    assert _numbers(campaigns) == (0, 0, 2, 0)
    campaigns.forget_texts()
    assert members.got() == ["ada", "bea"]
    assert _numbers(campaigns) == (2, 0, 0, 0)
    campaigns.forget_texts()
    found = campaigns.find("c" * 32)
    assert found
    assert (found.subject, found.body) == (LETTER["subject"], "")
    assert outbox.come_back(mails[0], "", "5.1.1", members.now[0])
    assert _numbers(campaigns) == (1, 1, 0, 0)
    outbox.forget(members.now[0] + timedelta(days=31))
    assert _numbers(campaigns) == (1, 1, 0, 0)


def _numbers(campaigns: Campaigns) -> tuple[int, int, int, int]:
    found = campaigns.progress("c" * 32)
    assert found
    return found.campaign.sent, found.campaign.failed, found.waiting, found.left_out


def test_no_more_wait_in_the_outbox_than_a_batch_that_nobody_has_tried_to_send(members: Members) -> None:
    begin(members)
    campaigns = members.service.store.campaigns
    assert [campaigns.put(members.now[0], 1) for _round in range(3)] == [1, 0, 0]
    members.anybody.mails()
    assert put_letters(members.service.store, lambda: members.now[0]) == 1


def test_the_terminal_does_the_same(members: Members, tmp_path: Path) -> None:
    text = tmp_path / "letter.md"
    text.write_text(LETTER["text"], encoding="utf-8")
    service, words = members.service, ["--subject", LETTER["subject"], "--text", str(text)]
    assert "no novita2" in command(service, "write-to", "gruppo", *words, "--consent", "novita2", code=1)
    command(service, "write-to", "gruppo", *words, "--test", "eva@example.org")
    assert "begun, for 2" in command(service, "write-to", "gruppo", *words, "--yes")
    begun = command(service, "write-to", "gruppo")
    assert "0 sent, 0 failed, 2 to be sent" in begun
    assert "stopped" in command(service, "write-to", "gruppo", "--stop", begun[:32])
    assert "nothing is left" in command(service, "write-to", "gruppo", "--stop", begun[:32])
    assert "begun, for 1" in command(service, "write-to", "gruppo", *words, "--yes", "--consent", "novita")
    members.now[0] += timedelta(hours=2)
    members.round()
    assert members.got() == ["bea", "eva"]
