"""Asking for a certificate to be trusted, and deciding it. Every call stays in one company.

Members ask with what a worker saw when their own test failed, never with what a form says. Only
the company's admins decide.
"""

import re
import ssl
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from andock_core import audit, clock
from andock_core.egress.certificates import read
from andock_core.storage import Member, Scope, TrustedCertificate
from andock_core.storage.types import new_id
from andock_core.trust.authorities import authorities
from andock_core.trust.errors import BadAuthority, NoCertificate, NotAdmin, TooMany
from andock_sdk.network import Certificate

if TYPE_CHECKING:
    from andock_core.core import Core

MOST_ASKED = 10
"""Open questions per member."""
LONGEST_WORD = 300
ASKABLE = ("certificate.unknown_issuer", "certificate.wrong_name", "certificate.changed")
"""What an approval can mend. A certificate that has ended stays refused."""
_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_DOMAIN = re.compile(rf"^(?=.{{1,253}}$){_LABEL}(\.{_LABEL})+$")


@dataclass(frozen=True)
class Shown:
    """A certificate that a server showed when a test failed. `why` is the key of the failure."""

    host: str
    port: int
    why: str
    certificate: Certificate

    @property
    def askable(self) -> bool:
        """Whether an approval can mend it."""
        return self.why in ASKABLE


@dataclass(frozen=True)
class Known:
    """A certificate in the company's list, with who asked and who decided (names, "" when they
    are gone). `why`, `word`: see the table."""

    id: str
    kind: str
    state: str
    host: str
    port: int
    certificate: Certificate
    why: str
    word: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None

    @property
    def ended(self) -> bool:
        """Whether its time is over."""
        return self.certificate.ends <= clock.now()


def ask(core: "Core", scope: Scope, shown: Shown, word: str = "") -> str:
    """Ask the admins to approve a certificate for one host and port; the state that it has then.

    What was declined may be asked once more, what is approved stays so. Raises NoCertificate,
    TooMany.
    """
    if not shown.askable:
        raise NoCertificate
    host = shown.host.lower().rstrip(".")
    with core.storage.write(scope) as session:
        row = session.scalars(_same(host, shown.port, shown.certificate.fingerprint)).first()
        if row is not None and row.state != "declined":
            return row.state
        waiting = select(func.count(TrustedCertificate.id)).where(
            TrustedCertificate.asked_by == scope.member_id, TrustedCertificate.state == "asked"
        )
        if (session.scalar(waiting) or 0) >= MOST_ASKED:
            raise TooMany
        if row is None:
            row = TrustedCertificate(
                id=new_id(),
                tenant_id=scope.tenant_id,
                kind="server",
                host=host,
                port=shown.port,
                fingerprint=shown.certificate.fingerprint,
                pem=shown.certificate.pem,
            )
            session.add(row)
        row.state, row.why, row.word = "asked", shown.why, word[:LONGEST_WORD]
        row.asked_by, row.asked_at = scope.member_id, clock.now()
        row.decided_by = row.decided_at = None
        return "asked"


def state_of(core: "Core", scope: Scope, shown: Shown) -> tuple[str, str]:
    """What became of a certificate that a member saw: state ("" when nobody asked) and the
    admin's word."""
    host = shown.host.lower().rstrip(".")
    with core.storage.read(scope) as session:
        row = session.scalars(_same(host, shown.port, shown.certificate.fingerprint)).first()
        return ("", "") if row is None else (row.state, row.word if row.decided_at else "")


def known(core: "Core", scope: Scope) -> list[Known]:
    """All of the company's certificates: open questions first, then by host. Raises NotAdmin."""
    with core.storage.read(scope) as session:
        _require_admin(session, scope)
        people = session.execute(select(Member.id, Member.name))
        names = {row.id: row.name for row in people}
        rows = session.scalars(select(TrustedCertificate)).all()
        listed = [_known(row, names) for row in rows]
    return sorted(listed, key=lambda one: (one.state != "asked", one.host, one.port, one.asked_at))


