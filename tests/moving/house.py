"""A connection in use and the account that its mailbox moves to, with short verbs for moving."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from andock_core import clock
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.connections import service
from andock_core.core import Core
from andock_core.jobs import due
from andock_core.moving import service as moving, switching
from andock_core.moving.prospect import Prospect
from andock_core.storage import Entry, JournalLine, Pair, Run
from andock_sdk import Appointment, RemoteItem
from tests.connections.world import GOOD, WaitingQueue, World
from tests.runs.stage import appointment
from tests.support.memory_plugin import SLUG
from tests.support.memory_service import MemoryService

ACCOUNT = "anna@new.example"
FIRST, SECOND = ("Meeting", 3), ("Review", 4)


@dataclass
class House:
    """Anna's connection is in step: two meetings came from there, one appointment is her own, and
    another calendar is imported."""

    world: World
    old_id: str
    old: tuple[str, str]
    new: tuple[str, str]

    @classmethod
    def built(cls, world: World) -> "House":
        """In use; the new account has two empty calendars of the same names."""
        memory = world.memory
        memory.add_account(ACCOUNT, "right")
        family = memory.add_calendar(ACCOUNT, "Familie")
        calendar = memory.add_calendar(ACCOUNT, "Kalender", default=True)
        for subject, day in (FIRST, SECOND):
            memory.put(world.calendars[0], appointment(subject, day, uid=f"uid-{subject}"))
        memory.put(world.calendars[1], appointment("Dentist", 5, uid="uid-dentist"))
        house = cls(world, world.in_use(world.anna), world.calendars, (calendar, family))
        house.write("Own")
        house.run(house.old_id)
        return house

    def anew(self, core: Core, memory: MemoryService) -> "House":
        """The same house over copies of its files."""
        world = replace(self.world, core=core, memory=memory, jobs=WaitingQueue())
        core.queue = world.jobs  # type: ignore[assignment]
        return replace(self, world=world)

    # -- what people do -------------------------------------------------------------------------

    def write(self, subject: str, day: int = 6) -> str:
        """Anna writes an appointment; its id."""
        with self.world.core.storage.write(self.world.anna) as session:
            item = appointment(subject, day)
            return self._entries(session).create(item, visibility="appointment", origin="andock").id

    def rewrite(self, entry_id: str, **fields: Any) -> None:
        """Anna changes one."""
        with self.world.core.storage.write(self.world.anna) as session:
            entries = self._entries(session)
            row = session.get_one(Entry, entry_id)
            item = entries.document(row).model_copy(update=fields)
            entries.replace(row, item, expected_version=row.version, locked=False)

    def delete(self, subject: str) -> None:
        """Anna deletes the entry of that subject."""
        with self.world.core.storage.write(self.world.anna) as session:
            entries = self._entries(session)
            rows = list(session.scalars(select(Entry)))
            row = next(row for row in rows if entries.document(row).subject == subject)
            entries.delete(row, expected_version=row.version)

    def run(self, connection_id: str) -> None:
        """A run, worked off."""
        assert due.request_run(self.world.core, self.world.anna, connection_id)
        self.world.work()

    def mailbox_moves(self) -> None:
        """The new account holds what the old one does, under other refs."""
        for old, new in zip(self.old, self.new, strict=True):
            for remote in self.world.memory.items(old).values():
                self.world.memory.put(new, remote.item, remote.operation_id)

    def signed_in(self) -> str:
        """The move begun, the new side tested; the new connection's id."""
        new_id = moving.begin(self.world.core, self.world.anna, self.old_id, SLUG)
        tested = self.world.tested(self.world.anna, {**GOOD, "user": ACCOUNT}, new_id)
        assert tested.state == "done", tested.error
        return new_id

    def chosen(self, new_id: str, **other: str) -> None:
        """What is proposed is taken, and looked at."""
        rows = moving.rows(self.world.core, self.world.anna, new_id)
        taken = {row.id: row.proposed for row in rows} | other
        moving.choose(self.world.core, self.world.anna, new_id, taken)
        self.world.work()

    def looked(self, new_id: str) -> Prospect:
        """What switching over would do."""
        seen = moving.seen(self.world.core, self.world.anna, new_id)
        assert seen is not None
        assert seen.prospect is not None, seen
        return seen.prospect

    def ready(self) -> str:
        """All but the switch."""
        new_id = self.signed_in()
        self.chosen(new_id)
        return new_id

    def switch(self, new_id: str) -> None:
        """Agree to the newest look. The first run is queued, not worked off."""
        seen = moving.seen(self.world.core, self.world.anna, new_id)
        assert seen is not None
        switching.switch(self.world.core, self.world.anna, new_id, seen.id, strange=True)

    def moved(self) -> str:
        """Moved, and the first run there is done."""
        new_id = self.ready()
        self.switch(new_id)
        self.world.work()
        return new_id

    def disconnect(self, connection_id: str) -> None:
        """By its own page."""
        service.disconnect(self.world.core, self.world.anna, connection_id, keep_entries=True)

    # -- what there is --------------------------------------------------------------------------

    def subjects(self) -> list[str]:
        """Of all entries in Andock, those of blocks too."""
        with self.world.core.storage.read(self.world.anna) as session:
            entries = self._entries(session)
            return sorted(entries.document(row).subject for row in session.scalars(select(Entry)))

    def there(self, calendar: str) -> list[str]:
        """Subjects in a calendar on the other side."""
        found = self.world.memory.items(calendar).values()
        return sorted(_appointment(remote).subject for remote in found)

    def ref(self, calendar: str, uid: str) -> str:
        """The item of a UID in a calendar."""
        items = self.world.memory.items(calendar).items()
        return next(ref for ref, remote in items if remote.item.uid == uid)

    def imported(self, new_id: str) -> str:
        """The old connection's collection that is imported."""
        rows = moving.rows(self.world.core, self.world.anna, new_id)
        return next(row.id for row in rows if row.role == "import")

    def pairs(self, connection_id: str) -> list[dict[str, Any]]:
        """All columns of a connection's pairs, by id."""
        with self.world.core.storage.read(self.world.anna) as session:
            query = select(Pair).where(Pair.connection_id == connection_id).order_by(Pair.id)
            names = [column.name for column in Pair.__table__.columns]
            return [{n: getattr(row, n) for n in names} for row in session.scalars(query)]

    def journal(self, connection_id: str) -> list[str]:
        """Ids of the lines and runs of a connection."""
        with self.world.core.storage.read(self.world.anna) as session:
            return sorted(
                number
                for table in (JournalLine, Run)
                for number in session.scalars(
                    select(table.id).where(table.connection_id == connection_id)
                )
            )

    def lines(self, connection_id: str) -> list[str]:
        """Ids of the journal's lines of a connection."""
        with self.world.core.storage.read(self.world.anna) as session:
            query = select(JournalLine.id).where(JournalLine.connection_id == connection_id)
            return sorted(session.scalars(query))

    def state(self, connection_id: str) -> str:
        """A connection's state, "" when it is gone."""
        row = self.world.row(connection_id)
        return row.state if row is not None else ""

    def _entries(self, session: Any) -> Entries:
        scope = self.world.anna
        window = Window.around(clock.now())
        owner = (scope.tenant_id, scope.member_id)
        return Entries(session, self.world.core.vault, *owner, window)


