"""Suggestions for a meeting: when most of the invited people have time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from .. import free_busy, soap, times, zones
from ..free_busy import Busy
from ..soap import Element, add
from ..state import MailboxState
from ..values import text_of

_QUALITIES = ("Excellent", "Good", "Fair", "Poor")
_STEP = timedelta(minutes=30)
# Somebody is hindered by these; working elsewhere does not hinder.
_HINDERED = frozenset({"Tentative", "Busy", "OOF"})


@dataclass(frozen=True)
class _Wishes:
    """What SuggestionsViewOptions asks for, with Exchange's defaults."""

    good: int
    most: int
    most_outside: int
    span: timedelta
    worst: str


@dataclass(frozen=True)
class _Suggestion:
    at: datetime
    work: bool
    quality: str
    statuses: list[str]


def write(
    root: Element,
    options: Element,
    people: list[MailboxState | None],
    low: str,
    high: str,
    zone: tzinfo,
) -> None:
    """A SuggestionsResponse with one result for each day of the window."""
    wishes = _read(options)
    made = add(root, "m:SuggestionsResponse")
    soap.write_message(made, "m:ResponseMessage")
    days = add(made, "m:SuggestionDayResultArray")
    known = [free_busy.entries(one, low, high) if one is not None else None for one in people]
    owner = next((one for one in people if one is not None), None)
    office = (zones.find(owner.account.zone) if owner is not None else None) or UTC
    day = times.local(low, zone).replace(hour=0, minute=0, second=0)
    while times.iso(day) < high:
        after = (day.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
        found = _of_day(
            wishes,
            known,
            max(times.instant(low), day),
            min(times.instant(high), after),
            office,
        )
        _write_day(days, day, found, zone)
        day = after


def _read(options: Element) -> _Wishes:
    def number(name: str, default: int) -> int:
        return int(text_of(options, name) or default)

    return _Wishes(
        number("GoodThreshold", 25),
        number("MaximumResultsByDay", 10),
        number("MaximumNonWorkHourResultsByDay", 0),
        timedelta(minutes=max(1, number("MeetingDurationInMinutes", 60))),
        text_of(options, "MinimumSuggestionQuality") or "Fair",
    )


def _of_day(
    wishes: _Wishes,
    known: list[list[Busy] | None],
    begin: datetime,
    end: datetime,
    office: tzinfo,
) -> list[_Suggestion]:
    found = []
    moment = begin
    while moment + wishes.span <= end:
        low, high = times.iso(moment), times.iso(moment + wishes.span)
        statuses = [
            free_busy.status(one, low, high) if one is not None else "NoData" for one in known
        ]
        hindered = sum(one in _HINDERED for one in statuses) * 100 / max(1, len(statuses))
        quality = (
            "Excellent"
            if not hindered
            else "Good"
            if hindered < wishes.good
            else "Fair"
            if hindered < 50
            else "Poor"
        )
        work = free_busy.is_work_time(moment, wishes.span, office)
        if _QUALITIES.index(quality) <= _QUALITIES.index(wishes.worst):
            found.append(_Suggestion(moment, work, quality, statuses))
        moment += _STEP
    inside = [one for one in found if one.work]
    outside = [one for one in found if not one.work][: wishes.most_outside]
    best = sorted([*inside, *outside], key=lambda one: (_QUALITIES.index(one.quality), one.at))
    return best[: wishes.most]


def _write_day(days: Element, day: datetime, found: list[_Suggestion], zone: tzinfo) -> None:
    made = add(days, "SuggestionDayResult")
    add(made, "Date", day.replace(tzinfo=None).isoformat())
    add(made, "DayQuality", found[0].quality if found else "Poor")
    holder = add(made, "SuggestionArray")
    for one in found:
        suggestion = add(holder, "Suggestion")
        local = one.at.astimezone(zone).replace(tzinfo=None)
        add(suggestion, "MeetingTime", local.isoformat())
        add(suggestion, "IsWorkTime", one.work)
        add(suggestion, "SuggestionQuality", one.quality)
        people = add(suggestion, "AttendeeConflictDataArray")
        for status in one.statuses:
            if status == "NoData":
                add(people, "UnknownAttendeeConflictData")
            else:
                add(add(people, "IndividualAttendeeConflictData"), "BusyType", status)
