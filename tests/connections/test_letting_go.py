"""Switching off asks what becomes of what was brought in, and does it."""

from typing import Any

import pytest
from sqlalchemy import select

from andock_core import clock
from andock_core.connections import service, status
from andock_core.connections.status import AttemptStatus
from andock_core.contacts.store import Contacts
from andock_core.planning.calls import Calls
from andock_core.planning.tasks import Tasks
from andock_core.runs.detach import detach
from andock_core.storage import SYSTEM, Collection, Contact as Row, Entry, Pair, Task
from andock_sdk import Answers, Appointment, Contact, Slot, Task as Document
from tests.connections.world import ACCOUNT, GOOD, OTHER_ACCOUNT, World

DAY = clock.now().date().isoformat()
SLOT = Slot(start=f"{DAY}T09:00:00", end=f"{DAY}T10:00:00", start_zone="UTC", end_zone="UTC")


class Choice:
    """Anna's connection with contacts, tasks and calls, and what she chooses."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.folder = world.memory.add_contacts(ACCOUNT, "Kontakte", default=True)
        self.one, self.family = world.calendars
        self.connection_id = world.tested(world.anna).connection_id

    def save(self, fates: dict[str, str] | None = None, **answers: Any) -> AttemptStatus:
        """Save, and run; what is not said is off, with the first calendar as the one."""
        chosen: Answers = {
            "calendar_on": True,
            "contacts_on": False,
            "tasks_on": False,
            "calls_on": False,
            "calendar": self.one,
            "contacts": self.folder,
            **answers,
        }
        core, anna = self.world.core, self.world.anna
        service.start_choices(core, anna, self.connection_id)
        self.world.work()
        attempt_id = service.save_settings(core, anna, self.connection_id, chosen, fates)
        self.world.work()
        self.world.agreed(anna, self.connection_id)
        return status.attempt(core, anna, attempt_id)

    def run(self) -> None:
        """One more run."""
        service.request_sync(self.world.core, self.world.anna, self.connection_id)
        self.world.work()

    def make(self, service_of: type[Any], *given: Any, **fields: Any) -> None:
        """Something of Anna's own."""
        anna = self.world.anna
        with self.world.core.storage.write(anna) as session:
            service_of(session, anna.tenant_id, anna.member_id).create(*given, **fields)

    def rows(self, table: type[Any], *conditions: Any) -> list[Any]:
        """All rows of a table."""
        with self.world.core.storage.read(SYSTEM) as session:
            found = list(session.scalars(select(table).where(*conditions)))
            session.expunge_all()
            return found

    def names(self) -> list[str]:
        """Anna's contacts."""
        return sorted(row.document["display_name"] for row in self.rows(Row))

    def there(self, ref: str) -> int:
        """How many items lie there."""
        return len(self.world.memory.items(ref))


@pytest.fixture
def choice(sqlite_world: World) -> Choice:
    return Choice(sqlite_world)


def with_contacts(choice: Choice) -> None:
    choice.make(Contacts, Contact(display_name="Mine"))
    choice.world.memory.put(choice.folder, Contact(display_name="Theirs"))
    assert choice.save(contacts_on=True).error == ""
    assert choice.names() == ["Mine", "Theirs"]


def test_contacts_switched_off_are_asked_about(choice: Choice) -> None:
    with_contacts(choice)
    refused = choice.save()
    assert (refused.error, refused.asks) == ("letting_go.ask", {"contacts": 1})
    assert {row.kind for row in choice.rows(Collection)} == {"calendar", "contacts"}


@pytest.mark.parametrize(
    ("fate", "left"), [("stays", ["Mine", "Theirs"]), ("goes", ["Mine"])], ids=["stays", "goes"]
)
def test_contacts_that_came_from_there_stay_or_go(
    choice: Choice, fate: str, left: list[str]
) -> None:
    with_contacts(choice)
    assert choice.save({"contacts": fate}).error == ""
    assert choice.names() == left
    assert choice.there(choice.folder) == 2


def test_contacts_switched_on_again_are_recognised(choice: Choice) -> None:
    with_contacts(choice)
    choice.save({"contacts": "stays"})
    choice.save(contacts_on=True)
    assert choice.there(choice.folder) == 2
    assert choice.names() == ["Mine", "Theirs"]


