"""What a company trusts, and the links by which somebody without an account helps a member."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column, to


class TrustedCertificate(TenantOwned, Base):
    """A certificate that a company trusts, or that a member asks it to trust.

    `kind`: server (this very certificate, at `host` and `port` alone) or authority (whatever it
    signed, on servers of the domain `host`, "" for all). `state`: asked, approved, declined.
    `fingerprint` is the SHA-256, in hexadecimal digits. `why` is the message key of the test that
    failed. `word` is what the admin said with the decision.
    """

    __tablename__ = "trusted_certificate"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "host", "port", "fingerprint"),)
    id: Mapped[str] = id_column()
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    host: Mapped[str] = mapped_column(String(255))
    port: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    pem: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(80), default="")
    word: Mapped[str] = mapped_column(String(300), default="")
    asked_by: Mapped[str | None] = mapped_column(ID, ForeignKey("member.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[str | None] = mapped_column(ID, ForeignKey("member.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]


class ReportLink(TenantOwned, Base):
    """A report of the connection doctor that whoever has the link may read until `expires_at`.

    `token` is the SHA-256 of the link's secret in hexadecimal digits: the secret itself is shown
    once and kept nowhere. `report` and `proposal` (what the reader proposed: server, certificate,
    a note) are sealed JSON. `opened` counts how often it was read, `answered` how often a proposal
    was sent.
    """

    __tablename__ = "report_link"
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = to("member.id")
    connection_id: Mapped[str] = to("connection.id")
    token: Mapped[str] = mapped_column(String(64), unique=True)
    report: Mapped[bytes] = mapped_column(LargeBinary)
    proposal: Mapped[bytes | None] = mapped_column(LargeBinary)
    proposed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    opened: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    answered: Mapped[int] = mapped_column(default=0)
