"""What pages show of connections and attempts, to their owner alone."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.authorizing import sign_ins
from andock_core.connections import answers as checking, letting_go, preferences, sealed
from andock_core.connections.errors import NotFound
from andock_core.connections.preferences import Preferences
from andock_core.governance import consent
from andock_core.host import Listed
from andock_core.runs.held import held
from andock_core.storage import Attempt, Collection, Connection, Run, Scope
from andock_core.trust.service import Shown
from andock_core.vault import Vault
from andock_sdk import Answers, Certificate, Elsewhere, Form, Step, Text

if TYPE_CHECKING:
    from andock_core.core import Core

UNDER_WAY = ("queued", "running")
AWAY = "away"
"""The state of a test whose member has to sign in at another site."""
LOST_AFTER = timedelta(minutes=5)
"""Longer than every task's deadline: whoever still says "running" died with its worker."""

PREVIEW_LOST_AFTER = timedelta(minutes=35)
"""Likewise for a preview, which looks at every item."""

WAIT_AT_MOST = timedelta(minutes=15)
"""Longer than any queue: whoever still says "queued" was lost with it."""


@dataclass(frozen=True)
class Card:
    """A connection at a glance. `error` is a message key, `progress` {"phase", "done", "total"}
    while a run is under way; `waiting`: one is queued; `to_confirm`: none starts before the member
    agreed to its preview. `held`: so much waits for the member's decision; `paused`: nothing runs
    until it is resumed. `stopped`: company, access (see the table), "" when it may run."""

    id: str
    integration: str
    title: Text
    account: str
    state: str
    error: str
    progress: dict[str, Any] | None
    waiting: bool
    last_run_at: datetime | None
    last_success_at: datetime | None
    next_due_at: datetime | None
    to_confirm: bool = False
    held: int = 0
    paused: bool = False
    stopped: str = ""


@dataclass(frozen=True)
class Chosen:
    """A remote calendar or folder of contacts (`kind`) that is synchronised. `role`: one, import,
    planning. `holds`: what of Andock's own goes there."""

    name: str
    role: str
    error: str
    kind: str = "calendar"
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class LastRun:
    """How the latest run went. `counts` as in the hook `sync_finished`."""

    state: str
    trigger: str
    started_at: datetime
    ended_at: datetime | None
    counts: dict[str, int]
    error: str


@dataclass(frozen=True)
class Details:
    """A connection's own page. `access` is what was typed at the last good test, no password."""

    card: Card
    access: Answers
    chosen: tuple[Chosen, ...]
    last_run: LastRun | None
    preferences: Preferences


@dataclass(frozen=True)
class AttemptStatus:
    """How far an attempt is. `answers` are those typed, without passwords.

    After a search `server` is what was found and `confirm` the foreign host to agree to. After a
    test or a reading of choices `form` asks for the settings and `account` names the mailbox.
    `field_errors`: field name → message key. `asks`: what has to be decided before the choice can
    be saved (see `letting_go`), and how much it is about. `elsewhere`: the integration that is the
    right one for this account, where it is installed and works. `shown`: the certificate that a
    test or a diagnosis failed on. After a diagnosis `found` is the key of the first thing that went
    wrong, `server` what was examined, `names` what to take out before a report is handed on.
    While a test's state is "away", `redirect` is where the member signs in; after one that failed,
    `approval` is where the other side's administrator agrees. `more`: it was made to allow more.
    `session_id`: the browser session in which the member may come back from another site.
    `needs_more`: a choice could not be saved before the member allows more.
    """

    id: str
    connection_id: str
    kind: str
    state: str
    error: str
    steps: tuple[Step, ...]
    answers: Answers
    server: str = ""
    confirm: str = ""
    account: str = ""
    form: Form | None = None
    field_errors: dict[str, str] | None = None
    asks: dict[str, int] = field(default_factory=dict)
    elsewhere: Elsewhere | None = None
    shown: Shown | None = None
    found: str = ""
    names: tuple[str, ...] = ()
    created_at: datetime | None = None
    redirect: str = ""
    approval: str = ""
    more: bool = False
    session_id: str = field(default="", repr=False)
    needs_more: bool = False

    @property
    def under_way(self) -> bool:
        """Whether to look again."""
        return self.state in UNDER_WAY


