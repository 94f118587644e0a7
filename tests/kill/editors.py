"""People who edit on both sides while workers die, and the ledger of all that they wrote.

Each entry carries a tag in its text that nobody changes; each subject and place that anybody
ever wrote is unique. At the end a value is alive, or somebody who saw it overwrote or deleted it,
or it stands in the journal as the loser of a conflict.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.jobs.due import request_run
from andock_core.storage import SYSTEM, Connection, Entry
from andock_sdk import Appointment, Body, Slot
from tests.kill.house import House, Person

Fate = Literal["alive", "seen", "deleted"]
BERLIN = ZoneInfo("Europe/Berlin")
FIELDS = ("subject", "location")
DELETES = 3
"""Per person and side: more than the delete breaker lets pass is not what is tested here."""


@dataclass
class Ledger:
    """What people wrote, and what became of it by their own hands."""

    fate: dict[str, Fate] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    deleted: dict[str, str] = field(default_factory=dict)
    edits: Counter[str] = field(default_factory=Counter)
    _last: int = 0

    def value(self) -> str:
        """A value that nobody wrote before."""
        self._last += 1
        value = f"w{self._last}"
        self.fate[value] = "alive"
        return value

    def tag(self, owner: str) -> str:
        """A new entry of somebody's."""
        tag = f"tag-{len(self.made) + 1}"
        self.made[tag] = owner
        return tag

    def bury(self, tag: str, where: str, *values: str) -> None:
        """Somebody who saw these values deleted the entry."""
        self.deleted[tag] = f"{where} at {clock.now():%H:%M:%S}"
        for value in values:
            self.fate[value] = "deleted"


class Editors:
    """One thread that edits in everybody's name, some times a second, until it is stopped."""

    def __init__(self, house: House, seed: int, per_second: float) -> None:
        self.ledger = Ledger()
        self.failure: BaseException | None = None
        self._house = house
        self._random = Random(seed)
        self._pause = 1 / per_second
        self._deletes: Counter[tuple[str, str]] = Counter()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="editors", daemon=True)

    def furnish(self, each: int) -> None:
        """So many entries for everybody, before anything happens."""
        for person in self._house.people:
            for number in range(each):
                (self._create_here if number % 2 else self._create_there)(person)

    def start(self) -> None:
        """Begin to edit."""
        self._thread.start()

    def stop(self) -> None:
        """No further edits. Raises what an edit raised."""
        self._stop.set()
        self._thread.join()
        if self.failure is not None:
            raise self.failure

    def _work(self) -> None:
        try:
            while not self._stop.wait(self._random.expovariate(1 / self._pause)):
                self._somebody_acts()
        except BaseException as error:
            self.failure = error

    def _somebody_acts(self) -> None:
        person = self._random.choice(self._house.people)
        acts = (
            self._create_here,
            self._edit_here,
            self._edit_here,
            self._delete_here,
            self._convert,
            self._create_there,
            self._edit_there,
            self._edit_there,
            self._delete_there,
        )
        act = self._random.choice(acts)
        act(person)
        self.ledger.edits[act.__name__.strip("_").replace("_", " ")] += 1
        self._ask_for_a_run(person)

    def _ask_for_a_run(self, person: Person) -> None:
        """By the sync icon half of the time, and by the schedule, whose half hour nobody waits for
        here: everybody is due again as soon as they have run. What failed waits as it should."""
        if self._random.random() < 0.5:
            request_run(self._house.core, person.scope, person.connection_id)
        with self._house.core.storage.write(SYSTEM) as session:
            rests = Connection.failures == 0, Connection.next_due_at > clock.now()
            session.execute(update(Connection).where(*rests).values(next_due_at=clock.now()))

    # -- here

    def _create_here(self, person: Person) -> None:
        item = Appointment(
            when=self._slot(),
            subject=self.ledger.value(),
            location=self.ledger.value(),
            body=Body(content=self.ledger.tag(person.email)),
        )
        with self._entries(person) as (_, entries):
            entries.create(item, visibility="appointment", origin="andock")

    def _edit_here(self, person: Person) -> None:
        with self._entries(person) as (session, entries):
            entry = self._any(session, person, "appointment")
            if entry is None:
                return
            item = entries.document(entry)
            name = self._random.choice(FIELDS)
            old, value = getattr(item, name), self.ledger.value()
            changed = item.model_copy(update={name: value})
            entries.replace(entry, changed, expected_version=entry.version)
        self.ledger.fate[old] = "seen"

    def _delete_here(self, person: Person) -> None:
        if not self._may_delete(person, "here"):
            return
        with self._entries(person) as (session, entries):
            entry = self._any(session, person, "appointment")
            if entry is None:
                return
            item = entries.document(entry)
            entries.delete(entry, expected_version=entry.version)
        self.ledger.bury(item.body.content.strip(), "here", item.subject, item.location)

    def _convert(self, person: Person) -> None:
        with self._entries(person) as (session, entries):
            entry = self._any(session, person, "block")
            if entry is not None:
                entries.make_visible(entry)

    def _any(self, session: Session, person: Person, visibility: str) -> Entry | None:
        mine = (Entry.owner_id == person.scope.member_id, Entry.visibility == visibility)
        ids = session.scalars(select(Entry.id).where(*mine).order_by(Entry.id)).all()
        return session.get(Entry, self._random.choice(ids)) if ids else None

    @contextmanager
    def _entries(self, person: Person) -> Iterator[tuple[Session, Entries]]:
        """A transaction with the person's entries, as pages have it."""
        core, scope = self._house.core, person.scope
        with core.storage.write(scope) as session:
            window = Window.around(clock.now())
            yield (
                session,
                Entries(session, core.vault, scope.tenant_id, scope.member_id, window),
            )

    # -- there

    def _create_there(self, person: Person) -> None:
        slot = self._slot()
        person.mailbox.add_event(
            self._random.choice(person.calendars),
            subject=self.ledger.value(),
            start=_instant(slot.start),
            end=_instant(slot.end),
            location=self.ledger.value(),
            body=self.ledger.tag(person.email),
        )

    def _edit_there(self, person: Person) -> None:
        with self._house.box.change():
            found = self._any_event(person)
            if found is None:
                return
            name = self._random.choice(FIELDS)
            old = str(found["props"].get(name.title(), ""))
            person.mailbox.update_event(found["id"], **{name: self.ledger.value()})
        self.ledger.fate[old] = "seen"

    def _delete_there(self, person: Person) -> None:
        if not self._may_delete(person, "there"):
            return
        with self._house.box.change():
            found = self._any_event(person)
            if found is None:
                return
            person.mailbox.delete_event(found["id"])
        props = found["props"]
        tag = str((props.get("Body") or {}).get("text", "")).strip()
        values = (str(props.get(name, "")) for name in ("Subject", "Location"))
        self.ledger.bury(tag, "there", *values)

    def _any_event(self, person: Person) -> dict[str, Any] | None:
        found = person.mailbox.events(self._random.choice(person.calendars))
        return self._random.choice(found) if found else None

    # -- both

    def _may_delete(self, person: Person, side: str) -> bool:
        self._deletes[person.email, side] += 1
        return self._deletes[person.email, side] <= DELETES

    def _slot(self) -> Slot:
        day = (clock.now() + timedelta(days=self._random.randrange(1, 60))).date()
        hour = self._random.randrange(6, 20)
        return Slot(
            start=f"{day}T{hour:02}:00:00",
            end=f"{day}T{hour + 1:02}:00:00",
            start_zone="Europe/Berlin",
            end_zone="Europe/Berlin",
        )


def _instant(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=BERLIN).astimezone(UTC)
