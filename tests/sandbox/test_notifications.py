"""Subscriptions: pulled, streamed over a hanging connection, pushed to a listener."""

import threading
import time
from http.client import IncompleteRead

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import MESSAGES, Client, Reply, distinguished, item
from tests.sandbox.exchange_client import utc

NINE, TEN = utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)
CALENDAR = f"<t:FolderIds>{distinguished('calendar')}</t:FolderIds>"


def types(*kinds: str) -> str:
    """An EventTypes element."""
    return (
        "<t:EventTypes>"
        + "".join(f"<t:EventType>{kind}Event</t:EventType>" for kind in kinds)
        + "</t:EventTypes>"
    )


def pull(client: Client, inside: str, minutes: int = 10, attributes: str = "") -> Reply:
    """Subscribe for pulling."""
    return client(
        f"<m:Subscribe><m:PullSubscriptionRequest {attributes}>{inside}"
        f"<t:Timeout>{minutes}</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>"
    )


def events(client: Client, subscription: str, mark: str) -> Reply:
    """GetEvents."""
    return client(
        f"<m:GetEvents><m:SubscriptionId>{subscription}</m:SubscriptionId>"
        f"<m:Watermark>{mark}</m:Watermark></m:GetEvents>"
    )


def streaming(client: Client, inside: str = CALENDAR + types("Created")) -> str:
    """Subscribe for streaming; the subscription's id."""
    return client(
        f"<m:Subscribe><m:StreamingSubscriptionRequest>{inside}</m:StreamingSubscriptionRequest>"
        "</m:Subscribe>"
    ).text("//m:SubscriptionId")


def stream(client: Client, *subscriptions: str, minutes: int = 1) -> list[bytes]:
    """GetStreamingEvents to its end: the envelopes."""
    ids = "".join(f"<t:SubscriptionId>{one}</t:SubscriptionId>" for one in subscriptions)
    reply = client(
        f"<m:GetStreamingEvents><m:SubscriptionIds>{ids}</m:SubscriptionIds>"
        f"<m:ConnectionTimeout>{minutes}</m:ConnectionTimeout></m:GetStreamingEvents>"
    )
    return [b"<?xml" + part for part in reply.body.split(b"<?xml")[1:]]


def kinds(reply: Reply) -> list[str]:
    """The names of the events."""
    found = reply.xml.iterfind(f".//{{{MESSAGES}}}Notification/*")
    names = [str(part.tag).rpartition("}")[2] for part in found]
    return [name for name in names if name.endswith("Event")]


def test_what_happens_is_pulled_once_and_again_by_an_older_mark(
    client: Client, anna: Mailbox
) -> None:
    """Creation, change, deletion; nothing new is a StatusEvent."""
    reply = pull(client, CALENDAR + types("Created", "Deleted", "Modified"))
    known, first = reply.text("//m:SubscriptionId"), reply.text("//m:Watermark")
    assert kinds(events(client, known, first)) == ["StatusEvent"]
    entry = anna.add_event(anna.calendar, "Neu", NINE, TEN)
    anna.update_event(entry, subject="Anders")
    anna.delete_event(entry)
    heard = events(client, known, first)
    # The folder's own change comes with each creation and deletion.
    assert kinds(heard) == [
        "CreatedEvent",
        "ModifiedEvent",
        "ModifiedEvent",
        "DeletedEvent",
        "ModifiedEvent",
    ]
    assert heard.texts("//t:CreatedEvent/t:ItemId/@Id") == [entry]
    assert heard.texts("//t:CreatedEvent/t:ParentFolderId/@Id") == [anna.calendar]
    marks = heard.texts("//t:Watermark")
    assert kinds(events(client, known, marks[-1])) == ["StatusEvent"]
    assert kinds(events(client, known, marks[2])) == ["DeletedEvent", "ModifiedEvent"]


