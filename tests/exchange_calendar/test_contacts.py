"""Contacts: every field there and back, changed fields alone, pictures, what goes wrong."""

import base64
from datetime import UTC, datetime

import pytest

from andock_exchange_calendar.client import Access, Client
from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import EwsError, Mailbox, Sandbox, attachments
from andock_sdk import Contact, Missing, Patch, Person, RemoteItem, Unreadable, errors
from tests.exchange_calendar.people import EVERYTHING, contact, photo, png
from tests.exchange_calendar.surroundings import (
    EMAIL,
    PASSWORD,
    ServerFactory,
    Surroundings,
)


@pytest.fixture
def book(anna: Mailbox) -> str:
    """Anna's own folder of contacts."""
    return anna.address_book.default


def read(connector: ExchangeConnector, book: str, ref: str) -> Contact:
    """The one contact."""
    (result,) = connector.read(book, [ref])
    assert isinstance(result, RemoteItem)
    assert isinstance(result.item, Contact)
    return result.item


def change(
    connector: ExchangeConnector, book: str, held: RemoteItem, **fields: object
) -> RemoteItem:
    """Write these fields."""
    item = Contact.model_validate({**held.item.model_dump(), **fields})
    patch = Patch(item=item, before=held.item, fields=frozenset(fields))
    return connector.update(book, held.ref, patch, held.version)


def test_folders_of_contacts_are_listed_after_the_calendars(
    connector: ExchangeConnector, anna: Mailbox, book: str
) -> None:
    """The own one first and marked; lists that Outlook keeps for itself are none."""
    private = anna.address_book.add_folder("Privat")
    hidden = anna.address_book.add_folder("Verteiler")
    anna.address_book.set_class(hidden, "IPF.Contact.MOC.ImContactList")
    found = [(one.ref, one.kind, one.default) for one in connector.collections()]
    assert found == [
        (anna.calendar, "calendar", True),
        (book, "contacts", True),
        (private, "contacts", False),
    ]


def test_every_field_survives_the_way_there_and_back(
    connector: ExchangeConnector, book: str
) -> None:
    """Created and read: the same document, with our operation id."""
    made = connector.create(book, EVERYTHING, "op-1")
    assert made.item == EVERYTHING
    assert made.operation_id == "op-1"
    assert read(connector, book, made.ref) == EVERYTHING


def test_a_bare_contact_comes_back_as_it_was(connector: ExchangeConnector, book: str) -> None:
    """No empty entry is made up."""
    assert connector.create(book, contact(), "op").item == contact()


@pytest.mark.parametrize("name", sorted(set(Contact.model_fields) - {"uid"}))
def test_each_field_can_be_written_alone(
    connector: ExchangeConnector, anna: Mailbox, book: str, name: str
) -> None:
    """From nothing to something and back; nothing else is touched."""
    held = connector.create(book, contact(nickname="Bee", phones={"mobile": "1"}), "op")
    wanted = getattr(EVERYTHING.model_copy(update={"nickname": "Bea", "given": "Beate"}), name)
    filled = change(connector, book, held, **{name: wanted})
    assert filled.item == Contact.model_validate({**held.item.model_dump(), name: wanted})
    before = getattr(held.item, name)
    assert change(connector, book, filled, **{name: before}).item == held.item


def test_single_entries_are_written_and_others_kept(
    connector: ExchangeConnector, anna: Mailbox, book: str
) -> None:
    """What Andock has no place for (a second fax) stays."""
    ref = anna.address_book.add(
        book,
        display_name="Bea",
        phones={"MobilePhone": "1", "OtherFax": "2", "Pager": "3"},
        emails={"EmailAddress1": "a@x.test", "EmailAddress2": "b@x.test"},
    )
    (held,) = connector.read(book, [ref])
    assert isinstance(held, RemoteItem)
    change(
        connector,
        book,
        held,
        phones={"mobile": "9", "home": "4"},
        emails={"email2": {"email": "c@x.test"}},
    )
    (kept,) = anna.address_book.all()
    assert kept["props"]["PhoneNumbers"] == {"MobilePhone": "9", "OtherFax": "2", "HomePhone": "4"}
    assert {k: v["Address"] for k, v in kept["props"]["EmailAddresses"].items()} == {
        "EmailAddress2": "c@x.test"
    }


def test_an_address_in_the_directory_is_left_alone(
    connector: ExchangeConnector, anna: Mailbox, book: str
) -> None:
    """Its path is no mail address; another slot can be written nevertheless."""
    path = "/o=Firma/cn=Recipients/cn=bea"
    ref = anna.address_book.add(book, emails={"EmailAddress1": ("Bea", path)})
    (held,) = connector.read(book, [ref])
    assert isinstance(held, RemoteItem)
    assert isinstance(held.item, Contact)
    assert held.item.emails == {"email1": Person(name="Bea")}
    emails = {**held.item.emails, "email2": Person(email="b@x.test")}
    change(connector, book, held, emails=emails)
    (kept,) = anna.address_book.all()
    assert kept["props"]["EmailAddresses"]["EmailAddress1"]["Address"] == path


