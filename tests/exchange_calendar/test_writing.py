"""Creating, changing and deleting over real https: conditional, silent and exact."""

from datetime import UTC, date, datetime

import pytest

from andock_exchange_calendar import reading
from andock_exchange_calendar.client import Client
from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox
from andock_sdk import Appointment, Attendee, Body, Override, Patch, Person, RemoteItem, errors
from tests.exchange_calendar.surroundings import appointment, days, held_in, slot

SERIES = appointment(
    subject="Jour fixe",
    location="Raum 1",
    recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=6",
    overrides={
        "2026-12-01T09:00:00": Override(subject="Jour fixe, lang", location="Raum 9"),
        "2026-12-08T09:00:00": Override(when=slot("2026-12-09T14:00:00", "2026-12-09T16:00:00")),
    },
    cancellations=("2026-12-15T09:00:00",),
)


def patch(before: Appointment, **changed: object) -> Patch:
    """A patch that changes these fields."""
    return Patch(item=before.model_copy(update=changed), before=before, fields=frozenset(changed))


def without_identity(item: Appointment) -> Appointment:
    """The item without what only the other side gives."""
    return item.model_copy(update={"uid": "", "organizer": None})


def now(connector: ExchangeConnector, ref: str) -> RemoteItem:
    """The item as it stands."""
    (result,) = connector.read("", [ref])
    assert isinstance(result, RemoteItem)
    return result


@pytest.mark.parametrize(
    "item",
    [
        appointment(subject="Einzeln", body=Body(content="Notiz\nzwei"), reminder_minutes=30),
        appointment(subject="Frei", busy="free", sensitivity="confidential", categories=("A", "B")),
        appointment(subject="HTML", body=Body(kind="html", content="<p>Hallo &amp; Tschüss</p>")),
        appointment(when=days("2026-12-24", "2026-12-27"), subject="Urlaub", busy="away"),
        appointment(when=slot("2026-03-29T01:30:00", "2026-03-29T03:30:00"), subject="Umstellung"),
        appointment(when=slot("2026-11-24T09:00:00", "2026-11-24T10:00:00", "Asia/Tokyo")),
        SERIES,
        appointment(
            when=days("2026-12-01", "2026-12-02"),
            recurrence="FREQ=MONTHLY;BYMONTHDAY=1",
            cancellations=("2027-01-01",),
        ),
    ],
    ids=lambda item: item.subject or item.when.start_zone or "all-day series",
)
def test_what_is_created_reads_back_the_same(
    connector: ExchangeConnector, anna: Mailbox, item: Appointment
) -> None:
    """A round trip over the wire changes nothing."""
    made = connector.create(anna.calendar, item, "op-1")
    assert without_identity(held_in(made)) == item
    assert made == now(connector, made.ref)
    assert made.operation_id == "op-1"


