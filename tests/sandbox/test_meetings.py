"""Meetings: who would get mail, and what the others' mailboxes show."""

import pytest

from andock_sandbox import EwsError, Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import Client, item, occurrence, setting, shape
from tests.sandbox.exchange_client import utc

BEN, EVA = "ben@musterfirma.test", "eva@elsewhere.test"
FLAGS = shape(
    "calendar:IsMeeting",
    "calendar:IsOrganizer",
    "calendar:MyResponseType",
    "calendar:AppointmentState",
    "calendar:IsCancelled",
    "calendar:MeetingRequestWasSent",
)


@pytest.fixture
def ben(box: Sandbox) -> Mailbox:
    """A colleague whose mailbox is here."""
    return box.add_mailbox(BEN, "ben-secret", name="Ben Beispiel")


@pytest.fixture
def meeting(anna: Mailbox, ben: Mailbox) -> str:
    """A meeting of three, its invitations sent."""
    return anna.add_event(
        anna.calendar,
        "Runde",
        utc(2026, 11, 24, 9),
        utc(2026, 11, 24, 10),
        attendees=[("Ben", BEN), ("Eva", EVA)],
        send="SendToAllAndSaveCopy",
    )


def kinds(box: Sandbox) -> list[tuple[str, tuple[str, ...]]]:
    """What was mailed to whom."""
    return [(mail.kind, mail.to) for mail in box.outbox]


def attendees(*emails: str) -> str:
    """An update of the required attendees."""
    people = "".join(
        f"<t:Attendee><t:Mailbox><t:EmailAddress>{email}</t:EmailAddress></t:Mailbox></t:Attendee>"
        for email in emails
    )
    return setting(
        "calendar:RequiredAttendees", f"<t:RequiredAttendees>{people}</t:RequiredAttendees>"
    )


def test_an_invitation_reaches_the_outbox_and_the_mailbox(
    client: Client, box: Sandbox, ben: Mailbox, meeting: str
) -> None:
    """The attendee's copy is someone else's meeting, unanswered, with the same UID."""
    assert kinds(box) == [("MeetingRequest", (BEN, EVA))]
    [copy] = ben.events()
    assert copy["props"]["UID"] == box.outbox[0].uid
    assert copy["props"]["MyResponseType"] == "NoResponseReceived"
    own = client.get(meeting, FLAGS)
    assert [
        own.text(f"//t:{name}") for name in ("IsMeeting", "IsOrganizer", "AppointmentState")
    ] == ["true", "true", "1"]
    assert own.text("//t:MeetingRequestWasSent") == "true"


def test_nothing_is_sent_when_none_shall_be(
    client: Client, box: Sandbox, ben: Mailbox, meeting: str
) -> None:
    """SendToNone on update and delete."""
    box.outbox.clear()
    client.update(item(meeting), setting("item:Subject", "<t:Subject>Neu</t:Subject>"))
    client.delete(item(meeting))
    assert box.outbox == []
    assert [event["subject"] for event in ben.events()] == ["Runde"]


def test_an_update_reaches_the_copy(
    client: Client, box: Sandbox, ben: Mailbox, meeting: str
) -> None:
    """Without doubling it."""
    client.update(
        item(meeting), setting("item:Subject", "<t:Subject>Neu</t:Subject>"), send="SendOnlyToAll"
    )
    assert kinds(box)[1:] == [("MeetingUpdate", (BEN, EVA))]
    assert [event["subject"] for event in ben.events()] == ["Neu"]


def test_only_the_changed_are_told(client: Client, box: Sandbox, meeting: str) -> None:
    """Who was added is invited, who was taken out gets a cancellation."""
    client.update(item(meeting), attendees(BEN, "uwe@elsewhere.test"), send="SendOnlyToChanged")
    assert kinds(box)[1:] == [
        ("MeetingCancellation", (EVA,)),
        ("MeetingRequest", ("uwe@elsewhere.test",)),
    ]


def test_a_cancellation_marks_the_copy(
    client: Client, box: Sandbox, ben: Mailbox, meeting: str
) -> None:
    """It stays, cancelled."""
    client.delete(item(meeting), send="SendOnlyToAll")
    assert kinds(box)[1:] == [("MeetingCancellation", (BEN, EVA))]
    assert [event["props"]["IsCancelled"] for event in ben.events()] == [True]


