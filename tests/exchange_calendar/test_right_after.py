"""What somebody else changes while a write of several calls is under way never passes for ours: it
would count as agreed, and never come here. Whatever the moment, the outcome is left open."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox
from andock_sdk import Appointment, Contact, Override, Patch, RemoteItem, errors
from tests.exchange_calendar.people import contact, photo, png
from tests.exchange_calendar.surroundings import appointment, held_in
from tests.exchange_calendar.test_writing import SERIES, patch
from tests.support.between import Write, every_point, kinds

NEXT = {
    "recurrence": "FREQ=WEEKLY;BYDAY=TU;COUNT=7",
    "overrides": {
        "2026-12-01T09:00:00": Override(subject="Jour fixe, kurz", location="Raum 9"),
        "2026-12-08T09:00:00": SERIES.overrides["2026-12-08T09:00:00"],
        "2026-12-29T09:00:00": Override(subject="Der letzte"),
    },
    "cancellations": ("2026-12-15T09:00:00", "2026-12-22T09:00:00"),
}
BACK = {"cancellations": ()}
FIRST = datetime(2026, 11, 24, 8, tzinfo=UTC)


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
    connector: ExchangeConnector,
    anna: Mailbox,
    somebody: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def attempt(point: int) -> Write:
        return lambda: connector.create(anna.calendar, SERIES, f"op-{point}")

    found = every_point(monkeypatch, connector.client, somebody, attempt, first=1)
    assert kinds(found, "Raum 7") == {errors.Transient}
    assert connector.find_operation(anna.calendar, "op-1") is not None


@pytest.mark.parametrize("fields", [NEXT, BACK], ids=["exceptions", "an occurrence comes back"])
def test_while_a_series_is_changed(
    connector: ExchangeConnector,
    anna: Mailbox,
    somebody: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, object],
) -> None:
    """Before the first write it is a conflict, and nothing is written."""

    def attempt(point: int) -> Write:
        made = connector.create(anna.calendar, SERIES, f"op-{point}")
        change = patch(held_in(made), **fields)
        return lambda: connector.update(anna.calendar, made.ref, change, made.version)

    found = every_point(monkeypatch, connector.client, somebody, attempt, first=0)
    assert isinstance(found[0], errors.Conflict)
    assert kinds(found[1:], "Raum 7") == {errors.Transient}


def test_a_series_that_is_throttled_halfway_is_not_said_to_be_unwritten(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """Core would create it once more: it exists already."""
    box.fail_next("UpdateItem", "ErrorServerBusy", backoff_ms=1000)
    with pytest.raises(errors.Transient):
        connector.create(anna.calendar, SERIES, "op-1")
    assert connector.find_operation(anna.calendar, "op-1") is not None


def test_an_item_that_cannot_be_read_back_is_not_said_to_be_unwritten(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    box.fail_next("GetItem", "ErrorServerBusy", backoff_ms=1000)
    with pytest.raises(errors.Transient):
        connector.create(anna.calendar, appointment(subject="Eins"), "op-1")


@pytest.mark.parametrize("fields", [{"notes": "anders"}, {"photo": png(9)}], ids=["notes", "photo"])
@pytest.mark.parametrize("new", [True, False], ids=["created", "changed"])
def test_while_a_contact_gets_its_picture(
    connector: ExchangeConnector,
    anna: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, object],
    new: bool,
) -> None:
    book = anna.address_book
    bea = contact(photo=photo(3))

    def somebody() -> None:
        book.update(str(book.all()[-1]["id"]), **fields)

    def attempt(point: int) -> Write:
        if new:
            return lambda: connector.create(book.default, bea, f"op-{point}")
        made = connector.create(book.default, contact(), f"op-{point}")
        return lambda: connector.update(book.default, made.ref, pictured(made), made.version)

    def pictured(made: RemoteItem) -> Patch:
        assert isinstance(made.item, Contact)
        after = made.item.model_copy(update={"photo": photo(3), "job_title": "Leitung"})
        return Patch(item=after, before=made.item, fields=frozenset({"photo", "job_title"}))

    found = every_point(monkeypatch, connector.client, somebody, attempt, first=int(new))
    allowed = {errors.Transient} if new else {errors.Conflict, errors.Transient}
    theirs = photo(9).data if "photo" in fields else "anders"
    assert errors.Transient in kinds(found, theirs) <= allowed


def test_what_the_server_spells_otherwise_is_no_strangers_change(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """Another zone for the same hour, and notes in HTML."""
    moved = SERIES.overrides["2026-12-08T09:00:00"].when
    assert moved is not None
    paris = moved.model_copy(update={"start_zone": "Europe/Paris", "end_zone": "Europe/Paris"})
    item = SERIES.model_copy(
        update={"overrides": {"2026-12-08T09:00:00": Override(when=paris, subject="Jour fixe")}}
    )
    made = connector.create(anna.calendar, item, "op-1")
    assert isinstance(made.item, Appointment)
    assert made.item.overrides.keys() == item.overrides.keys()
