"""When an item is: from Exchange's instants and zones to a Slot, and back."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from andock_exchange_calendar import zones
from andock_exchange_calendar.soap import Element, t, text_of
from andock_sdk import Slot


@dataclass(frozen=True)
class Times:
    """A slot as Exchange is told it. Zones are Windows names, empty to leave them as they are."""

    start: str
    end: str
    all_day: bool
    start_zone: str
    end_zone: str

    def elements(self) -> dict[str, Element]:
        """The calendar item's elements by name."""
        made = {
            "Start": t("Start", text=self.start),
            "End": t("End", text=self.end),
            "IsAllDayEvent": t("IsAllDayEvent", text="true" if self.all_day else "false"),
        }
        if self.start_zone:
            made["StartTimeZone"] = t("StartTimeZone", Id=self.start_zone, Name=self.start_zone)
            made["EndTimeZone"] = t("EndTimeZone", Id=self.end_zone, Name=self.end_zone)
        return made


def read(item: dict[str, Element], zone: str = "") -> Slot:
    """The slot of a calendar item, given by its child elements. `zone` (IANA) is where days begin
    when the item does not say. Raises ValueError."""
    start, end = zones.instant(text_of(item, "Start")), zones.instant(text_of(item, "End"))
    start_name = zone_name(item, "StartTimeZone")
    end_name = zone_name(item, "EndTimeZone") or start_name
    start_zone, end_zone = _iana(start_name), _iana(end_name)
    if text_of(item, "IsAllDayEvent") == "true":
        if not start_name or start_zone is None:
            return _unzoned_days(start, end, zone)
        return _days(zones.wall(start, start_zone), zones.wall(end, end_zone or start_zone))
    if start_zone is None or end_zone is None:
        foreign = start_name if start_zone is None else end_name
        return _timed(start, end, "UTC", "UTC", foreign)
    return _timed(start, end, start_zone, end_zone, "")


def zone_name(item: dict[str, Element], name: str) -> str:
    """The zone's name as Exchange has it, empty when it says none."""
    zone = item.get(name)
    return "" if zone is None else (zone.get("Id") or zone.get("Name") or "")


def _iana(name: str) -> str | None:
    return zones.to_iana(name) if name else "UTC"


def _timed(start: datetime, end: datetime, first: str, last: str, foreign: str) -> Slot:
    return Slot(
        start=zones.wall_text(start, first),
        end=zones.wall_text(end, last),
        start_zone=first,
        end_zone=last,
        foreign_zone=foreign,
    )


def _unzoned_days(start: datetime, end: datetime, zone: str) -> Slot:
    """Whole days where the item's zone is missing or nobody's: by `zone` when they begin at its
    midnight, else by UTC. Never by the process's zone."""
    if zone:
        first, last = zones.wall(start, zone), zones.wall(end, zone)
        if first.time() == time() == last.time():
            return _days(first, last)
    return _days(zones.wall(start, "UTC"), zones.wall(end, "UTC"))


def _days(start: datetime, end: datetime) -> Slot:
    """Whole days from wall times that are midnights, or close to one: where the zone is unknown
    the times are in UTC, and the nearest midnight is the day meant for zones up to UTC+12."""
    first = (start + timedelta(hours=12)).date()
    last = max((end + timedelta(hours=12)).date(), first + timedelta(days=1))
    return Slot(start=first.isoformat(), end=last.isoformat(), all_day=True)


def write(slot: Slot, day_zone: str, *, keep_foreign: bool = False) -> Times:
    """What Exchange is told. `day_zone` is the Windows zone in which days begin.

    A foreign zone's name is written as it came, or, with `keep_foreign`, not at all: then the
    item keeps its whole definition. Raises Unrepresentable for a zone that Windows lacks.
    """
    if slot.all_day:
        zone = zones.to_iana(day_zone) or "UTC"
        start, end = (
            zones.at(datetime.combine(datetime.fromisoformat(day), time()), zone)
            for day in (slot.start, slot.end)
        )
        windows = day_zone if zones.to_iana(day_zone) else "UTC"
        return Times(zones.spell(start), zones.spell(end), True, windows, windows)
    start = zones.at(datetime.fromisoformat(slot.start), slot.start_zone)
    end = zones.at(datetime.fromisoformat(slot.end), slot.end_zone)
    if slot.foreign_zone:
        name = "" if keep_foreign else slot.foreign_zone
        return Times(zones.spell(start), zones.spell(end), False, name, name)
    first, last = zones.to_windows(slot.start_zone), zones.to_windows(slot.end_zone)
    return Times(zones.spell(start), zones.spell(end), False, first, last)


def original_start(series: Slot, moment: str) -> str:
    """The original start of an occurrence, spelled like `series.start`.

    Exchange keeps exceptions by day, so the day is taken from `moment` (xs:dateTime) and the
    time from the series; that holds also where Windows and IANA differ about an offset.
    """
    at = zones.instant(moment)
    if series.all_day:
        return (at + timedelta(hours=12)).date().isoformat()
    day = zones.wall(at, series.start_zone).date()
    return datetime.combine(day, datetime.fromisoformat(series.start).time()).isoformat()


def shifted(series: Slot, original: str) -> Slot:
    """The slot that the series gives to the occurrence with this original start."""
    day = datetime.fromisoformat(original).date()
    moved = day - datetime.fromisoformat(series.start).date()
    start = datetime.fromisoformat(series.start) + moved
    end = datetime.fromisoformat(series.end) + moved
    if series.all_day:
        return series.model_copy(
            update={"start": start.date().isoformat(), "end": end.date().isoformat()}
        )
    return series.model_copy(update={"start": start.isoformat(), "end": end.isoformat()})


def same_time(one: Slot, other: Slot) -> bool:
    """Whether two slots are the same stretch of time, however they spell it."""
    return one == other or (
        not one.all_day and not other.all_day and _instants(one) == _instants(other)
    )


def _instants(slot: Slot) -> tuple[datetime, datetime]:
    return (
        zones.at(datetime.fromisoformat(slot.start), slot.start_zone),
        zones.at(datetime.fromisoformat(slot.end), slot.end_zone),
    )
