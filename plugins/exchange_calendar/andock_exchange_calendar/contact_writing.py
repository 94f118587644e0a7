"""A Contact, or what changed in one, to the elements that Exchange is given."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from andock_exchange_calendar.contact_fields import (
    ADDRESSES,
    EMAILS,
    PARTS,
    PHONES,
    TEXTS,
)
from andock_exchange_calendar.shape import operation_property, title_field
from andock_exchange_calendar.soap import Element, clean, t
from andock_sdk import Contact, Person, PostalAddress, errors

_ORDER = (
    "FileAs",
    "DisplayName",
    "GivenName",
    "MiddleName",
    "Nickname",
    "CompanyName",
    "EmailAddresses",
    "PhysicalAddresses",
    "PhoneNumbers",
    "Birthday",
    "BusinessHomePage",
    "Department",
    "Generation",
    "JobTitle",
    "Surname",
)
"""The schema's order of a contact's own elements; Exchange refuses any other."""
_SAFE = "!#$%&'()*+,/:;=?@[]~-._"
_URI = re.compile(
    r"[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#\[\]:@%]+(:\d{1,5})?([/?][^#\[\]]*)?(#[^#\[\]]*)?"
    r"|[^:/#\[\]?%][^:#\[\]]*(#[^#\[\]]*)?"
)
"""What every reader of addresses takes: https://www.firma.de:8443/a?b#c, www.firma.de/a."""
_PLAIN = frozenset(TEXTS) | {"title", "birthday", "notes", "categories"}


def new_contact(item: Contact, operation_id: str, *, old_server: bool) -> Element:
    """The Contact to create, its picture aside. Raises Unrepresentable."""
    made = {TEXTS[name]: _text(item, name) for name in TEXTS}
    made["FileAs"] = t("FileAs", text=file_as(item)) if file_as(item) else None
    made["Birthday"] = _birthday(item)
    made["EmailAddresses"] = _holder("EmailAddresses", _emails(item, old_server))
    made["PhoneNumbers"] = _holder("PhoneNumbers", _phones(item))
    made["PhysicalAddresses"] = _holder("PhysicalAddresses", _addresses(item))
    return t(
        "Contact",
        _notes(item) if item.notes.content else None,
        _categories(item),
        operation_property(operation_id),
        _title(item),
        *(made.get(name) for name in _ORDER),
    )


def file_as(item: Contact) -> str:
    """Under which name Outlook's list shows the contact, when nobody has chosen another."""
    comma = ", ".join(filter(None, (clean(item.surname), clean(item.given))))
    return comma or clean(item.company) or clean(item.display_name)


def updates(
    item: Contact, before: Contact, names: Iterable[str], *, old_server: bool
) -> list[Element]:
    """The changes that bring these fields from `before` to `item`, single entries of the
    dictionaries alone; the picture aside. Raises Unrepresentable."""
    wanted = set(names)
    changes = [_plain(item, name) for name in sorted(wanted & _PLAIN)]
    if "emails" in wanted:
        new, old = _emails(item, old_server), _emails(before, old_server)
        # A slot whose address we cannot read (a directory path) is not ours to take away.
        taken = {EMAILS[key] for key, was in before.emails.items() if item.emails.get(key) != was}
        changes += _dictionary("EmailAddress", "EmailAddresses", new, old, taken)
    if "phones" in wanted:
        new, old = _phones(item), _phones(before)
        changes += _dictionary("PhoneNumber", "PhoneNumbers", new, old, set(old) - set(new))
    if "addresses" in wanted:
        changes += _address_changes(item, before)
    return changes


def file_as_change(item: Contact) -> Element:
    """The change that files the contact under its present names."""
    name = file_as(item)
    return _change("contacts:FileAs", t("FileAs", text=name) if name else None)


def _plain(item: Contact, name: str) -> Element:
    if name == "title":
        title = _title(item)
        if title is None:
            return t("DeleteItemField", title_field())
        return t("SetItemField", title_field(), t("Contact", title))
    if name == "notes":
        return _change("item:Body", _notes(item))
    if name == "categories":
        return _change("item:Categories", _categories(item))
    if name == "birthday":
        return _change("contacts:Birthday", _birthday(item))
    return _change(f"contacts:{TEXTS[name]}", _text(item, name))