def choosing(world: World, name: str = "club") -> str:
    """A second connection of Anna's that only imports, and whose move waits for her agreement; the
    new connection's id."""
    memory, scope = world.memory, world.anna
    places = []
    for user in (f"{name}@old.example", f"{name}@new.example"):
        memory.add_account(user, "right")
        calendar = memory.add_calendar(user, "Verein", default=True)
        memory.put(calendar, appointment("Training", 5, uid="uid-training"))
        places.append((user, calendar))
    old_id = world.tested(scope, {**GOOD, "user": places[0][0]}).connection_id
    world.saved(scope, old_id, "", places[0][1])
    new_id = moving.begin(world.core, scope, old_id, SLUG)
    world.tested(scope, {**GOOD, "user": places[1][0]}, new_id)
    rows = moving.rows(world.core, scope, new_id)
    moving.choose(world.core, scope, new_id, {row.id: row.proposed for row in rows})
    world.work()
    return new_id


def switched(world: World) -> str:
    """One more, which has taken the other's place and can be taken back; its id."""
    new_id = choosing(world, "choir")
    seen = moving.seen(world.core, world.anna, new_id)
    assert seen is not None
    switching.switch(world.core, world.anna, new_id, seen.id)
    world.work()
    return new_id


def _appointment(remote: RemoteItem) -> Appointment:
    assert isinstance(remote.item, Appointment)
    return remote.item
