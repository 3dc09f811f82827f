"""Comments at the desk: read beside the suggestion, decided once, taken back until they are published."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from forms_server.context import Service
from forms_server.desk.screens.decisions import comments as module
from forms_server.publishing.quotations import Reviews
from forms_server.publishing.results import publish, published
from tests.forms_server.desk.keeper import Keeper, command, keeper
from tests.forms_server.test_results import answer

TEXT = "Chiedete a Mario Rossi, mario@example.org"


def said(page: TestResponse) -> str:
    """Give what stands on a page, without its tags."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2]).split()))


def asked(page: TestResponse) -> dict[str, str]:
    """Give what names the first comment of a page."""
    names = ("response", "field", "mark")
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page.text) for name in names}
    return {name: match[1] for name, match in found.items() if match}


def read(somebody: Keeper) -> TestResponse:
    return somebody.post("/desk/comments/voto/read")


def test_the_original_stands_beside_the_suggestion_and_is_published_as_edited(polled: Service) -> None:
    answer(polled, "voto", 40)
    answer(polled, "voto", 1, come=TEXT, citami="true")
    answer(polled, "voto", 1, come="Senza permesso")
    ada = keeper(polled, "secretary")
    assert "Commenti da rileggere: 1" in said(ada.get("/desk/"))
    assert '<span class="count">' in ada.get("/desk/").text
    page = read(ada)
    assert page.status_code == 200
    assert '<mark class="left-out">Mario Rossi</mark>, <mark class="left-out">mario@example.org</mark>' in page.text
    assert ">\nChiedete a […], […]</textarea>" in page.text
    assert "Senza permesso" not in page.text
    whole = ada.get(f"/desk/forms/voto/{asked(page)['response']}")
    assert whole.status_code == 200
    assert f'href="{whole.request.path}"' in page.text
    after = ada.post("/desk/comments/voto/approve", asked(page) | {"text": "Chiedete a una collega\r\nsempre"})
    assert "Esce con i prossimi risultati. Annulla" in said(after)
    form, data, when = polled.forms["voto"].form, polled.settings.data, polled.intake.now()
    publish(polled.store, form, data, when)
    results = published(data, form)
    assert results
    assert [one.text for one in results.quotations] == ["Chiedete a una collega\nsempre"]
    assert {entry.action for entry in polled.store.desk_log.newest(9)} >= {"approve", "comments"}


def test_a_decision_is_undone_until_it_is_published_and_then_taken_out(polled: Service) -> None:
    answer(polled, "voto", 40)
    answer(polled, "voto", 1, come=TEXT, citami="true")
    ada, form, data = keeper(polled, "secretary"), polled.forms["voto"].form, polled.settings.data
    approved = ada.post("/desk/comments/voto/approve", asked(read(ada)) | {"text": "Chiedete"})
    undone = ada.post("/desk/comments/voto/undo", asked(approved))
    assert "di nuovo da rileggere" in said(undone)
    assert "<textarea" in undone.text
    ada.post("/desk/comments/voto/approve", asked(undone) | {"text": "Chiedete"})
    publish(polled.store, form, data, polled.intake.now())
    shown = ada.post("/desk/comments/voto/decided")
    assert "Togli dai risultati" in said(shown)
    refused = ada.post("/desk/comments/voto/undo", asked(shown) | {"list": "decided"})
    assert (refused.status_code, "non si può prendere" in said(refused)) == (409, True)
    ada.post("/desk/comments/voto/reject", asked(shown) | {"list": "decided"})
    results = published(data, form)
    assert results is not None
    assert results.quotations == ()


def test_who_decides_second_is_told_what_the_first_decided_and_nothing_is_written_over(polled: Service) -> None:
    answer(polled, "voto", 1, come=TEXT, citami="true")
    ada, eva = keeper(polled, "secretary"), keeper(polled, "administrator")
    seen_by_ada, seen_by_eva = asked(read(ada)), asked(read(eva))
    ada.post("/desk/comments/voto/approve", seen_by_ada | {"text": "Parole di Ada"})
    for done, typed in (("approve", "Parole di Eva"), ("reject", "")):
        late = eva.post(f"/desk/comments/voto/{done}", seen_by_eva | {"text": typed})
        assert late.status_code == 409
        assert "Nel frattempo qualcun altro ha deciso di pubblicarlo, con queste parole: Parole di Ada" in said(late)
        assert ("Parole di Eva" in said(late)) is bool(typed)
    reviews = Reviews(polled.settings.data, polled.forms["voto"].form)
    with polled.store.snapshot() as snapshot:
        assert [one.quoted for one in reviews.comments(snapshot)] == ["Parole di Ada"]
    assert [entry.action for entry in polled.store.desk_log.newest(9)].count("reject") == 0


