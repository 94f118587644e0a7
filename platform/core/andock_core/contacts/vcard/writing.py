"""Contacts as vCards, version 3.0 (what most programs read) or 4.0."""

import base64
from collections.abc import Callable, Container, Iterator
from typing import Literal

from icalendar.parser import Contentline

from andock_core.contacts.naming import shown_name
from andock_core.contacts.texts import clean, one_line, plain
from andock_core.contacts.vcard import kinds
from andock_sdk import Contact, Photo

Version = Literal["3.0", "4.0"]
VERSIONS: tuple[Version, ...] = ("3.0", "4.0")
_FOLD = 74


def write(item: Contact, version: Version = "3.0", uid: str = "") -> bytes:
    """One card. `uid` names the contact when it brings no UID of its own."""
    lines = ["BEGIN:VCARD", f"VERSION:{version}", "PRODID:-//Andock//Contacts//EN"]
    lines += [*_names(item), *_reached(item), *_rest(item, version)]
    if item.uid or uid:
        lines.append(_line("UID", escaped(one_line(item.uid or uid))))
    folded = [_folded(line) for line in lines]
    if item.photo:
        folded += _photo(item.photo, version)
    return b"\r\n".join([*folded, b"END:VCARD", b""])


def escaped(text: str) -> str:
    """A text value."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, "\\" + mark)
    return clean(text).replace("\n", "\\n")


def _names(item: Contact) -> Iterator[str]:
    parts = (item.surname, item.given, item.middle, item.title, item.suffix)
    yield _line("N", ";".join(escaped(part) for part in parts))
    yield _line("FN", escaped(item.display_name or shown_name(item) or "?"))
    if item.nickname:
        yield _line("NICKNAME", escaped(item.nickname))
    if item.company or item.department:
        yield _line("ORG", f"{escaped(item.company)};{escaped(item.department)}".rstrip(";"))
    if item.job_title:
        yield _line("TITLE", escaped(item.job_title))


def _reached(item: Contact) -> Iterator[str]:
    """E-mail addresses, numbers and addresses, in an order from which reading guesses their keys;
    where it would guess another one, a parameter names the key."""
    emails = {str(key): person.email for key, person in item.emails.items() if person.email}
    for key, own in _in_order(emails, kinds.EMAILS, lambda _key, taken: kinds.email_key(taken)):
        yield _line("EMAIL", escaped(emails[key]), ("internet",), own)
    phones = {str(key): number for key, number in item.phones.items()}
    for key, own in _in_order(phones, kinds.PHONES, _phone_guess):
        yield _line("TEL", escaped(phones[key]), kinds.PHONE_TYPES[key], own)
    addresses = {str(key): address for key, address in item.addresses.items()}
    for key, own in _in_order(addresses, kinds.ADDRESSES, _address_guess):
        at = addresses[key]
        parts = ("", "", at.street, at.city, at.region, at.postcode, at.country)
        value = ";".join(escaped(part) for part in parts)
        yield _line("ADR", value, kinds.ADDRESS_TYPES[key], own)


def _in_order(
    held: Container[str], keys: tuple[str, ...], guess: Callable[[str, set[str]], str]
) -> Iterator[tuple[str, str]]:
    """Each key that is held, with itself where reading would guess another one."""
    taken: set[str] = set()
    for key in keys:
        if key in held:
            yield key, "" if guess(key, taken) == key else key
            taken.add(key)


def _phone_guess(key: str, taken: set[str]) -> str:
    return kinds.phone_key(set(kinds.PHONE_TYPES[key]), taken)


def _address_guess(key: str, taken: set[str]) -> str:
    return kinds.address_key(set(kinds.ADDRESS_TYPES[key]), taken)


def _rest(item: Contact, version: Version) -> Iterator[str]:
    if item.birthday:
        yield _line("BDAY", item.birthday.replace("-", "") if version == "4.0" else item.birthday)
    if item.website:
        yield _line("URL", one_line(item.website).replace("\\", "\\\\"))  # a URI is no text
    if item.categories:
        yield _line("CATEGORIES", ",".join(escaped(each) for each in item.categories))
    notes = plain(item.notes)
    if notes:
        yield _line("NOTE", escaped(notes))


def _line(name: str, value: str, types: tuple[str, ...] = (), own_key: str = "") -> str:
    kind = f";TYPE={','.join(types)}" if types else ""
    own = f";{kinds.OWN_KEY}={own_key}" if own_key else ""
    return f"{name}{kind}{own}:{value}"


def _photo(photo: Photo, version: Version) -> list[bytes]:
    """Folded by hand: a megabyte is too much for a line that is looked at letter by letter."""
    data = base64.b64encode(base64.b64decode(photo.data)).decode()
    if version == "4.0":
        head = f"PHOTO:data:{photo.media_type};base64,"
    else:
        head = f"PHOTO;ENCODING=b;TYPE={photo.media_type.rpartition('/')[2].upper()}:"
    first, rest = data[: _FOLD - len(head)], data[_FOLD - len(head) :]
    folds = range(0, len(rest), _FOLD - 1)
    return [(head + first).encode(), *(f" {rest[at : at + _FOLD - 1]}".encode() for at in folds)]


def _folded(line: str) -> bytes:
    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    return folded
