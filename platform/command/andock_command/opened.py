"""The core, opened for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from andock_core import config
from andock_core.core import Core
from andock_core.storage import migrate

OLD_SCHEMA = "The database's schema is not the one that this version needs: andock migrate"


class CannotGoOn(Exception):
    """The command cannot do what was asked. The message says why, and what helps."""


@contextmanager
def core(*, current: bool = True) -> Iterator[Core]:
    """The core with the environment's settings. `current`: the schema must be the newest.

    Raises SettingsError, CannotGoOn.
    """
    settings = config.load()
    if current and not migrate.is_current(settings.database_url):
        raise CannotGoOn(OLD_SCHEMA)
    opened = Core.open(settings, probe=False)
    try:
        yield opened
    finally:
        opened.close()
