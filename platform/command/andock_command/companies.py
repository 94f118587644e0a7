"""`andock tenants`: the companies."""

import click

from andock_command.asking import table
from andock_command.opened import CannotGoOn, core
from andock_core import accounts
from andock_core.accounts import administration
from andock_core.core import Core


@click.group()
def tenants() -> None:
    """Look after the companies."""


@tenants.command("list")
def show() -> None:
    """List the companies."""
    with core() as opened:
        found = administration.companies(opened.storage)
    rows = [(c.slug, c.name, c.language, c.zone, c.members, c.connections) for c in found]
    table(("tenant", "name", "language", "zone", "members", "connections"), rows)


@tenants.command()
@click.argument("slug")
@click.option("--name", prompt=True, help="Its name, as people read it.")
@click.option(
    "--language",
    type=click.Choice(["de", "en"]),
    default="de",
    show_default=True,
    help="Of members who have not chosen one.",
)
@click.option("--zone", default="Europe/Berlin", show_default=True, help="IANA time zone.")
def add(slug: str, name: str, language: str, zone: str) -> None:
    """Make a company with the short name SLUG."""
    with core() as opened:
        accounts.create_tenant(opened.storage, slug, name, language, zone)
    click.echo(f"{name} is there. Its first admin: andock users add {slug} EMAIL --admin")


def tenant_id(opened: Core, slug: str) -> str:
    """A company's id by its short name. Raises CannotGoOn."""
    for company in administration.companies(opened.storage):
        if company.slug == slug:
            return company.id
    raise CannotGoOn(f"There is no company {slug}: andock tenants list")
