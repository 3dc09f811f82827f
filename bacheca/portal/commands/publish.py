"""What puts a site in the place of the one before, and what brings that back."""

from __future__ import annotations

from pathlib import Path

import click

from bacheca.portal.choices import SOURCE
from bacheca.portal.commands.base import language_here, opened, tell_in
from bacheca.portal.commands.options import config_file, speak
from bacheca.portal.messages import SAYINGS, say
from bacheca.portal.publishing.kept_sites import KeptSites
from bacheca.portal.publishing.publish import Publisher, moment_of
from bacheca.portal.publishing.service import NOBODY, Service

site_dir = click.option(
    "--site-dir", type=click.Path(path_type=Path), default="site", help="Where the site is shown, a link from then on."
)
service = click.option(
    "--service",
    default="http://127.0.0.1:8000",
    show_default=True,
    metavar="URL",
    help=f"The address of the running service, which is asked about the forms; {NOBODY} where there is none.",
)


@click.command("publish")
@config_file
@site_dir
@service
@click.option("--results", default="", metavar="URL", help="The folder, or the address, of the results.  [the service]")
@click.option("--label", default="", metavar="TEXT", help="What the site is called among those kept, as its commit.")
@click.option("--full", is_flag=True, help="Begin from nothing: no file of an earlier build is used.")
@click.option("--anew", is_flag=True, help="Publish even what is, byte for byte, the site that is shown.")
@speak
@click.pass_context
def publish_command(
    ctx: click.Context,
    *,
    config_file: Path,
    site_dir: Path,
    service: str,
    results: str,
    label: str,
    full: bool,
    anew: bool,
    lang: str,
) -> None:
    """Build the portal beside, verify it, and show it in the place of the one before once nothing of it is wrong."""
    from bacheca.portal.build.finish import check_site_dir  # noqa: PLC0415  pictures take a while to load
    from bacheca.portal.build.pipeline import build  # noqa: PLC0415

    portal = opened(ctx, config_file, lang)
    source = results or (SOURCE if service == NOBODY else service)
    check_site_dir(site_dir)
    publisher = _publisher(ctx, site_dir, service)

    def tell(saying: str, seconds: float | None, **values: object) -> None:
        if saying != "done":  # there is more to come
            publisher.tell(saying, seconds, **values)

    def make(folder: Path) -> None:
        build(portal, folder, tell, engine="mkdocs", full=full, results=source, before=publisher.sites.site)

    limits, levels = portal.main.limits, portal.levels
    publisher.publish(make, portal.forms, label, usual=portal.usual, limits=limits, levels=levels, anew=anew)


@click.command("rollback")
@click.argument("number", type=click.IntRange(1), required=False)
@config_file
@site_dir
@service
@click.option("--as-it-stands", is_flag=True, help="Show it even where somebody edited it since it was published.")
@click.option("--list", "listing", is_flag=True, help="List the sites that are kept, and show none.")
@speak
@click.pass_context
def rollback_command(
    ctx: click.Context,
    number: int | None,
    *,
    config_file: Path,
    site_dir: Path,
    service: str,
    as_it_stands: bool,
    listing: bool,
    lang: str,
) -> None:
    """Show the site before the one that is shown again, or the one of a NUMBER, with its forms."""
    language = ctx.find_root().meta["language"] = lang or language_here(config_file)
    if not listing:
        _publisher(ctx, site_dir, service).roll_back(number, as_it_stands=as_it_stands)
        return
    sites = KeptSites(site_dir)
    for site in sites.all():
        saying = SAYINGS["site_shown" if site.number == sites.live else "site_kept"]
        label = site.label if site.published else say(SAYINGS["site_built"], language)
        click.echo(say(saying, language, number=site.number, moment=moment_of(site), label=label).rstrip())


def _publisher(ctx: click.Context, site_dir: Path, service: str) -> Publisher:
    language = ctx.find_root().meta["language"]
    asked = None if service == NOBODY else Service(service)
    return Publisher(KeptSites(site_dir), asked, tell_in(language), language)


COMMANDS = (publish_command, rollback_command)
