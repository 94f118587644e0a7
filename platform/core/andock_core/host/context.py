"""What a plugin's code is handed: see `andock_sdk.Context`."""

import json
import logging
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from andock_core import clock
from andock_core.authorizing import operator
from andock_core.authorizing.places import callback_url
from andock_core.egress import GuardedEgress, Trust
from andock_core.host.results import one
from andock_sdk import JSON, Answers, Egress, Grant, State
from andock_sdk.errors import PluginBug

if TYPE_CHECKING:
    from andock_core.connections.ties import Tie
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
    stores them. `tenant_id`: whose certificates count besides the operator's. `slug`: whose
    operator's settings it reads. `tie`: to the connection whose grant is used. Without one, while a
    new grant is tried, `replaced` holds the grant that took its place.
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
        slug: str = "",
        facts: dict[str, str] | None = None,
        tie: "Tie | None" = None,
    ) -> None:
        self.notebook = notebook
        self.log = logger
        self.invitations = invitations
        self.zone = zone
        self.guarded = GuardedEgress(core.settings, trust=partial(_trust, core, tenant_id))
        self.egress: Egress = self.guarded
        self.state: State = Notebook(notebook)
        self.facts = dict(facts or {})
        self.callback_url = callback_url(core.settings)
        self.replaced: Grant | None = None
        self._core = core
        self._slug = slug
        self._tie = tie
        self._operator: Answers | None = None
        self._servers = core.settings.servers

    @property
    def operator(self) -> Answers:
        """What whoever runs Andock filled in for this integration."""
        if self._operator is None:
            self._operator = operator.read(self._core.storage, self._core.vault, self._slug)
        return dict(self._operator)

    def replace_grant(self, grant: Grant) -> None:
        """The grant changed by itself: keep the new one at once. Raises PluginBug."""
        checked = one((Grant,), grant, "replace_grant")
        if self._tie is not None:
            self._tie.replace_grant(checked)
        self.replaced = checked

    def webhook_url(self, name: str) -> str:
        """The connection's address for calls from the other side. Raises PluginBug."""
        return self._tied("webhook_url").webhook_url(name)

    def make_due(self) -> None:
        """The connection is to be synchronised soon. Raises PluginBug."""
        self._tied("make_due").make_due()

    def _tied(self, call: str) -> "Tie":
        if self._tie is None:
            raise PluginBug(detail=f"{call}: outside a connection")
        return self._tie

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        return clock.now()

    def server_for(self, domain: str) -> str:
        """The server that the operator named for a mail domain; or ""."""
        return self._servers.get(domain.strip().lower(), "")


def _trust(core: "Core", tenant_id: str) -> Trust:
    from andock_core.trust.loading import load

    return load(core.storage, tenant_id) if tenant_id else Trust()
