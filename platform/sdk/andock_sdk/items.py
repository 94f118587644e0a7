"""The canonical documents that travel between Andock and the other side.

A document holds what Andock knows of an item, in one spelling, so that two of them are equal when
they mean the same. Wall times are ISO 8601 without offset ("2026-11-24T09:00:00"), zones are IANA
names; days are "2026-11-24". Fields merge one by one: what has to stay together (start, end and
zone) is one field.
"""

import base64
import binascii
from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

DOCUMENT_VERSION = 2
"""Raised when a field is added. A stored base of an older version adopts the new field from the
remote side instead of writing it out."""

Busy = Literal["free", "tentative", "busy", "away", "elsewhere"]
Sensitivity = Literal["normal", "personal", "private", "confidential"]
PhoneKey = Literal[
    "business",
    "business2",
    "business_fax",
    "home",
    "home2",
    "home_fax",
    "mobile",
    "pager",
    "other",
    "assistant",
    "car",
    "company_main",
    "callback",
    "isdn",
    "primary",
    "radio",
    "telex",
    "tty",
]
EmailKey = Literal["email1", "email2", "email3"]
AddressKey = Literal["business", "home", "other"]
Answer = Literal["none", "accepted", "tentative", "declined", "organizer"]


class Frozen(BaseModel):
    """Documents are values: never changed in place, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Slot(Frozen):
    """When. `all_day`: `start` and `end` are days, the end exclusive, the zones empty.

    Timed: wall times in `start_zone` and `end_zone` (IANA, "Europe/Berlin"). `foreign_zone` keeps
    a zone name that has no IANA equivalent, so that it can be written back unchanged; the wall
    times are then in UTC.
    """

    start: str
    end: str
    all_day: bool = False
    start_zone: str = ""
    end_zone: str = ""
    foreign_zone: str = ""

    @model_validator(mode="after")
    def _parses(self) -> Self:
        if self.all_day:
            if date.fromisoformat(self.end) <= date.fromisoformat(self.start):
                raise ValueError("an all-day slot ends after it starts")
            if self.start_zone or self.end_zone:
                raise ValueError("an all-day slot has no zone")
        else:
            for wall in (self.start, self.end):
                if datetime.fromisoformat(wall).tzinfo is not None:
                    raise ValueError("wall times carry no offset")
            if not self.start_zone or not self.end_zone:
                raise ValueError("a timed slot names its zones")
        return self


class Body(Frozen):
    """Notes, their `kind` and their `content`. HTML is kept as it came, for writing back; pages
    show a cleaned copy."""

    kind: Literal["text", "html"] = "text"
    content: str = ""


class Person(Frozen):
    """A `name` and an address, `email`; either may be empty."""

    name: str = ""
    email: str = ""


class Attendee(Frozen):
    """Someone invited: the `person`, their `role`, and their `answer`."""

    person: Person
    role: Literal["required", "optional", "resource"] = "required"
    answer: Answer = "none"


NO_REMINDER = -1
"""An override's `reminder_minutes` where the series has a reminder and the occurrence none."""


class Override(Frozen):
    """What one changed occurrence has of its own. None: as in the series.

    `when`, `subject`, `body`, `location`, `busy`, `sensitivity`, `categories` and
    `reminder_minutes` mean what they mean in the `Appointment`.
    """

    when: Slot | None = None
    subject: str | None = None
    body: Body | None = None
    location: str | None = None
    busy: Busy | None = None
    sensitivity: Sensitivity | None = None
    categories: tuple[str, ...] | None = None
    reminder_minutes: int | None = None


