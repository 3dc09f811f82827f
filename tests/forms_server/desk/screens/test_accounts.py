"""Who may use the desk, as the screen of accounts says it."""

from __future__ import annotations

from forms_server.context import Service
from tests.forms_server.desk.keeper import Keeper, keeper


def test_who_was_invited_and_has_not_come_is_told_from_who_is_in(service: Service) -> None:
    ada = keeper(service, "administrator")
    Keeper(service).invited("eva@example.org", "reader")
    _, _, eva = ada.get("/desk/accounts/").text.partition("eva@example.org")
    assert "invito da accettare" in eva
    assert "<td>no<" in eva
    assert "<td>su 1 dispositivo" in ada.get("/desk/accounts/").text


def test_every_role_is_described_by_itself(service: Service) -> None:
    page = keeper(service, "administrator").get("/desk/accounts/").text
    assert "può fare tutto, dall’invitare persone" in page
    assert "anche" not in page.partition("<fieldset")[2].partition("</fieldset>")[0]


def test_a_page_that_stops_says_where_its_button_leads(service: Service) -> None:
    reader = keeper(service, "reader")
    assert ">Torna al banco</a>" in reader.get("/desk/accounts/").text
    assert ">Vai all’ingresso</a>" in Keeper(service).get(f"/desk/invitation/{'t' * 43}").text
