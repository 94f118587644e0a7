"""What belongs to plugins: the operator's settings, sign-ins under way elsewhere, calls from the
other side, jobs of their own."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column, to

DIGEST = String(64)  # SHA-256, in hexadecimal digits


class OperatorSettings(Base):
    """What whoever runs Andock filled in for an integration, sealed; for all tenants alike.
    `checked`: how its last check went, sealed JSON, see `andock_core.authorizing.checking`."""

    __tablename__ = "operator_settings"
    integration: Mapped[str] = mapped_column(String(64), primary_key=True)
    answers: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    checked: Mapped[bytes | None] = mapped_column(LargeBinary)


class SignIn(TenantOwned, Base):
    """A member who went to another site to sign in there. `digest` is that of the state they come
    back with. It counts once, until `expires_at`, in the browser session `session_id`. `memory` is
    sealed JSON: {"memory", "answers", "wanted"}. Without a session it is about an administrator's
    approval, see `andock_core.authorizing.approvals`."""

    __tablename__ = "sign_in"
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = to("member.id")
    connection_id: Mapped[str] = to("connection.id")
    session_id: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    memory: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class Webhook(TenantOwned, Base):
    """An address that the other side may call for one connection. `digest` is that of its token,
    `token` the sealed token itself, for the plugin alone."""

    __tablename__ = "webhook"
    __table_args__ = (UniqueConstraint("connection_id", "name"),)
    id: Mapped[str] = id_column()
    connection_id: Mapped[str] = to("connection.id")
    integration: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(DIGEST, unique=True)
    token: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)


class WebhookCall(TenantOwned, Base):
    """A call from the other side that a worker has to take up; gone once it was. `request` is
    sealed. `queued_at`: a job was queued, and not taken up yet. `tries` that failed so far."""

    __tablename__ = "webhook_call"
    id: Mapped[str] = id_column()
    webhook_id: Mapped[str] = to("webhook.id")
    connection_id: Mapped[str] = to("connection.id")
    request: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(default=now)
    queued_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime] = mapped_column(default=now, index=True)
    tries: Mapped[int] = mapped_column(default=0)


class PluginJob(Base):
    """A plugin's own job, per connection, or once where there is no `connection_id`.

    `id` is a digest of what it is for, so that it is made once. Due at `next_due_at`; `queued_at`:
    a job was queued, and not taken up yet; `running_until`: somebody works on it. `error` is the
    key of the last end, "" when that was good; `failures` counts those one after the other.
    """

    __tablename__ = "plugin_job"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    integration: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(41))
    connection_id: Mapped[str | None] = mapped_column(
        ID, ForeignKey("connection.id", ondelete="CASCADE"), index=True
    )
    minutes: Mapped[int]
    next_due_at: Mapped[datetime] = mapped_column(index=True)
    queued_at: Mapped[datetime | None]
    running_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(80), default="")
    failures: Mapped[int] = mapped_column(default=0)
