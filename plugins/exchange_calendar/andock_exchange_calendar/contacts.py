"""A contact, as Exchange gives it, to a Contact. The way back is in `contact_writing.py`."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from andock_exchange_calendar.contact_fields import (
    ADDRESSES,
    EMAILS,
    PARTS,
    PHONES,
    TEXTS,
    TITLE_TAG,
)
from andock_exchange_calendar.convert import body, texts
from andock_exchange_calendar.soap import Element, fields, local, text_of
from andock_sdk import Contact, Person, Photo

_NOON = time(12)


def to_contact(item: Element, photo: Photo | None, zone: str = "") -> Contact:
    """The contact. `zone` (IANA) is where the mailbox's days begin, empty when unknown. Raises
    ValueError for what cannot be one."""
    inside = fields(item)
    plain = {ours: text_of(inside, theirs) for ours, theirs in TEXTS.items()}
    return Contact.model_validate(
        {
            **plain,
            "title": _title(item),
            "emails": _emails(inside),
            "phones": _phones(inside),
            "addresses": _addresses(inside),
            "birthday": day_of(text_of(inside, "Birthday"), zone),
            "notes": body(inside.get("Body")),
            "categories": texts(inside.get("Categories")),
            "photo": photo,
        }
    )


def photo_id(item: Element) -> str:
    """The id of the attachment that is the contact's picture, the latest of several, or ""."""
    ids = photo_ids(item)
    return ids[-1] if ids else ""


def photo_ids(item: Element) -> list[str]:
    """The ids of all attachments that are marked as the contact's picture."""
    found = []
    for attachment in fields(item).get("Attachments", ()):
        about = fields(attachment)
        if text_of(about, "IsContactPhoto").strip() in ("true", "1"):
            found.append(about["AttachmentId"].get("Id", ""))
    return found


def day_of(text: str, zone: str = "") -> str:
    """The day that a birthday's instant means, or "" for none.

    Exchange keeps an instant. Clients write the day's noon (11:59) in UTC, or the midnight with
    which the day begins where they run: the instant is then up to half a day off.
    """
    if not text:
        return ""
    moment = datetime.fromisoformat(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if zone:
        there = moment.astimezone(ZoneInfo(zone))
        if there.time() == time(0):
            return there.date().isoformat()
    later = moment.time() > _NOON
    return (moment.date() + timedelta(days=1 if later else 0)).isoformat()


def _title(item: Element) -> str:
    """The title, from the property that EWS writes it to."""
    for child in item:
        if local(child) != "ExtendedProperty":
            continue
        inside = fields(child)
        path = inside.get("ExtendedFieldURI")
        tag = path.get("PropertyTag") if path is not None else None
        if tag and int(tag, 16) == TITLE_TAG:
            return text_of(inside, "Value")
    return ""


def _entries(parent: Element | None, keys: Mapping[str, str]) -> dict[str, Element]:
    """The entries of a dictionary by our keys; those that we have no place for are left out."""
    ours = {theirs: key for key, theirs in keys.items()}
    if parent is None:
        return {}
    return {ours[key]: entry for entry in parent if (key := entry.get("Key", "")) in ours}


def _emails(inside: dict[str, Element]) -> dict[str, Person]:
    """Inside the organisation Exchange may give a directory path (/o=…/cn=…) for an address.
    Outlook makes up names such as "Bea (bea@x.test)"; those are told without the address."""
    found = {}
    for key, entry in _entries(inside.get("EmailAddresses"), EMAILS).items():
        address = entry.text or ""
        name = (entry.get("Name") or "").removesuffix(f" ({address})" if address else "")
        if address and name == address:
            name = ""
        found[key] = Person(name=name, email=address if "@" in address else "")
    return found


def _phones(inside: dict[str, Element]) -> dict[str, str]:
    entries = _entries(inside.get("PhoneNumbers"), PHONES)
    return {key: entry.text or "" for key, entry in entries.items()}


def _addresses(inside: dict[str, Element]) -> dict[str, dict[str, str]]:
    found = {}
    for key, entry in _entries(inside.get("PhysicalAddresses"), ADDRESSES).items():
        parts = fields(entry)
        found[key] = {ours: _lines(text_of(parts, theirs)) for ours, theirs in PARTS.items()}
    return found


def _lines(text: str) -> str:
    """Line ends in one way: a difference in them would travel to and fro for ever."""
    return text.replace("\r\n", "\n")
