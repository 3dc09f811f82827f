"""Who may use the desk, as the screen of accounts says it."""

from __future__ import annotations

from forms_server.context import Service
from tests.forms_server.desk.keeper import Keeper, keeper


def test_who_was_invited_and_has_not_come_is_told_from_who_is_in(service: Service) -> None:
    ada = keeper(service, "administrator")
    Keeper(service).invited("eva@example.org", "reader")
    _, _, eva = ada.get("/desk/accounts/").text.partition("eva@example.org")
    assert "invito da accettare" in eva
    assert ">no<" in eva
    assert ">su 1 dispositivo" in ada.get("/desk/accounts/").text


def test_every_role_is_described_by_itself(service: Service) -> None:
    page = keeper(service, "administrator").get("/desk/accounts/").text
    assert "può fare tutto, dall’invitare persone" in page
    assert "anche" not in page.partition("<fieldset")[2].partition("</fieldset>")[0]


def test_a_page_that_stops_says_where_its_button_leads(service: Service) -> None:
    reader = keeper(service, "reader")
    assert ">Torna al banco</a>" in reader.get("/desk/accounts/").text
    assert ">Vai all’ingresso</a>" in Keeper(service).get(f"/desk/invitation/{'t' * 43}").text


def test_the_page_says_what_was_done_and_its_address_names_nobody(service: Service) -> None:
    ada = keeper(service, "administrator")
    onward = ada.post("/desk/accounts/invite", {"address": "eva@example.org", "role": "reader"}).headers["Location"]
    assert "eva" not in onward
    assert "Invito mandato a eva@example.org (Lettura). Vale fino al 25 nov 2026" in ada.get(onward).text
    eva = service.store.accounts.of_address("eva@example.org")
    assert eva
    for what, said in (
        ("role", "eva@example.org ora ha questo ruolo: Analisi."),
        ("sign-out", "Le sessioni di eva@example.org sono chiuse."),
        ("remove", "eva@example.org non può più entrare."),
    ):
        asked = {"role": "analyst", "sure": "yes"}
        onward = ada.post(f"/desk/accounts/{eva.account_id}/{what}", asked).headers["Location"]
        assert said in ada.get(onward).text
    for nothing in ("", "?done=remove", "?done=other&account=x", "?done=invite&account=x"):
        assert 'role="status"' not in ada.get(f"/desk/accounts/{nothing}").text


def test_what_shuts_somebody_out_is_asked_once_more(service: Service) -> None:
    ada = keeper(service, "administrator")
    keeper(service, "reader", "eva@example.org")
    eva = service.store.accounts.of_address("eva@example.org")
    assert eva
    for address in (f"/desk/accounts/{eva.account_id}/remove", "/desk/accounts/sign-out"):
        page = ada.post(address)
        assert page.status_code == 200
        assert service.store.sessions.counts(service.intake.now()).get(eva.account_id) == 1
        assert ada.hidden(page) == {"sure": "yes"}
        assert f'action="{address}"' in page.text
    assert "eva@example.org" in ada.post(f"/desk/accounts/{eva.account_id}/remove").text


def test_nobody_invites_themselves_and_is_shut_out_by_it(service: Service) -> None:
    ada = keeper(service, "administrator")
    keeper(service, "administrator", "other@example.org")
    answer = ada.post("/desk/accounts/invite", {"address": "Administrator@example.org", "role": "reader"})
    assert (answer.status_code, "È il tuo indirizzo" in answer.text) == (422, True)
    assert ada.get("/desk/accounts/").status_code == 200
