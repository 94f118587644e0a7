"""Contacts on the wire, and what a person does with them in Outlook."""

from datetime import date
from pathlib import Path

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import ALL, IDS, Client, distinguished, item, setting, shape

PICTURE = b"\x89PNG not really"


def create(client: Client, fields: str) -> str:
    """A contact's id."""
    reply = client(
        f"<m:CreateItem><m:Items><t:Contact>{fields}</t:Contact></m:Items></m:CreateItem>"
    )
    assert reply.codes == ["NoError"]
    return reply.text("//t:ItemId/@Id")


def test_the_name_is_also_told_in_its_parts(client: Client) -> None:
    """The title comes from a MAPI property: CompleteName cannot be written."""
    ref = create(
        client,
        '<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="0x3A45" PropertyType="String"/>'
        "<t:Value>Dr.</t:Value></t:ExtendedProperty><t:GivenName>Bea</t:GivenName>"
        "<t:Generation>Jr.</t:Generation><t:Surname>Vogt</t:Surname>",
    )
    reply = client.get(ref, shape("contacts:CompleteName"))
    assert reply.texts("//t:CompleteName/*") == ["Dr.", "Bea", "Vogt", "Jr.", "Bea Vogt"]
    refused = client(
        "<m:CreateItem><m:Items><t:Contact><t:CompleteName><t:Title>x</t:Title></t:CompleteName>"
        "</t:Contact></m:Items></m:CreateItem>"
    )
    assert refused.codes == ["ErrorInvalidPropertySet"]


def test_an_address_has_its_name_beside_it(client: Client) -> None:
    """The address itself where none was given."""
    ref = create(
        client,
        '<t:EmailAddresses><t:Entry Key="EmailAddress1" Name="Bea">b@x.test</t:Entry>'
        '<t:Entry Key="EmailAddress2">c@x.test</t:Entry></t:EmailAddresses>',
    )
    reply = client.get(ref)
    assert reply.texts("//t:EmailAddresses/t:Entry/@Name") == ["Bea", "c@x.test"]
    assert reply.texts("//t:EmailAddresses/t:Entry/@RoutingType") == ["SMTP", "SMTP"]


def test_single_entries_are_set_and_taken_away(client: Client) -> None:
    """By indexed paths; an address without a line left is gone."""
    ref = create(
        client,
        '<t:PhysicalAddresses><t:Entry Key="Home"><t:City>Bonn</t:City></t:Entry>'
        '</t:PhysicalAddresses><t:PhoneNumbers><t:Entry Key="Pager">1</t:Entry></t:PhoneNumbers>',
    )
    path = '<t:IndexedFieldURI FieldURI="contacts:{}" FieldIndex="{}"/>'
    pager, city = path.format("PhoneNumber", "Pager"), path.format("PhysicalAddress:City", "Home")
    mobile = path.format("PhoneNumber", "MobilePhone")
    reply = client.update(
        item(ref),
        f"<t:DeleteItemField>{pager}</t:DeleteItemField>",
        f"<t:DeleteItemField>{city}</t:DeleteItemField>",
        f"<t:SetItemField>{mobile}<t:Contact><t:PhoneNumbers>"
        '<t:Entry Key="MobilePhone">2</t:Entry></t:PhoneNumbers></t:Contact></t:SetItemField>',
    )
    assert reply.codes == ["NoError"]
    held = client.get(ref)
    assert held.texts("//t:PhoneNumbers/t:Entry/@Key") == ["MobilePhone"]
    assert held.texts("//t:PhysicalAddresses") == []


def test_a_new_name_is_followed_by_what_is_computed_from_it(client: Client) -> None:
    """Subject and file-as; a file-as that somebody wrote stays."""
    ref = create(client, "<t:GivenName>Bea</t:GivenName><t:Surname>Vogt</t:Surname>")
    client.update(item(ref), setting("contacts:Surname", "<t:Surname>Meier</t:Surname>", "Contact"))
    assert client.get(ref).text("//t:FileAs") == "Meier, Bea"
    client.update(item(ref), setting("contacts:FileAs", "<t:FileAs>B</t:FileAs>", "Contact"))
    client.update(item(ref), setting("contacts:Surname", "<t:Surname>V</t:Surname>", "Contact"))
    assert client.get(ref).text("//t:FileAs") == "B"


def test_the_address_book_is_what_clients_read(client: Client, anna: Mailbox) -> None:
    """A folder of its own, a birthday as Outlook on the web writes it, a picture."""
    folder = anna.address_book.add_folder("Privat")
    assert anna.address_book.add_folder("Privat") == folder
    ref = anna.address_book.add(
        folder,
        given_name="Bea",
        surname="Vogt",
        title="Dr.",
        emails={"EmailAddress1": ("Bea", "b@x.test")},
        birthday=date(1980, 3, 31),
        notes="Notiz",
        photo=PICTURE,
    )
    held = client.get(ref, ALL)
    assert held.text("//t:Birthday") == "1980-03-31T11:59:00Z"
    assert held.text("//t:HasPicture") == "true"
    assert held.text("//t:Attachments//t:IsContactPhoto") == "true"
    assert [one["id"] for one in anna.address_book.all(folder)] == [ref]
    anna.address_book.update(ref, photo=None, nickname="Bee")
    assert client.get(ref, ALL).text("//t:HasPicture") == "false"
    anna.address_book.delete(ref)
    assert client.get(ref).codes == ["ErrorItemNotFound"]


def test_contacts_and_pictures_outlive_the_process(tmp_path: Path) -> None:
    """They rest in the sandbox's file."""
    box = Sandbox(tmp_path)
    book = box.add_mailbox("anna@musterfirma.test", "x").address_book
    book.add(book.default, given_name="Bea", photo=PICTURE)
    before = book.all()
    box.close()
    again = Sandbox(tmp_path)
    assert again.add_mailbox("anna@musterfirma.test", "x").address_book.all() == before
    again.close()


@pytest.mark.parametrize("operation", ["FindItem", "SyncFolderItems"])
def test_lists_give_no_attachments(client: Client, anna: Mailbox, operation: str) -> None:
    """GetItem alone does; asking FindItem for them is an error."""
    anna.address_book.add(anna.address_book.default, given_name="Bea", photo=PICTURE)
    if operation == "FindItem":
        assert client.find("", shape("item:Attachments"), "contacts").codes == [
            "ErrorInvalidPropertyForOperation"
        ]
        reply = client.find("", ALL, "contacts")
    else:
        reply = client.sync(anna.address_book.default, shape=ALL)
    assert reply.texts("//t:Contact/t:GivenName") == ["Bea"]
    assert reply.texts("//t:Attachments") == []


def test_a_contact_needs_a_folder_of_contacts(client: Client) -> None:
    """As on Exchange."""
    reply = client(
        f"<m:CreateItem><m:SavedItemFolderId>{distinguished('calendar')}</m:SavedItemFolderId>"
        "<m:Items><t:Contact/></m:Items></m:CreateItem>"
    )
    assert reply.codes == ["ErrorCannotCreateContactInNonContactFolder"]
    assert client.find("", IDS, "contacts").texts("//t:Contact") == []
