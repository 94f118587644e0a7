"""What a viewer may see of tasks and calls in a calendar: the one place that decides it.

An owner sees all of their own. Of a colleague's call one sees that the time is taken, and nothing
else leaves this module, no id either; of a colleague's task one sees nothing at all.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.calendar.expand import CannotExpand, interval_of
from andock_core.calendar.viewing import Seen
from andock_core.planning.entries import LONGEST_CALL, task_entry
from andock_core.planning.tasks import Tasks
from andock_core.storage.tables import Call, Member, Task

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Planned:
    """A task or call of the viewer's own. `seen` says when; its kind there means nothing."""

    record: Task | Call
    seen: Seen


def planned_between(
    session: Session,
    viewer: MemberInfo,
    begin: datetime,
    end: datetime,
    member_ids: Collection[str],
) -> list[Planned | Seen]:
    """Tasks and calls between `begin` and `end` (aware): the viewer's as `Planned`, of the other
    members that time is taken.

    Members of other tenants have nothing, whatever id is asked for. The session is the viewer's.
    """
    found: list[Planned | Seen] = []
    if viewer.id in member_ids:
        found.extend(_tasks(session, viewer, begin, end))
    found.extend(_calls(session, viewer, begin, end, member_ids))
    return found


def _tasks(
    session: Session, viewer: MemberInfo, begin: datetime, end: datetime
) -> Iterator[Planned]:
    days = ((begin - DAY).date().isoformat(), (end + DAY).date().isoformat())
    for task in Tasks(session, viewer.tenant_id, viewer.id).between(*days):
        entry = task_entry(task)
        if entry is None:
            continue
        try:
            when = interval_of(entry.when, "", entry.busy)
        except (CannotExpand, ValueError, OverflowError):
            continue  # a zone that this machine does not know: the task is in its list
        yield Planned(
            task,
            Seen(
                owner_id=viewer.id,
                kind="block",
                start_at=when.start_at,
                end_at=when.end_at,
                all_day=when.all_day,
                start_day=when.start_day,
                end_day=when.end_day,
                busy="free",
                title=task.title,
            ),
        )


def _calls(
    session: Session,
    viewer: MemberInfo,
    begin: datetime,
    end: datetime,
    member_ids: Collection[str],
) -> Iterator[Planned | Seen]:
    rows = session.scalars(
        select(Call)
        .join(Member, Member.id == Call.owner_id)
        .where(
            Call.owner_id.in_(list(member_ids)),
            Call.planned,
            Call.start_at < end,
            Call.start_at > begin - timedelta(minutes=LONGEST_CALL),
            Member.tenant_id == viewer.tenant_id,
            Member.active,
        )
        .order_by(Call.start_at, Call.id)
    )
    for call in rows:
        if call.start_at is None:
            continue
        mine = call.owner_id == viewer.id
        seen = Seen(
            owner_id=call.owner_id,
            kind="block",
            start_at=call.start_at,
            end_at=call.start_at + timedelta(minutes=call.minutes),
            all_day=False,
            start_day="",
            end_day="",
            busy="busy",
            title=(call.whom or call.number) if mine else "",
        )
        yield Planned(call, seen) if mine else seen
