"""Mails about meetings in the inboxes: requests, updates, cancellations, answers."""

from typing import Any

import pytest
from exchangelib import CalendarItem
from exchangelib.items import SEND_ONLY_TO_ALL, MeetingCancellation, MeetingRequest, MeetingResponse
from exchangelib.properties import Attendee

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import ALL, Client, Reply, distinguished, item
from tests.sandbox.exchange_client import account, open_account, trusted, utc

__all__ = ["account", "trusted"]

BEN = "ben@musterfirma.test"
NINE, TEN = utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)


@pytest.fixture
def ben(box: Sandbox) -> Mailbox:
    """A colleague whose mailbox is here."""
    return box.add_mailbox(BEN, "ben-secret", name="Ben Beispiel")


@pytest.fixture
def ben_client(server: SandboxServer, ben: Mailbox) -> Client:
    """The bare client, signed in as Ben."""
    return Client(server, BEN, "ben-secret")


@pytest.fixture
def meeting(anna: Mailbox, ben: Mailbox) -> str:
    """A weekly meeting of two, its invitation sent."""
    return anna.add_event(
        anna.calendar, "Runde", NINE, TEN, location="Raum 1", attendees=[("Ben", BEN)],
        recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=4", send="SendToAllAndSaveCopy",
    )  # fmt: skip


def inbox(client: Client) -> list[str]:
    """The ids in the inbox, oldest first."""
    return client.find("", folder="inbox").texts("//t:ItemId/@Id")


def mail(client: Client, place: int = -1) -> Reply:
    """A mail of the inbox with all its properties."""
    return client.get(inbox(client)[place], ALL)


def test_an_invitation_lies_in_the_inbox(ben_client: Client, ben: Mailbox, meeting: str) -> None:
    """With what it is about, and the calendar's entry that belongs to it."""
    found = mail(ben_client)
    assert found.texts("//t:MeetingRequest/t:ItemClass") == ["IPM.Schedule.Meeting.Request"]
    assert found.texts("//t:MeetingRequest/t:MeetingRequestType") == ["NewMeetingRequest"]
    assert found.texts("//t:CalendarItemType") == ["RecurringMaster"]
    assert found.texts("//t:MeetingRequest/t:Start") == ["2026-11-24T09:00:00Z"]
    assert found.texts("//t:From//t:EmailAddress") == ["anna@musterfirma.test"]
    [entry] = ben.events()
    assert found.texts("//t:AssociatedCalendarItemId/@Id") == [entry["id"]]


def test_an_update_and_a_cancellation_follow(
    ben_client: Client, anna: Mailbox, meeting: str
) -> None:
    """One mail each; that about one occurrence names it."""
    anna.update_event(meeting, send="SendToAllAndSaveCopy", location="Raum 2")
    assert mail(ben_client).texts("//t:MeetingRequestType") == ["FullUpdate"]
    anna.delete_occurrence(meeting, 2, send="SendToAllAndSaveCopy")
    gone = mail(ben_client)
    assert gone.texts("//t:MeetingCancellation/t:Subject") == ["Canceled: Runde"]
    assert gone.texts("//t:RecurrenceId") == ["2026-12-01T09:00:00Z"]
    anna.delete_event(meeting, send="SendToAllAndSaveCopy")
    assert mail(ben_client).texts("//t:MeetingCancellation/t:RecurrenceId") == []
    assert len(inbox(ben_client)) == 4


def test_nothing_arrives_when_nothing_is_sent(
    ben_client: Client, anna: Mailbox, meeting: str
) -> None:
    """SendToNone."""
    anna.update_event(meeting, location="Raum 2")
    anna.delete_event(meeting)
    assert len(inbox(ben_client)) == 1


@pytest.mark.parametrize(
    ("element", "answer", "item_class"),
    [
        ("AcceptItem", "Accept", "IPM.Schedule.Meeting.Resp.Pos"),
        ("TentativelyAcceptItem", "Tentative", "IPM.Schedule.Meeting.Resp.Tent"),
        ("DeclineItem", "Decline", "IPM.Schedule.Meeting.Resp.Neg"),
    ],
)
def test_a_request_is_answered_from_the_inbox(
    client: Client, ben_client: Client, meeting: str, element: str, answer: str, item_class: str
) -> None:
    """It then leaves the inbox; the organizer gets the answer and sees it."""
    [known] = inbox(ben_client)
    reply = ben_client(
        f'<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:{element}>'
        f'<t:ReferenceItemId Id="{known}"/></t:{element}></m:Items></m:CreateItem>'
    )
    assert reply.codes == ["NoError"]
    assert inbox(ben_client) == []
    told = mail(client)
    assert told.texts("//t:MeetingResponse/t:ItemClass") == [item_class]
    assert told.texts("//t:MeetingResponse/t:ResponseType") == [answer]
    assert client.get(meeting).texts("//t:Attendee/t:ResponseType") == [answer]


def test_deleting_someone_elses_meeting_declines_it(
    client: Client, ben: Mailbox, meeting: str
) -> None:
    """When the answer is sent."""
    [entry] = ben.events()
    ben.delete_event(entry["id"], send="SendToAllAndSaveCopy")
    assert mail(client).texts("//t:ResponseType") == ["Decline"]
    assert client.get(meeting).texts("//t:Attendee/t:ResponseType") == ["Decline"]


def test_unread_mails_are_counted(ben_client: Client, meeting: str) -> None:
    """In the inbox."""
    shape = ALL.replace("ItemShape", "FolderShape")
    asked = f"<m:GetFolder>{shape}<m:FolderIds>{distinguished('inbox')}</m:FolderIds></m:GetFolder>"
    assert ben_client(asked).texts("//t:UnreadCount") == ["1"]
    [known] = inbox(ben_client)
    read = '<t:SetItemField><t:FieldURI FieldURI="message:IsRead"/><t:Message><t:IsRead>true'
    done = ben_client.update(item(known), f"{read}</t:IsRead></t:Message></t:SetItemField>")
    assert done.codes == ["NoError"]
    assert ben_client(asked).texts("//t:UnreadCount") == ["0"]


def test_exchangelib_invites_accepts_and_cancels(
    account: Any, trusted: SandboxServer, ben: Mailbox
) -> None:
    """Two accounts, each seeing the other's doing in its inbox."""
    other = open_account(trusted, BEN, "ben-secret", owner=BEN)
    entry = CalendarItem(
        account=account,
        folder=account.calendar,
        subject="Runde",
        start=NINE,
        end=TEN,
        required_attendees=[Attendee(mailbox=BEN)],
    )
    entry.save(send_meeting_invitations=SEND_ONLY_TO_ALL)
    [request] = list(other.inbox.all())
    assert isinstance(request, MeetingRequest)
    assert (request.subject, request.start) == ("Runde", NINE)
    request.accept(message_disposition="SendAndSaveCopy")
    assert other.inbox.all().count() == 0
    [answer] = list(account.inbox.all())
    assert isinstance(answer, MeetingResponse)
    assert answer.response_type == "Accept"
    held = account.calendar.get(id=entry.id)
    assert [one.response_type for one in held.required_attendees] == ["Accept"]
    held.delete(send_meeting_cancellations=SEND_ONLY_TO_ALL)
    [cancelled] = list(other.inbox.all())
    assert isinstance(cancelled, MeetingCancellation)
    assert [one.is_cancelled for one in other.calendar.all()] == [True]
