"""Time zones: the names that feeds use, and IANA's, which Andock uses."""

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from andock_icalendar_subscription.blocks import value

_UTC = ("UTC", "Z", "GMT", "Etc/UTC", "Etc/GMT", "Zulu")


@dataclass(frozen=True)
class Zone:
    """A zone by its IANA name; or, with `rules`, one that only the feed knows."""

    name: str
    rules: tzinfo | None = None

    @property
    def tz(self) -> tzinfo:
        """For computing."""
        return self.rules or ZoneInfo(self.name)

    def moment(self, wall: datetime) -> datetime:
        """The moment, in UTC, at which clocks there show `wall` (naive) for the first time."""
        return wall.replace(tzinfo=self.tz).astimezone(UTC)

    def wall(self, moment: datetime) -> datetime:
        """What clocks there show at `moment` (aware)."""
        return moment.astimezone(self.tz).replace(tzinfo=None, fold=0)


class Unknown(ValueError):
    """A zone that neither the world nor the feed knows."""


class Zones:
    """The zones of one feed. `floating` is where a time without zone is meant."""

    def __init__(self, blocks: dict[str, str], floating: str) -> None:
        self._blocks = blocks
        self._found: dict[str, Zone] = {}
        self.floating = Zone(_iana(floating) or "UTC")

    def of(self, tzid: str) -> Zone:
        """The zone of that name: IANA's, Windows', the place that its VTIMEZONE names, or else what
        the VTIMEZONE itself says. Raises Unknown."""
        if tzid not in self._found:
            self._found[tzid] = self._look(tzid)
        return self._found[tzid]

    def _look(self, tzid: str) -> Zone:
        block = self._blocks.get(tzid, "")
        place = value(block.split("\r\n"), "X-LIC-LOCATION")
        for name in (tzid, place):
            if found := _iana(name):
                return Zone(found)
        if not block:
            raise Unknown("time zone")
        try:
            return Zone(tzid[:200], _rules(block))
        except Exception as error:  # the library lets out whatever a broken block leads to
            raise Unknown("VTIMEZONE") from error


def _rules(block: str) -> tzinfo:
    made = Timezone.from_ical(block)
    if not isinstance(made, Timezone):
        raise Unknown("no VTIMEZONE")
    rules: tzinfo = made.to_tz(lookup_tzid=False)
    rules.utcoffset(datetime(2026, 1, 1))  # noqa: DTZ001 - asks for the offset of a wall time
    return rules


@cache
def _iana(name: str) -> str | None:
    """The IANA name that a TZID means, also one with a path before it, as some programs write
    ("/example.org/20260101_1/Europe/Berlin")."""
    name = name.strip().strip('"')
    if name in _UTC:
        return "UTC"
    if name in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[name]
    parts = name.strip("/").split("/")
    for count in (len(parts), 3, 2):
        short = "/".join(parts[-count:])
        if len(parts) >= count and "/" in short and _exists(short):
            return short
    return None


def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
