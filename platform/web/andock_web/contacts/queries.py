"""What the contacts' pages show, in the shape in which they show it."""

import zlib
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from andock_core.accounts import Colleague, MemberInfo, colleagues, initials
from andock_core.contacts import sharing, texts, viewing
from andock_core.contacts.editing import is_email, is_link
from andock_core.contacts.naming import shown_name
from andock_core.contacts.viewing import Line
from andock_sdk import Contact
from andock_web import formats
from andock_web.calendar import notes
from andock_web.contacts import words
from andock_web.lines import one_line

TONES = 5
LINES = 12  # of a street
FIRST_NUMBERS = ("mobile", "business", "home", "primary", "company_main")


@dataclass(frozen=True)
class Row:
    """A contact in the list. `photo` is the address of its picture, or empty."""

    href: str
    name: str
    sub: str
    email: str
    phone: str
    initials: str
    tone: int
    photo: str
    owner: str


@dataclass(frozen=True)
class Group:
    """The rows of one letter."""

    letter: str
    rows: list[Row]


@dataclass(frozen=True)
class Letter:
    """An entry of the letter index."""

    letter: str
    count: int


@dataclass(frozen=True)
class Shown:
    """A part of the list. `next` leads on. `any`: there are contacts, or somebody searches."""

    groups: list[Group]
    letters: list[Letter]
    any: bool
    query: str
    letter: str
    after: str
    next: str

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True)
class Fact:
    """A line of the card. `href` makes it a link."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True)
class Card:
    """A contact as its card shows it."""

    id: str
    version: int
    mine: bool
    owner: str
    name: str
    sub: str
    initials: str
    tone: int
    photo: str
    reached: list[Fact]
    places: list[Fact]
    more: list[Fact]
    notes: str
    categories: tuple[str, ...]
    shared: list[Colleague] = field(default_factory=list)
    colleagues: list[Colleague] = field(default_factory=list)


def shown(session: Session, viewer: MemberInfo, query: str, letter: str, after: str) -> Shown:
    """The list as the address asks for it."""
    found = viewing.listed(session, viewer, query=query, letter=letter, after=after)
    counts = {} if query.strip() else viewing.letters(session, viewer)
    root = url_for("contacts.show")
    groups = [
        Group(letter, [_row(line, root) for line in lines])
        for letter, lines in groupby(found.lines, key=lambda line: line.letter)
    ]
    return Shown(
        groups=groups,
        letters=[Letter(each, count) for each, count in counts.items()],
        any=bool(counts or query.strip()),
        query=query,
        letter=letter,
        after=after,
        next=found.next,
    )


def card(session: Session, viewer: MemberInfo, contact_id: str) -> Card | None:
    """A contact that the viewer may see, or None."""
    found = viewing.seen(session, viewer, contact_id)
    if found is None:
        return None
    item, name = found.item, name_of(found.item)
    readers = sharing.shared_with(session, viewer.id, contact_id) if found.mine else []
    return Card(
        id=found.id,
        version=found.version,
        mine=found.mine,
        owner=found.owner,
        name=name,
        sub=_sub(item, name),
        initials=initials(name),
        tone=_tone(name),
        photo=url_for("contacts.photo", contact_id=found.id, v=found.version) if item.photo else "",
        reached=_reached(item),
        places=_places(item),
        more=_more(item, name),
        notes=notes.cleaned(item.notes),
        categories=tuple(filter(None, map(one_line, item.categories))),
        shared=readers,
        colleagues=colleagues(session) if found.mine else [],
    )


def name_of(item: Contact) -> str:
    """What a contact is called on a page; never empty."""
    return one_line(shown_name(item)) or str(_("(without a name)"))


def _row(line: Line, root: str) -> Row:
    item = Contact.model_validate(line.document)
    name = name_of(item)
    phones = {str(key): number for key, number in item.phones.items()}
    first = next((key for key in FIRST_NUMBERS if key in phones), next(iter(phones), ""))
    href = f"{root}{line.id}"  # not by url_for: a hundred of them take their time
    return Row(
        href=href,
        name=name,
        sub=_sub(item, name),
        email=one_line(next((each.email for each in item.emails.values() if each.email), "")),
        phone=one_line(phones.get(first, "")),
        initials=initials(name),
        tone=_tone(name),
        photo=f"{href}/photo?v={line.version}&small=1" if line.has_photo else "",
        owner=one_line(line.owner),
    )


def _sub(item: Contact, name: str) -> str:
    parts = (one_line(part) for part in (item.job_title, item.department, item.company))
    return ", ".join(part for part in parts if part and part != name)


def _reached(item: Contact) -> list[Fact]:
    emails = [
        Fact(str(words.EMAILS[str(key)]), one_line(each.email), mail_link(each.email))
        for key, each in item.emails.items()
        if each.email
    ]
    numbers = {str(key): number for key, number in item.phones.items()}
    phones = [
        Fact(words.phone_label(key), one_line(numbers[key]), phone_link(numbers[key]))
        for key in words.PHONES
        if key in numbers
    ]
    return [*emails, *phones]


def _places(item: Contact) -> list[Fact]:
    facts = []
    for key, at in item.addresses.items():
        town = f"{at.postcode} {at.city}".strip()
        parts = (*at.street.splitlines()[:LINES], town, at.region, at.country)
        text = "\n".join(filter(None, map(one_line, parts)))
        facts.append(Fact(str(words.ADDRESSES[str(key)]), text))
    return facts


def _more(item: Contact, name: str) -> list[Fact]:
    full = " ".join((item.title, item.given, item.middle, item.surname, item.suffix))
    full, website = texts.one_line(full), texts.one_line(item.website)
    facts = [
        Fact(_("Full name"), one_line(full) if one_line(full) != name else ""),
        Fact(_("Nickname"), one_line(item.nickname)),
        Fact(_("Birthday"), _birthday(item.birthday)),
        Fact(_("Website"), one_line(website), website if is_link(website) else ""),
    ]
    return [fact for fact in facts if fact.text]


def mail_link(address: str) -> str:
    """A mailto address, or nothing for what is none."""
    return f"mailto:{quote(address, safe='@+-._')}" if is_email(address) else ""


def phone_link(number: str) -> str:
    """A tel address, or nothing for what cannot be dialled."""
    dialled = "".join(
        char for char in number if char.isascii() and (char.isdigit() or char in "+*#")
    )
    return f"tel:{quote(dialled, safe='+*')}" if any(map(str.isdigit, dialled)) else ""


def _birthday(day: str) -> str:
    return formats.on_date(date.fromisoformat(day)) if day else ""


def _tone(name: str) -> int:
    """Always the same colour for a name."""
    return 1 + zlib.crc32(name.encode()) % TONES
