"""A mailbox in Microsoft 365, from the marketplace to a calendar in step, through the stand-in's
sign-in; what Microsoft refuses; both ways, without a mail that nobody asked for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.e2e.cloud import ZONE, Demo
from tests.e2e.microsoft import DE, EN, LATER, MicrosoftPerson, SignInWords, barrier_free
from tests.e2e.outlook import BERLIN
from tests.sandbox.graph_client import Graph, attendee
from tests.support.demo import DemoRun

pytestmark = [pytest.mark.browser, pytest.mark.more, pytest.mark.timeout(300)]
Enter = Callable[..., MicrosoftPerson]
ANNA, BEN, CLARA = "anna@musterfirma.test", "ben@musterfirma.test", "clara@musterfirma.test"
DORA, EMIL = "dora@nordlicht.test", "emil@nordlicht.test"
LOOKS: dict[str, ViewportSize] = {
    "wide": {"width": 1280, "height": 900},
    "phone": {"width": 390, "height": 844},
}


@pytest.fixture(scope="module")
def cloud(demo: DemoRun) -> Demo:
    """Microsoft's side of the demo."""
    return Demo(demo.ready)


@pytest.fixture
def enter(demo: DemoRun, browser: Browser) -> Iterator[Enter]:
    """Somebody of the demo, signed in, with a browser of their own."""
    with ExitStack() as stack:

        def one(email: str, said: SignInWords = DE, look: str = "wide") -> MicrosoftPerson:
            context = stack.enter_context(
                browser.new_context(
                    locale=said.words.locale,
                    timezone_id="Europe/Berlin",
                    ignore_https_errors=True,  # the stand-in's certificate is its own
                    color_scheme="dark" if look == "phone" else "light",
                )
            )
            someone = MicrosoftPerson(context.new_page(), demo.ready, email, said.words)
            someone.said = said
            someone.sign_in()
            someone.page.set_viewport_size(LOOKS[look])
            return someone

        yield one


@pytest.fixture(scope="module")
def graph(cloud: Demo) -> Graph:
    """Anna's mailbox, by an independent client."""
    return cloud.graph(ANNA)


def connect(someone: MicrosoftPerson, one: str, imports: tuple[str, ...] = ()) -> None:
    """All steps, with contacts, calls, and tasks in To Do, and so with two consents. The second is
    refused at first: that loses nothing."""
    assert someone.mailbox is not None
    said = someone.said
    someone.begin(someone.email)
    someone.give_password(someone.email, someone.mailbox["password"])
    someone.looked_at()
    someone.press(said.accept)
    someone.reads(said.words.works)
    for step in (said.server, someone.email):
        someone.reads(step)
    someone.looked_at()
    someone.button(said.words.go_on).click()
    choose_more(someone, one, imports)
    someone.press(said.cancel)
    someone.reads(said.declined)
    someone.reads(said.nothing_lost)
    someone.looked_at()
    for name in (said.contacts, said.tasks, said.calls):
        expect(someone.switch(name)).to_be_checked()
    someone.button(said.more).click()
    someone.press(said.accept)
    someone.reads(said.words.works)
    someone.button(said.words.go_on).click()
    expect(someone.switch(said.contacts)).to_be_checked()
    expect(someone.switch(said.tasks)).to_be_checked()
    someone.looked_at()
    someone.button(said.words.save).click()
    someone.agree()


def choose_more(someone: MicrosoftPerson, one: str, imports: tuple[str, ...] = ()) -> None:
    """Switch on what the first consent was not for; the way to Microsoft once more."""
    said = someone.said
    someone.page.get_by_role("radio", name=one, exact=True).first.check()
    for name in imports:
        someone.page.get_by_role("checkbox", name=name, exact=True).check()
    for name in (said.contacts, said.tasks, said.calls):
        someone.switch(name).check()
    someone.page.get_by_role("radio", name=LATER).check()
    someone.button(said.words.save).click()
    someone.reads(said.more_needed)
    someone.button(said.more).click()
    expect(someone.page.get_by_role("button", name=said.accept, exact=True)).to_be_visible()
    scopes = someone.page.locator("main li")
    assert scopes.count() == 4, scopes.all_inner_texts()


@pytest.mark.parametrize(
    ("email", "said", "look", "one", "imports"),
    [
        (ANNA, DE, "wide", "Kalender", ("Familie", "Projekt Hafencity")),
        (DORA, EN, "phone", "Kalender", ()),
    ],
    ids=["german", "english"],
)
def test_from_the_marketplace_to_the_calendar(
    enter: Enter, email: str, said: SignInWords, look: str, one: str, imports: tuple[str, ...]
) -> None:
    """Search, add, sign in, consent, test, choose, consent to more, agree: grey blocks, contacts.

    The calendar alone is asked for at first; the choice survives the second way to Microsoft."""
    someone = enter(email, said, look)
    connect(someone, one, imports)
    someone.button(said.words.to_calendar).click()
    someone.show_month()
    expect(someone.page.locator(".cal-block").first).to_be_visible()
    assert {"block"} <= {span["kind"] for span in someone.around_today()}
    assert someone.trouble == []


