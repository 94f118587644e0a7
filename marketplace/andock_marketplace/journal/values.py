"""Values of documents as people read them: in the reader's language and zone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _, ngettext
from pydantic import BaseModel, ValidationError

from andock_core.calendar import plain
from andock_core.journal.differences import Row
from andock_marketplace.journal.words import BUSY, FIELDS, SENSITIVITY
from andock_sdk import (
    Appointment,
    Attendee,
    Body,
    Item,
    Person,
    PostalAddress,
    Slot,
    Task,
    TimeOfDay,
)
from andock_web import formats
from andock_web.calendar.words import repeat_words
from andock_web.contacts.words import ADDRESSES, EMAILS, PHONES
from andock_web.language import zone
from andock_web.lines import one_line

NOTHING = "–"
LONGEST = 160
_DICTIONARIES: dict[str, Mapping[str, Any]] = {
    "phones": PHONES,
    "emails": EMAILS,
    "addresses": ADDRESSES,
}
_MODELS: dict[str, type[BaseModel]] = {
    "when": Slot,
    "body": Body,
    "notes": Body,
    "emails": Person,
    "addresses": PostalAddress,
    "due_time": TimeOfDay,
}


def label(path: str) -> str:
    """What a field is called: "Place", "Mobile", "Place on Tue 24 Nov"."""
    name, _slash, rest = path.partition("/")
    if name == "overrides":
        start, _slash, field = rest.rpartition("/")
        return str(_("%(field)s on %(day)s", field=label(field), day=_day_of(start)))
    if name == "cancellations":
        return str(_("Date %(day)s", day=_day_of(rest)))
    if name in _DICTIONARIES:
        return str(_DICTIONARIES[name].get(rest) or rest)
    return str(FIELDS.get(name) or name)


def pair(row: Row, item: Item | None) -> tuple[str, str]:
    """A field before and after. Times of one day say the day only where it matters."""
    before, after = typed(row.path, row.before), typed(row.path, row.after)
    if isinstance(before, Slot) and isinstance(after, Slot):
        return _slots(before, after)
    return said(row.path, before, item), said(row.path, after, item)


def said(path: str, value: Any, item: Item | None = None) -> str:
    """One value in words, on one line."""
    text = _said(_name(path), typed(path, value), item)
    return one_line(text, LONGEST) or NOTHING


def typed(path: str, value: Any) -> Any:
    """A value that was kept as JSON, as what it is."""
    name = _name(path)
    try:
        if name in _MODELS and isinstance(value, dict):
            return _MODELS[name].model_validate(value)
        if name == "attendees" and isinstance(value, list):
            return tuple(Attendee.model_validate(one) for one in value)
    except ValidationError:
        return None
    return value


def when(slot: Slot) -> str:
    """ "Tue 24 Nov, 15:00 – 16:30", in the reader's zone; days without a time."""
    if slot.all_day:
        return _days(slot)
    start, end = _moment(slot.start, slot.start_zone), _moment(slot.end, slot.end_zone)
    first, last = formats.on_day(start.date()), formats.on_day(end.date())
    if start.year != formats.local(datetime.now(UTC)).year:
        first = formats.on_date(start.date())
    if start.date() == end.date():
        return f"{first}, {start:%H:%M} – {end:%H:%M}"
    return f"{first}, {start:%H:%M} – {last}, {end:%H:%M}"


def gist(item: Item | None) -> str:
    """A line about an item besides its title: when, or where somebody works."""
    if isinstance(item, Appointment):
        rule = repeat_words(item.recurrence, item.when.start)
        return f"{when(item.when)}, {rule}" if rule else when(item.when)
    if item is None:
        return ""
    if isinstance(item, Task):
        return said("due_day", item.due_day) if item.due_day else ""
    first = next(iter(item.emails.values()), None)
    return one_line(item.company or (first.email if first else ""), LONGEST)


def _said(name: str, value: Any, item: Item | None) -> str:
    if value is None or value == "":
        return ""
    if name == "cancellations":
        return str(_("cancelled") if value else _("takes place"))
    if name == "reminder_minutes":
        return _reminder(value)
    if name == "recurrence":
        start = item.when.start if isinstance(item, Appointment) else ""
        return repeat_words(value, start) if start else str(value)
    if name in ("busy", "sensitivity"):
        return str((BUSY if name == "busy" else SENSITIVITY).get(value, value))
    if name == "done":
        return str(_("yes") if value else _("no"))
    if name in ("birthday", "due_day"):
        return formats.on_date(date.fromisoformat(value))
    if name == "photo":
        return str(_("a photo"))
    return _of_kind(value)


def _of_kind(value: Any) -> str:
    if isinstance(value, Slot):
        return when(value)
    if isinstance(value, Body):
        return plain.as_text(value)
    if isinstance(value, TimeOfDay):
        return f"{value.time} ({value.zone})"
    if isinstance(value, Person):
        return f"{value.name} {value.email}".strip()
    if isinstance(value, PostalAddress):
        town = f"{value.postcode} {value.city}".strip()
        return ", ".join(part for part in (value.street, town, value.region, value.country) if part)
    if isinstance(value, tuple | list):
        return ", ".join(_of_kind(one) for one in value)
    if isinstance(value, Attendee):
        return value.person.name or value.person.email
    return str(value)


def _slots(before: Slot, after: Slot) -> tuple[str, str]:
    """Only times when both lie on one and the same day."""
    if before.all_day or after.all_day:
        return when(before), when(after)
    days = {
        _moment(wall, name).date()
        for slot in (before, after)
        for wall, name in ((slot.start, slot.start_zone), (slot.end, slot.end_zone))
    }
    if len(days) > 1:
        return when(before), when(after)
    return _times(before), _times(after)


def _times(slot: Slot) -> str:
    start, end = _moment(slot.start, slot.start_zone), _moment(slot.end, slot.end_zone)
    return f"{start:%H:%M} – {end:%H:%M}"


def _days(slot: Slot) -> str:
    first = date.fromisoformat(slot.start)
    last = date.fromisoformat(slot.end) - timedelta(days=1)
    if first == last:
        return str(_("%(day)s, all day", day=formats.on_day(first)))
    return f"{formats.on_day(first)} – {formats.on_day(last)}"


def _moment(wall: str, name: str) -> datetime:
    """A wall time of a zone as the reader's; in a zone that nobody here knows, as it stands."""
    moment = datetime.fromisoformat(wall)
    try:
        return moment.replace(tzinfo=ZoneInfo(name)).astimezone(zone())
    except (ZoneInfoNotFoundError, ValueError):
        return moment


def _day_of(start: str) -> str:
    try:
        return formats.on_day(datetime.fromisoformat(start).date())
    except ValueError:
        return start


def _reminder(minutes: int) -> str:
    if minutes and minutes % 1440 == 0:
        return str(ngettext("%(num)d day before", "%(num)d days before", minutes // 1440))
    if minutes and minutes % 60 == 0:
        return str(ngettext("%(num)d hour before", "%(num)d hours before", minutes // 60))
    return str(ngettext("%(num)d minute before", "%(num)d minutes before", minutes))


def _name(path: str) -> str:
    """The field that a path speaks of."""
    name, _slash, rest = path.partition("/")
    return rest.rpartition("/")[2] if name == "overrides" else name
