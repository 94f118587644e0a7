"""A contact, as Graph gives it, to a Contact, and back."""

import base64
import html
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import nh3

from andock_office365_calendar.contact_fields import ADDRESSES, LISTED, PARTS, TAGGED, TEXTS
from andock_office365_calendar.convert import OPERATION
from andock_office365_calendar.writing import Properties
from andock_sdk import Body, Contact, Person, Photo
from andock_sdk.items import PHOTO_BYTES, EmailKey

_SLOTS: tuple[EmailKey, ...] = ("email1", "email2", "email3")
_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}
_NOON = timedelta(hours=12)


def to_contact(given: dict[str, Any], photo: Photo | None) -> Contact:
    """The contact. Raises ValueError, KeyError or TypeError for what cannot be one."""
    return Contact.model_validate(
        {
            **{ours: given.get(theirs) or "" for ours, theirs in TEXTS.items()},
            "emails": _emails(given.get("emailAddresses") or ()),
            "phones": _phones(given),
            "addresses": {
                key: {part: _lines(held.get(theirs)) for part, theirs in PARTS.items()}
                for key, name in ADDRESSES.items()
                if (held := given.get(name))
            },
            "birthday": _day(given.get("birthday")),
            "notes": Body(content=_lines(given.get("personalNotes"))),
            "categories": tuple(given.get("categories") or ()),
            "photo": photo,
        }
    )


def photo_of(content: Any) -> Photo | None:
    """The picture that came as base64; None for one that Andock does not show."""
    if not isinstance(content, str) or len(content) > PHOTO_BYTES * 4 // 3 + 4:
        return None
    try:
        head = base64.b64decode(content[:16], validate=True)
        media = next((name for mark, name in _KINDS.items() if head.startswith(mark)), "")
        return Photo.model_validate({"media_type": media, "data": content}) if media else None
    except ValueError:
        return None


def _emails(given: Iterable[dict[str, Any]]) -> dict[EmailKey, Person]:
    """Graph repeats an address as its name where there is none."""
    found: dict[EmailKey, Person] = {}
    for slot, one in zip(_SLOTS, given, strict=False):
        address, name = one.get("address") or "", one.get("name") or ""
        name = name.removesuffix(f" ({address})") if address else name
        found[slot] = Person(name="" if name == address else name, email=address)
    return found


def _phones(given: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {"mobile": given.get("mobilePhone") or ""}
    for name, keys in LISTED.items():
        found |= dict(zip(keys, given.get(name) or (), strict=False))
    tags = {tag: key for key, tag in TAGGED.items()}
    for one in given.get("singleValueExtendedProperties") or ():
        if key := tags.get(one["id"].lower().replace("string", "String")):
            found[key] = one.get("value") or ""
    return found


def _day(text: str | None) -> str:
    """Graph keeps an instant; clients write the day's noon or its midnight somewhere."""
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    later = moment - moment.replace(hour=0, minute=0, second=0, microsecond=0) > _NOON
    return (moment.date() + timedelta(days=1 if later else 0)).isoformat()


def _lines(text: str | None) -> str:
    """Line ends in one way: a difference in them would travel to and fro for ever."""
    return (text or "").replace("\r\n", "\n")


def new_contact(item: Contact, operation_id: str) -> Properties:
    """What a POST creates; the picture follows."""
    names = {name for name in Contact.model_fields if getattr(item, name)}
    made = properties(item, Contact(), names)
    own = [{"id": OPERATION, "value": operation_id}]
    return {**made, _EXTENDED: [*made.get(_EXTENDED, ()), *own]}


_EXTENDED = "singleValueExtendedProperties"


def properties(item: Contact, before: Contact, names: Iterable[str]) -> Properties:
    """The contact's properties for these fields; a picture is written on its own."""
    made: Properties = {}
    for name in names:
        if name in TEXTS:
            made[TEXTS[name]] = getattr(item, name)
        elif name == "emails":
            made["emailAddresses"] = [_recipient(item.emails[slot]) for slot in sorted(item.emails)]
        elif name == "phones":
            made |= _written_phones(item, before)
        elif name == "addresses":
            made |= _written_addresses(item, before)
        elif name == "birthday":
            made["birthday"] = f"{item.birthday}T11:59:00Z" if item.birthday else None
        elif name == "notes":
            made["personalNotes"] = plain(item.notes)
        elif name == "categories":
            made["categories"] = list(item.categories)
    return made


def _recipient(person: Person) -> Properties:
    return {"name": person.name or person.email, "address": person.email}


def _written_phones(item: Contact, before: Contact) -> Properties:
    made: Properties = {}
    for name, keys in LISTED.items():
        if any(item.phones.get(key) != before.phones.get(key) for key in keys):
            made[name] = [item.phones[key] for key in keys if key in item.phones]
    if item.phones.get("mobile") != before.phones.get("mobile"):
        made["mobilePhone"] = item.phones.get("mobile", "")
    tagged = [
        {"id": tag, "value": item.phones.get(key, "")}
        for key, tag in TAGGED.items()
        if item.phones.get(key) != before.phones.get(key)
    ]
    return {**made, _EXTENDED: tagged} if tagged else made


def _written_addresses(item: Contact, before: Contact) -> Properties:
    made: Properties = {}
    for key, name in ADDRESSES.items():
        held = item.addresses.get(key)
        if held != before.addresses.get(key):
            made[name] = {
                theirs: getattr(held, part, "") if held else "" for part, theirs in PARTS.items()
            }
    return made


def plain(notes: Body) -> str:
    """Graph's notes are text: HTML from elsewhere loses its tags."""
    if notes.kind == "text":
        return notes.content
    return html.unescape(nh3.clean(notes.content, tags=set()))