def test_an_operation_is_found_again_in_its_calendar_only(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """After a crash, the created item is found by its operation id."""
    team = anna.add_calendar("Team")
    made = connector.create(anna.calendar, appointment(subject="A"), "op-1")
    connector.create(anna.calendar, appointment(subject="B"), "op-2")
    assert connector.find_operation(anna.calendar, "op-1") == made
    assert connector.find_operation(anna.calendar, "op-9") is None
    assert connector.find_operation(team, "op-1") is None


def test_all_day_items_are_written_in_the_zone_of_the_mailbox(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """Days begin where most items' days begin, so that Outlook shows one day, not two."""
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    anna.add_event(anna.calendar, "Vorher", start, start, zone="Tokyo Standard Time")
    team = anna.add_calendar("Team")
    made = connector.create(team, appointment(when=days("2026-12-24", "2026-12-25")), "o")
    (event,) = [one for one in anna.events() if one["id"] == made.ref]
    assert event["start"] == "2026-12-23T15:00:00Z"


def test_an_update_writes_its_fields_and_no_others(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """What Outlook holds beside the patch stays as it is."""
    made = connector.create(anna.calendar, appointment(subject="Alt", location="Raum 1"), "op")
    changed = patch(held_in(made), subject="Neu", location="", busy="tentative")
    hidden = changed.model_copy(update={"item": changed.item.model_copy(
        update={"body": Body(content="nicht gefragt")})})  # fmt: skip
    after = connector.update(anna.calendar, made.ref, hidden, made.version)
    assert held_in(after).subject == "Neu"
    assert (held_in(after).location, held_in(after).busy) == ("", "tentative")
    assert held_in(after).body == Body()
    assert after.version != made.version
    assert after == now(connector, made.ref)


@pytest.mark.parametrize(
    "changed",
    [
        {"when": slot("2026-11-25T15:00:00", "2026-11-25T16:30:00")},
        {"when": days("2026-11-25", "2026-11-26")},
        {"when": slot("2026-11-24T09:00:00", "2026-11-24T10:00:00", "America/New_York")},
        {"reminder_minutes": None},
        {"reminder_minutes": 5},
        {"categories": ()},
        {"categories": ("Grün",)},
        {"body": Body(kind="html", content="<b>fett</b>")},
        {"sensitivity": "private"},
        {"recurrence": "FREQ=DAILY;COUNT=3"},
    ],
    ids=str,
)
def test_each_field_can_be_changed(
    connector: ExchangeConnector, anna: Mailbox, changed: dict[str, object]
) -> None:
    """Set or taken away, and nothing beside it."""
    before = appointment(subject="S", categories=("Rot",), reminder_minutes=10)
    made = connector.create(anna.calendar, before, "op")
    after = connector.update(anna.calendar, made.ref, patch(held_in(made), **changed), made.version)
    assert held_in(after) == held_in(made).model_copy(update=changed)


def test_a_stale_version_writes_nothing(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Outlook was faster: update and delete are refused."""
    made = connector.create(anna.calendar, appointment(subject="Alt"), "op")
    anna.update_event(made.ref, subject="Outlook")
    with pytest.raises(errors.Conflict):
        connector.update(
            anna.calendar, made.ref, patch(held_in(made), subject="Andock"), made.version
        )
    with pytest.raises(errors.Conflict):
        connector.delete(anna.calendar, made.ref, made.version)
    assert held_in(now(connector, made.ref)).subject == "Outlook"


def test_what_is_gone_is_gone(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Update and delete of a deleted item say so."""
    made = connector.create(anna.calendar, appointment(), "op")
    anna.delete_event(made.ref)
    with pytest.raises(errors.Gone):
        connector.update(anna.calendar, made.ref, patch(held_in(made), subject="X"), made.version)
    with pytest.raises(errors.Gone):
        connector.delete(anna.calendar, made.ref, made.version)


def test_delete_takes_the_item_out_of_the_calendar(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """After a delete the id leads nowhere."""
    made = connector.create(anna.calendar, appointment(), "op")
    connector.delete(anna.calendar, made.ref, made.version)
    assert anna.events(anna.calendar) == []


def test_creating_in_a_calendar_that_is_gone(connector: ExchangeConnector, anna: Mailbox) -> None:
    """The calendar is named as the reason, not the item."""
    team = anna.add_calendar("Team")
    anna.delete_folder(team)
    with pytest.raises(errors.CollectionGone):
        connector.create(team, appointment(), "op")


def test_a_series_is_changed_occurrence_by_occurrence(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """One exception more, one less, one changed, one cancelled; the others stay."""
    made = connector.create(anna.calendar, SERIES, "op")
    after = connector.update(
        anna.calendar,
        made.ref,
        patch(
            held_in(made),
            overrides={
                "2026-12-01T09:00:00": Override(subject="Jour fixe, kurz"),
                "2026-12-29T09:00:00": Override(busy="free"),
            },
            cancellations=("2026-12-15T09:00:00", "2026-12-22T09:00:00"),
        ),
        made.version,
    )
    assert held_in(after).overrides == {
        "2026-12-01T09:00:00": Override(subject="Jour fixe, kurz"),
        "2026-12-29T09:00:00": Override(busy="free"),
    }
    assert held_in(after).cancellations == ("2026-12-15T09:00:00", "2026-12-22T09:00:00")


def test_a_cancelled_occurrence_comes_back(connector: ExchangeConnector, anna: Mailbox) -> None:
    """The pattern is written anew, and the exceptions survive it."""
    made = connector.create(anna.calendar, SERIES, "op")
    after = connector.update(
        anna.calendar, made.ref, patch(held_in(made), cancellations=()), made.version
    )
    assert held_in(after) == held_in(made).model_copy(update={"cancellations": ()})


def test_a_series_that_moves_keeps_its_exceptions(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """From 9 to 11 o'clock: overrides and cancellations move along as they are asked to."""
    made = connector.create(anna.calendar, SERIES, "op")
    moved = patch(
        held_in(made),
        when=slot("2026-11-24T11:00:00", "2026-11-24T12:00:00"),
        overrides={"2026-12-01T11:00:00": Override(subject="Jour fixe, lang", location="Raum 9")},
        cancellations=("2026-12-15T11:00:00",),
    )
    after = connector.update(anna.calendar, made.ref, moved, made.version)
    assert held_in(after) == moved.item


def test_a_changed_rule_keeps_the_wanted_exceptions(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """Longer by four weeks, exceptions as before."""
    made = connector.create(anna.calendar, SERIES, "op")
    longer = patch(held_in(made), recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=10")
    after = connector.update(anna.calendar, made.ref, longer, made.version)
    assert held_in(after) == longer.item


def test_a_series_becomes_single(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Without a rule, without exceptions."""
    made = connector.create(anna.calendar, SERIES, "op")
    single = patch(held_in(made), recurrence="", overrides={}, cancellations=())
    after = connector.update(anna.calendar, made.ref, single, made.version)
    assert held_in(after) == single.item


def test_a_stale_series_is_not_touched(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Also where only an occurrence is to change, the series' version is compared."""
    made = connector.create(anna.calendar, SERIES, "op")
    anna.change_occurrence(made.ref, 6, subject="Outlook")
    with pytest.raises(errors.Conflict):
        connector.update(anna.calendar, made.ref, patch(held_in(made), overrides={}), made.version)
    assert "2026-12-01T09:00:00" in held_in(now(connector, made.ref)).overrides


@pytest.mark.parametrize(
    ("item", "key"),
    [
        (appointment(recurrence="FREQ=HOURLY"), "series.rule"),
        (appointment(recurrence="FREQ=WEEKLY;BYDAY=MO"), "series.start"),
        (appointment(recurrence="FREQ=DAILY;COUNT=1000"), "series.too_long"),
        (appointment(subject="x" * 256), "item.line_too_long"),
        (
            appointment(
                recurrence="FREQ=DAILY;COUNT=3",
                overrides={"2026-12-24T09:00:00": Override(subject="X")},
            ),
            "series.occurrence",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_exchange_cannot_hold_is_refused_before_anything_is_sent(
    connector: ExchangeConnector, anna: Mailbox, item: Appointment, key: str
) -> None:
    """Never approximated, and no half of it is created."""
    with pytest.raises(errors.Unrepresentable) as refused:
        connector.create(anna.calendar, item, "op")
    assert refused.value.key == key
    assert anna.events() == []


def test_no_mail_is_ever_sent(connector: ExchangeConnector, anna: Mailbox, box: Sandbox) -> None:
    """Create, change, change an occurrence, cancel one, delete: the outbox stays empty."""
    bea = box.add_mailbox("bea@musterfirma.test", "x", name="Bea")
    invited = Attendee(person=Person(name="Bea", email=bea.email))
    made = connector.create(
        anna.calendar, SERIES.model_copy(update={"attendees": (invited,)}), "op"
    )
    assert [one.person.email for one in held_in(made).attendees] == [bea.email]
    new = connector.update(
        anna.calendar,
        made.ref,
        patch(held_in(made), when=slot("2026-11-24T11:00:00", "2026-11-24T12:00:00"), overrides={}),
        made.version,
    )
    connector.delete(anna.calendar, new.ref, new.version)
    assert box.outbox == []


def test_a_foreign_zone_survives_a_new_time(connector: ExchangeConnector, anna: Mailbox) -> None:
    """The name is left on the item as it came."""
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    ref = anna.add_event(anna.calendar, "X", start, start, zone="Customized Time Zone")
    held = now(connector, ref)
    later = held_in(held).when.model_copy(
        update={"start": "2026-11-24T12:00:00", "end": "2026-11-24T13:00:00"}
    )
    after = connector.update(anna.calendar, ref, patch(held_in(held), when=later), held.version)
    assert held_in(after).when == later


def test_characters_that_xml_forbids_are_left_out(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """A pasted control character breaks nothing."""
    made = connector.create(anna.calendar, appointment(subject="a\x00b\x1fc\ufffe"), "op")
    assert held_in(made).subject == "abc"


def test_a_cancellation_of_no_occurrence_changes_nothing(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """It is left out, and the series is as it would be with it."""
    item = appointment(
        recurrence="FREQ=DAILY;COUNT=3",
        cancellations=("2026-11-25T09:00:00", "2026-12-24T09:00:00"),
    )
    made = connector.create(anna.calendar, item, "op")
    assert held_in(made).cancellations == ("2026-11-25T09:00:00",)


def test_an_all_day_item_keeps_its_own_zone(connector: ExchangeConnector, anna: Mailbox) -> None:
    """Whatever zone the rest of the mailbox is kept in: the day that Outlook shows is the one
    that was written."""
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    anna.add_event(anna.calendar, "Vorher", start, start)
    ref = anna.add_event(
        anna.calendar,
        "Feiertag",
        date(2026, 12, 24),
        date(2026, 12, 25),
        zone="Tokyo Standard Time",
    )
    held = now(connector, ref)
    moved = patch(held_in(held), when=days("2026-12-25", "2026-12-27"))
    after = connector.update(anna.calendar, ref, moved, held.version)
    assert held_in(after).when == days("2026-12-25", "2026-12-27")
    (event,) = [one for one in anna.events() if one["id"] == ref]
    assert event["start"] == "2026-12-24T15:00:00Z"


def test_an_all_day_series_changes_by_occurrence(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """Overrides and cancellations by day."""
    item = appointment(
        when=days("2026-12-01", "2026-12-02"),
        recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=4",
        overrides={"2026-12-08": Override(when=days("2026-12-09", "2026-12-11"))},
        cancellations=("2026-12-15",),
    )
    made = connector.create(anna.calendar, item, "op")
    assert without_identity(held_in(made)) == item
    after = connector.update(
        anna.calendar,
        made.ref,
        patch(held_in(made), overrides={"2026-12-22": Override(subject="Letzter")}),
        made.version,
    )
    assert held_in(after).overrides == {"2026-12-22": Override(subject="Letzter")}


def test_an_override_of_the_notes_and_the_reminder(
    connector: ExchangeConnector, anna: Mailbox
) -> None:
    """Each field that an override can have."""
    own = Override(
        subject="S",
        body=Body(content="N"),
        location="L",
        busy="away",
        categories=("K",),
        reminder_minutes=5,
    )
    item = appointment(
        recurrence="FREQ=DAILY;COUNT=3",
        reminder_minutes=15,
        overrides={"2026-11-25T09:00:00": own},
    )
    made = connector.create(anna.calendar, item, "op")
    assert held_in(made).overrides == {"2026-11-25T09:00:00": own}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, anna: Mailbox) -> None:
    """Somebody is quicker: between a write and the look at what it led to, they change the item."""
    look = reading.read_one

    def after_a_change(client: Client, ref: str, seen: reading.Zones) -> RemoteItem:
        anna.update_event(ref, location="Raum 7")
        return look(client, ref, seen)

    monkeypatch.setattr(reading, "read_one", after_a_change)


def test_what_somebody_changed_right_after_a_create_does_not_pass_for_created(
    connector: ExchangeConnector, anna: Mailbox, quick: None
) -> None:
    """It would count as agreed and never come here. Core finds the item by its operation."""
    with pytest.raises(errors.Transient):
        connector.create(anna.calendar, appointment(location="Raum 1"), "op-1")
    found = connector.find_operation(anna.calendar, "op-1")
    assert found is not None
    assert held_in(found).location == "Raum 7"


def test_what_somebody_changed_right_after_an_update_does_not_pass_for_written(
    connector: ExchangeConnector, anna: Mailbox, request: pytest.FixtureRequest
) -> None:
    made = connector.create(anna.calendar, appointment(subject="Eins"), "op-1")
    request.getfixturevalue("quick")
    change = patch(held_in(made), subject="Zwei")
    with pytest.raises(errors.Transient):
        connector.update(anna.calendar, made.ref, change, made.version)
