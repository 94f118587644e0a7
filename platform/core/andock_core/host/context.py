"""What a plugin's code is handed: see `andock_sdk.Context`."""

import json
import logging
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from andock_core import clock
from andock_core.egress import GuardedEgress, Trust
from andock_sdk import JSON, Egress, State

if TYPE_CHECKING:
    from andock_core.core import Core

NOTEBOOK_BYTES = 64 * 1024


class Notebook:
    """A plugin's notes on one connection, changed in place."""

    def __init__(self, notes: dict[str, JSON]) -> None:
        self._notes = notes

    def get(self, name: str) -> JSON:
        """What was put under `name`, or None."""
        return self._notes.get(name)

    def put(self, name: str, value: JSON) -> None:
        """Keep `value`. Raises ValueError when it is not JSON or too long."""
        try:
            text = json.dumps(value)
        except (TypeError, ValueError) as error:
            raise ValueError("only JSON can be kept") from error
        if len(text.encode()) > NOTEBOOK_BYTES:
            raise ValueError("at most 64 kB can be kept under one name")
        self._notes[name] = json.loads(text)


class PluginContext:
    """A plugin's surroundings for one hook call or one run.

    `notebook` holds the plugin's notes, also afterwards: whoever made the context seals and
    stores them. `tenant_id`: whose certificates count besides the operator's.
    """

    def __init__(
        self,
        core: "Core",
        notebook: dict[str, JSON],
        logger: logging.Logger,
        *,
        invitations: bool = False,
        zone: str = "UTC",
        tenant_id: str = "",
    ) -> None:
        self.notebook = notebook
        self.log = logger
        self.invitations = invitations
        self.zone = zone
        self.guarded = GuardedEgress(core.settings, trust=partial(_trust, core, tenant_id))
        self.egress: Egress = self.guarded
        self.state: State = Notebook(notebook)
        self._servers = core.settings.servers

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return clock.now()

    def server_for(self, domain: str) -> str:
        """The server that the operator named for a mail domain; or ""."""
        return self._servers.get(domain.strip().lower(), "")


def _trust(core: "Core", tenant_id: str) -> Trust:
    from andock_core.trust.loading import load

    return load(core.storage, tenant_id) if tenant_id else Trust()