@pytest.mark.parametrize(("fate", "left"), [("stays", 1), ("goes", 0)])
def test_blocks_of_an_imported_calendar_stay_or_go(choice: Choice, fate: str, left: int) -> None:
    choice.world.memory.put(choice.family, Appointment(when=SLOT, subject="Dentist"))
    choice.save(imports=[choice.family])
    assert choice.save().asks == {"calendar": 1}
    assert choice.save({"calendar": fate}).error == ""
    assert len(choice.rows(Entry, Entry.visibility == "block")) == left
    assert choice.there(choice.family) == 1


def with_planning(choice: Choice, **answers: Any) -> None:
    choice.make(Tasks, "Report", due_day=DAY)
    choice.make(Calls, "Jo", start_at=clock.now())
    assert choice.save(tasks_on=True, calls_on=True, **answers).error == ""


def test_tasks_and_calls_go_out_when_they_are_switched_on(choice: Choice) -> None:
    assert choice.save().error == ""
    with_planning(choice)
    assert choice.there(choice.one) == 2


@pytest.mark.parametrize(("fate", "left"), [("stays", 2), ("goes", 0)])
def test_entries_of_tasks_and_calls_stay_there_or_leave(
    choice: Choice, fate: str, left: int
) -> None:
    with_planning(choice)
    assert choice.save().asks == {"planning": 2}
    assert choice.save({"planning": fate}).error == ""
    assert choice.there(choice.one) == left
    assert choice.rows(Pair) == []
    assert [row.planned for row in choice.rows(Task)] == [True]


def test_switched_on_again_nothing_is_doubled(choice: Choice) -> None:
    with_planning(choice)
    choice.save({"planning": "stays"})
    choice.save(tasks_on=True, calls_on=True)
    assert choice.there(choice.one) == 2
    assert len(choice.rows(Pair)) == 2


def test_for_another_calendar_they_move_without_a_question(choice: Choice) -> None:
    with_planning(choice)
    moved = choice.save(tasks_on=True, tasks_calendar=choice.family, calls_on=True)
    assert moved.error == ""
    assert (choice.there(choice.one), choice.there(choice.family)) == (1, 1)


def test_a_calendar_that_is_let_go_has_its_entries_taken_back_first(choice: Choice) -> None:
    for number in range(8):
        choice.make(Tasks, f"Task {number}", due_day=DAY)
    choice.save(tasks_on=True, tasks_calendar=choice.family)
    assert choice.there(choice.family) == 8
    choice.save({"planning": "goes"})
    assert choice.there(choice.family) == 0
    choice.run()
    assert [row.ref for row in choice.rows(Collection)] == [choice.one]


def test_with_the_calendar_off_tasks_still_go_there(choice: Choice) -> None:
    choice.world.memory.put(choice.one, Appointment(when=SLOT, subject="Dentist"))
    with_planning(choice)
    assert len(choice.rows(Entry)) == 1
    saved = choice.save({"calendar": "goes"}, calendar_on=False, tasks_on=True, calls_on=True)
    assert saved.error == ""
    assert choice.rows(Entry) == []
    assert choice.there(choice.one) == 3
    (row,) = choice.rows(Collection)
    assert (row.role, row.holds) == ("planning", ["calls", "tasks"])


def test_what_has_no_place_to_go_is_refused(choice: Choice) -> None:
    assert choice.save(calendar="", tasks_on=True).error == "planning.no_calendar"
    assert choice.save(contacts="", contacts_on=True).error == "contacts.no_folder"


def test_contacts_and_planning_belong_to_one_connection(choice: Choice) -> None:
    with_planning(choice, contacts_on=True)
    world = choice.world
    world.memory.add_contacts(OTHER_ACCOUNT, "Kontakte", default=True)
    second = world.tested(world.anna, {**GOOD, "user": OTHER_ACCOUNT})
    assert second.form is not None
    fields = {field.name: field for field in second.form.fields}
    calendar, folder = fields["calendar"].choices[1].value, fields["contacts"].choices[0].value

    def refused(**answers: Any) -> str:
        chosen: Answers = {"calendar_on": False, "calendar": calendar, **answers}
        attempt_id = service.save_settings(world.core, world.anna, second.connection_id, chosen)
        world.work()
        return status.attempt(world.core, world.anna, attempt_id).error

    assert refused(contacts_on=True, contacts=folder) == "contacts.taken"
    assert refused(tasks_on=True) == "planning.taken"


