"""exchangelib hears of changes, looks up free/busy times, sets automatic replies."""

from typing import Any

from exchangelib import CalendarItem, Mailbox as Address, OofSettings
from exchangelib.items import SEND_TO_NONE
from exchangelib.properties import CreatedEvent, DeletedEvent, MovedEvent, StatusEvent
from exchangelib.services import SendNotification

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.exchange_client import BERLIN, account, trusted, utc
from tests.sandbox.listener import Listener

__all__ = ["account", "trusted"]


def entry(account: Any, subject: str = "Neu") -> Any:
    """A saved entry of an hour."""
    item = CalendarItem(
        account=account,
        folder=account.calendar,
        subject=subject,
        start=utc(2026, 11, 24, 9),
        end=utc(2026, 11, 24, 10),
    )
    return item.save(send_meeting_invitations=SEND_TO_NONE)


def test_changes_are_pulled(account: Any) -> None:
    """From watermark to watermark; the context ends the subscription."""
    with account.calendar.pull_subscription(
        event_types=["CreatedEvent", "DeletedEvent", "MovedEvent"], timeout=10
    ) as (known, mark):
        item = entry(account)
        [told] = list(account.calendar.get_events(known, mark))
        [event] = told.events
        assert isinstance(event, CreatedEvent)
        assert event.item_id.id == item.id
        item.move_to_trash(send_meeting_cancellations=SEND_TO_NONE)
        [told] = list(account.calendar.get_events(known, event.watermark))
        [event] = told.events
        assert isinstance(event, MovedEvent)
        [told] = list(account.calendar.get_events(known, event.watermark))
        assert [type(event) for event in told.events] == [StatusEvent]


def test_changes_are_streamed(account: Any, box: Sandbox) -> None:
    """Over a hanging connection, until its time is over."""
    box.notices.minute = 0.3
    with account.calendar.streaming_subscription(
        event_types=["CreatedEvent", "DeletedEvent"]
    ) as known:
        item = entry(account)
        entry_id = item.id
        item.delete(send_meeting_cancellations=SEND_TO_NONE)
        told = list(account.calendar.get_streaming_events(known, connection_timeout=1))
    assert [type(event) for one in told for event in one.events] == [CreatedEvent, DeletedEvent]
    assert {event.item_id.id for one in told for event in one.events} == {entry_id}


def test_changes_are_pushed(account: Any) -> None:
    """exchangelib reads what the listener was sent."""
    listener = Listener()
    account.calendar.subscribe_to_push(
        listener.url, event_types=["CreatedEvent"], status_frequency=1
    )
    service = SendNotification(protocol=account.protocol)
    [status] = list(service.parse(listener.next()))
    assert [type(event) for event in status.events] == [StatusEvent]
    item = entry(account)
    [told] = list(service.parse(listener.next()))
    assert [event.item_id.id for event in told.events] == [item.id]
    listener.close()


def test_free_busy_times_are_looked_up(account: Any, box: Sandbox, anna: Mailbox) -> None:
    """Own ones with details, a colleague's without."""
    eva = box.add_mailbox("eva@musterfirma.test", "x")
    for person in (anna, eva):
        person.add_event(person.calendar, "Termin", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))
    start = utc(2026, 11, 24, 8).astimezone(BERLIN)
    end = utc(2026, 11, 24, 11).astimezone(BERLIN)
    views = list(
        account.protocol.get_free_busy_info(
            accounts=[(anna.email, "Organizer", False), (eva.email, "Required", False)],
            start=start,
            end=end,
            merged_free_busy_interval=60,
        )
    )
    assert [view.merged for view in views] == ["020", "020"]
    assert [view.calendar_events[0].start for view in views] == [utc(2026, 11, 24, 9)] * 2
    assert views[0].calendar_events[0].details.subject == "Termin"
    assert views[1].calendar_events[0].details is None
    assert views[0].working_hours[0].weekdays == [1, 2, 3, 4, 5]
    assert views[0].working_hours_timezone.bias == -60


def test_automatic_replies_are_set(account: Any) -> None:
    """Scheduled, with both replies; read again."""
    account.oof_settings = OofSettings(
        state=OofSettings.SCHEDULED,
        external_audience="Known",
        start=utc(2126, 12, 24),
        end=utc(2127, 1, 2),
        internal_reply="Bin weg",
        external_reply="Away",
    )
    held = account.oof_settings
    assert (held.state, held.external_audience) == ("Scheduled", "Known")
    assert (held.start, held.end) == (utc(2126, 12, 24), utc(2127, 1, 2))
    assert (held.internal_reply, held.external_reply) == ("Bin weg", "Away")


def test_the_hierarchy_and_its_changes_are_synchronised(account: Any, anna: Mailbox) -> None:
    """All folders first, then what changed."""
    root = account.root
    first = [kind for kind, _ in root.sync_hierarchy()]
    assert set(first) == {"create"}
    made = anna.add_calendar("Zweiter")
    anna.rename_folder(made, "Anders")
    assert [(kind, one.name) for kind, one in root.sync_hierarchy()] == [("create", "Anders")]
    anna.delete_folder(made)
    assert [kind for kind, _ in root.sync_hierarchy()] == ["delete"]


def test_a_name_is_resolved(account: Any, box: Sandbox) -> None:
    """To the mailbox behind it."""
    box.add_mailbox("eva@musterfirma.test", "x", name="Eva Muster")
    found = account.protocol.resolve_names(["eva"])
    assert found == [
        Address(name="Eva Muster", email_address="eva@musterfirma.test", routing_type="SMTP",
                mailbox_type="Mailbox")
    ]  # fmt: skip
