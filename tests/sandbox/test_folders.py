"""Folders copied, moved, emptied; items copied; distribution lists expanded."""

from pathlib import Path

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import ALL, Client, Reply, distinguished, item
from tests.sandbox.exchange_client import utc

NINE, TEN = utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)


def transfer(client: Client, operation: str, target: str, ids: str) -> Reply:
    """MoveItem, CopyItem, MoveFolder or CopyFolder."""
    kind = "FolderIds" if operation.endswith("Folder") else "ItemIds"
    return client(
        f"<m:{operation}><m:ToFolderId>{target}</m:ToFolderId><m:{kind}>{ids}</m:{kind}>"
        f"</m:{operation}>"
    )


def folder(folder_id: str) -> str:
    """A FolderId element."""
    return f'<t:FolderId Id="{folder_id}"/>'


def empty(client: Client, target: str, deep: str = "false") -> Reply:
    """EmptyFolder for good."""
    return client(
        f'<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="{deep}"><m:FolderIds>{target}'
        "</m:FolderIds></m:EmptyFolder>"
    )


def test_a_copied_series_has_its_exceptions_and_a_life_of_its_own(
    client: Client, anna: Mailbox
) -> None:
    """Changing the copy leaves the original as it was."""
    entry = anna.add_event(
        anna.calendar, "Serie", NINE, TEN, recurrence="FREQ=DAILY;COUNT=3"
    )  # fmt: skip
    anna.change_occurrence(entry, 2, subject="Anders")
    other = anna.add_calendar("Zweiter")
    copied = transfer(client, "CopyItem", folder(other), item(entry)).text("//t:ItemId/@Id")
    anna.update_event(copied, subject="Kopie")
    anna.delete_occurrence(copied, 3)
    held = client.get(entry)
    assert held.text("//t:Subject") == "Serie"
    assert held.texts("//t:DeletedOccurrence") == []
    twin = client.get(copied)
    assert len(twin.texts("//t:ModifiedOccurrences/t:Occurrence")) == 1
    assert len(twin.texts("//t:DeletedOccurrence")) == 1


def test_a_folder_is_copied_and_moved_with_all_that_is_in_it(client: Client, anna: Mailbox) -> None:
    """A moved one keeps its id, a copy has its own."""
    outer, inner = anna.add_calendar("Außen"), anna.add_calendar("Innen")
    anna.add_event(inner, "Termin", NINE, TEN)
    moved = transfer(client, "MoveFolder", folder(outer), folder(inner))
    assert moved.texts("//t:FolderId/@Id") == [inner]
    copied = transfer(client, "CopyFolder", distinguished("msgfolderroot"), folder(outer))
    [twin] = copied.texts("//t:FolderId/@Id")
    below = client(
        '<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>Default</t:BaseShape>'
        f"</m:FolderShape><m:ParentFolderIds>{folder(twin)}</m:ParentFolderIds></m:FindFolder>"
    )
    assert below.texts("//t:CalendarFolder/t:DisplayName") == ["Innen"]
    assert below.texts("//t:CalendarFolder/t:TotalCount") == ["1"]
    assert below.texts("//t:CalendarFolder/t:FolderId/@Id") != [inner]


@pytest.mark.parametrize(
    ("operation", "code"),
    [("MoveFolder", "ErrorMoveCopyFailed"), ("CopyFolder", "ErrorMoveCopyFailed")],
)
def test_a_folder_does_not_go_into_itself(
    client: Client, anna: Mailbox, operation: str, code: str
) -> None:
    """Nor below itself; and a well-known folder stays where it is."""
    outer = anna.add_calendar("Außen")
    assert transfer(client, operation, folder(outer), folder(outer)).codes == [code]
    calendar = distinguished("calendar")
    assert transfer(client, operation, folder(outer), calendar).codes == [code]
    inbox = transfer(client, "MoveFolder", folder(outer), distinguished("inbox"))
    assert inbox.codes == ["ErrorMoveDistinguishedFolder"]


def test_a_folder_is_emptied(client: Client, anna: Mailbox) -> None:
    """Its items, and its subfolders when asked for; calendars are refused, as on Exchange."""
    book = anna.address_book
    inner = book.add_folder("Innen")
    book.add(book.default, given_name="Eva")
    book.add(inner, given_name="Bea")
    assert empty(client, distinguished("contacts")).codes == ["NoError"]
    assert (len(book.all()), len(book.all(inner))) == (0, 1)
    assert empty(client, distinguished("contacts"), "true").codes == ["NoError"]
    assert book.add_folder("Innen") != inner
    assert empty(client, distinguished("calendar")).codes == ["ErrorCannotEmptyFolder"]


