"""The command `andock` with all its subcommands. What each does lies in a module of its name."""

import sys

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from andock_command import (
    companies,
    configuring,
    demo,
    doctor,
    first,
    keys,
    new_plugin,
    people,
    plugins,
    portability,
    serving,
)
from andock_command.opened import CannotGoOn
from andock_core.accounts import AccountError
from andock_core.config import SettingsError

FAILED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="andock", prog_name="andock")
def andock() -> None:
    """Runs and looks after an Andock installation. Settings come from the environment."""


for command in (
    *(serving.serve, serving.work, serving.migrate, demo.demo, first.init),
    *(plugins.plugins, keys.keys, people.users, companies.tenants, doctor.doctor),
    *(portability.export, portability.bring, new_plugin.new_plugin),
):
    andock.add_command(command)
plugins.plugins.add_command(configuring.configure)


def main() -> None:
    """Run the command line; a problem is one sentence and an exit code, never a traceback."""
    try:
        andock(standalone_mode=True)
    except (CannotGoOn, SettingsError, AccountError, PermissionError) as problem:
        _stop(str(problem))
    except (OperationalError, ProgrammingError) as problem:
        # Its own words name the statement and its values; the kind is enough here.
        _stop(f"The database cannot be used ({type(problem.orig).__name__}). See `andock doctor`.")


def _stop(words: str) -> None:
    click.echo(words, err=True)
    sys.exit(FAILED)


if __name__ == "__main__":
    main()
