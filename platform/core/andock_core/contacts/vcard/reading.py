"""A vCard file as contacts. A card that cannot be read says why and is handed back as it came."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import unquote

from andock_core.contacts import limits, photos
from andock_core.contacts.naming import shown_name
from andock_core.contacts.texts import clean, one_line
from andock_core.contacts.vcard import kinds
from andock_core.contacts.vcard.lines import BadLine, Line, RawCard, cards_in, parse
from andock_sdk import Body, Contact, Person, Photo, PostalAddress

LARGEST_FILE = 5 * 1024 * 1024  # bytes
MOST_CARDS = 2000
MOST_LINES = 2000  # of one card
LONGEST_VALUE = 200_000  # characters, pictures aside


class FileRefused(ValueError):
    """The whole file. `key` is a message key: file.large, file.many or file.none."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


@dataclass(frozen=True)
class Card:
    """The card at `number` of the file, counted from 1: a contact, or the message key why there
    is none. `raw` is the card as it came where something of it could not be read, else empty."""

    number: int
    item: Contact | None = None
    error: str = ""
    name: str = ""
    raw: str = ""


def read(data: bytes) -> list[Card]:
    """The cards of a file. Raises FileRefused."""
    if len(data) > LARGEST_FILE:
        raise FileRefused("file.large")
    cards: list[Card] = []
    for number, raw in enumerate(cards_in(data), 1):
        if number > MOST_CARDS:
            raise FileRefused("file.many")
        cards.append(_card(number, raw))
    if not cards:
        raise FileRefused("file.none")
    return cards


@dataclass
class _Draft:
    """A contact under construction. `left` is what has no place in it; it goes into the notes,
    so that nothing is lost. `cut`: even they could not take everything."""

    texts: dict[str, str] = field(default_factory=dict)
    emails: dict[str, Person] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, PostalAddress] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    cut: bool = False
    photo: Photo | None = None

    def put(self, name: str, value: str, label: str) -> None:
        """A field of one line, once; what comes twice or is too long is left for the notes."""
        value = one_line(value)
        if not value:
            return
        if name in self.texts or len(value) > limits.LINE:
            self.left.append(f"{label}: {value}")
            value = value[: limits.LINE]
        self.texts.setdefault(name, value)

    def contact(self) -> Contact:
        """The contact. Raises ValueError."""
        notes = "\n".join([*self.notes, *self.left])
        self.cut |= len(notes) > limits.NOTES
        values: dict[str, Any] = {
            **self.texts,
            "emails": self.emails,
            "phones": self.phones,
            "addresses": self.addresses,
            "categories": tuple(self.categories),
            "notes": Body(content=notes[: limits.NOTES]),
            "photo": self.photo,
        }
        return Contact(**values)


def _card(number: int, raw: RawCard) -> Card:
    draft, bad = _Draft(), len(raw.lines) > MOST_LINES
    for text in raw.lines[:MOST_LINES]:
        try:
            _take(draft, parse(text))
        except (BadLine, ValueError):
            bad = True
    try:
        item = draft.contact()
    except ValueError:
        return Card(number, error="card.unusable", raw=raw.text())
    name = shown_name(item)
    if not raw.closed:
        return Card(number, error="card.cut", name=name, raw=raw.text())
    if not name:
        return Card(number, error="card.empty", raw=raw.text())
    return Card(number, item=item, name=name, raw=raw.text() if bad or draft.cut else "")


def _take(draft: _Draft, line: Line) -> None:
    """Put a property where it belongs. Raises BadLine, ValueError."""
    if not line.value.strip():
        return
    if len(line.value) > LONGEST_VALUE and line.name != "PHOTO":
        raise BadLine
    simple = _SIMPLE.get(line.name)
    if simple:
        draft.put(simple, unescaped(line.value), line.name)
    elif line.name in _TAKERS:
        _TAKERS[line.name](draft, line)


def _name(draft: _Draft, line: Line) -> None:
    parts = [unescaped(" ".join(split(part, ","))) for part in split(line.value, ";")]
    for name, value in zip(("surname", "given", "middle", "title", "suffix"), parts, strict=False):
        draft.put(name, value, line.name)


def _organisation(draft: _Draft, line: Line) -> None:
    company, *units = (unescaped(part) for part in split(line.value, ";"))
    draft.put("company", company, line.name)
    draft.put("department", ", ".join(unit for unit in units if unit.strip()), line.name)