def test_a_folder_goes_into_the_deleted_items(client: Client, anna: Mailbox) -> None:
    """And keeps its id there."""
    made = anna.add_calendar("Zweiter")
    client(
        f'<m:DeleteFolder DeleteType="MoveToDeletedItems"><m:FolderIds>{folder(made)}'
        "</m:FolderIds></m:DeleteFolder>"
    )
    shape = ALL.replace("ItemShape", "FolderShape")
    known = (
        f"<m:GetFolder>{shape}<m:FolderIds>{folder(made)}{distinguished('deleteditems')}"
        "</m:FolderIds></m:GetFolder>"
    )
    reply = client(known)
    assert reply.texts("//t:ParentFolderId/@Id")[0] == reply.texts("//t:FolderId/@Id")[1]


def expand(client: Client, inside: str) -> Reply:
    """ExpandDL."""
    return client(f"<m:ExpandDL><m:Mailbox>{inside}</m:Mailbox></m:ExpandDL>")


def test_a_list_of_the_organisation_is_resolved_and_expanded(
    client: Client, box: Sandbox, anna: Mailbox
) -> None:
    """One level; a list in it stays a list."""
    box.add_group("team@musterfirma.test", "Team", [anna.email, "alle@musterfirma.test"])
    box.add_group("alle@musterfirma.test", "Alle", [])
    found = client(
        '<m:ResolveNames ReturnFullContactData="true"><m:UnresolvedEntry>team</m:UnresolvedEntry>'
        "</m:ResolveNames>"
    )
    assert found.texts("//t:Mailbox/t:MailboxType") == ["PublicDL"]
    address = "<t:EmailAddress>team@musterfirma.test</t:EmailAddress>"
    reply = expand(client, address)
    assert reply.texts("//t:Name") == ["Anna Muster", "Alle"]
    assert reply.texts("//t:MailboxType") == ["Mailbox", "PublicDL"]
    nobody = expand(client, "<t:EmailAddress>nobody@musterfirma.test</t:EmailAddress>")
    assert nobody.codes == ["ErrorNameResolutionNoResults"]


def test_a_list_of_ones_own_is_kept_and_expanded(client: Client, anna: Mailbox) -> None:
    """By its item id; a contact is no list."""
    made = client(
        "<m:CreateItem><m:Items><t:DistributionList><t:DisplayName>Kegeln</t:DisplayName>"
        '<t:Members><t:Member Key="1"><t:Mailbox><t:Name>Eva</t:Name><t:EmailAddress>eva@x.test'
        "</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType></t:Mailbox></t:Member></t:Members>"
        "</t:DistributionList></m:Items></m:CreateItem>"
    )
    known = made.text("//t:ItemId/@Id")
    held = client.get(known)
    assert held.texts("//t:DistributionList/t:ItemClass") == ["IPM.DistList"]
    assert held.texts("//t:Member/t:Mailbox/t:EmailAddress") == ["eva@x.test"]
    assert expand(client, item(known)).texts("//t:EmailAddress") == ["eva@x.test"]
    contact = anna.address_book.add(anna.address_book.default, given_name="Eva")
    assert expand(client, item(contact)).codes == ["ErrorInvalidItemForOperationExpandDL"]


def test_a_meeting_with_a_list_reaches_its_members(
    client: Client, box: Sandbox, anna: Mailbox
) -> None:
    """One mail to the list; the entry in each member's calendar."""
    eva = box.add_mailbox("eva@musterfirma.test", "x")
    box.add_group("alle@musterfirma.test", "Alle", ["team@musterfirma.test"])
    box.add_group("team@musterfirma.test", "Team", [eva.email, "alle@musterfirma.test"])
    anna.add_event(
        anna.calendar, "Alle zusammen", NINE, TEN, attendees=[("Alle", "alle@musterfirma.test")],
        send="SendToAllAndSaveCopy",
    )  # fmt: skip
    assert [mail.to for mail in box.outbox] == [("alle@musterfirma.test",)]
    assert [entry["subject"] for entry in eva.events()] == ["Alle zusammen"]


