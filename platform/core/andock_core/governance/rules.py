"""What a member may do with an integration: on, on request, off.

The most particular counts: what was decided for the member by name, then for admins, then for
everyone. Without any decision the company's default for new integrations counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.storage import IntegrationRule, Member, NamedRule, Scope

if TYPE_CHECKING:
    from andock_core.core import Core

State = Literal["on", "request", "off"]
STATES: tuple[State, ...] = ("on", "request", "off")
DEFAULT = ""
"""The `integration` of the row that holds the company's default for new ones."""


@dataclass(frozen=True)
class Rule:
    """The decision about one integration. `admins` "": as for everyone. `named`: member id → state.
    `decided`: there is a row of its own; else it follows the default."""

    everyone: State = "on"
    admins: State | Literal[""] = ""
    named: Mapping[str, State] = field(default_factory=dict)
    decided: bool = False

    def state_for(self, member_id: str, role: str) -> State:
        """What this member may."""
        if member_id in self.named:
            return self.named[member_id]
        return (self.admins or self.everyone) if role == "admin" else self.everyone


class Rules:
    """All decisions of one company, as they are in the session's transaction."""

    def __init__(self, session: Session, tenant_id: str) -> None:
        rows = select(IntegrationRule).where(IntegrationRule.tenant_id == tenant_id)
        self._rows = {row.integration: (row.everyone, row.admins) for row in session.scalars(rows)}
        self._named: dict[str, dict[str, State]] = {}
        for named in session.scalars(select(NamedRule).where(NamedRule.tenant_id == tenant_id)):
            self._named.setdefault(named.integration, {})[named.member_id] = _state(named.state)

    @property
    def default(self) -> State:
        """What holds for an integration that nobody decided about."""
        row = self._rows.get(DEFAULT)
        return _state(row[0]) if row else "on"

    def of(self, integration: str) -> Rule:
        """The decision about one integration."""
        row = self._rows.get(integration)
        named = self._named.get(integration, {})
        if row is None:
            return Rule(everyone=self.default, named=named)
        everyone, admins = row
        return Rule(_state(everyone), _state(admins) if admins else "", named, decided=True)


def state_for(session: Session, tenant_id: str, member_id: str, integration: str) -> State:
    """What a member may do with an integration."""
    role = session.scalar(select(Member.role).where(Member.id == member_id)) or "member"
    return Rules(session, tenant_id).of(integration).state_for(member_id, role)


def allowed(core: "Core", scope: Scope) -> Callable[[str], State]:
    """What the scope's member may do with any integration, by its slug."""
    with core.storage.read(scope) as session:
        role = session.scalar(select(Member.role).where(Member.id == scope.member_id)) or "member"
        rules = Rules(session, scope.tenant_id)
    return lambda slug: rules.of(slug).state_for(scope.member_id, role)


def _state(text: str) -> State:
    """A word that nobody knows is the careful one."""
    return next((state for state in STATES if state == text), "off")
