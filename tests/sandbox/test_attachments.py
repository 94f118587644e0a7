"""Files and items attached to items: attached, read, taken away."""

import base64
from typing import Any

import pytest
from exchangelib import Contact, FileAttachment, ItemAttachment, Message, Task

from andock_sandbox import Mailbox
from tests.sandbox.client import Client, item, shape
from tests.sandbox.exchange_client import account, trusted, utc

__all__ = ["account", "trusted"]

CONTENT = base64.b64encode(b"%PDF-1.7").decode()


@pytest.fixture
def entry(anna: Mailbox) -> str:
    """A calendar entry to attach to."""
    return anna.add_event(anna.calendar, "Termin", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))


def attach(client: Client, ref: str, inside: str = "") -> Any:
    """CreateAttachment with one small file."""
    inside = inside or f"<t:Name>a.pdf</t:Name><t:Content>{CONTENT}</t:Content>"
    return client(
        f'<m:CreateAttachment><m:ParentItemId Id="{ref}"/><m:Attachments><t:FileAttachment>'
        f"{inside}</t:FileAttachment></m:Attachments></m:CreateAttachment>"
    )


def by_id(client: Client, operation: str, *ids: str) -> Any:
    """GetAttachment or DeleteAttachment."""
    named = "".join(f'<t:AttachmentId Id="{one}"/>' for one in ids)
    return client(f"<m:{operation}><m:AttachmentIds>{named}</m:AttachmentIds></m:{operation}>")


def test_a_file_is_attached_read_and_taken_away(client: Client, entry: str) -> None:
    """Each step gives the item a new version."""
    made = attach(client, entry)
    ref, first = made.text("//t:AttachmentId/@Id"), made.text("//@RootItemChangeKey")
    held = client.get(entry, shape("item:Attachments", "item:HasAttachments"))
    assert held.text("//t:ItemId/@ChangeKey") == first
    assert held.text("//t:HasAttachments") == "true"
    assert (held.text("//t:FileAttachment/t:Size"), held.texts("//t:Content")) == ("8", [])
    read = by_id(client, "GetAttachment", ref)
    assert (read.text("//t:Name"), read.text("//t:Content")) == ("a.pdf", CONTENT)
    gone = by_id(client, "DeleteAttachment", ref)
    assert gone.text("//m:RootItemId/@RootItemChangeKey") != first
    assert client.get(entry, shape("item:Attachments")).texts("//t:Attachments") == []
    assert by_id(client, "GetAttachment", ref).codes == ["ErrorItemNotFound"]


def test_each_file_of_a_request_fails_for_itself(client: Client, entry: str) -> None:
    """One is read, the other is an item's id."""
    ref = attach(client, entry).text("//t:AttachmentId/@Id")
    assert by_id(client, "GetAttachment", ref, entry).codes == [
        "NoError",
        "ErrorInvalidAttachmentId",
    ]
    assert client.get(ref).codes == ["ErrorInvalidIdNotAnItemAttachmentId"]
    assert attach(client, "x").codes == ["ErrorInvalidIdMalformed"]


def test_a_deleted_item_has_no_files(client: Client, entry: str) -> None:
    """They go with it."""
    ref = attach(client, entry).text("//t:AttachmentId/@Id")
    client.delete(item(entry))
    assert by_id(client, "GetAttachment", ref).codes == ["ErrorItemNotFound"]


def test_a_moved_item_keeps_its_files(client: Client, anna: Mailbox, entry: str) -> None:
    """Under the new item's id."""
    attach(client, entry)
    target = anna.add_calendar("Team")
    moved = client(
        f'<m:MoveItem><m:ToFolderId><t:FolderId Id="{target}"/></m:ToFolderId><m:ItemIds>'
        f"{item(entry)}</m:ItemIds></m:MoveItem>"
    )
    held = client.get(moved.text("//t:ItemId/@Id"), shape("item:Attachments"))
    assert held.texts("//t:FileAttachment/t:Name") == ["a.pdf"]


