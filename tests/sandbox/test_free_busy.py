"""Free/busy lookups, suggestions and automatic replies."""

from datetime import date

import pytest

from andock_sandbox import Mailbox, Sandbox
from tests.sandbox.client import Client, Reply
from tests.sandbox.exchange_client import utc

# Berlin, as GetUserAvailability spells it.
ZONE = (
    "<t:TimeZone><t:Bias>-60</t:Bias><t:StandardTime><t:Bias>0</t:Bias><t:Time>03:00:00</t:Time>"
    "<t:DayOrder>5</t:DayOrder><t:Month>10</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>"
    "</t:StandardTime><t:DaylightTime><t:Bias>-60</t:Bias><t:Time>02:00:00</t:Time>"
    "<t:DayOrder>5</t:DayOrder><t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>"
    "</t:DaylightTime></t:TimeZone>"
)


def ask(
    client: Client,
    *people: str,
    view: str = "DetailedMerged",
    start: str = "2026-11-24T08:00:00",
    end: str = "2026-11-24T12:00:00",
    interval: int = 60,
) -> Reply:
    """GetUserAvailability in Berlin's time."""
    return client(
        f"<m:GetUserAvailabilityRequest>{ZONE}{_people(people)}<t:FreeBusyViewOptions>"
        f"<t:TimeWindow><t:StartTime>{start}</t:StartTime><t:EndTime>{end}</t:EndTime>"
        f"</t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>{interval}"
        f"</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>{view}</t:RequestedView>"
        "</t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>"
    )


def _people(addresses: tuple[str, ...]) -> str:
    return (
        "<m:MailboxDataArray>"
        + "".join(
            f"<t:MailboxData><t:Email><t:Address>{address}</t:Address></t:Email>"
            "<t:AttendeeType>Required</t:AttendeeType></t:MailboxData>"
            for address in addresses
        )
        + "</m:MailboxDataArray>"
    )


def test_the_owner_sees_everything_in_the_requests_zone(client: Client, anna: Mailbox) -> None:
    """Times by the wall clock, a digit per interval, details, working hours."""
    anna.add_event(
        anna.calendar,
        "Jour fixe",
        utc(2026, 11, 17, 8),
        utc(2026, 11, 17, 9, 30),
        recurrence="FREQ=WEEKLY;BYDAY=TU;COUNT=3",
        location="Raum 1",
    )
    anna.add_event(
        anna.calendar, "Arzt", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10), busy="OOF",
        sensitivity="Private",
    )  # fmt: skip
    reply = ask(client, anna.email)
    assert reply.texts("//t:FreeBusyViewType") == ["DetailedMerged"]
    assert reply.texts("//t:MergedFreeBusy") == ["0230"]
    assert reply.texts("//t:CalendarEvent/t:StartTime") == [
        "2026-11-24T09:00:00",
        "2026-11-24T10:00:00",
    ]
    assert reply.texts("//t:BusyType") == ["Busy", "OOF"]
    assert reply.texts("//t:IsRecurring") == ["true", "false"]
    assert reply.texts("//t:IsPrivate") == ["false", "true"]
    assert reply.text("//t:CalendarEventDetails/t:Location") == "Raum 1"
    assert reply.texts("//t:StartTimeInMinutes") == ["480"]
    assert reply.texts("//t:WorkingHours//t:Bias") == ["-60", "0", "-60"]


def test_an_entry_is_found_by_the_id_of_the_details(client: Client, anna: Mailbox) -> None:
    """It is the hexadecimal entry id, which ConvertId knows."""
    entry = anna.add_event(
        anna.calendar, "Termin", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)
    )  # fmt: skip
    known = ask(client, anna.email).text("//t:CalendarEventDetails/t:ID")
    reply = client(
        '<m:ConvertId DestinationFormat="EwsId"><m:SourceIds><t:AlternateId Format="HexEntryId"'
        f' Id="{known}" Mailbox="{anna.email}"/></m:SourceIds></m:ConvertId>'
    )
    assert reply.texts("//m:AlternateId/@Id") == [entry]


def test_a_colleague_sees_times_alone(client: Client, box: Sandbox) -> None:
    """Never a subject; an unknown person is an error of its own."""
    eva = box.add_mailbox("eva@musterfirma.test", "x")
    eva.add_event(eva.calendar, "Geheim", utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))
    reply = ask(client, eva.email, "nobody@musterfirma.test")
    assert reply.codes == ["NoError", "ErrorMailRecipientNotFound"]
    assert reply.texts("//t:FreeBusyViewType") == ["FreeBusyMerged", "None"]
    assert reply.texts("//t:BusyType") == ["Busy"]
    assert b"Geheim" not in reply.body


def test_only_digits_when_only_digits_are_asked_for(client: Client, anna: Mailbox) -> None:
    """MergedOnly; the stronger of two overlapping entries wins."""
    nine, ten = utc(2026, 11, 24, 9), utc(2026, 11, 24, 10)
    for busy in ("Tentative", "WorkingElsewhere", "Free"):
        anna.add_event(anna.calendar, busy, nine, ten, busy=busy)
    anna.add_event(
        anna.calendar, "Büro", utc(2026, 11, 24, 10), utc(2026, 11, 24, 11),
        busy="WorkingElsewhere",
    )  # fmt: skip
    reply = ask(client, anna.email, view="MergedOnly")
    assert reply.texts("//t:MergedFreeBusy") == ["0014"]
    assert reply.texts("//t:CalendarEventArray") == reply.texts("//t:WorkingHours") == []


