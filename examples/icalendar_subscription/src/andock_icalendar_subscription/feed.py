"""A feed's content as items, each on its own: a broken event is one broken event."""

import hashlib
import re
from dataclasses import dataclass, field

from icalendar import Event

from andock_icalendar_subscription import blocks, plain, series, times
from andock_icalendar_subscription.zones import Unknown, Zones
from andock_sdk import Appointment, RemoteItem, Unreadable

_ZONE = re.compile(r"^([A-Z-]+[^:\"]*?);TZID=(\"[^\"]*\"|[^;:]*)", re.IGNORECASE)


@dataclass
class Feed:
    """A calendar as it is published. `events`: how many VEVENTs it has, whatever they are."""

    name: str
    events: int
    items: dict[str, RemoteItem | Unreadable] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


def read(content: bytes, content_type: str, zone: str) -> Feed:
    """The feed; `zone` (IANA) is where times without a zone are meant.

    Raises MemberError or Transient when it is no whole calendar.
    """
    found = blocks.split(blocks.decode(content, content_type))
    feed = Feed(found.name, len(found.events) + len(found.open))
    zones = Zones(found.zones, found.zone or zone)
    for lines in found.open:
        _unreadable(feed, _uid(lines), "item.broken", lines)
    for uid, group in _by_uid(found.events).items():
        _read_group(feed, uid, group, zones)
    return feed


def _by_uid(events: list[list[str]]) -> dict[str, list[list[str]]]:
    groups: dict[str, list[list[str]]] = {}
    for lines in events:
        groups.setdefault(_uid(lines), []).append(lines)
    return groups


def _uid(lines: list[str]) -> str:
    """The event's UID. One without gets its own content for a name."""
    return blocks.value(lines, "UID") or hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _read_group(feed: Feed, uid: str, group: list[list[str]], zones: Zones) -> None:
    """All events of one UID: a series and its changed occurrences."""
    lines = [line for one in group for line in one]
    try:
        events = [_parsed(one) for one in group]
        masters = [event for event in events if "RECURRENCE-ID" not in event]
        changed = sorted((e for e in events if "RECURRENCE-ID" in e), key=_rank)
        if not masters:
            made = list(series.alone(changed, zones))
        elif plain.cancelled(max(masters, key=_rank)):
            return
        else:
            made = list(series.appointments(max(masters, key=_rank), changed, zones))
    except Unknown:
        _unreadable(feed, uid, "item.zone", lines)
    except series.NoRule:
        _unreadable(feed, uid, "item.rule", lines)
    except Exception:  # one event, whatever the library makes of it; what it says may be private
        _unreadable(feed, uid, "item.broken", lines)
    else:
        for mark, item in made:
            _keep(feed, uid, mark, item, plain.link(events[0]))


def _parsed(lines: list[str]) -> Event:
    """One event. Raises ValueError when a part that says when it is cannot be read."""
    # The library would look a TZID up by itself, and stumble over some.
    event = Event.from_ical("\r\n".join(_ZONE.sub(rf"\1;{times.ZONE}=\2", one) for one in lines))
    if not isinstance(event, Event):
        raise ValueError("no event")
    said = {line.partition(":")[0].partition(";")[0].upper() for line in lines}
    for name in ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"):
        if name in said and name not in event:
            raise ValueError(f"unreadable {name}")
    return event


def _rank(event: Event) -> int:
    """Of several versions of one event the later one counts; of equal ones the first."""
    try:
        return int(event.get("SEQUENCE", 0))
    except (TypeError, ValueError):
        return 0


def _keep(feed: Feed, uid: str, mark: str, item: Appointment, link: str) -> None:
    if mark:  # two items of one UID would look like one that was moved
        item = item.model_copy(update={"uid": f"{uid}/{mark}"})
    ref = _ref(uid, mark)
    version = hashlib.sha256(item.model_dump_json().encode()).hexdigest()[:12]
    feed.items[ref] = RemoteItem(ref=ref, version=version, item=item, link=link)
    feed.versions[ref] = version


def _unreadable(feed: Feed, uid: str, error: str, lines: list[str]) -> None:
    ref = _ref(uid, "")
    told = [line for line in lines if not line.upper().startswith("DTSTAMP")]
    feed.items[ref] = Unreadable(ref=ref, error=error)
    feed.versions[ref] = hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


def _ref(uid: str, mark: str) -> str:
    """Stable, short, and the same for the same event in each reading."""
    return hashlib.sha256(f"{uid}\n{mark}".encode()).hexdigest()[:24]