@pytest.fixture
def anna(enter: Enter) -> MicrosoftPerson:
    """Anna, connected, at her calendar."""
    someone = enter(ANNA)
    if someone.page.locator("[data-sync]").count() == 0:
        connect(someone, "Kalender", ("Familie", "Projekt Hafencity"))
        someone.go_to_calendar()
    return someone


@pytest.mark.parametrize(
    ("email", "said", "look", "borrowed"),
    [(CLARA, DE, "phone", BEN), (EMIL, EN, "wide", DORA)],
    ids=["german", "english"],
)
def test_each_refusal_says_what_happened_and_loses_nothing(
    enter: Enter, cloud: Demo, email: str, said: SignInWords, look: str, borrowed: str
) -> None:
    """No consent; an administrator has to approve, and the page notices that they did; an address
    that was used before."""
    someone = enter(email, said, look)
    came_back: list[str] = []
    someone.page.on(
        "request",
        lambda asked: came_back.append(asked.url) if "/authorized?code" in asked.url else None,
    )
    password = cloud.password(borrowed)
    domain = borrowed.partition("@")[2]

    someone.begin(borrowed)
    someone.press(said.cancel)
    someone.reads(said.declined)
    someone.reads(said.nothing_lost)
    expect(someone.page.get_by_label(said.address)).to_have_value(borrowed)
    someone.looked_at()

    cloud.do("withdraw-consent", mailbox=borrowed)
    cloud.do("require-approval", domain=domain, on="1")
    try:
        someone.go_to_microsoft()
        someone.give_password(borrowed, password)
        someone.press(said.back)
        someone.reads(said.needs_approval)
        link = someone.page.get_by_label(said.link).input_value()
        someone.looked_at()
        agrees(someone, cloud, link, borrowed, password)
        someone.reads(said.approved)
        someone.looked_at()
        someone.button(said.again).click()
        someone.reads(said.words.works)
    finally:
        cloud.do("require-approval", domain=domain, on="")
        cloud.do("withdraw-consent", mailbox=borrowed)

    someone.page.goto(came_back[-1])
    someone.reads(said.used)
    someone.looked_at()
    assert someone.trouble == []


