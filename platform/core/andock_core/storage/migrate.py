"""Brings a database to the newest schema, one process at a time.

On the command line: `python -m andock_core.storage.migrate`, with the settings of the environment.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from andock_core import config
from andock_core.storage import append_only
from andock_core.storage.base import Storage

_LOCK = 0x616E646F636B  # "andock": the number of PostgreSQL's advisory lock


def upgrade(url: str) -> None:
    """Migrate to the newest schema. Safe to call from several processes at once."""
    storage = Storage(url)
    try:
        with storage.engine.begin() as connection:
            # SQLite: BEGIN IMMEDIATE (see storage.base) is the lock already.
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _LOCK})
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            append_only.install(connection)
    finally:
        storage.close()


def is_current(url: str) -> bool:
    """Whether the schema is the newest that this code knows."""
    storage = Storage(url)
    try:
        with storage.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        return found == ScriptDirectory.from_config(_config()).get_current_head()
    finally:
        storage.close()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


if __name__ == "__main__":
    upgrade(config.load().database_url)