def decide(core: "Core", scope: Scope, row_id: str, *, approve: bool, word: str = "") -> None:
    """Approve or decline. Raises NotAdmin, NoCertificate."""
    with core.storage.write(scope) as session:
        _require_admin(session, scope)
        row = session.get(TrustedCertificate, row_id, with_for_update=True)
        if row is None or row.kind != "server":
            raise NoCertificate
        row.state = "approved" if approve else "declined"
        row.word = word.strip()[:LONGEST_WORD]
        row.decided_by, row.decided_at = scope.member_id, clock.now()
        action = "certificate.approved" if approve else "certificate.declined"
        _record(session, scope, action, server=f"{row.host}:{row.port}")


def remove(core: "Core", scope: Scope, row_id: str) -> None:
    """Trust it no longer, from the next connection on. Raises NotAdmin, NoCertificate."""
    with core.storage.write(scope) as session:
        _require_admin(session, scope)
        row = session.get(TrustedCertificate, row_id, with_for_update=True)
        if row is None:
            raise NoCertificate
        session.execute(delete(TrustedCertificate).where(TrustedCertificate.id == row.id))
        _record(session, scope, "certificate.removed", server=f"{row.host}:{row.port}")


def upload(core: "Core", scope: Scope, data: bytes, domain: str = "", word: str = "") -> int:
    """Trust the authorities in a file, on servers of `domain` or ("") on all that the company's
    members connect to; how many there were. Raises NotAdmin, BadAuthority."""
    domain = domain.strip().lower().strip(".")
    if domain and not _DOMAIN.match(domain):
        raise BadAuthority("authority.domain")
    with core.storage.read(scope) as session:
        _require_admin(session, scope)
    found = authorities(data, clock.now())
    with core.storage.write(scope) as session:
        for certificate in found:
            same = select(TrustedCertificate).where(
                TrustedCertificate.kind == "authority",
                TrustedCertificate.host == domain,
                TrustedCertificate.fingerprint == certificate.fingerprint,
            )
            if session.scalars(same).first() is None:
                session.add(_authority(scope, domain, certificate, word.strip()[:LONGEST_WORD]))
        _record(session, scope, "authority.added", domain=domain, number=len(found))
    return len(found)


def ends_at(row: TrustedCertificate) -> tuple[str, datetime]:
    """A certificate's server (an authority: its name) and its end."""
    certificate = read(ssl.PEM_cert_to_DER_cert(row.pem))
    return (certificate.subject if row.kind == "authority" else row.host), certificate.ends


def _authority(
    scope: Scope, domain: str, certificate: Certificate, word: str
) -> TrustedCertificate:
    return TrustedCertificate(
        id=new_id(),
        tenant_id=scope.tenant_id,
        kind="authority",
        state="approved",
        host=domain,
        port=0,
        fingerprint=certificate.fingerprint,
        pem=certificate.pem,
        word=word,
        asked_by=scope.member_id,
        decided_by=scope.member_id,
        decided_at=clock.now(),
    )


def _same(host: str, port: int, fingerprint: str) -> Select[TrustedCertificate]:
    return select(TrustedCertificate).where(
        TrustedCertificate.kind == "server",
        TrustedCertificate.host == host,
        TrustedCertificate.port == port,
        TrustedCertificate.fingerprint == fingerprint,
    )


def _record(session: Session, scope: Scope, action: str, **facts: Any) -> None:
    audit.record(session, scope.tenant_id, action, actor_id=scope.member_id, **facts)


def _require_admin(session: Session, scope: Scope) -> None:
    member = session.get(Member, scope.member_id)
    if member is None or member.role != "admin" or not member.active:
        raise NotAdmin


def _known(row: TrustedCertificate, names: dict[str, str]) -> Known:
    return Known(
        id=row.id,
        kind=row.kind,
        state=row.state,
        host=row.host,
        port=row.port,
        certificate=read(ssl.PEM_cert_to_DER_cert(row.pem)),
        why=row.why,
        word=row.word,
        asked_by=names.get(row.asked_by or "", ""),
        asked_at=row.asked_at,
        decided_by=names.get(row.decided_by or "", ""),
        decided_at=row.decided_at,
    )
