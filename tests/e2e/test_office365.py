"""A mailbox in Microsoft 365, from the marketplace to a calendar in step, through the stand-in's
sign-in; what Microsoft refuses; both ways, without a mail that nobody asked for."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.cloud import Demo
from tests.e2e.microsoft import DE, EN, LATER, MicrosoftPerson, SignInWords
from tests.sandbox.graph_client import Graph
from tests.support.demo import DemoRun

pytestmark = [pytest.mark.browser, pytest.mark.more, pytest.mark.timeout(300)]
Enter = Callable[..., MicrosoftPerson]
ANNA, BEN, CLARA = "anna@musterfirma.test", "ben@musterfirma.test", "clara@musterfirma.test"
DORA, EMIL = "dora@nordlicht.test", "emil@nordlicht.test"
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
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
                    **LOOKS[look],
                )
            )
            someone = MicrosoftPerson(context.new_page(), demo.ready, email, said.words)
            someone.said = said
            someone.sign_in()
            return someone

        yield one


@pytest.fixture(scope="module")
def graph(cloud: Demo) -> Graph:
    """Anna's mailbox, by an independent client."""
    return cloud.graph(ANNA)


def connect(someone: MicrosoftPerson, one: str, imports: tuple[str, ...] = ()) -> None:
    """All steps, with contacts, calls, and tasks in To Do, and so with two consents."""
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
    someone.page.locator("[data-view=dayGridMonth]").click()
    expect(someone.page.locator(".cal-block").first).to_be_visible()
    assert {"block"} <= {span["kind"] for span in someone.around_today()}
    assert someone.trouble == []
