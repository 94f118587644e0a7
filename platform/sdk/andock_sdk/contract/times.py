"""Times: zones, the hour that comes twice, whole days, series."""

from datetime import UTC, date, datetime, timedelta

from andock_sdk.connector import Connector, RemoteItem
from andock_sdk.contract.case import Case, instants, slot, title_of
from andock_sdk.contract.harness import NotApplicable
from andock_sdk.contract.rules import expect, rule
from andock_sdk.items import Appointment, Override, Slot

ZONES = (
    "UTC",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "America/Los_Angeles",
)
"""Half and quarter hours, half an hour of summer time, both ends of the day."""
FAR = ("Pacific/Honolulu", "Pacific/Kiritimati")


@rule("silver")
def zones_read(case: Case) -> None:
    """A time in any zone is read as the moment that it is."""
    connector, collection = _calendar(case)
    for number, zone in enumerate(ZONES):
        when = slot(number, zone=zone)
        _, found = case.put(connector, collection, title=f"Zone {zone}", when=when)
        _same(found.item, when, f"a time in {zone}")


@rule("silver")
def zones_written(case: Case) -> None:
    """A time in any zone lands on the other side as the moment that it is."""
    connector, collection = _calendar(case, writable=True)
    for number, zone in enumerate(ZONES):
        _lands(case, connector, collection, slot(number, zone=zone), f"zone-{number}")


@rule("silver")
def summer_time_edges(case: Case) -> None:
    """Times around the change of the clocks keep their moment and their length."""
    connector, collection = _calendar(case)
    year = datetime.now(UTC).year + 1
    for month, hours in ((3, ("01:30", "03:30")), (10, ("01:30", "04:30"))):
        day = _last_sunday(year, month)
        when = Slot(
            start=f"{day}T{hours[0]}:00",
            end=f"{day}T{hours[1]}:00",
            start_zone="Europe/Berlin",
            end_zone="Europe/Berlin",
        )
        _, found = case.put(connector, collection, title=f"Clocks {month}", when=when)
        _same(found.item, when, f"a time across the change of {day}")


@rule("silver")
def whole_days_read(case: Case) -> None:
    """An entry that lasts all day is read as the days that it has, wherever the member is."""
    for zone in FAR:
        case.context.zone = zone
        connector, collection = _calendar(case)
        when = _days(3)
        _, found = case.put(connector, collection, title=f"Days {zone}", when=when)
        _same(found.item, when, f"three days, the member being in {zone}")


@rule("silver")
def whole_days_written(case: Case) -> None:
    """An entry that lasts all day lands as the days that it has, wherever the member is."""
    for number, zone in enumerate(FAR):
        case.context.zone = zone
        connector, collection = _calendar(case, writable=True)
        _lands(case, connector, collection, _days(number + 1), f"days-{number}")


@rule("silver")
def series_read(case: Case) -> None:
    """A series is one item with its rule, its changed and its cancelled occurrences."""
    connector, collection = _calendar(case)
    _needs_series(connector, case)
    wanted = _series()
    case.harness.put(collection, wanted)
    found = case.find(connector, collection, title_of(wanted)).item
    _same_series(found, wanted)


@rule("silver")
def series_written(case: Case) -> None:
    """A series is written with its rule, its changed and its cancelled occurrences, as one item."""
    connector, collection = _calendar(case, writable=True)
    _needs_series(connector, case)
    wanted = _series()
    made = connector.create(collection, wanted, "contract-operation-1")
    _same_series(made.item, wanted)
    read = case.connect().read(collection, [made.ref])[0]
    expect(isinstance(read, RemoteItem), "the series cannot be read")
    _same_series(getattr(read, "item", None), wanted)
    told, _, _ = case.listed(connector, collection)
    expect(list(told) == [made.ref], f"one series is told as {len(told)} items")


def _calendar(case: Case, *, writable: bool = False) -> tuple[Connector, str]:
    connector, collection = case.calendar(writable=writable)
    if case.kind(connector) == "contacts":
        raise NotApplicable("there is no calendar")
    return connector, collection


def _needs_series(connector: Connector, case: Case) -> None:
    if not connector.capabilities.series or "recurrence" in case.harness.lacks:
        raise NotApplicable("the service has no series")


def _same(item: object, when: Slot, what: str) -> None:
    told = instants(item.when) if isinstance(item, Appointment) else None
    expect(told == instants(when), f"{what}: {instants(when)} lies there, {told} is read")
    if isinstance(item, Appointment):
        expect(item.when.all_day == when.all_day, f"{what}: all-day or not is lost")


def _lands(case: Case, connector: Connector, collection: str, when: Slot, operation: str) -> None:
    item = case.item(connector, when=when)
    made = connector.create(collection, item, operation)
    _same(made.item, when, "what create returns")
    seen = case.seen(collection, title_of(item))
    expect(len(seen) == 1, f"the other side shows {len(seen)} items")
    told = (seen[0].start, seen[0].end)
    expect(told == instants(when), f"{instants(when)} was written, {told} lies there")


def _series() -> Appointment:
    """Six weeks, one occurrence an hour later and renamed, one cancelled."""
    first = slot(0)
    second, third = (_later(first, weeks) for weeks in (1, 2))
    moved = _later(second, 0, hours=1)
    return Appointment(
        when=first,
        subject="Contract, weekly",
        recurrence=f"FREQ=WEEKLY;COUNT=6;BYDAY={_weekday(first)}",
        overrides={second.start: Override(when=moved, subject="Contract, once")},
        cancellations=(third.start,),
    )


def _same_series(found: object, wanted: Appointment) -> None:
    if not isinstance(found, Appointment):
        raise TypeError(type(found).__name__)
    expect(_rule(found) == _rule(wanted), f"the rule is {found.recurrence!r}")
    expect(found.cancellations == wanted.cancellations, f"cancelled is {found.cancellations}")
    expect(set(found.overrides) == set(wanted.overrides), f"changed is {list(found.overrides)}")
    for key, one in wanted.overrides.items():
        told = found.overrides[key]
        same = told.when is not None and one.when and instants(told.when) == instants(one.when)
        expect(same, "the changed occurrence is at another time")
        expect(told.subject == one.subject, "the changed occurrence has another title")


def _rule(item: Appointment) -> dict[str, str]:
    parts = dict(part.split("=", 1) for part in item.recurrence.split(";") if part)
    parts.pop("WKST", None)
    if parts.get("INTERVAL") == "1":
        del parts["INTERVAL"]
    parts.setdefault("BYDAY", _weekday(item.when))
    return parts


def _weekday(when: Slot) -> str:
    return ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[date.fromisoformat(when.start[:10]).weekday()]


def _later(when: Slot, weeks: int, hours: int = 0) -> Slot:
    by = timedelta(weeks=weeks, hours=hours)
    return when.model_copy(
        update={
            name: (datetime.fromisoformat(getattr(when, name)) + by).isoformat(timespec="seconds")
            for name in ("start", "end")
        }
    )


def _days(number: int) -> Slot:
    first = date.fromisoformat(slot(number).start[:10])
    return Slot(start=str(first), end=str(first + timedelta(days=number)), all_day=True)


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
