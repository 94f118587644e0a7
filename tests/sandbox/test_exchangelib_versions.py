"""exchangelib works with each version of Exchange: it asks only for what is known there."""

from typing import Any

import pytest
from exchangelib import CalendarItem, Contact, FileAttachment, Mailbox as Address, Message, Task
from exchangelib.items import SEND_ONLY_TO_ALL, SEND_TO_NONE
from exchangelib.properties import Attendee
from exchangelib.protocol import CachingProtocol
from exchangelib.recurrence import Recurrence, WeeklyPattern

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import ServerFactory
from tests.sandbox.exchange_client import BERLIN, date, open_account, utc

pytestmark = pytest.mark.more
VERSIONS = ["2010", "2013", "2016", "2019", "SE"]
NINE, TEN = utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)


@pytest.fixture(params=VERSIONS)
def account(
    request: pytest.FixtureRequest,
    serve: ServerFactory,
    anna: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    """Anna's account at a server of that version, which the client finds out by itself."""
    server = serve(version=request.param)
    if request.param in ("2010", "2013"):
        server.on_exchange = None  # the schema at hand is that of Exchange 2016
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.ca_file))
    CachingProtocol.clear_cache()
    yield open_account(server, version=None)
    CachingProtocol.clear_cache()


def test_a_series_lives_through_its_changes(account: Any) -> None:
    """Made, an occurrence changed and one deleted, read, moved, deleted."""
    rule = Recurrence(
        pattern=WeeklyPattern(interval=1, weekdays=["Tuesday"]), start=date(2026, 11, 24), number=4
    )
    item = CalendarItem(
        account=account, folder=account.calendar, subject="Serie", start=NINE, end=TEN,
        recurrence=rule, categories=["Rot"],
    ).save(send_meeting_invitations=SEND_TO_NONE)  # fmt: skip
    second = item.occurrence(index=2)
    second.refresh()
    second.subject = "Anders"
    second.save(update_fields=["subject"], send_meeting_invitations=SEND_TO_NONE)
    item.occurrence(index=3).delete(send_meeting_cancellations=SEND_TO_NONE)
    shown = account.calendar.view(start=utc(2026, 11, 1), end=utc(2027, 1, 1))
    assert [entry.subject for entry in shown] == ["Serie", "Anders", "Serie"]
    held = account.calendar.get(id=item.id)
    assert len(held.modified_occurrences) == len(held.deleted_occurrences) == 1
    assert [kind for kind, _ in account.calendar.sync_items()] == ["create"]
    held.delete(send_meeting_cancellations=SEND_TO_NONE)
    assert [kind for kind, _ in account.calendar.sync_items()] == ["delete"]


def test_a_meeting_is_sent_and_free_times_are_seen(
    account: Any, box: Sandbox, anna: Mailbox
) -> None:
    """Between two mailboxes."""
    ben = box.add_mailbox("ben@musterfirma.test", "x", name="Ben")
    CalendarItem(
        account=account, folder=account.calendar, subject="Runde", start=NINE, end=TEN,
        required_attendees=[Attendee(mailbox=Address(email_address=ben.email))],
    ).save(send_meeting_invitations=SEND_ONLY_TO_ALL)  # fmt: skip
    views = account.protocol.get_free_busy_info(
        accounts=[(anna.email, "Organizer", False), (ben.email, "Required", False)],
        start=utc(2026, 11, 24, 8).astimezone(BERLIN),
        end=utc(2026, 11, 24, 11).astimezone(BERLIN),
        merged_free_busy_interval=60,
    )
    assert [view.merged for view in views] == ["020", "010"]


def test_contacts_tasks_and_mails_are_kept(account: Any) -> None:
    """With a picture, a file, in their folders."""
    contact = Contact(account=account, folder=account.contacts, display_name="Eva").save()
    contact.attach(FileAttachment(name="eva.png", content=b"png", is_contact_photo=True))
    assert account.contacts.get(id=contact.id).attachments[0].content == b"png"
    task = Task(account=account, folder=account.tasks, subject="Anrufen").save()
    account.tasks.get(id=task.id).complete()
    assert account.tasks.get(id=task.id).is_complete
    draft = Message(account=account, folder=account.drafts, subject="A", to_recipients=["e@x.test"])
    draft.save().send()
    assert account.sent.all().count() == 1


def test_changes_are_heard(account: Any, box: Sandbox) -> None:
    """Pulled, and streamed."""
    box.notices.minute = 0.3
    with (
        account.calendar.pull_subscription(event_types=["CreatedEvent"]) as (known, mark),
        account.calendar.streaming_subscription(event_types=["CreatedEvent"]) as other,
    ):
        item = CalendarItem(
            account=account, folder=account.calendar, subject="Neu", start=NINE, end=TEN
        ).save(send_meeting_invitations=SEND_TO_NONE)
        pulled = list(account.calendar.get_events(known, mark))
        streamed = list(account.calendar.get_streaming_events(other, connection_timeout=1))
    for told in (pulled, streamed):
        assert [event.item_id.id for one in told for event in one.events] == [item.id]


def test_a_folder_is_made_filled_emptied_and_deleted(account: Any) -> None:
    """Below the contacts."""
    folder = type(account.contacts)(parent=account.contacts, name="Neu").save()
    Contact(account=account, folder=folder, display_name="Eva").save()
    folder.empty()
    assert folder.all().count() == 0
    folder.delete()
    account.root.clear_cache()
    assert "Neu" not in [child.name for child in account.contacts.children]
