"""Time zones: Windows names, as Graph says them, and IANA names, as Andock says them.

The table is tzlocal's, made from CLDR. Where it names a zone by a spelling that IANA has retired,
the present one is used.
"""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import tz_win, win_tz

from andock_sdk import errors

_RENAMED = {
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "America/Indianapolis": "America/Indiana/Indianapolis",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Europe/Kiev": "Europe/Kyiv",
    "Etc/UTC": "UTC",
}
_UTC = {"", "UTC", "Etc/UTC", "Etc/GMT", "GMT", "tzone://Microsoft/Utc"}


@cache
def to_iana(name: str) -> str | None:
    """The IANA name of what Graph calls a zone: a Windows name, an IANA name, or UTC by any of its
    names. None for a custom zone ("tzone://Microsoft/Custom") or one that nobody knows."""
    if name in _UTC:
        return "UTC"
    found = win_tz.get(name) or (name if "/" in name and _exists(name) else None)
    return None if found is None else _RENAMED.get(found, found)


@cache
def to_windows(iana: str) -> str:
    """The Windows name. Raises Unrepresentable for a zone that Windows does not know."""
    if iana in _UTC:
        return "UTC"
    old = next((old for old, new in _RENAMED.items() if new == iana), "")
    found = tz_win.get(iana) or tz_win.get(old)
    if not found:
        raise errors.Unrepresentable("zone.unknown", "no Windows zone for this IANA name")
    return str(found)


def moment(text: str) -> datetime:
    """A DateTimeOffset, or a dateTime that is meant in UTC, as an aware time in UTC; the seventh
    digit of a second, which Graph writes, is dropped. Raises ValueError."""
    found = datetime.fromisoformat(text.strip())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def wall(at_moment: datetime, zone: str) -> str:
    """The wall time that clocks in `zone` (IANA) show, to the second, as documents spell it."""
    return at_moment.astimezone(ZoneInfo(zone)).isoformat()[:19]


def at(wall_time: datetime, zone: str) -> datetime:
    """The moment, in UTC, at which clocks in `zone` show `wall_time` for the first time."""
    return wall_time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
