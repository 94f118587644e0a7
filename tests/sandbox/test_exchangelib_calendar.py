"""exchangelib keeps a calendar: single, all-day and recurring entries, searches, conflicts."""

from datetime import timedelta
from typing import Any

import pytest
from exchangelib import CalendarItem, ExtendedProperty, Mailbox as Address
from exchangelib.errors import ErrorIrresolvableConflict, ErrorItemNotFound
from exchangelib.items import (
    ALWAYS_OVERWRITE,
    NEVER_OVERWRITE,
    SEND_ONLY_TO_ALL,
    SEND_TO_NONE,
)
from exchangelib.properties import Attendee
from exchangelib.recurrence import (
    AbsoluteMonthlyPattern,
    AbsoluteYearlyPattern,
    DailyPattern,
    Recurrence,
    RelativeMonthlyPattern,
    RelativeYearlyPattern,
    WeeklyPattern,
)

from andock_sandbox import Sandbox
from tests.sandbox.exchange_client import BERLIN, account, date, trusted, utc

__all__ = ["account", "trusted"]


class OperationId(ExtendedProperty):  # type: ignore[misc]
    """A named property of our own."""

    property_set_id = "c9f5a5f0-6f4b-4c5e-9d8a-111111111111"
    property_name = "operation-id"
    property_type = "String"


@pytest.fixture(autouse=True, scope="module")
def _registered() -> Any:
    CalendarItem.register("operation_id", OperationId)
    yield
    CalendarItem.deregister("operation_id")


def single(account: Any, **fields: Any) -> Any:
    """A saved entry of an hour."""
    item = CalendarItem(
        account=account,
        folder=account.calendar,
        **{
            "subject": "Besprechung",
            "start": utc(2026, 11, 24, 9),
            "end": utc(2026, 11, 24, 10),
            **fields,
        },
    )
    return item.save(send_meeting_invitations=SEND_TO_NONE)


def read(account: Any, item: Any) -> Any:
    """The entry as the server has it now."""
    return account.calendar.get(id=item.id)


def series(account: Any, pattern: Any, **fields: Any) -> Any:
    """A saved series of an hour from Tuesday, 2026-11-24, five times unless said otherwise."""
    rule = Recurrence(pattern=pattern, start=date(2026, 11, 24), number=5)
    return single(account, **{"recurrence": rule, "subject": "Serie", **fields})


def test_a_single_entry_is_created_read_changed_and_deleted(account: Any) -> None:
    """All its plain fields survive."""
    item = single(
        account,
        location="Raum 1",
        body="Zeile",
        categories=["Blau"],
        sensitivity="Private",
        legacy_free_busy_status="OOF",
        reminder_is_set=True,
        reminder_minutes_before_start=30,
    )
    held = read(account, item)
    assert (held.subject, held.location, held.body) == ("Besprechung", "Raum 1", "Zeile")
    assert (held.categories, held.sensitivity) == (["Blau"], "Private")
    assert (held.legacy_free_busy_status, held.reminder_minutes_before_start) == ("OOF", 30)
    assert (held.start, held.type) == (utc(2026, 11, 24, 9), "Single")
    held.subject = "Neu"
    held.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_NONE)
    assert read(account, item).subject == "Neu"
    assert read(account, item).changekey == held.changekey != item.changekey
    held.delete(send_meeting_cancellations=SEND_TO_NONE)
    with pytest.raises(ErrorItemNotFound):
        read(account, item)


def test_an_all_day_entry_keeps_its_dates(account: Any) -> None:
    """Two days mean two days, whichever zone the process is in."""
    item = single(account, start=date(2026, 12, 24), end=date(2026, 12, 25), is_all_day=True)
    held = read(account, item)
    assert (held.start, held.end, held.is_all_day) == (date(2026, 12, 24), date(2026, 12, 25), True)


@pytest.mark.parametrize(
    ("pattern", "third"),
    [
        (DailyPattern(interval=2), date(2026, 11, 28)),
        (WeeklyPattern(interval=1, weekdays=["Tuesday", "Friday"]), date(2026, 12, 1)),
        (AbsoluteMonthlyPattern(interval=1, day_of_month=31), date(2027, 1, 31)),
        (
            RelativeMonthlyPattern(interval=1, weekday="Friday", week_number="Last"),
            date(2027, 1, 29),
        ),
        (AbsoluteYearlyPattern(day_of_month=29, month="February"), date(2029, 2, 28)),
        (
            RelativeYearlyPattern(weekday="Weekday", week_number="First", month="May"),
            date(2029, 5, 1),
        ),
    ],
)
def test_a_series_of_every_kind_survives(account: Any, pattern: Any, third: date) -> None:
    """Its rule comes back as it was sent, its third occurrence lies where Exchange puts it."""
    item = series(account, pattern)
    held = read(account, item)
    assert held.type == "RecurringMaster"
    assert held.recurrence.pattern == pattern
    occurrence = held.occurrence(index=3)
    occurrence.refresh()
    assert occurrence.start.astimezone(BERLIN).date() == third
    assert held.first_occurrence.start == held.start
    assert held.last_occurrence.start > held.start


