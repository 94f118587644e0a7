"""Switching off: what becomes of what was brought in, and of the entries of tasks and calls there.

The member is asked for each subject that has anything to decide about:

- calendar: private blocks that a calendar brought in (what was made visible stays);
- contacts: contacts that came from the other side;
- tasks: tasks that came from a list on the other side;
- planning: entries of tasks and calls, on the other side.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from andock_core.storage import Collection, Connection, Contact, Entry, Pair, Task
from andock_sdk import Answers, SyncJob

Subject = Literal["calendar", "contacts", "tasks", "planning"]
Fate = Literal["stays", "goes"]
FATES: tuple[Fate, ...] = ("stays", "goes")
ASK = "letting_go.ask"
"""The key of the error with which saving ends while something is undecided."""

_PREFIX = "letting_go."
RECORDS = {"tasks": "task", "calls": "call"}


def together(answers: Answers, fates: Mapping[str, str]) -> Answers:
    """One draft of the answers and the decisions; no field of a form is named like a decision."""
    return {**answers, **{_PREFIX + subject: fate for subject, fate in fates.items()}}


def apart(draft: Answers) -> tuple[Answers, dict[str, str]]:
    """The answers and the decisions of a draft."""
    answers = {name: value for name, value in draft.items() if not name.startswith(_PREFIX)}
    fates = {
        name.removeprefix(_PREFIX): str(value)
        for name, value in draft.items()
        if name.startswith(_PREFIX)
    }
    return answers, fates


def questions(
    session: Session, connection: Connection, jobs: Sequence[SyncJob]
) -> dict[Subject, int]:
    """What has to be decided before these declarations take effect: subject → how many there are.

    What moves to another calendar is not asked for: it goes there.
    """
    wanted = {job.collection: job for job in jobs}
    found: dict[Subject, int] = {}
    for row in present(session, connection):
        job = wanted.get(row.ref)
        _add(found, "planning", _planned(session, row, _dropped(row, job) - _held(jobs)))
        if row.kind == "contacts" and job is None:
            _add(found, "contacts", _count(session, row, Contact, Contact.origin == "remote"))
        elif row.kind == "tasks" and job is None:
            _add(found, "tasks", _count(session, row, Task, Task.origin == "remote"))
        elif row.kind == "calendar" and (job is None or job.role == "planning"):
            blocks = (Entry.origin == "remote", Entry.visibility == "block")
            _add(found, "calendar", _count(session, row, Entry, *blocks))
    return found


def let_loose(
    session: Session,
    row: Collection,
    job: SyncJob | None,
    jobs: Sequence[SyncJob],
    fates: Mapping[str, str],
) -> None:
    """Note in a collection what becomes of what it no longer has; the next run carries it out.

    A calendar whose entries of tasks and calls have to be taken back stays until that is done.
    """
    row.letting_go = fates.get(row.kind, "goes" if row.kind == "calendar" else "stays")
    for holding in _dropped(row, job):
        goes = holding in _held(jobs) or fates.get("planning") != "stays"
        mine = (Pair.collection_id == row.id, Pair.local_kind == RECORDS[holding])
        if goes:
            session.execute(update(Pair).where(*mine).values(state="release", error=""))
        else:
            session.execute(delete(Pair).where(*mine))
    row.retired = job is None
    if job is None and row.kind == "calendar" and _planned(session, row, frozenset(RECORDS)):
        row.role, row.holds = "planning", []


def present(session: Session, connection: Connection) -> list[Collection]:
    """The collections that a connection has, and is not letting go of."""
    query = select(Collection).where(
        Collection.connection_id == connection.id, Collection.retired.is_(False)
    )
    return list(session.scalars(query))


def holdings(job: SyncJob) -> frozenset[str]:
    """What of Andock's own goes to a collection; a list of tasks has the tasks."""
    return frozenset(job.holds) | ({"tasks"} if job.kind == "tasks" else set())


def _held(jobs: Sequence[SyncJob]) -> frozenset[str]:
    return frozenset(holding for job in jobs for holding in holdings(job))


def _dropped(row: Collection, job: SyncJob | None) -> frozenset[str]:
    """Tasks or calls that the collection holds and shall hold no longer."""
    return frozenset(map(str, row.holds)) & RECORDS.keys() - (job.holds if job else frozenset())


def _planned(session: Session, row: Collection, holdings: frozenset[str]) -> int:
    kinds = [RECORDS[holding] for holding in holdings]
    query = select(func.count(Pair.id)).where(
        Pair.collection_id == row.id, Pair.local_kind.in_(kinds), Pair.base_local.is_not(None)
    )
    return session.scalar(query) or 0


def _count(session: Session, row: Collection, table: Any, *conditions: ColumnElement[bool]) -> int:
    query = (
        select(func.count(table.id))
        .join(Pair, Pair.entry_id == table.id)
        .where(Pair.collection_id == row.id, Pair.base_local.is_not(None), *conditions)
    )
    return session.scalar(query) or 0


def _add(found: dict[Subject, int], subject: Subject, count: int) -> None:
    if count:
        found[subject] = found.get(subject, 0) + count
