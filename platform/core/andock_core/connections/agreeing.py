"""Changing what is synchronised, and agreeing to it: settings, their preview, the member's yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from andock_core import clock
from andock_core.connections import preferences, sealed
from andock_core.connections.effects import IN_USE
from andock_core.connections.errors import NotReady, PreviewStale
from andock_core.connections.service import own, start
from andock_core.connections.status import UNDER_WAY, is_lost
from andock_core.runs.forecast import Forecast
from andock_core.storage import Attempt, Connection, Scope
from andock_core.vault import Vault
from andock_sdk import ConnectionFacts

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from andock_core.core import Core

DIGEST = "digest"


@dataclass(frozen=True)
class PreviewStatus:
    """How far a preview is, for its owner alone. `digest` is what agreeing is bound to, `stale`:
    something else is wanted by now. `percent` is None while it is not known. `done` and `total`
    count items of the present collection."""

    state: str
    error: str
    digest: str
    stale: bool
    done: int = 0
    total: int = 0
    percent: int | None = None
    forecast: Forecast | None = None

    @property
    def under_way(self) -> bool:
        """Whether to look again."""
        return self.state in UNDER_WAY


def save_preferences(
    core: "Core", scope: Scope, connection_id: str, given: Mapping[str, Any]
) -> bool:
    """Keep the settings that every connection has (see `preferences`), from a form.

    Returns whether the member has to agree to a preview now, which starts. Raises AnswersRefused,
    NotReady before anything was chosen.
    """
    wanted = preferences.checked(given)
    with core.storage.write(scope) as session:
        connection = own(session, scope, connection_id, lock=True)
        if connection.state not in IN_USE:
            raise NotReady
        preferences.put(session, core.vault, connection, wanted)
        look = connection.wanted != connection.confirmed
    if look:
        start_preview(core, scope, connection_id)
    return look


def start_preview(core: "Core", scope: Scope, connection_id: str) -> str:
    """See in a worker what a run would do, writing nothing on either side; the attempt's id.

    Raises NotReady before anything was chosen, QueueDown.
    """
    with core.storage.read(scope) as session:
        connection = own(session, scope, connection_id)
        if connection.state not in IN_USE:
            raise NotReady
        wanted = connection.wanted
    return start(core, scope, connection_id, "preview", {DIGEST: wanted})


def preview(core: "Core", scope: Scope, connection_id: str) -> PreviewStatus | None:
    """The connection's newest preview; None when there is none, or its hour is over. Raises
    NotFound."""
    with core.storage.read(scope) as session:
        return _newest(session, core.vault, own(session, scope, connection_id))


def confirm(core: "Core", scope: Scope, connection_id: str, digest: str) -> None:
    """The member agrees to the preview that has this digest: from now on it runs.

    Raises PreviewStale when something else is wanted by now, or there is no such preview. Raises
    QueueDown when Redis is away; the run then starts by itself once it is back.
    """
    from andock_core.jobs import due, observe

    with core.storage.write(scope) as session:
        connection = own(session, scope, connection_id, lock=True)
        if connection.wanted == connection.confirmed:
            return  # a double click
        seen = _newest(session, core.vault, connection)
        if seen is None or seen.state != "done" or seen.stale or seen.digest != digest:
            raise PreviewStale
        first = not connection.confirmed
        connection.confirmed = connection.wanted
        facts = ConnectionFacts(
            connection_id=connection_id,
            tenant_id=connection.tenant_id,
            integration=connection.integration,
            state="active",
        )
    if first:
        observe.announce(core, "connection_added", facts)
    due.request_run(core, scope, connection_id, trigger="first" if first else "manual")


def _newest(session: "Session", vault: Vault, connection: Connection) -> PreviewStatus | None:
    query = (
        select(Attempt)
        .where(
            Attempt.connection_id == connection.id,
            Attempt.kind == "preview",
            Attempt.expires_at > clock.now(),
        )
        .order_by(Attempt.created_at.desc(), Attempt.id)
    )
    row = session.scalars(query).first()
    return None if row is None else _status(vault, row, connection)


def _status(vault: Vault, row: Attempt, connection: Connection) -> PreviewStatus:
    draft = sealed.open_sealed(vault, row, "draft") or {}
    result = sealed.open_sealed(vault, row, "result") or {}
    progress = result.get("progress") or {}
    digest = str(draft.get(DIGEST, ""))
    lost = is_lost(row)
    found = result.get("forecast")
    return PreviewStatus(
        state="failed" if lost else row.state,
        error="attempt.lost" if lost else row.error,
        digest=digest,
        stale=digest != connection.wanted,
        done=progress.get("done", 0),
        total=progress.get("total", 0),
        percent=progress.get("percent"),
        forecast=Forecast.model_validate(found) if found else None,
    )