def test_occurrences_are_changed_and_deleted(account: Any) -> None:
    """The master lists both; the calendar view shows them; the rest stays."""
    item = series(account, WeeklyPattern(interval=1, weekdays=["Tuesday"]))
    second = item.occurrence(index=2)
    second.refresh()
    second.subject, second.start = "Verschoben", second.start + timedelta(hours=2)
    second.end += timedelta(hours=2)
    second.save(update_fields=["subject", "start", "end"], send_meeting_invitations=SEND_TO_NONE)
    item.occurrence(index=4).delete(send_meeting_cancellations=SEND_TO_NONE)
    held = read(account, item)
    assert [o.start for o in held.modified_occurrences] == [utc(2026, 12, 1, 11)]
    assert [o.original_start for o in held.modified_occurrences] == [utc(2026, 12, 1, 9)]
    assert [o.start for o in held.deleted_occurrences] == [utc(2026, 12, 15, 9)]
    shown = list(account.calendar.view(start=utc(2026, 11, 1), end=utc(2027, 2, 1)))
    assert [(entry.subject, entry.type) for entry in shown] == [
        ("Serie", "Occurrence"),
        ("Verschoben", "Exception"),
        ("Serie", "Occurrence"),
        ("Serie", "Occurrence"),
    ]
    changed = account.calendar.get(id=held.modified_occurrences[0].id)
    assert (changed.subject, changed.recurrence_id) == ("Verschoben", utc(2026, 12, 1, 9))
    changed.delete(send_meeting_cancellations=SEND_TO_NONE)
    assert len(read(account, item).deleted_occurrences) == 2


def test_sync_brings_each_change_once(account: Any) -> None:
    """Created, changed (an occurrence too), deleted; then nothing."""
    calendar = account.calendar
    item = series(account, DailyPattern(interval=1))
    assert [kind for kind, _ in calendar.sync_items()] == ["create"]
    assert list(calendar.sync_items()) == []
    item.occurrence(index=2).delete(send_meeting_cancellations=SEND_TO_NONE)
    changes = list(calendar.sync_items())
    assert [(kind, found.id) for kind, found in changes] == [("update", item.id)]
    read(account, item).delete(send_meeting_cancellations=SEND_TO_NONE)
    assert [(kind, found.id) for kind, found in calendar.sync_items()] == [("delete", item.id)]


def test_sync_never_brings_a_body(account: Any) -> None:
    """Only GetItem does."""
    single(account, body="Geheim")
    [(_, found)] = account.calendar.sync_items(only_fields=["subject", "body"])
    assert found.subject == "Besprechung"
    assert found.body is None


def test_a_named_property_is_searched(account: Any) -> None:
    """As before repeating a create."""
    item = single(account, operation_id="op-1")
    single(account, operation_id="op-2")
    assert [found.id for found in account.calendar.filter(operation_id="op-1")] == [item.id]
    assert account.calendar.filter(operation_id="op-3").count() == 0


def test_fields_are_searched_and_sorted(account: Any) -> None:
    """Contains, comparisons, not, or; order and pages."""
    for day, subject in ((1, "Alpha"), (2, "Beta"), (3, "Gamma")):
        single(account, subject=subject, start=utc(2026, 12, day, 9), end=utc(2026, 12, day, 10))
    calendar = account.calendar
    assert [i.subject for i in calendar.filter(subject__icontains="ALPH")] == ["Alpha"]
    assert {i.subject for i in calendar.filter(start__gte=utc(2026, 12, 2, 9))} == {
        "Beta",
        "Gamma",
    }
    assert {i.subject for i in calendar.exclude(subject="Beta")} == {"Alpha", "Gamma"}
    ordered = calendar.all().order_by("-subject")
    ordered.page_size = 1
    assert [i.subject for i in ordered] == ["Gamma", "Beta", "Alpha"]