def test_outlooks_made_up_names_are_told_without_the_address(
    connector: ExchangeConnector, anna: Mailbox, book: str
) -> None:
    """ "Bea (bea@x.test)" is Bea."""
    ref = anna.address_book.add(book, emails={"EmailAddress1": ("Bea (b@x.test)", "b@x.test")})
    assert read(connector, book, ref).emails["email1"] == Person(name="Bea", email="b@x.test")


def test_the_picture_is_replaced_and_removed(
    connector: ExchangeConnector, anna: Mailbox, book: str
) -> None:
    """Never two at once; other attachments stay."""
    held = connector.create(book, contact(photo=photo(1)), "op")
    anna.address_book.attach(held.ref, "vertrag.pdf", b"%PDF")
    held = connector.read(book, [held.ref])[0]  # type: ignore[assignment]
    held = change(connector, book, held, photo=photo(2))
    assert isinstance(held.item, Contact)
    assert held.item.photo == photo(2)
    files = [a["Name"] for a in anna.address_book.all()[0]["attachments"]]
    assert sorted(files) == ["ContactPicture.png", "vertrag.pdf"]
    assert change(connector, book, held, photo=None).item == contact()
    assert [a["Name"] for a in anna.address_book.all()[0]["attachments"]] == ["vertrag.pdf"]


@pytest.mark.parametrize("name", ["job_title", "photo"])
def test_what_was_changed_meanwhile_is_not_overwritten(
    connector: ExchangeConnector, anna: Mailbox, book: str, name: str
) -> None:
    """Neither a field nor the picture, which has no condition of its own on Exchange."""
    held = connector.create(book, EVERYTHING, "op")
    anna.address_book.update(held.ref, nickname="Inzwischen")
    with pytest.raises(errors.Conflict):
        change(connector, book, held, **{name: "" if name == "job_title" else None})
    assert read(connector, book, held.ref) == EVERYTHING.model_copy(
        update={"nickname": "Inzwischen"}
    )


def test_changes_are_told_as_they_happen(
    connector: ExchangeConnector, anna: Mailbox, book: str
) -> None:
    """New, changed (a picture is a change too), deleted."""
    ref = anna.address_book.add(book, display_name="Bea")
    first = connector.changes(book, None)
    assert [(c.ref, c.kind) for c in first.changes] == [(ref, "changed")]
    assert first.complete
    anna.address_book.update(ref, photo=png())
    second = connector.changes(book, first.cursor)
    assert [(c.ref, c.kind) for c in second.changes] == [(ref, "changed")]
    anna.address_book.delete(ref)
    third = connector.changes(book, second.cursor)
    assert [(c.ref, c.kind) for c in third.changes] == [(ref, "deleted")]
    assert connector.read(book, [ref]) == [Missing(ref=ref)]


def test_deleting_asks_for_the_version(
    connector: ExchangeConnector, anna: Mailbox, book: str
) -> None:
    """And moves the contact to the deleted items."""
    held = connector.create(book, contact(), "op")
    anna.address_book.update(held.ref, nickname="x")
    with pytest.raises(errors.Conflict):
        connector.delete(book, held.ref, held.version)
    (now,) = connector.read(book, [held.ref])
    assert isinstance(now, RemoteItem)
    connector.delete(book, held.ref, now.version)
    assert anna.address_book.all() == []


@pytest.mark.parametrize("operation", ["CreateItem", "CreateAttachment"])
def test_a_create_that_broke_off_is_found_by_its_operation(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox, book: str, operation: str
) -> None:
    """Whether the answer was lost for the contact or for its picture."""
    box.fail_next(operation, "lost-answer")
    with pytest.raises(errors.Transient):
        connector.create(book, EVERYTHING, "op-7")
    found = connector.find_operation(book, "op-7")
    assert found is not None
    assert isinstance(found.item, Contact)
    assert found.item.display_name == "Bea Vogt"
    assert len(anna.address_book.all()) == 1
    assert connector.find_operation(book, "op-8") is None


def test_a_picture_that_the_server_refuses_leaves_the_create_open(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox, book: str
) -> None:
    """The contact is there already: core has to look for it, not create another."""
    box.fail_next("CreateAttachment", "ErrorAttachmentSizeLimitExceeded")
    with pytest.raises(errors.Transient):
        connector.create(book, EVERYTHING, "op")
    assert connector.find_operation(book, "op") is not None


