"""Tasks and calls as rows, on both databases: compare and set, undo, order, privacy."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.calendar.viewing import Seen
from andock_core.planning.calls import Calls
from andock_core.planning.records import RecordChanged, RecordGone
from andock_core.planning.tasks import Tasks
from andock_core.planning.viewing import Planned, planned_between
from andock_core.storage.tables import Collection, Connection, Intent, Pair
from tests.calendar.builders import BERLIN, Office

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NINE = MONDAY + timedelta(hours=8)
WEEK = (MONDAY, MONDAY + timedelta(days=7))


def tasks_of(session: Session, who: MemberInfo) -> Tasks:
    return Tasks(session, who.tenant_id, who.id)


def calls_of(session: Session, who: MemberInfo) -> Calls:
    return Calls(session, who.tenant_id, who.id)


def add_task(office: Office, who: MemberInfo, title: str = "Check", **how: Any) -> str:
    with office.storage.write(who.scope) as session:
        return tasks_of(session, who).create(title, **how).id


def add_call(office: Office, who: MemberInfo, whom: str = "Mr Brandt", **how: Any) -> str:
    with office.storage.write(who.scope) as session:
        return calls_of(session, who).create(whom, **{"start_at": NINE, **how}).id


def seen(office: Office, viewer: MemberInfo, *people: str) -> list[Planned | Seen]:
    with office.storage.read(viewer.scope) as session:
        return planned_between(session, viewer, *WEEK, people)


def test_a_write_on_an_old_version_changes_nothing(office: Office) -> None:
    task_id = add_task(office, office.anna)
    with office.storage.write(office.anna.scope) as session:
        tasks = tasks_of(session, office.anna)
        tasks.replace(tasks.need(task_id), {"title": "First"}, expected_version=1)
    with office.storage.write(office.anna.scope) as session:
        tasks = tasks_of(session, office.anna)
        task = tasks.need(task_id)
        with pytest.raises(RecordChanged):
            tasks.replace(task, {"title": "Second"}, expected_version=1)
    with office.storage.read(office.anna.scope) as session:
        task = tasks_of(session, office.anna).need(task_id)
        assert (task.title, task.version) == ("First", 2)


def test_a_delete_on_an_old_version_deletes_nothing(office: Office) -> None:
    call_id = add_call(office, office.anna)
    with office.storage.write(office.anna.scope) as session:
        calls = calls_of(session, office.anna)
        call = calls.need(call_id)
        with pytest.raises(RecordChanged):
            calls.delete(call, expected_version=7)
    with office.storage.read(office.anna.scope) as session:
        assert calls_of(session, office.anna).get(call_id) is not None


def test_a_deleted_call_comes_back_as_it_was_and_newer(office: Office) -> None:
    """Newer, so that a run in between does not take it for what it saw last."""
    call_id = add_call(
        office, office.anna, number="040 1", notes="n", outcome="callback", done=True
    )
    with office.storage.write(office.anna.scope) as session:
        calls = calls_of(session, office.anna)
        kept = calls.delete(calls.need(call_id), expected_version=1)
    with office.storage.write(office.anna.scope) as session:
        back = calls_of(session, office.anna).bring_back(kept)
        assert (back.id, back.version, back.whom, back.number) == (call_id, 2, "Mr Brandt", "040 1")
        assert (back.start_at, back.outcome, back.done_at is None) == (NINE, "callback", False)


def test_bringing_back_twice_makes_one(office: Office) -> None:
    task_id = add_task(office, office.anna)
    with office.storage.write(office.anna.scope) as session:
        tasks = tasks_of(session, office.anna)
        kept = tasks.delete(tasks.need(task_id), expected_version=1)
        assert tasks.bring_back(kept) is tasks.bring_back(kept)


@pytest.mark.parametrize("run", ["none", "about to", "done"])
def test_a_run_in_between_decides_whether_it_keeps_its_id(office: Office, run: str) -> None:
    """Its entry there is gone or about to go: a new one is made, under another id."""
    task_id = add_task(office, office.anna, due_day="2026-11-24")
    with office.storage.write(office.anna.scope) as session:
        own = {"tenant_id": "t1", "connection_id": "c1"}
        session.add(
            Connection(id="c1", tenant_id="t1", owner_id="anna", integration="memory-calendar")
        )
        session.flush()
        session.add(Collection(id="k1", ref="cal", role="one", **own))
        session.flush()
        pair = Pair(collection_id="k1", entry_id=task_id, ref="r1", **own)
        session.add(pair)
        session.flush()
        tasks = tasks_of(session, office.anna)
        kept = tasks.delete(tasks.need(task_id), expected_version=1)
        if run == "about to":
            what = {"entry_id": task_id, "ref": "r1", "action": "delete", "payload": b""}
            session.add(Intent(collection_id="k1", **what, **own))
        if run == "done":
            session.delete(pair)
        session.flush()
        back = tasks.bring_back(kept)
        assert (back.id == task_id, back.title, back.version) == (run == "none", "Check", 2)
        assert tasks.bring_back(kept) is back


def test_what_somebody_else_deleted_cannot_be_brought_back(office: Office) -> None:
    task_id = add_task(office, office.anna)
    with office.storage.write(office.anna.scope) as session:
        tasks = tasks_of(session, office.anna)
        kept = tasks.delete(tasks.need(task_id), expected_version=1)
    with pytest.raises(RecordGone), office.storage.write(office.ben.scope) as session:
        tasks_of(session, office.ben).bring_back(kept)


@pytest.mark.parametrize("who", ["ben", "zoe"])
def test_nobody_else_finds_a_task_or_a_call(office: Office, who: str) -> None:
    """Neither a colleague nor another company."""
    other: MemberInfo = getattr(office, who)
    task_id, call_id = add_task(office, office.anna), add_call(office, office.anna)
    with office.storage.read(other.scope) as session:
        assert tasks_of(session, other).get(task_id) is None
        assert calls_of(session, other).get(call_id) is None
        assert calls_of(session, other).upcoming() == []


def test_tasks_fall_into_groups(office: Office) -> None:
    for title, day in (("old", "2026-11-20"), ("now", "2026-11-23"), ("then", "2026-12-01")):
        add_task(office, office.anna, title, due_day=day)
    add_task(office, office.anna, "some day")
    done = add_task(office, office.anna, "over", due_day="2026-11-20")
    with office.storage.write(office.anna.scope) as session:
        tasks = tasks_of(session, office.anna)
        tasks.set_done(tasks.need(done), True, expected_version=1)
        day = "2026-11-23"
        found = {name: [t.title for t in tasks.group(name, day)] for name in tasks.counts(day)}
    assert found == {
        "overdue": ["old"],
        "today": ["now"],
        "later": ["then"],
        "undated": ["some day"],
        "done": ["over"],
    }


def test_a_day_is_in_the_order_of_its_hours_and_without_a_time_comes_last(office: Office) -> None:
    for title, at in (("whenever", ""), ("late", "16:00"), ("early", "08:00")):
        add_task(office, office.anna, title, due_day="2026-11-23", due_time=at, zone=BERLIN)
    with office.storage.read(office.anna.scope) as session:
        found = tasks_of(session, office.anna).group("today", "2026-11-23")
        assert [task.title for task in found] == ["early", "late", "whenever"]


def test_calls_wait_by_time_and_those_made_show_the_latest_first(office: Office) -> None:
    add_call(office, office.anna, "whenever", start_at=None)
    add_call(office, office.anna, "second", start_at=NINE + timedelta(hours=1))
    add_call(office, office.anna, "first")
    add_call(office, office.anna, "long ago", start_at=NINE - timedelta(days=9), done=True)
    add_call(office, office.anna, "just now", start_at=NINE - timedelta(days=1), done=True)
    with office.storage.read(office.anna.scope) as session:
        calls = calls_of(session, office.anna)
        assert [call.whom for call in calls.upcoming()] == ["first", "second", "whenever"]
        assert [call.whom for call in calls.past()] == ["just now", "long ago"]


def test_taken_out_of_the_planning_it_stays_a_task(office: Office) -> None:
    task_id = add_task(office, office.anna, due_day="2026-11-24")
    with office.storage.write(office.anna.scope) as session:
        tasks = tasks_of(session, office.anna)
        assert len(tasks.planned()) == 1
        tasks.unplan(tasks.need(task_id), expected_version=1)
        assert tasks.planned() == []
        assert [task.id for task in tasks.group("later", "2026-11-23")] == [task_id]
    assert seen(office, office.anna, "anna") == []


def test_an_owner_sees_tasks_and_calls_in_the_calendar(office: Office) -> None:
    add_task(office, office.anna, due_day="2026-11-24")
    add_call(office, office.anna)
    found = seen(office, office.anna, "anna")
    assert [each.seen.title for each in found if isinstance(each, Planned)] == [
        "Check",
        "Mr Brandt",
    ]


def test_a_colleague_sees_that_time_is_taken_by_a_call_and_nothing_of_a_task(
    office: Office,
) -> None:
    add_task(office, office.anna, due_day="2026-11-24", due_time="09:00", zone=BERLIN)
    add_call(office, office.anna, number="040 1", notes="secret")
    (only,) = seen(office, office.ben, "anna")
    assert only == Seen(
        owner_id="anna",
        kind="block",
        start_at=NINE,
        end_at=NINE + timedelta(minutes=15),
        all_day=False,
        start_day="",
        end_day="",
        busy="busy",
    )


def test_another_company_sees_nothing_at_all(office: Office) -> None:
    add_call(office, office.anna)
    assert seen(office, office.zoe, "anna", "zoe") == []


def test_a_task_in_an_unknown_zone_breaks_no_calendar(office: Office) -> None:
    add_task(office, office.anna, due_day="2026-11-24", due_time="09:00", zone="Mars/Olympus")
    assert seen(office, office.anna, "anna") == []
