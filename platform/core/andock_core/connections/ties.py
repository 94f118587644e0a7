"""What ties a plugin's context to one connection: its grant as it is kept, its notes, its
addresses, its next run."""

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.connections import sealed
from andock_core.storage import Connection, Scope
from andock_core.vault import Vault
from andock_sdk import Grant

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.connections")


class Tie:
    """To a connection whose kept grant is `grant`.

    A replaced grant is stored if the kept one is still the one that it replaces: whoever
    reconnected meanwhile has a newer one. With and without a lease: a run that lost its own may
    still hand in the only token that the other side now accepts.
    """

    def __init__(
        self, core: "Core", scope: Scope, connection_id: str, slug: str, grant: Grant
    ) -> None:
        self._core = core
        self._scope = scope
        self._id = connection_id
        self._slug = slug
        self.grant = grant

    def replace_grant(self, grant: Grant) -> None:
        """Store a grant that came to be by itself, sealed, at once."""
        with self._core.storage.write(self._scope) as session:
            row = _locked(session, self._id)
            if row is None or sealed.open_grant(self._core.vault, row) != self.grant:
                log.warning("grant not replaced, another is kept connection=%s", self._id)
                return
            row.grant = sealed.seal_grant(self._core.vault, row, grant)
        self.grant = grant

    def webhook_url(self, name: str) -> str:
        """See `andock_sdk.Context`."""
        from andock_core.webhooks import addresses

        return addresses.url(self._core, self._scope, self._id, self._slug, name)

    def make_due(self) -> None:
        """See `andock_sdk.Context`."""
        from andock_core.jobs import due

        due.make_due(self._core.storage, self._scope, self._id)

    def keep_notes(self, before: dict[str, Any], after: dict[str, Any]) -> None:
        """Store what a call changed in the plugin's notes; the rest stays as it is by now."""
        if before == after:
            return
        with self._core.storage.write(self._scope) as session:
            row = _locked(session, self._id)
            if row is not None:
                keep_notes(self._core.vault, row, before, after)


def keep_notes(
    vault: Vault, row: Connection, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Put into a connection's notes what changed from `before` to `after`, in the caller's
    transaction. A run, a job and a call from the other side may take notes at the same time."""
    changes = {name: after[name] for name in after if before.get(name, ...) != after[name]}
    notes = sealed.open_sealed(vault, row, "notebook") or {}
    row.notebook = sealed.seal(vault, row, "notebook", {**notes, **changes})


def _locked(session: Session, connection_id: str) -> Connection | None:
    query = select(Connection).where(Connection.id == connection_id).with_for_update()
    return session.scalars(query).one_or_none()