def agrees(member: MicrosoftPerson, cloud: Demo, link: str, admin: str, password: str) -> None:
    """The company's administrator follows the link in their own browser, a stranger to Andock."""
    cloud.do("make-admin", mailbox=admin, on="1")
    browser = member.page.context.browser
    assert browser is not None
    with browser.new_context(locale=member.words.locale, ignore_https_errors=True) as context:
        page = context.new_page()
        page.goto(link)
        page.locator("input[name=username]").fill(admin)
        page.locator("input[name=password]").fill(password)
        page.get_by_role("button", name=member.said.sign_in, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(member.said.approve)
        page.get_by_role("button", name=member.said.accept, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(member.said.thanks)
        barrier_free(page)
    cloud.do("make-admin", mailbox=admin, on="")


def at(hour: int) -> datetime:
    """Today at that hour on Anna's clock."""
    return datetime.now(BERLIN).replace(hour=hour, minute=0, second=0, microsecond=0)


def moment(when: datetime) -> dict[str, str]:
    """A dateTimeTimeZone."""
    return {"dateTime": f"{when:%Y-%m-%dT%H:%M:%S}", "timeZone": ZONE}


def made(graph: Graph, subject: str, hour: int, **more: Any) -> dict[str, Any]:
    """An entry of today, put into the mailbox by the other client."""
    body = {"subject": subject, "start": moment(at(hour)), "end": moment(at(hour + 1)), **more}
    found: dict[str, Any] = graph.do("POST", "/me/events", body)
    return found


def named(graph: Graph, subject: str) -> list[dict[str, Any]]:
    """The mailbox's entries of that subject."""
    lines, _ = graph.walk("/me/events", {"Prefer": 'IdType="ImmutableId"'}, _top="200")
    return [one for one in lines if one["subject"] == subject]


def test_both_ways_and_nobody_is_mailed(anna: MicrosoftPerson, graph: Graph, cloud: Demo) -> None:
    """Made, changed and deleted on each side, seen on the other after one click on the icon; a run
    with nothing new writes nothing; a converted block stays the same item."""
    mails = cloud.mails()
    there = made(graph, "Lotsenbesprechung", 7)
    anna.sync_now()
    expect(anna.entry("Lotsenbesprechung")).to_contain_text("nur für Sie sichtbar")
    graph.do("PATCH", f"/me/events/{there['id']}", {"subject": "Lotsenbesprechung verlegt"})
    anna.sync_now()
    expect(anna.entry("Lotsenbesprechung verlegt")).to_be_visible()
    graph.do("DELETE", f"/me/events/{there['id']}")

    anna.create("Abnahme Kaimauer", at(17), at(18), place="Pier 3")
    anna.sync_now()
    expect(anna.entry("Lotsenbesprechung verlegt")).to_have_count(0)
    [item] = named(graph, "Abnahme Kaimauer")
    assert item["location"]["displayName"] == "Pier 3"
    anna.rename("Abnahme Kaimauer", "Abnahme Kaimauer Ost")
    made(graph, "Probefahrt", 19)
    anna.sync_now()
    [item] = named(graph, "Abnahme Kaimauer Ost")
    [before] = named(graph, "Probefahrt")

    graph.do("PATCH", f"/me/events/{item['id']}", {"location": {"displayName": "Pier 4"}})
    anna.convert("Probefahrt")
    anna.rename("Probefahrt", "Probefahrt Barkasse")
    anna.sync_now()
    expect(anna.entry("Abnahme Kaimauer Ost")).to_contain_text("Pier 4")
    [after] = named(graph, "Probefahrt Barkasse")
    assert after["id"] == before["id"]
    assert named(graph, "Probefahrt") == []

    anna.delete("Abnahme Kaimauer Ost")
    anna.sync_now()
    assert named(graph, "Abnahme Kaimauer Ost") == []

    state = versions(graph)
    anna.sync_now()
    assert versions(graph) == state
    assert cloud.mails() == mails
    assert anna.trouble == []


def versions(graph: Graph) -> set[tuple[str, str]]:
    """All entries of the mailbox with their versions."""
    lines, _ = graph.walk("/me/events", _top="200")
    return {(one["id"], one["changeKey"]) for one in lines}


def test_what_would_mail_people_is_held_until_it_is_decided(
    anna: MicrosoftPerson, graph: Graph, cloud: Demo
) -> None:
    """With the number of attendees. Taken back, both sides are as before; sent, exactly that one
    mail goes to each of them."""
    said, mails = anna.said, cloud.mails()
    guests = {"petra@hafenamt.test", "miriam@architekten.test"}
    made(graph, "Ortstermin Kai", 15, attendees=[attendee(one) for one in sorted(guests)])
    invited = [*mails, guests]
    assert cloud.mails() == invited
    anna.sync_now()
    anna.convert("Ortstermin Kai")
    anna.sync_now()

    for decision, subject in ((said.take_back, "Ortstermin Kai"), (said.send, "Ortstermin Pier")):
        anna.rename("Ortstermin Kai", "Ortstermin Pier")
        anna.sync_now()
        assert cloud.mails() == invited
        assert len(named(graph, "Ortstermin Kai")) == 1
        anna.main.get_by_role("link", name=said.decide).first.click()
        anna.reads(said.mails)
        anna.reads(said.people)
        anna.looked_at()
        anna.button(decision).click()
        anna.page.wait_for_url("**/connections/*")
        anna.go_to_calendar()
        expect(anna.entry(subject)).to_be_visible()
        anna.sync_now()
        assert len(named(graph, subject)) == 1
    assert cloud.mails() == [*invited, guests]

    anna.delete("Ortstermin Pier")
    anna.sync_now()
    assert len(named(graph, "Ortstermin Pier")) == 1
    assert cloud.mails() == [*invited, guests]
    anna.main.get_by_role("link", name=said.decide).first.click()
    anna.reads(said.people)
    anna.button(said.take_back).click()
    anna.go_to_calendar()
    anna.sync_now()
    expect(anna.entry("Ortstermin Pier")).to_be_visible()
    assert anna.trouble == []


def test_ended_access_is_told_once_and_reconnecting_goes_on(
    anna: MicrosoftPerson, cloud: Demo, demo: DemoRun
) -> None:
    """A banner on each page, a notice and one mail; another account is refused; then the same
    connection goes on, with nothing doubled."""
    said = anna.said
    before = anna.around_today()
    cloud.do("revoke-access", mailbox=ANNA, access="1")
    told = demo.log("worker-interactive").count("waits for its member")
    anna.page.locator("[data-sync]").click()
    anna.reads(said.ended)
    anna.page.goto(f"{anna.web_url}/tasks/")
    banner = anna.page.locator(".flashes", has_text=said.needs_you)
    expect(banner).to_have_count(1)
    expect(banner).to_contain_text(said.ended)
    anna.looked_at()
    anna.page.goto(f"{anna.web_url}/notices/")
    expect(anna.main.locator("li", has_text=said.needs_you)).to_have_count(1)
    anna.page.goto(f"{anna.web_url}/tasks/")
    banner.get_by_role("link", name=said.mend).click()
    anna.reads(said.ended)
    anna.looked_at()
    anna.main.get_by_role("link", name=said.words.reconnect).first.click()

    anna.go_to_microsoft(ANNA)
    anna.give_password(BEN, cloud.password(BEN))
    anna.press(said.accept)
    anna.reads(said.other_account)
    anna.looked_at()
    anna.go_to_microsoft(ANNA)
    anna.give_password(ANNA, cloud.password(ANNA))
    anna.reads(said.words.works)
    anna.go_to_calendar()
    expect(anna.page.locator(".flashes", has_text=said.needs_you)).to_have_count(0)
    made(cloud.graph(ANNA), "Nach der Pause", 20)  # the other client's access had ended too
    anna.sync_now()
    expect(anna.entry("Nach der Pause")).to_have_count(1)
    assert len(anna.around_today()) == len(before) + 1
    assert demo.log("worker-interactive").count("waits for its member") == told + 1
    assert anna.trouble == []