def test_lists_outlive_a_restart(tmp_path: Path) -> None:
    """They rest with the rest of the state."""
    box = Sandbox(tmp_path)
    box.add_group("team@musterfirma.test", "Team", ["eva@musterfirma.test"])
    box.close()
    again = Sandbox(tmp_path)
    assert again.expand("team@musterfirma.test") == ["eva@musterfirma.test"]
    again.close()


def test_a_hierarchy_tells_what_was_moved_in_and_out(client: Client, anna: Mailbox) -> None:
    """With all that lies below; a move within is a change."""
    outer, inner, other = (anna.add_calendar(name) for name in ("Außen", "Innen", "Anders"))
    transfer(client, "MoveFolder", folder(outer), folder(inner))
    target = client(
        "<m:CreateFolder><m:ParentFolderId>"
        f"{distinguished('msgfolderroot')}</m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>"
        "Ablage</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>"
    ).text("//t:FolderId/@Id")
    state = hierarchy(client).text("//m:SyncState")
    transfer(client, "MoveFolder", folder(target), folder(outer))
    gone = hierarchy(client, state)
    assert set(gone.texts("//t:Delete/t:FolderId/@Id")) == {outer, inner}
    state = gone.text("//m:SyncState")
    assert hierarchy(client, state).texts("//m:Changes/*") == []
    transfer(client, "MoveFolder", folder(other), folder(outer))
    back = hierarchy(client, state)
    assert set(back.texts("//t:Create//t:FolderId/@Id")) == {outer, inner}
    transfer(client, "MoveFolder", distinguished("calendar"), folder(outer))
    within = hierarchy(client, back.text("//m:SyncState"))
    assert within.texts("//t:Update//t:FolderId/@Id") == [outer]


def hierarchy(client: Client, state: str = "") -> Reply:
    """SyncFolderHierarchy below the calendar."""
    token = f"<m:SyncState>{state}</m:SyncState>" if state else ""
    return client(
        "<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>"
        f"<m:SyncFolderId>{distinguished('calendar')}</m:SyncFolderId>{token}"
        "</m:SyncFolderHierarchy>"
    )


COLOUR = (
    '<t:ExtendedFieldURI PropertySetId="c9f5a5f0-6f4b-4c5e-9d8a-222222222222"'
    ' PropertyName="colour" PropertyType="String"/>'
)


def coloured(text: str) -> str:
    """An extended property of a folder."""
    return f"<t:ExtendedProperty>{COLOUR}<t:Value>{text}</t:Value></t:ExtendedProperty>"


def change(client: Client, known: str, step: str) -> list[str]:
    """UpdateFolder with one step; the codes."""
    return client(
        f"<m:UpdateFolder><m:FolderChanges><t:FolderChange>{folder(known)}<t:Updates>{step}"
        "</t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>"
    ).codes


def test_a_folder_has_extended_properties(client: Client) -> None:
    """Set on creation, changed, searched for, deleted."""
    below = distinguished("inbox")
    known = client(
        f"<m:CreateFolder><m:ParentFolderId>{below}</m:ParentFolderId><m:Folders><t:Folder>"
        f"<t:DisplayName>Bunt</t:DisplayName>{coloured('rot')}</t:Folder></m:Folders>"
        "</m:CreateFolder>"
    ).text("//t:FolderId/@Id")
    search = (
        '<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape>'
        f"<t:AdditionalProperties>{COLOUR}</t:AdditionalProperties></m:FolderShape><m:Restriction>"
        f'<t:IsEqualTo>{COLOUR}<t:FieldURIOrConstant><t:Constant Value="blau"/>'
        "</t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>"
        f"<m:ParentFolderIds>{below}</m:ParentFolderIds></m:FindFolder>"
    )
    assert client(search).texts("//t:Value") == []
    written = f"<t:Folder>{coloured('blau')}</t:Folder>"
    assert change(
        client, known, f"<t:SetFolderField>{COLOUR}{written}</t:SetFolderField>"
    ) == ["NoError"]  # fmt: skip
    assert client(search).texts("//t:Value") == ["blau"]
    other = COLOUR.replace("colour", "size")
    assert change(
        client, known, f"<t:SetFolderField>{other}{written}</t:SetFolderField>"
    ) == ["ErrorUpdatePropertyMismatch"]  # fmt: skip
    gone = f"<t:DeleteFolderField>{COLOUR}</t:DeleteFolderField>"
    assert change(client, known, gone) == ["NoError"]
    assert client(search).texts("//t:FolderId") == []
