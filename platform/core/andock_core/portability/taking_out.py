"""Export: a tenant's data, or one member's, as records."""

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from andock_core import clock
from andock_core.calendar.entries import document_of
from andock_core.contacts.store import document_of as contact_of
from andock_core.core import Core
from andock_core.portability.records import (
    AuditRecord,
    CallRecord,
    ConnectionRecord,
    ContactRecord,
    EntryRecord,
    HeaderRecord,
    MemberRecord,
    NamedRuleRecord,
    Record,
    RequestRecord,
    RuleRecord,
    TaskRecord,
    TenantRecord,
)
from andock_core.storage import (
    AuditEntry,
    Call,
    Connection,
    Contact,
    ContactShare,
    Entry,
    IntegrationRequest,
    IntegrationRule,
    Member,
    NamedRule,
    Scope,
    ShownOccurrence,
    Task,
    Tenant,
)

BATCH = 500
Row = TypeVar("Row", Member, Entry, Contact, Task, Call, Connection)


def records(core: Core, tenant_id: str, only: str = "") -> Iterator[Record]:
    """Everything of a tenant in one consistent state, or what belongs to the member `only` (an
    id). Raises SealBroken where the keys are not the right ones."""
    with core.storage.read(Scope(tenant_id)) as session:
        tenant = session.get_one(Tenant, tenant_id)
        yield HeaderRecord(made_at=clock.now(), only=only)
        yield TenantRecord(
            slug=tenant.slug, name=tenant.name, language=tenant.language, zone=tenant.zone
        )
        for member in _rows(session, Member, only):
            yield MemberRecord.model_validate(_fields(member, MemberRecord))
        for entry in _rows(session, Entry, only):
            yield _entry(core, session, entry)
        for contact in _rows(session, Contact, only):
            if contact.deleted_at is None:
                yield _contact(session, contact)
        for task in _rows(session, Task, only):
            yield TaskRecord.model_validate(_fields(task, TaskRecord))
        for call in _rows(session, Call, only):
            yield CallRecord.model_validate(_fields(call, CallRecord))
        for connection in _rows(session, Connection, only):
            yield ConnectionRecord(
                owner=connection.owner_id,
                integration=connection.integration,
                account=connection.account_label,
                since=connection.created_at,
            )
        yield from _governance(session, only)
        yield from _audit(session, only)


def _governance(session: Session, only: str) -> Iterator[Record]:
    """The company's rules, and what was asked for. They are few."""
    if not only:
        for rule in session.scalars(select(IntegrationRule).order_by(IntegrationRule.id)):
            yield RuleRecord.model_validate(_columns(rule, RuleRecord))
    named = select(NamedRule).where(NamedRule.member_id == only if only else true())
    for one in session.scalars(named.order_by(NamedRule.id)):
        yield NamedRuleRecord.model_validate(
            {**_columns(one, NamedRuleRecord), "owner": one.member_id}
        )
    asked = select(IntegrationRequest).where(
        IntegrationRequest.member_id == only if only else true()
    )
    for request in session.scalars(asked.order_by(IntegrationRequest.id)):
        yield RequestRecord.model_validate(
            {**_columns(request, RequestRecord), "owner": request.member_id}
        )


def _audit(session: Session, only: str) -> Iterator[Record]:
    """The audit log, oldest first; of one member what they did and what was done to them."""
    mine = or_(AuditEntry.actor_id == only, AuditEntry.subject_id == only) if only else true()
    query = select(AuditEntry).where(mine).order_by(AuditEntry.at, AuditEntry.id)
    for row in session.scalars(query.execution_options(yield_per=BATCH)):
        yield AuditRecord(
            at=row.at,
            action=row.action,
            actor=row.actor_id,
            subject=row.subject_id,
            integration=row.integration,
            facts=row.facts,
        )


def _rows(session: Session, table: type[Row], only: str) -> Iterator[Row]:
    """A table's rows in pages by id, so that a large company needs little memory."""
    key: InstrumentedAttribute[str] = table.id
    owner = key if table.__tablename__ == "member" else getattr(table, "owner_id")  # noqa: B009 - not all have it
    mine = owner == only if only else true()
    after = ""
    while True:
        query = select(table).where(key > after, mine).order_by(key).limit(BATCH)
        page: list[Row] = list(session.scalars(query))
        yield from page
        if len(page) < BATCH:
            return
        after = page[-1].id
        for row in page:
            session.expunge(row)


def _entry(core: Core, session: Session, row: Entry) -> EntryRecord:
    shown = session.scalars(
        select(ShownOccurrence.original_start)
        .where(ShownOccurrence.entry_id == row.id)
        .order_by(ShownOccurrence.original_start)
    ).all()
    return EntryRecord(
        id=row.id,
        owner=row.owner_id,
        visibility=row.visibility,  # type: ignore[arg-type]
        origin=row.origin,  # type: ignore[arg-type]
        converted=row.converted,
        locked=row.locked,
        item=document_of(core.vault, row),
        shown=tuple(shown),
    )


def _contact(session: Session, row: Contact) -> ContactRecord:
    readers = session.scalars(
        select(ContactShare.member_id)
        .where(ContactShare.contact_id == row.id)
        .order_by(ContactShare.member_id)
    ).all()
    return ContactRecord(
        id=row.id, owner=row.owner_id, item=contact_of(row), shared_with=tuple(readers)
    )


def _fields(row: Any, kind: type[BaseModel]) -> dict[str, Any]:
    """The columns that the record calls by the same name, and the row's owner."""
    found = _columns(row, kind)
    return found if isinstance(row, Member) else {**found, "owner": row.owner_id}


def _columns(row: Any, kind: type[BaseModel]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in kind.model_fields if hasattr(row, name)}