@pytest.mark.parametrize("kind", ["503", "ErrorServerBusy"])
def test_a_busy_server_while_reading_pictures_asks_for_a_pause(
    connector: ExchangeConnector, anna: Mailbox, box: Sandbox, book: str, kind: str
) -> None:
    """Not taken for a contact without a picture."""
    ref = anna.address_book.add(book, photo=png())
    box.fail_next("GetAttachment", kind)
    with pytest.raises(errors.Throttled):
        connector.read(book, [ref])


def test_a_picture_that_cannot_be_read_is_not_taken_for_none(
    connector: ExchangeConnector, anna: Mailbox, book: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its contact alone is set aside; the next one is read."""
    bad = anna.address_book.add(book, display_name="A", photo=png())
    good = anna.address_book.add(book, display_name="B")
    monkeypatch.setattr(attachments, "find", _nothing_there)
    first, second = connector.read(book, [bad, good])
    assert isinstance(first, Unreadable)
    assert isinstance(second, RemoteItem)


@pytest.mark.parametrize("content", [b"BM not ours", png() + bytes(1024 * 1024), b""])
def test_a_picture_that_andock_cannot_hold_stays_there(
    connector: ExchangeConnector, anna: Mailbox, book: str, content: bytes
) -> None:
    """Read as none, and another change does not touch it."""
    ref = anna.address_book.add(book, display_name="Bea", photo=content)
    (held,) = connector.read(book, [ref])
    assert isinstance(held, RemoteItem)
    assert isinstance(held.item, Contact)
    assert held.item.photo is None
    change(connector, book, held, nickname="Bee")
    (kept,) = anna.address_book.all()
    assert base64.b64decode(kept["attachments"][0]["Content"]) == content


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(1980, 3, 31, 11, 59, tzinfo=UTC), "1980-03-31"),
        (datetime(1980, 3, 31, 0, 0, tzinfo=UTC), "1980-03-31"),
        (datetime(1980, 3, 30, 22, 0, tzinfo=UTC), "1980-03-31"),  # midnight in Berlin
        (datetime(1980, 3, 30, 15, 0, tzinfo=UTC), "1980-03-31"),  # midnight in Tokyo
        (datetime(1980, 3, 31, 8, 0, tzinfo=UTC), "1980-03-31"),  # midnight in Los Angeles
    ],
)
def test_a_birthday_is_a_day_however_it_was_written(
    connector: ExchangeConnector, anna: Mailbox, book: str, instant: datetime, day: str
) -> None:
    """By noon in UTC, or by somebody's midnight."""
    ref = anna.address_book.add(book, display_name="Bea", birthday=instant)
    assert read(connector, book, ref).birthday == day


def test_outlooks_list_follows_a_new_name(
    connector: ExchangeConnector, anna: Mailbox, book: str
) -> None:
    """Unless somebody has chosen another way to file the contact."""
    held = connector.create(book, contact(), "op")
    assert anna.address_book.all()[0]["props"]["FileAs"] == "Vogt, Bea"
    held = change(connector, book, held, surname="Vogt-Meier")
    assert anna.address_book.all()[0]["props"]["FileAs"] == "Vogt-Meier, Bea"
    anna.address_book.update(held.ref, file_as="Die Architektin")
    (now,) = connector.read(book, [held.ref])
    assert isinstance(now, RemoteItem)
    change(connector, book, now, surname="Meier")
    assert anna.address_book.all()[0]["props"]["FileAs"] == "Die Architektin"


@pytest.mark.parametrize("website", ["http://", "https://[", "a:b", "https://a b@c", "%", "::"])
def test_a_website_that_exchange_refuses_is_told_before(
    connector: ExchangeConnector, anna: Mailbox, book: str, website: str
) -> None:
    """Nothing is sent; the contact stays here."""
    with pytest.raises(errors.Unrepresentable) as refused:
        connector.create(book, contact(website=website), "op")
    assert refused.value.key == "item.website"
    assert anna.address_book.all() == []


def test_an_old_server_takes_addresses_without_names(
    serve: ServerFactory, context: Surroundings, anna: Mailbox, book: str
) -> None:
    """Exchange 2010 gets the address alone; everything else as ever."""
    access = Access(serve(version="2010_SP2").ews_url, EMAIL, PASSWORD, "Exchange2010_SP2", "NTLM")
    connector = ExchangeConnector(context, Client(context, access))
    made = connector.create(book, EVERYTHING, "op")
    connector.close()
    assert isinstance(made.item, Contact)
    assert {key: one.email for key, one in made.item.emails.items()} == {
        key: one.email for key, one in EVERYTHING.emails.items()
    }
    assert made.item.model_copy(update={"emails": EVERYTHING.emails}) == EVERYTHING


def _nothing_there(item: object, num: int) -> None:
    raise EwsError("ErrorItemNotFound")
