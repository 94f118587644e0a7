"""Who may decide."""

from sqlalchemy.orm import Session

from andock_core.governance.errors import NotAdmin
from andock_core.storage import Member, Scope


def require_admin(session: Session, scope: Scope) -> None:
    """Raises NotAdmin unless the scope's member is an active admin of the scope's company."""
    member = session.get(Member, scope.member_id)
    if (
        member is None
        or member.tenant_id != scope.tenant_id
        or member.role != "admin"
        or not member.active
    ):
        raise NotAdmin
