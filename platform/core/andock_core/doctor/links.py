"""Links by which somebody without an account reads a report and helps with the server.

The link's secret is shown to the member once and kept as a digest alone. A reader learns what
stands in the report and nothing else; what they propose lands in the member's wizard, where it
changes nothing by itself.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.connections.errors import NotFound, TooMany
from andock_core.doctor.report import Report
from andock_core.storage import SYSTEM, Connection, ReportLink, Scope, Tenant
from andock_core.storage.types import new_id
from andock_core.vault import Label, Vault

if TYPE_CHECKING:
    from andock_core.core import Core

LIFE = timedelta(days=7)
MOST_LINKS = 10
"""Living ones per connection."""
MOST_OPENED = 500
MOST_ANSWERED = 10
LONGEST_SERVER = 255
LONGEST_NOTE = 500


class Proposal(BaseModel):
    """What the reader proposes: the server's name, whether the certificate that was shown is the
    right one, and a note. Empty where they said nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = Field(default="", max_length=LONGEST_SERVER)
    fingerprint: str = Field(default="", max_length=64)
    note: str = Field(default="", max_length=LONGEST_NOTE)


@dataclass(frozen=True)
class Link:
    """A link as its owner sees it."""

    id: str
    created_at: datetime
    expires_at: datetime
    opened: int
    proposal: Proposal | None
    proposed_at: datetime | None


@dataclass(frozen=True)
class Opened:
    """A link as its reader sees it. `may_answer`: a further proposal is taken."""

    report: Report
    tenant: str
    expires_at: datetime
    proposal: Proposal | None
    may_answer: bool


def create(core: "Core", scope: Scope, connection_id: str, report: Report) -> str:
    """A link to a report that is fit to be handed on; its secret. Raises NotFound, TooMany."""
    secret = secrets.token_urlsafe(32)
    with core.storage.write(scope) as session:
        _own_connection(session, scope, connection_id)
        living = select(func.count(ReportLink.id)).where(
            ReportLink.connection_id == connection_id, ReportLink.expires_at > clock.now()
        )
        if (session.scalar(living) or 0) >= MOST_LINKS:
            raise TooMany
        row = ReportLink(
            id=new_id(),
            tenant_id=scope.tenant_id,
            owner_id=scope.member_id,
            connection_id=connection_id,
            token=digest(secret),
            expires_at=clock.now() + LIFE,
        )
        row.report = core.vault.seal_json(_label(row, "report"), report.model_dump(mode="json"))
        session.add(row)
    return secret


def of_connection(core: "Core", scope: Scope, connection_id: str) -> list[Link]:
    """The member's living links to reports on a connection, newest first. Raises NotFound."""
    with core.storage.read(scope) as session:
        _own_connection(session, scope, connection_id)
        rows = session.scalars(
            select(ReportLink)
            .where(ReportLink.connection_id == connection_id, ReportLink.expires_at > clock.now())
            .order_by(ReportLink.created_at.desc(), ReportLink.id)
        )
        return [_link(core.vault, row) for row in rows]


def proposed(core: "Core", scope: Scope, connection_id: str) -> Link | None:
    """The newest link with a proposal that the member has neither taken nor put aside."""
    found = [one for one in of_connection(core, scope, connection_id) if one.proposal]
    return max(found, key=lambda one: one.proposed_at or one.created_at, default=None)


def put_aside(core: "Core", scope: Scope, link_id: str) -> None:
    """The proposal has been seen to. Raises NotFound."""
    with core.storage.write(scope) as session:
        _own(session, scope, link_id).proposal = None


def revoke(core: "Core", scope: Scope, link_id: str) -> None:
    """End a link at once, with the report behind it. Raises NotFound."""
    with core.storage.write(scope) as session:
        session.delete(_own(session, scope, link_id))


def read(core: "Core", secret: str) -> Opened:
    """What whoever has the link sees. Raises NotFound, also when it ended or was read too often."""
    with core.storage.write(SYSTEM) as session:
        row = _by_secret(session, secret)
        if row.opened >= MOST_OPENED:
            raise NotFound
        row.opened += 1
        row.opened_at = clock.now()
        tenant = session.get_one(Tenant, row.tenant_id)
        return Opened(
            report=Report.model_validate(core.vault.open_json(_label(row, "report"), row.report)),
            tenant=tenant.name,
            expires_at=row.expires_at,
            proposal=_proposal(core.vault, row),
            may_answer=row.answered < MOST_ANSWERED,
        )


def propose(core: "Core", secret: str, proposal: Proposal) -> None:
    """Put a proposal in front of the member; the last one counts. Raises NotFound, TooMany."""
    with core.storage.write(SYSTEM) as session:
        row = _by_secret(session, secret)
        if row.answered >= MOST_ANSWERED:
            raise TooMany
        row.answered += 1
        row.proposed_at = clock.now()
        row.proposal = core.vault.seal_json(_label(row, "proposal"), proposal.model_dump())


def purge(session: Session, moment: datetime) -> None:
    """Delete links that have ended, with their reports."""
    session.execute(
        delete(ReportLink).where(ReportLink.expires_at < moment),
        execution_options={"synchronize_session": False},
    )


def digest(secret: str) -> str:
    """How a link's secret is kept: it has 256 bits of chance, so a plain hash tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _by_secret(session: Session, secret: str) -> ReportLink:
    row = session.scalars(
        select(ReportLink)
        .where(ReportLink.token == digest(secret), ReportLink.expires_at > clock.now())
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _own(session: Session, scope: Scope, link_id: str) -> ReportLink:
    row = session.scalars(
        select(ReportLink).where(ReportLink.id == link_id, ReportLink.owner_id == scope.member_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _own_connection(session: Session, scope: Scope, connection_id: str) -> None:
    query = select(Connection.id).where(
        Connection.id == connection_id, Connection.owner_id == scope.member_id
    )
    if session.scalars(query).first() is None:
        raise NotFound


def _link(vault: Vault, row: ReportLink) -> Link:
    return Link(
        row.id,
        row.created_at,
        row.expires_at,
        row.opened,
        _proposal(vault, row),
        row.proposed_at,
    )


def _proposal(vault: Vault, row: ReportLink) -> Proposal | None:
    if row.proposal is None:
        return None
    return Proposal.model_validate(vault.open_json(_label(row, "proposal"), row.proposal))


def _label(row: ReportLink, column: str) -> Label:
    return Label(row.tenant_id, row.owner_id, f"report_link.{column}", row.id)
