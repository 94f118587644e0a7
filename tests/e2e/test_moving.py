"""From Exchange Server to Microsoft 365 and back and there again: the same mailbox, seen first by
EWS and then by Graph. What there is is counted on both sides, before and after each step."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import outlook
from tests.e2e.cloud import Demo
from tests.e2e.mover import ENGLISH, GERMAN, Houses, Mover, MoveWords, second_tab
from tests.e2e.person import Person
from tests.support.demo import DemoRun

pytestmark = [pytest.mark.browser, pytest.mark.more, pytest.mark.timeout(400)]
Enter = Callable[..., Mover]
ANNA, BEN, DORA = "anna@musterfirma.test", "ben@musterfirma.test", "dora@nordlicht.test"
IMPORTED = ("Familie", "Projekt Hafencity")


@pytest.fixture(scope="module")
def cloud(demo: DemoRun) -> Demo:
    """The stand-in."""
    return Demo(demo.ready)


@pytest.fixture
def enter(demo: DemoRun, browser: Browser) -> Iterator[Enter]:
    """Somebody of the demo, signed in, whose mailbox is going to move."""
    with ExitStack() as stack:

        def one(email: str, words: MoveWords) -> Mover:
            context = stack.enter_context(
                browser.new_context(
                    locale=words.said.words.locale,
                    timezone_id="Europe/Berlin",
                    ignore_https_errors=True,  # the stand-in's certificate is its own
                    viewport={"width": 1280, "height": 900},
                )
            )
            said = replace(words.said.words, product=words.old)
            someone = Mover(context.new_page(), demo.ready, email, said)
            someone.said, someone.move_words = words.said, words
            someone.sign_in()
            return someone

        yield one


@pytest.fixture(scope="module")
def annas(demo: DemoRun) -> Iterator[Any]:
    """Anna's mailbox, by an independent client over EWS."""
    with outlook.mailbox(demo.ready, ANNA) as account:
        yield account


def at(hour: int) -> datetime:
    """Today at that hour on Anna's clock."""
    return datetime.now(outlook.BERLIN).replace(hour=hour, minute=0, second=0, microsecond=0)


def password_of(demo: DemoRun, email: str) -> str:
    """That mailbox's password, the same on both of its sides."""
    boxes = demo.ready["microsoft"]["mailboxes"]
    return next(str(box["password"]) for box in boxes if box["email"] == email)


def write_down(anna: Person) -> None:
    """A task and a call for tomorrow."""
    page, tomorrow = anna.page, f"{at(0) + timedelta(days=1):%Y-%m-%d}"
    page.goto(f"{anna.web_url}/tasks/")
    page.locator("main [name=title]").fill("Hafenbericht abgeben")
    page.locator("main [name=day]").fill(tomorrow)
    page.locator("main [name=title]").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Hafenbericht abgeben")
    page.goto(f"{anna.web_url}/calls/new")
    page.locator("main [name=whom]").fill("Omar Neumann")
    page.locator("main [name=day]").fill(tomorrow)
    page.locator("main [name=time]").fill("10:15")
    anna.button("Speichern").click()
    page.wait_for_url("**/calls/")


def connect_all(someone: Mover, imports: tuple[str, ...]) -> None:
    """By EWS, with everything: the calendar, imported ones, contacts, tasks and calls."""
    assert someone.mailbox is not None
    someone.add_integration(someone.words.product)
    someone.fill_access(someone.mailbox["email"], someone.mailbox["password"], someone.server)
    someone.test_access()
    someone.button(someone.words.go_on).click()
    for name in (someone.said.contacts, someone.said.tasks, someone.said.calls):
        someone.switch(name).check()
    for name in imports:
        someone.main.get_by_role("checkbox", name=re.compile(rf"^{name}\b")).check()
    someone.button(someone.words.save).click()  # its own calendar is proposed as the one
    someone.page.wait_for_url("**/preview")
    someone.agree()
    someone.number = re.findall(r"/connections/(\w+)", someone.page.url)[0]
    expect(someone.button(someone.words.to_calendar)).to_be_visible()


def named(account: Any, subject: str) -> list[Any]:
    """The mailbox's entries of that subject."""
    return list(account.calendar.filter(subject=subject))


def retitle(account: Any, subject: str, new: str) -> None:
    """Somebody changes an entry on the other side."""
    [item] = named(account, subject)
    item.subject = new
    item.save(update_fields=["subject"], send_meeting_invitations="SendToNone")


def changes_travel(anna: Mover, account: Any, here: str, there: str, word: str) -> None:
    """One entry is changed in Andock, another in the mailbox; after one click both are everywhere:
    their titles end with the word."""
    anna.go_to_calendar()
    anna.rename(here, f"{here} {word}")
    retitle(account, there, f"{there} {word}")
    anna.sync_now()
    expect(anna.entry(f"{there} {word}")).to_be_visible()
    assert len(named(account, f"{here} {word}")) == 1


