"""What a company decides about integrations, what members ask for, and notices to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column, to


class IntegrationRule(TenantOwned, Base):
    """Who in a company may add an integration. No row: the company's default for new ones, which
    is the row whose `integration` is "".

    `everyone` and `admins`: on, request, off; `admins` empty: as for everyone.
    """

    __tablename__ = "integration_rule"
    __table_args__ = (UniqueConstraint("tenant_id", "integration"),)
    id: Mapped[str] = id_column()
    integration: Mapped[str] = mapped_column(String(64))
    everyone: Mapped[str] = mapped_column(String(7), default="on")
    admins: Mapped[str] = mapped_column(String(7), default="")


class NamedRule(TenantOwned, Base):
    """What one member may, whatever the rule for the others says. `state`: on, request, off."""

    __tablename__ = "named_rule"
    __table_args__ = (UniqueConstraint("member_id", "integration"),)
    id: Mapped[str] = id_column()
    member_id: Mapped[str] = to("member.id")
    integration: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(7))


class IntegrationRequest(TenantOwned, Base):
    """A member asks for an integration. `state`: asked, approved, declined, withdrawn. `why` is
    the member's word to the admins, `word` the admin's answer to the member."""

    __tablename__ = "integration_request"
    __table_args__ = (Index(None, "tenant_id", "state"),)
    id: Mapped[str] = id_column()
    member_id: Mapped[str] = to("member.id")
    integration: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    why: Mapped[str] = mapped_column(String(300), default="")
    word: Mapped[str] = mapped_column(String(300), default="")
    asked_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[str | None] = mapped_column(ID, ForeignKey("member.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]


class Notice(TenantOwned, Base):
    """Something that a member is told in the app. `kind` is a key whose words the web has, `facts`
    are what they are filled with. `about` is the id of what it is about, so that everybody's
    notice of it is settled at once."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "member_id", "read_at"),)
    id: Mapped[str] = id_column()
    member_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(64), default="", index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