@pytest.mark.parametrize(
    ("start", "shown"),
    [("2026-07-07", "2026-07-07T11:00:00"), ("2026-11-24", "2026-11-24T10:00:00")],
)
def test_summer_time_follows_the_given_changes(
    client: Client, anna: Mailbox, start: str, shown: str
) -> None:
    """Nine o'clock UTC is ten in winter and eleven in summer."""
    day = date.fromisoformat(start)
    nine = utc(day.year, day.month, day.day, 9)
    anna.add_event(anna.calendar, "Termin", nine, utc(day.year, day.month, day.day, 10))
    reply = ask(client, anna.email, start=f"{start}T00:00:00", end=f"{start}T23:00:00")
    assert reply.texts("//t:CalendarEvent/t:StartTime") == [shown]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"end": "2026-11-24T07:00:00"}, "ErrorInvalidTimeInterval"),
        ({"end": "2027-11-24T07:00:00"}, "ErrorTimeIntervalTooBig"),
        ({"interval": 4}, "ErrorInvalidMergedFreeBusyInterval"),
        ({"view": "None"}, "ErrorInvalidFreeBusyViewType"),
    ],
)
def test_what_cannot_be_looked_up_is_refused(
    client: Client, anna: Mailbox, options: dict[str, str], code: str
) -> None:
    """The whole request."""
    assert ask(client, anna.email, **options).codes == [code]  # type: ignore[arg-type]
    assert ask(client).codes == ["ErrorMailboxDataArrayEmpty"]


def test_suggestions_avoid_what_is_taken(client: Client, box: Sandbox, anna: Mailbox) -> None:
    """Within working hours; times that suit everybody first."""
    eva = box.add_mailbox("eva@musterfirma.test", "x")
    anna.add_event(anna.calendar, "Früh", utc(2026, 11, 24, 7), utc(2026, 11, 24, 11))
    eva.add_event(eva.calendar, "Spät", utc(2026, 11, 24, 12), utc(2026, 11, 24, 16))
    reply = client(
        f"<m:GetUserAvailabilityRequest>{ZONE}{_people((anna.email, eva.email))}"
        "<t:SuggestionsViewOptions><t:MeetingDurationInMinutes>60</t:MeetingDurationInMinutes>"
        "<t:MinimumSuggestionQuality>Poor</t:MinimumSuggestionQuality><t:DetailedSuggestionsWindow>"
        "<t:StartTime>2026-11-24T00:00:00</t:StartTime><t:EndTime>2026-11-25T00:00:00</t:EndTime>"
        "</t:DetailedSuggestionsWindow></t:SuggestionsViewOptions></m:GetUserAvailabilityRequest>"
    )
    assert reply.texts("//t:DayQuality") == ["Excellent"]
    times = reply.texts("//t:MeetingTime")
    assert times[0] == "2026-11-24T12:00:00"
    assert reply.texts("//t:SuggestionQuality")[:2] == ["Excellent", "Poor"]
    assert min(times) == "2026-11-24T08:00:00"
    assert max(times) <= "2026-11-24T16:00:00"


def oof(state: str, start: str = "2026-12-24T00:00:00Z", end: str = "2027-01-02T00:00:00Z") -> str:
    """A SetUserOofSettings request for Anna."""
    return (
        "<m:SetUserOofSettingsRequest><t:Mailbox><t:Address>anna@musterfirma.test</t:Address>"
        f"</t:Mailbox><t:UserOofSettings><t:OofState>{state}</t:OofState>"
        "<t:ExternalAudience>Known</t:ExternalAudience><t:Duration>"
        f"<t:StartTime>{start}</t:StartTime><t:EndTime>{end}</t:EndTime></t:Duration>"
        '<t:InternalReply xml:lang="de-DE"><t:Message>Bin weg</t:Message></t:InternalReply>'
        "</t:UserOofSettings></m:SetUserOofSettingsRequest>"
    )


def get_oof(client: Client, address: str = "anna@musterfirma.test") -> Reply:
    """GetUserOofSettings."""
    return client(
        f"<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>{address}</t:Address></t:Mailbox>"
        "</m:GetUserOofSettingsRequest>"
    )


def test_automatic_replies_are_planned_and_read_again(client: Client) -> None:
    """Off at first; kept with their time; a plan that ends before it begins is refused."""
    assert get_oof(client).texts("//t:OofState") == ["Disabled"]
    assert client(oof("Scheduled")).codes == ["NoError"]
    held = get_oof(client)
    assert held.texts("//t:OofState | //t:ExternalAudience") == ["Scheduled", "Known"]
    assert held.texts("//t:Duration/*") == ["2026-12-24T00:00:00Z", "2027-01-02T00:00:00Z"]
    assert held.texts("//t:InternalReply/t:Message") == ["Bin weg"]
    wrong = client(oof("Scheduled", end="2026-12-01T00:00:00Z"))
    assert wrong.codes == ["ErrorInvalidScheduledOofDuration"]
    assert get_oof(client).texts("//t:Duration/t:EndTime") == ["2027-01-02T00:00:00Z"]


def test_nobody_reads_the_replies_of_others(client: Client, box: Sandbox) -> None:
    """ErrorAccessDenied; and an unknown mailbox is one."""
    box.add_mailbox("eva@musterfirma.test", "x")
    assert get_oof(client, "eva@musterfirma.test").codes == ["ErrorAccessDenied"]
    assert get_oof(client, "nobody@musterfirma.test").codes == ["ErrorNonExistentMailbox"]
