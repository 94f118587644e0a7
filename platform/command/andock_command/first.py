"""`andock init`: the first company and its admin."""

import click

from andock_command.asking import new_password
from andock_command.opened import CannotGoOn, core
from andock_core import config
from andock_core.accounts import first
from andock_core.accounts.errors import AlreadyBegun, Unusable
from andock_core.storage import migrate

ALREADY = "There are accounts already: andock tenants add, andock users add"
WORDS = {
    "company.unusable": "The company's name has 1 to 200 characters.",
    "name.unusable": "Your name has 1 to 200 characters.",
    "email.unusable": "That is no e-mail address.",
}


@click.command()
@click.option("--company", prompt="Company", help="Its name.")
@click.option("--slug", prompt="Short name (a-z, 0-9, -)", help="Short name, for addresses.")
@click.option("--email", prompt="Your e-mail address", help="The admin signs in with it.")
@click.option("--name", prompt="Your name", help="The admin's name.")
@click.option(
    "--language",
    type=click.Choice(["de", "en"]),
    default="de",
    show_default=True,
    help="Of members who have not chosen one.",
)
@click.option("--zone", default="Europe/Berlin", show_default=True, help="IANA time zone.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def init(
    company: str, slug: str, email: str, name: str, language: str, zone: str, password_stdin: bool
) -> None:
    """Make the schema, the first company and its admin. Does nothing where there is one."""
    migrate.upgrade(config.load().database_url)
    with core() as opened:
        if not first.is_empty(opened.storage):
            raise CannotGoOn(ALREADY)
        password = new_password(from_stdin=password_stdin)
        try:
            first.begin(
                opened.storage,
                opened.settings.home,
                company=company,
                slug=slug,
                email=email,
                name=name,
                password=password,
                language=language,
                zone=zone,
            )
        except AlreadyBegun as error:
            raise CannotGoOn(ALREADY) from error
        except Unusable as error:
            raise CannotGoOn(WORDS.get(str(error), str(error))) from error
    click.echo(f"{company} is there, and {email} may sign in.")
    click.echo("Next: andock serve, and andock work in another terminal.")
