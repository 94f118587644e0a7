"""Contacts between Graph and the mailbox."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from .. import mapi
from ..model import Item, Json, Props
from ..views import View, of_item
from . import bodies, clock, extended
from .bodies import Table
from .errors import bad_property
from .odata import select

if TYPE_CHECKING:
    from .context import Call

_TITLE = "tag/0x3a45/String"
_PLAIN = {
    "givenName": "GivenName",
    "surname": "Surname",
    "middleName": "MiddleName",
    "nickName": "Nickname",
    "initials": "Initials",
    "generation": "Generation",
    "displayName": "DisplayName",
    "fileAs": "FileAs",
    "companyName": "CompanyName",
    "department": "Department",
    "jobTitle": "JobTitle",
    "officeLocation": "OfficeLocation",
    "profession": "Profession",
    "manager": "Manager",
    "assistantName": "AssistantName",
    "spouseName": "SpouseName",
    "businessHomePage": "BusinessHomePage",
}
_YOMI = ("yomiGivenName", "yomiSurname", "yomiCompanyName")
_PHONES = {"businessPhones": "BusinessPhone", "homePhones": "HomePhone"}
_ADDRESSES = {"businessAddress": "Business", "homeAddress": "Home", "otherAddress": "Other"}
_PARTS = {
    "street": "Street",
    "city": "City",
    "state": "State",
    "countryOrRegion": "CountryOrRegion",
    "postalCode": "PostalCode",
}
_SLOTS = ("EmailAddress1", "EmailAddress2", "EmailAddress3")
_RANKS = ("primaryEmailAddress", "secondaryEmailAddress", "tertiaryEmailAddress")
TABLE: Table = {
    **dict.fromkeys(("id", "changeKey", "createdDateTime", "lastModifiedDateTime"), "-"),
    **dict.fromkeys(("parentFolderId", "photo", *_RANKS, "multiValueExtendedProperties"), "-"),
    **dict.fromkeys((*_PLAIN, *_YOMI, "title", "mobilePhone", "birthday"), "string"),
    "personalNotes": "string",
    **dict.fromkeys((*_PHONES, "imAddresses", "children", "categories"), "strings"),
    **dict.fromkeys(_ADDRESSES, "object"),
    "emailAddresses": "objects",
    "singleValueExtendedProperties": "objects",
    "extensions": "objects",
}


def contact(call: Call, item: Item) -> Json:
    """All properties of a contact, with what $expand adds, reduced by $select."""
    view = of_item(item)
    made = full(call, view)
    extended.expand(call, view, made)
    return select(made, call.query.select)


def full(call: Call, view: View) -> Json:
    """All properties of a contact."""
    item, props = view.item, view.props
    phones = props.get("PhoneNumbers") or {}
    emails = [_email(entry) for entry in _in_slots(props)]
    return {
        "@odata.etag": call.etag(item.version),
        "id": call.ids.item(item),
        "createdDateTime": item.created,
        "lastModifiedDateTime": item.modified,
        "changeKey": call.change_key(item.version),
        "categories": list(props.get("Categories") or []),
        "parentFolderId": call.ids.folder(item.folder),
        "birthday": props.get("Birthday"),
        **{name: props.get(prop) or None for name, prop in _PLAIN.items()},
        **dict.fromkeys(_YOMI),
        "displayName": props.get("DisplayName") or "",
        "fileAs": props.get("FileAs") or "",
        "title": mapi.value(call.state, view, _TITLE),
        "mobilePhone": phones.get("MobilePhone") or None,
        **{name: _numbered(phones, slot) for name, slot in _PHONES.items()},
        "imAddresses": [text for text in (props.get("ImAddresses") or {}).values() if text],
        "children": list(props.get("Children") or []),
        "personalNotes": (props.get("Body") or {}).get("text") or "",
        "emailAddresses": emails,
        **{
            name: emails[place] if place < len(emails) else None
            for place, name in enumerate(_RANKS)
        },
        **{name: _address(props, key) for name, key in _ADDRESSES.items()},
    }


def _in_slots(props: Props) -> list[Json]:
    held = props.get("EmailAddresses") or {}
    return [held[slot] for slot in _SLOTS if held.get(slot) and held[slot].get("Address")]


def _email(entry: Json) -> Json:
    return {"name": entry.get("Name") or entry["Address"], "address": entry["Address"]}


def _numbered(phones: Json, slot: str) -> list[str]:
    return [phones[key] for key in (slot, f"{slot}2") if phones.get(key)]


def _address(props: Props, key: str) -> Json:
    held = (props.get("PhysicalAddresses") or {}).get(key) or {}
    return {name: held[part] for name, part in _PARTS.items() if held.get(part)}


def read(call: Call, item: Item | None) -> tuple[Props, dict[str, Json], set[str]]:
    """(properties, extended properties, what to take out) of the request's body. GraphError."""
    given = bodies.checked(call.body, TABLE, "contact")
    before: Props = item.props if item is not None else {}
    props: Props = {}
    held: dict[str, Json] = {}
    removed: set[str] = set()
    for name, prop in _PLAIN.items():
        if name in given:
            props[prop] = given[name] or ""
    for name, prop in (("categories", "Categories"), ("children", "Children")):
        if name in given:
            props[prop] = given[name] or []
    if "personalNotes" in given:
        props["Body"] = {"type": "Text", "text": given["personalNotes"] or ""}
    if given.get("birthday"):
        props["Birthday"] = _birthday(given["birthday"])
    elif "birthday" in given:
        removed.add("Birthday")
    _read_emails(given, props)
    _read_phones(given, props, before)
    _read_places(given, props, before)
    if "title" in given:
        uri = {"PropertyTag": "0x3a45", "PropertyType": "String"}
        held[_TITLE] = {"uri": uri, "value": given["title"] or ""}
    _read_own(given, held, removed)
    mapi.absorb(item, "Contact", props, held)
    return props, held, removed