def test_settings_from_before_there_were_switches_keep_the_calendar(choice: Choice) -> None:
    """What was saved long ago is proposed as it was, with the calendar on."""
    choice.save(imports=[choice.family])
    core, anna = choice.world.core, choice.world.anna
    with core.storage.write(anna) as session:
        from andock_core.connections import sealed
        from andock_core.storage import Connection

        row = session.get_one(Connection, choice.connection_id)
        old: Answers = {"calendar": choice.one, "imports": [choice.family]}
        row.settings = sealed.seal(core.vault, row, "settings", old)
    choice.run()
    attempt_id = service.start_choices(core, anna, choice.connection_id)
    choice.world.work()
    form = status.attempt(core, anna, attempt_id).form
    assert form is not None
    switches = {field.name: field.value for field in form.fields if field.kind == "switch"}
    assert switches == {
        "calendar_on": True,
        "contacts_on": False,
        "tasks_on": False,
        "calls_on": False,
    }


def with_a_list(choice: Choice) -> str:
    """Anna's tasks are in step with a list that had one."""
    todo = choice.world.memory.add_tasks(ACCOUNT, "Aufgaben")
    choice.world.memory.put(todo, Document(subject="Theirs"))
    choice.make(Tasks, "Mine", due_day=DAY)
    assert choice.save(tasks_on=True, tasks_list=todo).error == ""
    assert choice.there(todo) == 2
    return todo


def titles(choice: Choice) -> list[str]:
    return sorted(row.title for row in choice.rows(Task))


def test_tasks_that_came_from_a_list_are_asked_about_and_go_or_stay(choice: Choice) -> None:
    todo = with_a_list(choice)
    assert titles(choice) == ["Mine", "Theirs"]
    assert choice.save().asks == {"tasks": 1}
    assert choice.save({"tasks": "goes"}).error == ""
    assert titles(choice) == ["Mine"]
    assert choice.there(todo) == 2


def test_tasks_change_between_the_calendar_and_a_list(choice: Choice) -> None:
    """Their entries leave the calendar without a question; a list keeps what it has."""
    choice.save(tasks_on=True)
    todo = with_a_list(choice)
    assert (choice.there(choice.one), choice.there(todo)) == (0, 2)
    assert choice.save({"tasks": "stays"}, tasks_on=True, tasks_list="").error == ""
    assert (choice.there(choice.one), choice.there(todo)) == (1, 2)
    assert titles(choice) == ["Mine", "Theirs"]
    choice.save({"planning": "goes"})
    assert choice.there(choice.one) == 0


def test_a_list_that_is_chosen_again_is_recognised(choice: Choice) -> None:
    todo = with_a_list(choice)
    choice.save({"tasks": "stays"})
    choice.save(tasks_on=True, tasks_list=todo)
    assert choice.there(todo) == 2
    assert titles(choice) == ["Mine", "Theirs"]


def test_one_connection_alone_has_the_tasks(choice: Choice) -> None:
    with_a_list(choice)
    world = choice.world
    todo = world.memory.add_tasks(OTHER_ACCOUNT, "Aufgaben")
    second = world.tested(world.anna, {**GOOD, "user": OTHER_ACCOUNT})
    chosen: Answers = {"calendar_on": False, "tasks_on": True, "tasks_list": todo}
    attempt_id = service.save_settings(world.core, world.anna, second.connection_id, chosen)
    world.work()
    assert status.attempt(world.core, world.anna, attempt_id).error == "planning.taken"


@pytest.mark.parametrize(("keep", "left"), [(True, ["Mine", "Theirs"]), (False, ["Mine"])])
def test_disconnecting_keeps_ones_own_tasks(choice: Choice, keep: bool, left: list[str]) -> None:
    with_a_list(choice)
    core = choice.world.core
    with core.storage.write(choice.world.anna) as session:
        detach(session, core.vault, choice.connection_id, keep)
    assert titles(choice) == left
