"""Any series can be created, and become any other, over real https."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings, strategies as st

from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from andock_sdk import NO_REMINDER, Appointment, Override, Patch, Slot
from tests.exchange_calendar.surroundings import (
    EMAIL,
    PASSWORD,
    Names,
    Surroundings,
    appointment,
    connector_for,
    days,
    held_in,
    slot,
)

FIRST = date(2026, 10, 13)  # a Tuesday, before summer time ends
RULES = [
    "FREQ=DAILY;COUNT=9",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=WEEKLY;BYDAY=TU;COUNT=8",
    "FREQ=WEEKLY;BYDAY=TU,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU;UNTIL=20270301",
    "FREQ=MONTHLY;BYMONTHDAY=13",
    "FREQ=MONTHLY;BYDAY=2TU;COUNT=6",
    "FREQ=YEARLY;BYMONTH=10;BYDAY=2TU",
]
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo"]


@pytest.fixture(scope="module")
def mailbox(tls_home: Path) -> Iterator[tuple[ExchangeConnector, str]]:
    """A connector and a calendar that last for many examples."""
    box = Sandbox()
    anna = box.add_mailbox(EMAIL, PASSWORD, name="Anna Muster")
    with SandboxServer(box, tls_home=tls_home) as server:
        connector = connector_for(Surroundings(Names(server.ca_file)), server)
        yield connector, anna.calendar
        connector.close()
    box.close()


def occurrences(rule: str, many: int) -> list[date]:
    """The first days of a rule."""
    found = rrulestr(rule, dtstart=datetime.combine(FIRST, time()))
    return [moment.date() for moment in islice(found, many)]


@st.composite
def series(draw: st.DrawFn) -> Appointment:
    """A series with exceptions that differ from it, in the one spelling."""
    rule, all_day = draw(st.sampled_from(RULES)), draw(st.booleans())
    hour, zone = draw(st.integers(8, 14)), draw(st.sampled_from(ZONES))
    item = appointment(
        when=_slot(FIRST, hour, zone, all_day=all_day),
        subject=draw(st.sampled_from(["A", "B"])),
        location=draw(st.sampled_from(["", "Raum"])),
        recurrence=rule,
        reminder_minutes=draw(st.sampled_from([None, 10])),
    )
    overrides: dict[str, Override] = {}
    cancelled: list[str] = []
    for day in occurrences(rule, 6)[1:]:
        key = day.isoformat() if all_day else datetime.combine(day, time(hour)).isoformat()
        match draw(st.sampled_from(["", "", "cancelled", "text", "time"])):
            case "cancelled":
                cancelled.append(key)
            case "text":
                overrides[key] = Override(subject="Anders", location="Woanders")
            case "time" if not all_day:
                overrides[key] = Override(when=_slot(day, hour + 3, zone, all_day=False))
    return item.model_copy(
        update={"overrides": overrides, "cancellations": tuple(sorted(cancelled))}
    )


def _slot(day: date, hour: int, zone: str, *, all_day: bool) -> Slot:
    if all_day:
        return days(day.isoformat(), (day + timedelta(days=1)).isoformat())
    start = datetime.combine(day, time(hour))
    return slot(start.isoformat(), (start + timedelta(hours=1)).isoformat(), zone)


def same(item: Appointment, wanted: Appointment) -> bool:
    """Equal but for the identity that the other side gives."""
    return item.model_copy(update={"uid": ""}) == wanted


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=series(), after=series())
def test_any_series_becomes_any_other(
    mailbox: tuple[ExchangeConnector, str], before: Appointment, after: Appointment
) -> None:
    """Created exactly, changed exactly, in every mixture of rule, time, zone and exceptions."""
    connector, calendar = mailbox
    made = connector.create(calendar, before, "op")
    assert same(held_in(made), before)
    changed = frozenset(
        name
        for name in Appointment.model_fields
        if name != "uid" and getattr(after, name) != getattr(before, name)
    )
    patch = Patch(item=after, before=held_in(made), fields=changed)
    held = connector.update(calendar, made.ref, patch, made.version)
    assert same(held_in(held), after)
    (page,) = connector.read(calendar, [made.ref])
    assert page == held
    connector.delete(calendar, held.ref, held.version)


def test_an_occurrence_without_the_series_reminder(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """Lost, kept lost, and given back."""
    item = appointment(
        recurrence="FREQ=DAILY;COUNT=3",
        reminder_minutes=15,
        overrides={"2026-11-25T09:00:00": Override(reminder_minutes=NO_REMINDER)},
    )
    made = connector.create(anna.calendar, item, "op")
    assert held_in(made).overrides == item.overrides
    before = held_in(made)
    change = Patch(
        item=before.model_copy(update={"overrides": {}}),
        before=before,
        fields=frozenset({"overrides"}),
    )
    assert held_in(connector.update(anna.calendar, made.ref, change, made.version)).overrides == {}


def test_days_begin_in_the_members_zone_where_the_mailbox_is_empty(
    context: Surroundings, server: SandboxServer, anna: Mailbox
) -> None:
    """Not in UTC, and not where the process runs."""
    context.zone = "Asia/Tokyo"
    connector = connector_for(context, server)
    connector.create(anna.calendar, appointment(when=days("2026-12-01", "2026-12-02")), "op")
    connector.close()
    (event,) = anna.events(anna.calendar)
    assert event["start"] == "2026-11-30T15:00:00Z"
