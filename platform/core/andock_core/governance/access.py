"""Consenting to what an installed version asks for."""

from typing import TYPE_CHECKING

from andock_core import audit, notices
from andock_core.clock import now
from andock_core.connections.service import listing, own
from andock_core.governance import consent
from andock_core.governance.standing import ACCESS, resume
from andock_core.jobs import due
from andock_core.storage import Scope
from andock_sdk import Permission

if TYPE_CHECKING:
    from andock_core.core import Core


def asked(core: "Core", scope: Scope, connection_id: str) -> tuple[Permission, ...]:
    """What the installed version asks for that the member did not consent to. Raises NotFound,
    NotOffered."""
    with core.storage.read(scope) as session:
        row = own(session, scope, connection_id)
        return consent.added(row.consented, listing(core, row.integration))


def agree(core: "Core", scope: Scope, connection_id: str) -> None:
    """The member consents to all that the installed version asks for: the connection runs again.

    Raises NotFound, NotOffered, and QueueDown when Redis is away; the run then starts by itself
    once it is back.
    """
    with core.storage.read(scope) as session:
        wanted = listing(core, own(session, scope, connection_id).integration)
    with core.storage.write(scope) as session:
        row = own(session, scope, connection_id, lock=True)
        count = len(consent.added(row.consented, wanted))
        row.consented = consent.agreed_to(wanted)
        if row.stopped == ACCESS:
            resume(session, row, now())
        notices.settle(session, "access.asked", row.id)
        audit.record(
            session,
            scope.tenant_id,
            "access.consented",
            actor_id=scope.member_id,
            integration=row.integration,
            version=wanted.version,
            added=count,
        )
    due.request_run(core, scope, connection_id)
