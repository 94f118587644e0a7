"""How Exchange keeps calendar entries: zones, whole days, series and their exceptions."""

import pytest

from andock_sandbox import Mailbox
from tests.sandbox.client import Client, item, occurrence, setting, shape
from tests.sandbox.exchange_client import date, utc

BERLIN = '<t:StartTimeZone Id="W. Europe Standard Time"/>'
TOKYO = '<t:StartTimeZone Id="Tokyo Standard Time"/>'
WHEN = shape(
    "calendar:Start",
    "calendar:End",
    "calendar:StartTimeZone",
    "calendar:Recurrence",
    "calendar:ModifiedOccurrences",
    "calendar:DeletedOccurrences",
    "calendar:IsAllDayEvent",
)


def times_of(client: Client, item_id: str) -> tuple[str, str]:
    """(start, end) as the server has them."""
    reply = client.get(item_id, WHEN)
    return reply.text("//t:CalendarItem/t:Start"), reply.text("//t:CalendarItem/t:End")


def span(start: str, end: str, after: str = "") -> str:
    """Start and End elements."""
    return f"<t:Start>{start}</t:Start><t:End>{end}</t:End>{after}"


@pytest.mark.parametrize(
    ("start", "zone", "context", "expected"),
    [
        ("2026-07-01T09:00:00Z", BERLIN, "", "2026-07-01T09:00:00Z"),
        ("2026-07-01T09:00:00+05:00", BERLIN, "", "2026-07-01T04:00:00Z"),
        ("2026-07-01T09:00:00", BERLIN, "Tokyo Standard Time", "2026-07-01T07:00:00Z"),
        ("2026-07-01T09:00:00", "", "Tokyo Standard Time", "2026-07-01T00:00:00Z"),
        ("2026-07-01T09:00:00", "", "", "2026-07-01T09:00:00Z"),
        ("2026-07-01T09:00:00.123", TOKYO, "", "2026-07-01T00:00:00Z"),
    ],
)
def test_a_time_is_read_in_the_right_zone(
    client: Client, start: str, zone: str, context: str, expected: str
) -> None:
    """Z or an offset wins; a bare time is in the entry's zone, the context's, or UTC."""
    end = start.replace("T09", "T10")
    reply = client.create(span(start, end, zone), zone=context)
    assert times_of(client, reply.text("//t:ItemId/@Id"))[0] == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "2026-12-24T00:00:00+01:00",
            "2026-12-25T00:00:00+01:00",
            ("2026-12-23T23:00:00Z", "2026-12-24T23:00:00Z"),
        ),
        (
            "2026-12-24T09:30:00+01:00",
            "2026-12-24T17:00:00+01:00",
            ("2026-12-23T23:00:00Z", "2026-12-24T23:00:00Z"),
        ),
        (
            "2026-12-24T00:00:00+01:00",
            "2026-12-24T00:00:00+01:00",
            ("2026-12-23T23:00:00Z", "2026-12-24T23:00:00Z"),
        ),
        (
            "2026-03-29T00:00:00+01:00",
            "2026-03-30T00:00:00+02:00",
            ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ),
    ],
)
def test_an_all_day_entry_is_made_of_whole_days(
    client: Client, start: str, end: str, expected: tuple[str, str]
) -> None:
    """The start moves to the midnight before, the end to the one after, in the entry's zone."""
    fields = span(start, end, f"<t:IsAllDayEvent>true</t:IsAllDayEvent>{BERLIN}")
    made = client.create(fields).text("//t:ItemId/@Id")
    assert times_of(client, made) == expected


def test_an_unknown_zone_is_refused_by_ews_but_kept_when_it_is_there(
    client: Client, anna: Mailbox
) -> None:
    """Custom names occur in real mailboxes and come back unchanged."""
    fields = span("2026-07-01T09:00:00Z", "2026-07-01T10:00:00Z", '<t:StartTimeZone Id="Mars"/>')
    assert client.create(fields).codes == ["ErrorTimeZone"]
    made = anna.add_event(
        anna.calendar, "Alt", utc(2026, 7, 1, 9), utc(2026, 7, 1, 10), zone="Customized Time Zone"
    )
    reply = client.get(made, WHEN)
    assert reply.text("//t:StartTimeZone/@Id") == "Customized Time Zone"
    back = '<t:StartTimeZone Id="Customized Time Zone"/>'
    assert client.update(item(made), setting("calendar:StartTimeZone", back)).codes == ["NoError"]
    mars = setting("calendar:StartTimeZone", '<t:StartTimeZone Id="Mars"/>')
    assert client.update(item(made), mars).codes == ["ErrorTimeZone"]