def test_a_move_and_a_copy_name_both_places(client: Client, anna: Mailbox) -> None:
    """Old and new ids, old and new folder; the mailbox as a whole is watched."""
    other = anna.add_calendar("Zweiter")
    entry = anna.add_event(anna.calendar, "Neu", NINE, TEN)
    reply = pull(client, types("Moved", "Copied"), attributes='SubscribeToAllFolders="true"')
    known, mark = reply.text("//m:SubscriptionId"), reply.text("//m:Watermark")
    target = f'<m:ToFolderId><t:FolderId Id="{other}"/></m:ToFolderId><m:ItemIds>'
    copied = client(f"<m:CopyItem>{target}{item(entry)}</m:ItemIds></m:CopyItem>")
    moved = client(f"<m:MoveItem>{target}{item(entry)}</m:ItemIds></m:MoveItem>")
    heard = events(client, known, mark)
    assert kinds(heard) == ["CopiedEvent", "MovedEvent"]
    assert heard.texts("//t:OldItemId/@Id") == [entry, entry]
    assert heard.texts("//t:MovedEvent/t:ItemId/@Id") == moved.texts("//t:ItemId/@Id")
    assert heard.texts("//t:CopiedEvent/t:ItemId/@Id") == copied.texts("//t:ItemId/@Id")
    assert set(heard.texts("//t:OldParentFolderId/@Id")) == {anna.calendar}


