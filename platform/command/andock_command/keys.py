"""`andock keys`: the keys that seal grants and private content."""

import click

from andock_command.opened import CannotGoOn, core
from andock_core import audit, keys as rings
from andock_core.core import Core, open_vault
from andock_core.storage import SYSTEM

GIVEN = (
    "The keys come from ANDOCK_KEYS. Put a new one first there, keep the old ones behind it, "
    "restart all processes, then run this command again with --reseal-only."
)


@click.group()
def keys() -> None:
    """Look after the keys that seal grants and private content."""


@keys.command()
@click.option("--reseal-only", is_flag=True, help="Make no key; put all under the first one.")
@click.option(
    "--drop-old", is_flag=True, help="Make no key; put all under the first, forget the older."
)
def rotate(reseal_only: bool, drop_old: bool) -> None:
    """Make a new first key, and put everything sealed under it, while all goes on running.

    Running processes take the new key up by themselves. Drop the old keys later, once all processes
    were started anew: one that has not met the new key yet still seals with the old.
    """
    with core() as opened:
        settings = opened.settings
        if not settings.rotates and (drop_old or not reseal_only):
            raise CannotGoOn(GIVEN)
        if not (reseal_only or drop_old):
            rings.add_key(settings.home)
            _record(opened, "keys.rotated")
            click.echo("There is a new first key.")
        _reseal(opened)
        if drop_old:
            dropped = rings.drop_old_keys(settings.home)
            _record(opened, "keys.dropped", number=dropped)
            click.echo(f"Older keys dropped: {dropped}")


def _record(opened: Core, action: str, number: int = 1) -> None:
    """The keys seal what is every company's."""
    with opened.storage.write(SYSTEM) as session:
        audit.record_everywhere(session, action, number=number)


def _reseal(opened: Core) -> None:
    from andock_core import config

    done = rings.reseal(opened.storage, open_vault(config.load()))
    click.echo(f"Sealed anew: {done.values} values")
    if done.broken:
        raise CannotGoOn(
            f"{done.broken} values open with none of the keys; they were left as they are. "
            "Is a key missing from the ring? No key was dropped."
        )
