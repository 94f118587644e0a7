"""What a company's admins read of the audit log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.orm import Session

from andock_core.audit.record import Fact
from andock_core.storage import AuditEntry, Member, Scope, Storage

PAGE = 50
BATCH = 500
NOBODY = "nobody"
"""Filter of `who`: what was done by nobody who was signed in."""


@dataclass(frozen=True)
class Filter:
    """What to show; "" and None: all. `who` did it, or it was done to them: a member's id,
    OPERATOR or NOBODY. `action` is a key, or the first word of one ("member"). From `since` up to,
    not including, `until`."""

    who: str = ""
    action: str = ""
    integration: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One entry. `actor` and `subject` are names, "" where none is known."""

    id: str
    at: datetime
    action: str
    actor_id: str
    actor: str
    subject_id: str
    subject: str
    integration: str
    facts: dict[str, Fact]


@dataclass(frozen=True)
class Page:
    """Lines, newest first, and the mark that the next page begins after ("": none)."""

    lines: list[Line]
    next: str


def page(storage: Storage, scope: Scope, wanted: Filter, after: str = "") -> Page:
    """A page of the scope's company. An unknown mark is the beginning."""
    with storage.read(scope) as session:
        mark = session.get(AuditEntry, after) if after else None
        before = None if mark is None or mark.tenant_id != scope.tenant_id else (mark.at, mark.id)
        rows = list(session.scalars(_query(wanted, before).limit(PAGE + 1)))
        names = _names(session)
        lines = [_line(row, names) for row in rows[:PAGE]]
        return Page(lines, rows[PAGE - 1].id if len(rows) > PAGE else "")


def all_of(storage: Storage, scope: Scope, wanted: Filter) -> Iterator[Line]:
    """All that the filter chooses, newest first, in small portions: a log of years needs little
    memory, and no transaction stays open while somebody downloads it."""
    before: tuple[datetime, str] | None = None
    while True:
        with storage.read(scope) as session:
            rows = list(session.scalars(_query(wanted, before).limit(BATCH)))
            names = _names(session)
            lines = [_line(row, names) for row in rows]
        yield from lines
        if len(lines) < BATCH:
            return
        before = (lines[-1].at, lines[-1].id)


def choices(storage: Storage, scope: Scope) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """What can be filtered by: members (id, name), actions and integrations in the log."""
    with storage.read(scope) as session:
        people = session.execute(select(Member.id, Member.name).order_by(Member.name, Member.id))
        actions = session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
        slugs = session.scalars(
            select(AuditEntry.integration).distinct().order_by(AuditEntry.integration)
        )
        return (
            [(row.id, row.name) for row in people],
            list(actions),
            [slug for slug in slugs if slug],
        )


def _query(wanted: Filter, before: tuple[datetime, str] | None) -> Select[AuditEntry]:
    query = (
        select(AuditEntry)
        .where(*_conditions(wanted))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    if before is not None:
        query = query.where(tuple_(AuditEntry.at, AuditEntry.id) < before)
    return query


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.who == NOBODY:
        yield AuditEntry.actor_id == ""
    elif wanted.who:
        yield or_(AuditEntry.actor_id == wanted.who, AuditEntry.subject_id == wanted.who)
    if "." in wanted.action:
        yield AuditEntry.action == wanted.action
    elif wanted.action:
        yield AuditEntry.action.startswith(f"{wanted.action}.", autoescape=True)
    if wanted.integration:
        yield AuditEntry.integration == wanted.integration
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until


def _names(session: Session) -> dict[str, str]:
    return {row.id: row.name for row in session.execute(select(Member.id, Member.name))}


def _line(row: AuditEntry, names: dict[str, str]) -> Line:
    return Line(
        id=row.id,
        at=row.at,
        action=row.action,
        actor_id=row.actor_id,
        actor=names.get(row.actor_id, ""),
        subject_id=row.subject_id,
        subject=names.get(row.subject_id, ""),
        integration=row.integration,
        facts=dict(row.facts),
    )
