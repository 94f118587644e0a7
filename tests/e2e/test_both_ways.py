"""What changes on either side arrives on the other after one click on the sync icon."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from exchangelib import CalendarItem
from playwright.sync_api import expect

from tests.e2e import outlook
from tests.e2e.person import Person
from tests.support.demo import DemoRun

pytestmark = [pytest.mark.browser, pytest.mark.more]
Enter = Callable[..., Person]
ANNA = "anna@musterfirma.test"


@pytest.fixture(scope="module")
def account(demo: DemoRun) -> Iterator[Any]:
    """Anna's mailbox, seen by an independent client."""
    with outlook.mailbox(demo.ready, ANNA) as found:
        yield found


@pytest.fixture
def anna(person: Enter) -> Person:
    """Anna, signed in and connected, at her calendar."""
    someone = person(ANNA)
    someone.sign_in()
    if someone.page.locator("[data-sync]").count() == 0:
        someone.connect("Kalender", ("Familie", "Projekt Hafencity"))
        someone.go_to_calendar()
    return someone


def at(hour: int) -> datetime:
    """Today at that hour on Anna's clock."""
    return datetime.now(outlook.BERLIN).replace(hour=hour, minute=0, second=0, microsecond=0)


def named(account: Any, subject: str) -> list[Any]:
    """The mailbox's entries of that subject."""
    return list(account.calendar.filter(subject=subject))


def test_made_in_outlook_changed_and_deleted_there(anna: Person, account: Any) -> None:
    """Each step appears in Andock after one click, without a reload of the page."""
    item = CalendarItem(
        account=account,
        folder=account.calendar,
        subject="Lotsenbesprechung",
        start=at(7),
        end=at(8),
    )
    item.save(send_meeting_invitations="SendToNone")
    anna.sync_now()
    expect(anna.entry("Lotsenbesprechung")).to_be_visible()
    expect(anna.entry("Lotsenbesprechung")).to_contain_text("nur für Sie sichtbar")

    item = named(account, "Lotsenbesprechung")[0]
    item.subject = "Lotsenbesprechung verlegt"
    item.save(update_fields=["subject"], send_meeting_invitations="SendToNone")
    anna.sync_now()
    expect(anna.entry("Lotsenbesprechung verlegt")).to_be_visible()

    item.delete(send_meeting_cancellations="SendToNone")
    anna.sync_now()
    expect(anna.entry("Lotsenbesprechung verlegt")).to_have_count(0)
    assert anna.trouble == []


def test_made_in_andock_changed_and_deleted_there(anna: Person, account: Any) -> None:
    """Each step is found in the mailbox after one click."""
    anna.create("Abnahme Kaimauer", at(17), at(18), place="Pier 3")
    anna.sync_now()
    [item] = named(account, "Abnahme Kaimauer")
    assert item.location == "Pier 3"
    assert item.start == at(17)
    assert item.end == at(18)

    anna.rename("Abnahme Kaimauer", "Abnahme Kaimauer Ost")
    anna.sync_now()
    assert named(account, "Abnahme Kaimauer") == []
    [item] = named(account, "Abnahme Kaimauer Ost")
    assert item.location == "Pier 3"

    item.start, item.end = at(18), at(18) + timedelta(minutes=30)
    item.save(update_fields=["start", "end"], send_meeting_invitations="SendToNone")
    anna.sync_now()
    expect(anna.entry("Abnahme Kaimauer Ost")).to_contain_text("18:00")

    anna.delete("Abnahme Kaimauer Ost")
    anna.sync_now()
    assert named(account, "Abnahme Kaimauer Ost") == []
    assert anna.trouble == []


def test_a_run_with_nothing_new_writes_nothing(anna: Person, account: Any) -> None:
    """All ids and change keys on the other side stay what they were."""

    def state() -> set[tuple[str, str]]:
        return {(item.id, item.changekey) for item in account.calendar.all().only("subject")}

    anna.sync_now()
    before = state()
    anna.sync_now()
    assert state() == before


def test_a_converted_block_stays_the_same_item(anna: Person, account: Any) -> None:
    """Right click, look, confirm: colleagues can read it, the mailbox has no copy of it."""
    CalendarItem(
        account=account, folder=account.calendar, subject="Probefahrt", start=at(19), end=at(20)
    ).save(send_meeting_invitations="SendToNone")
    anna.sync_now()
    [before] = named(account, "Probefahrt")
    anna.convert("Probefahrt")
    expect(anna.entry("Probefahrt")).not_to_contain_text("nur für Sie sichtbar")
    anna.rename("Probefahrt", "Probefahrt Barkasse")
    anna.sync_now()
    [after] = named(account, "Probefahrt Barkasse")
    assert after.id == before.id
    assert named(account, "Probefahrt") == []