def test_deleting_someone_elses_meeting_declines_it(
    client: Client, anna: Mailbox, box: Sandbox
) -> None:
    """The organizer would hear of it."""
    made = anna.add_event(
        anna.calendar,
        "Extern",
        utc(2026, 11, 24, 9),
        utc(2026, 11, 24, 10),
        organizer=("Eva", EVA),
        attendees=[("Anna", anna.email)],
    )
    flags = client.get(made, FLAGS)
    assert (flags.text("//t:IsOrganizer"), flags.text("//t:AppointmentState")) == ("false", "3")
    client.delete(item(made), send="SendOnlyToAll")
    assert kinds(box) == [("MeetingResponse", (EVA,))]


def test_one_occurrence_is_cancelled_alone(
    client: Client, anna: Mailbox, box: Sandbox, ben: Mailbox
) -> None:
    """The mail says which one; the copy loses it."""
    made = anna.add_event(
        anna.calendar,
        "Serie",
        utc(2026, 11, 24, 9),
        utc(2026, 11, 24, 10),
        attendees=[("Ben", BEN)],
        recurrence="FREQ=DAILY;COUNT=4",
        send="SendOnlyToAll",
    )
    client.delete(occurrence(made, 2), send="SendOnlyToAll")
    assert box.outbox[-1].original == "2026-11-25T09:00:00Z"
    assert ben.events()[0]["deleted"] == ["2026-11-25T09:00:00Z"]


@pytest.mark.parametrize(
    ("element", "answer"),
    [("AcceptItem", "Accept"), ("TentativelyAcceptItem", "Tentative"), ("DeclineItem", "Decline")],
)
def test_an_answer_reaches_the_organizer(
    server: SandboxServer,
    box: Sandbox,
    ben: Mailbox,
    anna: Mailbox,
    meeting: str,
    element: str,
    answer: str,
) -> None:
    """In their copy, and as a mail."""
    [copy] = ben.events()
    reply = Client(server, BEN, "ben-secret")(
        f'<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:{element}>'
        f'<t:ReferenceItemId Id="{copy["id"]}"/></t:{element}></m:Items></m:CreateItem>'
    )
    assert reply.codes == ["NoError"]
    assert kinds(box)[1:] == [("MeetingResponse", (anna.email,))]
    held = Client(server).get(meeting)
    assert held.texts("//t:Attendee/t:ResponseType") == [answer, "Unknown"]
    assert ben.events()[0]["props"]["MyResponseType"] == answer


def test_the_organizer_has_nothing_to_answer(anna: Mailbox, meeting: str) -> None:
    """ErrorCalendarIsOrganizerForAccept."""
    with pytest.raises(EwsError, match="ErrorCalendarIsOrganizerForAccept"):
        anna.respond(meeting, "Accept")


def test_a_cancellation_by_the_organizer_empties_the_calendar(
    client: Client, box: Sandbox, anna: Mailbox, meeting: str
) -> None:
    """CancelCalendarItem."""
    reply = client(
        '<m:CreateItem MessageDisposition="SendAndSaveCopy"><m:Items><t:CancelCalendarItem>'
        f'<t:ReferenceItemId Id="{meeting}"/></t:CancelCalendarItem></m:Items></m:CreateItem>'
    )
    assert reply.codes == ["NoError"]
    assert kinds(box)[1:] == [("MeetingCancellation", (BEN, EVA))]
    assert anna.events() == []


@pytest.mark.parametrize(("mode", "copies"), [("SendOnly", 0), ("SendAndSaveCopy", 1)])
def test_a_mail_goes_to_the_outbox_alone(
    client: Client, box: Sandbox, mode: str, copies: int
) -> None:
    """Nothing is ever sent."""
    reply = client(
        f'<m:CreateItem MessageDisposition="{mode}"><m:Items><t:Message><t:Subject>Hallo'
        "</t:Subject><t:ToRecipients><t:Mailbox><t:EmailAddress>eva@elsewhere.test"
        "</t:EmailAddress></t:Mailbox></t:ToRecipients></t:Message></m:Items></m:CreateItem>"
    )
    assert reply.codes == ["NoError"]
    assert kinds(box) == [("Message", (EVA,))]
    assert len(client.find("", folder="sentitems").texts("//t:ItemId")) == copies
