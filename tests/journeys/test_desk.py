"""The desk in a real browser: invited by mail, in with a passkey, out and in again, readable in both themes."""

from __future__ import annotations

import re
import subprocess
import sys
from os import environ

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser import PATIENCE
from tests.journeys.conftest import Picture
from tests.journeys.service import ROOT, Service
from tests.journeys.test_axe import looks, violations

pytestmark = pytest.mark.long

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def invited(service: Service, address: str, language: str) -> str:
    """Invite somebody in the terminal; give where the mail leads to, on this service's port."""
    command = [sys.executable, "-m", "forms_server", "invite", address, "--role", "administrator", "--lang", language]
    subprocess.run(command, cwd=ROOT, env=environ | service.settings, capture_output=True, check=True)
    here = service.url.replace("127.0.0.1", "localhost")
    found = re.search(rf"{re.escape(here)}(/desk/invitation/\S+)", service.letter_to(address))
    assert found, "the terminal knows on which port the service runs"
    return found[1]


def with_device(browser: Browser, base: str, language: str) -> BrowserContext:
    """Open a browser whose device keeps passkeys."""
    context = browser.new_context(base_url=base, locale=language, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return context


@pytest.mark.parametrize(("language", "names"), [("it-IT", ("accounts/", "me/")), ("en-GB", ("log/", "check"))])
def test_an_invitation_a_passkey_and_the_first_page(
    browser: Browser, service: Service, picture: Picture, language: str, names: tuple[str, ...]
) -> None:
    link = invited(service, f"marta-{language[:2]}@example.org", language[:2])
    base = service.url.replace("127.0.0.1", "localhost")
    context = with_device(browser, base, language)
    (page,) = context.pages
    page.goto(link)
    page.locator("form.passkey button").click()
    page.wait_for_url(f"{base}/desk/")
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (
        "__Host-desk",
        True,
        True,
        "Lax",
    )
    page.locator(".leave button").click()
    page.wait_for_url(f"{base}/desk/sign-in")
    assert context.cookies() == []
    page.goto(f"{service.url}/desk/accounts/")  # by its number, it leads to its name and then to the door
    page.wait_for_url(f"{base}/desk/sign-in?next=/desk/accounts/")
    page.keyboard.press("Tab")
    page.locator("form.passkey button").press("Enter")
    page.wait_for_url(f"{base}/desk/accounts/")
    wrong: list[tuple[object, ...]] = []
    for name in names:
        page.goto(f"{base}/desk/{name}")
        expect(page.locator("h1")).to_be_visible()
        for width, scheme in looks(page):
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wrong.append((name, width, "scrolls sideways"))
            wrong += [(name, width, scheme, line) for line in violations(page)]
            picture(page, f"desk-{name.strip('/')}-{width}-{scheme}-{language}", full_page=True)
    context.close()
    assert wrong == []


def test_without_a_script_an_authenticator_app_is_the_way_in(browser: Browser, service: Service) -> None:
    link = invited(service, "noscript@example.org", "it")
    context = browser.new_context(base_url=service.url.replace("127.0.0.1", "localhost"), java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    expect(page.locator("form.passkey")).to_be_hidden()
    page.get_by_role("link", name="app di autenticazione").click()
    expect(page.locator("main svg").last).to_be_visible()
    expect(page.locator("#code")).to_be_visible()
    context.close()
