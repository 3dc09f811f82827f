"""The commands about the desk: who may use it, and what they did there."""

from __future__ import annotations

import click

from bacheca.forms.catalogues import marked as _
from forms_server.accounts.invitations import GOOD_FOR, TERMINAL, Invitations
from forms_server.accounts.place import LOCAL, place_of, running_here
from forms_server.accounts.roles import INVITED_AS
from forms_server.commands.base import Opened, opened, said_plainly
from forms_server.commands.speaking import tell, word
from forms_server.crypto.tokens import open_secret
from forms_server.messages import Saying
from forms_server.privacy.data_subjects import address_of

LEADS_HERE = _(
    "The link opens on this machine alone, at {origin}; for other people set FORMS_DESK_ORIGIN to the https address of"
    " the desk, then invite again."
)
LEADS_NOWHERE = _(
    "The link leads to {origin}, where nothing answers: start the service with `run` and invite again, or set"
    " FORMS_DESK_ORIGIN to the https address of the desk first."
)
"""What is said where no setting says where the desk is."""

role_option = click.option("--role", type=click.Choice(INVITED_AS), help="What they may do at the desk.")


def _invitations(work: Opened) -> Invitations:
    origin = running_here(work.settings.data) or LOCAL
    return Invitations(
        work.retention.store, open_secret(work.settings), work.settings, work.retention.now, origin=origin
    )


@click.command("invite")
@click.argument("address")
@click.option("--role", required=True, type=click.Choice(INVITED_AS), help="What they may do at the desk.")
@click.option("--lang", default="", help="The language they are written to in; the community's where none is said.")
@said_plainly
def invite(address: str, role: str, lang: str) -> None:
    """Mail ADDRESS a link to the desk, good for 48 hours and once.

    Whoever has lost a device is invited anew: what they signed in with until then opens nothing any more.
    """
    with opened() as work:
        account = _invitations(work).invite(address, role, lang)
        hours = int(GOOD_FOR.total_seconds()) // 3600
        sentence = _("{address}: invited as {role}; the link in the mail is good for {hours} hours")
        tell(sentence, address=account.address, role=role, hours=hours)
        if place_of(work.settings) is None:
            here = running_here(work.settings.data)
            tell(LEADS_HERE if here else LEADS_NOWHERE, err=True, origin=here or LOCAL)
        if not work.settings.smtp_url:
            folder = work.settings.data / "outbox"
            sentence = _("No mail server is set: `send-mail`, or the running service, writes it to {folder}")
            tell(sentence, err=True, folder=folder)


@click.command("accounts")
@click.argument("address", required=False)
@role_option
@click.option("--sign-out", is_flag=True, help="End the sessions of ADDRESS, or everybody's.")
@click.option("--remove", is_flag=True, help="Let ADDRESS in no more.")
@said_plainly
def accounts(address: str | None, role: str | None, sign_out: bool, remove: bool) -> None:
    """List who may use the desk; or change what ADDRESS may do, end its sessions, take its access away."""
    if (role or remove) and not address:
        raise click.UsageError(word(_("Name the ADDRESS whose access is to change.")))
    with opened() as work:
        made = _invitations(work)
        account = made.find(address) if address else None
        if account and role:
            made.change_role(account, role)
            click.echo(f"{account.address}: {role}")
        if sign_out:
            tell(_("{count} sessions ended"), count=made.sign_out(account))
        if account and remove:
            made.remove(account)
            tell(_("{address}: may come in no more"), address=account.address)
        if not (role or sign_out or remove):
            _list(work, account.address if account else "")


WAYS = {
    "authenticator": _("authenticator app"),
    "passkeys": _("{count} passkeys"),
    "openid": _("their organisation’s account"),
    "invited": _("invited"),
}
"""How somebody signs in, or that they have not yet."""


def _list(work: Opened, only: str) -> None:
    store = work.retention.store
    sessions, bound = store.sessions.counts(work.retention.now()), store.accounts.bound()
    for account in store.accounts.all():
        if account.ended_at or (only and account.address != only):
            continue
        passkeys = len(store.accounts.passkeys_of(account.account_id))
        otherwise = "openid" if account.account_id in bound else "invited"
        way = WAYS["authenticator" if account.authenticator else "passkeys" if passkeys else otherwise]
        tell(
            _("{address}: {role}, {way}, {count} sessions"),
            address=account.address,
            role=account.role,
            way=Saying(way, count=passkeys),
            count=sessions.get(account.account_id, 0),
        )


@click.command("desk-log")
@click.argument("address", required=False)
@click.option("--last", default=50, show_default=True, type=click.IntRange(1), help="How many of the newest lines.")
@said_plainly
def desk_log(address: str | None, last: int) -> None:
    """List who saw or changed whose data at the desk, and when; or what ADDRESS did there."""
    with opened() as work:
        store = work.retention.store
        named = {account.account_id: account.address for account in store.accounts.all()}
        named[TERMINAL] = word(_("terminal"))
        wanted = address_of(address).casefold() if address else ""
        gone = word(_("gone"))
        for entry in store.desk_log.newest(last):
            who = named.get(entry.account_id, gone)
            if wanted in ("", who):
                whom = entry.about_account and named.get(entry.about_account, gone)
                about = " ".join(filter(None, [entry.form, entry.response_id, whom]))
                click.echo(f"{entry.done_at:%Y-%m-%d %H:%M} {who} {entry.action} {about}".rstrip())


COMMANDS = (invite, accounts, desk_log)
