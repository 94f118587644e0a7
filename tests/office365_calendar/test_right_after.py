"""What somebody else changes while a write is under way never passes for ours: it would count as
agreed, and never come here. Whatever the moment, the outcome is left open."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from andock_office365_calendar.client import Call
from andock_office365_calendar.connector import GraphConnector
from andock_office365_calendar.task_store import path_of
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Appointment, Contact, Override, Patch, RemoteItem, Task, errors
from tests.exchange_calendar.people import contact, photo
from tests.exchange_calendar.surroundings import slot
from tests.office365_calendar.surroundings import Surroundings, connector_for, granted
from tests.office365_calendar.test_connector import changed, weekly
from tests.office365_calendar.test_tasks import WANTED
from tests.sandbox.graph_client import ANNA
from tests.support.between import Write, every_point, kinds
from tests.sync.stage import Stage

FIRST = datetime(2026, 11, 24, 8, tzinfo=UTC)
SERIES = weekly(
    location="Raum 1",
    overrides={
        "2026-12-01T09:00:00": Override(subject="lang", location="Raum 9"),
        "2026-12-08T09:00:00": Override(when=slot("2026-12-09T14:00:00", "2026-12-09T16:00:00")),
    },
    cancellations=("2026-12-15T09:00:00",),
)
NEXT = {
    "recurrence": "FREQ=WEEKLY;BYDAY=TU;COUNT=7",
    "overrides": {
        "2026-12-01T09:00:00": Override(subject="kurz", location="Raum 9"),
        "2026-12-08T09:00:00": SERIES.overrides["2026-12-08T09:00:00"],
        "2026-12-29T09:00:00": Override(subject="Der letzte"),
    },
    "cancellations": ("2026-12-15T09:00:00", "2026-12-22T09:00:00"),
}
BACK = {"cancellations": ()}


@pytest.fixture
def calendar(connector: GraphConnector) -> str:
    """The mailbox's own calendar."""
    return next(one.ref for one in connector.collections() if one.default)


@pytest.fixture(params=["series", "another occurrence", "the same occurrence"])
def somebody(request: pytest.FixtureRequest, anna: Mailbox) -> Callable[[], None]:
    """Anna moves the newest series, or an occurrence, to another room."""

    def act() -> None:
        event = anna.events()[-1]
        newest, single = str(event["id"]), event["type"] == "Single"
        match request.param:
            case "another occurrence" if not single:
                anna.change_occurrence(newest, FIRST, location="Raum 7")
            case "the same occurrence" if not single:
                anna.change_occurrence(newest, FIRST + timedelta(weeks=1), location="Raum 7")
            case _:
                anna.update_event(newest, location="Raum 7")

    return act


def test_while_a_series_is_created(
    connector: GraphConnector,
    calendar: str,
    somebody: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def attempt(point: int) -> Write:
        return lambda: connector.create(calendar, SERIES, f"op-{point}")

    found = every_point(monkeypatch, connector.client, somebody, attempt, first=1)
    assert kinds(found, "Raum 7") == {errors.Transient}
    assert connector.find_operation(calendar, "op-1") is not None


@pytest.mark.parametrize("fields", [NEXT, BACK], ids=["exceptions", "an occurrence comes back"])
def test_while_a_series_is_changed(
    connector: GraphConnector,
    calendar: str,
    somebody: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, object],
) -> None:
    """Before the first write it is a conflict, and nothing is written."""

    def attempt(point: int) -> Write:
        made = connector.create(calendar, SERIES, f"op-{point}")
        change = changed(made, **fields)
        return lambda: connector.update(calendar, made.ref, change, made.version)

    found = every_point(monkeypatch, connector.client, somebody, attempt, first=0)
    assert isinstance(found[0], errors.Conflict)
    assert kinds(found[1:2], "Raum 7") <= {errors.Conflict, errors.Transient}
    assert kinds(found[2:], "Raum 7") == {errors.Transient}


def test_a_series_that_is_throttled_halfway_is_not_said_to_be_unwritten(
    connector: GraphConnector, calendar: str, box: Sandbox
) -> None:
    """Core would create it once more: it exists already."""
    box.fail_next("event.update", "429", retry_after="60")
    with pytest.raises(errors.Transient):
        connector.create(calendar, SERIES, "op-1")
    assert connector.find_operation(calendar, "op-1") is not None