def test_an_item_is_attached_and_read(client: Client, entry: str) -> None:
    """With its own properties, without an id; a list of attachments names it alone."""
    made = client(
        f'<m:CreateAttachment><m:ParentItemId Id="{entry}"/><m:Attachments><t:ItemAttachment>'
        "<t:Name>Einladung</t:Name><t:CalendarItem><t:Subject>Innen</t:Subject>"
        "<t:Start>2026-12-01T09:00:00Z</t:Start><t:End>2026-12-01T10:00:00Z</t:End>"
        "</t:CalendarItem></t:ItemAttachment></m:Attachments></m:CreateAttachment>"
    )
    held = client.get(entry, shape("item:Attachments"))
    assert held.texts("//t:ItemAttachment/t:Name") == ["Einladung"]
    assert held.texts("//t:ItemAttachment/t:CalendarItem") == []
    read = by_id(client, "GetAttachment", made.text("//t:AttachmentId/@Id"))
    assert read.texts("//t:ItemAttachment/t:CalendarItem/t:Subject") == ["Innen"]
    assert read.texts("//t:CalendarItem/t:Start") == ["2026-12-01T09:00:00Z"]
    assert read.texts("//t:CalendarItem/t:ItemId") == []


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (
            "<t:ItemAttachment><t:Name>x</t:Name></t:ItemAttachment>",
            "ErrorMissingItemForCreateItemAttachment",
        ),
        (
            "<t:ReferenceAttachment><t:Name>x</t:Name></t:ReferenceAttachment>",
            "ErrorInvalidItemForOperationCreateItemAttachment",
        ),
    ],
)
def test_what_cannot_be_attached_is_refused(
    client: Client, entry: str, inside: str, code: str
) -> None:
    """An item that is none, and a link to a file elsewhere."""
    reply = client(
        f'<m:CreateAttachment><m:ParentItemId Id="{entry}"/><m:Attachments>{inside}'
        "</m:Attachments></m:CreateAttachment>"
    )
    assert reply.codes == [code]


def test_an_item_is_created_with_its_files(client: Client) -> None:
    """In one request."""
    made = client.create(
        "<t:Subject>Mit Datei</t:Subject><t:Attachments><t:FileAttachment><t:Name>a.pdf</t:Name>"
        f"<t:Content>{CONTENT}</t:Content></t:FileAttachment></t:Attachments>"
    )
    held = client.get(made.text("//t:ItemId/@Id"), shape("item:Attachments"))
    assert held.texts("//t:FileAttachment/t:Name") == ["a.pdf"]


def test_exchangelib_attaches_an_item_and_reads_it(account: Any) -> None:
    """A mail in a task, a file beside it."""
    task = Task(account=account, folder=account.tasks, subject="Antworten").save()
    mail = Message(account=account, folder=account.drafts, subject="Frage", body="Wann?")
    task.attach([ItemAttachment(name="Mail", item=mail), FileAttachment(name="a", content=b"b")])
    held = account.tasks.get(id=task.id)
    inner, file = sorted(held.attachments, key=lambda one: type(one).__name__, reverse=True)
    assert (inner.item.subject, inner.item.body) == ("Frage", "Wann?")
    assert file.content == b"b"
    held.detach(inner)
    assert [one.name for one in account.tasks.get(id=task.id).attachments] == ["a"]


def test_exchangelib_attaches_and_reads_a_contacts_picture(account: Any) -> None:
    """An independent client's way."""
    held = Contact(account=account, folder=account.contacts, display_name="Bea").save()
    held.attach(FileAttachment(name="bea.png", content=b"png", is_contact_photo=True))
    seen = account.contacts.get(id=held.id)
    assert seen.has_picture
    (picture,) = seen.attachments
    assert (picture.name, picture.content, picture.is_contact_photo) == ("bea.png", b"png", True)
    seen.detach(picture)
    assert not account.contacts.get(id=held.id).has_picture
