"""The core as one object: what pages and jobs work with."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from andock_core.calendar.faces import Faces
from andock_core.config import Settings, key_ring
from andock_core.host.catalog import Catalog
from andock_core.host.registry import Registry
from andock_core.jobs.queue import Queue
from andock_core.storage import Storage
from andock_core.vault import Vault


def open_vault(settings: Settings) -> Vault:
    """The vault of these settings. Keys in the data folder may be rotated while it is in use."""
    return Vault(settings.keys, (lambda: key_ring(settings.home)) if settings.rotates else None)


def extra_plugins() -> list[str]:
    """The integrations besides the installed ones that ANDOCK_EXTRA_PLUGINS names, separated by
    commas, as "module:callable"."""
    named = os.environ.get("ANDOCK_EXTRA_PLUGINS", "").split(",")
    return [name.strip() for name in named if name.strip()]


@dataclass
class Core:
    """Everything that a page or a job needs. One per process; connects on first use."""

    settings: Settings
    storage: Storage
    vault: Vault
    catalog: Catalog
    queue: Queue
    faces: Faces = field(default_factory=Faces)

    @classmethod
    def open(
        cls, settings: Settings, more_plugins: Sequence[str] = (), *, probe: bool = True
    ) -> "Core":
        """Open the core.

        `more_plugins` are integrations besides the installed ones, as "module:callable"; so are
        those that ANDOCK_EXTRA_PLUGINS names. `probe`: look at all plugins
        now, in child processes; otherwise when the catalog is first asked.
        """
        extra = [*more_plugins, *extra_plugins()]
        storage = Storage(settings.database_url)
        core = cls(
            settings=settings,
            storage=storage,
            vault=open_vault(settings),
            catalog=Catalog(tuple(dict.fromkeys(extra)), Registry(storage)),
            queue=Queue(settings.redis_url),
        )
        if probe:
            core.catalog.learn()
        return core

    def after_fork(self) -> None:
        """In a child process: forget connections and opened faces that belong to the parent."""
        self.faces = Faces()
        self.storage.after_fork()
        self.queue.after_fork()

    def close(self) -> None:
        """Close all connections."""
        self.storage.close()
        self.queue.close()
