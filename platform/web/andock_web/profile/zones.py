"""Time zones to choose from, by their place and with their present distance from UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, dates
from babel.core import get_global

_AREAS = {
    *("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian"),
    "Pacific",
}


@dataclass(frozen=True)
class Choice:
    """A zone: its IANA name, and in words with its present offset."""

    name: str
    label: str


def choices(now: datetime, locale: str) -> list[Choice]:
    """All places of the IANA list, west to east; within an offset by name."""
    found = sorted((now.astimezone(ZoneInfo(name)).utcoffset(), name) for name in _names())
    return [Choice(name, f"{_place(name, locale)}, {offset(shift)}") for shift, name in found]


def offset(shift: timedelta | None) -> str:
    """ "UTC+01:00"; a typographic minus on the other side of Greenwich."""
    minutes = int((shift or timedelta()).total_seconds() // 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    every = sorted(available_timezones())
    return (*(name for name in every if name.partition("/")[0] in _AREAS), "UTC")


@lru_cache(maxsize=2000)
def _place(name: str, locale: str) -> str:
    if name == "UTC":
        return name
    spoken = Locale.parse(locale)
    city = dates.get_timezone_location(ZoneInfo(name), locale=spoken, return_city=True)
    country = spoken.territories.get(get_global("zone_territories").get(name, ""), "")
    return ", ".join(part for part in (city, country) if part)