def test_the_end_is_not_before_the_start(client: Client) -> None:
    """ErrorCalendarEndDateIsEarlierThanStartDate."""
    reply = client.create(span("2026-07-01T10:00:00Z", "2026-07-01T09:00:00Z"))
    assert reply.codes == ["ErrorCalendarEndDateIsEarlierThanStartDate"]


WEEKLY = (
    "<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>{days}"
    "</t:DaysOfWeek></t:WeeklyRecurrence>{range}</t:Recurrence>"
)
COUNTED = (
    "<t:NumberedRecurrence><t:StartDate>{start}</t:StartDate><t:NumberOfOccurrences>{count}"
    "</t:NumberOfOccurrences></t:NumberedRecurrence>"
)


def weekly(days: str = "Tuesday", start: str = "2026-11-24", count: int = 5) -> str:
    """A weekly Recurrence element."""
    return WEEKLY.format(days=days, range=COUNTED.format(start=start, count=count))


def test_a_series_begins_on_its_first_real_day(client: Client) -> None:
    """A start that the pattern does not hit moves to the first day that it does."""
    fields = span("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z")
    made = client.create(fields + weekly(start="2026-11-23") + BERLIN).text("//t:ItemId/@Id")
    assert times_of(client, made)[0] == "2026-11-24T09:00:00Z"


@pytest.mark.parametrize(
    ("rule", "end", "code"),
    [
        (
            WEEKLY.format(
                days="Tuesday",
                range=(
                    "<t:EndDateRecurrence><t:StartDate>2026-11-25</t:StartDate><t:EndDate>2026-11-26"
                    "</t:EndDate></t:EndDateRecurrence>"
                ),
            ),
            "2026-11-24T10:00:00Z",
            "ErrorRecurrenceHasNoOccurrence",
        ),
        (weekly(), "2026-12-04T10:00:00Z", "ErrorOccurrenceTimeSpanTooBig"),
        (weekly(count=0), "2026-11-24T10:00:00Z", "ErrorInvalidValueForProperty"),
    ],
)
def test_a_series_that_cannot_be_is_refused(client: Client, rule: str, end: str, code: str) -> None:
    """No occurrence, occurrences longer than the time between them, numbers out of range."""
    reply = client.create(span("2026-11-24T09:00:00Z", end) + rule)
    assert reply.codes == [code]


@pytest.fixture
def series(anna: Mailbox) -> str:
    """Five Tuesdays at 10 in Berlin, across no clock change."""
    return anna.add_event(
        anna.calendar,
        "Serie",
        utc(2026, 11, 24, 9),
        utc(2026, 11, 24, 10),
        recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=5",
    )


def test_a_series_keeps_its_wall_time_over_a_clock_change(client: Client, anna: Mailbox) -> None:
    """10 o'clock in Berlin before and after the end of March."""
    made = anna.add_event(
        anna.calendar,
        "Serie",
        utc(2026, 3, 24, 9),
        utc(2026, 3, 24, 10),
        recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=2",
    )
    reply = client(
        f"<m:GetItem>{WHEN}<m:ItemIds>{occurrence(made, 1)}{occurrence(made, 2)}</m:ItemIds>"
        "</m:GetItem>"
    )
    assert reply.texts("//t:CalendarItem/t:Start") == [
        "2026-03-24T09:00:00Z",
        "2026-03-31T08:00:00Z",
    ]


@pytest.mark.parametrize(
    ("index", "code"),
    [
        (0, "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange"),
        (6, "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange"),
        (2, "ErrorCalendarOccurrenceIsDeletedFromRecurrence"),
    ],
)
def test_an_index_without_an_occurrence_is_refused(
    client: Client, anna: Mailbox, series: str, index: int, code: str
) -> None:
    """Indexes count from 1 and go on counting those taken out."""
    anna.delete_occurrence(series, 2)
    reply = client(
        f"<m:GetItem>{WHEN}<m:ItemIds>{occurrence(series, index)}</m:ItemIds></m:GetItem>"
    )
    assert reply.codes == [code]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-08T12:00:00Z", "2026-12-08T13:00:00Z"),
        ("2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z"),
        ("2026-12-07T12:00:00Z", "2026-12-08T09:30:00Z"),
        ("2027-01-20T12:00:00Z", "2027-01-20T13:00:00Z"),
    ],
)
def test_an_occurrence_stays_between_its_neighbours(
    client: Client, series: str, start: str, end: str
) -> None:
    """Not past them, not over them, not on their day."""
    reply = client.update(
        occurrence(series, 2),
        setting("calendar:Start", f"<t:Start>{start}</t:Start>"),
        setting("calendar:End", f"<t:End>{end}</t:End>"),
    )
    assert reply.codes == ["ErrorOccurrenceCrossingBoundary"]


