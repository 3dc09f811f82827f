"""An answer corrected because its owner asked for it, as a receipt does it; no consent is given for anybody."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from forms_server.context import Service
from forms_server.errors import PersonProblem
from forms_server.privacy.data_subjects import DataSubjects, Held
from forms_server.submission.correction import correct_on_request
from tests.forms_server.desk.keeper import Keeper, command, keeper
from tests.forms_server.desk.screens.people.conftest import ADA
from tests.forms_server.desk.screens.people.test_requests import noted

WHO = {"address": ADA, "_address": ADA}
AS_IT_WAS = {"nome": "Ada Prova", "email": ADA, "consenso": "true"}


def of_ada(service: Service, form: str = "gruppo") -> Held:
    """Give the one answer of Ada's to a form."""
    (held,) = [one for one in DataSubjects(service.retention, service.secret).find(ADA).held if one.form.name == form]
    return held


def opened(eva: Keeper, held: Held) -> tuple[TestResponse, dict[str, str]]:
    """Open an answer, and give its page with what the page posts of whose it is."""
    which = WHO | {"_response": held.holding.stored.response_id}
    page = eva.post("/desk/people/answers", which)
    return page, which | {"_seen": re.findall('name="_seen" value="([^"]+)"', page.text)[0]}


def test_an_old_page_does_not_undo_what_was_corrected_meanwhile(service: Service) -> None:
    eva, held = keeper(service, "secretary"), of_ada(service)
    _, which = opened(eva, held)
    eva.post("/desk/people/correct", which | AS_IT_WAS | {"nome": "Ada Prima"})
    late = eva.post("/desk/people/correct", which | AS_IT_WAS | {"nome": "Ada Dopo"})
    assert (late.status_code, 'value="Ada Dopo"' in late.text) == (422, True)
    assert of_ada(service).cells["nome"] == "Ada Prima"
    typed = {name: [value] for name, value in (AS_IT_WAS | {"nome": "Ada Dopo"}).items()}
    with pytest.raises(PersonProblem, match="meanwhile"):  # both came at once
        correct_on_request(
            service.intake, service.retention, held.form, held, typed, language="it", origin="http://localhost"
        )


def test_an_answer_is_shown_in_its_form_and_corrected(service: Service) -> None:
    eva, before = keeper(service, "secretary"), of_ada(service)
    request = noted(service, "correction")
    page, which = opened(eva, before)
    assert 'value="Ada Prova"' in page.text
    done = eva.post("/desk/people/correct", which | AS_IT_WAS | {"nome": "Ada Giusta"})
    assert "Ada Giusta" in done.text
    after = of_ada(service)
    assert after.cells["nome"] == "Ada Giusta"
    assert (after.holding.stored.state, len(after.holding.corrections)) == ("kept", 1)
    assert after.holding.consents == before.holding.consents
    assert service.store.requests.find(request.request_id).outcome == "done"  # type: ignore[union-attr]
    assert {entry.action for entry in service.store.desk_log.newest(9)} >= {"person", "person-correct"}


def test_a_consent_is_given_by_nobody_else_and_stays_as_it_was_given(service: Service) -> None:
    news = "- {name: lettera, title: La lettera, type: boolean, form:widget: consent, form:notice: Ogni mese.}\n"
    path = service.settings.content / "gruppo.yaml"
    path.write_text(path.read_text(encoding="utf-8") + news, encoding="utf-8")
    service.watch.load()
    eva, before = keeper(service, "secretary"), of_ada(service)
    which = opened(eva, before)[1] | AS_IT_WAS
    refused = eva.post("/desk/people/correct", which | {"lettera": "true"})
    assert (refused.status_code, "La lettera" in refused.text) == (422, True)
    assert of_ada(service).holding.consents == before.holding.consents
    assert eva.post("/desk/people/correct", which | {"nome": "Ada"}).status_code == 200
    assert of_ada(service).holding.consents == before.holding.consents


def test_only_an_answer_of_theirs_is_shown(service: Service) -> None:
    eva = keeper(service, "secretary")
    other = DataSubjects(service.retention, service.secret).find(ADA).mentions[0].response_id
    for which in ("", "x", other):
        assert eva.post("/desk/people/answers", WHO | {"_response": which}).status_code == 404
        assert eva.post("/desk/people/correct", WHO | {"_response": which, "testo": "x"}).status_code == 404


def test_another_address_has_to_be_confirmed_from_there(service: Service) -> None:
    eva = keeper(service, "secretary")
    which = opened(eva, of_ada(service))[1]
    eva.post("/desk/people/correct", which | AS_IT_WAS | {"email": "ada.nuova@example.org"})
    (held,) = DataSubjects(service.retention, service.secret).find_known("ada.nuova@example.org").held
    assert (held.holding.stored.state, held.holding.stored.mailed_only) == ("pending", 1)
    assert [one.confirmed_at for one in held.holding.consents if not one.withdrawn_at] == [None]


def test_the_terminal_does_the_same(service: Service) -> None:
    name = of_ada(service).holding.stored.response_id
    assert "corretta" in command(service, "correct", ADA, name[:8], "nome=Ada Giusta", LANGUAGE="it")
    assert of_ada(service).cells["nome"] == "Ada Giusta"
    command(service, "correct", ADA, name[:8], "email=x", code=1)
    command(service, "correct", ADA, "zzz", "nome=x", code=1)