def test_what_its_writer_took_back_meanwhile_is_said(polled: Service) -> None:
    answer(polled, "voto", 1, come=TEXT, citami="true")
    ada = keeper(polled, "secretary")
    seen = asked(read(ada))
    with polled.store.snapshot() as snapshot:
        stored = snapshot.response("voto", seen["response"])
    assert stored
    polled.retention.withdraw(stored)
    gone = ada.post("/desk/comments/voto/approve", seen | {"text": "x"})
    assert (gone.status_code, "non c’è più" in said(gone)) == (409, True)


def test_pages_of_comments_follow_each_other_and_each_reading_is_noted_once(
    polled: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ON_A_PAGE", 3)
    for number in range(7):
        answer(polled, "voto", 1, come=f"nota {number:02}", citami="true")
    ada = keeper(polled, "secretary")
    shown: list[str] = []
    page = read(ada)
    assert (page.text.count("<article"), page.text.count("<h2>")) == (3, 1)  # the question is asked once
    for _ in range(9):
        shown += re.findall(r">\n(nota \d\d)</textarea>", page.text)
        more = re.search(r'name="after" value="([^"]*)"', page.text)
        if not more:
            break
        page = ada.post("/desk/comments/voto/read", {"after": more[1]})
    assert sorted(shown) == [f"nota {number:02}" for number in range(7)]
    read(ada)
    assert [entry.action for entry in polled.store.desk_log.newest(99)].count("comments") == 7


def test_comments_far_back_are_reached_though_a_page_looks_at_some_answers_alone(
    polled: Service, monkeypatch: pytest.MonkeyPatch, now: list[datetime]
) -> None:
    monkeypatch.setattr(module, "LOOKED_AT", 2)
    monkeypatch.setattr(module, "AMONG", 2)
    answer(polled, "voto", 1, come=TEXT, citami="true")
    now[0] += timedelta(days=1)
    answer(polled, "voto", 3)
    ada = keeper(polled, "secretary")
    listed = ada.get("/desk/comments/")
    assert "0 da rileggere tra le 2 risposte più recenti" in said(listed)
    assert "/desk/comments/voto/read" in listed.text
    empty = read(ada)
    assert "Niente da rileggere tra le risposte dal 24 novembre 2026 in poi." in said(empty)
    assert "Chiedete" in said(ada.post("/desk/comments/voto/read", ada.hidden(empty)))
    with polled.store.snapshot() as snapshot:
        (comment,) = Reviews(polled.settings.data, polled.forms["voto"].form).comments(snapshot)
        stored = snapshot.response("voto", comment.response_id)
    assert stored
    polled.retention.withdraw(stored)  # nothing of it is kept beside it
    assert "Chiedete" not in said(ada.post("/desk/comments/voto/read", ada.hidden(empty)))


def test_whatever_is_no_comment_is_no_fault(polled: Service) -> None:
    answer(polled, "voto", 1, come="Senza permesso")
    ada = keeper(polled, "secretary")
    for where in ("niente/read", "sondaggio/read", "niente/decided", "niente/approve"):
        assert ada.post(f"/desk/comments/{where}", {"text": "x"}).status_code == 404
    for posted in ({"after": "x"}, {"after": "2026-13-41 x"}, {"after": "0001-01-01 x"}, {"start": "9" * 30}):
        assert read(ada).status_code == ada.post("/desk/comments/voto/decided", posted).status_code == 200
        assert ada.post("/desk/comments/voto/read", posted).status_code == 200
    with polled.store.snapshot() as snapshot:
        (comment,) = Reviews(polled.settings.data, polled.forms["voto"].form).comments(snapshot)
    named = {"response": comment.response_id, "field": comment.field, "mark": comment.mark}
    assert ada.post("/desk/comments/voto/approve", named | {"text": "x"}).status_code == 409
    assert ada.post("/desk/comments/voto/approve", named | {"text": " "}).status_code == 409


def test_the_terminal_writes_over_no_decision_either(polled: Service) -> None:
    answer(polled, "voto", 1, come=TEXT, citami="true")
    ada = keeper(polled, "secretary")
    seen = asked(read(ada))
    ada.post("/desk/comments/voto/reject", seen)
    before = command(polled, "approve", "voto", seen["response"], code=1)
    assert "was rejected before. `undecide` takes that back." in before
    command(polled, "undecide", "voto", seen["response"])
    assert command(polled, "approve", "voto", seen["response"]) == "approved: Chiedete a […], […]\n"
