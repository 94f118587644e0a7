"""What needs a hand across the company, the most severe first.

- stop: something does not work now;
- mind: something will stop working, or waits for somebody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.authorizing import operator
from andock_core.clock import now
from andock_core.governance.admins import require_admin
from andock_core.governance.overview import Connected, rows
from andock_core.host import Listed, breaker
from andock_core.host.breaker import SetAside
from andock_core.storage import Scope, TrustedCertificate
from andock_core.trust.service import ends_at

if TYPE_CHECKING:
    from andock_core.core import Core

SOON = timedelta(days=14)
"""So long before a secret or a certificate ends it is shown here."""
REGISTRATION_SOON = timedelta(days=30)
"""The same for what the operator has to renew: others have to be asked for it."""

Severity = Literal["stop", "mind"]
Kind = Literal[
    "reconnect",
    "access",
    "plugin_broken",
    "plugin_off",
    "plugin_aside",
    "plugin_missing",
    "secret",
    "registration",
    "certificate",
]


@dataclass(frozen=True)
class Repair:
    """One thing to mend. `people` are the members whom it concerns, by name. `error` is the message
    key of connections that need to be reconnected, `reason` why a plugin is broken, `calls` which
    of its calls are set aside, each with the key of its last fault (see `host.breaker`),
    `subject` a certificate's server or authority, `ends_at` when a secret or a certificate ends."""

    kind: Kind
    severity: Severity
    integration: str = ""
    people: tuple[str, ...] = ()
    error: str = ""
    reason: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    subject: str = ""
    ends_at: datetime | None = None


def found(core: "Core", scope: Scope) -> list[Repair]:
    """All there is to mend, the most severe first. Raises NotAdmin."""
    plugins = core.catalog.all()
    aside = breaker.set_aside(core.storage, plugins)
    registrations = list(_registrations(core, plugins, now()))
    with core.storage.read(scope) as session:
        require_admin(session, scope)
        connections = [each for each in rows(session) if each.member_active]
        repairs = [
            *_plugins(plugins, connections),
            *_aside(aside, connections),
            *_reconnect(connections, {each.slug for each in plugins if each.listing}),
            *_secrets(connections, now()),
            *registrations,
            *_certificates(session, now()),
            *_access(connections),
        ]
    return sorted(repairs, key=lambda each: each.severity != "stop")


def _plugins(plugins: list[Listed], connections: list[Connected]) -> Iterable[Repair]:
    working = {each.slug for each in plugins if each.listing is not None}
    for each in plugins:
        if each.off:
            people = _people(one for one in connections if one.integration == each.slug)
            if people:
                yield Repair("plugin_off", "mind", each.slug, people)
        elif each.broken and each.slug not in working:
            people = _people(one for one in connections if one.integration == each.slug)
            severity: Severity = "stop" if people else "mind"
            yield Repair("plugin_broken", severity, each.slug, people, reason=each.broken)
    here = {each.slug for each in plugins}
    for slug, mine in groupby(connections, key=lambda one: one.integration):
        if slug not in here:
            yield Repair("plugin_missing", "stop", slug, _people(mine))


def _aside(aside: list[SetAside], connections: list[Connected]) -> Iterable[Repair]:
    for slug, calls in groupby(aside, key=lambda one: one.integration):
        people = _people(one for one in connections if one.integration == slug)
        what = tuple((one.call, one.error) for one in calls)
        yield Repair("plugin_aside", "mind", slug, people, calls=what)


def _reconnect(connections: list[Connected], working: set[str]) -> Iterable[Repair]:
    """One repair for all whom the same thing happened to."""
    mine = [each for each in connections if each.state == "attention"]
    mine = [each for each in mine if each.integration in working]
    mine.sort(key=lambda one: (one.integration, one.error))
    for (slug, error), same in groupby(mine, key=lambda one: (one.integration, one.error)):
        yield Repair("reconnect", "stop", slug, _people(same), error=error)


def _access(connections: list[Connected]) -> Iterable[Repair]:
    mine = [each for each in connections if each.state == "access"]
    for slug, same in groupby(mine, key=lambda one: one.integration):
        yield Repair("access", "mind", slug, _people(same))


def _secrets(connections: list[Connected], moment: datetime) -> Iterable[Repair]:
    for each in connections:
        if each.ends_at is not None and each.ends_at <= moment + SOON:
            severity: Severity = "stop" if each.ends_at <= moment else "mind"
            yield Repair("secret", severity, each.integration, (each.who,), ends_at=each.ends_at)


def _registrations(core: "Core", plugins: list[Listed], moment: datetime) -> Iterable[Repair]:
    """Secrets of the installation itself, of which all members' connections live."""
    for each in plugins:
        ends = operator.ends_at(core, each.listing) if each.listing and not each.off else None
        if ends is not None and ends <= moment + REGISTRATION_SOON:
            severity: Severity = "stop" if ends <= moment else "mind"
            yield Repair("registration", severity, each.slug, ends_at=ends)


def _certificates(session: Session, moment: datetime) -> Iterable[Repair]:
    approved = select(TrustedCertificate).where(TrustedCertificate.state == "approved")
    for row in session.scalars(approved.order_by(TrustedCertificate.host)):
        subject, ends = ends_at(row)
        if ends <= moment + SOON:
            severity: Severity = "stop" if ends <= moment else "mind"
            yield Repair("certificate", severity, subject=subject, ends_at=ends)


def _people(connections: Iterable[Connected]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.who for each in connections))
