"""Companies, their members and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column, to


class Tenant(Base):
    """A company."""

    __tablename__ = "tenant"
    id: Mapped[str] = id_column()
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="de")
    zone: Mapped[str] = mapped_column(String(64), default="Europe/Berlin")
    created_at: Mapped[datetime] = mapped_column(default=now)


class Member(TenantOwned, Base):
    """A user in a tenant. `email` is lower-case and unique everywhere: one signs in by it.

    `language` and `zone` empty: the tenant's. `session_epoch` is raised to end all sessions.
    `week_start` is an ISO weekday (1 is Monday); working hours are wall times in the member's zone.
    `picture` has the media type `picture_type`; `picture_mark` changes with it (empty: none).
    `scheme`: light, dark, or empty as the system. `shortcuts`: single keys act on pages.
    """

    __tablename__ = "member"
    id: Mapped[str] = id_column()
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(10), default="member")
    language: Mapped[str] = mapped_column(String(8), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    week_start: Mapped[int] = mapped_column(default=1)
    work_start: Mapped[str] = mapped_column(String(5), default="08:00")
    work_end: Mapped[str] = mapped_column(String(5), default="17:00")
    picture: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    picture_type: Mapped[str] = mapped_column(String(20), default="")
    picture_mark: Mapped[str] = mapped_column(String(12), default="")
    scheme: Mapped[str] = mapped_column(String(5), default="")
    shortcuts: Mapped[bool] = mapped_column(default=True)


class MemberSession(TenantOwned, Base):
    """A browser that a member is signed in with. `ended_at`: signed out, or ended from afar."""

    __tablename__ = "session"
    id: Mapped[str] = id_column()
    member_id: Mapped[str] = to("member.id")
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    user_agent: Mapped[str] = mapped_column(String(400), default="")
    ended_at: Mapped[datetime | None]


class AccountLink(TenantOwned, Base):
    """A link that makes an account (`kind` "invite") or sets a password ("password"), once.

    `token` is the SHA-256 of the link's secret: the secret itself is shown or sent once and kept
    nowhere. An invitation names the `email` and the `role` that the account will have; a password
    link its member. `used_at`: it was used, or taken back, or a newer one has replaced it.
    """

    __tablename__ = "account_link"
    id: Mapped[str] = id_column()
    kind: Mapped[str] = mapped_column(String(10))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(320), default="")
    role: Mapped[str] = mapped_column(String(10), default="member")
    member_id: Mapped[str | None] = to("member.id")
    made_by: Mapped[str | None] = mapped_column(ID, ForeignKey("member.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