@pytest.mark.parametrize("pictured", [False, True], ids=["", "with a picture"])
@pytest.mark.parametrize("new", [True, False], ids=["created", "changed"])
def test_while_a_contact_is_written(
    connector: GraphConnector,
    anna: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    pictured: bool,
    new: bool,
) -> None:
    book = anna.address_book
    folder = next(c.ref for c in connector.collections() if c.kind == "contacts" and c.default)
    wanted: dict[str, object] = {
        "job_title": "Leitung",
        **({"photo": photo(3)} if pictured else {}),
    }

    def somebody() -> None:
        book.update(str(book.all()[-1]["id"]), notes="anders")

    def attempt(point: int) -> Write:
        if new:
            return lambda: connector.create(folder, contact(**wanted), f"op-{point}")
        made = connector.create(folder, contact(), f"op-{point}")
        return lambda: connector.update(folder, made.ref, change(made), made.version)

    def change(made: RemoteItem) -> Patch:
        assert isinstance(made.item, Contact)
        after = made.item.model_copy(update=wanted)
        return Patch(item=after, before=made.item, fields=frozenset(wanted))

    found = every_point(monkeypatch, connector.client, somebody, attempt, first=int(new))
    assert kinds(found[1 - new :], "anders") == {errors.Transient}
    assert new or isinstance(found[0], errors.Conflict)


@pytest.mark.parametrize("new", [True, False], ids=["created", "changed"])
def test_while_a_task_is_written(
    context: Surroundings,
    server: SandboxServer,
    monkeypatch: pytest.MonkeyPatch,
    new: bool,
) -> None:
    grant = granted(context, server, ANNA, WANTED)
    connector, other = connector_for(context, grant), connector_for(context, grant)
    todo = next(one.ref for one in connector.collections() if one.kind == "tasks" and one.default)
    cursor = other.changes(todo, None).cursor

    def somebody() -> None:
        newest = other.changes(todo, cursor).changes[-1].ref
        other.client.call(Call("PATCH", path_of(todo, newest), {"title": "anders"}))

    def attempt(point: int) -> Write:
        nonlocal cursor
        cursor = other.changes(todo, cursor).cursor
        if new:
            return lambda: connector.create(todo, Task(subject="Eins"), f"op-{point}")
        made = connector.create(todo, Task(subject="Eins"), f"op-{point}")
        patch = Patch(
            item=Task(subject="Eins", due_day="2026-11-24"),
            before=Task(subject="Eins"),
            fields=frozenset({"due_day"}),
        )
        return lambda: connector.update(todo, made.ref, patch, made.version)

    found = every_point(monkeypatch, connector.client, somebody, attempt, first=int(new))
    assert kinds(found[1 - new :], "anders") == {errors.Transient}
    assert new or isinstance(found[0], errors.Conflict)
    connector.close()
    other.close()


class OneCollection:
    """A connector whose one collection goes by the name that the stage gives it."""

    def __init__(self, connector: GraphConnector, collection: str) -> None:
        self._connector, self._collection = connector, collection

    def __getattr__(self, name: str) -> Callable[..., object]:
        method = getattr(self._connector, name)
        return lambda _, *given: method(self._collection, *given)


@pytest.mark.parametrize("point", range(1, 8))
def test_the_change_comes_here_by_the_next_runs_and_nothing_is_made_twice(
    connector: GraphConnector,
    calendar: str,
    anna: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    point: int,
) -> None:
    """With core's own executor: a series goes out, and Anna moves it while it is on its way."""
    stage = Stage()
    stage.remote = OneCollection(connector, calendar)  # type: ignore[assignment]
    stage.here(SERIES)
    send, created = connector.client.call, count()

    def call(request: Call) -> object:
        if anna.events() and next(created) + 1 == point:
            anna.update_event(str(anna.events()[0]["id"]), location="Raum 7")
        return send(request)

    monkeypatch.setattr(connector.client, "call", call)
    for _ in range(4):
        stage.run()
    ((here,), (there,)) = stage.items(), anna.events()
    assert isinstance(here, Appointment)
    assert (here.location, there["props"]["Location"]) == ("Raum 7", "Raum 7")
    assert here.overrides.keys() == SERIES.overrides.keys()
    assert here.cancellations == SERIES.cancellations
    assert (len(there["exceptions"]), len(there["deleted"])) == (2, 1)