def cards(core: "Core", scope: Scope) -> list[Card]:
    """The member's connections, oldest first."""
    with core.storage.read(scope) as session:
        rows = session.scalars(
            select(Connection)
            .where(Connection.owner_id == scope.member_id)
            .order_by(Connection.created_at, Connection.id)
        )
        return [_card(core, session, row) for row in rows]


def details(core: "Core", scope: Scope, connection_id: str) -> Details:
    """One connection's page. Raises NotFound."""
    with core.storage.read(scope) as session:
        connection = _owned(session, Connection, scope, connection_id)
        return Details(
            card=_card(core, session, connection),
            access=sealed.open_sealed(core.vault, connection, "access") or {},
            chosen=_chosen(session, core.vault, connection),
            last_run=_last_run(session, connection_id),
            preferences=preferences.of(connection),
        )


def attempt(core: "Core", scope: Scope, attempt_id: str) -> AttemptStatus:
    """How far the member's attempt is. Raises NotFound, also once it has expired."""
    with core.storage.read(scope) as session:
        row = _owned(session, Attempt, scope, attempt_id)
        connection = _owned(session, Connection, scope, row.connection_id)
        return _status(core, row, connection.integration)


def latest(core: "Core", scope: Scope, connection_id: str, *kinds: str) -> AttemptStatus | None:
    """The member's newest attempt of these kinds, None when there is none. Raises NotFound."""
    with core.storage.read(scope) as session:
        connection = _owned(session, Connection, scope, connection_id)
        row = session.scalars(_newest(connection_id, kinds)).first()
        return None if row is None else _status(core, row, connection.integration)


def offered(core: "Core", scope: Scope, connection_id: str) -> AttemptStatus | None:
    """The newest test or reading of choices. A way to another site that was not gone to its end, or
    brought no more access, takes away nothing that was read before."""
    with core.storage.read(scope) as session:
        connection = _owned(session, Connection, scope, connection_id)
        rows = session.scalars(_newest(connection_id, ("test", "choices")))
        found = [_status(core, row, connection.integration) for row in rows]
    counting = (o for o in found if o.state != AWAY and not (o.more and o.state == "failed"))
    return next(counting, found[0] if found else None)


def offered_form(session: Session, vault: Vault, connection: Connection) -> Form | None:
    """The settings form as it was last read, with its real choices; None when that is too old."""
    for row in session.scalars(_newest(connection.id, ("test", "choices"))):
        result = sealed.open_sealed(vault, row, "result") or {}
        if row.state == "done" and result.get("form"):
            return Form.model_validate(result["form"])
    return None


def is_lost(row: Attempt) -> bool:
    """Whether its job must be gone, with its worker or with the queue."""
    moment = clock.now()
    if row.state == "running":
        longest = PREVIEW_LOST_AFTER if row.kind in ("preview", "pairing") else LOST_AFTER
        return (row.begun_at or row.created_at) < moment - longest
    return row.state == "queued" and row.created_at < moment - WAIT_AT_MOST


def _owned(session: Session, table: Any, scope: Scope, row_id: str) -> Any:
    query = select(table).where(table.id == row_id, table.owner_id == scope.member_id)
    row = session.scalars(query).one_or_none()
    if row is None or (isinstance(row, Attempt) and row.expires_at <= clock.now()):
        raise NotFound
    return row


def _newest(connection_id: str, kinds: tuple[str, ...]) -> Any:
    return (
        select(Attempt)
        .where(
            Attempt.connection_id == connection_id,
            Attempt.kind.in_(kinds),
            Attempt.expires_at > clock.now(),
        )
        .order_by(Attempt.created_at.desc(), Attempt.id)
    )


