"""What a good test and a saved choice change, each in one transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.connections import sealed
from andock_core.storage import Collection, Connection, Member
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

    Raises WrongAccount when a connection in use would change its account, MemberError
    `account.connected` when another connection of the member has this account already.
    """
    lock_member(session, connection.owner_id)
    in_use = connection.state in IN_USE
    if in_use and account.key != connection.account_key:
        raise WrongAccount
    twin = select(Connection.id).where(
        Connection.owner_id == connection.owner_id,
        Connection.integration == connection.integration,
        Connection.account_key == account.key,
        Connection.id != connection.id,
    )
    if session.scalars(twin).first() is not None:
        raise MemberError("account.connected")
    connection.grant = sealed.seal_grant(vault, connection, grant)
    connection.access = sealed.seal(vault, connection, "access", access)
    connection.notebook = sealed.seal(vault, connection, "notebook", notebook)
    connection.account_key, connection.account_label = account.key, account.label
    connection.state = "active" if in_use else "authorized"
    connection.error, connection.failures = "", 0


def put_into_effect(
    session: Session,
    vault: Vault,
    connection: Connection,
    settings: Answers,
    jobs: Sequence[SyncJob],
    form: Form | None,
) -> None:
    """Synchronise what was chosen, let go of what no longer is.

    Raises MemberError: `choice.empty`, or `calendar.taken` when another connection of the member
    holds the role of the one calendar. Raises PluginBug when the declarations contradict.
    """
    lock_member(session, connection.owner_id)
    roles = {job.collection: job.role for job in jobs}
    if not roles:
        raise MemberError("choice.empty")
    ones = list(roles.values()).count("one")
    if ones > 1 or len(roles) != len(jobs):
        raise PluginBug("sync_jobs.contradict")
    if ones and _taken(session, connection):
        raise MemberError("calendar.taken")
    names = _names(form)
    present = {
        row.ref: row
        for row in session.scalars(
            select(Collection).where(Collection.connection_id == connection.id)
        )
    }
    for ref, row in present.items():
        row.retired = ref not in roles
    for ref, role in roles.items():
        row = present.get(ref) or _new_collection(session, connection, ref)
        row.role = role
        if ref in names:
            row.name = sealed.seal_name(vault, row, connection.owner_id, names[ref])
    connection.settings = sealed.seal(vault, connection, "settings", settings)
    connection.state, connection.error = "active", ""


def lock_member(session: Session, member_id: str) -> None:
    """What is decided across a member's connections is decided by one transaction at a time.

    SQLite writers wait for each other anyway.
    """
    session.execute(select(Member.id).where(Member.id == member_id).with_for_update())


def _taken(session: Session, connection: Connection) -> bool:
    query = (
        select(Collection.id)
        .join(Connection, Collection.connection_id == Connection.id)
        .where(
            Connection.owner_id == connection.owner_id,
            Connection.id != connection.id,
            Collection.role == "one",
            Collection.retired.is_(False),
        )
    )
    return session.scalars(query).first() is not None


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
