"""Instants and durations as EWS writes them.

Inside the sandbox an instant is text in UTC, ``2026-11-24T08:00:00Z``: it sorts as it reads and
goes into JSON as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from .errors import EwsError

_DATETIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?\Z")


def iso(moment: datetime) -> str:
    """An aware datetime as text in UTC, whole seconds."""
    bare = moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    return f"{bare.isoformat()}Z"


def instant(text: str) -> datetime:
    """The aware datetime of a text made by ``iso``."""
    return datetime.fromisoformat(text)


def read(text: str, zone: tzinfo) -> str:
    """An xs:dateTime as ``iso`` text: Z or an offset wins, a bare time is in ``zone``.

    EwsError ErrorInvalidValueForProperty when it is no date.
    """
    found = _DATETIME.match(text.strip())
    if not found:
        raise EwsError("ErrorInvalidValueForProperty", f"{text!r} is not a date and time.")
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    where = _offset(found.group(7)) or zone
    try:
        return iso(datetime(year, month, day, hour, minute, second, tzinfo=where))
    except (ValueError, OverflowError) as error:
        raise EwsError("ErrorInvalidValueForProperty", f"{text!r} is no such time.") from error


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    return datetime.strptime(text, "%z").tzinfo


def local(text: str, zone: tzinfo) -> datetime:
    """The wall time of an instant in a zone (aware)."""
    return instant(text).astimezone(zone)


def at(day: date, wall: datetime) -> datetime:
    """A day at the wall time (and in the zone) of another moment.

    A time that a clock change skips moves forward by the skipped hour, as on Exchange.
    """
    made = datetime.combine(day, wall.time().replace(fold=0), tzinfo=wall.tzinfo)
    return made.astimezone(UTC).astimezone(wall.tzinfo)


def duration(span: timedelta) -> str:
    """An xs:duration such as ``PT1H30M`` or ``P1DT2H``; negative ones begin with a minus."""
    sign, seconds = ("-", -span) if span < timedelta(0) else ("", span)
    minutes, rest = divmod(int(seconds.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    clock = "".join(
        f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if number
    )
    if not days and not clock:
        clock = "0S"
    return sign + "P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")


def now() -> str:
    """The current instant."""
    return iso(datetime.now(UTC))