def test_an_occurrence_may_take_a_free_day(client: Client, series: str) -> None:
    """It becomes an exception; its original start is kept."""
    reply = client.update(
        occurrence(series, 2),
        setting("calendar:Start", "<t:Start>2026-12-03T09:00:00Z</t:Start>"),
        setting("calendar:End", "<t:End>2026-12-03T10:00:00Z</t:End>"),
    )
    assert reply.codes == ["NoError"]
    held = client.get(series, WHEN)
    assert held.texts("//t:ModifiedOccurrences//t:Start") == ["2026-12-03T09:00:00Z"]
    assert held.texts("//t:OriginalStart") == ["2026-12-01T09:00:00Z"]


def test_an_occurrence_takes_no_recurrence(client: Client, series: str) -> None:
    """ErrorInvalidPropertySet."""
    reply = client.update(occurrence(series, 2), setting("calendar:Recurrence", weekly()))
    assert reply.codes == ["ErrorInvalidPropertySet"]


@pytest.fixture
def worn(anna: Mailbox, series: str) -> str:
    """The series with a changed and a deleted occurrence."""
    anna.change_occurrence(series, 2, subject="Anders")
    anna.delete_occurrence(series, date(2026, 12, 15))
    return series


def exceptions(client: Client, series: str) -> tuple[int, int]:
    """How many are changed, how many deleted."""
    reply = client.get(series, WHEN)
    return len(reply.texts("//t:Occurrence")), len(reply.texts("//t:DeletedOccurrence"))


def test_another_subject_keeps_the_exceptions(client: Client, worn: str) -> None:
    """Only the pattern and the time matter."""
    client.update(item(worn), setting("item:Subject", "<t:Subject>Neu</t:Subject>"))
    assert exceptions(client, worn) == (1, 1)


def test_the_same_pattern_keeps_the_exceptions(client: Client, worn: str) -> None:
    """Writing what is there already changes nothing; a shorter range drops what lies outside."""
    rule = weekly().replace(
        "</t:DaysOfWeek>", "</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek>"
    )
    client.update(item(worn), setting("calendar:Recurrence", rule))
    assert exceptions(client, worn) == (1, 1)
    client.update(item(worn), setting("calendar:Recurrence", rule.replace(">5<", ">3<")))
    assert exceptions(client, worn) == (1, 0)


def test_another_pattern_or_time_drops_the_exceptions(client: Client, worn: str) -> None:
    """As Exchange does."""
    client.update(
        item(worn),
        setting("calendar:Start", "<t:Start>2026-11-24T11:00:00Z</t:Start>"),
        setting("calendar:End", "<t:End>2026-11-24T12:00:00Z</t:End>"),
    )
    assert exceptions(client, worn) == (0, 0)


def test_a_calendar_view_is_bounded(client: Client, worn: str) -> None:
    """It expands series, gives no bodies, and spans two years at most."""

    def view(start: str, end: str) -> str:
        return f'<m:CalendarView StartDate="{start}" EndDate="{end}"/>'

    reply = client.find(view("2026-11-30T00:00:00Z", "2026-12-31T00:00:00Z"), shape("item:Subject"))
    assert reply.texts("//t:Subject") == ["Anders", "Serie", "Serie"]
    big = client.find(view("2026-01-01T00:00:00Z", "2028-06-01T00:00:00Z"))
    assert big.codes == ["ErrorCalendarViewRangeTooBig"]
    body = client.find(view("2026-11-30T00:00:00Z", "2026-12-31T00:00:00Z"), shape("item:Body"))
    assert body.codes == ["ErrorInvalidPropertyForOperation"]


def test_the_master_is_found_from_an_occurrence(client: Client, worn: str) -> None:
    """RecurringMasterItemId."""
    one = client.get(worn, WHEN).text("//t:Occurrence/t:ItemId/@Id")
    reply = client(
        f'<m:GetItem>{WHEN}<m:ItemIds><t:RecurringMasterItemId OccurrenceId="{one}"/></m:ItemIds>'
        "</m:GetItem>"
    )
    assert reply.text("//t:ItemId/@Id") == worn
