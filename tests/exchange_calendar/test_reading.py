"""Listing and reading a mailbox over real https."""

from datetime import UTC, date, datetime

import pytest

from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox
from andock_sdk import Appointment, Missing, RemoteItem, errors
from tests.exchange_calendar.surroundings import days, held_in, slot

NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)  # nine o'clock in Berlin
TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)


def read(connector: ExchangeConnector, ref: str) -> Appointment:
    """The one item."""
    (result,) = connector.read("", [ref])
    assert isinstance(result, RemoteItem)
    return held_in(result)


def test_lists_all_calendars_with_the_own_one_first(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """The own calendar is marked, others follow."""
    team = anna.add_calendar("Team")
    anna.add_event(anna.calendar, "Eins", NINE, TEN)
    first, *others = (one for one in connector.collections() if one.kind == "calendar")
    assert (first.ref, first.default, first.writable, first.items) == (anna.calendar, True, True, 1)
    assert [(one.ref, one.name) for one in others] == [(team, "Team")]


def test_a_deleted_calendar_is_not_offered(connector: ExchangeConnector, anna: Mailbox) -> None:
    """What was deleted is gone from the list."""
    team = anna.add_calendar("Team")
    anna.delete_folder(team)
    refs = [one.ref for one in connector.collections() if one.kind == "calendar"]
    assert refs == [anna.calendar]


def test_a_first_listing_names_every_item_and_is_complete(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """Pages follow one another; only the last one completes the listing."""
    refs = {anna.add_event(anna.calendar, f"Termin {n}", NINE, TEN) for n in range(600)}
    first = connector.changes(anna.calendar, None)
    assert (len(first.changes), first.more, first.complete) == (512, True, False)
    second = connector.changes(anna.calendar, first.cursor)
    assert (len(second.changes), second.more, second.complete) == (88, False, True)
    assert {change.ref for change in (*first.changes, *second.changes)} == refs


def test_later_pages_name_changes_only_and_complete_nothing(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """A change and a deletion arrive; the page ends no listing."""
    kept = anna.add_event(anna.calendar, "Bleibt", NINE, TEN)
    gone = anna.add_event(anna.calendar, "Geht", NINE, TEN)
    cursor = connector.changes(anna.calendar, None).cursor
    anna.update_event(kept, subject="Geändert")
    anna.delete_event(gone)
    page = connector.changes(anna.calendar, cursor)
    assert {(c.ref, c.kind) for c in page.changes} == {(kept, "changed"), (gone, "deleted")}
    assert not page.complete
    assert connector.changes(anna.calendar, page.cursor).changes == ()


def test_a_lost_sync_state_is_a_lost_cursor(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox
) -> None:
    """ErrorInvalidSyncStateData asks for a new listing."""
    cursor = connector.changes(anna.calendar, None).cursor
    box.lose_sync_state(anna)
    with pytest.raises(errors.CursorLost):
        connector.changes(anna.calendar, cursor)


@pytest.mark.parametrize("cursor", ["nonsense", "[]", '{"state": 1}'])
def test_a_cursor_that_is_none_is_lost(
    connector: ExchangeConnector, anna: Mailbox, cursor: str
) -> None:
    """Whatever core kept, a listing can begin anew."""
    with pytest.raises(errors.CursorLost):
        connector.changes(anna.calendar, cursor)


def test_a_deleted_folder_is_a_collection_gone(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Not an empty listing: nothing may be deleted because of it."""
    team = anna.add_calendar("Team")
    cursor = connector.changes(team, None).cursor
    anna.delete_folder(team)
    with pytest.raises(errors.CollectionGone):
        connector.changes(team, cursor)
    with pytest.raises(errors.CollectionGone):
        connector.changes(team, None)


def test_a_renamed_calendar_goes_on_and_one_made_anew_begins_anew(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """Folders are known by their ids, whatever they are called."""
    team = anna.add_calendar("Team")
    anna.add_event(team, "Runde", NINE, TEN)
    cursor = connector.changes(team, None).cursor
    anna.rename_folder(team, "Vertrieb")
    renamed = connector.changes(team, cursor)
    assert (renamed.changes, renamed.complete) == ((), False)
    assert {c.ref: c.name for c in connector.collections()}[team] == "Vertrieb"
    anna.delete_folder(team)
    again = anna.add_calendar("Vertrieb")
    assert again != team
    with pytest.raises(errors.CollectionGone):
        connector.changes(team, renamed.cursor)
    assert connector.changes(again, None).complete


def test_reads_every_field(connector: ExchangeConnector, anna: Mailbox) -> None:
    """What Outlook would show arrives."""
    ref = anna.add_event(
        anna.calendar,
        "Planung",
        NINE,
        TEN,
        location="Raum 2",
        body="Zeile 1\nZeile 2",
        busy="OOF",
        sensitivity="Private",
        categories=["Rot", "Blau"],
        reminder=15,
        uid="uid-1",
    )
    item = read(connector, ref)
    assert item.when == slot("2026-11-24T09:00:00", "2026-11-24T10:00:00")
    assert (item.subject, item.location, item.body.content) == (
        "Planung",
        "Raum 2",
        "Zeile 1\nZeile 2",
    )
    assert (item.busy, item.sensitivity, item.reminder_minutes) == ("away", "private", 15)
    assert (item.categories, item.uid, item.editable) == (("Blau", "Rot"), "uid-1", True)


@pytest.mark.parametrize(
    "zone", ["W. Europe Standard Time", "UTC", "Tokyo Standard Time", "Pacific Standard Time"]
)
def test_all_day_entries_keep_their_days_in_every_zone(
    connector: ExchangeConnector, anna: Mailbox, zone: str
) -> None:
    """The day is that of the item's own zone, the end exclusive."""
    ref = anna.add_event(anna.calendar, "Urlaub", date(2026, 3, 28), date(2026, 3, 30), zone=zone)
    assert read(connector, ref).when == days("2026-03-28", "2026-03-30")


def test_a_foreign_zone_is_kept_by_name_with_times_in_utc(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """The event is never dropped because of its zone."""
    ref = anna.add_event(anna.calendar, "X", NINE, TEN, zone="Customized Time Zone")
    when = read(connector, ref).when
    assert (when.start, when.start_zone, when.foreign_zone) == (
        "2026-11-24T08:00:00",
        "UTC",
        "Customized Time Zone",
    )


def test_a_meeting_of_someone_else_is_locked(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Organised by Bea, so not editable; her name arrives."""
    ref = anna.add_event(
        anna.calendar,
        "Besprechung",
        NINE,
        TEN,
        attendees=[("Anna Muster", anna.email)],
        organizer=("Bea", "bea@musterfirma.test"),
    )
    item = read(connector, ref)
    assert not item.editable
    assert item.organizer is not None
    assert item.organizer.email == "bea@musterfirma.test"
    assert [one.person.email for one in item.attendees] == [anna.email]


def test_an_own_meeting_stays_editable(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Attendees alone lock nothing."""
    ref = anna.add_event(
        anna.calendar, "Runde", NINE, TEN, attendees=[("Bea", "bea@musterfirma.test")]
    )
    assert read(connector, ref).editable


def test_a_series_arrives_with_its_exceptions(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Sparse overrides by original start, cancellations by original start, over a clock change."""
    ref = anna.add_event(
        anna.calendar,
        "Jour fixe",
        datetime(2026, 10, 13, 7, tzinfo=UTC),
        datetime(2026, 10, 13, 8, tzinfo=UTC),
        location="Raum 1",
        recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=8",
    )
    anna.change_occurrence(ref, 2, subject="Jour fixe, lang")
    anna.change_occurrence(ref, 4, start=datetime(2026, 11, 3, 13, tzinfo=UTC),
                           end=datetime(2026, 11, 3, 14, tzinfo=UTC))  # fmt: skip
    anna.delete_occurrence(ref, 5)
    item = read(connector, ref)
    assert item.recurrence == "FREQ=WEEKLY;BYDAY=TU;COUNT=8"
    assert item.when == slot("2026-10-13T09:00:00", "2026-10-13T10:00:00")
    assert {k: v.model_dump(exclude_none=True) for k, v in item.overrides.items()} == {
        "2026-10-20T09:00:00": {"subject": "Jour fixe, lang"},
        "2026-11-03T09:00:00": {
            "when": slot("2026-11-03T14:00:00", "2026-11-03T15:00:00").model_dump()
        },
    }
    assert item.cancellations == ("2026-11-10T09:00:00",)


def test_reads_many_in_order_and_says_which_are_missing(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """More than one batch, with one that is gone and one id that never was."""
    refs = [anna.add_event(anna.calendar, f"Termin {n}", NINE, TEN) for n in range(90)]
    anna.delete_event(refs[50])
    results = connector.read(anna.calendar, [*refs, "unsinn"])
    assert [result.ref for result in results] == [*refs, "unsinn"]
    assert {r.ref for r in results if isinstance(r, Missing)} == {refs[50], "unsinn"}
    subjects = [held_in(r).subject for r in results if isinstance(r, RemoteItem)]
    assert subjects[:2] == ["Termin 0", "Termin 1"]