def test_only_what_was_asked_for_is_heard(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """Other folders, other kinds, other mailboxes stay silent."""
    eva = box.add_mailbox("eva@musterfirma.test", "x")
    other = anna.add_calendar("Zweiter")
    reply = pull(client, CALENDAR + types("Created"))
    known, mark = reply.text("//m:SubscriptionId"), reply.text("//m:Watermark")
    entry = anna.add_event(other, "Anderswo", NINE, TEN)
    anna.delete_event(entry)
    eva.add_event(eva.calendar, "Fremd", NINE, TEN)
    assert kinds(events(client, known, mark)) == ["StatusEvent"]


def test_subscriptions_end(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """By Unsubscribe, by silence, by a restart; marks are not to be invented."""
    reply = pull(client, CALENDAR + types("Created"))
    known, mark = reply.text("//m:SubscriptionId"), reply.text("//m:Watermark")
    assert events(client, known, "AAAA").codes == ["ErrorInvalidWatermark"]
    done = f"<m:Unsubscribe><m:SubscriptionId>{known}</m:SubscriptionId></m:Unsubscribe>"
    assert client(done).codes == ["NoError"]
    assert client(done).codes == events(client, known, mark).codes == ["ErrorSubscriptionNotFound"]
    box.notices.minute = 0.01
    reply = pull(client, CALENDAR + types("Created"), minutes=1)
    time.sleep(0.02)
    late = events(client, reply.text("//m:SubscriptionId"), reply.text("//m:Watermark"))
    assert late.codes == ["ErrorExpiredSubscription"]
    reply = pull(client, CALENDAR + types("Created"), minutes=1440)
    box.notices.lose_all()
    lost = events(client, reply.text("//m:SubscriptionId"), reply.text("//m:Watermark"))
    assert lost.codes == ["ErrorSubscriptionNotFound"]


def test_a_subscription_must_say_where(client: Client) -> None:
    """Folders or all of them, not both and not neither; and a push needs an address."""
    assert pull(client, types("Created")).codes == ["ErrorInvalidSubscriptionRequest"]
    both = pull(client, CALENDAR + types("Created"), attributes='SubscribeToAllFolders="1"')
    assert both.codes == ["ErrorInvalidSubscriptionRequest"]
    reply = client(
        f"<m:Subscribe><m:PushSubscriptionRequest>{CALENDAR}{types('Created')}"
        "<t:StatusFrequency>1</t:StatusFrequency><t:URL>file:///etc</t:URL>"
        "</m:PushSubscriptionRequest></m:Subscribe>"
    )
    assert reply.codes == ["ErrorInvalidPushSubscriptionUrl"]


def test_another_mailbox_cannot_listen(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """ErrorSubscriptionAccessDenied; and a streaming one cannot be pulled."""
    eva = box.add_mailbox("eva@musterfirma.test", "x")
    state = box.state_of(eva.email)
    assert state is not None
    foreign = box.notices.subscribe(state, "Pull", None, frozenset())
    assert events(client, foreign.id, "x").codes == ["ErrorSubscriptionAccessDenied"]
    mine = streaming(client)
    assert events(client, mine, "x").codes == ["ErrorInvalidPullSubscriptionId"]


def test_a_stream_tells_what_waits_beats_and_closes(
    client: Client, box: Sandbox, anna: Mailbox
) -> None:
    """OK, the event, signs of life, Closed."""
    box.notices.minute = 0.2
    known = streaming(client)
    entry = anna.add_event(anna.calendar, "Neu", NINE, TEN)
    found = stream(client, known, minutes=2)
    assert entry.encode() in found[1]
    assert b"Watermark" not in b"".join(found)
    status = [b"Closed" in part for part in found]
    assert status.count(True) == 1
    assert status[-1]
    beats = [part for part in found[2:-1] if b"<m:ConnectionStatus>OK<" in part]
    assert len(beats) in (1, 2)


def test_a_stream_hears_what_happens_meanwhile(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """Within the connection's time, at once."""
    box.notices.minute = 0.6
    known = streaming(client)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.extend(stream(client, known)))
    reader.start()
    while not any(held.connection for held in box.notices.all()):
        time.sleep(0.01)
    entry = anna.add_event(anna.calendar, "Neu", NINE, TEN)
    reader.join(5)
    assert entry.encode() in found[1]


def test_a_second_stream_ends_the_first(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """And an unknown subscription is named at once."""
    box.notices.minute = 0.5
    known = streaming(client)
    first: list[bytes] = []
    reader = threading.Thread(target=lambda: first.extend(stream(client, known, minutes=20)))
    reader.start()
    while not any(held.connection for held in box.notices.all()):
        time.sleep(0.01)
    second = stream(client, known)
    reader.join(5)
    assert b"ErrorNewEventStreamConnectionOpened" in first[-1]
    assert b"Closed" in second[-1]
    [refused] = stream(client, "bm9uZQ==")
    assert b"ErrorSubscriptionNotFound" in refused
    assert b"<t:SubscriptionId>bm9uZQ==<" in refused


def test_a_mailbox_hears_of_mail(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """NewMailEvent in the inbox."""
    eva = box.add_mailbox("eva@musterfirma.test", "x", name="Eva")
    state = box.state_of(anna.email)
    assert state is not None
    inbox = f"<t:FolderIds>{distinguished('inbox')}</t:FolderIds>"
    reply = pull(client, inbox + types("NewMail", "Created"))
    eva_client = Client(client.server, eva.email, "x")
    sent = eva_client(
        '<m:CreateItem MessageDisposition="SendOnly"><m:Items><t:Message><t:Subject>Hallo'
        f"</t:Subject><t:ToRecipients><t:Mailbox><t:EmailAddress>{anna.email}</t:EmailAddress>"
        "</t:Mailbox></t:ToRecipients></t:Message></m:Items></m:CreateItem>"
    )
    assert sent.codes == ["NoError"]
    heard = events(client, reply.text("//m:SubscriptionId"), reply.text("//m:Watermark"))
    assert kinds(heard) == ["CreatedEvent", "NewMailEvent"]
    [mail] = heard.texts("//t:NewMailEvent/t:ItemId/@Id")
    got = client.get(mail)
    assert got.text("//t:Subject") == "Hallo"
    assert got.text("//t:From//t:EmailAddress") == eva.email


def test_a_mailbox_has_three_hanging_connections(
    client: Client, box: Sandbox, anna: Mailbox
) -> None:
    """A fourth is refused; when one ends there is room again."""
    box.notices.minute = 0.4
    readers = [
        threading.Thread(target=stream, args=(client, streaming(client)), daemon=True)
        for _ in range(3)
    ]
    for reader in readers:
        reader.start()
    while sum(bool(held.connection) for held in box.notices.all()) < 3:
        time.sleep(0.01)
    known = streaming(client)
    [refused] = stream(client, known)
    assert b"ErrorExceededConnectionCount" in refused
    for reader in readers:
        reader.join(5)
    assert b"ErrorExceeded" not in stream(client, known)[0]


def test_a_hanging_answer_can_be_spoilt(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """The connection ends early; the next one is whole."""
    box.notices.minute = 0.05
    known = streaming(client)
    box.fail_next("GetStreamingEvents", kind="truncated")
    with pytest.raises(IncompleteRead):
        stream(client, known)
    assert b"Closed" in stream(client, known)[-1]
