"""What the pages of the tasks show, as plain data in the member's wall time."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.calendar.expand import CannotExpand, to_utc, zone_named
from andock_core.clock import now
from andock_core.planning.tasks import GROUPS, MOST, Group, Tasks
from andock_core.storage.tables import Task
from andock_web import formats
from andock_web.lines import one_line

ALL = 2000
"""As many as one page can sensibly hold."""


@dataclass(frozen=True)
class Row:
    """A task in the list. `when` is the day and time in words, empty where the heading says it."""

    id: str
    version: int
    title: str
    when: str
    done: bool
    late: bool
    has_notes: bool
    left_out: bool


@dataclass(frozen=True)
class Section:
    """A heading with its tasks; `more` are not shown."""

    group: Group
    title: str
    rows: list[Row]
    more: int


@dataclass(frozen=True)
class Lists:
    """The page: its sections, and how many tasks there are to do and done."""

    done: bool
    sections: list[Section]
    open_count: int
    done_count: int


def lists(session: Session, member: MemberInfo, *, done: bool, whole: bool) -> Lists:
    """The tasks to do, in groups, or those that are done. `whole`: without a limit to speak of."""
    tasks = Tasks(session, member.tenant_id, member.id)
    day = today()
    counts = tasks.counts(day)
    shown: tuple[Group, ...] = ("done",) if done else GROUPS[:-1]
    limit = ALL if whole else MOST
    found = [
        _section(group, tasks.group(group, day, limit), counts[group], member)
        for group in shown
        if counts[group]
    ]
    return Lists(done, found, sum(counts.values()) - counts["done"], counts["done"])


def today() -> str:
    """The member's day, "2026-11-24"."""
    return formats.local(now()).date().isoformat()


def due_here(task: Task, zone: str) -> tuple[str, str]:
    """Day and time on the clock of `zone`, either may be empty."""
    if not task.due_time or task.zone == zone:
        return task.due_day, task.due_time
    try:
        moment = to_utc(datetime.fromisoformat(f"{task.due_day}T{task.due_time}"), task.zone)
        here = moment.astimezone(zone_named(zone))
    except CannotExpand:
        return task.due_day, task.due_time
    return here.date().isoformat(), f"{here:%H:%M}"


def _section(group: Group, tasks: list[Task], count: int, member: MemberInfo) -> Section:
    titles = {
        "overdue": _("Overdue"),
        "today": _("Today"),
        "later": _("Later"),
        "undated": _("Without a date"),
        "done": _("Done"),
    }
    rows = [_row(task, group, member) for task in tasks]
    return Section(group, str(titles[group]), rows, count - len(rows))


def _row(task: Task, group: Group, member: MemberInfo) -> Row:
    day, at = due_here(task, member.zone)
    words = [formats.on_day(date.fromisoformat(day))] if day and group != "today" else []
    return Row(
        id=task.id,
        version=task.version,
        title=one_line(task.title),
        when=", ".join([*words, at] if at else words),
        done=task.done_at is not None,
        late=group == "overdue",
        has_notes=bool(task.notes),
        left_out=bool(day) and not task.planned,
    )
