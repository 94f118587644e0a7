"""Calendars as text."""

from collections.abc import Callable

from andock_icalendar_subscription.connector import FeedConnector

Connect = Callable[..., FeedConnector]
EVENT = """BEGIN:VEVENT
UID:{uid}
DTSTAMP:20261101T000000Z
{lines}
END:VEVENT
"""


def calendar(*events: str, head: str = "") -> str:
    """A calendar of these events; each the lines within its VEVENT."""
    told = "".join(EVENT.format(uid=number, lines=lines) for number, lines in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{head}{told}END:VCALENDAR\n".replace("\n", "\r\n")