def test_there_and_back_and_there_again(
    demo: DemoRun, enter: Enter, cloud: Demo, annas: Any
) -> None:
    """Nothing is doubled, lost, written without need or mailed, whichever way one goes."""
    houses = Houses(cloud, demo.home, ANNA)
    anna = enter(ANNA, GERMAN)
    own, theirs = "Abnahme Kaimauer", "Lotsenbesprechung"
    cloud.do("add-entry", mailbox=ANNA, subject=theirs, start=_wall(8), end=_wall(9))
    write_down(anna)
    connect_all(anna, IMPORTED)
    anna.go_to_calendar()
    anna.create(own, at(17), at(18), place="Pier 3")
    anna.sync_now()
    anna.convert(theirs)
    anna.sync_now()
    first, old = houses.counts(), anna.number
    assert (first.tasks, first.calls, first.mails) == (1, 1, 0)
    assert first.events > 40
    assert first.contacts > 20
    meetings = [one for one in houses.mailbox()["events"] if one["props"].get("RequiredAttendees")]
    assert meetings

    # Over to Microsoft 365.
    before, lines = houses.mailbox(), houses.lines()
    anna.begin_move()
    anna.go_to_microsoft()
    anna.allow(ANNA, password_of(demo, ANNA))
    anna.looked_at()
    anna.button(anna.words.go_on).click()
    anna.looked_at()
    seen = anna.preview()
    anna.looked_at()
    anna.picture("moving-preview")
    assert seen.pop(GERMAN.both) > first.events
    assert seen == {GERMAN.different: 0, GERMAN.only_old: 0, GERMAN.only_new: 0}
    anna.switch_over()
    anna.looked_at()
    anna.sync_now()
    assert anna.number != old
    assert (houses.counts(), houses.mailbox(), houses.lines()) == (first, before, lines)

    # The journal goes along, and goes on.
    changes_travel(anna, annas, own, theirs, "bei Microsoft")
    assert houses.counts() == first
    anna.open("/journal")
    for told in (f"{own} bei Microsoft", f"{theirs} bei Microsoft", "erste Synchronisation"):
        anna.reads(told)

    # Back to Exchange: what was changed meanwhile is there, and both ways work.
    anna.open("/move")
    anna.looked_at()
    anna.take_back()
    assert anna.number == old
    anna.go_to_calendar()
    anna.sync_now()
    changes_travel(anna, annas, f"{own} bei Microsoft", f"{theirs} bei Microsoft", "und zurück")
    assert houses.counts() == first
    anna.open("/journal")
    anna.reads(f"{own} bei Microsoft und zurück")
    anna.reads("erste Synchronisation")

    # And there again: the sign-in is known still.
    before, lines = houses.mailbox(), houses.lines()
    anna.open()
    anna.button(GERMAN.go_on).click()
    seen = anna.preview()
    assert (seen[GERMAN.only_old], seen[GERMAN.only_new]) == (0, 0)
    anna.switch_over()
    anna.sync_now()
    assert (houses.counts(), houses.mailbox()) == (first, before)

    # Then the old side goes for good.
    anna.open("/move")
    anna.button(GERMAN.end).click()
    anna.reads(GERMAN.ended)
    anna.open("/move")
    expect(anna.button(GERMAN.take_back)).to_have_count(0)
    anna.page.goto(f"{anna.web_url}/connections/{old}")
    expect(anna.page.get_by_role("heading", level=1)).not_to_have_text(GERMAN.old)
    anna.go_to_calendar()
    anna.sync_now()
    assert (houses.counts(), houses.mailbox()) == (first, before)
    anna.open("/journal")
    anna.reads("erste Synchronisation")


def test_whoever_goes_wrong_is_told_and_nothing_is_switched(
    demo: DemoRun, enter: Enter, cloud: Demo
) -> None:
    """No consent; somebody else's mailbox; the old side gone in the middle of it; two tabs."""
    houses = Houses(cloud, demo.home, DORA)
    dora = enter(DORA, ENGLISH)
    connect_all(dora, ())
    dora.go_to_calendar()
    dora.sync_now()
    first = houses.counts()
    before, lines = houses.mailbox(), houses.lines()

    dora.begin_move()
    dora.go_to_microsoft()
    dora.give_password(DORA, password_of(demo, DORA))
    dora.press(dora.said.cancel)
    dora.reads(dora.said.declined)
    dora.looked_at()

    dora.go_to_microsoft(BEN)
    dora.allow(BEN, password_of(demo, BEN))
    dora.button(dora.words.go_on).click()
    dora.reads(ENGLISH.other_mailbox)
    dora.looked_at()
    seen = dora.preview()
    assert seen[ENGLISH.both] == 0
    dora.reads(ENGLISH.most_missing)
    dora.looked_at()
    dora.button(ENGLISH.switch).click()
    tick = dora.main.get_by_role("checkbox", name=re.compile(ENGLISH.right_mailbox))
    assert tick.evaluate("box => box.validity.valueMissing")
    assert (houses.counts(), houses.mailbox()) == (first, before)

    # The mailbox is not on Exchange any more: that is why people move.
    cloud.do("plan-fault", operation="SyncFolderItems", kind="503", mailbox=DORA, times="")
    dora.open("/move")
    dora.main.get_by_role("link", name=ENGLISH.access, exact=True).click()
    dora.go_to_microsoft(DORA)
    dora.allow(DORA, password_of(demo, DORA))
    dora.button(dora.words.go_on).click()
    expect(dora.main.get_by_text(ENGLISH.other_mailbox)).to_have_count(0)
    seen = dora.preview()
    assert seen[ENGLISH.both] > 0
    assert (seen[ENGLISH.only_old], seen[ENGLISH.only_new]) == (0, 0)
    dora.picture("moving-preview")
    tab = second_tab(dora)
    dora.switch_over()
    tab.get_by_role("button", name=ENGLISH.switch).click()
    tab.wait_for_url(f"**/connections/{dora.number}")
    dora.go_to_calendar()
    dora.sync_now()
    assert (houses.counts(), houses.mailbox(), houses.lines()) == (first, before, lines)
    dora.open()
    dora.looked_at()


def _wall(hour: int) -> str:
    return f"{at(hour):%Y-%m-%dT%H:%M:%S}"