def _email(draft: _Draft, line: Line) -> None:
    address = one_line(unescaped(line.value)).removeprefix("mailto:")
    key = _own_key(line, draft.emails, kinds.EMAILS) or kinds.email_key(draft.emails)
    if not key or len(address) > limits.LINE:
        draft.left.append(f"{line.name}: {address}")
    else:
        draft.emails[key] = Person(email=address)


def _phone(draft: _Draft, line: Line) -> None:
    number = one_line(unescaped(line.value)).removeprefix("tel:")
    key = _own_key(line, draft.phones, kinds.PHONES)
    key = key or kinds.phone_key(_types(line), draft.phones)
    if not key or len(number) > limits.PHONE:
        draft.left.append(f"{line.name}: {number}")
    else:
        draft.phones[key] = number


def _address(draft: _Draft, line: Line) -> None:
    parts = [clean(unescaped(part)).strip() for part in split(line.value, ";")]
    box, more, street, city, region, postcode, country = (*parts, *[""] * 7)[:7]
    lines = "\n".join(part for part in (street, more, box) if part)
    key = _own_key(line, draft.addresses, kinds.ADDRESSES)
    key = key or kinds.address_key(_types(line), draft.addresses)
    if not key or any(len(part) > limits.LINE for part in (lines, *parts)):
        draft.left.append(f"{line.name}: {one_line(' '.join(parts))}")
        return
    draft.addresses[key] = PostalAddress(
        street=lines, city=city, region=region, postcode=postcode, country=country
    )


def _birthday(draft: _Draft, line: Line) -> None:
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)(?!\d)", line.value.strip())
    try:
        day = date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        day = ""
    if day:
        draft.put("birthday", day, line.name)
    else:
        draft.left.append(f"{line.name}: {one_line(unescaped(line.value))}")


def _website(draft: _Draft, line: Line) -> None:
    draft.put("website", unescaped(line.value), line.name)


def _note(draft: _Draft, line: Line) -> None:
    draft.notes.append(clean(unescaped(line.value)).strip())


def _categories(draft: _Draft, line: Line) -> None:
    for named in (one_line(unescaped(part)) for part in split(line.value, ",")):
        if len(named) > limits.LINE or len(draft.categories) == limits.CATEGORIES:
            draft.left.append(f"{line.name}: {named}")
        elif named:
            draft.categories.append(named)


def _photo(draft: _Draft, line: Line) -> None:
    value = line.value.strip()
    if value.lower().startswith(("http:", "https:")):
        draft.left.append(f"{line.name}: {one_line(value)}")
        return
    head, comma, data = value.partition(",")
    encoded = unquote(data) if comma and head.lower().startswith("data:") else value
    try:
        picture = base64.b64decode(re.sub(r"\s", "", encoded), validate=True)
    except binascii.Error as error:
        raise BadLine from error
    kept = photos.keep(picture)
    if kept is None:
        raise BadLine
    draft.photo = draft.photo or kept


_SIMPLE = {"FN": "display_name", "NICKNAME": "nickname", "TITLE": "job_title"}
_TAKERS = {
    "N": _name,
    "ORG": _organisation,
    "EMAIL": _email,
    "TEL": _phone,
    "ADR": _address,
    "BDAY": _birthday,
    "URL": _website,
    "NOTE": _note,
    "CATEGORIES": _categories,
    "PHOTO": _photo,
}


def split(value: str, mark: str) -> list[str]:
    """The parts between unescaped marks, still escaped."""
    parts, part, at = [], [], 0
    while at < len(value):
        if value[at] == "\\":
            part.append(value[at : at + 2])
            at += 2
            continue
        if value[at] == mark:
            parts.append("".join(part))
            part = []
        else:
            part.append(value[at])
        at += 1
    return [*parts, "".join(part)]


def unescaped(value: str) -> str:
    """A value's text."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def _types(line: Line) -> set[str]:
    types = line.types()
    return types | {"pref"} if not types and line.params.get("PREF") else types


def _own_key(line: Line, taken: dict[str, Any], known: tuple[str, ...]) -> str:
    key = next(iter(line.params.get(kinds.OWN_KEY, ())), "").lower()
    return key if key in known and key not in taken else ""
