"""A series: its rule, changed and cancelled occurrences, and occurrences beside the rule.

A document holds one rule. What stands beside it (RDATE, an occurrence that was moved where the rule
has none) becomes an appointment of its own, so that nothing is left out or guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Event

from andock_icalendar_subscription import plain, times
from andock_icalendar_subscription.times import When
from andock_icalendar_subscription.zones import Zones
from andock_sdk import Appointment, Override, Slot

MOST_BESIDE = 1000
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_KNOWN |= {"BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS"}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_OWN = ("subject", "body", "location", "busy", "sensitivity", "categories")
Numbered = Iterator[tuple[str, Appointment]]
"""Appointments, each with what tells it apart within its UID: "" for the series itself."""


class NoRule(ValueError):
    """A repetition that a document cannot hold exactly."""


@dataclass
class _Series:
    """A series under way. `own` are the changed occurrences by their original start, `gone` the
    cancelled ones, `beside` the starts that stand beside the rule."""

    item: Appointment
    start: When
    end: When
    rule: str
    own: dict[str, tuple[Event, When]]
    gone: set[str]
    beside: dict[str, When]

    def yields(self, day: When) -> bool:
        """Whether the rule has an occurrence at this wall time."""
        rule = re.sub(r"UNTIL=(\d{8})", r"UNTIL=\1T235959", self.rule)
        if not rule:
            return False
        return bool(rrulestr(rule, dtstart=self.start.wall).between(day.wall, day.wall, inc=True))

    def at(self, day: When) -> Slot:
        """The time of an occurrence that nothing was said about."""
        return times.slot(day, day.plus(self.end.wall - self.start.wall))


def appointments(master: Event, changed: Sequence[Event], zones: Zones) -> Numbered:
    """The master with its changed occurrences, and whatever stands beside its rule.

    Raises ValueError, NoRule.
    """
    found = _taken_apart(master, changed, zones)
    yield from _moved(found, zones)
    yield from _extra(found)
    first = found.own.get(found.start.text)
    if found.rule:
        repeated = {
            "recurrence": found.rule,
            "overrides": _overrides(found, zones),
            "cancellations": tuple(found.gone),
        }
        yield "", Appointment.model_validate({**dict(found.item), **repeated})
    elif found.start.text not in found.gone:
        yield "", plain.appointment(first[0], zones) if first else found.item


def _taken_apart(master: Event, changed: Sequence[Event], zones: Zones) -> _Series:
    start, end = times.span(master, zones)
    found = _Series(
        item=plain.appointment(master, zones),
        start=start,
        end=end,
        rule=_rule(master, start),
        own={},
        gone={day.text for day in _listed(master, "EXDATE", start, zones)},
        beside={day.text: day for day in _listed(master, "RDATE", start, zones)},
    )
    if found.rule and found.item.when.foreign_zone:
        raise NoRule("a series in a zone that only the feed knows")
    for event in changed:
        day = times.like(start, _original(event, zones))
        if plain.cancelled(event):
            found.gone.add(day.text)
        else:
            found.own[day.text] = event, day
    return found


def _overrides(found: _Series, zones: Zones) -> dict[str, Override]:
    return {
        original: _override(found, event, day, zones)
        for original, (event, day) in found.own.items()
        if found.yields(day)
    }


def _moved(found: _Series, zones: Zones) -> Numbered:
    """Changed occurrences of which the rule knows nothing."""
    for original, (event, day) in found.own.items():
        if original != found.start.text and not found.yields(day):
            yield original, plain.appointment(event, zones)


def _extra(found: _Series) -> Numbered:
    """Occurrences beside the rule of which nothing else is said."""
    known = {*found.own, *found.gone, found.start.text}
    for original, day in sorted(found.beside.items())[:MOST_BESIDE]:
        if original not in known and not found.yields(day):
            yield original, found.item.model_copy(update={"when": found.at(day)})


def alone(changed: Sequence[Event], zones: Zones) -> Numbered:
    """Occurrences whose series the feed does not have. Raises ValueError."""
    for event in changed:
        if not plain.cancelled(event):
            yield _original(event, zones).text, plain.appointment(event, zones)


def _original(event: Event, zones: Zones) -> When:
    found = times.one(event, "RECURRENCE-ID")
    if found.params.get("RANGE"):
        raise NoRule("this occurrence and all that follow")
    return times.of(found, zones)


def _rule(master: Event, start: When) -> str:
    """The rule as documents spell it, "" when there is none. Raises NoRule."""
    rules = times.several(master, "RRULE")
    if len(rules) > 1 or times.one(master, "EXRULE") is not None:
        raise NoRule("several rules")
    if not rules:
        return ""
    spelt = rules[0].to_ical().decode()
    parts = dict(part.partition("=")[::2] for part in spelt.upper().split(";") if part)
    if parts.get("FREQ") not in _FREQUENCIES or not set(parts) <= _KNOWN:
        raise NoRule("an unusual rule")
    if "UNTIL" in parts:
        parts["UNTIL"] = _last_day(rules[0].get("UNTIL")[0], start)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _last_day(until: Any, start: When) -> str:
    """UNTIL as a day. A moment earlier in the day than the series begins excludes that day."""
    tzinfo = getattr(until, "tzinfo", None)
    if not hasattr(until, "hour"):
        return f"{until:%Y%m%d}"
    last = until.replace(tzinfo=None)
    if tzinfo is not None and start.zone is not None:
        last = start.zone.wall(until)
    if start.zone is not None and last.time() < start.wall.time():
        last -= times.DAY
    return f"{last:%Y%m%d}"


def _listed(master: Event, name: str, start: When, zones: Zones) -> Iterator[When]:
    """The days of EXDATE and RDATE, as starts of the series. A period counts by its start."""
    for line in times.several(master, name):
        tzid = str(line.params.get(times.ZONE, ""))
        for said in line.dts:
            moment = said.dt[0] if isinstance(said.dt, tuple) else said.dt
            yield times.like(start, times.at(moment, tzid, zones))


def _override(found: _Series, event: Event, day: When, zones: Zones) -> Override:
    """What the occurrence has of its own."""
    own = plain.appointment(event, zones)
    differing = {
        name: getattr(own, name) for name in _OWN if getattr(own, name) != getattr(found.item, name)
    }
    return Override(when=None if own.when == found.at(day) else own.when, **differing)