def _card(core: "Core", session: Session, row: Connection) -> Card:
    listed = core.catalog.get(row.integration)
    known = listed and (listed.listing.title if listed.listing else listed.title)
    named = known or Text(en=row.integration)
    return Card(
        id=row.id,
        integration=row.integration,
        title=named,
        account=row.account_label,
        state=row.state,
        error=row.error,
        progress=row.progress,
        waiting=row.queued_at is not None,
        last_run_at=row.last_run_at,
        last_success_at=row.last_success_at,
        next_due_at=row.next_due_at,
        to_confirm=row.wanted != row.confirmed,
        held=sum(held(session, row.id).values()),
        paused=row.paused_at is not None,
        stopped=_stopped(row, listed),
    )


def _stopped(row: Connection, listed: Listed | None) -> str:
    """A new version's wishes are told at once; the worker that meets them stops the connection."""
    if row.stopped or listed is None or listed.listing is None:
        return row.stopped
    return "access" if consent.added(row.consented, listed.listing) else ""


def _chosen(session: Session, vault: Vault, connection: Connection) -> tuple[Chosen, ...]:
    rows = session.scalars(
        select(Collection)
        .where(Collection.connection_id == connection.id, Collection.retired.is_(False))
        .order_by(Collection.kind, Collection.role.desc(), Collection.id)
    )
    return tuple(
        Chosen(
            sealed.open_name(vault, row, connection.owner_id),
            row.role,
            row.error,
            row.kind,
            tuple(row.holds),
        )
        for row in rows
    )


def _last_run(session: Session, connection_id: str) -> LastRun | None:
    run = session.scalars(
        select(Run).where(Run.connection_id == connection_id).order_by(Run.started_at.desc())
    ).first()
    if run is None:
        return None
    return LastRun(
        run.state, run.trigger, run.started_at, run.ended_at, run.counts or {}, run.error
    )


def _steps(vault: Vault, row: Attempt, state: str) -> tuple[Step, ...]:
    """A step that was running when the attempt failed is where it failed: it spins no more."""
    steps = sealed.open_steps(vault, row)
    if state != "failed":
        return steps
    stopped = {"running": "failed", "waiting": "skipped"}
    return tuple(s.model_copy(update={"state": stopped.get(s.state, s.state)}) for s in steps)


def _elsewhere(core: "Core", found: object) -> Elsewhere | None:
    if found is None:
        return None
    named = Elsewhere.model_validate(found)
    listed = core.catalog.get(named.integration)
    return named if listed and listed.listing else None


def _shown(found: Any) -> Shown | None:
    if not found:
        return None
    certificate = Certificate.model_validate(found["certificate"])
    return Shown(found["host"], found["port"], found["why"], certificate)


def _status(core: "Core", row: Attempt, slug: str) -> AttemptStatus:
    listed = core.catalog.get(slug)
    asked = listed.listing.authorize_form if listed and listed.listing else None
    draft: Answers = sealed.open_sealed(core.vault, row, "draft") or {}
    result = sealed.open_sealed(core.vault, row, "result") or {}
    lost = is_lost(row)
    state = "failed" if lost else row.state
    error = "attempt.lost" if lost else row.error
    if state == AWAY and (row.begun_at or row.created_at) < clock.now() - sign_ins.LASTS:
        state, error = "failed", sign_ins.Expired.key
    return AttemptStatus(
        id=row.id,
        connection_id=row.connection_id,
        kind=row.kind,
        state=state,
        error=error,
        steps=_steps(core.vault, row, state),
        answers=letting_go.apart(draft)[0]
        if row.kind == "save"
        else checking.without_secrets(asked, draft),
        server=result.get("server", ""),
        confirm=result.get("confirm", ""),
        elsewhere=_elsewhere(core, result.get("elsewhere")),
        account=result.get("account", ""),
        shown=_shown(result.get("certificate")),
        found=result.get("found", ""),
        names=tuple(result.get("names") or ()),
        created_at=row.created_at,
        form=Form.model_validate(result["form"]) if result.get("form") else None,
        field_errors=result.get("field_errors"),
        asks=result.get("asks") or {},
        redirect=result.get("redirect", "") if state == AWAY else "",
        approval=result.get("approval", ""),
        more=bool(result.get("more")),
        session_id=result.get("session", ""),
        needs_more=bool(result.get("needs_more")),
    )
