"""An event's own words and marks as an Appointment, repetition aside."""

import re

from icalendar import Event

from andock_icalendar_subscription import times
from andock_icalendar_subscription.zones import Zones
from andock_sdk import Appointment, Body
from andock_sdk.items import Busy, Sensitivity

_LINES = re.compile(r"\s*[\r\n]+\s*")
MOST_WORDS = 2000
MOST_NOTES = 100_000
_OUTLOOK: dict[str, Busy] = {
    "FREE": "free",
    "TENTATIVE": "tentative",
    "BUSY": "busy",
    "OOF": "away",
    "WORKINGELSEWHERE": "elsewhere",
}
_CLASSES: dict[str, Sensitivity] = {"PRIVATE": "private", "CONFIDENTIAL": "confidential"}


def appointment(event: Event, zones: Zones) -> Appointment:
    """The appointment, never to be written: it belongs to whoever publishes the feed. Raises
    ValueError."""
    start, end = times.span(event, zones)
    return Appointment(
        when=times.slot(start, end),
        subject=words(event, "SUMMARY"),
        body=Body(content=notes(event)),
        location=words(event, "LOCATION"),
        busy=busy(event),
        sensitivity=_CLASSES.get(words(event, "CLASS").upper(), "normal"),
        categories=categories(event),
        editable=False,
        uid=words(event, "UID"),
    )


def words(event: Event, name: str) -> str:
    """A property as one line of text."""
    found = times.one(event, name)
    return "" if found is None else _LINES.sub(" ", str(found)).strip()[:MOST_WORDS]


def notes(event: Event) -> str:
    """The description, its line ends in one way."""
    found = times.one(event, "DESCRIPTION")
    text = "" if found is None else str(found)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()[:MOST_NOTES]


def busy(event: Event) -> Busy:
    """Whether the time is taken: Outlook's own mark before the standard's."""
    outlook = words(event, "X-MICROSOFT-CDO-BUSYSTATUS").upper()
    if outlook in _OUTLOOK:
        return _OUTLOOK[outlook]
    if words(event, "TRANSP").upper() == "TRANSPARENT":
        return "free"
    return "tentative" if words(event, "STATUS").upper() == "TENTATIVE" else "busy"


def cancelled(event: Event) -> bool:
    """Whether the event says that it does not take place."""
    return words(event, "STATUS").upper() == "CANCELLED"


def link(event: Event) -> str:
    """The event's own web page, if it names one over https."""
    found = words(event, "URL")
    return found if found.startswith("https://") else ""


def categories(event: Event) -> tuple[str, ...]:
    """The categories of all its lines."""
    lines = times.several(event, "CATEGORIES")
    return tuple(str(name)[:200] for line in lines for name in getattr(line, "cats", [line]))
