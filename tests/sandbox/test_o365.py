"""O365, an independent client from PyPI, against the sandbox."""

import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import O365
import pytest
from O365.utils.token import MemoryTokenBackend

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import Client
from tests.sandbox.graph_client import BEN, REDIRECT, Browser, msal_client

pytestmark = pytest.mark.more

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 11, 24, 9, tzinfo=BERLIN)
SCOPES = ["User.Read", "Calendars.ReadWrite", "Contacts.ReadWrite", "Tasks.ReadWrite"]
NOVEMBER, JANUARY = datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def account(server: SandboxServer, box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Anna's account, signed in by the page. Its authority is a constant, so msal is handed in."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)

    class Protocol(O365.MSGraphProtocol):  # type: ignore[misc]
        """Graph at the sandbox's address."""

        _protocol_url = f"{server.cloud_url}/"
        _oauth_scope_prefix = ""

    app = box.directory.register("Andock", [REDIRECT])
    made = O365.Account(
        (app.client_id, next(iter(app.secrets))),
        protocol=Protocol(timezone="Europe/Berlin"),
        token_backend=MemoryTokenBackend(),
        verify_ssl=str(server.ca_file),
        requests_delay=0,
    )
    made.con._msal_client = msal_client(server, app, token_cache=made.con.token_backend)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        url, flow = made.con.get_authorization_url(SCOPES, redirect_uri=REDIRECT)
    page = Browser(server).consent(url)
    assert made.con.request_token(page.answer.headers["Location"], flow=flow)
    yield made
    made.con.session.close()


def test_an_entry_goes_and_comes(account: Any, anna: Mailbox, box: Sandbox, client: Client) -> None:
    """Made, read, changed and deleted there; in the sandbox it is the same."""
    calendar = account.schedule().get_default_calendar()
    event = calendar.new_event()
    event.subject, event.location = "Vom Paket", "Raum 1"
    event.start, event.end = NINE, NINE + timedelta(hours=1)
    event.attendees.add(BEN)
    assert event.save()
    (held,) = anna.events()
    assert (held["subject"], held["start"]) == ("Vom Paket", "2026-11-24T08:00:00Z")
    assert [mail.to for mail in box.outbox] == [(BEN,)]
    (seen,) = calendar.get_events(include_recurring=False)
    assert (seen.start, seen.location["displayName"]) == (NINE, "Raum 1")
    seen.subject = "Neu"
    assert seen.save()
    assert anna.events()[0]["subject"] == "Neu"
    assert seen.delete()
    assert anna.events() == []


def test_a_series_with_its_exceptions(account: Any, anna: Mailbox) -> None:
    """One occurrence renamed, one taken out."""
    calendar = account.schedule().get_default_calendar()
    event = calendar.new_event()
    event.subject, event.start, event.end = "Serie", NINE, NINE + timedelta(hours=1)
    event.recurrence.set_weekly(
        1,
        days_of_week=["tuesday"],
        first_day_of_week="monday",
        start=date(2026, 11, 24),
        occurrences=4,
    )
    assert event.save()
    (master,) = calendar.get_events(include_recurring=False)
    _, second, third, _ = list(master.get_occurrences(NOVEMBER, JANUARY))
    second.subject = "Anders"
    assert second.save()
    assert third.delete()
    (series,) = anna.events()
    assert list(series["exceptions"]) == ["2026-12-01T08:00:00Z"]
    assert series["deleted"] == ["2026-12-08T08:00:00Z"]
    found = calendar.get_events(start_recurring=NOVEMBER, end_recurring=JANUARY)
    assert [one.subject for one in found] == ["Serie", "Anders", "Serie"]


def test_calendars_contacts_and_tasks(account: Any, anna: Mailbox) -> None:
    """Each made there and found here."""
    schedule = account.schedule()
    assert schedule.new_calendar("Familie")
    assert sorted(one.name for one in schedule.list_calendars()) == ["Calendar", "Familie"]
    person = account.address_book().new_contact()
    person.name, person.surname, person.mobile_phone = "Ute", "Berg", "+49 151 1"
    person.emails.add("ute@kontor.test")
    assert person.save()
    (held,) = anna.address_book.all()
    assert held["props"]["PhoneNumbers"] == {"MobilePhone": "+49 151 1"}
    folder = account.tasks().get_default_folder()
    task = folder.new_task("Anrufen")
    task.due = datetime(2026, 11, 27, tzinfo=BERLIN)
    assert task.save()
    task.mark_completed()
    assert task.save()
    assert [(one.subject, one.is_completed) for one in folder.get_tasks()] == [("Anrufen", True)]


def test_pages_are_followed(account: Any, anna: Mailbox) -> None:
    """Thirty entries in batches of ten."""
    for number in range(30):
        start = NINE + timedelta(days=number)
        anna.add_event(anna.calendar, str(number), start, start + timedelta(hours=1))
    calendar = account.schedule().get_default_calendar()
    found = list(calendar.get_events(limit=None, batch=10, include_recurring=False))
    assert len({one.object_id for one in found}) == 30
