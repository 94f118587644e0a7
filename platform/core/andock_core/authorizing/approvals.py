"""The other side's administrator, who agrees for everybody by a link that a member passed on:
recognised when the other side sends them here, whoever they are."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from andock_core import clock
from andock_core.storage import SYSTEM, Member, Scope, SignIn, Tenant
from andock_core.storage.types import new_id

if TYPE_CHECKING:
    from andock_core.core import Core

LASTS = timedelta(days=30)
"""So long a link that was passed on is recognised."""
NOBODYS = ""
"""The browser session of a row that is about an approval: it signs nobody in."""


def wait_for(core: "Core", scope: Scope, connection_id: str, url: str) -> None:
    """Remember the link by the state in its address; one without a state cannot be recognised."""
    state = parse_qs(urlsplit(url).query).get("state", [""])[-1]
    if not state:
        return
    moment, digest = clock.now(), _digest(state)
    with core.storage.write(scope) as session:
        if session.scalars(select(SignIn.id).where(SignIn.digest == digest)).first():
            return
        session.add(
            SignIn(
                id=new_id(),
                tenant_id=scope.tenant_id,
                owner_id=scope.member_id,
                connection_id=connection_id,
                session_id=NOBODYS,
                digest=digest,
                created_at=moment,
                expires_at=moment + LASTS,
            )
        )


@dataclass(frozen=True)
class Approval:
    """What an administrator decided. `language` is that of the member who passed the link on."""

    given: bool
    language: str


def came(core: "Core", params: Mapping[str, str]) -> Approval | None:
    """What somebody decided who comes back from such a link; None for whoever comes otherwise.

    Whoever has the link could pretend: it lets the member try again, and grants nothing.
    """
    state = params.get("state", "")
    if not state:
        return None
    with core.storage.write(SYSTEM) as session:
        found = select(SignIn).where(
            SignIn.digest == _digest(state),
            SignIn.session_id == NOBODYS,
            SignIn.expires_at > clock.now(),
        )
        row = session.scalars(found).one_or_none()
        if row is None:
            return None
        given = "error" not in params
        if given:
            row.used_at = row.used_at or clock.now()
        spoken = session.get_one(Member, row.owner_id).language
        return Approval(given, spoken or session.get_one(Tenant, row.tenant_id).language)


def is_given(core: "Core", scope: Scope, connection_id: str) -> bool:
    """Whether the newest link of the member's connection was followed and agreed to."""
    newest = (
        select(SignIn)
        .where(
            SignIn.connection_id == connection_id,
            SignIn.owner_id == scope.member_id,
            SignIn.session_id == NOBODYS,
        )
        .order_by(SignIn.created_at.desc())
    )
    with core.storage.read(scope) as session:
        row = session.scalars(newest).first()
        return row is not None and row.used_at is not None


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
