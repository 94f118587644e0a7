"""The connector against the stand-in's Graph, over real https."""

from datetime import UTC, datetime

import pytest

from andock_office365_calendar.connector import GraphConnector
from andock_sandbox import Mailbox
from andock_sdk import (
    Appointment,
    Collection,
    Missing,
    Override,
    Patch,
    RemoteItem,
    Slot,
    errors,
)
from tests.exchange_calendar.surroundings import appointment, days, slot
from tests.office365_calendar.surroundings import Surroundings

NINE, TEN = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture
def calendar(connector: GraphConnector) -> str:
    """The mailbox's own calendar."""
    return own(connector).ref


def own(connector: GraphConnector) -> Collection:
    return next(one for one in connector.collections() if one.default and one.kind == "calendar")


def held(remote: RemoteItem) -> Appointment:
    assert isinstance(remote.item, Appointment)
    return remote.item


def weekly(**fields: object) -> Appointment:
    return appointment(subject="Jour fixe", recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=6", **fields)


def changed(before: RemoteItem, **fields: object) -> Patch:
    after = held(before).model_copy(update=fields)
    return Patch(item=after, before=held(before), fields=frozenset(fields))


def listed(connector: GraphConnector, calendar: str) -> tuple[list[str], str]:
    """The refs of a whole listing, and where it goes on."""
    refs: list[str] = []
    cursor: str | None = None
    while True:
        page = connector.changes(calendar, cursor)
        refs += [change.ref for change in page.changes]
        cursor = page.cursor
        if not page.more:
            assert page.complete
            return refs, cursor


def test_the_own_calendar_comes_first(connector: GraphConnector) -> None:
    first = connector.collections()[0]
    assert (first.kind, first.default, first.writable) == ("calendar", True, True)


@pytest.mark.parametrize(
    "item",
    [
        appointment(subject="Besuch", location="Haus 3", busy="away", sensitivity="private"),
        appointment(when=days("2026-11-24", "2026-11-26"), subject="Messe", reminder_minutes=900),
        appointment(when=slot("2026-11-24T09:00:00", "2026-11-24T10:00:00", "America/New_York")),
        weekly(),
        weekly(
            overrides={
                "2026-12-01T09:00:00": Override(
                    subject="später", when=slot("2026-12-01T15:00:00", "2026-12-01T16:00:00")
                )
            },
            cancellations=("2026-12-08T09:00:00",),
        ),
    ],
)
def test_what_is_created_comes_back_the_same(
    connector: GraphConnector, calendar: str, item: Appointment
) -> None:
    made = connector.create(calendar, item, "op-1")
    assert made.operation_id == "op-1"
    assert held(made).model_copy(update={"uid": "", "body": item.body}) == item
    (read,) = connector.read(calendar, [made.ref])
    assert read == made


def test_a_create_is_found_by_its_operation(connector: GraphConnector, calendar: str) -> None:
    made = connector.create(calendar, appointment(subject="Besuch"), "op-1")
    assert connector.find_operation(calendar, "op-1") == made
    assert connector.find_operation(calendar, "op-2") is None


def test_changes_name_what_changed_since(connector: GraphConnector, calendar: str) -> None:
    first = connector.create(calendar, appointment(subject="Eins"), "op-1")
    refs, cursor = listed(connector, calendar)
    assert refs == [first.ref]
    second = connector.create(calendar, weekly(), "op-2")
    connector.delete(calendar, first.ref, first.version)
    page = connector.changes(calendar, cursor)
    assert {(change.ref, change.kind) for change in page.changes} == {
        (first.ref, "deleted"),
        (second.ref, "changed"),
    }
    assert not page.complete
    assert connector.read(calendar, [first.ref]) == [Missing(ref=first.ref)]


def test_a_change_writes_its_fields_alone(
    connector: GraphConnector, calendar: str, anna: Mailbox
) -> None:
    made = connector.create(calendar, appointment(subject="Eins", location="Haus 3"), "op-1")
    after = connector.update(calendar, made.ref, changed(made, subject="Zwei"), made.version)
    assert (held(after).subject, held(after).location) == ("Zwei", "Haus 3")
    assert after.version != made.version


def test_what_changed_meanwhile_is_a_conflict(connector: GraphConnector, calendar: str) -> None:
    made = connector.create(calendar, appointment(subject="Eins"), "op-1")
    connector.update(calendar, made.ref, changed(made, subject="Zwei"), made.version)
    with pytest.raises(errors.Conflict):
        connector.update(calendar, made.ref, changed(made, subject="Drei"), made.version)
    with pytest.raises(errors.Conflict):
        connector.delete(calendar, made.ref, made.version)


def test_an_occurrence_is_changed_cancelled_and_brought_back(
    connector: GraphConnector, calendar: str
) -> None:
    made = connector.create(calendar, weekly(), "op-1")
    overrides = {"2026-12-01T09:00:00": Override(subject="anders")}
    cancellations = ("2026-12-08T09:00:00",)
    both = changed(made, overrides=overrides, cancellations=cancellations)
    after = connector.update(calendar, made.ref, both, made.version)
    assert held(after).overrides == overrides
    assert held(after).cancellations == cancellations
    back = connector.update(calendar, made.ref, changed(after, cancellations=()), after.version)
    assert held(back).overrides == overrides
    assert held(back).cancellations == ()


def test_what_lies_in_the_mailbox_is_read(
    connector: GraphConnector, calendar: str, anna: Mailbox
) -> None:
    anna.add_event(anna.calendar, "Zahnarzt", NINE, TEN, sensitivity="Private", busy="OOF")
    ((ref,), _) = listed(connector, calendar)
    (read,) = connector.read(calendar, [ref])
    assert isinstance(read, RemoteItem)
    assert held(read).subject == "Zahnarzt"
    assert held(read).when.start_zone in ("UTC", "Europe/Berlin")
    assert read.operation_id == ""


def test_a_lost_token_is_said(connector: GraphConnector, calendar: str, anna: Mailbox) -> None:
    _, cursor = listed(connector, calendar)
    broken = cursor.replace("deltatoken=", "deltatoken=x")
    with pytest.raises(errors.CursorLost):
        connector.changes(calendar, broken)


def test_a_calendar_that_is_gone_is_said(connector: GraphConnector) -> None:
    with pytest.raises(errors.CollectionGone):
        connector.changes("AAMkNothing", None)


def test_idle_calendars_are_asked_about_in_one_request(
    context: Surroundings, connector: GraphConnector, calendar: str, anna: Mailbox
) -> None:
    anna.add_calendar("Zwei")
    anna.add_calendar("Drei")
    refs = [one.ref for one in connector.collections() if one.kind == "calendar"]
    assert len(refs) == 3
    cursors = {ref: listed(connector, ref)[1] for ref in refs}
    again = GraphConnector(context, type(connector.client)(context, connector.client.grant))
    for ref in refs:
        assert again.changes(ref, cursors[ref]).changes == ()
    assert again.client.requests == 1
    again.close()


def test_whole_days_stay_whole_days_in_any_zone(connector: GraphConnector, calendar: str) -> None:
    made = connector.create(calendar, appointment(when=days("2026-03-29", "2026-03-30")), "op-1")
    assert held(made).when == Slot(start="2026-03-29", end="2026-03-30", all_day=True)
