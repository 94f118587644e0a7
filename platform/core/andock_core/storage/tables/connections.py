"""Connections to the other side, and what is done before they run."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import REF, Base, TenantOwned, id_column, to


class Connection(TenantOwned, Base):
    """A member's added integration.

    `state`: added (no grant yet), authorized (tested, nothing chosen yet), active, attention
    (its grant or server needs a hand; `error` is the message key), moving (it is to take another's
    place, and does not run yet), parked (another took its place, which can be taken back).
    `grant`, `access` (what was typed to get it, without passwords), `settings` and `notebook` are
    sealed JSON with the kinds "connection.grant" and so on. `next_due_at` is when the dispatcher
    starts the next run; None: never by itself. A run holds the lease; `fence` grows with each lease
    and is checked in each of the run's transactions. `progress` is
    {"phase", "done", "total"} while a run is under way.
    `queued_at`: a job was put into a queue and not taken up yet. `requested_at`: someone asked for
    a run that has not begun. `failures` counts the runs that failed one after the other. While
    `paused_at` is set nothing runs: the member said so. `preferences`: see
    `andock_core.connections.preferences`. `wanted` is a digest of all that decides what is
    synchronised, `confirmed` the one that the member agreed to after its preview: nothing runs
    while they differ. `stopped` says why it may not run at present, whatever its member wants:
    company (its admin switched the integration off), access (the installed version asks for more
    than the member consented to), "" it may. `consented` is the access that the member consented
    to, see `andock_core.governance.consent`. `ends_at`: when its secret ends, where that is known.
    """

    __tablename__ = "connection"
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = to("member.id")
    integration: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12), default="added")
    error: Mapped[str] = mapped_column(String(80), default="")
    account_key: Mapped[str] = mapped_column(String(400), default="")
    account_label: Mapped[str] = mapped_column(String(400), default="")
    grant: Mapped[bytes | None] = mapped_column(LargeBinary)
    access: Mapped[bytes | None] = mapped_column(LargeBinary)
    settings: Mapped[bytes | None] = mapped_column(LargeBinary)
    notebook: Mapped[bytes | None] = mapped_column(LargeBinary)
    preferences: Mapped[dict[str, Any] | None]
    wanted: Mapped[str] = mapped_column(String(64), default="")
    confirmed: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    interval_minutes: Mapped[int] = mapped_column(default=30)
    minimum_minutes: Mapped[int] = mapped_column(default=1)
    """What the plugin asks for: by itself Andock runs it no more often."""
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    queued_at: Mapped[datetime | None]
    requested_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    lease_holder: Mapped[str] = mapped_column(String(64), default="")
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    progress: Mapped[dict[str, Any] | None]
    paused_at: Mapped[datetime | None]
    stopped: Mapped[str] = mapped_column(String(10), default="")
    consented: Mapped[list[Any] | None]
    ends_at: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]


class Attempt(TenantOwned, Base):
    """A search, a test, a preview, a diagnosis, as a job. Only its owner sees it.

    `kind`: search, test, choices, save, preview, pairing, doctor. `state`: queued, running,
    done, failed.
    `steps`, `draft` (the answers; the password until the attempt ends) and `result` are sealed
    JSON. Deleted at `expires_at`. `begun_at`: when a worker took it up.
    """

    __tablename__ = "attempt"
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = to("member.id")
    connection_id: Mapped[str] = to("connection.id")
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    error: Mapped[str] = mapped_column(String(80), default="")
    steps: Mapped[bytes | None] = mapped_column(LargeBinary)
    draft: Mapped[bytes | None] = mapped_column(LargeBinary)
    result: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=now)
    begun_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Collection(TenantOwned, Base):
    """A remote calendar, folder of contacts or list of tasks (`kind`) that is synchronised.

    `role`: one, import, planning. `holds`: what of Andock's own goes there (appointments, tasks,
    calls). `letting_go`: what becomes of what it brought in when it is retired: stays, goes.
    `name` and `cursor` are sealed. `retired`: no longer chosen; its pairs are being let go.
    `listing` is true while a full listing is under way (after a lost token, say); `listing_mark`
    counts listings, so that a pair unseen in the present one is a suspicion.
    """

    __tablename__ = "collection"
    __table_args__ = (UniqueConstraint("connection_id", "ref"),)
    id: Mapped[str] = id_column()
    connection_id: Mapped[str] = to("connection.id")
    ref: Mapped[str] = mapped_column(REF)
    name: Mapped[bytes | None] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(10), default="calendar")
    role: Mapped[str] = mapped_column(String(10))
    holds: Mapped[list[Any]] = mapped_column(default=list)
    letting_go: Mapped[str] = mapped_column(String(5), default="")
    cursor: Mapped[bytes | None] = mapped_column(LargeBinary)
    listing: Mapped[bool] = mapped_column(default=True)
    listing_mark: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(String(80), default="")
