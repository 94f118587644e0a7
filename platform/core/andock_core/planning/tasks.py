"""A member's tasks."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, select

from andock_core.clock import now
from andock_core.planning.records import Records
from andock_core.storage.tables import Task
from andock_core.storage.types import new_id

Group = Literal["overdue", "today", "later", "undated", "done"]
GROUPS: tuple[Group, ...] = ("overdue", "today", "later", "undated", "done")
MOST = 25
"""How many tasks one page shows."""


class Tasks(Records[Task]):
    """The tasks of one member: `Tasks(session, tenant_id, owner_id)`.

    `get`, `need`, `replace`, `delete` and `bring_back` are those of all records.
    """

    table = Task

    def create(
        self,
        title: str,
        *,
        notes: str = "",
        due_day: str = "",
        due_time: str = "",
        zone: str = "",
        planned: bool = True,
        task_id: str | None = None,
    ) -> Task:
        """A new task, to be done."""
        return self._added(
            Task(
                id=task_id or new_id(),
                tenant_id=self._tenant_id,
                owner_id=self._owner_id,
                version=1,
                title=title,
                notes=notes,
                due_day=due_day,
                due_time=due_time,
                zone=zone if due_time else "",
                planned=planned,
            )
        )

    def replace(self, row: Task, values: Mapping[str, Any], *, expected_version: int) -> Task:
        """Set these columns; what rested goes out again. Raises RecordChanged."""
        return super().replace(row, {**values, "resting": False}, expected_version=expected_version)

    def set_done(self, task: Task, done: bool, *, expected_version: int) -> Task:
        """Tick it off, or open it again. Raises RecordChanged."""
        values = {"done_at": now() if done else None}
        return self.replace(task, values, expected_version=expected_version)

    def unplan(self, task: Task, *, expected_version: int) -> Task:
        """Take it out of the planning; the task stays. Raises RecordChanged."""
        return self.replace(task, {"planned": False}, expected_version=expected_version)

    def planned(self) -> list[Task]:
        """All that have a place in the calendar, done ones too, by date."""
        found = select(Task).where(*self._own(), Task.planned, Task.due_day != "")
        return list(self._session.scalars(found.order_by(Task.due_day, Task.due_time, Task.id)))

    def between(self, first: str, last: str) -> list[Task]:
        """Those of the planning with a date from `first` to `last` (days, inclusive)."""
        days = (Task.due_day >= first, Task.due_day <= last)
        found = select(Task).where(*self._own(), Task.planned, Task.due_day != "", *days)
        return list(self._session.scalars(found.order_by(Task.due_day, Task.due_time, Task.id)))

    def group(self, group: Group, today: str, limit: int = MOST) -> list[Task]:
        """The tasks of a group; `today` is the member's day. Done ones latest first."""
        order: Any = (Task.due_day, Task.due_time == "", Task.due_time, Task.title, Task.id)
        if group == "done":
            order = (Task.done_at.desc(), Task.id)
        if group == "undated":
            order = (Task.updated_at.desc(), Task.id)
        found = select(Task).where(*self._own(), *_belongs(group, today)).order_by(*order)
        return list(self._session.scalars(found.limit(limit)))

    def counts(self, today: str) -> dict[Group, int]:
        """How many tasks each group has."""
        columns = [func.sum(case((and_(*_belongs(group, today)), 1), else_=0)) for group in GROUPS]
        found = self._session.execute(select(*columns).where(*self._own())).one()
        return {group: int(number or 0) for group, number in zip(GROUPS, found, strict=True)}

    def _own(self) -> tuple[ColumnElement[bool], ...]:
        return (Task.owner_id == self._owner_id,)


def _belongs(group: Group, today: str) -> tuple[ColumnElement[bool], ...]:
    if group == "done":
        return (Task.done_at.is_not(None),)
    days: dict[Group, tuple[ColumnElement[bool], ...]] = {
        "overdue": (Task.due_day != "", Task.due_day < today),
        "today": (Task.due_day == today,),
        "later": (Task.due_day > today,),
        "undated": (Task.due_day == "",),
    }
    return (Task.done_at.is_(None), *days[group])
