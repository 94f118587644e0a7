"""Each in their own zone: the same hour is told in everybody's wall time."""

from flask.testing import FlaskClient

from andock_core.calendar.entries import Entries
from andock_core.calendar.window import Window
from andock_core.clock import now
from andock_core.core import Core
from andock_core.storage import Scope
from andock_sdk import Appointment, Slot
from tests.profile.conftest import send
from tests.web.conftest import People

FORM = {
    "name": "Ben Lorenz",
    "language": "de",
    "week_start": "1",
    "work_start": "08:00",
    "work_end": "17:00",
    "scheme": "",
}


def test_a_colleague_elsewhere_sees_the_right_hours(
    anna: FlaskClient, ben: FlaskClient, core: Core, people: People
) -> None:
    """Anna's nine o'clock in Berlin is three in New York, half past one in Kolkata; an all-day
    entry stays on its day."""
    with core.storage.write(Scope(people.home, people.anna)) as session:
        entries = Entries(session, core.vault, people.home, people.anna, Window.around(now()))
        timed = Slot(
            start="2026-12-01T09:00:00",
            end="2026-12-01T10:00:00",
            start_zone="Europe/Berlin",
            end_zone="Europe/Berlin",
        )
        whole = Slot(start="2026-12-01", end="2026-12-02", all_day=True)
        for when in (timed, whole):
            item = Appointment(when=when, subject="Offer")
            entries.create(item, visibility="appointment", origin="andock")
    for zone, start in (
        ("America/New_York", "2026-12-01T03:00:00"),
        ("Asia/Kolkata", "2026-12-01T13:30:00"),
        ("Europe/Berlin", "2026-12-01T09:00:00"),
    ):
        send(ben, "/profile/", **FORM, zone=zone)
        query = f"from=2026-12-01&to=2026-12-02&people={people.anna}"
        spans = ben.get(f"/calendar/spans?{query}").get_json()["spans"]
        assert {span["start"] for span in spans} == {start, "2026-12-01"}


def test_the_week_and_the_working_hours_reach_the_calendar(anna: FlaskClient) -> None:
    """The grid begins with Sunday and shades what lies outside of the hours."""
    hours = {"week_start": "7", "work_start": "07:30", "work_end": "15:30"}
    send(anna, "/profile/", **{**FORM, **hours, "zone": "Europe/Berlin"})
    page = anna.get("/calendar/").text
    assert '"firstDay": 0' in page
    assert '"workStart": "07:30"' in page
    assert '"workEnd": "15:30"' in page
    assert page.index('value="SU"') < page.index('value="MO"')
