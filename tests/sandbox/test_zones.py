"""Windows zones and their transitions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest

from andock_sandbox import transitions, zones
from tests.sandbox.client import Client


def test_every_zone_is_one_of_the_database() -> None:
    """About 140 names, each with an IANA zone."""
    assert len(zones.IANA) > 135
    assert set(zones.IANA.values()) <= available_timezones()
    assert all(zones.find(name) is not None for name in zones.IANA)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("W. Europe Standard Time", [(3, "Sunday", -1, 2, True), (10, "Sunday", -1, 3, False)]),
        ("GMT Standard Time", [(3, "Sunday", -1, 1, True), (10, "Sunday", -1, 2, False)]),
        ("Eastern Standard Time", [(3, "Sunday", 2, 2, True), (11, "Sunday", 1, 2, False)]),
        ("AUS Eastern Standard Time", [(4, "Sunday", 1, 3, False), (10, "Sunday", 1, 2, True)]),
        ("Tokyo Standard Time", []),
        ("UTC", []),
    ],
)
def test_a_zone_changes_when_windows_says(
    name: str, expected: list[tuple[int, str, int, int, bool]]
) -> None:
    """Month, weekday, which one, hour, to summer time."""
    found = [
        (c.month, c.weekday, c.occurrence, int(c.offset / timedelta(hours=1)), c.to_summer)
        for c in transitions.changes(name)
    ]
    assert found == expected


def test_a_definition_is_given_in_full(client: Client) -> None:
    """Periods with their bias, and both transitions."""
    reply = client(
        '<m:GetServerTimeZones ReturnFullTimeZoneData="true"><m:Ids><t:Id>'
        "W. Europe Standard Time</t:Id><t:Id>Nowhere</t:Id></m:Ids></m:GetServerTimeZones>"
    )
    assert reply.texts("//t:TimeZoneDefinition/@Id") == ["W. Europe Standard Time"]
    assert reply.texts("//t:Period/@Bias") == ["-PT1H", "-PT2H"]
    assert reply.texts("//t:RecurringDayTransition/t:Month") == ["3", "10"]
    assert "Berlin" in reply.text("//t:TimeZoneDefinition/@Name")


def test_names_alone_are_short(client: Client) -> None:
    """Without the full data there are no transitions."""
    reply = client('<m:GetServerTimeZones ReturnFullTimeZoneData="false"/>')
    assert len(reply.texts("//t:TimeZoneDefinition")) == len(zones.IANA)
    assert reply.texts("//t:Period") == []


def test_an_old_name_for_utc_is_understood() -> None:
    """tzone://Microsoft/Utc."""
    assert zones.find("tzone://Microsoft/Utc") is UTC
    assert zones.find("Customized Time Zone") is None
    assert zones.standard_offset(UTC) == timedelta(0)
    assert datetime(2026, 1, 1, tzinfo=zones.find("India Standard Time")).utcoffset() == timedelta(
        hours=5, minutes=30
    )
