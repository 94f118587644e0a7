"""A journal with something of everything, for the pages to show."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.clock import now
from andock_core.connections import service
from andock_core.journal import undo
from andock_core.journal.undo import Target
from andock_core.storage import SYSTEM, Entry, JournalLine, Run
from andock_sdk import Appointment, Slot
from tests.connections.world import World


@dataclass(frozen=True)
class Scene:
    """Ids for the addresses of the journal's pages."""

    connection_id: str
    run_id: str
    line_id: str


def item(subject: str, day: int, hour: int = 9, **fields: Any) -> Appointment:
    """An appointment, `day` days from now, in Berlin."""
    date = (now() + timedelta(days=day)).date().isoformat()
    zone = "Europe/Berlin"
    begin, end = f"{date}T{hour:02}:30:00", f"{date}T{hour + 1:02}:30:00"
    when = Slot(start=begin, end=end, start_zone=zone, end_zone=zone)
    return Appointment(**{"when": when, "subject": subject, **fields})


def own(world: World, made: Appointment) -> str:
    """Anna makes an appointment."""
    with world.core.storage.write(world.anna) as session:
        return _entries(world, session).create(made, visibility="appointment", origin="andock").id


def edit(world: World, entry_id: str, **fields: Any) -> None:
    """Anna changes an appointment."""
    with world.core.storage.write(world.anna) as session:
        entries = _entries(world, session)
        entry = entries.get(entry_id)
        assert entry is not None
        document = entries.document(entry)
        changed = type(document).model_validate({**dict(document), **fields})
        entries.replace(entry, changed, expected_version=entry.version)


def run(world: World, connection_id: str) -> str:
    """A run now; its id."""
    service.request_sync(world.core, world.anna, connection_id)
    world.work()
    return newest(world)


def newest(world: World) -> str:
    """The newest run."""
    with world.core.storage.read(SYSTEM) as session:
        return session.scalars(select(Run.id).order_by(Run.started_at.desc()).limit(1)).one()


def filled(world: World) -> Scene:
    """A first run, one with changes in both directions, a conflict, a quiet time, something taken
    back, and deletes that wait."""
    one, imported = world.calendars
    connection_id = world.in_use(world.anna)
    meeting = own(world, item("Kundentermin Reederei", 2))
    plan = own(world, item("Planung Q1", 3, 11))
    for day in range(8):
        world.memory.put(imported, item(f"Chorprobe {day + 1}", day + 1, 18, uid=f"choir-{day}"))
    run(world, connection_id)
    remote = {found.item.subject: ref for ref, found in world.memory.items(one).items()}  # type: ignore[union-attr]
    edit(world, meeting, when=item("", 2, 10).when, location="vor Ort")
    edit(world, plan, subject="Planung Q1, zweiter Anlauf")
    world.memory.edit(remote["Planung Q1"], subject="Quartalsplanung", location="Raum 4")
    dentist = world.memory.put(one, item("Zahnarzt", 4, 15))
    run_id = run(world, connection_id)
    for _ in range(3):
        run(world, connection_id)
    with world.core.storage.read(SYSTEM) as session:
        line_id = session.scalars(
            select(JournalLine.id).where(
                JournalLine.run_id == run_id, JournalLine.entry_id == meeting
            )
        ).one()
        arrived = session.scalars(
            select(JournalLine.id).where(
                JournalLine.run_id == run_id,
                JournalLine.action == "create",
                JournalLine.side == "here",
            )
        ).one()
    undo.ask(world.core, world.anna, connection_id, Target(line_id=arrived))
    world.work()
    assert dentist in world.memory.items(one)
    for ref in list(world.memory.items(imported)):
        world.memory.remove(ref)
    run(world, connection_id)
    return Scene(connection_id, run_id, line_id)


def entry_of(world: World, subject: str) -> Appointment:
    """Anna's appointment of that title, as it is now."""
    with world.core.storage.read(world.anna) as session:
        entries = _entries(world, session)
        rows = session.scalars(select(Entry).where(Entry.owner_id == world.anna.member_id)).all()
        (found,) = (
            document for row in rows if (document := entries.document(row)).subject == subject
        )
        return found


def _entries(world: World, session: Any) -> Entries:
    who = (world.anna.tenant_id, world.anna.member_id)
    return Entries(session, world.core.vault, *who, Window.around(now()))
