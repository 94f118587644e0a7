"""Documents as a row of places, each of which holds one unique value or none.

A place is "subject", "phones/home", "attendees/a", or "occurrence/2/subject": the third occurrence
of a series, wherever the series has been moved to.
"""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from andock_sdk import Appointment, Attendee, Contact, Item, Override, Person, Photo, Slot

CONTACT = ("nickname", "company", "phones/mobile", "phones/home", "photo")
SINGLE = ("subject", "location", "when", "attendees/a", "attendees/b")
OCCURRENCES = 4
SERIES = (
    *SINGLE,
    *(f"occurrence/{n}/{name}" for n in range(OCCURRENCES) for name in ("subject", "location")),
)
WEEKLY = "FREQ=WEEKLY;COUNT="
ZONE = "Europe/Berlin"


def places(item: Item) -> tuple[str, ...]:
    """All places of such an item."""
    if isinstance(item, Contact):
        return CONTACT
    return SERIES if item.recurrence else SINGLE


def tag(item: Item) -> str:
    """Which item this is, whatever became of it."""
    notes = item.notes if isinstance(item, Contact) else item.body
    return notes.content.strip()


def values(item: Item) -> dict[str, str]:
    """What stands in each place that holds something."""
    found = {place: value_of(item, place) for place in places(item)}
    return {place: value for place, value in found.items() if value}


def value_of(item: Item, place: str) -> str:
    """What stands there; empty for nothing."""
    field, *rest = place.split("/")
    if isinstance(item, Contact):
        if field == "photo":
            return base64.b64decode(item.photo.data).decode() if item.photo else ""
        value = getattr(item, field)
        return str(value.get(rest[0], "") if rest else value)
    if field == "when":
        return item.when.start
    if field == "attendees":
        return next((a.person.name for a in item.attendees if a.person.email == rest[0]), "")
    if field == "occurrence":
        override = item.overrides.get(key_of(item, int(rest[0])))
        return str(getattr(override, rest[1]) or "").strip() if override else ""
    return str(getattr(item, field)).strip()


def with_value(item: Item, place: str, value: str, *, keep_exceptions: bool = True) -> Item:
    """The item with another value there; empty takes it away."""
    field, *rest = place.split("/")
    if isinstance(item, Contact):
        return _of_contact(item, field, rest, value)
    if field == "when":
        return _moved(item, value, keep_exceptions)
    if field == "attendees":
        others = tuple(a for a in item.attendees if a.person.email != rest[0])
        invited = (Attendee(person=Person(name=value, email=rest[0])),) if value else ()
        return item.model_copy(update={"attendees": others + invited})
    if field == "occurrence":
        key = key_of(item, int(rest[0]))
        before = item.overrides.get(key, Override())
        now = before.model_copy(update={rest[1]: value or None})
        return with_override(item, key, now)
    return item.model_copy(update={field: value})


def with_override(item: Appointment, key: str, override: Override) -> Appointment:
    """The series with that occurrence; one with nothing of its own is as the series."""
    kept = {k: one for k, one in item.overrides.items() if k != key}
    if override != Override():
        kept[key] = override
    return item.model_copy(update={"overrides": dict(sorted(kept.items()))})


def cancelled(item: Appointment, number: int) -> Appointment:
    """The series without one occurrence."""
    key = key_of(item, number)
    without = with_override(item, key, Override())
    return without.model_copy(update={"cancellations": tuple(sorted({*item.cancellations, key}))})


def with_count(item: Appointment, count: int) -> Appointment:
    """The series with another number of occurrences; the exceptions beyond it go."""
    kept = {key_of(item, n) for n in range(count)}
    return item.model_copy(
        update={
            "recurrence": f"{WEEKLY}{count}",
            "overrides": {k: o for k, o in item.overrides.items() if k in kept},
            "cancellations": tuple(k for k in item.cancellations if k in kept),
        }
    )


def count_of(item: Appointment) -> int:
    """How many occurrences the series has, cancelled ones included."""
    return int(item.recurrence.removeprefix(WEEKLY))


def key_of(item: Appointment, number: int) -> str:
    """The original start of an occurrence."""
    return _later(item.when.start, timedelta(weeks=number))


def number_of(item: Appointment, key: str) -> int:
    """Which occurrence starts there; raises ValueError when none does."""
    weeks, rest = divmod(_wall(key) - _wall(item.when.start), timedelta(weeks=1))
    if rest or not 0 <= weeks < count_of(item):
        raise ValueError(key)
    return weeks


def slot_from(start: str) -> Slot:
    """An hour from there."""
    end = _later(start, timedelta(hours=1))
    return Slot(start=start, end=end, start_zone=ZONE, end_zone=ZONE)


def texts_in(value: Any) -> Iterator[str]:
    """Every text within a value that the journal keeps."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, Photo):
        yield base64.b64decode(value.data).decode()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name))
    elif isinstance(value, dict):
        if set(value) == {"media_type", "data"}:
            yield base64.b64decode(value["data"]).decode()
        for key, one in value.items():
            yield from (str(key), *texts_in(one))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


def _of_contact(item: Contact, field: str, rest: list[str], value: str) -> Contact:
    put: Any = value
    if field == "photo":
        data = base64.b64encode(value.encode()).decode()
        put = Photo(media_type="image/png", data=data) if value else None
    elif rest:
        put = {**getattr(item, field), rest[0]: value}
        put = dict(sorted((k, v) for k, v in put.items() if v))
    return item.model_copy(update={field: put})


def _moved(item: Appointment, start: str, keep_exceptions: bool) -> Appointment:
    by = _wall(start) - _wall(item.when.start)
    overrides = {_later(key, by): one for key, one in item.overrides.items()}
    cancellations = tuple(_later(key, by) for key in item.cancellations)
    return item.model_copy(
        update={
            "when": slot_from(start),
            "overrides": overrides if keep_exceptions else {},
            "cancellations": cancellations if keep_exceptions else (),
        }
    )


def _later(start: str, by: timedelta) -> str:
    return (_wall(start) + by).isoformat(timespec="seconds")


def _wall(start: str) -> datetime:
    return datetime.fromisoformat(start)