class Appointment(Frozen):
    """A calendar entry: a single one, or a whole series with its exceptions.

    `recurrence` is an RFC 5545 RRULE value ("FREQ=WEEKLY;BYDAY=TU;COUNT=20") in the zone of
    `when`, with UNTIL as a plain day ("UNTIL=20261231", inclusive), or empty. The keys of
    `overrides` and the entries of `cancellations` are original starts, spelled like `when.start`.
    `editable` is false for what someone else organises (`organizer`, where the other side says).

    `subject`, `location` and `body` are its title, place and notes; `busy` is the time as
    colleagues see it, `sensitivity` how private the other side holds it to be. `categories` are
    names without an order. `reminder_minutes` are before the start, None for no reminder.
    `attendees` are those invited. `uid` is the iCalendar UID, the same in every mailbox; "" where
    the other side has none.
    """

    when: Slot
    subject: str = Field(default="", max_length=255 * 64)
    body: Body = Body()
    location: str = ""
    busy: Busy = "busy"
    sensitivity: Sensitivity = "normal"
    categories: tuple[str, ...] = ()
    reminder_minutes: int | None = None
    recurrence: str = ""
    overrides: dict[str, Override] = {}
    cancellations: tuple[str, ...] = ()
    organizer: Person | None = None
    attendees: tuple[Attendee, ...] = ()
    editable: bool = True
    uid: str = ""

    @model_validator(mode="after")
    def _one_spelling(self) -> Self:
        if self.categories:
            object.__setattr__(self, "categories", tuple(sorted(set(self.categories))))
        if self.cancellations:
            object.__setattr__(self, "cancellations", tuple(sorted(set(self.cancellations))))
        if self.overrides:
            object.__setattr__(self, "overrides", dict(sorted(self.overrides.items())))
        return self


class PostalAddress(Frozen):
    """A postal address: `street` (it may have several lines), `city`, `region`, `postcode` and
    `country`. Any part may be empty."""

    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


PHOTO_BYTES = 1024 * 1024


class Photo(Frozen):
    """A picture of a `media_type`; `data` is its bytes in base64, at most 1 MB of them."""

    media_type: Literal["image/jpeg", "image/png", "image/gif"]
    data: str = Field(max_length=PHOTO_BYTES * 4 // 3 + 4)

    @model_validator(mode="after")
    def _decodes(self) -> Self:
        try:
            size = len(base64.b64decode(self.data, validate=True))
        except binascii.Error as error:
            raise ValueError("a photo is base64") from error
        if not 0 < size <= PHOTO_BYTES:
            raise ValueError("a photo has between 1 byte and 1 MB")
        return self


class Contact(Frozen):
    """Someone's address card. Empty entries of the dictionaries are left out.

    `birthday` is a day ("1980-03-31") or empty. The dictionaries merge key by key. `display_name`
    is what lists show; the other side may store it apart from the names (`title`, `given`,
    `middle`, `surname`, `suffix`, `nickname`).

    `company`, `department` and `job_title` say where someone works; `emails`, `phones` and
    `addresses` have at most one entry for each key. `website` is an address, `notes` are free
    text, `categories` names without an order, `photo` is None without one. `uid` as in
    `Appointment`.
    """

    display_name: str = Field(default="", max_length=255 * 4)
    title: str = ""
    given: str = ""
    middle: str = ""
    surname: str = ""
    suffix: str = ""
    nickname: str = ""
    company: str = ""
    department: str = ""
    job_title: str = ""
    emails: dict[EmailKey, Person] = {}
    phones: dict[PhoneKey, str] = {}
    addresses: dict[AddressKey, PostalAddress] = {}
    birthday: str = ""
    website: str = ""
    notes: Body = Body()
    categories: tuple[str, ...] = ()
    photo: Photo | None = None
    uid: str = ""

    @model_validator(mode="after")
    def _one_spelling(self) -> Self:
        if self.birthday:
            object.__setattr__(self, "birthday", date.fromisoformat(self.birthday).isoformat())
        object.__setattr__(self, "categories", tuple(sorted(set(self.categories))))
        for name, empty in (("emails", Person()), ("phones", ""), ("addresses", PostalAddress())):
            filled = {key: value for key, value in getattr(self, name).items() if value != empty}
            object.__setattr__(self, name, dict(sorted(filled.items())))
        return self


Item = Appointment | Contact
"""What a collection holds: appointments in a calendar, contacts in a folder of contacts."""

IDENTITY_FIELDS = frozenset({"uid", "editable", "organizer"})
"""Fields that the other side gives and Andock never writes."""


class Patch(Frozen):
    """A change to write: the `item` as it shall be, what it was `before`, which `fields` differ.

    Write `fields` only: whatever else the other side holds stays untouched.
    """

    item: Item
    before: Item
    fields: frozenset[str]
