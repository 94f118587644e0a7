"""Contacts and an independent client: each reads what the other wrote, field by field."""

import base64
from typing import Any

import pytest
from exchangelib import Contact as TheirContact, EWSDate, FileAttachment, HTMLBody
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress

from andock_exchange_calendar.connector import ExchangeConnector
from andock_exchange_calendar.contact_fields import PHONES
from andock_sandbox import Mailbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Contact, Patch, RemoteItem
from tests.exchange_calendar.people import EVERYTHING, png
from tests.exchange_calendar.surroundings import PASSWORD
from tests.sandbox.exchange_client import open_account, trusted

__all__ = ["trusted"]


@pytest.fixture
def account(trusted: SandboxServer) -> Any:
    """Anna's account, as exchangelib has it."""
    return open_account(trusted, password=PASSWORD)


def test_exchangelib_reads_what_we_wrote(
    connector: ExchangeConnector, anna: Mailbox, account: Any
) -> None:
    """All fields, three e-mails, the picture."""
    made = connector.create(anna.address_book.default, EVERYTHING, "op")
    seen = account.contacts.get(id=made.ref)
    name = seen.complete_name
    assert (name.title, name.first_name, name.middle_name, name.last_name, name.suffix) == (
        "Dr.",
        "Bea",
        "Luise",
        "Vogt",
        "MdB",
    )
    assert (seen.display_name, seen.file_as, seen.nickname) == ("Bea Vogt", "Vogt, Bea", "Bee")
    assert (seen.company_name, seen.department, seen.job_title) == (
        EVERYTHING.company,
        EVERYTHING.department,
        EVERYTHING.job_title,
    )
    assert {one.label: one.email for one in seen.email_addresses} == {
        "EmailAddress1": "bea@architekten.test",
        "EmailAddress2": "bea@privat.test",
        "EmailAddress3": "buero@architekten.test",
    }
    numbers = {one.label: one.phone_number for one in seen.phone_numbers if one.phone_number}
    assert numbers == {PHONES[key]: number for key, number in EVERYTHING.phones.items()}
    for one in seen.physical_addresses:
        ours = EVERYTHING.addresses[one.label.lower()]
        assert (one.street, one.city, one.state, one.zipcode, one.country) == (
            ours.street,
            ours.city,
            ours.region,
            ours.postcode,
            ours.country,
        )
    assert seen.birthday == EWSDate(1980, 3, 31)
    notes = EVERYTHING.notes.content.replace("\n", "\r\n")  # as Exchange gives texts
    assert (seen.business_homepage, seen.body) == (EVERYTHING.website, notes)
    assert sorted(seen.categories) == ["Bau", "Familie"]
    (picture,) = seen.attachments
    assert (picture.is_contact_photo, picture.content) == (True, png())
    assert seen.has_picture


def test_reads_what_exchangelib_wrote(
    connector: ExchangeConnector, anna: Mailbox, account: Any
) -> None:
    """The same the other way round, with notes in HTML."""
    item = TheirContact(
        account=account,
        folder=account.contacts,
        display_name="Eva Muster",
        given_name="Eva",
        surname="Muster",
        middle_name="Maria",
        generation="Jr.",
        nickname="Evchen",
        company_name="Muster GmbH",
        department="Einkauf",
        job_title="Leiterin",
        business_homepage="www.muster.test",
        birthday=EWSDate(1975, 12, 1),
        body=HTMLBody("<p>Notiz</p>"),
        categories=["VIP"],
        email_addresses=[
            EmailAddress(label=f"EmailAddress{n}", email=f"eva{n}@x.test") for n in (1, 2, 3)
        ],
        phone_numbers=[PhoneNumber(label="MobilePhone", phone_number="+49 1")],
        physical_addresses=[PhysicalAddress(label="Home", street="Weg 1", zipcode="1", city="B")],
    ).save()
    item.attach(FileAttachment(name="bild.png", content=png(7), is_contact_photo=True))
    (read,) = connector.read(anna.address_book.default, [item.id])
    assert isinstance(read, RemoteItem)
    assert read.item == Contact.model_validate(
        {
            "display_name": "Eva Muster",
            "given": "Eva",
            "surname": "Muster",
            "middle": "Maria",
            "suffix": "Jr.",
            "nickname": "Evchen",
            "company": "Muster GmbH",
            "department": "Einkauf",
            "job_title": "Leiterin",
            "website": "www.muster.test",
            "birthday": "1975-12-01",
            "notes": {"kind": "html", "content": "<p>Notiz</p>"},
            "categories": ["VIP"],
            "emails": {f"email{n}": {"email": f"eva{n}@x.test"} for n in (1, 2, 3)},
            "phones": {"mobile": "+49 1"},
            "addresses": {"home": {"street": "Weg 1", "postcode": "1", "city": "B"}},
            "photo": {"media_type": "image/png", "data": base64.b64encode(png(7)).decode()},
        }
    )


def test_both_change_different_fields_of_one_contact(
    connector: ExchangeConnector, anna: Mailbox, account: Any
) -> None:
    """Nothing of the other's is lost, what Andock does not know of included."""
    book = anna.address_book.default
    made = connector.create(book, EVERYTHING, "op")
    theirs = account.contacts.get(id=made.ref)
    theirs.spouse_name = "Kai"
    theirs.save(update_fields=["spouse_name"])
    (held,) = connector.read(book, [made.ref])
    assert isinstance(held, RemoteItem)
    ours = EVERYTHING.model_copy(update={"job_title": "Chefin", "photo": None})
    patch = Patch(item=ours, before=held.item, fields=frozenset({"job_title", "photo"}))
    connector.update(book, made.ref, patch, held.version)
    seen = account.contacts.get(id=made.ref)
    assert (seen.spouse_name, seen.job_title, seen.nickname) == ("Kai", "Chefin", "Bee")
    assert (seen.attachments, seen.has_picture) == ([], False)
