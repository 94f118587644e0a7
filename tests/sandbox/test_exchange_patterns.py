"""Series and zones against known facts of Exchange: a table of patterns, their first instants, and
where the fact is from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest

from andock_sandbox import Mailbox, Sandbox, occurrences

# [MS-OXOCAL] 4.1.1.2: every Monday, Thursday and Friday, 10:00 to 10:30, twelve times; the
# occurrence of 2007-04-16 is moved to 11:00. The first part of the blob, up to the exceptions.
WEEKLY_BLOB = (
    "043004300B2001000000C0210000010000000000000032000000222000000C0000000000000001000000A096BC0C"
    "01000000A096BC0C8020BC0C20ADBC0C"
)
# [MS-OXOCAL] 4.1.1.3: every three days, 8:00 to 8:30, effective 2011-04-07 until 2011-05-04; two
# instances deleted.
DAILY_BLOB = (
    "043004300A2000000000A0050000E010000000000000212000000A0000000000000002000000A0C1DC0C80D2DC0C"
    "00000000207EDC0C0016DD0C"
)


@dataclass(frozen=True)
class Known:
    """A pattern (as RRULE), the wall time and zone of its start, the instants (UTC) at which it
    falls from the first one on, and the source of the fact."""

    source: str
    rule: str
    start: str
    zone: str
    falls: str
    every: bool = False


LAST_DAY = "AbsoluteMonthlyRecurrencePatternType.DayOfMonth: the last day of a shorter month"
LEAP = "CDO RecurrencePattern.DayOfMonth: Outlook takes February 28 where there is no 29th"
WEEKS = "[MS-OXCICAL] 2.1.3.2.2.2: what the first day of the week does to every second week"
US = "Energy Policy Act of 2005: from the second Sunday of March to the first of November"
EU = "Directive 2000/84/EC: from the last Sunday of March to that of October, at 01:00 UTC"
SKIPPED = "RFC 5545 3.3.5: a skipped wall time has the offset of before the gap"
NSW = "Standard Time Act 1987 (NSW): from the first Sunday of October to the first of April"
BERLIN, NEW_YORK = "W. Europe Standard Time", "Eastern Standard Time"

TABLE = [
    Known(
        "[MS-OXOCAL] 4.1.1.1", "FREQ=WEEKLY;BYDAY=MO,TH,FR;COUNT=12", "2007-03-26 10:00",
        "Pacific Standard Time",
        "2007-03-26T17 2007-03-29T17 2007-03-30T17 2007-04-02T17 2007-04-05T17 2007-04-06T17"
        " 2007-04-09T17 2007-04-12T17 2007-04-13T17 2007-04-16T17 2007-04-19T17 2007-04-20T17",
        every=True,
    ),
    Known(
        "[MS-OXOCAL] 4.1.1.3", "FREQ=DAILY;INTERVAL=3;UNTIL=20110504", "2011-04-07 08:00", "UTC",
        "2011-04-07T08 2011-04-10T08 2011-04-13T08 2011-04-16T08 2011-04-19T08 2011-04-22T08"
        " 2011-04-25T08 2011-04-28T08 2011-05-01T08 2011-05-04T08",
        every=True,
    ),
    Known(
        LAST_DAY, "FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31 09:00", "UTC",
        "2026-01-31T09 2026-02-28T09 2026-03-31T09 2026-04-30T09",
    ),
    Known(
        LAST_DAY, "FREQ=MONTHLY;BYMONTHDAY=30", "2028-01-30 09:00", "UTC",
        "2028-01-30T09 2028-02-29T09 2028-03-30T09",
    ),
    Known(
        LEAP, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2024-02-29 09:00", "UTC",
        "2024-02-29T09 2025-02-28T09 2026-02-28T09 2027-02-28T09 2028-02-29T09",
    ),
    Known(
        WEEKS, "FREQ=WEEKLY;BYDAY=SU,MO;INTERVAL=2;WKST=MO", "2026-11-23 09:00", "UTC",
        "2026-11-23T09 2026-11-29T09 2026-12-07T09 2026-12-13T09",
    ),
    Known(
        WEEKS, "FREQ=WEEKLY;BYDAY=SU,MO;INTERVAL=2;WKST=SU", "2026-11-23 09:00", "UTC",
        "2026-11-23T09 2026-12-06T09 2026-12-07T09 2026-12-20T09",
    ),
    Known(
        "U.S. Code title 5 § 6103: Thanksgiving, the fourth Thursday of November",
        "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2024-11-28 12:00", NEW_YORK,
        "2024-11-28T17 2025-11-27T17 2026-11-26T17 2027-11-25T17",
    ),
    Known(
        "U.S. Code title 5 § 6103: Memorial Day, the last Monday of May",
        "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "2025-05-26 12:00", NEW_YORK,
        "2025-05-26T16 2026-05-25T16 2027-05-31T16 2028-05-29T16",
    ),
    Known(
        "Microsoft Update: the second Tuesday of each month", "FREQ=MONTHLY;BYDAY=2TU",
        "2026-01-13 10:00", "Pacific Standard Time",
        "2026-01-13T18 2026-02-10T18 2026-03-10T17 2026-04-14T17",
    ),
    Known(
        EU, "FREQ=DAILY;COUNT=3", "2026-03-28 09:00", BERLIN,
        "2026-03-28T08 2026-03-29T07 2026-03-30T07", every=True,
    ),
    Known(
        EU, "FREQ=WEEKLY;BYDAY=SU;COUNT=3", "2026-10-18 09:00", BERLIN,
        "2026-10-18T07 2026-10-25T08 2026-11-01T08", every=True,
    ),
    Known(
        US, "FREQ=WEEKLY;BYDAY=SU", "2026-03-01 09:00", NEW_YORK,
        "2026-03-01T14 2026-03-08T13 2026-03-15T13",
    ),
    Known(
        US, "FREQ=DAILY;COUNT=3", "2026-10-31 09:00", NEW_YORK,
        "2026-10-31T13 2026-11-01T14 2026-11-02T14", every=True,
    ),
    Known(
        NSW, "FREQ=WEEKLY;BYDAY=SU", "2026-09-27 12:00", "AUS Eastern Standard Time",
        "2026-09-27T02 2026-10-04T01 2026-10-11T01",
    ),
    Known(
        SKIPPED, "FREQ=DAILY;COUNT=3", "2026-03-28 02:30", BERLIN,
        "2026-03-28T01:30 2026-03-29T01:30 2026-03-30T00:30", every=True,
    ),
    Known(
        "Indian Standard Time: five and a half hours, all year", "FREQ=MONTHLY;BYMONTHDAY=1",
        "2026-03-01 09:00", "India Standard Time",
        "2026-03-01T03:30 2026-04-01T03:30 2026-05-01T03:30",
    ),
]  # fmt: skip


@pytest.mark.parametrize("known", TABLE, ids=lambda known: f"{known.rule} {known.start}")
def test_a_series_falls_where_exchange_puts_it(box: Sandbox, anna: Mailbox, known: Known) -> None:
    """Each row; with ``every`` there is no further occurrence."""
    wall = datetime.fromisoformat(known.start)
    zone = occurrences.zone_of({"StartTimeZone": {"Id": known.zone}})
    start = wall.replace(tzinfo=zone)
    entry = anna.add_event(
        anna.calendar, "x", start, start + timedelta(minutes=30), recurrence=known.rule,
        zone=known.zone,
    )  # fmt: skip
    state = box.state_of(anna.email)
    assert state is not None
    expected = [
        datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in known.falls.split()
    ]
    item = state.item(state.ids.decode(entry))
    slots = islice(occurrences.slots(item), len(expected) + known.every)
    assert [datetime.fromisoformat(slot.start) for slot in slots] == expected, known.source


def day(blob: str, place: int) -> date:
    """A date of a recurrence blob: minutes since 1601-01-01, little-endian, at a byte's place."""
    minutes = int.from_bytes(bytes.fromhex(blob)[place : place + 4], "little")
    return date(1601, 1, 1) + timedelta(minutes=minutes)


def test_the_blobs_of_the_specification_say_the_same(box: Sandbox) -> None:
    """Microsoft's own bytes: first day, last day, number of occurrences, the days taken out."""
    weekly, daily = TABLE[0].falls.split(), TABLE[1].falls.split()
    assert day(WEEKLY_BLOB, len(WEEKLY_BLOB) // 2 - 8).isoformat() == weekly[0][:10]
    assert day(WEEKLY_BLOB, len(WEEKLY_BLOB) // 2 - 4).isoformat() == weekly[-1][:10]
    assert bytes.fromhex(WEEKLY_BLOB)[30] == len(weekly)
    assert day(DAILY_BLOB, len(DAILY_BLOB) // 2 - 8).isoformat() == daily[0][:10]
    assert day(DAILY_BLOB, len(DAILY_BLOB) // 2 - 4).isoformat() == daily[-1][:10]
    assert bytes.fromhex(DAILY_BLOB)[26] == len(daily)
    taken = [day(DAILY_BLOB, place).isoformat() for place in (38, 42)]
    assert taken == ["2011-04-19", "2011-04-22"]
    assert {f"{one}T08" for one in taken} <= set(daily)