def _change(path: str, value: Element | None) -> Element:
    field = t("FieldURI", FieldURI=path)
    if value is None:
        return t("DeleteItemField", field)
    return t("SetItemField", field, t("Contact", value))


def _text(item: Contact, name: str) -> Element | None:
    text = clean(getattr(item, name))
    if text and name == "website":
        text = quote(text, safe=_SAFE)
        if not _URI.fullmatch(text):
            # The schema demands an address of the web; the server would refuse all of the item.
            raise errors.Unrepresentable("item.website", "not a URI")
    return t(TEXTS[name], text=text) if text else None


def _title(item: Contact) -> Element | None:
    text = clean(item.title)
    return t("ExtendedProperty", title_field(), t("Value", text=text)) if text else None


def _birthday(item: Contact) -> Element | None:
    """Noon in UTC, as Outlook on the web writes it: the same day in almost every zone."""
    return t("Birthday", text=f"{item.birthday}T11:59:00Z") if item.birthday else None


def _notes(item: Contact) -> Element:
    kind = "HTML" if item.notes.kind == "html" else "Text"
    return t("Body", text=item.notes.content, BodyType=kind)


def _categories(item: Contact) -> Element | None:
    named = [t("String", text=category) for category in item.categories if clean(category)]
    return t("Categories", *named) if named else None


def _holder(name: str, entries: dict[str, Element]) -> Element | None:
    return t(name, *entries.values()) if entries else None


def _emails(item: Contact, old_server: bool) -> dict[str, Element]:
    """By Exchange's slots; a slot without an address cannot be written."""
    return {
        EMAILS[key]: _email(EMAILS[key], person, old_server)
        for key, person in item.emails.items()
        if clean(person.email)
    }


def _email(key: str, person: Person, old_server: bool) -> Element:
    if old_server:  # Exchange 2010 takes the address alone
        return t("Entry", text=person.email, Key=key)
    named = {"Name": person.name} if clean(person.name) else {}
    return t("Entry", text=person.email, Key=key, **named, RoutingType="SMTP")


def _phones(item: Contact) -> dict[str, Element]:
    return {
        PHONES[key]: t("Entry", text=number, Key=PHONES[key])
        for key, number in item.phones.items()
        if clean(number)
    }


def _addresses(item: Contact) -> dict[str, Element]:
    return {
        ADDRESSES[key]: t("Entry", *_parts(address), Key=ADDRESSES[key])
        for key, address in item.addresses.items()
    }


def _parts(address: PostalAddress) -> Iterable[Element | None]:
    for ours, theirs in PARTS.items():
        text = clean(getattr(address, ours))
        yield t(theirs, text=text) if text else None


def _dictionary(
    path: str, holder: str, new: dict[str, Element], old: dict[str, Element], taken: set[str]
) -> Iterable[Element]:
    """Set the entries that are new or different, take away those in `taken`."""
    for key, entry in new.items():
        known = old.get(key)
        if known is None or (known.text, dict(known.attrib)) != (entry.text, dict(entry.attrib)):
            yield t("SetItemField", _indexed(path, key), t("Contact", t(holder, entry)))
    for key in sorted(taken - set(new)):
        yield t("DeleteItemField", _indexed(path, key))


def _address_changes(item: Contact, before: Contact) -> Iterable[Element]:
    """Addresses are written line by line: that is how Exchange takes them."""
    for key, theirs in ADDRESSES.items():
        new = item.addresses.get(key, PostalAddress())  # type: ignore[call-overload]
        old = before.addresses.get(key, PostalAddress())  # type: ignore[call-overload]
        for part, name in PARTS.items():
            text = clean(getattr(new, part))
            if text == clean(getattr(old, part)):
                continue
            path = _indexed(f"PhysicalAddress:{name}", theirs)
            if not text:
                yield t("DeleteItemField", path)
                continue
            entry = t("Entry", t(name, text=text), Key=theirs)
            yield t("SetItemField", path, t("Contact", t("PhysicalAddresses", entry)))


def _indexed(path: str, key: str) -> Element:
    return t("IndexedFieldURI", FieldURI=f"contacts:{path}", FieldIndex=key)
