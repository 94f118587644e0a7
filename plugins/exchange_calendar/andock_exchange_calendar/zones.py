"""Time zones: Windows names, as Exchange says them, and IANA names, as Andock says them.

The table is exchangelib's, made from CLDR. Where it names a zone by a spelling that IANA has
retired, the present one is used.
"""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from exchangelib.winzone import IANA_TO_MS_TIMEZONE_MAP, MS_TIMEZONE_TO_IANA_MAP

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
_UTC = {"UTC", "Etc/UTC", "Etc/GMT", "GMT", "Zulu", "Etc/Zulu", "Etc/UCT", "UCT"}


@cache
def to_iana(windows: str) -> str | None:
    """The IANA name, or None for a custom or legacy name. IANA names are accepted too: some
    clients write them into appointments."""
    name: str | None = MS_TIMEZONE_TO_IANA_MAP.get(windows)
    if name is None and windows in IANA_TO_MS_TIMEZONE_MAP and "/" in windows:
        name = windows
    if name is None:
        return None
    return _RENAMED.get(name, name)


@cache
def to_windows(iana: str) -> str:
    """The Windows name. Raises Unrepresentable for a zone that Windows does not know."""
    if iana in _UTC:
        return "UTC"
    found = IANA_TO_MS_TIMEZONE_MAP.get(iana)
    if found is None:
        old = next((old for old, new in _RENAMED.items() if new == iana), "")
        found = IANA_TO_MS_TIMEZONE_MAP.get(old)
    if found is None:
        raise errors.Unrepresentable("zone.unknown", "no Windows zone for this IANA name")
    return str(found[0])


def or_utc(iana: str) -> str:
    """The Windows name of a zone, UTC's for one that Windows does not know."""
    try:
        return to_windows(iana)
    except errors.Unrepresentable:
        return "UTC"


def instant(text: str) -> datetime:
    """An xs:dateTime as an aware time in UTC. A bare time is UTC, as EWS has it."""
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is UTC:  # as Exchange spells it
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def wall(moment: datetime, zone: str) -> datetime:
    """The naive wall time that clocks in `zone` (IANA) show at `moment`."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def wall_text(moment: datetime, zone: str) -> str:
    """The same to the second, as documents spell it."""
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")[:19]


def at(wall_time: datetime, zone: str) -> datetime:
    """The moment, in UTC, at which clocks in `zone` show `wall_time` for the first time."""
    return wall_time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def spell(moment: datetime) -> str:
    """An xs:dateTime with Z: an explicit offset always wins over whatever zone stands around."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