def test_a_stale_change_key_is_refused(account: Any) -> None:
    """With NeverOverwrite; AlwaysOverwrite wins."""
    item = single(account)
    other = read(account, item)
    other.location = "Dort"
    other.save(update_fields=["location"], send_meeting_invitations=SEND_TO_NONE)
    item.subject = "Hier"
    with pytest.raises(ErrorIrresolvableConflict):
        item.save(
            update_fields=["subject"],
            conflict_resolution=NEVER_OVERWRITE,
            send_meeting_invitations=SEND_TO_NONE,
        )
    item.save(
        update_fields=["subject"],
        conflict_resolution=ALWAYS_OVERWRITE,
        send_meeting_invitations=SEND_TO_NONE,
    )
    held = read(account, item)
    assert (held.subject, held.location) == ("Hier", "Dort")


def test_an_invitation_goes_to_the_outbox_and_the_other_mailbox(account: Any, box: Sandbox) -> None:
    """Only when asked for."""
    ben = box.add_mailbox("ben@musterfirma.test", "x", name="Ben")
    people = [Attendee(mailbox=Address(email_address=ben.email), response_type="Unknown")]
    single(account, required_attendees=people)
    assert box.outbox == []
    item = CalendarItem(
        account=account,
        folder=account.calendar,
        subject="Runde",
        start=utc(2026, 11, 25, 9),
        end=utc(2026, 11, 25, 10),
        required_attendees=people,
    )
    item.save(send_meeting_invitations=SEND_ONLY_TO_ALL)
    assert [(mail.kind, mail.to) for mail in box.outbox] == [("MeetingRequest", (ben.email,))]
    assert [event["subject"] for event in ben.events()] == ["Runde"]


def test_an_entry_moves_to_another_calendar_with_a_new_id(account: Any, box: Sandbox) -> None:
    """Folder ids stay, item ids change."""
    box.mailbox("anna@musterfirma.test").add_calendar("Projekte")
    item = single(account)
    before = item.id
    item.move(account.calendar / "Projekte")
    assert item.id != before
    assert (account.calendar / "Projekte").all().count() == 1
    assert account.calendar.all().count() == 0


def test_many_are_created_read_changed_and_deleted_at_once(account: Any) -> None:
    """In batches."""
    items = [
        CalendarItem(
            account=account,
            folder=account.calendar,
            subject=f"Nr {number}",
            start=utc(2026, 12, 1, 9),
            end=utc(2026, 12, 1, 10),
        )
        for number in range(60)
    ]
    made = account.bulk_create(
        account.calendar, items, send_meeting_invitations=SEND_TO_NONE, chunk_size=25
    )
    held = list(account.fetch(made, chunk_size=25))
    assert [item.subject for item in held] == [f"Nr {number}" for number in range(60)]
    for item in held:
        item.location = "Dort"
    account.bulk_update(
        [(item, ["location"]) for item in held],
        conflict_resolution=NEVER_OVERWRITE,
        send_meeting_invitations_or_cancellations=SEND_TO_NONE,
    )
    assert account.calendar.filter(location="Dort").count() == 60
    account.bulk_delete(made, delete_type="HardDelete", send_meeting_cancellations=SEND_TO_NONE)
    assert account.calendar.all().count() == 0


def test_a_series_written_back_unchanged_stays_as_it_is(account: Any) -> None:
    """Start and end among it; exceptions survive it."""
    item = series(account, WeeklyPattern(interval=1, weekdays=["Tuesday"]), location="Hier")
    item.occurrence(index=2).delete(send_meeting_cancellations=SEND_TO_NONE)
    held = read(account, item)
    fields = ["subject", "start", "end", "location", "is_all_day", "legacy_free_busy_status"]
    held.save(update_fields=fields, send_meeting_invitations=SEND_TO_NONE)
    again = read(account, item)
    assert (again.start, again.end, again.location) == (held.start, held.end, "Hier")
    assert again.recurrence == held.recurrence
    assert len(again.deleted_occurrences) == 1


def test_an_all_day_series_keeps_its_days(account: Any) -> None:
    """Its occurrences are whole days, over a clock change too."""
    rule = Recurrence(
        pattern=WeeklyPattern(interval=1, weekdays=["Sunday"]), start=date(2026, 10, 18), number=3
    )
    item = single(
        account, start=date(2026, 10, 18), end=date(2026, 10, 18), is_all_day=True, recurrence=rule
    )
    shown = account.calendar.view(start=utc(2026, 10, 1), end=utc(2026, 12, 1))
    assert [(entry.start, entry.end) for entry in shown] == [
        (day, day) for day in (date(2026, 10, 18), date(2026, 10, 25), date(2026, 11, 1))
    ]
    assert read(account, item).is_all_day