def _birthday(text: str) -> str:
    if not clock.is_aware(text):
        raise bad_property("birthday")
    return clock.moment(text, UTC, "birthday")


def _read_own(given: dict[str, Json], held: dict[str, Json], removed: set[str]) -> None:
    """Extended properties and extensions."""
    for key, one in extended.read(given.get("singleValueExtendedProperties")).items():
        if one["value"] is None:
            removed.add(key)
        else:
            held[key] = one
    if given.get("extensions"):
        stored = dict(extended.read_extension(one) for one in given["extensions"])
        held[extended.EXTENSIONS] = {"uri": {}, "value": stored}


def _read_emails(given: dict[str, Json], props: Props) -> None:
    if "emailAddresses" in given:
        entries = given["emailAddresses"] or []
        if len(entries) > len(_SLOTS):
            raise bad_property("emailAddresses", "A contact has up to three e-mail addresses.")
        props["EmailAddresses"] = {
            slot: _email_value(entry) for slot, entry in zip(_SLOTS, entries, strict=False)
        }
    if "imAddresses" in given:
        texts = (given["imAddresses"] or [])[:3]
        props["ImAddresses"] = {f"ImAddress{n}": text for n, text in enumerate(texts, 1)}


def _read_phones(given: dict[str, Json], props: Props, before: Props) -> None:
    phones = dict(before.get("PhoneNumbers") or {})
    for name, slot in _PHONES.items():
        if name in given:
            numbers = given[name] or []
            if len(numbers) > 2:
                raise bad_property(name, f"A contact has up to two of {name}.")
            for key, number in zip((slot, f"{slot}2"), [*numbers, "", ""], strict=False):
                phones[key] = number
    if "mobilePhone" in given:
        phones["MobilePhone"] = given["mobilePhone"] or ""
    if phones != (before.get("PhoneNumbers") or {}):
        props["PhoneNumbers"] = {key: number for key, number in phones.items() if number}


def _read_places(given: dict[str, Json], props: Props, before: Props) -> None:
    places = dict(before.get("PhysicalAddresses") or {})
    for name, key in _ADDRESSES.items():
        if name in given:
            places[key] = _place(name, given[name])
            props["PhysicalAddresses"] = {one: held for one, held in places.items() if held}


def _email_value(entry: Json) -> Json:
    address = entry.get("address")
    if not isinstance(address, str) or not isinstance(entry.get("name"), str | None):
        raise bad_property("emailAddresses")
    return {
        "Address": address,
        "Name": entry.get("name") or address,
        "RoutingType": "SMTP",
        "MailboxType": "Contact",
    }


def _place(name: str, value: Json) -> Json:
    made = {}
    for part, text in (value or {}).items():
        if part.startswith("@"):
            continue
        if part not in _PARTS or not isinstance(text, str | None):
            raise bad_property(name)
        if text:
            made[_PARTS[part]] = text
    return made
