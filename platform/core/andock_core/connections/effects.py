"""What a good test and a saved choice change, each in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from andock_core import audit
from andock_core.connections import letting_go, preferences, sealed
from andock_core.moving.states import MOVING, RESTING
from andock_core.storage import Collection, Connection, Member, Move
from andock_core.storage.types import new_id
from andock_core.vault import Vault
from andock_sdk import Account, Answers, Form, Grant, SyncJob
from andock_sdk.errors import MemberError, PluginBug, WrongAccount

IN_USE = ("active", "attention")


def keep_grant(
    session: Session,
    vault: Vault,
    connection: Connection,
    grant: Grant,
    account: Account,
    access: Answers,
    notebook: dict[str, Any],
) -> None:
    """Store what a good test yields. The connection is authorized, or in use again.

    One that is to take another's place goes on being that. Raises WrongAccount when a connection
    in use would change its account, MemberError `account.connected` when another connection of the
    member has this account already, the one whose place it takes aside.
    """
    lock_member(session, connection.owner_id)
    in_use = connection.state in IN_USE
    if in_use and account.key != connection.account_key:
        raise WrongAccount
    twin = select(Connection.id).where(
        Connection.owner_id == connection.owner_id,
        Connection.integration == connection.integration,
        Connection.account_key == account.key,
        Connection.id.not_in((connection.id, *_source(session, connection))),
    )
    if session.scalars(twin).first() is not None:
        raise MemberError("account.connected")
    audit.record(
        *(session, connection.tenant_id),
        "connection.added" if connection.grant is None else "connection.reconnected",
        actor_id=connection.owner_id,
        subject_id=connection.owner_id,
        integration=connection.integration,
    )
    connection.grant = sealed.seal_grant(vault, connection, grant)
    connection.access = sealed.seal(vault, connection, "access", access)
    connection.notebook = sealed.seal(vault, connection, "notebook", notebook)
    if connection.state == MOVING and account.key != connection.account_key:
        choice = update(Move).where(Move.new_id == connection.id)
        session.execute(choice.values(taken={}))  # it was about the other mailbox
    connection.account_key, connection.account_label = account.key, account.label
    if connection.state != MOVING:
        connection.state = "active" if in_use else "authorized"
    connection.error, connection.failures = "", 0
    connection.ends_at = ends_at(grant)


def ends_at(grant: Grant) -> datetime | None:
    """When the grant's secret ends: its fact "ends_at", a date and time in ISO format with its
    offset; None when the plugin does not know, or says it in another way."""
    try:
        moment = datetime.fromisoformat(str(grant.facts.get("ends_at", "")))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def put_into_effect(
    session: Session,
    vault: Vault,
    connection: Connection,
    settings: Answers,
    jobs: Sequence[SyncJob],
    form: Form | None,
    fates: Mapping[str, str],
) -> None:
    """Want what was chosen, let go of what no longer is, as `fates` says (see `letting_go`). The
    next run does it, once the member agreed to its preview (see `preferences`).

    Raises MemberError: `choice.empty`, or `calendar.taken`, `contacts.taken`, `planning.taken` when
    another connection of the member has that role. Raises PluginBug when the declarations
    contradict.
    """
    lock_member(session, connection.owner_id)
    if not jobs:
        raise MemberError("choice.empty")
    _refuse_contradictions(jobs)
    claimed = {name for job in jobs for name in _exclusive(job.kind, job.role, job.holds)}
    for name in sorted(claimed & _taken(session, connection)):
        raise MemberError(f"{name}.taken")
    names = _names(form)
    wanted = {job.collection: job for job in jobs}
    rows = select(Collection).where(Collection.connection_id == connection.id)
    present = {row.ref: row for row in session.scalars(rows)}
    for ref, row in present.items():
        if not row.retired or ref in wanted:
            letting_go.let_loose(session, row, wanted.get(ref), jobs, fates)
    for ref, job in wanted.items():
        row = present.get(ref) or _new_collection(session, connection, ref)
        if not set(job.holds) <= set(row.holds or []):
            row.cursor = None  # what went there before has to be found again
        row.kind, row.role, row.holds = job.kind, job.role, sorted(job.holds)
        if ref in names:
            row.name = sealed.seal_name(vault, row, connection.owner_id, names[ref])
    connection.settings = sealed.seal(vault, connection, "settings", settings)
    connection.minimum_minutes = max((job.minimum_minutes for job in jobs), default=1)
    if connection.state != MOVING:
        connection.state, connection.error = "active", ""
    preferences.want(session, vault, connection)


def _refuse_contradictions(jobs: Sequence[SyncJob]) -> None:
    refs = [job.collection for job in jobs]
    ones = [job.kind for job in jobs if job.role == "one"]
    held = [holding for job in jobs for holding in letting_go.holdings(job)]
    if any(len(set(names)) < len(names) for names in (refs, ones, held)):
        raise PluginBug("sync_jobs.contradict")


def lock_member(session: Session, member_id: str) -> None:
    """What is decided across a member's connections is decided by one transaction at a time.

    SQLite writers wait for each other anyway.
    """
    session.execute(select(Member.id).where(Member.id == member_id).with_for_update())


def _exclusive(kind: str, role: str, holds: Iterable[str]) -> set[str]:
    """What only one connection of a member may have, as this collection has it."""
    if kind == "contacts":
        return {"contacts"}
    if kind == "tasks":
        return {"planning"}
    found = {"planning"} if {"tasks", "calls"} & set(holds) else set()
    return found | {"calendar"} if role == "one" else found


def _taken(session: Session, connection: Connection) -> set[str]:
    """What other connections of the member have already. What another takes over, or has taken
    over, is free for it."""
    query = (
        select(Collection)
        .join(Connection, Collection.connection_id == Connection.id)
        .where(
            Connection.owner_id == connection.owner_id,
            Connection.id.not_in((connection.id, *_source(session, connection))),
            Connection.state.not_in(RESTING),
            Collection.retired.is_(False),
        )
    )
    rows = session.scalars(query)
    return {name for row in rows for name in _exclusive(row.kind, row.role, row.holds)}


def _source(session: Session, connection: Connection) -> tuple[str, ...]:
    """The connection whose place this one takes."""
    return tuple(session.scalars(select(Move.old_id).where(Move.new_id == connection.id)))


def _new_collection(session: Session, connection: Connection, ref: str) -> Collection:
    row = Collection(
        id=new_id(),
        tenant_id=connection.tenant_id,
        connection_id=connection.id,
        ref=ref,
        retired=False,
    )
    session.add(row)
    return row


def _names(form: Form | None) -> dict[str, str]:
    fields = form.fields if form else ()
    return {choice.value: choice.label.en for field in fields for choice in field.choices}
