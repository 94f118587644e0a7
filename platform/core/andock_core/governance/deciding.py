"""An admin's decisions about integrations. Each takes effect at once, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from andock_core import audit, notices
from andock_core.governance import requests
from andock_core.governance.admins import require_admin
from andock_core.governance.errors import Unknown
from andock_core.governance.rules import DEFAULT, STATES, Rule, Rules, State
from andock_core.governance.standing import Changed, listings, look_again
from andock_core.storage import Connection, IntegrationRule, Member, NamedRule, Scope

if TYPE_CHECKING:
    from andock_core.core import Core


@dataclass(frozen=True)
class Person:
    """A member whom an admin may name in a rule."""

    id: str
    name: str
    role: str
    active: bool


@dataclass(frozen=True)
class Decided:
    """The company's rules for its admins' pages, by integration: of all that are installed or that
    somebody is connected to. `people` are by name; `default` is what holds for an integration that
    nobody decided about; `connected`: how many connections there are."""

    default: State
    rules: Mapping[str, Rule]
    connected: Mapping[str, int]
    people: tuple[Person, ...]


def decided(core: "Core", scope: Scope) -> Decided:
    """What is decided. Raises NotAdmin."""
    here = {listed.slug for listed in core.catalog.all()}
    with core.storage.read(scope) as session:
        require_admin(session, scope)
        rules = Rules(session, scope.tenant_id)
        used = session.scalars(select(Connection.integration)).all()
        slugs = sorted(here | set(used))
        people = session.scalars(select(Member).order_by(Member.name, Member.id))
        return Decided(
            default=rules.default,
            rules={slug: rules.of(slug) for slug in slugs},
            connected={slug: used.count(slug) for slug in slugs},
            people=tuple(Person(row.id, row.name, row.role, row.active) for row in people),
        )


def decide(core: "Core", scope: Scope, integration: str, rule: Rule) -> Changed:
    """Decide about one integration: connections stop or resume, open requests are answered by it.

    Raises NotAdmin, Unknown for an integration that is not installed (unless something of it is
    left to decide about) or a member of another company.
    """
    installed = listings(core)
    known = integration in {listed.slug for listed in core.catalog.all()}
    with core.storage.write(scope) as session:
        require_admin(session, scope)
        if not known and not _in_use(session, integration):
            raise Unknown
        _put_row(session, scope, integration, rule.everyone, rule.admins)
        _put_named(session, scope, integration, rule.named)
        session.flush()
        changed = look_again(session, scope.tenant_id, installed)
        told = requests.follow(session, scope, integration)
        audit.record(
            session,
            scope.tenant_id,
            "rule.changed",
            actor_id=scope.member_id,
            integration=integration,
            everyone=rule.everyone,
            admins=rule.admins,
            named=len(rule.named),
            stopped=changed.stopped,
            resumed=changed.resumed,
        )
    notices.post(core, told)
    return changed


def set_default(core: "Core", scope: Scope, state: State) -> None:
    """Decide what holds for integrations that are installed from now on. Those that are here
    already keep what holds for them. Raises NotAdmin, ValueError."""
    if state not in STATES:
        raise ValueError(state)
    here = {listed.slug for listed in core.catalog.all()}
    with core.storage.write(scope) as session:
        require_admin(session, scope)
        rules = Rules(session, scope.tenant_id)
        used = set(session.scalars(select(Connection.integration).distinct()))
        for slug in sorted(here | used):
            if not rules.of(slug).decided:
                _put_row(session, scope, slug, rules.default, "")
        _put_row(session, scope, DEFAULT, state, "")
        audit.record(
            session, scope.tenant_id, "rule.default", actor_id=scope.member_id, everyone=state
        )


def _in_use(session: Session, integration: str) -> bool:
    query = select(Connection.id).where(Connection.integration == integration).limit(1)
    return session.scalar(query) is not None


def _put_row(session: Session, scope: Scope, integration: str, everyone: str, admins: str) -> None:
    row = session.scalars(
        select(IntegrationRule).where(IntegrationRule.integration == integration).with_for_update()
    ).one_or_none()
    if row is None:
        row = IntegrationRule(tenant_id=scope.tenant_id, integration=integration)
        session.add(row)
    row.everyone, row.admins = everyone, admins


def _put_named(
    session: Session, scope: Scope, integration: str, named: Mapping[str, State]
) -> None:
    known = set(session.scalars(select(Member.id).where(Member.tenant_id == scope.tenant_id)))
    if set(named) - known:
        raise Unknown
    session.execute(delete(NamedRule).where(NamedRule.integration == integration))
    for member_id, state in named.items():
        session.add(
            NamedRule(
                tenant_id=scope.tenant_id,
                member_id=member_id,
                integration=integration,
                state=state,
            )
        )
