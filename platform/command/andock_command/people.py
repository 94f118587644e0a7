"""`andock users`: the members of all companies."""

import click

from andock_command.asking import new_password, table
from andock_command.companies import tenant_id
from andock_command.opened import core
from andock_core import accounts
from andock_core.accounts import administration
from andock_core.governance import standing
from andock_core.storage import SYSTEM

STDIN = click.option("--password-stdin", is_flag=True, help="Read it from standard input.")


@click.group()
def users() -> None:
    """Look after the members of all companies."""


@users.command("list")
@click.option("--tenant", default="", help="Only those of one company (its short name).")
def show(tenant: str) -> None:
    """List the members."""
    with core() as opened:
        found = administration.accounts_of(opened.storage, SYSTEM)
    rows = [
        (
            one.tenant,
            one.email,
            one.name,
            one.role,
            "active" if one.active else "deactivated",
            one.seen_at.strftime("%Y-%m-%d") if one.seen_at else "never",
            one.connections,
        )
        for one in found
        if tenant in ("", one.tenant)
    ]
    table(("tenant", "e-mail", "name", "role", "state", "last here", "connections"), rows)


@users.command()
@click.argument("tenant")
@click.argument("email")
@click.option("--name", prompt=True, help="Their name, as colleagues read it.")
@click.option("--admin", is_flag=True, help="An admin of the company.")
@STDIN
def add(tenant: str, email: str, name: str, admin: bool, password_stdin: bool) -> None:
    """Make a member of TENANT (its short name)."""
    with core() as opened:
        company = tenant_id(opened, tenant)
        password = new_password(from_stdin=password_stdin)
        role = "admin" if admin else "member"
        accounts.create_member(opened.storage, company, email, name, password, role)
    click.echo(f"{email} may sign in.")


@users.command()
@click.argument("email")
@click.argument("role", type=click.Choice(["member", "admin"]))
def role(email: str, role: str) -> None:
    """Make somebody an admin, or a member again."""
    with core() as opened:
        member = administration.id_of(opened.storage, SYSTEM, email)
        changed = standing.set_role(opened, SYSTEM, member, role)
    click.echo(f"{email} is {'an admin' if role == 'admin' else 'a member'}.")
    if changed.stopped or changed.resumed:
        effect = f"{changed.stopped} connections wait, {changed.resumed} go on"
        click.echo(f"By the company's rules {effect}.")


@users.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """End somebody's sessions, destroy their connections' access and let go of what they brought
    in. What they wrote themselves stays."""
    with core() as opened:
        member = administration.id_of(opened.storage, SYSTEM, email)
        administration.deactivate(opened, SYSTEM, member)
    click.echo(f"{email} no longer signs in; their connections are gone.")


@users.command()
@click.argument("email")
def activate(email: str) -> None:
    """Let a deactivated member sign in again."""
    with core() as opened:
        member = administration.id_of(opened.storage, SYSTEM, email)
        administration.activate(opened.storage, SYSTEM, member)
    click.echo(f"{email} may sign in again.")


@users.command()
@click.argument("email")
@STDIN
def password(email: str, password_stdin: bool) -> None:
    """Set somebody's password and end their sessions."""
    with core() as opened:
        member = administration.id_of(opened.storage, SYSTEM, email)
        fresh = new_password(from_stdin=password_stdin)
        administration.reset_password(opened.storage, SYSTEM, member, fresh)
    click.echo(f"{email} has a new password; all sessions have ended.")
