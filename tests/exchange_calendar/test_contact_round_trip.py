"""Contact → XML → Contact is an identity, and what is sent is valid."""

import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from andock_exchange_calendar import contact_writing, contacts, convert, soap
from andock_exchange_calendar.contact_fields import TEXTS
from andock_exchange_calendar.soap import t
from andock_sdk import Body, Contact, Person, PostalAddress
from tests.exchange_calendar.people import PHONES, contact, photo
from tests.sandbox.official_schema import official_schema

PATIENT = settings(deadline=None, max_examples=60)
TEXT = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"),
    max_size=20,
)
ADDRESS = st.sampled_from(["bea@x.test", "c@y.test", "ümlaut@z.test", "o'neil+a@x.test"])
PEOPLE = st.builds(Person, name=TEXT, email=ADDRESS).filter(
    lambda one: one.name != one.email and not one.name.endswith(f" ({one.email})")
)
WEBSITES = st.sampled_from(["", "www.x.test", "https://x.test:8443/a?b=c#d", "x.test/%C3%A4"])
CONTACTS = st.builds(
    Contact,
    **dict.fromkeys(sorted({"title", *TEXTS} - {"website"}), TEXT),
    emails=st.dictionaries(st.sampled_from(["email1", "email2", "email3"]), PEOPLE),
    phones=st.dictionaries(st.sampled_from(PHONES), TEXT),
    addresses=st.dictionaries(
        st.sampled_from(["business", "home", "other"]),
        st.builds(PostalAddress, street=TEXT, city=TEXT, region=TEXT, postcode=TEXT, country=TEXT),
    ),
    birthday=st.just("") | st.dates().map(str),
    website=WEBSITES,
    notes=st.builds(Body, kind=st.just("text"), content=TEXT)
    | st.builds(Body, kind=st.just("html"), content=TEXT.filter(bool)),
    categories=st.lists(TEXT.filter(bool), max_size=3).map(tuple),
    photo=st.none() | st.integers(0, 255).map(photo),
)


def written(item: Contact) -> etree._Element:
    """The element that is sent, after a trip through bytes."""
    made = contact_writing.new_contact(item, "op", old_server=False)
    return soap.parse(etree.tostring(made))


@PATIENT
@given(CONTACTS)
def test_the_round_trip_is_an_identity(item: Contact) -> None:
    """Canonical equality, field by field; the picture goes its own way."""
    element = written(item)
    assert contacts.to_contact(element, item.photo) == item
    assert convert.operation_id(element) == "op"


@PATIENT
@given(CONTACTS, CONTACTS)
def test_what_is_sent_is_valid(item: Contact, before: Contact) -> None:
    """Creations and changes, held against Microsoft's schema when ANDOCK_EWS_SCHEMAS names its
    folder."""
    schema = official_schema()
    if schema is None:
        pytest.skip("ANDOCK_EWS_SCHEMAS is not set")
    schema.assertValid(soap.m("CreateItem", soap.m("Items", written(item))))
    names = set(Contact.model_fields)
    changes = contact_writing.updates(item, before, names, old_server=False)
    changes.append(contact_writing.file_as_change(item))
    change = t("ItemChange", t("ItemId", Id="x"), t("Updates", *changes))
    request = soap.m(
        "UpdateItem", soap.m("ItemChanges", change), ConflictResolution="NeverOverwrite"
    )
    schema.assertValid(request)


@PATIENT
@given(st.dates().map(str))
def test_a_birthday_survives_wherever_the_mailbox_is(day: str) -> None:
    """Our own noon is never taken for somebody's midnight, save where days begin then."""
    for zone in ("", "Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo", "Pacific/Auckland"):
        assert contacts.day_of(f"{day}T11:59:00Z", zone) == day


@pytest.mark.parametrize("text", ["gestern", "1980-13-01T00:00:00Z"])
def test_a_birthday_that_is_none_is_the_contacts_fault(text: str) -> None:
    """Told as unreadable by whoever reads it, never guessed."""
    with pytest.raises(ValueError, match=r".+"):
        contacts.day_of(text)


def test_a_midnight_beyond_utc_plus_twelve_needs_the_mailboxs_zone() -> None:
    """In Auckland's summer a day begins at 11:00 UTC of the day before."""
    assert contacts.day_of("1980-01-14T11:00:00Z", "Pacific/Auckland") == "1980-01-15"


@PATIENT
@given(st.text(max_size=40).filter(lambda text: not any(0xD800 <= ord(c) <= 0xDFFF for c in text)))
def test_any_text_can_be_sent(text: str) -> None:
    """Characters that XML forbids are left out, all others arrive."""
    item = contact(nickname=text, phones={"home": text}, categories=[text] if text else [])
    assert contacts.to_contact(written(item), None).nickname == soap.clean(text)
